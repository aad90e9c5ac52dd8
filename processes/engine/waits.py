"""Events that wait: timers with a fixed due moment, messages, boundary events, event gateways."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from processes.engine.kernel import BpmnProcessSpec, TaskState
from processes.engine.model import Element, EngineFault
from processes.engine.steps import Observed, Step, give_id
from processes.engine.tokens import LIVE, Instance, Token
from processes.engine.values import Code
from processes.engine.variables import visible, write


class Wait(Step):
    """A timer or message in the flow. It fires by its id only; the clock is the platform's."""

    def _update_hook(self, my_task: Any) -> bool | None:
        token: Token = my_task
        give_id(token)
        token._set_state(TaskState.WAITING)
        if self.element.event == "timer":
            token.internal_data["due"] = self._due(token).isoformat()
        return False

    def _due(self, token: Token) -> datetime:
        text = self.element.timer or ""
        instance: Instance = token.workflow.top_workflow
        try:
            due = instance.schedule(text, visible(token))
        except (ValueError, LookupError, TypeError, ArithmeticError) as error:
            raise EngineFault(
                self.element.id, f"The moment of “{text}” cannot be found: {error}"
            ) from error
        if due.tzinfo is None:
            raise EngineFault(self.element.id, f"The moment of “{text}” has no time zone.")
        return due.astimezone(UTC)

    def fire(self, token: Token, payload: Mapping[str, Code] | None = None) -> None:
        """It has happened: the token moves on with what the message brought."""
        write(token, payload or {})
        instance: Instance = token.workflow.top_workflow
        above = token.parent
        if above is not None and isinstance(above.task_spec, EventGateway):
            instance.note("taken", above.task_spec.arrows[self.name], self.element.process)
            for other in above.children:
                if other is not token:
                    other.cancel()
        instance.note("fired", self.element.id, self.element.process)
        token._ready()


class Boundary(Wait):
    """An event on the edge of an activity."""

    def fire(self, token: Token, payload: Mapping[str, Code] | None = None) -> None:
        """Interrupt the activity, or run beside it; a message may then come again."""
        write(token, payload or {})
        instance: Instance = token.workflow.top_workflow
        instance.note("fired", self.element.id, self.element.process)
        guard = token.parent
        if self.element.interrupting:
            token._ready()
            for other in guard.children:
                if other is not token and (
                    other.state == TaskState.WAITING or other.task_spec.name == guard.task_spec.main
                ):
                    other.cancel()
            return
        token._ready()
        if self.element.event != "timer":
            again = guard._add_child(self, TaskState.FUTURE)
            self._update(again)

    def observe_entry(self, token: Token) -> None:
        """Not told: an edge is watched as long as its activity is open."""

    def observe_cancel(self, token: Token) -> None:
        """Not told: the activity has ended, and with it the watch."""


class Guard(Step):
    """Opens an activity together with the events on its edge."""

    def __init__(self, way: BpmnProcessSpec, element: Element, main: str) -> None:
        super().__init__(way, element, f"{element.id}+guard")
        self.main = main

    def _update(self, my_task: Any) -> None:
        my_task.complete()

    def child_done(self, token: Token, child: Token) -> None:
        """When the activity is done, its edge is watched no longer."""
        if child.task_spec.name != self.main:
            return
        for other in token.children:
            if other.state == TaskState.WAITING:
                other.cancel()

    def observe_completion(self, token: Token) -> None:
        """Not told: stands on no diagram."""


class EventGateway(Step):
    """Whatever happens first decides; each event under it keeps its own moment."""

    def __init__(self, way: BpmnProcessSpec, element: Element) -> None:
        super().__init__(way, element)
        self.arrows: dict[str, str] = {}
        """By event, the flow that leads to it."""


def groups(token: Token) -> bool:
    """Whether tokens below this finished one still need to know that they belong together."""
    return isinstance(token.task_spec, (Guard, EventGateway))


def is_waiting(token: Token) -> bool:
    """Whether the token waits for a timer or a message."""
    return token.state == TaskState.WAITING and isinstance(token.task_spec, Wait)


__all__ = ["LIVE", "Boundary", "EventGateway", "Guard", "Observed", "Wait", "groups", "is_waiting"]
