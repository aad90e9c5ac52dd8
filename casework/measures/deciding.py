"""Decisions on measures as rows: signed on a form, put in force by the step that follows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import access, grid_rules, shown
from casework.effects import Doing, effect
from casework.hooks import Submitted, hook
from casework.material import Looking
from casework.measures import competence, ending, force, known, remedies, signing, standing
from casework.measures.signing import Signature
from casework.measures.words import CARE_UNITS
from casework.tables import Case, Decision, Measure
from casework.words import ENGLISH, Wording
from processes import parameters, reading
from processes.acting import Acting
from processes.calendars import Times
from processes.engine import EngineFault
from processes.ports import Code
from processes.tables import Establishment, ProcessInstance

if TYPE_CHECKING:
    from casework.platform import Platform

DECIDED, LAPSED, ANNULLED = "decided", "lapsed", "annulled"
ASKED_FOR = 6
"""Months of one decision on a care unit [R. 224-20]."""
FOLLOW_UP = "reinforced_supervision"
"""What is applied in ordinary detention, and so ends where a placement in a unit begins."""
LISTS = ("measures", "lesser_measures")
PLACED = "placement_kind"
"""Of a placement there is one at a time: it is named, not listed."""


@dataclass(frozen=True)
class Signed:
    """What was signed: of which kind, with what outcome, by which step of the case."""

    kind: str
    outcome: str
    step_id: UUID
    """The task, or the entry of a start form, under which the reasons stand in the record."""
    signature: Signature
    rule: str | None
    effective_on: date | None = None
    review_on: date | None = None
    expires_on: date | None = None
    attested: str | None = None


@hook("F-DEC")
def sign(submitted: Submitted) -> Mapping[str, Code]:
    """The decision as a row, with authority, row of the table, dates, delegation; each measure a
    row of its own, put in force by the step that follows [domain.md C-04]."""
    looking, variables = looked_at(submitted)
    outcome = str(submitted.variables.get("measure_decision") or "")
    kind = str(variables.get("measure_kind") or "")
    signature = signing.signature(looking, kind) or Signature(submitted.task.role)
    if outcome == "returned":
        return {}
    taken = outcome == DECIDED
    row = write(
        submitted.platform,
        submitted.session,
        submitted.acting,
        submitted.case,
        submitted.instance,
        Signed(
            kind=kind,
            outcome=outcome,
            step_id=submitted.task.id,
            signature=signature,
            rule=_row(looking, variables),
            effective_on=_date(submitted, "effective_on") if taken else None,
            review_on=_date(submitted, "review_on") if taken else None,
            expires_on=_date(submitted, "measure_until") if taken else None,
            attested=str(submitted.answers.get("attestation") or "") or None,
        ),
    )
    if taken:
        for code in named(submitted.answers) or [kind]:
            add(submitted.session, submitted.acting, row, code)
    return {}


@hook("F-QER")
def sign_placement(submitted: Submitted) -> Mapping[str, Code]:
    """Placement in an evaluation unit is decided by the Minister alone [R. 224-18; FR-2-I2]."""
    outcome = str(submitted.variables.get("central_decision") or "")
    if outcome == "ask_more":
        return {}
    looking, variables = looked_at(submitted)
    signature = signing.signature(looking, "qer") or Signature(submitted.task.role)
    seen = {**variables, "measure_kind": "qer"}
    taken = outcome == "place_qer"
    signed = Signed(
        "qer",
        outcome,
        submitted.task.id,
        signature,
        _row(looking, seen),
        effective_on=grid_rules.day_of(submitted.answers.get("from_on")) if taken else None,
        expires_on=grid_rules.day_of(submitted.answers.get("until_on")) if taken else None,
    )
    write(
        submitted.platform,
        submitted.session,
        submitted.acting,
        submitted.case,
        submitted.instance,
        signed,
    )
    return {}


@hook("F-REV")
def note_review(submitted: Submitted) -> Mapping[str, Code]:
    """What a review proposed; whoever decides signs a decision of its own."""
    signed = Signed(
        "review",
        str(submitted.variables.get("review") or ""),
        submitted.task.id,
        Signature(submitted.task.role),
        None,
    )
    write(
        submitted.platform,
        submitted.session,
        submitted.acting,
        submitted.case,
        submitted.instance,
        signed,
    )
    return {}


def looked_at(submitted: Submitted) -> tuple[Looking, dict[str, Code]]:
    """The step once more, as its author sees it, with what the instance knows."""
    session, acting = submitted.session, submitted.acting
    if acting.user_id is None:
        raise ValueError("a decision is taken by a person")
    zone = shown.zone_of(session, submitted.task.establishment_id)
    on = shown.local_day(acting.now, zone)
    viewer = access.Viewer(acting.user_id, acting.agency_id, (), on)
    names = Wording.of(submitted.model, submitted.pack, ENGLISH)
    looking = Looking(
        submitted.platform,
        session,
        acting,
        viewer,
        submitted.task,
        submitted.case,
        submitted.instance,
        names,
    )
    seen = reading.variables_at(session, submitted.platform, acting, submitted.task)
    return looking, {**seen, **submitted.variables}


def _row(looking: Looking, variables: dict[str, Code]) -> str | None:
    answer = known.who_decides(looking, variables)
    return answer.rule if answer and answer.rule else None


def _date(submitted: Submitted, name: str) -> date | None:
    value = submitted.variables.get(name)
    return value if isinstance(value, date) else None


def named(answers: Mapping[str, Any]) -> list[str]:
    """The single measures that a form names, in its order."""
    found = []
    for key in LISTS:
        for part in answers.get(key) or ():
            code = part.get("measure") if isinstance(part, Mapping) else part
            if code and str(code) not in found:
                found.append(str(code))
    return found or [str(answers[PLACED])] if answers.get(PLACED) else found


def write(
    platform: Platform,
    session: Session,
    acting: Acting,
    case: Case,
    instance: ProcessInstance,
    signed: Signed,
) -> Decision:
    """Write the row of a decision."""
    if acting.user_id is None:
        raise ValueError("a decision is taken by a person")
    delegation = signed.signature.delegation
    row = Decision(
        id=acting.new_id(),
        agency_id=case.agency_id,
        case_id=case.id,
        instance_id=instance.id,
        task_id=signed.step_id,
        kind=signed.kind,
        outcome=signed.outcome,
        decided_by=acting.user_id,
        decided_at=acting.now,
        until=signed.expires_on,
        authority_role=signed.signature.role,
        rule=signed.rule,
        effective_on=signed.effective_on,
        review_on=signed.review_on,
        expires_on=signed.expires_on,
        delegation_id=delegation.id if delegation else None,
        attested=signed.attested,
        remedy_days=_remedy_days(platform, session, acting, case, instance, signed.kind),
    )
    session.add(row)
    session.flush()
    return row


def _remedy_days(
    platform: Platform,
    session: Session,
    acting: Acting,
    case: Case,
    instance: ProcessInstance,
    kind: str,
) -> int | None:
    """How many days there are to contest it, by the table and the parameters of the day."""
    place = session.get_one(Establishment, case.establishment_id)
    today = shown.local_day(acting.now, place.zone)
    names = shown.wording(platform, session, instance.version_id, ENGLISH)
    values = parameters.Values(session, case.agency_id, today)
    remedy = competence.contestable(names, kind, values)
    if remedy is None:
        return None
    at = Times(session, place).due_at(remedy.limit, base=acting.now, dates={})
    return (shown.local_day(at, place.zone) - today).days


def add(session: Session, acting: Acting, decision: Decision, code: str) -> Measure:
    """A single measure of a decision, not yet in force."""
    row = Measure(
        id=acting.new_id(),
        agency_id=decision.agency_id,
        case_id=decision.case_id,
        instance_id=decision.instance_id,
        decision_id=decision.id,
        kind=decision.kind,
        code=code,
        state=DECIDED,
        effective_on=decision.effective_on or decision.decided_at.date(),
        review_on=decision.review_on,
        expires_on=decision.expires_on,
    )
    session.add(row)
    session.flush()
    return row


@effect("measure.decide")
def put_in_force(doing: Doing) -> Mapping[str, Code]:
    """The measures that were signed last in this process run from their day on, each with its own
    clock; those that they follow are replaced at once, or end on the day before."""
    session, case = doing.session, doing.case
    wanted = select(Measure).where(
        Measure.instance_id == doing.call.instance_id, Measure.state == DECIDED
    )
    signed = list(session.scalars(wanted.order_by(Measure.id)))
    if not signed:
        raise EngineFault(doing.element.id, "Nothing was signed that could be put in force.")
    kinds = {row.kind for row in signed}
    if kinds.intersection(CARE_UNITS):
        kinds.add(FOLLOW_UP)
    before = [row for row in standing.in_force(session, case.id) if row.kind in kinds]
    ending.forget_stops(session, case)
    _make_room(doing, before, min(row.effective_on for row in signed))
    for row in signed:
        force.enter(doing.platform, session, doing.acting, case, row)
    return {}


def _make_room(doing: Doing, before: list[Measure], first: date) -> None:
    """Nothing of a kind is in force twice, and there is one regime: what ran before ends where the
    new begins, and the process that saw to it is stopped."""
    session, acting, last = doing.session, doing.acting, first - ending.A_DAY
    over = [row for row in before if first <= doing.today or row.effective_on > last]
    ended = force.end(doing.platform, session, acting, over, force.REPLACED)
    own = session.get_one(ProcessInstance, doing.call.instance_id)
    followed = [row for row in ended if row.kind == FOLLOW_UP]
    ending.tell(doing.platform, session, acting, followed, force.REPLACED, but=own)
    going_on = [row.id for row in before if row not in over]
    for row in force.locked(session, going_on):
        force.shorten(doing.platform, session, acting, doing.case, row, last)


@effect("measure.runs")
def still_runs(doing: Doing) -> Mapping[str, Code]:
    """Whether anything that the process sees to is in force still: nothing is put in place that
    has ended meanwhile."""
    return {"measure_runs": bool(_meant(doing))}


@effect("measure.end")
def stop(doing: Doing) -> Mapping[str, Code]:
    """End what runs, for the reason that the model names, and tell the process it runs in."""
    reason = doing.attribute("reason", "ended")
    session, acting, meant = doing.session, doing.acting, _meant(doing)
    if reason == LAPSED:  # only what has come to its last day; a renewal runs on
        meant = [row for row in meant if row.expires_on is None or row.expires_on <= doing.today]
        followed = [row for row in meant if ending.followed(session, row)]
        force.end(doing.platform, session, acting, followed, "replaced")
    ended = force.end(doing.platform, session, acting, meant, reason)
    if ending.stops(doing.model):
        ending.forget_stops(session, doing.case)
        return {}
    instance = session.get_one(ProcessInstance, doing.call.instance_id)
    ending.tell(doing.platform, session, acting, ended, reason, but=instance)
    return {}


def _meant(doing: Doing) -> list[Measure]:
    """Which measures a process ends: the urgent one it was begun by, those of the decision that a
    court annulled, else those of the kind that it runs for. What was annulled must be known: in its
    place no other measure ends."""

    session, case = doing.session, doing.case
    running = standing.in_force(session, case.id)
    instance = session.get_one(ProcessInstance, doing.call.instance_id)
    if ending.own_urgent(session, instance):
        return [row for row in running if row.kind == "urgent" and row.instance_id == instance.id]
    remedy = remedies.of_instance(session, instance.id)
    if doing.attribute("reason") == ANNULLED and (remedy is None or remedy.decision_id is None):
        raise EngineFault(doing.element.id, "The remedy names no decision that could be undone.")
    if remedy is not None:
        return [row for row in running if row.decision_id == remedy.decision_id]
    kind = doing.attribute("kind") or doing.call.variables.get("measure_kind")
    return [row for row in running if kind is None or row.kind == kind]


@effect("measure.months")
def count_months(doing: Doing) -> Mapping[str, Code]:
    """How many months measures of the kind would last in all with the decision that is asked for:
    beyond twelve, the Minister alone renews [R. 224-20]. Nothing is decided yet."""
    kind = str(doing.call.variables.get("measure_kind") or "")
    values = parameters.Values(doing.session, doing.case.agency_id, doing.today)
    gap = values.get(known.GAP, known.A_DAY)
    kinds = CARE_UNITS if kind in CARE_UNITS else (kind,)
    found = (known.runs_since(doing.session, doing.case.id, k, doing.today, gap) for k in kinds)
    since = min((day for day in found if day is not None), default=doing.today)
    so_far = (doing.today.year - since.year) * 12 + doing.today.month - since.month
    return {"measure_months": so_far + ASKED_FOR, "measure_decision": "no_measure"}
