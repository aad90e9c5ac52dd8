"""Remedies: a decision contested, what was ruled, and whether the ruling was carried out (C-06)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import grid_rules
from casework.effects import Doing, effect
from casework.hooks import Submitted, hook
from casework.measures.standing import IN_FORCE
from casework.starting import Begun, begins
from casework.tables import Decision, Measure, Remedy
from processes.ports import Code

CARRIED_OUT = frozenset({"annulled", "suspended"})
OPEN, RULED, CLOSED = "open", "ruled", "closed"


def of_instance(session: Session, instance_id: UUID) -> Remedy | None:
    """The remedy that a process watches."""
    return session.scalars(select(Remedy).where(Remedy.instance_id == instance_id)).first()


@effect("remedy.open")
def lodge(doing: Doing) -> Mapping[str, Code]:
    """A remedy is registered; what it contests and of what kind it is, its form says."""
    decision = contested(doing.session, doing.case.id, doing.today)
    doing.session.add(
        Remedy(
            id=doing.acting.new_id(),
            agency_id=doing.case.agency_id,
            case_id=doing.case.id,
            instance_id=doing.call.instance_id,
            decision_id=decision.id if decision else None,
            kind="",
            lodged_on=doing.today,
            suspensive=False,
            state=OPEN,
        )
    )
    doing.session.flush()
    doing.note("remedy.open")
    return {}


@begins("F-APPEAL")
def describe(begun: Begun) -> None:
    """What the form says of the remedy that was just registered."""
    remedy = of_instance(begun.session, begun.instance.id)
    if remedy is None:
        return
    answers = begun.answers
    remedy.kind = str(answers.get("remedy_kind") or "")
    remedy.suspensive = answers.get("suspensive") in (True, "true")
    remedy.lodged_on = grid_rules.day_of(answers.get("lodged_on")) or remedy.lodged_on
    decision = contested(begun.session, begun.case.id, remedy.lodged_on)
    remedy.decision_id = decision.id if decision else None
    begun.session.flush()


def contested(session: Session, case_id: UUID, on: date) -> Decision | None:
    """What a remedy is against: of the decisions with measures that were taken by then, the last
    that still stands, else the last."""
    wanted = (
        select(Decision, Measure.state)
        .join(Measure, Measure.decision_id == Decision.id)
        .where(Decision.case_id == case_id)
        .order_by(Decision.decided_at, Decision.id)
    )
    taken = [(row, state) for row, state in session.execute(wanted)]
    by_then = [pair for pair in taken if pair[0].decided_at.date() <= on] or taken
    standing = [pair for pair in by_then if pair[1] == IN_FORCE] or by_then
    return standing[-1][0] if standing else None


@hook("F-RULING")
def rule(submitted: Submitted) -> Mapping[str, Code]:
    """What was ruled, and when."""
    remedy = of_instance(submitted.session, submitted.instance.id)
    if remedy is not None:
        remedy.state = RULED
        remedy.ruling = str(submitted.variables.get("ruling") or "")
        remedy.ruled_on = grid_rules.day_of(submitted.answers.get("ruled_on"))
        submitted.session.flush()
    return {}


@effect("remedy.close")
def close(doing: Doing) -> Mapping[str, Code]:
    """Nothing is left to do about the remedy; a ruling that had to be carried out, was."""
    remedy = of_instance(doing.session, doing.call.instance_id)
    if remedy is not None:
        if remedy.ruling in CARRIED_OUT:
            remedy.executed_at = doing.acting.now
        remedy.state = CLOSED
        doing.session.flush()
        doing.note("remedy.close", ruling=remedy.ruling or "")
    return {}
