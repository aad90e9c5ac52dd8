"""A case that moves to another prison goes to that prison's commission; what a session has taken up
already it finishes where it sat."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.commission import closing, found
from casework.tables import AgendaItem
from processes.acting import Acting
from processes.tables import HumanTask


def speaking(session: Session, case_id: UUID) -> set[UUID]:
    """The commissions of the case whose session has closed the opinions and not yet written what it
    says: nobody elsewhere would know what was said."""
    wanted = select(AgendaItem.instance_id).where(
        AgendaItem.case_id == case_id,
        AgendaItem.state == found.ON_AGENDA,
        AgendaItem.opinions_closed_at.is_not(None),
    )
    return set(session.scalars(wanted))


def steps_of(session: Session, instances: set[UUID]) -> set[UUID]:
    """Their open steps."""
    wanted = select(HumanTask.id).where(
        HumanTask.instance_id.in_(instances), HumanTask.state == "open"
    )
    return set(session.scalars(wanted))


def leave_agendas(session: Session, acting: Acting, case_id: UUID, but: set[UUID]) -> None:
    """The case leaves the agendas of the old prison; what members wrote alone is kept no longer
    than usual. Its own drawing says that the new prison's commission prepares it."""
    closing.withdraw(session, acting, case_id, but)
