"""Tokens and the scopes they move in: the kernel's tasks, without clock or random ids."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

from processes.engine.kernel import (
    BpmnProcessSpec,
    BpmnSubWorkflow,
    BpmnWorkflow,
    PythonScriptEngine,
    Task,
    TaskState,
)
from processes.engine.model import Model
from processes.engine.values import Code, Passed, PassedKind, Schedule, ThrownMessage

LIVE = TaskState.WAITING | TaskState.READY | TaskState.STARTED


class Token(Task):
    """One token. Ids count up, so that two runs of the same steps are equal byte by byte."""

    workflow: Scope | Instance

    def __init__(
        self,
        workflow: Scope | Instance,
        task_spec: Any,
        parent: Token | None = None,
        state: int = TaskState.MAYBE,
        id: int | None = None,  # noqa: A002 - the kernel's name
    ) -> None:
        self.id = id or workflow.top_workflow.next_number()
        self.workflow = workflow
        self.task_spec = task_spec
        self._parent = None if parent is None else parent.id
        self._children = []
        self._state = state
        self.triggered = False
        self.thread_id = 0
        self.data = {}
        self.internal_data = {}
        self.last_state_change = 0.0
        workflow.tasks[self.id] = self
        if parent is not None:
            parent._children.append(self.id)

    @property
    def is_live(self) -> bool:
        """Whether the token stands somewhere: waiting, ready or started."""
        return bool(self._state & LIVE)

    def _add_child(self, task_spec: Any, state: int = TaskState.MAYBE) -> Token:
        return Token(self.workflow, task_spec, self, state)

    def _set_state(self, value: int) -> None:
        before, self._state = self._state, value
        if value == before:
            return
        if before & ~LIVE and value & LIVE:
            self.task_spec.observe_entry(self)
        elif value == TaskState.CANCELLED and before & LIVE:
            self.task_spec.observe_cancel(self)
        elif value == TaskState.COMPLETED:
            self.task_spec.observe_completion(self)
        if value == TaskState.READY and not self.task_spec.manual:
            self.workflow.top_workflow.ready.append(self)

    def cancel(self) -> None:
        """Give the token up, with everything that runs inside its activity."""
        if not self.is_live:
            return
        for child in self.children:
            child.cancel()
        part = self.workflow.top_workflow.subprocesses.pop(self.id, None)
        if part is not None:
            part.give_up()
            part.completed = True
        self._set_state(TaskState.CANCELLED)

    def consume(self) -> None:
        """Let the token end at a join that another token passes."""
        self._state = TaskState.COMPLETED

    @property
    def public_id(self) -> UUID | None:
        """The id under which the platform knows this wait."""
        known = self.internal_data.get("id")
        return None if known is None else UUID(known)


class _Moves:
    """What the scope of a process and that of a part of it have in common."""

    spec: BpmnProcessSpec
    tasks: dict[Any, Any]
    task_tree: Any
    last_task: Any

    def plant(self) -> Token:
        """Give an empty scope its root."""
        root = Token(self, self.spec.start, state=TaskState.COMPLETED)  # type: ignore[arg-type]
        self.task_tree = root
        return root

    def enter(self, name: str) -> Token:
        """Put a token on an element."""
        token: Token = self.task_tree._add_child(self.spec.task_specs[name], TaskState.FUTURE)
        token.task_spec._update(token)
        return token

    @property
    def live(self) -> list[Token]:
        """The tokens that stand somewhere, oldest first."""
        return [token for token in self.tasks.values() if token.is_live]

    def give_up(self) -> None:
        """Cancel every token."""
        for token in self.live:
            token.cancel()

    def update_waiting_tasks(self) -> None:
        """Nothing: joins look for themselves, and what waits is fired by name."""

    def _task_completed_notify(self, task: Any) -> None:
        del task
        self.last_task = None


class Scope(_Moves, BpmnSubWorkflow):
    """A called process (variables of its own) or an embedded one (those of its surroundings)."""

    completed: bool
    data: dict[str, Any]

    def __init__(
        self, spec: BpmnProcessSpec, parent_task_id: int, top_workflow: Instance, **kwargs: Any
    ) -> None:
        super().__init__(spec, parent_task_id, top_workflow, deserializing=True, **kwargs)
        self.shares_variables = False
        self.written: set[str] = set()
        """Variables set in here: only these are carried out again."""

    @property
    def owner(self) -> Token:
        """The token of the activity this runs in."""
        token: Token = self.top_workflow.get_task_from_id(self.parent_task_id)
        return token


class Instance(_Moves, BpmnWorkflow):
    """One running process instance with all its parts."""

    completed: bool
    data: dict[str, Any]

    def __init__(
        self,
        model: Model,
        engine: PythonScriptEngine,
        schedule: Schedule,
        new_id: Callable[[], UUID],
        parameters: Mapping[str, Code],
    ) -> None:
        ways = dict(model.ways)
        super().__init__(ways[model.process_id], ways, script_engine=engine, deserializing=True)
        self.model = model
        self.schedule = schedule
        self.new_id = new_id
        self.parameters = parameters
        self.ready: deque[Token] = deque()
        self.thrown: list[ThrownMessage] = []
        self.passed: list[Passed] = []
        self.outcome: str | None = None
        self.numbers = 0
        self.shares_variables = False
        self.written: set[str] = set()

    def next_number(self) -> int:
        """The number of the next token."""
        self.numbers += 1
        return self.numbers

    def open_part(self, owner: Token, name: str) -> Scope:
        """A new scope inside an activity."""
        part = Scope(self.subprocess_specs[name], owner.id, self)
        self.subprocesses[owner.id] = part
        part.plant()
        return part

    def scopes(self) -> Iterable[Scope | Instance]:
        """All scopes, the innermost first."""
        return [*sorted(self.subprocesses.values(), key=lambda part: -part.depth), self]

    def note(self, kind: PassedKind, element_id: str, process: str) -> None:
        """Remember that something happened on the diagram."""
        self.passed.append(Passed(kind, element_id, process))
