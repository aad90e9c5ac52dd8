"""Human contact of a person apart from others: a floor for every day, and who is told below it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework import grid_rules, material, shown
from casework.effects import Doing, effect
from casework.grid_rules import Finding
from casework.hooks import Submitted, hook
from casework.material import Looking, Request
from casework.supervision.days import A_DAY, LOG, NEXT, came, next_day, written
from casework.supervision.programme import today_of
from casework.supervision.silent_days import ALERT, SINCE
from casework.tables import Case, ContactDay
from processes import messages, parameters, reading
from processes.acting import Acting
from processes.deadlines import parse_span
from processes.ports import Code
from processes.tables import HumanTask, Subscription

FLOOR, ALERTED = "contact_floor", "de_facto_isolation"
UNDER = "dayUnderFloor"


@hook(LOG)
def log(submitted: Submitted) -> Mapping[str, Code]:
    """The day is written down; one under the floor is looked at with those before it. The next that
    is asked for is the first one missing: it may be long over."""
    session, case, today = submitted.session, submitted.case, today_of(submitted)
    on = grid_rules.day_of(submitted.answers.get("contact_on")) or today
    enough = _reached(session, case, submitted.answers, today)
    _enter(session, submitted.acting, case, on, enough=enough)
    if not enough:
        _ring(session, submitted.acting, case, submitted.task)
    knows = reading.variables_at(session, submitted.platform, submitted.acting, submitted.task)
    return {NEXT: next_day(session, case, grid_rules.day_of(knows.get(NEXT)) or on)}


def findings(
    looking: Looking, form: str, answers: Mapping[str, Any], request: Request | None
) -> list[Finding]:
    """A day is written down once, and none before the person came: what stands is changed by a
    correction, which may keep the day that it corrects."""
    on = grid_rules.day_of(answers.get("contact_on"))
    if form != LOG or on is None:
        return []
    session, case, speaking = looking.session, looking.case, looking.speaking
    since = came(session, case)
    if since is not None and on < since:
        words = speaking.say(
            "The person came on {day}. Choose that day or a later one.", day=speaking.day(since)
        )
        return [("contact_on", words)]
    if written(session, case, on) is None or (request and on == _corrected_day(looking, request)):
        return []
    words = speaking.say(
        "{day} is written down already, and only a correction changes it. Choose a day that is"
        " missing.",
        day=speaking.day(on),
    )
    return [("contact_on", words)]


def correct(looking: Looking, request: Request, answers: Mapping[str, Any]) -> None:
    """What a correction says of a day holds from now on: the days under the floor follow it."""
    on = grid_rules.day_of(answers.get("contact_on"))
    if looking.task.form != LOG or on is None:
        return
    session, acting, case = looking.session, looking.acting, looking.case
    today = shown.local_day(acting.now, shown.zone_of(session, looking.task.establishment_id))
    was = _corrected_day(looking, request)
    row = written(session, case, was) if was else None
    enough = _reached(session, case, answers, today)
    if row is None:
        _enter(session, acting, case, on, enough=enough)
    else:
        row.day, row.enough = on, enough
        session.flush()
    if not enough:
        _ring(session, acting, case, looking.task)


def _corrected_day(looking: Looking, request: Request) -> date | None:
    before = material.read_corrected(looking, request)
    return grid_rules.day_of(before.answers.get("contact_on")) if before else None


def _reached(session: Session, case: Case, answers: Mapping[str, Any], today: date) -> bool:
    """Whether the minutes of a day reach the floor."""
    values = parameters.Values(session, case.agency_id, today)
    floor = parse_span(values.get(FLOOR, "PT2H")).seconds // 60
    return int(answers.get("contact_minutes") or 0) >= floor


def _enter(session: Session, acting: Acting, case: Case, on: date, *, enough: bool) -> None:
    row = ContactDay(
        id=acting.new_id(), agency_id=case.agency_id, case_id=case.id, day=on, enough=enough
    )
    session.add(row)
    session.flush()


def _ring(session: Session, acting: Acting, case: Case, task: HumanTask) -> None:
    """Tell the watch of a day under the floor, if it waits just now. While the governor answers an
    alert it does not, and a message that is kept would ring again as soon as the answer is in."""
    waits = select(Subscription.id).where(
        Subscription.key == str(case.id), Subscription.name == UNDER
    )
    if session.scalars(waits.limit(1)).first() is None:
        return
    messages.send(
        session,
        acting,
        name=UNDER,
        case_id=case.id,
        place_id=task.establishment_id,
        sender_key=str(task.id),
        payload={},
    )


@effect("contact.look")
def look(doing: Doing) -> Mapping[str, Code]:
    """Whether so many days running were under the floor: this is isolation in effect [European
    Prison Rules 53A; Brussels court 2019, D-Rad:Ex]. And since when days are counted on."""
    session, case = doing.session, doing.case
    values = parameters.Values(session, case.agency_id, doing.today)
    running = timedelta(days=parse_span(values.get(ALERT, "P3D")).days)
    found = doing.call.variables.get(SINCE)
    since = grid_rules.day_of(found) or first_day(session, case, doing.today)
    due = _due(doing.acting.now, doing.place.zone)
    begun, isolated = run_of(_days(session, case, since), since, doing.today, due, running)
    return {SINCE: begun, ALERTED: isolated}


def run_of(
    days: Mapping[date, bool], since: date, today: date, due: date, running: timedelta
) -> tuple[date, bool]:
    """When the days without enough contact begin, and whether so many are over, one after the
    other, at any time since the day asked from: none is made good by a later one. What should be
    written by now (`due`) and is not counts as under the floor: it was not shown."""
    begun = day = since
    while day < today and (day in days or day <= due):
        day += A_DAY
        if days.get(day - A_DAY):
            begun = day
        elif day - begun >= running:
            return begun, True
    return begun, False


def _due(now: datetime, zone: str) -> date:
    """The last day that had to be written down by now: each has the whole next day for it."""
    return shown.local_day(now + timedelta(seconds=1), zone) - 2 * A_DAY


def _days(session: Session, case: Case, since: date) -> dict[date, bool]:
    wanted = select(ContactDay.day, ContactDay.enough).where(
        ContactDay.case_id == case.id, ContactDay.day >= since
    )
    return {row.day: row.enough for row in session.execute(wanted)}


def first_day(session: Session, case: Case, today: date) -> date:
    """From when a term counts: the day after the last one with enough contact during this stay;
    else its own first day, before which nobody was asked."""
    last = session.scalar(
        select(func.max(ContactDay.day)).where(
            ContactDay.case_id == case.id, ContactDay.enough.is_(True)
        )
    )
    since = came(session, case)
    return today if last is None or since is None or last < since else last + A_DAY


@effect("isolation.tell")
def tell(doing: Doing) -> Mapping[str, Code]:
    """Region and oversight are told at once; nobody below them can call it off (C-15)."""
    doing.tell("common.region", ALERTED, level=3)
    doing.tell("x.oversight", ALERTED, level=4)
    doing.note("isolation.alert")
    return {}


@hook("F-QPR-FLOOR")
def answered(submitted: Submitted) -> Mapping[str, Code]:
    """The governor has answered: days are counted anew from tomorrow, and if isolation goes on it
    is told again."""
    return {SINCE: today_of(submitted) + A_DAY}
