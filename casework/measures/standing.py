"""What stands in a case because of its measures: in force, decided, contested."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from casework.access_policy import AUTHORITIES, REMEDIES_KEPT_BY
from casework.measures.words import KINDS
from casework.tables import Decision, Measure, Remedy
from processes.tables import ProcessInstance, ProcessVersion

IN_FORCE = "in_force"

COURT, INTERRUPTED = "court", "interrupted"
TO_COURT = ("rejection", "late-rejection", "court-after")
"""Processes that go to a court and can be taken up again after everything else has ended."""

TAKEN = frozenset({"decided", "place_qer"})
"""Outcomes that put something on somebody: a measure, a placement."""


def in_force(session: Session, case_id: UUID, kind: str | None = None) -> list[Measure]:
    """The measures that run in a case, also those that begin later."""
    wanted = select(Measure).where(Measure.case_id == case_id, Measure.state == IN_FORCE)
    if kind is not None:
        wanted = wanted.where(Measure.kind == kind)
    return list(session.scalars(wanted.order_by(Measure.effective_on, Measure.id)))


def any_in_force(session: Session, case_id: UUID, kind: str | None = None) -> bool:
    """Whether a measure runs in a case, of a kind if one is named."""
    wanted = select(Measure.id).where(Measure.case_id == case_id, Measure.state == IN_FORCE)
    if kind is not None:
        wanted = wanted.where(Measure.kind == kind)
    return session.scalars(wanted.limit(1)).first() is not None


def answered_for(session: Session, roles: Mapping[UUID, Collection[str]]) -> set[UUID]:
    """The cases, of those whose place's functions are given, that these must find because of a
    measure: the authority that signed while it runs, the registry wherever a remedy can still come.
    """
    found: set[UUID] = set()
    signing = {case_id: held for case_id, held in roles.items() if AUTHORITIES.intersection(held)}
    if signing:
        signed = (
            select(Measure.case_id, Decision.authority_role)
            .join(Decision, Decision.id == Measure.decision_id)
            .where(Measure.case_id.in_(signing), Measure.state == IN_FORCE)
            .where(Decision.authority_role.in_(AUTHORITIES))
        )
        found |= {row[0] for row in session.execute(signed) if row[1] in signing[row[0]]}
    kept = [id_ for id_, held in roles.items() if REMEDIES_KEPT_BY.intersection(held)]
    kept = [id_ for id_ in kept if id_ not in found]
    if kept:
        found |= set(session.scalars(select(Decision.case_id).where(*_contestable(kept))))
    return found


def left_open(session: Session, case_id: UUID) -> list[Remedy]:
    """What was before a court when everything else in the case ended, the newest first, where the
    country's processes can take it up again."""
    wanted = (
        select(Remedy)
        .join(ProcessInstance, ProcessInstance.id == Remedy.instance_id)
        .join(ProcessVersion, ProcessVersion.id == ProcessInstance.version_id)
        .where(Remedy.case_id == case_id, Remedy.kind == COURT, Remedy.state == INTERRUPTED)
        .where(ProcessVersion.model.in_(TO_COURT))
    )
    return list(session.scalars(wanted.order_by(Remedy.lodged_on.desc(), Remedy.id)))


def contestable(session: Session, case_id: UUID) -> list[Decision]:
    """The decisions that a remedy can be against, the newest first; a placement is one, though no
    measure runs by it."""
    wanted = select(Decision).where(*_contestable([case_id]))
    return list(session.scalars(wanted.order_by(Decision.decided_at.desc(), Decision.id.desc())))


def _contestable(case_ids: Collection[UUID]) -> tuple[ColumnElement[bool], ...]:
    return (
        Decision.case_id.in_(case_ids),
        Decision.kind.in_(KINDS),
        Decision.outcome.in_(TAKEN),
    )
