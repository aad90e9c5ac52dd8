"""Several cases about one person: a younger one may join an older one that is still open."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework.grid_rules import Finding
from casework.tables import Case
from casework.words import Speaking

FORM, CHOICE, JOIN = "F-DUPLICATE", "duplicate_choice", "join"
A_MOMENT = timedelta(microseconds=1)


def opening_moment(session: Session, person_id: UUID, now: datetime) -> datetime:
    """When a new case about the person counts as opened: after every other, if only by a moment.

    Of two cases there is then always an older one. The person's row is locked by who opens.
    """
    latest = select(func.max(Case.opened_at)).where(Case.person_id == person_id)
    last = session.execute(latest).scalar()
    return now if last is None or last < now else last + A_MOMENT


def older_open_case(session: Session, case: Case, *, lock: bool = False) -> Case | None:
    """The oldest open case about the same person in the same agency that is older than this one.

    Only older ones count, whichever comes to this question first: the older case is kept. With
    `lock` the case found stays open until the transaction ends.
    """
    if case.person_id is None:
        return None
    wanted = (
        select(Case)
        .where(Case.agency_id == case.agency_id, Case.person_id == case.person_id)
        .where(Case.state == "open", Case.at_end.is_(None), Case.opened_at < case.opened_at)
        .order_by(Case.opened_at)
        .limit(1)
    )
    if lock:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    return session.scalars(wanted).first()


def why_not_join(
    session: Session, case: Case, form: str, answers: Mapping[str, Any], speaking: Speaking
) -> list[Finding]:
    """Joining is refused when the older case was closed while the question was open."""
    if form != FORM or answers.get(CHOICE) != JOIN:
        return []
    if older_open_case(session, case, lock=True) is not None:
        return []
    words = speaking.say("The other case has been closed meanwhile: keep this one apart.")
    return [(CHOICE, words)]


def joined(session: Session, case: Case, form: str, answers: Mapping[str, Any]) -> UUID | None:
    """The open case that these answers join the case to, asked before they count."""
    if form != FORM or answers.get(CHOICE) != JOIN:
        return None
    other = older_open_case(session, case)
    return other.id if other is not None else None
