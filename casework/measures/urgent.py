"""Urgent measures: ordered against a danger now, in force at once, lifted by their own clock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework import grid_rules, moves, notifying, shown
from casework.commission import ledger
from casework.commission.functions import OVERSIGHT, REGION
from casework.effects import Doing, effect
from casework.hooks import Submitted, hook
from casework.measures import competence, deciding, force, rules, standing
from casework.measures.deciding import Signed
from casework.measures.signing import Signature
from casework.refusals import Refused
from casework.starting import Begun, begins
from casework.tables import Case, Measure, Person
from casework.words import ENGLISH, Wording
from processes import parameters
from processes.acting import Acting
from processes.calendars import Times
from processes.engine import EngineFault
from processes.ports import Code
from processes.tables import Establishment, ProcessInstance

if TYPE_CHECKING:
    from casework.platform import Platform

KIND = "urgent"
LIMIT, AGAIN = "param:urgent_max", "param:urgent_again"


@begins("F-URGENT")
def ordered(begun: Begun) -> None:
    """The duty authority orders the least measure on a case."""
    order(
        begun.platform,
        begun.session,
        begun.acting,
        begun.case,
        begun.instance,
        begun.names,
        begun.role,
        begun.entry_id,
        begun.answers,
    )


@hook("F-URGENT")
def ordered_when_asked(submitted: Submitted) -> Mapping[str, Code]:
    """The same, when the commission asked for it."""
    order(
        submitted.platform,
        submitted.session,
        submitted.acting,
        submitted.case,
        submitted.instance,
        Wording.of(submitted.model, submitted.pack, ENGLISH),
        submitted.task.role,
        submitted.task.id,
        submitted.answers,
    )
    return {}


def order(
    platform: Platform,
    session: Session,
    acting: Acting,
    case: Case,
    instance: ProcessInstance,
    names: Wording,
    role: str,
    step_id: UUID,
    answers: Mapping[str, Any],
) -> None:
    """A decision with its measures, in force now; they end by themselves to the hour.

    Of two orders at once the second waits for the first, and is refused then."""
    moves.holding_still(session, case.person_id)
    if standing.in_force(session, case.id, KIND):
        raise Refused(rules.one_runs(names.speaking))
    place = session.get_one(Establishment, case.establishment_id)
    began = _began(answers, acting.now, place)
    ends = Times(session, place).due_at(LIMIT, base=began, dates={})
    if _follows_another(session, case, place, began):
        _tell_above(platform, session, acting, case)
    today = shown.local_day(acting.now, place.zone)
    values = parameters.Values(session, case.agency_id, today)
    answer = competence.ask(names, {"measure_kind": KIND}, values)
    row = deciding.write(
        platform,
        session,
        acting,
        case,
        instance,
        Signed(
            kind=KIND,
            outcome=deciding.DECIDED,
            step_id=step_id,
            signature=Signature(role),
            rule=answer.rule if answer and answer.rule else None,
            effective_on=shown.local_day(began, place.zone),
            review_on=None,
            expires_on=shown.local_day(ends - timedelta(seconds=1), place.zone),
        ),
    )
    for code in deciding.named(answers) or [KIND]:
        measure = deciding.add(session, acting, row, code)
        force.enter(platform, session, acting, case, measure, LIMIT, began)
    ledger.ordered(session, acting, case.id)


def _follows_another(session: Session, case: Case, place: Establishment, began: datetime) -> bool:
    """Whether an urgent measure of the case ended shortly before, in whatever way."""
    wanted = select(func.max(Measure.ended_at)).where(
        Measure.case_id == case.id, Measure.kind == KIND, Measure.state == force.ENDED
    )
    ended = session.scalar(wanted)
    return ended is not None and began <= Times(session, place).due_at(AGAIN, base=ended, dates={})


def _tell_above(platform: Platform, session: Session, acting: Acting, case: Case) -> None:
    """Days of urgency that follow each other are looked at from outside."""
    for role in (REGION, OVERSIGHT):
        notifying.tell_role(
            session,
            acting,
            platform.ports.directory,
            role,
            "urgent_again",
            establishment_id=case.establishment_id,
            case_id=case.id,
            level=2,
        )


def _began(answers: Mapping[str, Any], now: datetime, place: Establishment) -> datetime:
    """Since when the measure is applied: its longest time counts from there, not from the form."""
    day, at = grid_rules.day_of(answers.get("since")), rules.time_of(answers.get("at_time"))
    if answers.get("at_time") and at is None:
        raise ValueError("an hour is given that no day has")
    if day is None or at is None:
        return now
    return min(now, datetime.combine(day, at, ZoneInfo(place.zone)).astimezone(UTC))


@effect("person.status")
def status(doing: Doing) -> Mapping[str, Code]:
    """The penal status as the register has it: it decides whom a court's side is told by."""
    if doing.case.person_id is None:
        raise EngineFault(doing.element.id, "The case is about nobody any more: it was erased.")
    person = doing.session.get_one(Person, doing.case.person_id)
    return {"penal_status": person.penal_status}
