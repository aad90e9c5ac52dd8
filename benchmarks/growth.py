"""A step with its storage at turn 1 and at turn 3,000; the stock kernel beside it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

from benchmarks.prepared import Worlds
from benchmarks.stock import Stock
from benchmarks.tables import say, show
from benchmarks.timing import PROCESSOR, ms, timed
from processes.engine import Run, compile_model

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TURNS = (1, 100, 1_000, 3_000)
STOCK_TURNS = (1, 100, 300)
TASKS = (5, 50, 500)
ROUNDS = 40
WITHIN = 1.10
KILOBYTE = {f"answer_{number:02}": "x" * 26 for number in range(25)}
"""What each step answers: about 1 KB as JSON."""

Step = Callable[[bytes], bytes]


def run(_worlds: Worlds) -> None:
    """Print the tables: a loop, a long way, and the stock kernel beside both."""
    loop, straight = _loop(), _straight(max(TASKS) + 1)
    others = _table("A loop, turn by turn", "turn", loop, TURNS, STOCK_TURNS)
    _table("A long way, step by step", "task", straight, TASKS, TASKS)
    say(
        f"Each figure is the median of {ROUNDS} steps, from stored state to stored state, in a"
        " transaction on SQLite; the places take turns, so that a busy machine is fair, and it is"
        f" processor time. Each step answers 1 KB. Ours may cost {WITHIN:.0%} of its first at most,"
        " in time and bytes. The stock kernel runs its own serializer, without any of our cures; it"
        f" does not open turn {_stalls(loop, others):,} of the loop, and says that it is done."
    )


def _table(
    title: str, word: str, raw: bytes, ours: tuple[int, ...], stocks: tuple[int, ...]
) -> dict[int, bytes]:
    """Print one table; gives the stock kernel's states by place."""
    step, stock = _engine(raw), Stock(raw)
    states = dict(_at(_begun(raw), step, ours))
    others = dict(_at(stock.start(_given()), lambda s: stock.step(s, _given()), stocks))
    times: dict[tuple[str, int], list[float]] = {}
    with TemporaryDirectory(prefix="samverkan-bench-") as folder:
        stored = _Row(Path(folder) / "row.db")
        for who, does, all_ in (("ours", step, states), ("stock", _of(stock), others)):
            for number in range(ROUNDS):
                for at in _turned(list(all_), number):
                    act = lambda does=does, state=all_[at]: stored.write(does(state))  # noqa: E731
                    times.setdefault((who, at), []).append(timed(act, PROCESSOR))
        stored.close()
    rows = []
    for who, all_ in (("ours", states), ("stock", others)):
        first = min(all_)
        for at, state in all_.items():
            took, then = median(times[who, first]), median(times[who, at])
            size = len(all_[first])
            rows.append(
                (who, f"{word} {at:,}", ms(then), f"{then / took:.2f}", f"{len(state):,}",
                 f"{len(state) / size:.2f}")
            )  # fmt: skip
    show(title, ("engine", "where", "a step", "to the first", "bytes", "to the first"), rows)
    return others


def _turned(places: list[int], number: int) -> list[int]:
    """Another one first in each round: nobody always comes after the same."""
    by = number % len(places)
    return places[by:] + places[:by]


class _Row:
    """One row that holds a state, as an instance's does."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.execute("CREATE TABLE instance (id INTEGER PRIMARY KEY, state BLOB)")
        self._db.execute("INSERT INTO instance VALUES (1, NULL)")

    def write(self, state: bytes) -> None:
        self._db.execute("BEGIN IMMEDIATE")
        self._db.execute("UPDATE instance SET state = ? WHERE id = 1", (state,))
        self._db.execute("COMMIT")

    def close(self) -> None:
        self._db.close()


def _at(state: bytes, step: Step, places: tuple[int, ...]) -> Iterator[tuple[int, bytes]]:
    """The stored states at these turns or tasks, counted from one."""
    for number in range(1, max(places) + 1):
        if number in places:
            yield number, state
        state = step(state)


def _stalls(raw: bytes, states: Mapping[int, bytes]) -> int:
    """The first turn that the stock kernel does not open."""
    stock, last = Stock(raw), max(states)
    state = states[last]
    for number in range(last + 1, last + max(TURNS)):
        try:
            state = stock.step(state, _given())
        except LookupError:
            return number - 1
    raise AssertionError("the stock kernel does not stall any more: say so in the notes")


def _given() -> Mapping[str, Any]:
    return {"again": True, **KILOBYTE}


def _of(stock: Stock) -> Step:
    return lambda state: stock.step(state, _given())


def _engine(raw: bytes) -> Step:
    model = compile_model({"p.bpmn": raw}, "p")

    def step(state: bytes) -> bytes:
        run = Run.resume(model, state, **_around())
        run.complete(run.snapshot().tasks[0].id, _given())
        return run.snapshot().state

    return step


def _begun(raw: bytes) -> bytes:
    model = compile_model({"p.bpmn": raw}, "p")
    return Run.start(model, "S", _given(), **_around()).snapshot().state


def _around() -> dict[str, Any]:
    new_id: Any = uuid4
    tomorrow = NOW + timedelta(days=1)
    return {"now": NOW, "schedule": lambda _t, _v: tomorrow, "new_id": new_id, "parameters": {}}


def _loop() -> bytes:
    return _model(
        '<startEvent id="S"/><userTask id="T"/>'
        '<exclusiveGateway id="M"/><exclusiveGateway id="G" default="out"/><endEvent id="E"/>',
        _flow("in", "S", "M") + _flow("to", "M", "T") + _flow("on", "T", "G")
        + _flow("back", "G", "M", "again") + _flow("out", "G", "E"),
    )  # fmt: skip


def _straight(tasks: int) -> bytes:
    ids = ["S", *(f"T{number}" for number in range(tasks)), "E"]
    nodes = "".join(f'<userTask id="{id_}"/>' for id_ in ids[1:-1])
    flows = "".join(_flow(f"f{i}", ids[i], ids[i + 1]) for i in range(len(ids) - 1))
    return _model(f'<startEvent id="S"/>{nodes}<endEvent id="E"/>', flows)


def _model(nodes: str, flows: str) -> bytes:
    return (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="t">'
        f'<process id="p" isExecutable="true">{nodes}{flows}</process></definitions>'
    ).encode()


def _flow(id_: str, source: str, target: str, condition: str | None = None) -> str:
    inner = (
        f'<conditionExpression xsi:type="tFormalExpression">{condition}</conditionExpression>'
        if condition
        else ""
    )
    return (
        f'<sequenceFlow id="{id_}" sourceRef="{source}" targetRef="{target}">{inner}</sequenceFlow>'
    )
