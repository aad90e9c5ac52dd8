"""What stands in a case because of its measures: in force, decided, contested."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.access_policy import AUTHORITIES, REMEDIES_KEPT_BY
from casework.measures.words import KINDS
from casework.tables import Decision, Measure

IN_FORCE = "in_force"

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


def answers_for_measures(session: Session, roles: Collection[str], case_id: UUID) -> bool:
    """Whether functions at the case's place must find it because of a measure: the authority that
    signed while it runs, the registry wherever a remedy can still come."""
    signing = AUTHORITIES.intersection(roles)
    if signing:
        signed = (
            select(Measure.id)
            .join(Decision, Decision.id == Measure.decision_id)
            .where(Measure.case_id == case_id, Measure.state == IN_FORCE)
            .where(Decision.authority_role.in_(signing))
        )
        if session.scalars(signed.limit(1)).first() is not None:
            return True
    if not REMEDIES_KEPT_BY.intersection(roles):
        return False
    return bool(contestable(session, case_id))


def contestable(session: Session, case_id: UUID) -> list[Decision]:
    """The decisions that a remedy can be against, the newest first; a placement is one, though no
    measure runs by it."""
    wanted = select(Decision).where(
        Decision.case_id == case_id,
        Decision.kind.in_(KINDS),
        Decision.outcome.in_(TAKEN),
    )
    return list(session.scalars(wanted.order_by(Decision.decided_at.desc(), Decision.id.desc())))
