"""Who supervises whom: read from the table that says who is told when a step is overdue."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import shown
from casework.access import Viewer
from casework.words import Speaking
from feel.decisions import DecisionError, load_decisions
from processes.tables import Establishment, ProcessVersion

if TYPE_CHECKING:
    from casework.platform import Platform

ROUTE = "escalation-route"
LEVELS = ("superior", "authority", "oversight")
TABLE = f"{ROUTE}.dmn"

Overseen = dict[str, frozenset[UUID]]
"""For each role that is overseen, the places at which."""


def overseen(platform: Platform, session: Session, viewer: Viewer) -> Overseen:
    """The roles that the viewer supervises, and where: superiors, authorities and oversight are
    those whom the escalation ladder (C-15) would tell."""
    above = _above(platform, session, viewer.agency_id)
    found: dict[str, set[UUID]] = {}
    for role, supervisors in above.items():
        for holding in viewer.holdings:
            if holding.role in supervisors:
                found.setdefault(role, set()).update(holding.covers)
    return {role: frozenset(places) for role, places in found.items()}


@dataclass(frozen=True)
class Reach:
    """Functions that are overseen, and the places at which."""

    functions: tuple[str, ...]
    places: tuple[str, ...]


def reach_of(
    platform: Platform, session: Session, below: Overseen, speaking: Speaking
) -> tuple[Reach, ...]:
    """What somebody oversees, in names: functions that are overseen at the same places together."""
    names = _role_names(platform, session, speaking)
    together: dict[frozenset[UUID], set[str]] = {}
    for role, places in below.items():
        together.setdefault(places, set()).add(names.get(role, role))
    found = (Reach(tuple(sorted(f)), _places(session, at)) for at, f in together.items())
    return tuple(sorted(found, key=lambda reach: (-len(reach.functions), reach.functions)))


def _places(session: Session, ids: frozenset[UUID]) -> tuple[str, ...]:
    wanted = select(Establishment.name).where(Establishment.id.in_(ids))
    return tuple(sorted(session.scalars(wanted)))


def _role_names(platform: Platform, session: Session, speaking: Speaking) -> dict[str, str]:
    """The functions of all active versions, in the reader's language."""
    found: dict[str, str] = {}
    for version_id in session.scalars(select(ProcessVersion.id).where(ProcessVersion.active)):
        names = shown.wording(platform, session, version_id, speaking)
        found.update({role: names.role(role) for role in names.pack.roles})
    return found


def _above(platform: Platform, session: Session, agency_id: UUID) -> dict[str, frozenset[str]]:
    wanted = select(ProcessVersion).where(
        ProcessVersion.agency_id == agency_id, ProcessVersion.active
    )
    found: dict[str, frozenset[str]] = {}
    for version in session.scalars(wanted):
        raw = platform.models.files(session, version.id).get(TABLE)
        if raw is not None:
            roles = tuple(sorted(platform.models.pack(session, version.id).roles))
            found.update(_told(raw, roles))
    return found


@lru_cache(maxsize=32)
def _told(raw: bytes, roles: tuple[str, ...]) -> dict[str, frozenset[str]]:
    """For each role, those who are told when it is late."""
    decisions = load_decisions(raw)
    found = {}
    for role in roles:
        try:
            answer = decisions.evaluate(ROUTE, {"role": role})
        except DecisionError:
            continue
        if isinstance(answer, dict):
            told = {str(answer[level]) for level in LEVELS if answer.get(level)}
            found[role] = frozenset(told - {role})
    return found
