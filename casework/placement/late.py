"""A rejection after its time: taken down, looked at by its days alone, dismissed by a decision that
can itself be contested, or reconsidered like any other [förvaltningslagen 45 §; SE-6 step 7]."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import grid_rules
from casework.effects import Doing, effect
from casework.hooks import Submitted, hook
from casework.measures import contesting, deciding, remedies
from casework.measures.deciding import Signed
from casework.measures.signing import Signature
from casework.placement import given
from casework.refusals import Refused
from casework.tables import Case, Decision, Remedy
from casework.words import Speaking
from forms import Choice
from processes import advance, reading
from processes.ports import Code
from processes.tables import ProcessInstance

FORM, SOURCE, CHOSEN = "F-REJECT-LATE", "late_decisions", "late_decision"
KIND, LATE = "lateness", "late"
"""The decision that a rejection is dismissed by."""

MODEL, REJECTION, STANDS = "late-rejection", "rejection", "rejection_stands"
"""Where the time to reject a decision ran out without a word."""


def told_and_over(session: Session, case_id: UUID) -> list[Decision]:
    """The decisions that were told, and against which the time ran out without a word; each is
    rejected late once."""
    taken = {
        *session.scalars(select(Remedy.decision_id).where(Remedy.case_id == case_id)),
        *(
            _uuid(value)
            for row in reading.instances_of(session, case_id, (MODEL,))
            for value in _late(row)
        ),
    }
    found = {
        _uuid(value)
        for row in reading.instances_of(session, case_id, (REJECTION,))
        if row.outcome == STANDS
        for value in reading.values_kept(row, "told_decision")
    }
    wanted = select(Decision).where(Decision.id.in_(found - taken))
    return list(session.scalars(wanted.order_by(Decision.decided_at.desc(), Decision.id)))


def _late(row: ProcessInstance) -> frozenset[Code]:
    runs = row.state in advance.RUNNING
    return reading.values_kept(row, CHOSEN) if runs else frozenset()


def _uuid(value: Code) -> UUID:
    return UUID(str(value))


def options(session: Session, case: Case, speaking: Speaking) -> dict[str, Sequence[Choice]]:
    """The choices of the form."""
    return {
        SOURCE: [
            Choice(str(row.id), contesting.told(session, row, speaking))
            for row in told_and_over(session, case.id)
        ]
    }


@hook("F-LATE")
def decide(submitted: Submitted) -> Mapping[str, Code]:
    """Dismissed by a decision of its own; where it was in time, its reconsideration follows."""
    outcome = str(submitted.variables.get(KIND) or "")
    if outcome != LATE:
        return {}
    session = submitted.session
    chosen = next(iter(reading.values_kept(submitted.instance, CHOSEN)), None)
    if chosen is None:
        raise Refused("No decision is rejected by this process.")
    deciding.write(
        submitted.platform,
        session,
        submitted.acting,
        submitted.case,
        submitted.instance,
        Signed(KIND, outcome, submitted.task.id, Signature(submitted.task.role), None),
    )
    session.add(
        Remedy(
            id=submitted.acting.new_id(),
            agency_id=submitted.case.agency_id,
            case_id=submitted.case.id,
            instance_id=submitted.instance.id,
            decision_id=_uuid(chosen),
            kind="reconsideration",
            lodged_on=_said_on(submitted) or submitted.acting.now.date(),
            suspensive=False,
            state=remedies.CLOSED,
            ruling=LATE,
            ruled_on=submitted.acting.now.date(),
        )
    )
    session.flush()
    return {}


def _said_on(submitted: Submitted) -> date | None:
    last = given.last(submitted.session, submitted.case.id, submitted.instance.id, FORM)
    said = given.answers(submitted.platform, submitted.session, submitted.acting, last)
    return grid_rules.day_of(said.get("said_on"))


@effect("placement.in_time")
def in_time(doing: Doing) -> Mapping[str, Code]:
    """It counts as in time: what is reconsidered is the decision that was rejected, not the
    dismissal."""
    remedy = remedies.of_instance(doing.session, doing.call.instance_id)
    if remedy is not None:
        remedy.state = remedies.CLOSED
    doing.note("remedy.in_time", decision=str(doing.call.variables.get(CHOSEN)))
    last = given.last(doing.session, doing.case.id, doing.call.instance_id, FORM)
    said = given.answers(doing.platform, doing.session, doing.acting, last)
    on = grid_rules.day_of(said.get("said_on")) or doing.today
    return {"told_decision": doing.call.variables.get(CHOSEN), "late_said_on": on}
