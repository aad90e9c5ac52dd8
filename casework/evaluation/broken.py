"""An evaluation that ended before its synthesis: what is known is written down, no regime."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from casework.tables import RecordEntry, Stay
from casework.units import stays
from processes import messages

if TYPE_CHECKING:
    from casework.hooks import Submitted

BROKEN = "evaluationBroken"
SYNTHESIS = ("F-SYN", "F-SHORT")
ERASES = "nothing_continues"


def ask_for_short_note(submitted: Submitted) -> None:
    """After a release in the middle of an evaluation the team writes what is known and not known,
    unless nothing continues and all is erased [domain.md FR-3 boundary; scenario 22]."""
    session, case = submitted.session, submitted.case
    if submitted.variables.get("continues") == ERASES or not _in_the_middle(submitted):
        return
    messages.send(
        session,
        submitted.acting,
        name=BROKEN,
        case_id=case.id,
        place_id=case.establishment_id,
        sender_key=f"{submitted.instance.id}:broken",
        payload={},
    )


def _in_the_middle(submitted: Submitted) -> bool:
    session, case_id = submitted.session, submitted.case.id
    came = select(Stay.came_at).where(
        Stay.case_id == case_id, Stay.kind == stays.QER, Stay.came_at.is_not(None)
    )
    last = session.scalars(came.order_by(Stay.came_at.desc())).first()
    if last is None:
        return False
    written = select(RecordEntry.id).where(
        RecordEntry.case_id == case_id,
        RecordEntry.form.in_(SYNTHESIS),
        RecordEntry.written_at >= last,
    )
    return session.scalars(written.limit(1)).first() is None
