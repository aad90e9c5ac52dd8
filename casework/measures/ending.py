"""Who must hear that a measure has ended: the process that runs for it, and the person."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.coming_due import CameDue, guarded_by
from casework.measures import force, standing
from casework.measures.words import family
from casework.tables import Case, Decision, Measure, Remedy
from casework.units import stays
from processes import advance, messages, reading
from processes.acting import Acting
from processes.engine import Model
from processes.tables import Message, ProcessInstance, Subscription

if TYPE_CHECKING:
    from casework.platform import Platform

STOPPED, LAPSED = "measureStopped", "measureLapsed"
CARRIES = frozenset({"measure.end", "evaluation.begin"})
A_DAY = timedelta(days=1)


@guarded_by(force.GUARDS)
def last_day_over(came: CameDue) -> None:
    """A measure ends by itself, with or without an instance, and the person is told
    [domain.md rule 8, C-05: interrupting expiry]."""
    measure = came.session.get(Measure, came.clock.guarded_id)
    if measure is None:
        came.clock.state = "done"
        return
    acting, session, platform = came.acting, came.session, came.platform
    follows = followed(session, measure)
    reason = "replaced" if follows else ("lifted" if measure.kind == "urgent" else "lapsed")
    ended = force.end(platform, session, acting, [measure], reason)
    came.clock.state = "done"
    if ended and not follows:
        tell(platform, session, acting, ended, reason)


def followed(session: Session, measure: Measure) -> bool:
    """Whether a new decision goes on where this one ends, without a day between, so that nothing
    lapses."""
    last = measure.expires_on or measure.effective_on
    return any(
        other.decision_id != measure.decision_id
        and other.effective_on <= last + A_DAY
        and (other.expires_on is None or other.expires_on > last)
        for other in standing.in_force(session, measure.case_id, measure.kind)
    )


def tell(
    platform: Platform,
    session: Session,
    acting: Acting,
    ended: list[Measure],
    reason: str,
    but: ProcessInstance | None = None,
) -> list[Message]:
    """Send what must be told, once for a decision: the process that runs for the measure is
    stopped and tells the person; where none does, the person is told by a process of its own.

    `but` is the instance that ended the measure itself: it needs no message. A process that a later
    decision of the kind still needs is not stopped: the person alone is told. Of what is replaced
    no message is kept: the process that follows would take it.
    """
    if not ended:
        return []
    case = session.get_one(Case, ended[0].case_id)
    runs = carriers(platform, session, acting, case, ended)
    if but is not None and but in runs:
        return []
    found = []
    if needed := _begins_later(session, ended[0]):
        runs = []
    waits = _first_waiting(session, case)
    heard = waits in [instance.id for instance in runs]
    if not needed and (heard or (waits is None and reason != force.REPLACED)):
        found.append(_send(session, acting, case, ended[0], STOPPED, reason))
    if not runs and reason in {"lapsed", "lifted"}:
        found.append(_send(session, acting, case, ended[0], LAPSED, reason))
    return found


def _begins_later(session: Session, ended: Measure) -> bool:
    """Whether a decision of the kind stands whose measures begin after this one did."""
    running = standing.in_force(session, ended.case_id, ended.kind)
    return any(row.effective_on > ended.effective_on for row in running)


def carriers(
    platform: Platform, session: Session, acting: Acting, case: Case, measures: list[Measure]
) -> list[ProcessInstance]:
    """The running instances that see a measure to its end: those whose model ends measures, and
    that ordered this one or run for its kind."""
    wanted = select(ProcessInstance).where(
        ProcessInstance.case_id == case.id, ProcessInstance.state.in_(advance.RUNNING)
    )
    return [
        instance
        for instance in session.scalars(wanted.order_by(ProcessInstance.started_at))
        if _carries(platform, session, acting, instance, measures)
    ]


def _carries(
    platform: Platform,
    session: Session,
    acting: Acting,
    instance: ProcessInstance,
    measures: list[Measure],
) -> bool:
    model = platform.models.model(session, instance.version_id)
    if not stops(model):
        return False
    ordered = {row.kind for row in measures if row.instance_id == instance.id}
    if "urgent" in ordered:
        return True
    if own_urgent(session, instance):  # it runs for the urgent measure alone
        return False
    kind = reading.variables_of(session, platform, acting, instance).get("measure_kind")
    return any(row.kind in family(str(kind)) for row in measures)


def stops(model: Model) -> bool:
    """Whether a process carries measures and waits to hear that one has ended elsewhere."""
    elements = model.elements.values()
    ends = any(element.effect in CARRIES for element in elements)
    return ends and any(element.message == STOPPED for element in elements)


def own_urgent(session: Session, instance: ProcessInstance) -> bool:
    """Whether an instance was begun by an urgent measure, which it confirms or lifts."""
    wanted = select(Measure.id).where(Measure.instance_id == instance.id, Measure.kind == "urgent")
    return session.scalars(wanted.limit(1)).first() is not None


def _first_waiting(session: Session, case: Case) -> object:
    """The instance that would take `measureStopped`: the first that waits for it in the case."""
    wanted = select(Subscription.instance_id).where(
        Subscription.agency_id == case.agency_id,
        Subscription.name == STOPPED,
        Subscription.key == str(case.id),
        Subscription.instance_id.is_not(None),
    )
    return session.scalars(wanted.limit(1)).first()


def _send(
    session: Session, acting: Acting, case: Case, measure: Measure, name: str, reason: str
) -> Message:
    decision = session.get_one(Decision, measure.decision_id)
    return messages.send(
        session,
        acting,
        name=name,
        case_id=case.id,
        place_id=case.establishment_id,
        sender_key=f"{decision.id}:{reason}",
        payload={"measure_kind": measure.kind},
    )


def forget_stops(session: Session, case: Case) -> None:
    """What stopped an earlier measure stops no later one: it is refused where nobody took it."""
    kept = select(Message).where(
        Message.case_id == case.id, Message.name == STOPPED, Message.state == "kept"
    )
    for message in session.scalars(kept):
        messages.refuse(session, message)


def interrupted(
    platform: Platform, session: Session, acting: Acting, case: Case, reason: str
) -> list[Measure]:
    """Release, death, a court: the measures end with what ran in the case, and the process that
    follows tells the person. Remedies stay known as open: they go with the person."""
    told = force.INTERRUPTED_BY.get(reason, "lifted")
    stays.leave(session, acting, case.id, stays.KINDS)
    contested = select(Remedy).where(Remedy.case_id == case.id, Remedy.state != "closed")
    for remedy in session.scalars(contested):
        remedy.state = "interrupted"
    return force.end(platform, session, acting, standing.in_force(session, case.id), told)
