"""Worlds to measure in: the demo, and many cases more that wait at the same step."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from sqlalchemy import select

from casework.demo.play import CASES, play_demo
from casework.demo.world import find_world
from casework.player import Player
from casework.scenarios import Scenario, read_scenario
from casework.settings import Settings
from casework.setup import load_packs, prepare_installation
from processes.tables import HumanTask
from webapp.cli.opening import Opened, open_installation

FIRST_LOOK = "detection_first_look"
GRID = "blind_grids_custody"
NAMED = "rate_and_hear_name"
LEAD, COORDINATOR, RATER = "lead.north", "coordinator.north", "custody2.north"


@dataclass(frozen=True)
class Waiting:
    """What waits for an answer."""

    task_id: UUID
    case_id: UUID


class Worlds:
    """A world made once; every section works in a copy of its own."""

    def __init__(self, folder: Path, first_looks: int, grids: int) -> None:
        """Make the demo, then the cases."""
        self._folder = folder
        self._made = folder / "made"
        opened = new_world(self._made)
        _play(opened, first_looks, grids)
        opened.engine.dispose()
        self._copies = 0

    @contextmanager
    def copy(self) -> Iterator[Path]:
        """A data folder of one's own."""
        self._copies += 1
        data = self._folder / f"copy{self._copies}"
        shutil.copytree(self._made, data)
        yield data
        shutil.rmtree(data, ignore_errors=True)


@contextmanager
def worlds(first_looks: int, grids: int) -> Iterator[Worlds]:
    """Worlds in a folder that is thrown away."""
    with TemporaryDirectory(prefix="samverkan-bench-") as folder:
        yield Worlds(Path(folder), first_looks, grids)


def open_world(data: Path, url: str | None = None) -> Opened:
    """The installation in a data folder, as the command line opens it; or in a given database."""
    given = {"SAMVERKAN_DATABASE_URL": url} if url else {}
    wanted = replace(Settings.from_environment(given, data), demo=True)
    return open_installation(wanted, create=True)


def new_world(data: Path, url: str | None = None) -> Opened:
    """The demo, made and played where there was nothing."""
    opened = open_world(data, url)
    with opened.writing() as session:
        prepare_installation(opened.platform, session)
    with opened.writing() as session:
        load_packs(opened.platform, session)
    play_demo(opened.platform, opened.sessions)
    return opened


def waiting(opened: Opened, element_id: str) -> list[Waiting]:
    """Open tasks of an element, the oldest first."""
    wanted = (
        select(HumanTask.id, HumanTask.case_id)
        .where(HumanTask.element_id == element_id, HumanTask.state == "open")
        .order_by(HumanTask.created_at)
    )
    with opened.sessions() as session:
        return [Waiting(row.id, row.case_id) for row in session.execute(wanted)]


def _play(opened: Opened, first_looks: int, grids: int) -> None:
    with opened.sessions() as session:
        world = find_world(session)
    basalt = read_scenario(CASES / "basalt.toml")
    now = opened.platform.real_now() - timedelta(hours=2)
    for number in range(first_looks + grids):
        until = "start" if number < first_looks else NAMED
        Player(opened.platform, opened.sessions, world, now).play(_cut(basalt, number, until))


def _cut(scenario: Scenario, number: int, until: str) -> Scenario:
    """The scenario of another person, without waiting, up to a step."""
    steps = [step for step in scenario.steps if step.do != "wait"]
    names = [str(step.given.get("task", step.do)) for step in steps]
    person = {
        "number": f"B-{number:04}",
        "family_name": f"Measured {number}",
        "given_name": "Case",
        "born_on": date(1990, 1, 1),
        "unit": "Wing A",
    }
    return replace(scenario, person=person, steps=tuple(steps[: names.index(until) + 1]))
