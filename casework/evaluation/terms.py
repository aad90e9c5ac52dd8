"""How long somebody stays in an evaluation unit: the Minister's days, within the longest stay."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from casework import shown
from casework.tables import Case, Decision
from processes import calendars
from processes.deadlines import DeadlineError
from processes.tables import Establishment

LENGTH, LONGEST, EXTENSION, RECHECK = "qer_length", "qer_longest", "qer_extension", "qer_recheck"


def after(session: Session, case: Case, first: date, parameter: str) -> date | None:
    """The day so long after another, at the case's place; None where no parameter says it."""
    place = session.get_one(Establishment, case.establishment_id)
    rule, dates = f"param:{parameter} after first", {"first": first}
    base = datetime.combine(first, datetime.min.time(), ZoneInfo(place.zone))
    try:
        at = calendars.due_at(session, place, rule, base=base, dates=dates)
    except DeadlineError:
        return None
    return shown.local_day(at, place.zone)


def last_day(session: Session, case: Case, decision: Decision, first: date) -> date | None:
    """Of a stay that begins on a day: so many days as were decided, or as the parameter says."""
    if decision.effective_on is not None and decision.expires_on is not None:
        wanted: date | None = first + (decision.expires_on - decision.effective_on)
    else:
        wanted = after(session, case, first, LENGTH)
    longest = after(session, case, first, LONGEST)
    return min((day for day in (wanted, longest) if day is not None), default=None)


def latest_extension(session: Session, case: Case, first: date, last: date) -> date | None:
    """The last day that one extension can give: four weeks more, and seventeen in all."""
    days = (after(session, case, last, EXTENSION), after(session, case, first, LONGEST))
    return min((day for day in days if day is not None), default=None)
