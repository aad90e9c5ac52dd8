"""Categories: how one comes into force, every way in which it ends, and that it goes with its case.

Which category it is stands sealed in the record; no engine variable, table or query knows it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import coming_due, erasure, grid_rules, record, shown
from casework.coming_due import CameDue, guarded_by
from casework.tables import Case, Category, RecordEntry
from processes import clocks, delivery, messages, parameters
from processes.acting import Acting
from processes.deadlines import DeadlineError
from processes.ports import JournalEntry
from processes.tables import Clock, ProcessInstance, Subscription

if TYPE_CHECKING:
    from uuid import UUID

    from casework.platform import Platform

GUARDS = "category"
REVIEWS = "monitoring"
"""What the clocks of a late review guard."""

NAME = "A category ends"
LAST_DAY = "P0D after expires_on"
TERM, OTHERWISE = "category_term", "P6M"
"""Six months, unless assessed anew [domain.md 5.9, SE-3 step 5]."""

STANDS = ("in_force", "suspended")
ENDED_MESSAGE = "categoryEnded"
OVER_MESSAGE = "categoryOver"
OVER = frozenset({"expired", "lifted", "removed"})
"""Ends after which nothing follows from the category any more; a new one takes an old one's
place."""
PROPOSAL, SECOND = "F-CATEGORY", "F-SECOND"
FORMS = frozenset({PROPOSAL, "F-CAT-CHECK", "F-CONSEQ", "F-WORDS", "F-CONTEST", SECOND, "F-LIFT"})
"""Forms whose answers speak of a category: they are erased when the case is closed."""


def standing(session: Session, case_id: UUID) -> Category | None:
    """The category that stands in a case, in force or suspended; there is one at most."""
    wanted = select(Category).where(Category.case_id == case_id, Category.state.in_(STANDS))
    return session.scalars(wanted.order_by(Category.effective_on.desc())).first()


def value_of(platform: Platform, session: Session, acting: Acting, row: Category) -> str:
    """Which category it is, read for a rule: it is written nowhere that somebody has seen it."""
    entry = session.get(RecordEntry, row.entry_id)
    if entry is None or entry.erased_at is not None:
        return ""
    answers = record.read_entry(platform, session, replace(acting, user_id=None), entry)
    return str(answers.get("new_category") or answers.get("se_category") or "")


def proposal(session: Session, case_id: UUID) -> RecordEntry | None:
    """The newest proposal of a category in a case."""
    wanted = select(RecordEntry).where(
        RecordEntry.case_id == case_id,
        RecordEntry.form == PROPOSAL,
        RecordEntry.erased_at.is_(None),
    )
    return session.scalars(wanted.order_by(RecordEntry.written_at.desc()).limit(1)).first()


def enter(
    platform: Platform,
    session: Session,
    acting: Acting,
    case: Case,
    instance_id: UUID,
    entry: RecordEntry,
    owner_role: str,
) -> Category:
    """Put a confirmed category in force and start the clock that ends it; an earlier one is
    replaced, for nothing is renewed without a new assessment."""
    end(platform, session, acting, case, "replaced", told=False)
    today = shown.local_day(acting.now, shown.zone_of(session, case.establishment_id))
    values = parameters.Values(session, case.agency_id, today)
    answers = record.read_entry(platform, session, replace(acting, user_id=None), entry)
    row = Category(
        id=acting.new_id(),
        agency_id=case.agency_id,
        case_id=case.id,
        instance_id=instance_id,
        entry_id=entry.id,
        definition=str(answers.get("definition") or "")[:20],
        owner_role=owner_role,
        state="in_force",
        effective_on=today,
        expires_on=grid_rules.months_after(today, _months(values.get(TERM, OTHERWISE))),
        contested_at=None,
        ended_at=None,
        end_reason=None,
    )
    session.add(row)
    session.flush()
    coming_due.watch(
        session,
        acting,
        row,
        case.establishment_id,
        LAST_DAY,
        guards=GUARDS,
        name=NAME,
        dates={"expires_on": row.expires_on},
    )
    _note(platform, session, acting, row, "category.enter")
    return row


def _months(text: str) -> int:
    found = grid_rules.months_of(text)
    if found is None:
        raise DeadlineError(f"{TERM} is not a number of months: {text}")
    return found


@guarded_by(GUARDS)
def last_day_over(came: CameDue) -> None:
    """A category ends by itself, with no instance alive, and the client is told."""
    row = came.session.get(Category, came.clock.guarded_id)
    came.clock.state = "done"
    if row is None or row.state not in STANDS:
        return
    case = came.session.get_one(Case, row.case_id)
    end(came.platform, came.session, came.acting, case, "expired")


def end(
    platform: Platform,
    session: Session,
    acting: Acting,
    case: Case,
    reason: str,
    *,
    told: bool = True,
) -> Category | None:
    """End the category that stands: expired, lifted, removed, replaced, interrupted. With `told`
    the client hears of it by a process of its own."""
    row = standing(session, case.id)
    if row is None:
        return None
    row.state, row.ended_at, row.end_reason = "ended", acting.now, reason
    clocks.end_clocks(session, row.id, "completed")
    session.flush()
    _note(platform, session, acting, row, "category.end", reason=reason)
    if reason in OVER:
        _stop_what_follows(platform, session, acting, case, row)
    if told:
        tell(session, acting, case, row, reason)
    return row


def _stop_what_follows(
    platform: Platform, session: Session, acting: Acting, case: Case, row: Category
) -> None:
    """End the steps that rest on the category, each in its own process; who waits for nothing of
    it is sent nothing."""
    wanted = (
        select(Subscription)
        .join(ProcessInstance, ProcessInstance.id == Subscription.instance_id)
        .where(Subscription.name == OVER_MESSAGE, ProcessInstance.case_id == case.id)
        .order_by(Subscription.id)
    )
    for waiting in session.scalars(wanted).all():
        message = messages.send(
            session,
            acting,
            name=OVER_MESSAGE,
            case_id=case.id,
            place_id=case.establishment_id,
            sender_key=f"{row.id}:{waiting.instance_id}",
            payload={},
        )
        delivery.hand_over(session, platform, acting, message, waiting)


def suspend(platform: Platform, session: Session, acting: Acting, case: Case) -> Category | None:
    """A review that does not come: the category counts for nothing until it is made."""
    row = standing(session, case.id)
    if row is None or row.state != "in_force":
        return None
    row.state = "suspended"
    session.flush()
    _note(platform, session, acting, row, "category.suspend")
    tell(session, acting, case, row, f"suspended:{acting.now.date()}")
    return row


def resume(platform: Platform, session: Session, acting: Acting, case: Case) -> None:
    """The review was made and the category stays."""
    row = standing(session, case.id)
    if row is not None and row.state == "suspended":
        row.state = "in_force"
        _note(platform, session, acting, row, "category.resume")


def tell(session: Session, acting: Acting, case: Case, row: Category, reason: str) -> None:
    """Begin the process that tells the client."""
    messages.send(
        session,
        acting,
        name=ENDED_MESSAGE,
        case_id=case.id,
        place_id=case.establishment_id,
        sender_key=f"{row.id}:{reason}",
        payload={},
    )


def forget(session: Session, acting: Acting, case: Case) -> None:
    """Closing a case deletes its category: the rows, their clocks, and what was written of it."""
    stop_watching(session, case.id)
    for row in session.scalars(select(Category).where(Category.case_id == case.id)):
        session.delete(row)
    session.flush()
    erasure.erase_entries(session, acting, _written(session, case.id))


def stop_watching(session: Session, case_id: UUID) -> None:
    """Nothing of the cycle comes due in a case any more."""
    running = select(Clock.guarded_id, Clock.guards).where(
        Clock.case_id == case_id, Clock.guards.in_((GUARDS, REVIEWS)), Clock.state == "running"
    )
    for guarded_id, guards in session.execute(running).all():
        clocks.end_clocks(session, guarded_id, "cancelled", guards=guards)


def interrupted(platform: Platform, session: Session, acting: Acting, case: Case) -> None:
    """Release, death, a minor, a court: the category ends with what ran in the case, and the
    process that follows tells the client."""
    end(platform, session, acting, case, "interrupted", told=False)
    stop_watching(session, case.id)


def _written(session: Session, case_id: UUID) -> Iterable[RecordEntry]:
    wanted = select(RecordEntry).where(
        RecordEntry.case_id == case_id,
        RecordEntry.form.in_(FORMS),
        RecordEntry.erased_at.is_(None),
    )
    return list(session.scalars(wanted))


def _note(
    platform: Platform, session: Session, acting: Acting, row: Category, act: str, **codes: str
) -> None:
    entry = JournalEntry(act, row.case_id, "category", row.id, codes)
    platform.ports.journal.write(session, acting, entry)
