"""What judges see: what was sent to them and whether it came; the quarterly list of placements.

A judge for sentences sees what concerns convicted people, an investigating judge what concerns
people on remand: by penal status alone, as the table of recipients has it [R. 224-24].
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from casework import shown, submissions
from casework.access import Viewer
from casework.measures import words
from casework.tables import Case, Measure, Person, Stay
from casework.words import ENGLISH, Speaking
from processes.acting import Acting
from processes.tables import Establishment

if TYPE_CHECKING:
    from casework.platform import Platform

JUDGES: Mapping[str, frozenset[str]] = {
    "fr.jap": frozenset({"convicted", "probation", "conditional"}),
    "fr.investigating_judge": frozenset({"remand"}),
}
"""Of which penal status each judge is informed."""

LISTED_FOR = ("fr.jap", "fr.registry", "fr.governor")
"""Who has the quarterly list to the sentence-application commission."""

SENT, RECEIPT = "F-TRANSMIT-J", "F-RECEIPT-J"
PLACEMENTS = ("qer", *words.CARE_UNITS)
CONVICTED = JUDGES["fr.jap"]
NEWEST = 100


@dataclass(frozen=True)
class Sent:
    """One transmission: what, about whom, when; and its receipt."""

    person: str
    establishment: str
    documents: tuple[str, ...]
    sent_at: datetime
    received: str | None
    received_at: datetime | None
    zone: str


@dataclass(frozen=True)
class Placement:
    """A line of the quarterly list: number, identity, duration [R. 224-24]."""

    number: str
    name: str
    kind_words: str
    first: date
    last: date | None
    days: int


@dataclass(frozen=True)
class Quarter:
    """Three months, as the list names them."""

    year: int
    number: int

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return self.following.first - timedelta(days=1)

    @property
    def following(self) -> Quarter:
        """The next one."""
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)

    @property
    def before(self) -> Quarter:
        """The one before."""
        return of_day(self.first - timedelta(days=1))


def of_day(day: date) -> Quarter:
    """The quarter in which a day lies."""
    return Quarter(day.year, (day.month + 2) // 3)


def transmitted(
    platform: Platform,
    session: Session,
    acting: Acting,
    viewer: Viewer,
) -> tuple[Sent, ...]:
    """What was sent to the viewer as a judge, the newest first; each reading is audited."""
    found = []
    for case, person in _cases(session, viewer):
        given = submissions.in_force(submissions.of_case(session, case.id))
        for one, came in _with_receipts(given):
            answers = _read(platform, session, acting, one)
            receipt = _read(platform, session, acting, came) if came else {}
            found.append(_sent(session, case, person, one.written_at, answers, came, receipt))
    return tuple(sorted(found, key=lambda row: row.sent_at, reverse=True)[:NEWEST])


def _with_receipts(
    given: Iterable[submissions.Given],
) -> Iterator[tuple[submissions.Given, submissions.Given | None]]:
    """Each sending with its own receipt: in a process the next sending waits for the one before,
    while other processes of the case send as well."""
    told = sorted(given, key=lambda one: one.written_at)
    for instance_id in dict.fromkeys(one.first.instance_id for one in told):
        mine = [one for one in told if one.first.instance_id == instance_id]
        receipts = [one for one in mine if one.form == RECEIPT]
        for number, one in enumerate(one for one in mine if one.form == SENT):
            yield one, receipts[number] if number < len(receipts) else None


def _read(
    platform: Platform, session: Session, acting: Acting, given: submissions.Given
) -> dict[str, Any]:
    return submissions.read(platform, session, acting, given, "role:judge")


def _cases(session: Session, viewer: Viewer) -> list[tuple[Case, Person]]:
    """Cases about people of whom the viewer is informed, where something was sent."""
    told = [
        (Case.establishment_id.in_(h.covers) & Person.penal_status.in_(JUDGES[h.role]))
        for h in viewer.holdings
        if h.role in JUDGES
    ]
    if not told:
        return []
    wanted = (
        select(Case, Person)
        .join(Person, Person.id == Case.person_id)
        .where(Case.agency_id == viewer.agency_id, Case.state != "erased", or_(*told))
        .order_by(Case.opened_at.desc())
    )
    return [(case, person) for case, person in session.execute(wanted)]


def _sent(
    session: Session,
    case: Case,
    person: Person,
    sent_at: datetime,
    answers: Mapping[str, Any],
    came: Any,
    receipt: Mapping[str, Any],
) -> Sent:
    place = session.get_one(Establishment, case.establishment_id).name
    return Sent(
        person=f"{shown.full_name(person)} ({person.number})",
        establishment=place,
        documents=tuple(str(d.get("document")) for d in answers.get("documents") or ()),
        sent_at=sent_at,
        received=str(receipt.get("judicial_receipt")) if receipt else None,
        received_at=came.written_at if came else None,
        zone=shown.zone_of(session, case.establishment_id),
    )


def quarterly(
    session: Session,
    viewer: Viewer,
    quarter: Quarter,
    today: date,
    speaking: Speaking = ENGLISH,
) -> tuple[Placement, ...]:
    """Placements of convicted people that have run in a quarter until today, at the places the
    viewer reaches [code pénitentiaire, R. 224-24]."""
    covers = frozenset().union(*(h.covers for h in viewer.holdings if h.role in LISTED_FOR))
    wanted = (
        select(Measure, Person, Case)
        .join(Case, Case.id == Measure.case_id)
        .join(Person, Person.id == Case.person_id)
        .where(Case.agency_id == viewer.agency_id, Case.establishment_id.in_(covers))
        .where(Person.penal_status.in_(CONVICTED), Measure.kind.in_(PLACEMENTS))
        .where(
            Measure.code.in_(("qer", "placement")), Measure.effective_on <= min(quarter.last, today)
        )
        .where(Measure.state.in_(("in_force", "ended")))
        .order_by(Person.number, Measure.effective_on)
    )
    rows = session.execute(wanted).all()
    return tuple(_lines(rows, _Arrivals.of(session, rows), quarter, today, speaking))


@dataclass(frozen=True)
class _Arrivals:
    """When people came into their units; None for who still waits for a place."""

    by_measure: Mapping[UUID, date]
    newest: Mapping[tuple[UUID, str], date | None]

    @classmethod
    def of(cls, session: Session, rows: Sequence[Any]) -> _Arrivals:
        """Of all cases in the list together."""
        zones = {case.id: shown.zone_of(session, case.establishment_id) for _, _, case in rows}
        wanted = select(Stay).where(Stay.case_id.in_(zones)).order_by(Stay.asked_at)
        by_measure, newest = dict[UUID, date](), dict[tuple[UUID, str], date | None]()
        for stay in session.scalars(wanted):
            came = shown.local_day(stay.came_at, zones[stay.case_id]) if stay.came_at else None
            newest[stay.case_id, stay.kind] = came
            if stay.measure_id is not None and came is not None:
                by_measure[stay.measure_id] = came
        return cls(by_measure, newest)

    def first(self, measure: Measure) -> date | None:
        """From which day the placement of a measure counts; None where nobody came yet."""
        came = self.by_measure.get(measure.id)
        if came is None:
            came = self.newest.get((measure.case_id, measure.kind), measure.effective_on)
        return came and max(came, measure.effective_on)


def _lines(
    rows: Iterable[Any],
    arrivals: _Arrivals,
    quarter: Quarter,
    today: date,
    speaking: Speaking,
) -> Iterable[Placement]:
    for measure, person, _ in rows:
        first = arrivals.first(measure)
        if first is None:  # decided, and waits for a place elsewhere
            continue
        last = measure.ended_at.date() if measure.ended_at else measure.expires_on
        until = min(last or today, quarter.last, today)
        if (last is not None and last < quarter.first) or until < first:
            continue
        yield Placement(
            number=person.number,
            name=shown.full_name(person),
            kind_words=words.kind_words(measure.kind, speaking),
            first=first,
            last=last,
            days=(until - first).days + 1,
        )


def quarter_of(now: datetime, zone: str) -> Quarter:
    """The quarter of today, at a place."""
    return of_day(shown.local_day(now, zone))
