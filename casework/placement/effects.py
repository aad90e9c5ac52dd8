"""What a placement does by itself: told on a day, contested, undone, its remedy closed (SE-6)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import select

from casework import grid_rules
from casework.effects import Doing, effect
from casework.hooks import Submitted, hook
from casework.measures import deciding, ending, force, remedies, standing
from casework.measures.deciding import Signed
from casework.measures.signing import Signature
from casework.placement import bundle, given, late
from casework.tables import Decision, Document, Remedy
from processes import messages
from processes.engine import EngineFault
from processes.ports import Code
from processes.tables import ProcessInstance, Subscription

KIND, RECONSIDERED = "placement", "reconsideration"
STOPPED = "placementStopped"
UNDONE = {"changed": "changed", "annulled": "annulled", "remitted": "annulled", "stayed": "stayed"}
"""How a placement's end is told, by what was found or ruled."""

CLOSED = remedies.CLOSED


@effect("placement.told")
def told(doing: Doing) -> Mapping[str, Code]:
    """The person has been reached: which decision, and the day from which the time to reject it
    runs [fängelselagen 14 kap.; SE-6-I4: no notice served, no clock]."""
    receipt = given.last(doing.session, doing.case.id, doing.call.instance_id, "F-RECEIPT")
    said = given.answers(doing.platform, doing.session, doing.acting, receipt)
    on: date = grid_rules.day_of(said.get("handed_on")) or doing.today
    row = _newest(doing)
    return {"told_on": on} | ({"told_decision": str(row.id)} if row else {})


def _newest(doing: Doing) -> Decision | None:
    wanted = select(Decision).where(
        Decision.instance_id == doing.call.instance_id,
        Decision.kind.in_((KIND, RECONSIDERED, late.KIND)),
    )
    return doing.session.scalars(
        wanted.order_by(Decision.decided_at.desc(), Decision.id.desc())
    ).first()


@effect("placement.contest")
def contest(doing: Doing) -> Mapping[str, Code]:
    """A rejection is a request to reconsider the decision that was told, and no other."""
    decision = doing.call.variables.get("told_decision")
    if not decision:
        raise EngineFault(doing.element.id, "No decision was told that could be rejected.")
    last = given.last(doing.session, doing.case.id, doing.call.instance_id, "F-REJECT")
    said = given.answers(doing.platform, doing.session, doing.acting, last)
    told_late = doing.call.variables.get("late_said_on")
    doing.session.add(
        Remedy(
            id=doing.acting.new_id(),
            agency_id=doing.case.agency_id,
            case_id=doing.case.id,
            instance_id=doing.call.instance_id,
            decision_id=UUID(str(decision)),
            kind=RECONSIDERED,
            lodged_on=grid_rules.day_of(said.get("said_on") or told_late) or doing.today,
            suspensive=False,
            state=remedies.OPEN,
        )
    )
    doing.session.flush()
    doing.note("remedy.open", decision=str(decision))
    return {}


def _remedy(doing: Doing) -> Remedy:
    remedy = remedies.of_instance(doing.session, doing.call.instance_id)
    if remedy is None or remedy.decision_id is None:
        raise EngineFault(doing.element.id, "No decision is contested by this process.")
    return remedy


@effect("placement.undo")
def undo(doing: Doing) -> Mapping[str, Code]:
    """End what runs by the contested decision. Where another has replaced it, that one stays
    untouched: nobody ruled on it."""
    remedy, session = _remedy(doing), doing.session
    found = str(doing.call.variables.get("court_ruling") or "")
    reason = UNDONE["changed" if doing.attribute("reason") == "changed" else found]
    running = standing.in_force(session, doing.case.id, KIND)
    meant = [row for row in running if row.decision_id == remedy.decision_id]
    ended = force.end(doing.platform, session, doing.acting, meant, reason)
    instance = session.get_one(ProcessInstance, doing.call.instance_id)
    ending.tell(doing.platform, session, doing.acting, ended, reason, but=instance)
    _hold_back(doing, remedy)
    doing.note("placement.undo", reason=reason, replaced="no" if ended else "yes")
    return {}


def _hold_back(doing: Doing, remedy: Remedy) -> None:
    """What has not been carried out yet is not carried out any more."""
    decision = doing.session.get_one(Decision, remedy.decision_id)
    waiting = select(Subscription.id).where(
        Subscription.name == STOPPED, Subscription.instance_id == decision.instance_id
    )
    if doing.session.scalars(waiting).first() is not None:
        messages.send(
            doing.session,
            doing.acting,
            name=STOPPED,
            case_id=doing.case.id,
            place_id=doing.case.establishment_id,
            sender_key=f"{decision.id}:{doing.element.id}",
            payload={},
        )


@effect("placement.withdrawn")
def withdrawn(doing: Doing) -> Mapping[str, Code]:
    """The person withdraws: nothing goes to the court."""
    remedy = _remedy(doing)
    remedy.ruling, remedy.state = "withdrawn", CLOSED
    doing.note("remedy.close", ruling="withdrawn")
    return {}


@effect("placement.ruled")
def ruled(doing: Doing) -> Mapping[str, Code]:
    """Nothing is left to do about this rejection."""
    remedy = _remedy(doing)
    remedy.state = CLOSED
    doing.note("remedy.close", ruling=remedy.ruling or "")
    return {}


@effect("placement.bundle")
def make_bundle(doing: Doing) -> Mapping[str, Code]:
    """The file for the court, from identity and the open file alone [SE-6-I3]."""
    remedy = _remedy(doing)
    remedy.kind, remedy.state, remedy.ruling, remedy.ruled_on = "court", remedies.OPEN, None, None
    issued: Document = bundle.issue(doing, remedy)
    doing.note("court.bundle", document=str(issued.id))
    return {}


@hook("F-RECON")
def reconsider(submitted: Submitted) -> Mapping[str, Code]:
    """The reconsideration is a decision of its own, by whoever signed it."""
    outcome = str(submitted.variables.get("reconsideration") or "")
    deciding.write(
        submitted.platform,
        submitted.session,
        submitted.acting,
        submitted.case,
        submitted.instance,
        Signed(RECONSIDERED, outcome, submitted.task.id, Signature(submitted.task.role), None),
    )
    remedy = remedies.of_instance(submitted.session, submitted.instance.id)
    if remedy is not None:
        remedy.ruling, remedy.state = outcome, remedies.RULED
        remedy.ruled_on = submitted.acting.now.date()
    return {}


@hook("F-COURT-RULING")
def rule(submitted: Submitted) -> Mapping[str, Code]:
    """What the court ruled, and when."""
    remedy = remedies.of_instance(submitted.session, submitted.instance.id)
    if remedy is not None:
        remedy.state = remedies.RULED
        remedy.ruling = str(submitted.variables.get("court_ruling") or "")
        remedy.ruled_on = grid_rules.day_of(submitted.answers.get("ruled_on"))
    return {}


@hook("F-PUT-RIGHT", "F-RIGHT-AFTER")
def carried_out(submitted: Submitted) -> Mapping[str, Code]:
    """What was changed or ruled has been carried out."""
    remedy = remedies.of_instance(submitted.session, submitted.instance.id)
    if remedy is not None:
        remedy.executed_at = submitted.acting.now
    return {}
