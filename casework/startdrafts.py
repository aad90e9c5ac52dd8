"""Drafts of start forms: one for each author, form and person; no row says whom it is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from casework import drafts
from casework.database import forget
from casework.drafts import Keyed
from casework.tables import Draft
from processes.acting import Acting

PERSON, FORM = "_person", "_start"
"""Under these names the sealed text keeps whom it is about, and which form it is."""

FIRST_FORM = "F-OBS"
KEPT_FOR = timedelta(days=30)


@dataclass(frozen=True)
class StartDraft:
    """A start form that its author has begun and not sent."""

    draft_id: UUID
    person_id: UUID
    form: str
    raw: Mapping[str, Any]
    revision: int
    saved_at: datetime


def of_author(platform: Keyed, session: Session, user_id: UUID) -> tuple[StartDraft, ...]:
    """The author's unfinished start forms, the newest first."""
    wanted = select(Draft).where(Draft.author_id == user_id, Draft.task_id.is_(None))
    found = (_opened(platform, row) for row in session.scalars(wanted.order_by(Draft.saved_at)))
    return tuple(draft for draft in found if draft is not None)[::-1]


def find(
    platform: Keyed, session: Session, user_id: UUID, person_id: UUID, form: str
) -> StartDraft | None:
    """The author's unfinished form of this kind about the person."""
    mine = (d for d in of_author(platform, session, user_id) if d.person_id == person_id)
    return next((draft for draft in mine if draft.form == form), None)


def save(
    platform: Keyed,
    session: Session,
    acting: Acting,
    person_id: UUID,
    form: str,
    raw: Mapping[str, Any],
    revision: int | None,
) -> Draft:
    """Keep what is typed; `revision` is what the page last knew."""
    known = find(platform, session, drafts.author_of(acting), person_id, form)
    row = session.get(Draft, known.draft_id, with_for_update=True) if known else None
    typed = {**raw, PERSON: str(person_id), FORM: form}
    return drafts.keep(platform, session, acting, row or drafts.new(acting, None), typed, revision)


def drop(
    platform: Keyed, session: Session, user_id: UUID, person_id: UUID, form: str | None = None
) -> None:
    """Destroy what the author has typed about a person, on one form or on all."""
    gone = [
        draft.draft_id
        for draft in of_author(platform, session, user_id)
        if draft.person_id == person_id and form in (None, draft.form)
    ]
    _destroy(session, gone)


def drop_for_good(
    platform: Keyed, session: Session, user_id: UUID, person_id: UUID, form: str
) -> None:
    """Destroy a form that is not sent; no state of it that was ever saved stays behind."""
    drop(platform, session, user_id, person_id, form)
    forget(session)


def drop_old(session: Session, now: datetime) -> int:
    """Destroy start forms that nobody has typed in for thirty days: no step waits for them."""
    gone = list(session.scalars(_old(now)))
    if gone:
        _destroy(session, gone)
        forget(session)
    return len(gone)


def has_old(session: Session, now: datetime) -> bool:
    """Whether there is one that `drop_old` would destroy."""
    return session.scalar(_old(now).limit(1)) is not None


def _old(now: datetime) -> Select[UUID]:
    return select(Draft.id).where(Draft.task_id.is_(None), Draft.saved_at < now - KEPT_FOR)


def _destroy(session: Session, ids: list[UUID]) -> None:
    gone = delete(Draft).where(Draft.id.in_(ids))
    session.execute(gone.execution_options(synchronize_session="fetch"))


def _opened(platform: Keyed, row: Draft) -> StartDraft | None:
    raw = drafts.unsealed(platform, row)
    about = raw.get(PERSON)
    if not about:
        return None
    form = str(raw.get(FORM) or FIRST_FORM)
    return StartDraft(row.id, UUID(str(about)), form, raw, row.revision, row.saved_at)
