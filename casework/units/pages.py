"""Pages of special units: who is there, until when, what is due; who waits, in which order."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework import access, shown
from casework.access import Viewer
from casework.tables import Case, Person, Stay, Unit
from casework.units import stays
from casework.unseen import NotVisible
from casework.words import ENGLISH, Speaking
from processes.tables import Establishment, HumanTask, ProcessInstance

if TYPE_CHECKING:
    from casework.platform import Platform

READERS = (
    "fr.qer_team",
    "fr.qpr_team",
    "fr.governor",
    "fr.disp",
    "fr.central",
    "x.oversight",
)
"""Who sees the units at the places their functions reach."""

RUN_BY = {
    stays.QER: frozenset({"fr.qer_team", "fr.governor"}),
    stays.QPR_COLLECTIVE: frozenset({"fr.qpr_team", "fr.governor"}),
    stays.QPR_INDIVIDUAL: frozenset({"fr.qpr_team", "fr.governor"}),
}
"""Who runs a unit of a kind, and so must know who is in it."""


@dataclass(frozen=True)
class UnitLine:
    """A unit in the list: how many places, how many taken or kept."""

    unit_id: UUID
    name: str
    kind_words: str
    establishment: str
    places: int
    taken: int


@dataclass(frozen=True)
class NextStep:
    """What is due next, and whose it is."""

    name: str
    function: str


@dataclass(frozen=True)
class StayLine:
    """One case's place, or turn: named only to those who may know about whom it is."""

    case_id: UUID
    title: str
    may_open: bool
    asked_at: datetime
    came_at: datetime | None
    until: date | None
    days_left: int | None
    next_due: datetime | None
    next_step: NextStep | None
    """Which step that is, for those who may know about whom."""
    kept_at: str | None
    zone: str


@dataclass(frozen=True)
class UnitsPage:
    """All units that the viewer's functions reach."""

    units: tuple[UnitLine, ...]


@dataclass(frozen=True)
class UnitPage:
    """One unit, and the waiting list of its kind."""

    unit: UnitLine
    here: tuple[StayLine, ...]
    waiting: tuple[StayLine, ...]


def kind_words(kind: str, speaking: Speaking = ENGLISH) -> str:
    """What a unit is for."""
    say = speaking.say
    known = {
        stays.QER: say("Evaluation (QER)"),
        stays.QPR_COLLECTIVE: say("Care, in a group (QPR)"),
        stays.QPR_INDIVIDUAL: say("Care, singly (QPR)"),
    }
    return known.get(kind, kind)


def units_page(session: Session, viewer: Viewer, speaking: Speaking = ENGLISH) -> UnitsPage:
    """The units at the places that the viewer reaches."""
    wanted = (
        select(Unit, Establishment)
        .join(Establishment, Establishment.id == Unit.establishment_id)
        .where(Unit.agency_id == viewer.agency_id, Unit.establishment_id.in_(_reached(viewer)))
        .order_by(Unit.kind, Unit.name)
    )
    rows = session.execute(wanted).all()
    taken = _taken(session, [unit.id for unit, _ in rows])
    return UnitsPage(
        tuple(_unit(unit, place, taken.get(unit.id, 0), speaking) for unit, place in rows)
    )


def unit_page(
    platform: Platform,
    session: Session,
    viewer: Viewer,
    unit_id: UUID,
    now: datetime,
    speaking: Speaking = ENGLISH,
) -> UnitPage:
    """One unit; NotVisible where the viewer's functions do not reach it."""
    unit = session.get(Unit, unit_id)
    if unit is None or not may_see(viewer, unit):
        raise NotVisible("unit", unit_id)
    place = session.get_one(Establishment, unit.establishment_id)
    here = session.scalars(
        select(Stay)
        .where(Stay.unit_id == unit.id, Stay.state == stays.HERE)
        .order_by(Stay.until, Stay.came_at)
    ).all()
    waiting = stays.in_turn(session, viewer.agency_id, unit.kind)
    taken = _taken(session, [unit.id]).get(unit.id, 0)
    return UnitPage(
        _unit(unit, place, taken, speaking),
        tuple(_lines(platform, session, viewer, here, now, speaking)),
        tuple(_lines(platform, session, viewer, waiting, now, speaking)),
    )


def may_see(viewer: Viewer, unit: Unit) -> bool:
    """Whether one of the viewer's functions reaches the unit."""
    return unit.agency_id == viewer.agency_id and unit.establishment_id in _reached(viewer)


