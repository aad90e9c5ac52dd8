"""Two agencies of invented people in one database, each with cases, behind the real application."""

from __future__ import annotations

import fcntl
import shutil
import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from casework.database import begin_writing, open_engine, session_factory
from casework.demo import play
from casework.demo.world import WORLD, World, add_world, create_world, find_world, register_person
from casework.keyring import check_keys
from casework.platform import Platform, open_platform
from casework.scenarios import Scenario, read_scenario
from casework.settings import Settings
from casework.setup import load_packs
from casework.tables import Case, Delegation, Person, UserAccount
from processes.acting import Acting
from processes.tables import Base, HumanTask
from tests.pages import sitting
from webapp.app import create_app
from webapp.clockwork import Clockwork

SCENARIOS = Path(__file__).parents[2] / "processes" / "packs" / "france" / "scenarios"
TODAY = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)  # a Tuesday
BORN = date(1990, 5, 17)

EAST = """
[agency]
name = "Second prison service"
country = "FR"
zone = "Europe/Paris"

[[place]]
key = "ministry"
kind = "ministry"
name = "Second ministry"

[[place]]
key = "east"
kind = "prison"
name = "Second prison East"
parent = "ministry"
"""
EAST_STAFF = (
    ("custody.east", "fr.custody"),
    ("custody2.east", "fr.custody"),
    ("lead.east", "fr.unit_lead"),
    ("probation.east", "fr.spip_officer"),
    ("director.east", "fr.spip_director"),
    ("coordinator.east", "fr.mlrv"),
    ("management.east", "fr.management"),
    ("registry.east", "fr.registry"),
    ("dpo.east", "x.dpo"),
    ("oversight.east", "x.oversight"),
)
MORE_PEOPLE = (
    {"number": "N-9001", "family_name": "Juniper", "given_name": "Ira", "born_on": BORN},
    {"number": "N-9002", "family_name": "Larch", "given_name": "Dov", "born_on": BORN},
    {
        "number": "S-9003",
        "family_name": "Slate",
        "given_name": "Uma",
        "born_on": BORN,
        "establishment": "south",
    },
)


@dataclass
class WallClock:
    """Real time as the tests want it: it stands at a moment and runs on from there."""

    began: datetime = TODAY
    at: float = field(default_factory=time.monotonic)

    def __call__(self) -> datetime:
        return self.began + timedelta(seconds=time.monotonic() - self.at)

    def set(self, moment: datetime) -> None:
        self.began, self.at = moment, time.monotonic()


@dataclass
class House:
    """The running application over its own copy of the database."""

    folder: Path
    platform: Platform
    clock: WallClock
    app: Flask
    engine: Engine
    north: World
    east: World

    @property
    def sessions(self) -> Callable[[], Session]:
        return session_factory(self.engine)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with self.sessions() as session:
            yield session
            session.rollback()

    def acting(self, login: str) -> Acting:
        with self.reading() as session:
            account = session.get_one(UserAccount, self.user(login))
            return self.platform.acting(session, account.agency_id, account.id)

    def user(self, login: str) -> UUID:
        return {**self.north.users, **self.east.users}[login]

    def person(self, number: str) -> UUID:
        with self.reading() as session:
            return session.scalars(select(Person.id).where(Person.number == number)).one()

    def case(self, number: str) -> UUID:
        """The newest case about a person."""
        with self.reading() as session:
            about = select(Case.id).join(Person, Person.id == Case.person_id)
            found = session.scalars(
                about.where(Person.number == number).order_by(Case.opened_at.desc())
            )
            return next(iter(found))

    def task(self, case_id: UUID, element: str, file_id: UUID | None = None) -> UUID:
        """The open task of a case, or of the file of its session, at a step of the drawing; the
        oldest of several."""
        with self.reading() as session:
            found = session.scalars(
                select(HumanTask.id)
                .where(
                    HumanTask.case_id.in_((case_id, file_id)),
                    HumanTask.element_id == element,
                    HumanTask.state == "open",
                )
                .order_by(HumanTask.created_at)
            ).first()
        assert found, f"no task {element} is open"
        return found

    def look(self) -> None:
        """What the embedded clock does every second: deadlines, messages, seals."""
        Clockwork(self.platform, self.engine).look()


def template(folder: Path) -> Path:
    """The database of these two agencies."""
    return made_once(folder, _make)


