"""Remedies: a decision contested, what was ruled, and whether the ruling was carried out (C-06)."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import grid_rules
from casework.effects import Doing, effect
from casework.hooks import Submitted, hook
from casework.measures import contesting
from casework.starting import Begun, begins
from casework.tables import Remedy
from processes.ports import Code

CARRIED_OUT = frozenset({"annulled", "suspended"})
OPEN, RULED, CLOSED = "open", "ruled", "closed"


def of_instance(session: Session, instance_id: UUID) -> Remedy | None:
    """The remedy that a process watches."""
    return session.scalars(select(Remedy).where(Remedy.instance_id == instance_id)).first()


@effect("remedy.open")
def lodge(doing: Doing) -> Mapping[str, Code]:
    """A remedy is registered; what it contests and of what kind it is, its form says."""
    doing.session.add(
        Remedy(
            id=doing.acting.new_id(),
            agency_id=doing.case.agency_id,
            case_id=doing.case.id,
            instance_id=doing.call.instance_id,
            decision_id=None,
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
    decision = contesting.chosen(begun.session, begun.case.id, answers.get(contesting.FIELD))
    remedy.decision_id = decision.id if decision else None
    begun.session.flush()


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
