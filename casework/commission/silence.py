"""Ninety days after an opinion has left, silence is entered, at whatever step its process stands.

The clock is casework's own: a hearing that stalls, or a process that is an incident, stops it not
[domain.md 0.1 FR-2, rule 9].
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import coming_due
from casework.coming_due import CameDue, guarded_by
from casework.commission import ledger
from casework.tables import Opinion
from processes import clocks
from processes.acting import Acting
from processes.deadlines import DeadlineError
from processes.tables import Clock

GUARDS = "opinion"
NAME = "The answer to an opinion"
RULE = "param:central_limit"
REGION_NAME = "The region's opinion"
REGION_RULE = "param:region_limit"


def watch(session: Session, acting: Acting, opinion: Opinion) -> Clock | None:
    """Start the clocks of an opinion that has left: the region's, and the one that ends in silence.
    None where the service sets no limit."""
    _start(session, acting, opinion, REGION_RULE, ledger.OF_REGION, REGION_NAME)
    return _start(session, acting, opinion, RULE, GUARDS, NAME)


def _start(
    session: Session, acting: Acting, opinion: Opinion, rule: str, guards: str, name: str
) -> Clock | None:
    place = opinion.establishment_id
    try:
        return coming_due.watch(session, acting, opinion, place, rule, guards=guards, name=name)
    except DeadlineError:
        return None


@guarded_by(ledger.OF_REGION)
def region_silent(came: CameDue) -> None:
    """The region has not spoken in its time: that is no reason to wait, the ministry owes now."""
    opinion = came.session.get(Opinion, came.clock.guarded_id)
    if opinion is not None:
        ledger.pass_on(came.session, opinion)
    came.clock.state = "done"


@guarded_by(GUARDS)
def time_over(came: CameDue) -> None:
    """Nobody answered in time: silence places nobody, and a fresh opinion is due."""
    opinion = came.session.get(Opinion, came.clock.guarded_id)
    if opinion is not None:
        directory = came.platform.ports.directory
        ledger.unanswered(came.session, came.acting, directory, opinion)
    came.clock.state = "done"


def withdraw(session: Session, case_id: object) -> None:
    """A case was ended from outside: nobody owes its opinions an answer any more."""
    wanted = select(Opinion).where(Opinion.case_id == case_id, Opinion.state.in_(ledger.OWED))
    for opinion in session.scalars(wanted):
        opinion.state = "superseded"
        clocks.end_clocks(session, opinion.id, "cancelled")
    session.flush()
