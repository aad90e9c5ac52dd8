"""Which decisions wait for an evaluation: each one, in the review that follows it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from casework import shown
from casework.cycle import words
from casework.tables import Decision, Evaluation
from forms import Choice

if TYPE_CHECKING:
    from casework.material import Looking

FORM, SOURCE = "F-EVAL", "decisions_to_evaluate"
KINDS = frozenset(
    {
        "assessment_result",
        "category_check",
        "consequence",
        "separation",
        "action",
        "second_reading",
        "category_lifted",
        "monitor_review",
    }
)
"""Decisions of the cycle [domain.md SE-5 step 3: after each decision]."""


def waiting(session: Session, case_id: UUID) -> list[Decision]:
    """The decisions of a case that nobody has evaluated, the oldest first."""
    wanted = select(Decision).where(
        Decision.case_id == case_id,
        Decision.kind.in_(KINDS),
        ~exists().where(Evaluation.decision_id == Decision.id),
    )
    return list(session.scalars(wanted.order_by(Decision.decided_at, Decision.id)))


def options(looking: Looking) -> dict[str, Sequence[Choice]]:
    """The choices of the form, each told by what was decided and when."""
    if looking.task.form != FORM:
        return {}
    session, speaking = looking.session, looking.speaking
    zone = shown.zone_of(session, looking.task.establishment_id)
    return {
        SOURCE: [
            Choice(str(row.id), words.decided(row, looking.names, speaking, zone))
            for row in waiting(session, looking.case.id)
        ]
    }
