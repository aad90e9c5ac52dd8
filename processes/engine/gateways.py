"""Gateways: choices by FEEL conditions, and joins that hold in loops."""

from __future__ import annotations

from typing import Any

from processes.engine.kernel import (
    BpmnProcessSpec,
    ExclusiveGateway,
    InclusiveGateway,
    ParallelGateway,
    SpiffWorkflowException,
    TaskState,
)
from processes.engine.model import Element, EngineFault
from processes.engine.steps import Observed
from processes.engine.tokens import Instance, Scope, Token


class Condition:
    """The condition of a flow: true or false, never silently false."""

    def __init__(self, text: str) -> None:
        self.text = text

    def _matches(self, token: Token) -> bool:
        value = token.workflow.top_workflow.script_engine.evaluate(token, self.text)
        if not isinstance(value, bool):
            raise EngineFault(
                token.task_spec.bpmn_id,
                f"The condition “{self.text}” must be true or false; it is "
                f"{'empty' if value is None else repr(value)}.",
            )
        return value


class Choice(Observed, ExclusiveGateway):
    """The first way whose condition holds, else the default."""

    spreads = False

    def __init__(self, way: BpmnProcessSpec, element: Element) -> None:
        super().__init__(way, element.id)
        self.element = element

    def _run_hook(self, my_task: Any) -> bool | None:
        try:
            return ExclusiveGateway._run_hook(self, my_task)
        except SpiffWorkflowException as error:
            raise _no_way(self.element) from error


class _Join(Observed):
    """Holds arriving tokens until the gateway may fire; what is left over waits on.

    Tokens are counted by arrow: an arrival of an earlier turn of a loop is never counted again.
    """

    _inputs: list[str]

    def arrivals(self, scope: Scope | Instance) -> dict[str, Token]:
        """The oldest waiting token by arrow."""
        waiting: dict[str, Token] = {}
        for token in scope.tasks.values():
            if token.task_spec is self and token.state == TaskState.WAITING:
                waiting.setdefault(token.internal_data["via"], token)
        return waiting

    def _arrive(self, token: Token) -> None:
        token.internal_data["via"] = token.parent.task_spec.name
        if len(self._inputs) > 1:
            token._state = TaskState.WAITING

    def _pass_on(self, token: Token, arrived: dict[str, Token]) -> None:
        for other in arrived.values():
            if other is not token:
                other.consume()
        self.observe_entry(token)


class Together(_Join, ParallelGateway):
    """All ways at once; where they meet again, one token of every arrow is needed."""

    def __init__(self, way: BpmnProcessSpec, element: Element) -> None:
        super().__init__(way, element.id)
        self.element = element

    def _update_hook(self, my_task: Any) -> bool | None:
        token: Token = my_task
        self._arrive(token)
        if len(self._inputs) < 2:
            return True
        arrived = self.arrivals(token.workflow)
        if len(arrived) < len(self._inputs):
            return False
        self._pass_on(token, arrived)
        return True


class SomeOf(_Join, InclusiveGateway):
    """Every way whose condition holds; where they meet, all that can still come are awaited."""

    spreads = False

    def __init__(self, way: BpmnProcessSpec, element: Element) -> None:
        super().__init__(way, element.id)
        self.element = element
        self.upstream: dict[str, frozenset[str]] = {}
        """By arrow, everything from which it can be reached without passing this gateway."""

    def _update_hook(self, my_task: Any) -> bool | None:
        self._arrive(my_task)
        return len(self._inputs) < 2

    def try_to_fire(self, scope: Scope | Instance) -> bool:
        """Fire if no token can come any more where none has come yet.

        A token that could as well reach an arrow that has one already does not block (BPMN 2.0,
        13.3.3). Asked only when everything else stands still.
        """
        arrived = self.arrivals(scope)
        if not arrived:
            return False
        empty = self._reach(name for name in self._inputs if name not in arrived)
        full = self._reach(arrived)
        standing = {token.task_spec.name for token in scope.live if token.task_spec is not self}
        if standing & (empty - full):
            return False
        token = max(arrived.values(), key=lambda arrival: int(arrival.id))
        self._pass_on(token, arrived)
        token._ready()
        return True

    def _reach(self, arrows: Any) -> frozenset[str]:
        return frozenset().union(*(self.upstream[name] for name in arrows))

    def _run_hook(self, my_task: Any) -> bool | None:
        matches, defaults = self._get_matching_outputs(my_task)
        chosen = matches or defaults
        if not chosen:
            raise _no_way(self.element)
        my_task._sync_children(chosen, TaskState.FUTURE)
        return True


def is_held(token: Token) -> bool:
    """Whether the token waits at a join."""
    return token.state == TaskState.WAITING and isinstance(token.task_spec, _Join)


def _no_way(element: Element) -> EngineFault:
    return EngineFault(
        element.id,
        f"No way leads on from “{element.name or element.id}”: no condition holds "
        "and there is no default.",
    )
