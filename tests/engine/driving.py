"""Drives an instance in tests: every command resumes from stored bytes and stores again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from processes.engine import Model, Run, Snapshot, compile_model

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def ids() -> Callable[[], UUID]:
    numbers: Iterator[int] = count(1)
    return lambda: UUID(int=next(numbers))


def schedule(text: str, variables: Mapping[str, Any]) -> datetime:
    """PT5H is five hours from now; anything else is refused as the real one would."""
    if not (text.startswith("PT") and text.endswith("H")):
        raise ValueError(f"{text} is not a time")
    return NOW + timedelta(hours=int(text[2:-1]))


class Driver:
    """One instance, stored between any two commands."""

    def __init__(
        self,
        files: bytes | Mapping[str, bytes],
        top: str = "p",
        start: str = "S",
        variables: Mapping[str, Any] | None = None,
        parameters: Mapping[str, Any] | None = None,
        schedule: Callable[[str, Mapping[str, Any]], datetime] = schedule,
    ) -> None:
        bundle = {"p.bpmn": files} if isinstance(files, bytes) else files
        self.model: Model = compile_model(bundle, top)
        self.circumstances: dict[str, Any] = {
            "now": NOW,
            "schedule": schedule,
            "new_id": ids(),
            "parameters": parameters or {},
        }
        self.taken: list[str] = []
        self.kinds: list[tuple[str, str]] = []
        run = Run.start(self.model, start, variables or {}, **self.circumstances)
        self.snapshot: Snapshot = run.snapshot()
        self._note()

    def run(self) -> Run:
        return Run.resume(self.model, self.snapshot.state, **self.circumstances)

    def do(
        self, element_id: str, variables: Mapping[str, Any] | None = None, nth: int = 0
    ) -> Snapshot:
        """Complete, fire, deliver or finish whatever is open at this element."""
        run = self.run()
        snapshot, values = self.snapshot, variables or {}
        tasks = [t.id for t in snapshot.tasks if t.element.id == element_id]
        timers = [t.task_id for t in snapshot.timers if t.element.id == element_id]
        messages = [m.task_id for m in snapshot.messages if m.element.id == element_id]
        effects = [e.task_id for e in run.effects() if e.element_id == element_id]
        if tasks:
            run.complete(tasks[nth], values)
        elif timers:
            run.fire(timers[nth])
        elif messages:
            run.deliver(messages[nth], values)
        elif effects:
            run.finish_effect(effects[nth], values)
        else:
            raise AssertionError(f"nothing is open at {element_id}: {self.open}")
        self.snapshot = run.snapshot()
        self._note()
        return self.snapshot

    def carry(self, model: Model, state: bytes) -> None:
        """Go on by another version of the model, from the state made for it."""
        self.model = model
        self.snapshot = Run.resume(model, state, **self.circumstances).snapshot()

    @property
    def open(self) -> list[str]:
        """The elements at which something is open, sorted."""
        snapshot = self.snapshot
        return sorted(
            [t.element.id for t in snapshot.tasks]
            + [t.element.id for t in snapshot.timers]
            + [m.element.id for m in snapshot.messages]
            + [e.element_id for e in self.run().effects()]
        )

    @property
    def finished(self) -> bool:
        return self.snapshot.finished

    def _note(self) -> None:
        self.kinds += [(p.kind, p.element_id) for p in self.snapshot.passed]
        self.taken += [p.element_id for p in self.snapshot.passed if p.kind == "taken"]
