"""Plays the demo's cases through the use cases, so that they stand today where they are told to."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from casework.demo.world import LONG_AGO, WORLDS, World, find_world, register_person
from casework.hands import hands
from casework.platform import Platform
from casework.player import Player
from casework.scenarios import Scenario, read_scenario
from casework.tables import Case, UserAccount
from processes.tables import Agency, Installation

CASES = Path(__file__).with_name("cases")


@dataclass(frozen=True)
class Told:
    """A case of the demo: `ahead` days make it younger than the file it is like."""

    scenario: Scenario
    name: str | None
    ahead: int


def is_wanted(sessions: sessionmaker[Session]) -> bool:
    """Whether this is a demo database whose cases were not played yet."""
    with sessions() as session:
        here = session.get(Installation, 1)
        return here is not None and here.demo and here.demo_played_at is None


def play_demo(platform: Platform, sessions: sessionmaker[Session]) -> None:
    """Register the invented persons, play every case up to now, and remember that it was done."""
    with sessions() as session:
        worlds = {name: find_world(session, path) for name, path in WORLDS.items()}
    _register_persons(platform, sessions, worlds)
    now = platform.real_now()
    for told in _cases():
        play_case(platform, sessions, worlds[told.scenario.world], told, now)
    with hands(platform, sessions).writing() as session:
        here = session.get_one(Installation, 1)
        here.demo_played_at = platform.real_now()


def play_case(
    platform: Platform,
    sessions: sessionmaker[Session],
    world: World,
    told: Told,
    now: datetime,
) -> None:
    """Play one case that ends now; its steps wait until times counted back from its own today."""
    today = now + timedelta(days=told.ahead)
    player = Player(platform, sessions, world, now - LONG_AGO, today=today, latest=now)
    played = player.play(told.scenario)
    player.pass_time(now)
    player.do_what_is_due()
    if told.name and played.case_id:
        with hands(platform, sessions).writing() as session:
            case = session.get(Case, played.case_id)
            if case is not None:
                case.name = told.name


def sign_ins(sessions: sessionmaker[Session]) -> dict[str, list[tuple[str, str]]]:
    """Login and function of every invented user, by the name of their agency."""
    wanted = select(Agency.name, UserAccount.login, UserAccount.function).join(
        UserAccount, UserAccount.agency_id == Agency.id
    )
    found: dict[str, list[tuple[str, str]]] = {}
    with sessions() as session:
        for row in session.execute(wanted.order_by(Agency.name, UserAccount.service_number)):
            found.setdefault(row.name, []).append((row.login, row.function))
    return found


def _cases() -> list[Told]:
    """The storyless cases, each a named file with another person, cut short; then the named ones,
    so that a session planned in a story takes up who waits for it."""
    named = [read_scenario(path) for path in sorted(CASES.glob("*.toml")) if path.stem != "others"]
    by_name = {scenario.name: scenario for scenario in named}
    others = tomllib.loads((CASES / "others.toml").read_text("utf-8"))["case"]
    return [
        Told(_cut(by_name[other["like"]], other), None, other.get("ahead", 0)) for other in others
    ] + [Told(s, s.name.title(), 0) for s in named]


def _cut(scenario: Scenario, other: Mapping[str, Any]) -> Scenario:
    return Scenario(
        name=f"{scenario.name}-{other['person']['number']}",
        title=scenario.title,
        number=None,
        proves=(),
        person=other["person"],
        steps=scenario.steps[: other["steps"]],
        world=scenario.world,
    )


def _register_persons(
    platform: Platform, sessions: sessionmaker[Session], worlds: Mapping[str, World]
) -> None:
    """Persons without any case: whom an officer may choose when trying the form."""
    facts = tomllib.loads((CASES / "others.toml").read_text("utf-8"))
    with hands(platform, sessions).writing() as session:
        for person in facts["person"]:
            world = worlds[person.get("world", "france")]
            acting = platform.acting(session, world.agency_id, None)
            register_person(session, acting, world, person)
