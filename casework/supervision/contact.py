"""Human contact of a person apart from others: a floor for every day, and who is told below it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework import grid_rules, shown
from casework.effects import Doing, effect
from casework.hooks import Submitted, hook
from casework.supervision.programme import today_of
from casework.tables import Case, ContactDay, Stay
from processes import parameters
from processes.deadlines import parse_span
from processes.ports import Code

if TYPE_CHECKING:
    from collections.abc import Sequence

FLOOR, ALERT = "contact_floor", "contact_alert"
ALERTED = "de_facto_isolation"
APART = "qpr_individual"


LOOKED_BACK = timedelta(days=62)
"""A gap longer than that has alarmed long ago."""


@hook("F-QPR-CONTACT")
def log(submitted: Submitted) -> Mapping[str, Code]:
    """The day is written down; after so many days under the floor, one after the other, this is
    isolation in effect [European Prison Rules 53A; Brussels court 2019, D-Rad:Ex]."""
    session, case, today = submitted.session, submitted.case, today_of(submitted)
    values = parameters.Values(session, case.agency_id, today)
    on = grid_rules.day_of(submitted.answers.get("contact_on")) or today
    floor = parse_span(values.get(FLOOR, "PT2H")).seconds // 60
    minutes = int(submitted.answers.get("contact_minutes") or 0)
    _enter(submitted, on, enough=minutes >= floor)
    running = parse_span(values.get(ALERT, "P3D")).days
    return {ALERTED: went_under(session, case, on, today, running)}


def _enter(submitted: Submitted, on: date, *, enough: bool) -> None:
    session, case = submitted.session, submitted.case
    known = session.scalars(
        select(ContactDay).where(ContactDay.case_id == case.id, ContactDay.day == on)
    ).first()
    if known is not None:
        known.enough = enough
    else:
        new_id = submitted.acting.new_id()
        row = ContactDay(
            id=new_id, agency_id=case.agency_id, case_id=case.id, day=on, enough=enough
        )
        session.add(row)
    session.flush()


def went_under(session: Session, case: Case, on: date, today: date, days: int) -> bool:
    """Whether so many days running were under the floor since the day written before this one, and
    until yesterday: nobody makes a gap good by writing one day of it."""
    came = _came(session, case)
    if came is None:
        return False
    wanted = select(func.max(ContactDay.day)).where(
        ContactDay.case_id == case.id, ContactDay.day < on
    )
    first = max(came, session.scalar(wanted) or came, today - LOOKED_BACK)
    last = max(on, today - timedelta(days=1))
    asked = (first + timedelta(days=more) for more in range((last - first).days + 1))
    return any(under_the_floor(session, case, day, days) for day in asked)


def under_the_floor(session: Session, case: Case, on: date, days: int) -> bool:
    """Whether so many days up to this one were all under the floor. A day nobody wrote down counts
    as one: what is not written down was not shown. Days before the person came do not count."""
    meant = [on - timedelta(days=back) for back in range(days)]
    came = _came(session, case)
    if came is None or min(meant) < came:
        return False
    wanted = select(ContactDay.day).where(
        ContactDay.case_id == case.id, ContactDay.day.in_(meant), ContactDay.enough.is_(True)
    )
    enough: Sequence[date] = session.scalars(wanted).all()
    return not enough


def _came(session: Session, case: Case) -> date | None:
    """The day on which the person came into individual supervision."""
    wanted = select(Stay.came_at).where(
        Stay.case_id == case.id, Stay.kind == APART, Stay.came_at.is_not(None)
    )
    came = session.scalars(wanted.order_by(Stay.came_at.desc())).first()
    zone = shown.zone_of(session, case.establishment_id)
    return shown.local_day(came, zone) if came else None


@effect("isolation.tell")
def tell(doing: Doing) -> Mapping[str, Code]:
    """Region and oversight are told at once; nobody below them can call it off (C-15)."""
    doing.tell("common.region", ALERTED, level=3)
    doing.tell("x.oversight", ALERTED, level=4)
    doing.note("isolation.alert")
    return {}
