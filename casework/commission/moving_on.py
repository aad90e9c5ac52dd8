"""A case that moves to another prison goes to that prison's commission; what a session has taken up
already it finishes where it sat."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import notifying
from casework.commission import closing, found
from casework.commission.functions import SECRETARY
from casework.tables import AgendaItem, CommissionSession
from processes.acting import Acting
from processes.tables import HumanTask

if TYPE_CHECKING:
    from casework.platform import Platform

ITEM_LEFT = "item_left"
"""The notice that an item has left a session."""


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


def leave_agendas(
    platform: Platform, session: Session, acting: Acting, case_id: UUID, but: set[UUID]
) -> None:
    """The case leaves the agendas of the old prison; what members wrote alone is kept no longer
    than usual. Its own drawing says that the new prison's commission prepares it. Whoever keeps the
    session hears it, and whoever sits on the item."""
    wanted = select(AgendaItem).where(
        AgendaItem.case_id == case_id, AgendaItem.state == found.ON_AGENDA
    )
    leaving = [item for item in session.scalars(wanted) if item.instance_id not in but]
    for item in leaving:
        _tell(platform, session, acting, item)
    closing.withdraw(session, acting, case_id, but)


def _tell(platform: Platform, session: Session, acting: Acting, item: AgendaItem) -> None:
    row = session.get_one(CommissionSession, item.session_id)
    place_id, file_id, directory = row.establishment_id, row.case_id, platform.ports.directory
    notifying.tell_role(
        session,
        acting,
        directory,
        SECRETARY,
        ITEM_LEFT,
        establishment_id=place_id,
        case_id=file_id,
    )
    if row.state not in found.CONVENED:
        return
    for seat in found.seats_of(session, item.instance_id):
        for user_id in (seat.user_id, seat.alternate_id):
            if user_id is not None:
                notifying.tell_person(
                    session,
                    acting,
                    user_id,
                    seat.role,
                    ITEM_LEFT,
                    establishment_id=place_id,
                    case_id=file_id,
                )
