"""The cycle on the case page: that a category stands, what was asked of whom, the reviews.

Which category it is opens as an entry, so that reading it is audited.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from casework import access
from casework.cycle import categories, words
from casework.tables import Category, MonitoringReview, RecordEntry, SharedAction
from casework.telling import Telling

LAST_REVIEWS = 4
"""How many reviews the page lists; all of them stand in the timeline."""


@dataclass(frozen=True)
class CategoryLine:
    """A category: since when, until when, whose; `entry_id` opens it for those who may read it."""

    state: str  # in_force, suspended, ended
    owner: str
    effective_on: date
    expires_on: date
    contested: bool
    end_words: str
    entry_id: UUID | None


@dataclass(frozen=True)
class ActionLine:
    """An action asked of a function, and its answer."""

    action: str
    asked_of: str
    asked_at: datetime
    reply: str | None
    replied_at: datetime | None


@dataclass(frozen=True)
class ReviewLine:
    """A review that was made."""

    reviewed_at: datetime
    quiet: bool


@dataclass(frozen=True)
class CaseCycle:
    """What the cycle has left in a case so far."""

    category: CategoryLine | None
    actions: tuple[ActionLine, ...]
    reviews: tuple[ReviewLine, ...]


def of_case(telling: Telling) -> CaseCycle:
    """Everything of the cycle that the viewer may know of a case."""
    return CaseCycle(_category(telling), tuple(_actions(telling)), tuple(_reviews(telling)))


def _category(telling: Telling) -> CategoryLine | None:
    wanted = select(Category).where(Category.case_id == telling.case.id)
    newest = wanted.order_by(Category.effective_on.desc(), Category.id)
    rows = telling.session.scalars(newest).all()
    standing = [row for row in rows if row.state in categories.STANDS]
    row = next(iter(standing or rows), None)
    if row is None:
        return None
    entry = telling.session.get(RecordEntry, row.entry_id)
    readable = (
        entry is not None
        and entry.erased_at is None
        and access.may_read_entry(telling.session, telling.viewer, entry)
    )
    return CategoryLine(
        state=row.state,
        owner=telling.role(row.owner_role),
        effective_on=row.effective_on,
        expires_on=row.expires_on,
        contested=row.contested_at is not None,
        end_words=words.end_words(row.end_reason, telling.speaking),
        entry_id=row.entry_id if readable else None,
    )


def _actions(telling: Telling) -> Iterable[ActionLine]:
    wanted = select(SharedAction).where(SharedAction.case_id == telling.case.id)
    for row in telling.session.scalars(wanted.order_by(SharedAction.asked_at.desc())):
        names = telling.names(row.instance_id)
        reply = names.code("reply", row.reply) if names and row.reply else row.reply
        if row.reply == words.RECALLED:
            reply = telling.speaking.say("Recalled: the category has ended")
        yield ActionLine(
            action=words.action(row.action, telling.speaking),
            asked_of=telling.role(row.actor_role),
            asked_at=row.asked_at,
            reply=reply,
            replied_at=row.replied_at,
        )


def _reviews(telling: Telling) -> Iterable[ReviewLine]:
    wanted = select(MonitoringReview).where(MonitoringReview.case_id == telling.case.id)
    newest = wanted.order_by(MonitoringReview.reviewed_at.desc()).limit(LAST_REVIEWS)
    for row in telling.session.scalars(newest):
        yield ReviewLine(row.reviewed_at, row.quiet)