def made_once(folder: Path, make: Callable[[Path], None]) -> Path:
    """Make a database once for all test processes, which wait for the one that makes it."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "made").exists():
            make(folder / "data")
            (folder / "made").touch()
    return folder / "data"


@contextmanager
def open_house(made: Path, folder: Path) -> Iterator[House]:
    """The application over a copy of the template."""
    with open_over(made, folder, WORLD, made / "east.toml") as house:
        yield house


@contextmanager
def open_over(made: Path, folder: Path, home: Path, other: Path) -> Iterator[House]:
    """The application over a copy of a database with two worlds, the first of them at home."""
    if not folder.exists():
        shutil.copytree(made, folder)
    clock = WallClock()
    settings = settings_of(folder)
    platform = replace(open_platform(settings), real_now=clock)
    engine = open_engine(settings.database_url)
    with session_factory(engine)() as session:
        north, east = find_world(session, home), find_world(session, other)
    app = create_app(platform, TESTING=True)
    yield House(folder, platform, clock, app, engine, north, east)
    engine.dispose()


def settings_of(folder: Path) -> Settings:
    return Settings(data=folder, database_url=f"sqlite:///{folder}/main.db", demo=True)


def _make(data: Path) -> None:
    data.mkdir()
    settings = settings_of(data)
    platform = replace(open_platform(settings), real_now=WallClock())
    engine = open_engine(settings.database_url)
    Base.metadata.create_all(engine)
    (data / "east.toml").write_text(EAST, "utf-8")
    with session_factory(engine)() as session:
        begin_writing(session)
        check_keys(session, platform.keyring)
        north = create_world(platform, session, WORLD)
        east = add_world(platform, session, {**tomllib.loads(EAST), "user": _east_staff()})
        problems = load_packs(platform, session)
        assert not [problem for problem in problems if problem.is_error], problems
        acting = platform.acting(session, north.agency_id, None)
        for person in MORE_PEOPLE:
            register_person(session, acting, north, person)
        for world, giver, to in (
            (north, "governor.north", "management.north"),
            (east, "management.east", "lead.east"),
        ):
            session.add(_delegation(platform, world, giver, to))
        session.commit()
    _play(platform, engine, north, east)
    with session_factory(engine)() as session:
        begin_writing(session)
        for world, member in ((north, "director.north"), (east, "director.east")):
            acting = platform.acting(session, world.agency_id, None)
            sitting.sessions(platform, session, acting, member)
        session.commit()
    engine.dispose()


def _east_staff() -> list[dict[str, object]]:
    def user(number: int, login: str, role: str) -> dict[str, object]:
        place = "ministry" if role.startswith("x.") else "east"
        return {
            "login": login,
            "name": f"Invented {login}",
            "function": f"Function {login}",
            "number": f"E-{number}",
            "roles": {role: place},
        }

    return [user(number, *facts) for number, facts in enumerate(EAST_STAFF, 101)]


def _delegation(platform: Platform, world: World, giver: str, to: str) -> Delegation:
    return Delegation(
        id=platform.new_id(),
        agency_id=world.agency_id,
        from_role="fr.governor",
        to_user=world.users[to],
        act="reinforced_supervision",
        establishment_id=world.places["north" if "north" in world.places else "east"],
        valid_from=TODAY.date(),
        valid_to=TODAY.date(),
        given_by=world.users[giver],
        given_at=TODAY,
    )


def _play(platform: Platform, engine: Engine, north: World, east: World) -> None:
    sessions = session_factory(engine)
    for name in ("basalt", "cobalt"):
        told = play.Told(read_scenario(play.CASES / f"{name}.toml"), name.title(), 0)
        play.play_case(platform, sessions, north, told, TODAY)
    play.play_case(
        platform, sessions, east, play.Told(_basalt_in_the_east(platform), "Elm", 0), TODAY
    )


def _basalt_in_the_east(platform: Platform) -> Scenario:
    """The same story in the other agency: two grids open, a draft, a statement."""
    moved = platform.settings.data / "basalt.toml"
    text = (play.CASES / "basalt.toml").read_text("utf-8").replace(".north", ".east")
    moved.write_text(text, "utf-8")
    person = {"number": "E-9101", "family_name": "Elm", "given_name": "Toni", "born_on": BORN}
    return replace(read_scenario(moved), person={**person, "establishment": "east"})
