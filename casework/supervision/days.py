"""The days apart from others: since when, which are written down, and which is missing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework import grid_rules, shown
from casework.tables import Case, ContactDay, Stay
from processes import reading

if TYPE_CHECKING:
    from casework.material import Looking

LOG = "F-QPR-CONTACT"
APART = "qpr_individual"
NEXT = "contact_next"
"""The day that is to be written down next: the first without an entry."""

A_DAY = timedelta(days=1)


def came(session: Session, case: Case) -> date | None:
    """The day on which the person came into individual supervision."""
    wanted = select(Stay.came_at).where(
        Stay.case_id == case.id, Stay.kind == APART, Stay.came_at.is_not(None)
    )
    at = session.scalars(wanted.order_by(Stay.came_at.desc())).first()
    zone = shown.zone_of(session, case.establishment_id)
    return shown.local_day(at, zone) if at else None


def written(session: Session, case: Case, on: date) -> ContactDay | None:
    """What is written down of a day."""
    wanted = select(ContactDay).where(ContactDay.case_id == case.id, ContactDay.day == on)
    return session.scalars(wanted).first()


def next_day(session: Session, case: Case, asked: date) -> date:
    """The first day without an entry, from the first that was written down during this stay, or
    from the one that was asked for, whichever is earlier: before them nobody was asked."""
    begun = came(session, case) or asked
    wanted = select(func.min(ContactDay.day)).where(
        ContactDay.case_id == case.id, ContactDay.day >= begun
    )
    first = min(asked, session.scalar(wanted) or asked)
    rows = select(ContactDay.day).where(ContactDay.case_id == case.id, ContactDay.day >= first)
    known = set(session.scalars(rows))
    while first in known:
        first += A_DAY
    return first


def suggested(looking: Looking) -> Mapping[str, str] | None:
    """With which day the log is opened: the first that is missing."""
    task = looking.task
    if task.form != LOG or task.state != "open" or task.handed_back_from is not None:
        return None
    session = looking.session
    knows = reading.variables_at(session, looking.platform, looking.acting, task)
    asked = grid_rules.day_of(knows.get(NEXT))
    return {"contact_on": next_day(session, looking.case, asked).isoformat()} if asked else None
