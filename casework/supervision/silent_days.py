"""Above the governor's answer to an alarm: the days that rang, and why each counts."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from casework import grid_rules
from casework.pages import Fact
from casework.tables import ContactDay
from processes import parameters, reading
from processes.deadlines import parse_span

if TYPE_CHECKING:
    from casework.material import Looking

FORM = "F-QPR-FLOOR"
ALERT, SINCE = "contact_alert", "contact_since"
"""How many days ring, and the first of them."""


def facts(looking: Looking) -> list[Fact]:
    """Each day of the alarm: not written down, or under the floor [European Prison Rules 53A]."""
    if looking.task.form != FORM or looking.task.state != "open":
        return []
    variables = reading.variables_at(
        looking.session, looking.platform, looking.acting, looking.task
    )
    since = grid_rules.day_of(variables.get(SINCE))
    if since is None:
        return []
    values = parameters.Values(looking.session, looking.case.agency_id, looking.viewer.on)
    running = parse_span(values.get(ALERT, "P3D")).days
    days = [since + timedelta(days=number) for number in range(running)]
    source = looking.speaking.say("log of contact")
    return [Fact(looking.speaking.day(day), told, source) for day, told in _told(looking, days)]


def _told(looking: Looking, days: list[date]) -> list[tuple[date, str]]:
    say = looking.speaking.say
    wanted = select(ContactDay.day).where(
        ContactDay.case_id == looking.case.id, ContactDay.day.in_(days)
    )
    written = set(looking.session.scalars(wanted))
    under, silent = say("contact under the floor"), say("nobody wrote down any contact")
    return [(day, under if day in written else silent) for day in days]
