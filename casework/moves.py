"""What keeps a person where he or she is while something is begun about him or her."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from casework.tables import Case, Person


def holding_still(session: Session, person_id: UUID | None) -> None:
    """Lock the person's row, as a transfer does before all else: whoever begins something waits
    for a transfer that runs, and then sees where the person is. Locked before any instance or
    case; nothing that completes a step takes it."""
    if person_id is not None:
        session.get_one(Person, person_id, with_for_update=True, populate_existing=True)


def settled(session: Session, case: Case) -> Case:
    """The case as it stands once nobody moves its person any more."""
    holding_still(session, case.person_id)
    session.refresh(case)
    return case
