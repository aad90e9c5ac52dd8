"""What runs in a region and ends when: as many statements, however many cases there are."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, func, select
from sqlalchemy.orm import Session

from casework.access import Viewer
from casework.access_policy import AUTHORITIES, OVERSIGHT
from casework.measures.standing import IN_FORCE
from casework.measures.words import KINDS, kind_words
from casework.tables import Case, Decision, Measure, Person, Stay, Unit
from casework.units.stays import HERE
from casework.words import ENGLISH, Speaking
from processes.tables import Establishment

READERS = ("fr.disp", "fr.central", "x.oversight")
"""Who sees what runs at the places they reach."""

PAGE = 50
SOON = timedelta(days=45)
"""As long before its last day a programme is reviewed: what ends sooner is said to end soon."""


@dataclass(frozen=True)
class Running:
    """One measure, as a region sees it."""

    words: str
    effective_on: date
    review_on: date | None
    expires_on: date | None


@dataclass(frozen=True)
class Line:
    """One case in which something runs, with what ends first."""

    case_id: UUID
    title: str
    opens: bool
    place: str
    unit: str
    measures: tuple[Running, ...]
    ends_on: date | None
    soon: bool


@dataclass(frozen=True)
class PlaceLine:
    """One prison: open cases, those in which a measure runs, those that end soon."""

    place: str
    cases: int
    measured: int
    soon: int


@dataclass(frozen=True)
class RegionPage:
    """One page of them."""

    lines: tuple[Line, ...]
    places: tuple[PlaceLine, ...]
    kinds: tuple[tuple[str, str], ...]
    kind: str
    total: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are; one, if nothing runs."""
        return max(1, -(-self.total // PAGE))


def region_page(
    session: Session,
    viewer: Viewer,
    now: datetime,
    page: int = 1,
    kind: str = "",
    speaking: Speaking = ENGLISH,
) -> RegionPage:
    """What runs at the places the viewer's functions reach, the next to end first."""
    today = now.date()
    stands = _stands(viewer, kind if kind in KINDS else "")
    counted = select(func.count(func.distinct(Measure.case_id))).join(
        Case, Case.id == Measure.case_id
    )
    total = session.scalar(counted.where(stands)) or 0
    page = min(max(1, page), max(1, -(-total // PAGE)))
    ids = {row.id: row.ends for row in session.execute(_next_to_end(stands, page))}
    return RegionPage(
        lines=tuple(_lines(session, viewer, ids, today, speaking)),
        places=tuple(_places(session, viewer, today)),
        kinds=tuple((code, kind_words(code, speaking)) for code in KINDS),
        kind=kind if kind in KINDS else "",
        total=total,
        page=page,
    )


def _covered(viewer: Viewer) -> set[UUID]:
    return {place for h in viewer.holdings if h.role in READERS for place in h.covers}


def _stands(viewer: Viewer, kind: str) -> ColumnElement[bool]:
    asked = (
        Measure.agency_id == viewer.agency_id,
        Measure.state == IN_FORCE,
        Case.establishment_id.in_(_covered(viewer)),
    )
    return and_(*asked, Measure.kind == kind) if kind else and_(*asked)


def _next_to_end(stands: ColumnElement[bool], page: int) -> Select[UUID, date | None]:
    """The cases of one page; a measure without a last day, which lifts to the hour, ends first."""
    ends = func.min(Measure.expires_on).label("ends")
    return (
        select(Case.id, ends)
        .join(Measure, Measure.case_id == Case.id)
        .where(stands)
        .group_by(Case.id)
        .order_by(ends.asc().nulls_first(), Case.id)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )


def _lines(
    session: Session,
    viewer: Viewer,
    ids: Mapping[UUID, date | None],
    today: date,
    speaking: Speaking,
) -> Iterable[Line]:
    running = _running(session, ids)
    wanted = (
        select(
            Case.id,
            Case.name,
            Case.establishment_id,
            Person.number,
            Person.given_name,
            Person.family_name,
            Establishment.name.label("place"),
            Unit.name.label("unit"),
        )
        .join(Establishment, Establishment.id == Case.establishment_id)
        .outerjoin(Person, Person.id == Case.person_id)
        .outerjoin(Stay, and_(Stay.case_id == Case.id, Stay.state == HERE))
        .outerjoin(Unit, Unit.id == Stay.unit_id)
        .where(Case.id.in_(ids))
    )
    found = {row.id: row for row in session.execute(wanted)}
    for case_id, ends_on in ids.items():
        row, measures = found[case_id], running.get(case_id, [])
        knows = _knows(viewer, row.establishment_id, {role for _, role in measures})
        yield Line(
            case_id=case_id,
            title=_title(row, knows, speaking),
            opens=knows,
            place=row.place,
            unit=row.unit or "",
            measures=tuple(dict.fromkeys(_told(measure, speaking) for measure, _ in measures)),
            ends_on=ends_on,
            soon=ends_on is not None and ends_on - today <= SOON,
        )


def _running(
    session: Session, ids: Collection[UUID]
) -> dict[UUID, list[tuple[Measure, str | None]]]:
    wanted = (
        select(Measure, Decision.authority_role)
        .join(Decision, Decision.id == Measure.decision_id)
        .where(Measure.case_id.in_(ids), Measure.state == IN_FORCE)
        .order_by(Measure.expires_on, Measure.id)
    )
    found: dict[UUID, list[tuple[Measure, str | None]]] = {}
    for measure, role in session.execute(wanted):
        found.setdefault(measure.case_id, []).append((measure, role))
    return found


def _told(row: Measure, speaking: Speaking) -> Running:
    return Running(kind_words(row.kind, speaking), row.effective_on, row.review_on, row.expires_on)


def _knows(viewer: Viewer, place_id: UUID, signed: set[str | None]) -> bool:
    """Whom a measure is on, know oversight and the authority that signed it; others see the case
    by its number alone [LED art. 4(1)(c)]."""
    here = viewer.roles_at(place_id)
    return bool(here & OVERSIGHT) or bool(here & AUTHORITIES & signed)


def _title(row: Any, knows: bool, speaking: Speaking) -> str:
    if row.number is not None and knows:
        return f"{row.given_name} {row.family_name} ({row.number})"
    return str(row.name or f"{speaking.say('Case')} {str(row.id)[:8]}")


def _places(session: Session, viewer: Viewer, today: date) -> Iterable[PlaceLine]:
    """Per prison: one statement for its cases, one for what runs in them."""
    covered = _covered(viewer)
    cases = (
        select(Establishment.name, Establishment.id, func.count(Case.id))
        .join(Case, Case.establishment_id == Establishment.id)
        .where(Case.agency_id == viewer.agency_id, Case.state == "open", Case.kind == "person")
        .where(Establishment.id.in_(covered))
        .group_by(Establishment.id, Establishment.name)
        .order_by(Establishment.name)
    )
    ends = func.min(Measure.expires_on).label("ends")
    each = (
        select(Case.establishment_id.label("place"), ends)
        .join(Measure, Measure.case_id == Case.id)
        .where(_stands(viewer, ""))
        .group_by(Case.id, Case.establishment_id)
        .subquery()
    )
    soon = func.sum(case((each.c.ends <= today + SOON, 1), else_=0))
    measured = {
        place: (count, int(near or 0))
        for place, count, near in session.execute(
            select(each.c.place, func.count(), soon).group_by(each.c.place)
        )
    }
    for name, place_id, count in session.execute(cases):
        runs, near = measured.get(place_id, (0, 0))
        yield PlaceLine(name, count, runs, near)
