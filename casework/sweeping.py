"""One look of a clock at what is due, and the mark by which a monitor sees that it looked."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from casework import papers, seals, startdrafts
from casework.platform import Platform
from processes.sweep import Hands, Sweep, run_due
from processes.tables import Installation

MARK_EVERY = timedelta(seconds=15)
"""A mark at every look would take the write lock each second for nothing."""


def look(platform: Platform, hands: Hands) -> Sweep:
    """Do everything that is due, then note when that was."""
    done = run_due(hands)
    now = platform.real_now()
    with hands.reading() as session:
        marked = last_look(session)
    if marked is None or now - marked >= MARK_EVERY:
        with hands.writing() as session:
            session.execute(update(Installation).values(swept_at=now))
    return done


def seal(platform: Platform, hands: Hands, *, first: bool = False) -> None:
    """Seal what grew, destroy start forms left half-typed and files of papers that no row names;
    where nothing is to be done nothing is written. The `first` time also what a crash kept from
    the file outside is copied there."""
    with hands.reading() as session:
        papers.sweep(platform.settings, session, platform.real_now())
        case_now = platform.case_now(session)
        wanted = first or seals.has_grown(session) or startdrafts.has_old(session, case_now)
    if wanted:
        with hands.writing() as session:
            startdrafts.drop_old(session, case_now)
            seals.seal(session, platform.keyring, platform.real_now())


def last_look(session: Session) -> datetime | None:
    """When a clock last did all that was due, to a quarter of a minute; None when none ever did."""
    return session.scalar(select(Installation.swept_at).where(Installation.id == 1))
