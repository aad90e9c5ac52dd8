"""An agency and its establishments, as a places file names them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

from sqlalchemy.orm import Session

from casework.platform import Platform
from casework.tables import Unit
from casework.units import stays
from processes.tables import Agency, Establishment

KINDS = ("ministry", "region", "prison", "probation")


class PlacesError(ValueError):
    """A places file that cannot be used; the words say what to write."""


def read_places(path: Path) -> Mapping[str, Any]:
    """Read a places file: [agency] with name, country, zone, and [[place]] rows, parents first, and
    [[unit]] rows."""
    try:
        facts = tomllib.loads(path.read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PlacesError(f"{path}: {error}") from error
    agency = facts.get("agency")
    if not isinstance(agency, dict):
        raise PlacesError(f"{path}: an [agency] with name, country and zone is missing")
    for key in ("name", "country", "zone"):
        if key not in agency:
            raise PlacesError(f'{path}: [agency] needs {key}, for example zone = "Europe/Paris"')
    if agency["zone"] not in available_timezones():
        raise PlacesError(f"{path}: there is no zone “{agency['zone']}”; write one as Europe/Paris")
    if not facts.get("place"):
        raise PlacesError(f"{path}: write at least one [[place]], such as a prison")
    known: set[str] = set()
    for place in facts.get("place", ()):
        _check_place(path, place, known)
        known.add(place["key"])
    for unit in facts.get("unit", ()):
        _check_unit(path, unit, known)
    return facts


def _check_place(path: Path, place: Mapping[str, Any], known: set[str]) -> None:
    for key in ("key", "kind", "name"):
        if key not in place:
            raise PlacesError(f"{path}: a [[place]] needs {key}")
    if place["kind"] not in KINDS:
        raise PlacesError(f"{path}: {place['key']}: kind is one of {', '.join(KINDS)}")
    if place.get("parent") and place["parent"] not in known:
        raise PlacesError(f"{path}: {place['key']}: its parent must stand above it in the file")


def _check_unit(path: Path, unit: Mapping[str, Any], known: set[str]) -> None:
    for key in ("place", "kind", "name", "capacity"):
        if key not in unit:
            raise PlacesError(f"{path}: a [[unit]] needs {key}")
    if unit["place"] not in known:
        raise PlacesError(f"{path}: unit {unit['name']}: there is no place “{unit['place']}”")
    if unit["kind"] not in stays.KINDS:
        raise PlacesError(f"{path}: unit {unit['name']}: kind is one of {', '.join(stays.KINDS)}")
    if not isinstance(unit["capacity"], int) or unit["capacity"] < 1:
        raise PlacesError(f"{path}: unit {unit['name']}: capacity is a whole number from 1")


def create_agency(
    platform: Platform, session: Session, facts: Mapping[str, Any]
) -> tuple[UUID, dict[str, UUID]]:
    """Write the agency and its places; gives the places by key."""
    named = facts["agency"]
    agency = Agency(id=platform.new_id(), name=named["name"], country=named["country"])
    session.add(agency)
    session.flush()
    places: dict[str, UUID] = {}
    for place in facts["place"]:
        places[place["key"]] = platform.new_id()
        session.add(
            Establishment(
                id=places[place["key"]],
                agency_id=agency.id,
                parent_id=places.get(place.get("parent", "")),
                kind=place["kind"],
                name=place["name"],
                zone=place.get("zone", named["zone"]),
                country=named["country"],
            )
        )
        session.flush()
    for unit in facts.get("unit", ()):
        session.add(
            Unit(
                id=platform.new_id(),
                agency_id=agency.id,
                establishment_id=places[unit["place"]],
                kind=unit["kind"],
                name=unit["name"],
                capacity=unit["capacity"],
                active=True,
            )
        )
    session.flush()
    return agency.id, places
