"""The engine alone: no database, no page; and compiling a bundle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from benchmarks.prepared import Worlds
from benchmarks.tables import say, show
from benchmarks.timing import CELLS, business, sample
from feel import compile_expression, compile_unary_tests
from processes import packs
from processes.engine import Code, Model, Run, compile_model
from processes.versions import closure

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
RUNS = 200


def run(_worlds: Worlds) -> None:
    """Print the tables."""
    pack = packs.read_pack(packs.MODELS / "france")
    files = {
        name: raw
        for name, raw in closure(pack, "detection").items()
        if name.endswith((".bpmn", ".dmn"))
    }
    model = compile_model(files, "detection")
    parameters = {seed.name: seed.value for seed in pack.parameters}
    desk = Desk(model, parameters)
    waiting = desk.start()
    business.look()
    rows = [
        ("start an instance, to its first waiting point", *sample(desk.start, RUNS).cells()),
        ("complete a step, from stored state to stored state",
         *sample(lambda: desk.step(waiting), RUNS).cells()),
        ("compile the bundle of detection, never seen before",
         *sample(lambda: _cold(files), 12, warm=1).cells()),
        ("compile it again", *sample(lambda: compile_model(files, "detection"), RUNS).cells()),
    ]  # fmt: skip
    show("The engine alone", ("what is done", *CELLS), rows)
    say(
        f"The bundle holds {len(model.processes)} processes with {len(model.elements)} elements; "
        f"the stored state of an instance at its first look is {len(waiting):,} bytes."
    )


def _cold(files: Mapping[str, bytes]) -> None:
    """As the first time: other content by a blank line, and no expression known."""
    compile_expression.cache_clear()
    compile_unary_tests.cache_clear()
    _blank_lines.append(b"\n")
    changed = {name: raw + b"".join(_blank_lines) for name, raw in files.items()}
    compile_model(changed, "detection")


_blank_lines: list[bytes] = []


@dataclass(frozen=True)
class Desk:
    """Starts and steps instances without a database."""

    model: Model
    parameters: Mapping[str, str]

    def start(self) -> bytes:
        """Start at the observation; gives the stored state."""
        begin = next(start for start in self.model.starts if start.form == "F-OBS")
        given: dict[str, Code] = {"origin": "observation"}
        run = Run.start(self.model, begin.id, given, **self.surroundings())
        return self._settled(run)

    def step(self, state: bytes) -> bytes:
        """Complete the first look: to the next waiting point."""
        run = Run.resume(self.model, state, **self.surroundings())
        task = run.snapshot().tasks[0]
        run.complete(task.id, {"first_look": "open", "urgent": False})
        return self._settled(run)

    def _settled(self, run: Run) -> bytes:
        while waiting := run.effects():
            for request in waiting:
                run.finish_effect(request.task_id, {"duplicate": False, "adult": True})
        return run.snapshot().state

    def surroundings(self) -> dict[str, Any]:
        """What is around a step: the moment, ids, parameters."""
        new_id: Any = uuid4
        return {"now": NOW, "schedule": _in_a_day, "new_id": new_id, "parameters": self.parameters}


def _in_a_day(_text: str, _variables: Mapping[str, Code]) -> datetime:
    return NOW + timedelta(days=1)
