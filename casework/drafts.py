"""Drafts: what somebody typed into a task and has not submitted, sealed, its author's alone."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.canonical import canonical
from casework.keyring import Keyring, Unreadable
from casework.tables import Draft
from processes.acting import Acting

MOST_REVISIONS = 1_000_000_000
"""No page knows a higher revision, unless somebody made it up."""


class NewerDraft(Exception):
    """What was to be kept would have replaced a draft that its page did not know of."""


class Keyed(Protocol):
    """What is needed of the platform: its keys."""

    @property
    def keyring(self) -> Keyring:
        """The installation's keys."""


def save_draft(
    platform: Keyed,
    session: Session,
    acting: Acting,
    task_id: UUID,
    raw: Mapping[str, Any],
    revision: int | None,
) -> Draft:
    """Keep what is typed for a task; `revision` is what the page last knew, None what is newest.

    NewerDraft when another tab has kept something else in between: that stands.
    """
    draft = _find(session, author_of(acting), task_id, for_update=True)
    return keep(platform, session, acting, draft or new(acting, task_id), raw, revision)


def new(acting: Acting, task_id: UUID | None) -> Draft:
    """A draft with nothing in it yet."""
    return Draft(
        id=acting.new_id(),
        agency_id=acting.agency_id,
        task_id=task_id,
        author_id=author_of(acting),
        revision=0,
    )


def keep(
    platform: Keyed,
    session: Session,
    acting: Acting,
    draft: Draft,
    raw: Mapping[str, Any],
    revision: int | None,
) -> Draft:
    """Seal what is typed into the draft; the same once more is no change, and no new revision."""
    typed = canonical(dict(raw))
    same = _holds(platform, draft, typed)
    if not same and revision is not None and draft.revision > revision:
        raise NewerDraft
    session.add(draft)
    draft.saved_at = acting.now
    if not same:
        ring, key, place = platform.keyring, platform.keyring.new_key(), _place(draft)
        draft.ciphertext = ring.encrypt(key, typed, place)
        draft.wrapped = ring.wrap(key, place)
        # a draft dropped meanwhile does not begin again below what an open page already knows
        draft.revision = min(max(draft.revision, revision or 0), MOST_REVISIONS) + 1
    session.flush()
    return draft


def _holds(platform: Keyed, draft: Draft, typed: bytes) -> bool:
    """Whether the draft holds just this already; one that does not open is written anew."""
    if not draft.revision:
        return False
    try:
        return _plain(platform, draft) == typed
    except Unreadable:
        return False


def load_draft(
    platform: Keyed, session: Session, user_id: UUID, task_id: UUID
) -> tuple[dict[str, Any], int] | None:
    """The author's own draft of a task and its revision; None when there is none."""
    draft = _find(session, user_id, task_id)
    return None if draft is None else (unsealed(platform, draft), draft.revision)


def drafts_of(session: Session, user_id: UUID, task_ids: Collection[UUID]) -> dict[UUID, Draft]:
    """The author's own drafts by task; their text stays sealed."""
    query = select(Draft).where(Draft.author_id == user_id, Draft.task_id.in_(task_ids))
    newest_last = session.scalars(query.order_by(Draft.saved_at))
    return {draft.task_id: draft for draft in newest_last if draft.task_id is not None}


def unsealed(platform: Keyed, draft: Draft) -> dict[str, Any]:
    """What was typed."""
    raw: dict[str, Any] = json.loads(_plain(platform, draft))
    return raw


def _plain(platform: Keyed, draft: Draft) -> bytes:
    ring, place = platform.keyring, _place(draft)
    return ring.decrypt(ring.unwrap(draft.wrapped, place), draft.ciphertext, place)


def drop_draft(_platform: object, session: Session, user_id: UUID, task_id: UUID) -> None:
    """Destroy the author's draft of a task, if there is one; asked as `load_draft` is."""
    draft = _find(session, user_id, task_id)
    if draft is not None:
        session.delete(draft)
        session.flush()


def _find(
    session: Session, author_id: UUID, task_id: UUID, *, for_update: bool = False
) -> Draft | None:
    query = select(Draft).where(Draft.author_id == author_id, Draft.task_id == task_id)
    if for_update:
        query = query.with_for_update()
    return session.scalars(query.order_by(Draft.saved_at.desc()).limit(1)).first()


def author_of(acting: Acting) -> UUID:
    """Who types; a deadline does not."""
    if acting.user_id is None:
        raise ValueError("a draft needs an author: a deadline or a message writes none")
    return acting.user_id


def _place(draft: Draft) -> bytes:
    """What the sealed text is bound to: nobody else's draft opens in its place."""
    return canonical(["draft", str(draft.id), str(draft.task_id), str(draft.author_id)])
