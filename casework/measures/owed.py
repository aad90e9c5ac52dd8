"""Answers that an authority owes to opinions of the commission."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from casework.access import Viewer
from casework.measures.pages import OwedAnswer
from casework.words import ENGLISH, Speaking

if TYPE_CHECKING:
    from casework.platform import Platform


def answers_owed(
    _platform: Platform,
    _session: Session,
    _viewer: Viewer,
    _now: datetime,
    *,
    speaking: Speaking = ENGLISH,  # noqa: ARG001  said by the ledger
) -> tuple[OwedAnswer, ...]:
    """Opinions that wait for the viewer's functions, oldest first; filled from the ledger of
    opinions."""
    return ()
