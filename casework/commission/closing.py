"""How items and sessions end: not reached, without a quorum, withdrawn, closed once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time
from typing import TYPE_CHECKING
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from casework import shown
from casework.commission import calling, found, retention, standing
from casework.commission.functions import OPINIONS
from casework.tables import AgendaItem, Attendance, CommissionSession, RecordEntry, Seat
from casework.words import ENGLISH, Speaking
from processes import calendars
from processes.acting import Acting
from processes.deadlines import DeadlineError
from processes.engine import EngineFault
from processes.ports import JournalEntry
from processes.rerouting import TRANSFERRED
from processes.tables import HumanTask

if TYPE_CHECKING:
    from casework.access import Viewer
    from casework.platform import Platform

NEW_DATE_WITHIN, OTHERWISE = "param:session_again", "P5WD"
"""No quorum: a new date within five working days [domain.md 0.1 FR-2]."""


def put_off(
    platform: Platform,
    session: Session,
    acting: Acting,
    viewer: Viewer,
    item_id: UUID,
    speaking: Speaking = ENGLISH,
) -> AgendaItem:
    """An item was not reached: it waits for the next agenda, and its clocks run on."""
    item, row = standing.item_to_lead(session, viewer, item_id)
    standing.require_sitting(session, row, acting.now, speaking)
    standing.require_on_agenda(item, speaking)
    _put_off(platform, session, acting, item)
    return item


def _put_off(platform: Platform, session: Session, acting: Acting, item: AgendaItem) -> None:
    item.state = "no_quorum" if item.quorum is False else "not_reached"
    item.closed_at = acting.now
    session.flush()
    if not calling.call(platform, session, acting, item, "itemNotReached"):
        # a drawing that waits for it only after the opinions: end these first
        calling.call(platform, session, acting, item, "opinionsClosed")
        calling.call(platform, session, acting, item, "itemNotReached")
    if found.case_of(session, item).establishment_id != _place_of(session, item):
        calling.call(platform, session, acting, item, TRANSFERRED)  # the person was moved meanwhile
    entry = JournalEntry("item.put_off", item.case_id, "item", item.id, {"state": item.state})
    platform.ports.journal.write(session, acting, entry)


def _place_of(session: Session, item: AgendaItem) -> UUID:
    return session.get_one(CommissionSession, item.session_id).establishment_id


def settle(session: Session, acting: Acting, item: AgendaItem, outcome: str) -> None:
    """The commission has spoken on an item."""
    item.state, item.outcome, item.closed_at = "closed", outcome, acting.now
    session.flush()


def close(
    platform: Platform, session: Session, acting: Acting, row: CommissionSession, element_id: str
) -> None:
    """Close the session, once: what was not reached goes to the next agenda."""
    if row.state == "closed":
        raise EngineFault(element_id, "The session is closed already.")
    for item in found.items_of(session, row.id):
        standing.hold(session, item)  # its step may be completed at this very moment
        if item.state == found.ON_AGENDA:
            _put_off(platform, session, acting, item)
        elif item.state == "closed":
            retention.keep_until(session, acting, item)
    row.state, row.closed_at = "closed", acting.now
    session.flush()
    entry = JournalEntry("session.close", row.case_id, "session", row.id)
    platform.ports.journal.write(session, acting, entry)


def latest_new_day(session: Session, row: CommissionSession, now: datetime) -> date:
    """The last day on which a session without a quorum can meet again."""
    place = found.place_of(session, row)
    try:
        last = calendars.due_at(session, place, NEW_DATE_WITHIN, base=now, dates={})
    except DeadlineError:  # the pack of this service sets no other time
        last = calendars.due_at(session, place, OTHERWISE, base=now, dates={})
    return shown.local_day(last, place.zone)


def adjourn(platform: Platform, session: Session, acting: Acting, row: CommissionSession) -> date:
    """No quorum: the session meets on the new day that was named, else on the last one allowed."""
    place = found.place_of(session, row)
    day = shown.local_day(row.planned_at, place.zone)
    if day <= shown.local_day(acting.now, place.zone):
        day = latest_new_day(session, row, acting.now)
        row.planned_at = moved_to(row.planned_at, day, place.zone)
    items = [item.id for item in found.items_of(session, row.id) if item.state == found.ON_AGENDA]
    session.execute(
        delete(Attendance)
        .where(Attendance.item_id.in_(items))
        .execution_options(synchronize_session="fetch")
    )
    for item in session.scalars(select(AgendaItem).where(AgendaItem.id.in_(items))):
        item.quorum = None
    row.state = "convened"
    session.flush()
    entry = JournalEntry("session.adjourn", row.case_id, "session", row.id, {"on": str(day)})
    platform.ports.journal.write(session, acting, entry)
    return day


def moved_to(at: datetime, day: date, zone: str) -> datetime:
    """The same hour at the place on another day."""
    hour: time = at.astimezone(ZoneInfo(zone)).time()
    return datetime.combine(day, hour, ZoneInfo(zone))


def withdraw(session: Session, acting: Acting, case_id: UUID, but: Collection[UUID] = ()) -> None:
    """A case was ended from outside, or moved: it leaves every agenda, `but` those of the
    commissions named; what members wrote alone is kept no longer than usual."""
    wanted = select(AgendaItem).where(
        AgendaItem.case_id == case_id, AgendaItem.state == found.ON_AGENDA
    )
    for item in session.scalars(wanted):
        if item.instance_id not in but:
            item.state, item.closed_at = "withdrawn", acting.now
            retention.keep_until(session, acting, item)
    session.flush()
    for item in _with_opinions(session, case_id):  # put off, or in a session that still runs
        if item.instance_id not in but:
            retention.keep_until(session, acting, item)


def _with_opinions(session: Session, case_id: UUID) -> list[AgendaItem]:
    """The items whose seats wrote what still stands; a seat that no item holds any more is put
    back to the newest one of its commission."""
    given = (
        select(Seat)
        .join(HumanTask, HumanTask.seat_id == Seat.id)
        .join(RecordEntry, RecordEntry.task_id == HumanTask.id)
        .where(RecordEntry.case_id == case_id, RecordEntry.form.in_(OPINIONS))
        .where(RecordEntry.erased_at.is_(None))
    )
    items = {}
    for seat in session.scalars(given):
        if seat.item_id is None:
            newest = found.newest_item(session, seat.instance_id)
            seat.item_id = newest.id if newest else None
        if seat.item_id is not None:
            items[seat.item_id] = session.get_one(AgendaItem, seat.item_id)
    session.flush()
    return list(items.values())
