"""Puts a session together for its page, with few statements however long its agenda is."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework import access, shown, staff
from casework.access import Viewer
from casework.commission import agenda, choices, found, functions, standing, visible
from casework.commission.functions import COLLECTIVES, OFFICES, OPINIONS
from casework.commission.minutes import may_read, state_words
from casework.commission.opinions import count
from casework.commission.sessionpages import FileTask, ItemRow, SeatRow, SessionPage, SessionRow
from casework.tables import (
    AgendaItem,
    Attendance,
    Case,
    CommissionSession,
    Document,
    RecordEntry,
    Seat,
    UserAccount,
)
from casework.words import ENGLISH, Speaking, Wording
from casework.worklist import task_title
from processes.acting import Acting
from processes.tables import Establishment, HumanTask

if TYPE_CHECKING:
    from casework.platform import Platform


def session_state(state: str, speaking: Speaking) -> str:
    """How a session stands, in words."""
    say = speaking.say
    known = {
        "planned": say("Planned"),
        "convened": say("Convened"),
        "held": say("Being held"),
        "no_quorum": say("No quorum"),
        "closed": say("Session closed"),
    }
    return known.get(state, state)


def sessions_page(
    session: Session, viewer: Viewer, speaking: Speaking = ENGLISH
) -> tuple[SessionRow, ...]:
    """The sessions the viewer may open."""
    rows = visible.sessions(session, viewer)
    counted = select(AgendaItem.session_id, func.count(AgendaItem.id)).where(
        AgendaItem.session_id.in_([row.id for row in rows])
    )
    items = {row[0]: row[1] for row in session.execute(counted.group_by(AgendaItem.session_id))}
    return tuple(_row(session, row, items.get(row.id, 0), speaking) for row in rows)


def _row(session: Session, row: CommissionSession, items: int, speaking: Speaking) -> SessionRow:
    place = session.get_one(Establishment, row.establishment_id)
    return SessionRow(
        session_id=row.id,
        title=title_of(row, place, speaking),
        planned_at=row.planned_at,
        zone=place.zone,
        establishment=place.name,
        state=row.state,
        state_words=session_state(row.state, speaking),
        items=items,
    )


def title_of(row: CommissionSession, place: Establishment, speaking: Speaking) -> str:
    """What a session is called: after its day."""
    day = speaking.day(shown.local_day(row.planned_at, place.zone))
    return speaking.say("Session of {day}", day=day)


def session_page(
    platform: Platform,
    session: Session,
    acting: Acting,
    viewer: Viewer,
    session_id: UUID,
    *,
    speaking: Speaking = ENGLISH,
) -> SessionPage:
    """The session; NotVisible for whoever neither keeps it, sits in it now, nor oversees it."""
    row = visible.require(session, viewer, session_id)
    leads = standing.leads(viewer, row)
    seated = visible.seated_on(session, viewer, row)
    items = found.items_of(session, row.id)
    if not leads:
        items = [item for item in items if item.id in seated]
    place = session.get_one(Establishment, row.establishment_id)
    runs = found.instance_of(session, row.case_id)
    names = shown.wording(platform, session, runs.version_id, speaking) if runs else None
    case = session.get_one(Case, row.case_id)
    told = _Items(session, row, items, speaking, _open_to(row, items, seated, leads)).rows()
    return SessionPage(
        session_id=row.id,
        case_id=row.case_id,
        title=title_of(row, place, speaking),
        planned_at=row.planned_at,
        zone=place.zone,
        place=row.place,
        establishment=place.name,
        chair=names.role(row.chair_role) if names else row.chair_role,
        state=row.state,
        state_words=session_state(row.state, speaking),
        leads=leads,
        chairs=standing.chairs(viewer, row),
        sitting=row.state in found.CONVENED and standing.has_begun(session, row, acting.now),
        seated=bool(seated),
        items=told,
        offices=_offices(told, speaking),
        waiting=_waiting(session, row, speaking) if leads and row.state == "planned" else (),
        tasks=_tasks(session, viewer, row, names),
        minutes_number=_minutes_number(session, viewer, row),
        may_see_case=access.may_see_case(session, viewer, case),
    )


def _open_to(
    row: CommissionSession, items: Iterable[AgendaItem], seated: frozenset[UUID], leads: bool
) -> frozenset[UUID]:
    """The items whose opinions the reader may open: as `SeatSight.opinion` has it."""
    keeps = leads and row.minutes_document_id is None
    closed = [item.id for item in items if item.opinions_closed_at is not None]
    sits = seated if row.state in found.CONVENED else frozenset()
    return frozenset(item_id for item_id in closed if keeps or item_id in sits)


def _offices(
    items: Sequence[ItemRow], speaking: Speaking
) -> tuple[tuple[str, str, bool | None], ...]:
    """Every office with a seat on an open item, and whether it was present for all of them."""
    seen: dict[str, set[bool | None]] = {}
    for item in items:
        if item.state == found.ON_AGENDA:
            for seat in item.seats:
                seen.setdefault(seat.office, set()).add(seat.present)
    if seen:
        seen.setdefault("chair", {None})
    return tuple(
        (office, functions.words(office, speaking), _alike(seen[office]))
        for office in OFFICES
        if office in seen
    )


def _alike(values: set[bool | None]) -> bool | None:
    return next(iter(values)) if len(values) == 1 else None


def _waiting(
    session: Session, row: CommissionSession, speaking: Speaking
) -> tuple[tuple[str, datetime], ...]:
    return tuple(
        (choices.title_of(c.case, c.person, speaking), c.since)
        for c in agenda.candidates(session, row.establishment_id)
    )


def _tasks(
    session: Session, viewer: Viewer, row: CommissionSession, names: Wording | None
) -> tuple[FileTask, ...]:
    if names is None:
        return ()
    wanted = select(HumanTask).where(HumanTask.case_id == row.case_id, HumanTask.state == "open")
    return tuple(
        FileTask(task.id, task_title(task, names), task.due_at)
        for task in session.scalars(wanted)
        if task.element_id in names.model.elements and access.may_see_task(session, viewer, task)
    )


def _opinions(session: Session, seats: Collection[UUID]) -> dict[UUID, UUID]:
    """By seat, the opinion that was given on it and has not been erased."""
    if not seats:
        return {}
    wanted = (
        select(HumanTask.seat_id, RecordEntry.id)
        .join(RecordEntry, RecordEntry.task_id == HumanTask.id)
        .where(HumanTask.seat_id.in_(seats), RecordEntry.form.in_(OPINIONS))
        .where(RecordEntry.erased_at.is_(None))
        .order_by(RecordEntry.written_at)
    )
    return {seat: entry for seat, entry in session.execute(wanted) if seat is not None}


def _minutes_number(session: Session, viewer: Viewer, row: CommissionSession) -> str | None:
    if row.minutes_document_id is None or not may_read(viewer, row):
        return None
    return session.get_one(Document, row.minutes_document_id).number


class _Items:
    """The agenda; what many items share is read once."""

    def __init__(
        self,
        session: Session,
        row: CommissionSession,
        items: list[AgendaItem],
        speaking: Speaking,
        open_to: frozenset[UUID],
    ) -> None:
        """`open_to` are the items whose opinions the reader may open."""
        self.row, self.items, self.speaking = row, items, speaking
        self.open_to = open_to
        ids = [item.id for item in items]
        instances = [item.instance_id for item in items]
        self.cases = found.cases_of(session, [item.case_id for item in items])
        self.seats = found.seats_by_instance(session, instances)
        self.people = _people(session, [s for seats in self.seats.values() for s in seats])
        self.present = _present(session, ids)
        self.collective = _collective(session, instances)
        closed = {item.instance_id for item in items if item.id in open_to}
        self.opinions = _opinions(
            session, [s.id for key, seats in self.seats.items() if key in closed for s in seats]
        )

    def rows(self) -> tuple[ItemRow, ...]:
        """The items in their order."""
        return tuple(self._item(item) for item in self.items)

    def _item(self, item: AgendaItem) -> ItemRow:
        stands = item.state in (found.ON_AGENDA, "closed")
        seats = self.seats.get(item.instance_id, []) if stands else []
        counted = count(seats)
        case, person = self.cases[item.case_id]
        outcome = functions.outcome_words(item.outcome, self.speaking) if item.outcome else None
        return ItemRow(
            item_id=item.id,
            case_id=item.case_id,
            position=item.position,
            title=choices.title_of(case, person, self.speaking),
            state=item.state,
            state_words=state_words(item.state, self.speaking),
            outcome_words=outcome,
            given=counted.given,
            asked=counted.asked,
            opinions_closed=item.opinions_closed_at is not None,
            quorum=item.quorum,
            seats=tuple(self._seats(item, seats)),
            collective_task_id=self.collective.get(item.instance_id)
            if item.state == found.ON_AGENDA
            else None,
        )

    def _seats(self, item: AgendaItem, seats: list[Seat]) -> Iterable[SeatRow]:
        present = self.present.get(item.id, {})
        for seat in seats:
            office = seat.office or ""
            alternate = self.people.get(seat.alternate_id) if seat.alternate_id else None
            yield SeatRow(
                office=office,
                words=functions.words(office, self.speaking),
                member=self.people.get(seat.user_id, "") if seat.user_id else "",
                alternate=alternate,
                state=seat.state,
                state_words=self._seat_state(seat.state),
                present=present.get(office),
                votes=seat.votes,
                entry_id=self.opinions.get(seat.id) if self._opens(item, seat) else None,
            )

    def _opens(self, item: AgendaItem, seat: Seat) -> bool:
        """A seat that is asked again on a later agenda belongs to that one."""
        return item.id in self.open_to and seat.item_id == item.id

    def _seat_state(self, state: str) -> str:
        say = self.speaking.say
        known = {
            "asked": say("Not received yet"),
            "given": say("Received"),
            "missing": say("Not given"),
        }
        return known.get(state, state)


def _people(session: Session, seats: list[Seat]) -> dict[UUID, str]:
    ids = {person for s in seats for person in (s.user_id, s.alternate_id) if person}
    wanted = select(UserAccount).where(UserAccount.id.in_(ids))
    return {user.id: staff.shown(user) for user in session.scalars(wanted)}


def _present(session: Session, items: list[UUID]) -> dict[UUID, dict[str, bool]]:
    grouped: dict[UUID, dict[str, bool]] = {}
    for row in session.scalars(select(Attendance).where(Attendance.item_id.in_(items))):
        grouped.setdefault(row.item_id, {})[row.office] = row.present
    return grouped


def _collective(session: Session, instances: list[UUID]) -> dict[UUID, UUID]:
    wanted = select(HumanTask.instance_id, HumanTask.id).where(
        HumanTask.instance_id.in_(instances),
        HumanTask.form.in_(COLLECTIVES),
        HumanTask.state == "open",
    )
    return {row.instance_id: row.id for row in session.execute(wanted)}
