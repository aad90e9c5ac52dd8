"""One run of an instance: load, make a step, look, store. Nothing here reads a clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from processes.engine.gateways import SomeOf, is_held
from processes.engine.kernel import PythonScriptEngine, SpiffWorkflowException, TaskState
from processes.engine.model import EngineFault, Model
from processes.engine.script import FeelEngine
from processes.engine.steps import ServiceStep, UserStep
from processes.engine.storage import freeze, prune, thaw
from processes.engine.tokens import Instance, Scope, Token
from processes.engine.values import (
    Code,
    EffectRequest,
    OpenTask,
    Schedule,
    Snapshot,
    WaitingMessage,
    WaitingTimer,
)
from processes.engine.variables import check_value, visible, write
from processes.engine.waits import is_waiting

MOST_STEPS = 2000
"""Automatic steps in one command; more is a circle in the model."""

_UNFORESEEN = (SpiffWorkflowException, LookupError, TypeError, AttributeError, ValueError)


class Run:
    """A process instance for the length of one command.

    After a fault the run is of no use any more and says so: throw it away, the stored state stands.
    """

    def __init__(
        self,
        model: Model,
        *,
        now: datetime,
        schedule: Schedule,
        new_id: Callable[[], UUID],
        parameters: Mapping[str, Code],
    ) -> None:
        if now.tzinfo is None:
            raise ValueError("now must be an aware instant")
        engine: PythonScriptEngine = FeelEngine()
        self.now = now
        self._instance = Instance(model, engine, schedule, new_id, parameters)
        self._broken = False
        self._steps = 0

    @classmethod
    def start(
        cls,
        model: Model,
        start_id: str,
        variables: Mapping[str, Code],
        *,
        now: datetime,
        schedule: Schedule,
        new_id: Callable[[], UUID],
        parameters: Mapping[str, Code],
    ) -> Self:
        """A new instance; of the start events of the model only the named one fires."""
        run = cls(model, now=now, schedule=schedule, new_id=new_id, parameters=parameters)
        if start_id not in {element.id for element in model.starts}:
            raise EngineFault(start_id, f"{model.process_id} has no start event {start_id}.")
        instance = run._instance
        with run._step():
            instance.plant()
            for name, value in variables.items():
                instance.data[name] = check_value(start_id, name, value)
            instance.enter(start_id)
        return run

    @classmethod
    def resume(
        cls,
        model: Model,
        state: bytes,
        *,
        now: datetime,
        schedule: Schedule,
        new_id: Callable[[], UUID],
        parameters: Mapping[str, Code],
    ) -> Self:
        """An instance from its stored state."""
        run = cls(model, now=now, schedule=schedule, new_id=new_id, parameters=parameters)
        thaw(run._instance, state)
        return run

    def complete(self, task_id: UUID, variables: Mapping[str, Code]) -> None:
        """A person has done the task; EngineFault if it is not open."""
        token = self._find(task_id, self._people())
        with self._step():
            write(token, variables)
            token.run()

    def fire(self, task_id: UUID) -> None:
        """A drawn timer has come due; when that is, is the platform's to know."""
        self._fire(task_id, "timer", {})

    def deliver(self, task_id: UUID, payload: Mapping[str, Code]) -> None:
        """A message has come to where it is waited for."""
        self._fire(task_id, "message", payload)

    def cancel(self) -> None:
        """Ended from outside: whatever stands anywhere is given up, and no end is reached."""
        self._refuse_broken()
        self._instance.give_up()
        self._instance.completed = True

    def effects(self) -> tuple[EffectRequest, ...]:
        """The service tasks whose effects are to be carried out now, oldest first."""
        return tuple(
            EffectRequest(
                _id(token),
                token.task_spec.element.id,
                token.task_spec.element.effect or "",
                visible(token),
            )
            for token in self._services()
        )

    def finish_effect(self, task_id: UUID, variables: Mapping[str, Code]) -> None:
        """The effect is done; these are the variables it sets."""
        token = self._find(task_id, self._services())
        with self._step():
            self._count(token)
            write(token, variables)
            token.run()

    def snapshot(self) -> Snapshot:
        """Everything there is to know now, and the state to be stored."""
        self._refuse_broken()
        instance = self._instance
        prune(instance)
        return Snapshot(
            state=freeze(instance),
            tasks=tuple(
                OpenTask(_id(token), token.task_spec.element, visible(token))
                for token in self._people()
            ),
            timers=tuple(
                WaitingTimer(
                    _id(token),
                    token.task_spec.element,
                    token.task_spec.element.timer or "",
                    datetime.fromisoformat(token.internal_data["due"]),
                )
                for token in self._waiting("timer")
            ),
            messages=tuple(
                WaitingMessage(
                    _id(token), token.task_spec.element, token.task_spec.element.message or ""
                )
                for token in self._waiting("message")
            ),
            thrown=tuple(instance.thrown),
            passed=tuple(instance.passed),
            finished=instance.completed,
            outcome=instance.outcome if instance.completed else None,
            variables=dict(instance.data),
        )

    def _fire(self, task_id: UUID, event: str, payload: Mapping[str, Code]) -> None:
        token = self._find(task_id, self._waiting(event))
        with self._step():
            token.task_spec.fire(token, payload)

    @contextmanager
    def _step(self) -> Iterator[None]:
        """One command: change something, then run what is automatic until all stands still."""
        self._refuse_broken()
        self._broken = True
        try:
            yield
            self._settle()
        except _UNFORESEEN as error:
            raise EngineFault(None, f"The step could not be made ({error}).") from error
        self._broken = False

    def _settle(self) -> None:
        ready = self._instance.ready
        while True:
            while ready:
                token = ready.popleft()
                if token.state == TaskState.READY and not token.workflow.completed:
                    self._count(token)
                    token.run()
            if not any(self._advance(scope) for scope in self._instance.scopes()):
                return

    def _advance(self, scope: Scope | Instance) -> bool:
        """Where a scope stands still: let a join fire, or the scope end; whether anything moved."""
        if scope.completed:
            return False
        live = scope.live
        if not live:
            self._end(scope)
            return True
        joins = {token.task_spec for token in live if is_held(token)}
        for join in sorted(joins, key=lambda spec: str(spec.name)):
            if isinstance(join, SomeOf) and join.try_to_fire(scope):
                return True
        if all(is_held(token) for token in live):
            raise EngineFault(
                live[0].task_spec.bpmn_id,
                "The ways that meet here can never all arrive: nothing is open any more.",
            )
        return False

    def _end(self, scope: Scope | Instance) -> None:
        scope.completed = True
        if isinstance(scope, Scope):
            owner = scope.owner
            owner.task_spec.leave(owner, scope)
            self._instance.subprocesses.pop(owner.id)

    def _count(self, token: Token) -> None:
        self._steps += 1
        if self._steps > MOST_STEPS:
            raise EngineFault(
                token.task_spec.bpmn_id,
                f"More than {MOST_STEPS} automatic steps in a row: the model goes round in a "
                "circle in which nobody is asked.",
            )

    def _refuse_broken(self) -> None:
        if self._broken:
            raise EngineFault(None, "This run has failed; resume it from the stored state.")

    def _find(self, task_id: UUID, among: list[Token]) -> Token:
        self._refuse_broken()
        for token in among:
            if token.public_id == task_id:
                return token
        raise EngineFault(None, f"Nothing is open here under {task_id}.")

    def _tokens(self) -> list[Token]:
        scopes = self._instance.scopes()
        return sorted((t for scope in scopes for t in scope.live), key=lambda token: int(token.id))

    def _people(self) -> list[Token]:
        return [t for t in self._tokens() if _is_open(t, UserStep) and not _is_open(t, ServiceStep)]

    def _services(self) -> list[Token]:
        return [token for token in self._tokens() if _is_open(token, ServiceStep)]

    def _waiting(self, event: str) -> list[Token]:
        return [
            token
            for token in self._tokens()
            if is_waiting(token) and token.task_spec.element.event == event
        ]


def _is_open(token: Token, kind: type[Any]) -> bool:
    return token.state == TaskState.READY and isinstance(token.task_spec, kind)


def _id(token: Token) -> UUID:
    known = token.public_id
    if known is None:
        raise EngineFault(token.task_spec.bpmn_id, "What waits here has no id.")
    return known
