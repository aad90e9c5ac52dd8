"""Individual opinions are kept for a time after the session, then erased; the minutes stay.

The clock is casework's own: it runs with no instance alive.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import coming_due, erasure
from casework.coming_due import CameDue, guarded_by
from casework.commission.functions import OPINIONS
from casework.tables import AgendaItem, Draft, RecordEntry, Seat
from processes.acting import Acting
from processes.deadlines import DeadlineError
from processes.ports import JournalEntry
from processes.tables import Clock, HumanTask, ProcessInstance

GUARDS = "opinions"
NAME = "Individual opinions are erased"
RULE = "param:opinions_kept"
OTHERWISE = "P30D"
"""Thirty days after the session, then the minutes only [domain.md 0.1 FR-2]."""


def keep_until(session: Session, acting: Acting, item: AgendaItem) -> Clock:
    """Start the clock at whose end the item's individual opinions are erased, once."""
    known = select(Clock).where(Clock.guards == GUARDS, Clock.guarded_id == item.id)
    running = session.scalars(known.where(Clock.state == "running")).first()
    if running is not None:
        return running
    place_id = session.get_one(ProcessInstance, item.instance_id).establishment_id

    def watch(rule: str) -> Clock:
        return coming_due.watch(session, acting, item, place_id, rule, guards=GUARDS, name=NAME)

    try:
        return watch(RULE)
    except DeadlineError:  # the pack of this service sets no other time
        return watch(OTHERWISE)


@guarded_by(GUARDS)
def time_over(came: CameDue) -> None:
    """The time is over: destroy what the seats of the item wrote alone."""
    session, clock = came.session, came.clock
    entries = opinions_of(session, clock)
    erasure.erase_entries(session, came.acting, entries)
    clock.state = "done"
    entry = JournalEntry(
        "opinions.erased", clock.case_id, "item", clock.guarded_id, {"entries": len(entries)}
    )
    came.platform.ports.journal.write(session, came.acting, entry)


def opinions_of(session: Session, clock: Clock) -> list[RecordEntry]:
    """What was written on the item's seats and still stands."""
    tasks = (
        select(HumanTask.id)
        .join(Seat, Seat.id == HumanTask.seat_id)
        .where(Seat.item_id == clock.guarded_id, HumanTask.form.in_(OPINIONS))
    )
    _drop_drafts(session, list(session.scalars(tasks)))
    wanted = select(RecordEntry).where(
        RecordEntry.case_id == clock.case_id,
        RecordEntry.task_id.in_(tasks),
        RecordEntry.erased_at.is_(None),
    )
    return list(session.scalars(wanted))


def _drop_drafts(session: Session, task_ids: list[object]) -> None:
    for draft in session.scalars(select(Draft).where(Draft.task_id.in_(task_ids))):
        session.delete(draft)
