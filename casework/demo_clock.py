"""Moves the time of cases forward, in a database created as demo and in no other.

The clock does not jump: it stops at every moment on the way at which something falls due, does it
with that moment as its time, and goes on. So what follows from a missed deadline (a reminder, the
superior's task, the next deadline) bears its true dates, as if nobody had moved anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from processes import calendars
from processes.acting import Acting
from processes.ports import JournalEntry
from processes.sweep import Hands, run_due
from processes.tables import Establishment, Installation, Timer

if TYPE_CHECKING:
    from casework.platform import Platform

STEPS = ("day", "working-day", "week", "deadline")
"""How far the clock may be moved at once."""

A_MOMENT = timedelta(seconds=1)
"""A deadline passes after its instant, not at it."""


MOST_STOPS = 500
"""How often the clock stops on its way; what falls due after that is done at the new time."""


class NotADemo(Exception):
    """The database was not created as demo: its time is the wall clock's, for ever."""


class NothingAhead(Exception):
    """No deadline waits: there is nothing to move the clock to."""


def move(
    platform: Platform, session: Session, acting: Acting, by: str, place_id: UUID | None = None
) -> datetime:
    """Move the clock forward and give the new time of cases.

    `by` is one of STEPS; a working day is one at the place given.
    """
    here = session.get(Installation, 1, with_for_update=True)
    if here is None or not here.demo:
        raise NotADemo("the clock moves only in a database created as demo")
    seconds = _seconds(session, acting, by, place_id)
    here.clock_offset_seconds += seconds
    entry = JournalEntry(
        act="demo.clock_moved",
        case_id=None,
        subject_kind="agency",
        subject_id=acting.agency_id,
        codes={"by": by, "seconds": seconds},
    )
    platform.ports.journal.write(session, acting, entry)
    until = acting.now + timedelta(seconds=seconds)
    _pass_time(platform, session, acting, until)
    return until


def _pass_time(platform: Platform, session: Session, acting: Acting, until: datetime) -> None:
    """Do what falls due on the way, moment by moment, in the transaction of the move."""
    at: datetime | None = acting.now
    for _ in range(MOST_STOPS):
        if at is None or at > until:
            return
        here = replace(acting, user_id=None, now=at)
        run_due(_hands(platform, session, here))
        at = next_deadline(session, here)


def _hands(platform: Platform, session: Session, here: Acting) -> Hands:
    """Hands for one moment: what fails is undone alone, and written down as ever."""

    @contextmanager
    def reading() -> Iterator[Session]:
        yield session

    @contextmanager
    def writing() -> Iterator[Session]:
        with session.begin_nested():
            yield session

    def acting_for(agency_id: UUID) -> Acting:
        return replace(here, agency_id=agency_id)

    return Hands(reading, writing, platform, acting_for, lambda: here.now)


def next_deadline(session: Session, acting: Acting) -> datetime | None:
    """The nearest moment ahead at which something falls due."""
    waiting = select(func.min(Timer.due_at)).where(
        Timer.agency_id == acting.agency_id, Timer.state == "pending", Timer.due_at > acting.now
    )
    return session.execute(waiting).scalar()


def _seconds(session: Session, acting: Acting, by: str, place_id: UUID | None) -> int:
    target = _target(session, acting, by, place_id)
    # whole seconds, rounded up, so that the deadline has truly passed
    return max(1, -int((acting.now - target) // timedelta(seconds=1)))


def _target(session: Session, acting: Acting, by: str, place_id: UUID | None) -> datetime:
    if by == "day":
        return acting.now + timedelta(days=1)
    if by == "week":
        return acting.now + timedelta(weeks=1)
    if by == "working-day":
        return _next_working_day(session, acting, place_id)
    if by == "deadline":
        ahead = next_deadline(session, acting)
        if ahead is None:
            raise NothingAhead("no deadline waits")
        return ahead + A_MOMENT
    raise ValueError(f"the clock moves by one of {', '.join(STEPS)}, not by {by!r}")


def _next_working_day(session: Session, acting: Acting, place_id: UUID | None) -> datetime:
    """The same hour on the next working day of the place."""
    place = session.get(Establishment, place_id) if place_id else None
    if place is None:
        return acting.now + timedelta(days=1)
    local = acting.now.astimezone(ZoneInfo(place.zone))
    day = calendars.calendar_of(session, place).shift(local.date(), 1, 1)
    return datetime.combine(day, local.timetz())
