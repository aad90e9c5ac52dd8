"""Which decision a remedy is against: chosen among those that were taken on somebody."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from casework import shown
from casework.measures import words
from casework.measures.standing import contestable
from casework.tables import Case, Decision
from casework.words import Speaking
from forms import Choice

FIELD, SOURCE = "contested", "contested_decisions"


def options(session: Session, case: Case, speaking: Speaking) -> dict[str, Sequence[Choice]]:
    """The choices of the form, each told by what was decided and when."""
    rows = contestable(session, case.id)
    return {SOURCE: [Choice(str(row.id), told(session, row, speaking)) for row in rows]}


def told(session: Session, row: Decision, speaking: Speaking) -> str:
    """A decision by what was decided and when, at its place."""
    case = session.get_one(Case, row.case_id)
    return speaking.say(
        "{what}, {moment}",
        what=words.decided_words(row.kind, row.outcome, speaking) or row.kind,
        moment=speaking.moment(row.decided_at, shown.zone_of(session, case.establishment_id)),
    )


def chosen(session: Session, case_id: UUID, value: Any) -> Decision | None:
    """The decision of the case that was chosen."""
    return next((row for row in contestable(session, case_id) if str(row.id) == value), None)
