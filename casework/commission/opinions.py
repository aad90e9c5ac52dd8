"""Individual opinions: asked of seats, given unseen, closed by the chair, missing ones recorded."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import rounds
from casework.commission import calling, found, standing
from casework.commission.functions import OPINIONS
from casework.refusals import Refused
from casework.tables import AgendaItem, EntryRead, RecordEntry, Seat
from casework.words import ENGLISH, Speaking
from processes.acting import Acting
from processes.ports import JournalEntry
from processes.tables import HumanTask

if TYPE_CHECKING:
    from casework.access import Viewer
    from casework.platform import Platform


@dataclass(frozen=True)
class Count:
    """How many opinions have come: state, never content."""

    given: int
    asked: int


def ask(session: Session, acting: Acting, instance_id: UUID) -> list[Seat]:
    """Seats that have not given yet, asked now for the item on whose agenda the case stands.

    Whoever has read another's opinion meanwhile would not write unseen: the alternate who has not
    is asked instead; without one the seat stays missing.
    """
    item = found.item_of(session, instance_id)
    seats = found.seats_of(session, instance_id)
    read = readers(session, seats)
    open_ones = []
    for seat in seats:
        seat.item_id = item.id if item else None
        if seat.state == "given":
            continue
        if seat.user_id in read and seat.alternate_id is not None and seat.alternate_id not in read:
            rounds.take(session, acting, seat, seat.alternate_id)
        seat.state = "missing" if seat.user_id in read else "asked"
        if seat.state == "asked":
            open_ones.append(seat)
    session.flush()
    return open_ones


def readers(session: Session, seats: Collection[Seat]) -> frozenset[UUID]:
    """Who has read what somebody else wrote alone on one of these seats."""
    wanted = (
        select(EntryRead.user_id)
        .join(RecordEntry, RecordEntry.id == EntryRead.entry_id)
        .join(HumanTask, HumanTask.id == RecordEntry.task_id)
        .where(HumanTask.seat_id.in_([seat.id for seat in seats]), RecordEntry.form.in_(OPINIONS))
    )
    return frozenset(session.scalars(wanted))


def has_read(session: Session, seat: Seat, user_id: UUID) -> bool:
    """Whether somebody has read what another wrote alone on an item of the seat's commission."""
    return user_id in readers(session, found.seats_of(session, seat.instance_id))


def missing(session: Session, instance_id: UUID) -> list[Seat]:
    """Seats whose opinion has not come are recorded, never awaited."""
    absent = [seat for seat in found.seats_of(session, instance_id) if seat.state == "asked"]
    for seat in absent:
        seat.state = "missing"
    session.flush()
    return absent


def count(seats: list[Seat]) -> Count:
    """Of an item's seats."""
    return Count(sum(seat.state == "given" for seat in seats), len(seats))


def close(
    platform: Platform,
    session: Session,
    acting: Acting,
    viewer: Viewer,
    item_id: UUID,
    speaking: Speaking = ENGLISH,
) -> AgendaItem:
    """The chair closes the opinions of an item: nobody is waited for, and members see them now."""
    item, row = standing.item_to_lead(session, viewer, item_id)
    standing.require_chair(viewer, row, speaking)
    standing.require_sitting(session, row, acting.now, speaking)
    standing.hold(
        session, item
    )  # the case may be moved, or its step completed, at this very moment
    standing.require_on_agenda(item, speaking)
    if item.opinions_closed_at is not None:
        raise Refused(speaking.say("The opinions on this item have been closed already."))
    calling.call(platform, session, acting, item, "opinionsClosed")
    missing(session, item.instance_id)
    item.opinions_closed_at = acting.now
    session.flush()
    entry = JournalEntry("opinions.close", item.case_id, "item", item.id)
    platform.ports.journal.write(session, acting, entry)
    return item
