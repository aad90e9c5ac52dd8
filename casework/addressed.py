"""To whom notifications are addressed, and who has put them away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, and_, exists, false, or_

from casework.tables import Notification, NotificationSeen

if TYPE_CHECKING:
    from casework.access import Viewer


def concerns(viewer: Viewer) -> ColumnElement[bool]:
    """Which notifications are for the viewer: by name, or by a function held at the place."""
    by_role = [
        and_(Notification.role == h.role, Notification.establishment_id.in_(h.covers))
        for h in viewer.holdings
    ]
    to_function = and_(Notification.user_id.is_(None), or_(false(), *by_role))
    return or_(Notification.user_id == viewer.user_id, to_function)


def put_away_by(viewer: Viewer) -> ColumnElement[bool]:
    """Which notifications the viewer has put away."""
    return exists().where(
        NotificationSeen.notification_id == Notification.id,
        NotificationSeen.user_id == viewer.user_id,
    )