def of_case(session: Session, viewer: Viewer, case_id: UUID) -> UUID | None:
    """The unit in which the person of a case is, where the viewer may see it."""
    wanted = (
        select(Unit)
        .join(Stay, Stay.unit_id == Unit.id)
        .where(Stay.case_id == case_id, Stay.state == stays.HERE)
    )
    unit = session.scalars(wanted.limit(1)).first()
    return unit.id if unit is not None and may_see(viewer, unit) else None


def _reached(viewer: Viewer) -> frozenset[UUID]:
    covered = (h.covers for h in viewer.holdings if h.role in READERS)
    return frozenset().union(*covered)


def _taken(session: Session, units: list[UUID]) -> dict[UUID, int]:
    wanted = (
        select(Stay.unit_id, func.count(Stay.id))
        .where(Stay.unit_id.in_(units), Stay.state.in_((stays.WAITING, stays.HERE)))
        .group_by(Stay.unit_id)
    )
    return {unit: count for unit, count in session.execute(wanted) if unit is not None}


def _unit(unit: Unit, place: Establishment, taken: int, speaking: Speaking) -> UnitLine:
    return UnitLine(
        unit.id, unit.name, kind_words(unit.kind, speaking), place.name, unit.capacity, taken
    )


def _lines(
    platform: Platform,
    session: Session,
    viewer: Viewer,
    rows: Sequence[Stay],
    now: datetime,
    speaking: Speaking,
) -> Iterable[StayLine]:
    steps = shown.next_steps(session, [stay.case_id for stay in rows])
    about = _cases(session, steps)
    cases = [case for case, _ in about.values()]
    may_open = access.cases_seen(session, viewer, cases)
    units = {stay.id: session.get(Unit, stay.unit_id) if stay.unit_id else None for stay in rows}
    named = {stay.case_id for stay in rows if _runs(viewer, units[stay.id])}
    named |= access.persons_seen(session, viewer, [c for c in cases if c.id not in named])
    told = _told(platform, session, [t for id_, t in steps.items() if t and id_ in named], speaking)
    zones: dict[UUID, str] = {}
    for stay in rows:
        case, person = about[stay.case_id]
        place = case.establishment_id
        zone = zones.get(place) or zones.setdefault(place, shown.zone_of(session, place))
        left = (stay.until - shown.local_day(now, zone)).days if stay.until else None
        kept_at = units[stay.id]
        yield StayLine(
            case_id=case.id,
            title=_title(case, person if case.id in named else None, speaking),
            may_open=case.id in may_open,
            asked_at=stay.asked_at,
            came_at=stay.came_at,
            until=stay.until,
            days_left=left,
            next_due=due.due_at if (due := steps[case.id]) else None,
            next_step=told.get(case.id),
            kept_at=kept_at.name if kept_at else None,
            zone=zone,
        )


def _title(case: Case, person: Person | None, speaking: Speaking) -> str:
    """Those who run a unit know who sits in it, wherever the file lies; of whoever else waits,
    and of other units, they know a number [LED art. 4(1)(c)]."""
    if person is None:
        return shown.reference(case, speaking)
    return f"{shown.full_name(person)} ({person.number})"


def _runs(viewer: Viewer, unit: Unit | None) -> bool:
    if unit is None:
        return False
    return bool(viewer.roles_at(unit.establishment_id) & RUN_BY[unit.kind])


def _cases(session: Session, ids: Collection[UUID]) -> dict[UUID, tuple[Case, Person | None]]:
    """By case: it, and whom it is about."""
    wanted = (
        select(Case, Person).outerjoin(Person, Person.id == Case.person_id).where(Case.id.in_(ids))
    )
    return {case.id: (case, person) for case, person in session.execute(wanted)}


def _told(
    platform: Platform, session: Session, tasks: Sequence[HumanTask], speaking: Speaking
) -> dict[UUID, NextStep]:
    """By case: the words of a step, in the reader's language."""
    wanted = select(ProcessInstance.id, ProcessInstance.version_id).where(
        ProcessInstance.id.in_({task.instance_id for task in tasks})
    )
    versions = {row.id: row.version_id for row in session.execute(wanted)}
    names = {
        version_id: shown.wording(platform, session, version_id, speaking)
        for version_id in set(versions.values())
    }
    found = {}
    for task in tasks:
        said = names[versions[task.instance_id]]
        found[task.case_id] = NextStep(said.element(task.element_id), said.role(task.role))
    return found
