"""Steps that need another pair of eyes: whoever wrote one thing may not do the other."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.seats import current_round
from casework.tables import RecordEntry
from casework.words import ENGLISH, Speaking

GRIDS = frozenset({"G1", "G2", "G3", "F-DISC"})

WRITTEN_BY_OTHERS: Mapping[str, frozenset[str]] = {
    "F-THIRD": GRIDS,
    "F-CONTRARY": GRIDS,
    "F-BIAS": GRIDS | {"F-SYN-DRAFT"},
    "F-SYN": frozenset({"F-BIAS"}),
    "F-DETDEC": frozenset({"F-DRAFT"}),
    "F-DEFER-REVIEW": frozenset({"F-DEFER"}),
    "F-EYES": frozenset({"F-CRIT"}),
    "F-DEC": frozenset({"F-CRIT", "F-EYES", "F-PLACE"}),
    "F-RESULT": frozenset({"F-OPEN"}),
    "F-CAT-CHECK": frozenset({"F-OPEN", "F-CATEGORY"}),
    "F-SECOND": frozenset({"F-OPEN", "F-CATEGORY", "F-CAT-CHECK"}),
    "F-RECON": frozenset({"F-PLACE", "F-CRIT", "F-EYES", "F-DEC", "F-URGENT", "F-REV"}),
    "F-BREACH-DEC": frozenset({"F-BREACH"}),
    "F-EXC-CHECK": frozenset({"F-EXCEPTION"}),
    "F-FIND": GRIDS | {"F-OBS", "F-DETDEC"},
}
"""A form, and the forms that its author must not have written in the case: third reader and
contrary reading by somebody who did not rate [domain.md 5.8, FR-1 step 9], the coordinator drafts
and the director decides [0.1], a deferral is reviewed by another person [C-02], the second reader
of a measure did not lay its criteria open and whoever signs it did neither [C-04, four eyes],
whoever reconsiders a placement had no part in it, also by taking over or by delegation [SE-6-I1], a
finding is made by a reviewer who was not involved [X-7 step 1]; an assessment is decided on, a
category confirmed and a contest read by somebody who did not write them [SE-2, SE-3]."""


def why_not(
    session: Session, case_id: UUID, form: str, user_id: UUID, speaking: Speaking = ENGLISH
) -> str | None:
    """Why the person may not answer this form in this case; None when nothing stands against."""
    others = WRITTEN_BY_OTHERS.get(form, frozenset())
    if not others or not _wrote(session, case_id, others, user_id):
        return None
    return speaking.say(
        "This step needs another pair of eyes: you wrote an earlier part of it yourself. Release"
        " the task, so that a colleague can do it."
    )


def _wrote(session: Session, case_id: UUID, forms: frozenset[str], user_id: UUID) -> bool:
    round_ = current_round(session, case_id)
    number = round_.number if round_ else None
    wanted = select(RecordEntry.round).where(
        RecordEntry.case_id == case_id,
        RecordEntry.author_id == user_id,
        RecordEntry.form.in_(forms),
    )
    return any(written in (None, number) for written in session.scalars(wanted))
