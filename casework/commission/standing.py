"""Who leads a session, and what state it must be in for an act; refusals say what to do next."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from casework import shown
from casework.access import Viewer
from casework.commission import found
from casework.commission.functions import SECRETARY
from casework.refusals import Refused
from casework.tables import AgendaItem, CommissionSession
from casework.unseen import NotVisible
from casework.words import ENGLISH, Speaking
from processes import advance


def leads(viewer: Viewer, row: CommissionSession) -> bool:
    """Whether the viewer keeps the session: its secretary, or the function that chairs it."""
    if viewer.agency_id != row.agency_id:
        return False
    return bool(viewer.roles_at(row.establishment_id) & {SECRETARY, row.chair_role})


def chairs(viewer: Viewer, row: CommissionSession) -> bool:
    """Whether the viewer holds the function that chairs the session."""
    return viewer.agency_id == row.agency_id and viewer.holds(row.chair_role, row.establishment_id)


def require_chair(viewer: Viewer, row: CommissionSession, speaking: Speaking) -> None:
    """Refused for the secretary: the chair closes the opinions [domain.md 0.1 FR-2]."""
    if not chairs(viewer, row):
        raise Refused(speaking.say("The chair closes the opinions: ask the chair to do it here."))


def session_to_lead(
    session: Session, viewer: Viewer, session_id: UUID, *, lock: bool = True
) -> CommissionSession:
    """The session, locked; NotVisible for whoever does not keep it."""
    row = session.get(
        CommissionSession,
        session_id,
        with_for_update=True if lock else None,
        populate_existing=lock,
    )
    if row is None or not leads(viewer, row):
        raise NotVisible("session", session_id)
    return row


def item_to_lead(
    session: Session, viewer: Viewer, item_id: UUID
) -> tuple[AgendaItem, CommissionSession]:
    """An item with its session, both locked; NotVisible for whoever does not keep it."""
    item = session.get(AgendaItem, item_id)
    if item is None:
        raise NotVisible("item", item_id)
    row = session.get(
        CommissionSession, item.session_id, with_for_update=True, populate_existing=True
    )
    if row is None or not leads(viewer, row):
        raise NotVisible("item", item_id, item.case_id)
    hold(session, item)
    return item, row


def hold(session: Session, item: AgendaItem) -> None:
    """Lock an item after its instance: a completion of its step takes them in this order too.
    Whoever also needs the session's row takes that one before."""
    advance.lock_instance(session, item.instance_id)
    session.refresh(item, with_for_update=True)


def has_begun(session: Session, row: CommissionSession, now: datetime) -> bool:
    """Whether the day of the session has come."""
    zone = shown.zone_of(session, row.establishment_id)
    return shown.local_day(now, zone) >= shown.local_day(row.planned_at, zone)


def require_sitting(
    session: Session, row: CommissionSession, now: datetime, speaking: Speaking = ENGLISH
) -> None:
    """Refused unless the session is convened, its day has come, and it is not closed."""
    say = speaking.say
    if row.state == "closed":
        raise Refused(say("The session is closed. What was not reached is on no agenda yet."))
    if row.state not in found.CONVENED:
        raise Refused(say("Convene the session first: set its agenda and send the invitations."))
    if not has_begun(session, row, now):
        raise Refused(say("The session has not begun: this is done on its day."))


def require_on_agenda(item: AgendaItem, speaking: Speaking = ENGLISH) -> None:
    """Refused when the item was dealt with already, or taken off."""
    if item.state == found.ON_AGENDA:
        return
    raise Refused(
        speaking.say("This item is no longer open in this session: look at how it stands now.")
    )
