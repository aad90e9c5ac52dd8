"""Creates the invented worlds: two agencies with places and staff; persons come with scenarios."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import accounts
from casework.places import create_agency
from casework.platform import Platform
from casework.tables import Person, UserAccount
from processes.acting import Acting
from processes.tables import Establishment, Installation

WORLD = Path(__file__).with_name("world.toml")
WORLDS = {"france": WORLD, "sweden": WORLD.with_name("sweden.toml")}
"""Where a pack is shown: agencies side by side in one database."""

PASSWORD = "demo only, nothing secret"  # noqa: S105  printed at start, for invented people only
HELD_FROM = date(2020, 1, 1)
TONGUES = {"FR": "fr", "SE": "sv"}
LONG_AGO = timedelta(days=150)
"""So long before its first day, a demo's story begins."""


@dataclass(frozen=True)
class World:
    """Where things are in a world: agency, places by key, users by login."""

    agency_id: UUID
    places: Mapping[str, UUID]
    users: Mapping[str, UUID]
    home: str = "north"
    """The place of a person of whom no place is said."""
    language: str = "fr"


def create_world(platform: Platform, session: Session, path: Path = WORLD) -> World:
    """Write the world's rows into an empty database and mark it as demo for good."""
    session.add(Installation(id=1, demo=True, created_at=platform.real_now()))
    return add_world(platform, session, tomllib.loads(path.read_text("utf-8")))


def create_worlds(platform: Platform, session: Session) -> None:
    """All worlds of the demo in one empty database, each an agency of its own."""
    create_world(platform, session)
    for path in WORLDS.values():
        if path != WORLD:
            add_world(platform, session, tomllib.loads(path.read_text("utf-8")))


def add_world(platform: Platform, session: Session, facts: Mapping[str, Any]) -> World:
    """An agency with its places and users."""
    agency_id, places = create_agency(platform, session, facts)
    acting = platform.acting(session, agency_id, None)
    kept = accounts.hashed(PASSWORD)  # once: the password of all is printed for everyone
    users = {u["login"]: _user(platform, session, acting, places, kept, u) for u in facts["user"]}
    return World(agency_id, places, users, **_usual(facts))


def _usual(facts: Mapping[str, Any]) -> dict[str, str]:
    """What is said of a person of whom nothing else is: the first prison, the country's tongue."""
    home = next((place["key"] for place in facts["place"] if place["kind"] == "prison"), "north")
    return {"home": home, "language": TONGUES.get(facts["agency"]["country"], "fr")}


def find_world(session: Session, path: Path = WORLD) -> World:
    """The world as an earlier start created it."""
    facts = tomllib.loads(path.read_text("utf-8"))
    named = {place["name"]: place["key"] for place in facts["place"]}
    rows = session.execute(select(Establishment.name, Establishment.id, Establishment.agency_id))
    places, agency_id = {}, None
    for name, place_id, owner in rows:
        if name in named:
            places[named[name]], agency_id = place_id, owner
    if agency_id is None:
        raise LookupError("this database holds no demo world")
    mine = select(UserAccount.login, UserAccount.id).where(UserAccount.agency_id == agency_id)
    users = {row.login: row.id for row in session.execute(mine)}
    return World(agency_id, places, users, **_usual(facts))


def _user(
    platform: Platform,
    session: Session,
    acting: Acting,
    places: Mapping[str, UUID],
    password_hash: str,
    facts: Mapping[str, Any],
) -> UUID:
    account = accounts.create_user(
        platform,
        session,
        acting,
        login=facts["login"],
        password=PASSWORD,
        password_hash=password_hash,
        display_name=facts["name"],
        function=facts["function"],
        service_number=facts["number"],
    )
    for role, place in facts["roles"].items():
        accounts.grant_role(platform, session, acting, account.id, role, places[place], HELD_FROM)
    return account.id


def register_person(
    session: Session, acting: Acting, world: World, facts: Mapping[str, Any]
) -> Person:
    """A person of the prison's own register, as the registry would have entered him or her."""
    person = Person(
        id=acting.new_id(),
        agency_id=world.agency_id,
        number=facts["number"],
        family_name=facts["family_name"],
        given_name=facts["given_name"],
        born_on=facts["born_on"],
        establishment_id=world.places[facts.get("establishment") or world.home],
        unit=facts.get("unit", "Wing A"),
        penal_status=facts.get("penal_status", "convicted"),
        language=facts.get("language") or world.language,
        release_on=facts.get("release_on"),
    )
    session.add(person)
    session.flush()
    return person
