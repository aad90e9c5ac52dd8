"""Individual opinions: asked of seats, given unseen, closed by the chair, missing ones recorded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy.orm import Session

from casework.commission import calling, found, standing
from casework.refusals import Refused
from casework.tables import AgendaItem, Seat
from casework.words import ENGLISH, Speaking
from processes.acting import Acting
from processes.ports import JournalEntry

if TYPE_CHECKING:
    from casework.access import Viewer
    from casework.platform import Platform


@dataclass(frozen=True)
class Count:
    """How many opinions have come: state, never content."""

    given: int
    asked: int


def ask(session: Session, instance_id: UUID) -> list[Seat]:
    """Seats that have not given yet, asked now for the item on whose agenda the case stands."""
    item = found.item_of(session, instance_id)
    open_ones = []
    for seat in found.seats_of(session, instance_id):
        seat.item_id = item.id if item else None
        if seat.state != "given":
            seat.state = "asked"
            open_ones.append(seat)
    session.flush()
    return open_ones


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
