"""Who was called to act on a danger, and which observation raised it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from casework import access_policy as policy
from casework.addressed import concerns, put_away_by
from casework.submissions import Given, in_force, of_case
from casework.tables import Case, Notification, RecordEntry

if TYPE_CHECKING:
    from casework.access import Viewer


def calls(session: Session, viewer: Viewer, case: Case) -> tuple[Notification, ...]:
    """Notices of danger in a case that call the viewer, by function at the place or by name.

    One stands as long as the case is open and its reader has not put it away.
    """
    return tuple(calls_in(session, viewer, [case]).get(case.id, ()))


def calls_in(
    session: Session, viewer: Viewer, cases: Iterable[Case]
) -> dict[UUID, list[Notification]]:
    """The same in many cases, by case; a case in which nothing calls is not named."""
    ours = [c.id for c in cases if c.agency_id == viewer.agency_id and c.state == "open"]
    found: dict[UUID, list[Notification]] = {}
    if not ours:
        return found
    wanted = (
        select(Notification)
        .where(Notification.case_id.in_(ours), Notification.code == policy.DANGER)
        .where(concerns(viewer), ~put_away_by(viewer))
        .order_by(Notification.created_at)
    )
    for notice in session.scalars(wanted):
        if notice.case_id is not None:
            found.setdefault(notice.case_id, []).append(notice)
    return found


def raised_by(session: Session, notices: Iterable[Notification]) -> frozenset[UUID]:
    """The entries that raised these dangers, and their corrections."""
    found = {notice.entry_id for notice in notices if notice.entry_id is not None}
    newest = found
    while newest:
        later = select(RecordEntry.id).where(RecordEntry.supersedes_id.in_(newest))
        newest = set(session.scalars(later)) - found
        found = found | newest
    return frozenset(found)


def observation(session: Session, case: Case, forms: Iterable[str]) -> UUID | None:
    """The restricted part of the observation that a case began with, as corrected."""
    began = [given for given in in_force(of_case(session, case.id)) if given.form in set(forms)]
    return _restricted(began[0]) if began else None


def _restricted(given: Given) -> UUID | None:
    parts = (entry.id for entry in given.entries if entry.layer == policy.RESTRICTED)
    return next(parts, None)


def hand_on(session: Session, source: Case, to: Case, copies: Mapping[UUID, UUID]) -> None:
    """A danger goes with its observation into the case that the observation joins."""
    wanted = select(Notification).where(
        Notification.case_id == source.id, Notification.code == policy.DANGER
    )
    for notice in list(session.scalars(wanted)):
        written = raised_by(session, [notice])
        copied = next((copies[entry_id] for entry_id in written if entry_id in copies), None)
        moved = update(Notification).where(Notification.id == notice.id)
        session.execute(moved.values(case_id=to.id, entry_id=copied))
