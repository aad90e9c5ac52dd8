"""Notifications: closed codes shown in the page to those whom they concern, until put away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy.orm import Session

from casework.words import ENGLISH, Speaking
from processes.acting import Acting

if TYPE_CHECKING:
    from casework.access import Viewer
    from casework.platform import Platform


@dataclass(frozen=True)
class Notice:
    """One notification in words; `task_id` and `case_id` only where the viewer may open them."""

    notification_id: UUID
    code: str
    words: str
    level: int  # 0 for information; 1 to 4 as C-15 escalates
    created_at: datetime
    zone: str
    establishment: str
    case_id: UUID | None
    task_id: UUID | None


def visible(
    platform: Platform,
    session: Session,
    viewer: Viewer,
    *,
    speaking: Speaking = ENGLISH,
    limit: int = 50,
) -> tuple[Notice, ...]:
    """Notifications of the viewer and of the viewer's functions, not put away, newest first."""
    raise NotImplementedError


def put_away(session: Session, acting: Acting, viewer: Viewer, notification_id: UUID) -> None:
    """Hide a notification for the viewer alone; `NotVisible` when it was never the viewer's."""
    raise NotImplementedError
