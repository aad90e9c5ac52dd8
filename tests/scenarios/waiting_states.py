"""Every state in which a case waits somewhere in the scenarios, each kept as a database to copy."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from casework.database import open_engine, session_factory
from casework.demo.world import WORLDS, find_world
from casework.player import Played, Player
from casework.scenarios import read_scenario
from casework.tables import Case, Draft
from casework.trial import BEGIN, Trials
from processes.tables import (
    Clock,
    HumanTask,
    Incident,
    Message,
    ProcessInstance,
    Subscription,
    Timer,
)

RUNNING = "running"


@dataclass(frozen=True)
class Waiting:
    """What a case waits for; two states that wait for the same are one."""

    state: str
    stage: str
    at_end: str | None
    tasks: tuple[str, ...]
    timers: tuple[str, ...]
    awaited: tuple[str, ...]
    kept: tuple[str, ...]


@dataclass(frozen=True)
class State:
    """A waiting state, where it was met, and the database that stands in it."""

    scenario: str
    step: int
    waiting: Waiting
    played: Played
    file: Path
    world: str = "france"

    def __str__(self) -> str:
        return f"{self.scenario}, step {self.step}: {self.waiting.tasks or self.waiting}"


def met_in(trials: Trials, paths: Iterable[Path], folder: Path) -> list[State]:
    """Play the scenarios, and keep each new waiting state after each step."""
    found: dict[Waiting, State] = {}
    for path in paths:
        scenario = read_scenario(path)
        with trials.world(name=scenario.world) as (sessions, world):
            player = Player(trials.platform, sessions, world, BEGIN)
            player.play(replace(scenario, steps=()))
            for number, step in enumerate(scenario.steps, 1):
                player.step(step)
                with sessions() as session:
                    waiting = look(session, player.played)
                    if waiting is None or waiting in found:
                        continue
                    file = _kept(session, folder / f"{len(found)}.db")
                played = replace(player.played)
                found[waiting] = State(path.stem, number, waiting, played, file, scenario.world)
    return list(found.values())


def look(session: Session, played: Played) -> Waiting | None:
    """What the case waits for now; None before there is one, and after it left nothing."""
    case = session.get(Case, played.case_id) if played.case_id else None
    if case is None:
        return None
    mine = select(ProcessInstance.id).where(ProcessInstance.case_id == case.id)
    tasks = select(HumanTask.element_id).where(
        HumanTask.case_id == case.id, HumanTask.state == "open"
    )
    timers = (
        select(Clock.element_id)
        .join(Timer, Timer.clock_id == Clock.id)
        .where(Clock.case_id == case.id, Timer.state == "pending", Timer.kind == "drawn")
    )
    awaited = select(Subscription.element_id).where(Subscription.instance_id.in_(mine))
    kept = select(Message.name).where(Message.case_id == case.id, Message.state == "kept")
    lists = [tuple(sorted(map(str, session.scalars(q)))) for q in (tasks, timers, awaited, kept)]
    return Waiting(case.state, case.stage, case.at_end, *lists)


def _kept(session: Session, file: Path) -> Path:
    source = session.connection().connection.driver_connection
    assert isinstance(source, sqlite3.Connection)
    with sqlite3.connect(file) as target:
        source.backup(target)
    target.close()
    return file


@contextmanager
def again(
    trials: Trials, state: State, folder: Path
) -> Iterator[tuple[Player, sessionmaker[Session]]]:
    """A player in a copy of the state, and sessions to look into it."""
    copied = folder / "copy.db"
    copied.write_bytes(state.file.read_bytes())
    engine = open_engine(f"sqlite:///{copied}")
    sessions = session_factory(engine)
    with sessions() as session:
        world = find_world(session, WORLDS[state.world])
    player = Player(trials.platform, sessions, world, state.played.now)
    player.played = replace(state.played)
    try:
        yield player, sessions
    finally:
        engine.dispose()
        for left in folder.glob("copy.db*"):
            left.unlink()


def running(session: Session, played: Played) -> list[ProcessInstance]:
    """The instances of the case that run."""
    wanted = select(ProcessInstance).where(
        ProcessInstance.case_id == played.case_id, ProcessInstance.state == RUNNING
    )
    return list(session.scalars(wanted))


def left_of(session: Session, instances: list[ProcessInstance]) -> dict[str, int]:
    """What of ended instances still stands: there must be nothing."""
    ids = [instance.id for instance in instances]
    wanted = {
        "tasks": select(HumanTask).where(HumanTask.instance_id.in_(ids), HumanTask.state == "open"),
        "clocks": select(Clock).where(Clock.instance_id.in_(ids), Clock.state == RUNNING),
        "timers": select(Timer).where(Timer.instance_id.in_(ids), Timer.state == "pending"),
        "subscriptions": select(Subscription).where(Subscription.instance_id.in_(ids)),
        "drafts": select(Draft)
        .join(HumanTask, HumanTask.id == Draft.task_id)
        .where(HumanTask.instance_id.in_(ids)),
        "incidents": select(Incident).where(Incident.state == "open"),
    }
    found = {name: len(session.scalars(query).all()) for name, query in wanted.items()}
    return {name: number for name, number in found.items() if number}
