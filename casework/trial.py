"""Plays scenarios each in a fresh copy of the demo world, and sees which flows they take."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

from sqlalchemy import event, select
from sqlalchemy.orm import ORMExecuteState, Session, sessionmaker

import casework.tables  # noqa: F401  registers the tables
from casework.database import open_engine, session_factory
from casework.demo.world import WORLDS, World, create_worlds, find_world
from casework.hands import hands
from casework.keyring import check_keys
from casework.platform import open_platform
from casework.player import Player
from casework.scenarios import Scenario
from casework.settings import Settings
from casework.setup import load_packs
from casework.stage import Played
from processes.mirror import HISTORY
from processes.tables import Base, ProcessVersion

BEGIN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)  # a Monday morning


@dataclass(frozen=True)
class Flow:
    """A sequence flow of a model."""

    model: str
    id: str


class Trials:
    """A world made once; every trial plays in a copy of it and throws the copy away."""

    def __init__(self, folder: Path, pack: Path | None = None) -> None:
        """Make the world in the folder: tables, places, staff, and the pack, or our own ones."""
        self._folder = folder
        self._template = folder / "world.db"
        self.platform = open_platform(Settings.from_environment({}, folder))
        engine = open_engine(f"sqlite:///{self._template}")
        Base.metadata.create_all(engine)
        sessions = session_factory(engine)
        with hands(self.platform, sessions).writing() as session:
            check_keys(session, self.platform.keyring)
            create_worlds(self.platform, session)
            self.problems = load_packs(self.platform, session, pack)
        engine.dispose()

    @contextmanager
    def world(
        self, url: str | None = None, name: str = "france"
    ) -> Iterator[tuple[sessionmaker[Session], World]]:
        """A fresh copy of the worlds, and the one that is named."""
        copied = self._folder / "trial.db"
        shutil.copyfile(self._template, copied)
        engine = open_engine(url or f"sqlite:///{copied}")
        sessions = session_factory(engine)
        try:
            with sessions() as session:
                world = find_world(session, WORLDS[name])
            yield sessions, world
        finally:
            engine.dispose()
            for left in self._folder.glob("trial.db*"):
                left.unlink()

    def play(self, scenario: Scenario) -> tuple[Played, set[Flow]]:
        """Play a scenario; gives where it ended and the flows it took."""
        with self.world(name=scenario.world) as (sessions, world), watched(sessions) as taken:
            played = Player(self.platform, sessions, world, BEGIN).play(scenario)
        return played, taken

    def all_flows(self) -> dict[Flow, str]:
        """Every flow of every deployed model, with its name."""
        with self.world() as (sessions, _), sessions() as session:
            flows: dict[Flow, str] = {}
            for version_id in session.scalars(select(ProcessVersion.id)):
                for flow in self.platform.models.model(session, version_id).flows.values():
                    flows[Flow(flow.process, flow.id)] = flow.name or ""
            return flows


@contextmanager
def watched(sessions: sessionmaker[Session]) -> Iterator[set[Flow]]:
    """See the flows taken as they are written, since a discarded case keeps no history."""
    taken: set[Flow] = set()

    def see(state: ORMExecuteState) -> None:
        if state.is_insert and getattr(state.statement, "table", None) is HISTORY:
            rows = cast("list[dict[str, Any]]", state.parameters)
            taken.update(Flow(r["model"], r["element_id"]) for r in rows if r["kind"] == "taken")

    event.listen(sessions, "do_orm_execute", see)
    yield taken


@contextmanager
def trials(pack: Path | None = None) -> Iterator[Trials]:
    """Trials of a pack, or of our own ones, in a folder that is thrown away."""
    with TemporaryDirectory(prefix="samverkan-trial-") as folder:
        yield Trials(Path(folder), pack)


def not_taken(flows: Iterable[Flow], taken: set[Flow]) -> dict[str, list[str]]:
    """The flows no scenario took, by model."""
    left: dict[str, list[str]] = {}
    for flow in flows:
        if flow not in taken:
            left.setdefault(flow.model, []).append(flow.id)
    return {model: sorted(ids) for model, ids in sorted(left.items())}
