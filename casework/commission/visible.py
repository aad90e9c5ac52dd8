"""Who may open a session's page: whoever keeps it, sits in it while it runs, or oversees it."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from casework.access import Viewer
from casework.commission import found, sight, standing
from casework.commission.functions import OVERSIGHT
from casework.tables import AgendaItem, CommissionSession, Seat
from casework.unseen import NotVisible


def may_see(session: Session, viewer: Viewer, row: CommissionSession) -> bool:
    """Whether the viewer may open the session's page; what stands on it is asked item by item."""
    if row.agency_id != viewer.agency_id:
        return False
    if standing.leads(viewer, row) or viewer.holds(OVERSIGHT, row.establishment_id):
        return True
    return bool(seated_on(session, viewer, row))


def require(session: Session, viewer: Viewer, session_id: UUID) -> CommissionSession:
    """The session, or NotVisible."""
    row = session.get(CommissionSession, session_id)
    if row is None or not may_see(session, viewer, row):
        raise NotVisible("session", session_id)
    return row


def seated_on(session: Session, viewer: Viewer, row: CommissionSession) -> frozenset[UUID]:
    """The items on which the viewer sits or stands in, between convening and closing, in a function
    that he or she still holds there."""
    if row.agency_id != viewer.agency_id or row.state not in found.CONVENED:
        return frozenset()
    wanted = (
        select(AgendaItem.id, Seat.office, Seat.role, Seat.establishment_id)
        .join(Seat, Seat.item_id == AgendaItem.id)
        .where(AgendaItem.session_id == row.id, Seat.state.in_(found.SITTING))
        .where(AgendaItem.state.in_(("on_agenda", "closed")))
        .where(or_(Seat.user_id == viewer.user_id, Seat.alternate_id == viewer.user_id))
    )
    return frozenset(
        item_id
        for item_id, office, role, place_id in session.execute(wanted)
        if sight.may_sit(viewer, office, role, place_id)
    )


def sessions(session: Session, viewer: Viewer) -> list[CommissionSession]:
    """The sessions the viewer may open, the next and the newest first."""
    covered = {place for holding in viewer.holdings for place in holding.covers}
    me = viewer.user_id
    sits = (
        select(AgendaItem.session_id)
        .join(Seat, Seat.item_id == AgendaItem.id)
        .where(or_(Seat.user_id == me, Seat.alternate_id == me))
    )
    wanted = (
        select(CommissionSession)
        .where(CommissionSession.agency_id == viewer.agency_id)
        .where(or_(CommissionSession.establishment_id.in_(covered), CommissionSession.id.in_(sits)))
        .order_by(CommissionSession.planned_at.desc())
        .limit(100)
    )
    return [row for row in session.scalars(wanted) if may_see(session, viewer, row)]
