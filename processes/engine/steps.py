"""The shapes a token passes or stops at: flows, starts, ends, user, service and decision tasks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from processes.engine.kernel import BpmnProcessSpec, BpmnSpecMixin, TaskState
from processes.engine.model import Element, EngineFault, Flow
from processes.engine.tokens import Instance, Scope, Token
from processes.engine.values import ThrownMessage
from processes.engine.variables import visible, write

if TYPE_CHECKING:
    from processes.engine.decisions import KnownDecision


class Observed:
    """What all our shapes have in common: no guesses about the future, and a trace on the diagram.

    The kernel predicts the whole way ahead; here the next tokens come into being when a token
    moves on, so that the cost of a step does not grow with the model.
    """

    element: Element
    manual: bool
    name: str
    spreads = True
    """Whether every way out is taken when the shape is done."""
    outputs: list[Any]

    def test(self) -> None:
        """Nothing: what would be found here was refused when the model was compiled."""

    def _predict(
        self, my_task: Any, seen: Any = None, looked_ahead: int = 0, mask: int = 0
    ) -> None:
        del my_task, seen, looked_ahead, mask

    def _update_hook(self, my_task: Any) -> bool | None:
        del my_task
        return True

    def _run_hook(self, my_task: Any) -> bool | None:
        del my_task
        return True

    def _on_complete_hook(self, my_task: Any) -> None:
        token: Token = my_task
        above = token.parent
        if above is not None:
            above.task_spec.child_done(above, token)
        if self.spreads:
            token._sync_children(self.outputs, TaskState.FUTURE)

    def child_done(self, token: Token, child: Token) -> None:
        """Called when a token that came out of this one is done."""

    def observe_entry(self, token: Token) -> None:
        """A token has come to this shape."""
        _instance(token).note("entered", self.element.id, self.element.process)

    def observe_completion(self, token: Token) -> None:
        """A token leaves this shape."""
        _instance(token).note("completed", self.element.id, self.element.process)

    def observe_cancel(self, token: Token) -> None:
        """A token was taken from this shape."""
        _instance(token).note("cancelled", self.element.id, self.element.process)


def _instance(token: Token) -> Instance:
    instance: Instance = token.workflow.top_workflow
    return instance


def give_id(token: Token) -> None:
    """Give a token the id under which the platform will come back to it."""
    token.internal_data["id"] = str(_instance(token).new_id())


class Step(Observed, BpmnSpecMixin):
    """An element that one token passes at a time."""

    def __init__(self, way: BpmnProcessSpec, element: Element, name: str | None = None) -> None:
        super().__init__(way, name or element.id)
        self.bpmn_id = element.id
        self.element = element


class Root(Observed, BpmnSpecMixin):
    """Where the tokens of a scope hang; stands on no diagram."""

    def __init__(self, way: BpmnProcessSpec) -> None:
        super().__init__(way, "+root")
        self.bpmn_id = None


class Arrow(Observed, BpmnSpecMixin):
    """A sequence flow: a shape of its own, so that joins and the trace know every arrow apart."""

    def __init__(self, way: BpmnProcessSpec, flow: Flow) -> None:
        super().__init__(way, flow.id)
        self.bpmn_id = flow.id
        self.flow = flow

    def _update(self, my_task: Any) -> None:
        my_task.complete()

    def observe_completion(self, token: Token) -> None:
        """A flow was taken."""
        _instance(token).note("taken", self.flow.id, self.flow.process)


class Start(Step):
    """A start event; only the one that is named is ever entered."""


class UserStep(Step):
    """Waits for a person."""

    def __init__(self, way: BpmnProcessSpec, element: Element, name: str | None = None) -> None:
        super().__init__(way, element, name)
        self.manual = True

    def _update_hook(self, my_task: Any) -> bool | None:
        give_id(my_task)
        return True


class ServiceStep(UserStep):
    """Waits for its effect to be carried out by the platform."""


class Beforehand(ServiceStep):
    """Waits for the effect of an event before the event is come to; stands on no diagram."""

    def __init__(self, way: BpmnProcessSpec, element: Element) -> None:
        super().__init__(way, element, f"{element.id}+effect")

    def observe_entry(self, token: Token) -> None:
        """Not told: the event tells."""

    def observe_completion(self, token: Token) -> None:
        """Not told: the event tells."""

    def observe_cancel(self, token: Token) -> None:
        """Not told: the event tells."""


class DecisionStep(Step):
    """Asks a decision table; what it gives becomes variables."""

    def __init__(self, way: BpmnProcessSpec, element: Element, decision: KnownDecision) -> None:
        super().__init__(way, element)
        self.decision = decision

    def _run_hook(self, my_task: Any) -> bool | None:
        token: Token = my_task
        seen: Mapping[str, Any] = {**visible(token), "param": dict(_instance(token).parameters)}
        write(token, self.decision.decide(self.element.id, seen))
        return True


class Throw(Step):
    """Sends a message, raises an escalation, or only marks a point."""

    def _run_hook(self, my_task: Any) -> bool | None:
        token: Token = my_task
        if self.element.event == "message":
            thrown = ThrownMessage(self.element.message or "", self.element, visible(token))
            _instance(token).thrown.append(thrown)
        return True

    def _on_complete_hook(self, my_task: Any) -> None:
        token: Token = my_task
        event, code = self.element.event, self.element.code
        if event in {"error", "escalation"}:
            caught = raise_outward(token, event, code)
            if not caught and event == "error":
                raise EngineFault(
                    self.element.id, f"The error {code or 'without code'} is caught by nobody."
                )
        if token.workflow.completed:
            return
        super()._on_complete_hook(my_task)


class End(Throw):
    """An end event."""

    def _on_complete_hook(self, my_task: Any) -> None:
        token: Token = my_task
        scope = token.workflow
        if scope is scope.top_workflow:
            _instance(token).outcome = self.element.id
        if self.element.event == "terminate":
            scope.give_up()
        super()._on_complete_hook(my_task)

    def observe_completion(self, token: Token) -> None:
        """An end was reached."""
        _instance(token).note("ended", self.element.id, self.element.process)


def raise_outward(token: Token, event: str, code: str | None) -> bool:
    """Let the nearest boundary event around catch it; only on the activities it happened in.

    The kernel offers it to every boundary event of the surrounding process, also to those on
    other activities that happen to run at the same time.
    """
    scope = token.workflow
    while isinstance(scope, Scope):
        owner = scope.owner
        for catcher in _catchers(owner, event, code):
            catcher.task_spec.fire(catcher)
            return True
        scope = owner.workflow
    return False


def _catchers(owner: Token, event: str, code: str | None) -> list[Token]:
    """The boundary events of an activity that fit, the one with exactly this code first."""
    anchor = owner.parent if owner.triggered else owner
    guard = None if anchor is None else anchor.parent
    siblings = [] if guard is None else guard.children
    fitting = [
        token
        for token in siblings
        if token.state == TaskState.WAITING
        and token.task_spec.element.event == event
        and token.task_spec.element.code in {None, code}
    ]
    return sorted(fitting, key=lambda token: token.task_spec.element.code is None)
