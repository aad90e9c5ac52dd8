"""Drafts: what somebody typed and has not submitted, sealed, seen by its author alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from casework.canonical import canonical
from casework.database import forget
from casework.keyring import Keyring
from casework.tables import Draft
from processes.acting import Acting

PERSON = "_person"
"""Under this name the draft of a start form keeps whom it is about."""

KEPT_FOR = timedelta(days=30)


class Keyed(Protocol):
    """What is needed of the platform: its keys."""

    @property
    def keyring(self) -> Keyring:
        """The installation's keys."""


def save_draft(
    platform: Keyed,
    session: Session,
    acting: Acting,
    task_id: UUID | None,
    raw: Mapping[str, Any],
    revision: int | None,
) -> Draft:
    """Keep what is typed; `task_id` is None on a start form, `revision` what the page last knew.

    The newest always wins; `overwrote` tells whether another tab had saved in between.
    """
    author = _author(acting)
    draft = _find(session, author, task_id, for_update=True)
    if draft is None:
        draft = Draft(
            id=acting.new_id(),
            agency_id=acting.agency_id,
            task_id=task_id,
            author_id=author,
            revision=0,
        )
        session.add(draft)
    ring, key, place = platform.keyring, platform.keyring.new_key(), _place(draft)
    draft.ciphertext = ring.encrypt(key, canonical(dict(raw)), place)
    draft.wrapped = ring.wrap(key, place)
    draft.saved_at = acting.now
    # a draft dropped meanwhile does not begin again below what an open page already knows
    draft.revision = max(draft.revision, revision or 0) + 1
    session.flush()
    return draft


def overwrote(draft: Draft, revision: int | None) -> bool:
    """Whether this saving replaced one that the page, at `revision`, did not know of."""
    return draft.revision != (revision or 0) + 1


def load_draft(
    platform: Keyed, session: Session, user_id: UUID, task_id: UUID | None
) -> tuple[dict[str, Any], int] | None:
    """The author's own draft and its revision; None when there is none."""
    draft = _find(session, user_id, task_id)
    if draft is None:
        return None
    ring, place = platform.keyring, _place(draft)
    plain = ring.decrypt(ring.unwrap(draft.wrapped, place), draft.ciphertext, place)
    raw: dict[str, Any] = json.loads(plain)
    return raw, draft.revision


def drop_draft(_platform: object, session: Session, user_id: UUID, task_id: UUID | None) -> None:
    """Destroy the author's draft, if there is one; asked as `load_draft` is."""
    draft = _find(session, user_id, task_id)
    if draft is not None:
        session.delete(draft)
        session.flush()


def drop_old_start_drafts(session: Session, now: datetime) -> int:
    """Destroy start forms that nobody has typed in for thirty days: no step waits for them."""
    old = delete(Draft).where(Draft.task_id.is_(None), Draft.saved_at < now - KEPT_FOR)
    gone = session.scalars(old.returning(Draft.id)).all()
    if gone:
        forget(session)
    return len(gone)


def _find(
    session: Session, author_id: UUID, task_id: UUID | None, *, for_update: bool = False
) -> Draft | None:
    query = select(Draft).where(Draft.author_id == author_id, Draft.task_id == task_id)
    if for_update:
        query = query.with_for_update()
    return session.scalars(query.order_by(Draft.saved_at.desc()).limit(1)).first()


def _author(acting: Acting) -> UUID:
    if acting.user_id is None:
        raise ValueError("a draft needs an author: a deadline or a message writes none")
    return acting.user_id


def _place(draft: Draft) -> bytes:
    """What the sealed text is bound to: nobody else's draft opens in its place."""
    return canonical(["draft", str(draft.id), str(draft.task_id), str(draft.author_id)])
