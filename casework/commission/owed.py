"""Answers owed, the oldest first: two statements, however many there are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select, true
from sqlalchemy.orm import Session

from casework.access import Viewer
from casework.commission import functions
from casework.commission.functions import CENTRAL, GOVERNOR, OVERSIGHT, REGION, SECRETARY
from casework.commission.ledger import OWED
from casework.tables import Case, Opinion, Person
from casework.words import ENGLISH, Speaking
from processes.tables import Establishment

READERS = (REGION, CENTRAL, GOVERNOR, SECRETARY, OVERSIGHT)
"""Who sees answers owed, at the places they reach."""
PAGE = 50


@dataclass(frozen=True)
class Owed:
    """An opinion that waits for an answer."""

    opinion_id: UUID
    title: str
    establishment: str
    zone: str
    outcome_words: str
    favourable: bool
    issued_at: datetime
    sent_at: datetime | None
    by_itself: bool
    owner_words: str
    due_at: datetime | None
    overdue: bool
    days: int
    repeat: int


@dataclass(frozen=True)
class OwedPage:
    """One page of them."""

    rows: tuple[Owed, ...]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are; one, if nothing is owed."""
        return max(1, -(-self.total // PAGE))


def owed_page(
    session: Session,
    viewer: Viewer,
    now: datetime,
    page: int = 1,
    speaking: Speaking = ENGLISH,
    *,
    own: bool = False,
) -> OwedPage:
    """The answers owed at the places the viewer's functions reach; `own` those the viewer owes."""
    stands = _stands(viewer, own=own)
    total = session.scalar(select(func.count(Opinion.id)).where(stands)) or 0
    page = min(max(1, page), max(1, -(-total // PAGE)))
    oldest = select(Opinion.id).where(stands).order_by(Opinion.issued_at, Opinion.id)
    shown = (
        oldest.limit(PAGE).offset((page - 1) * PAGE).subquery()
    )  # names are read for these alone
    wanted = (
        select(
            Opinion.id,
            Opinion.case_id,
            Opinion.establishment_id,
            Opinion.outcome,
            Opinion.favourable,
            Opinion.issued_at,
            Opinion.sent_at,
            Opinion.sent_how,
            Opinion.owner_role,
            Opinion.answer_due_at,
            Opinion.repeat,
            Case.name.label("case_name"),
            Person.number,
            Person.given_name,
            Person.family_name,
            Establishment.name.label("place"),
            Establishment.zone,
        )
        .join(shown, shown.c.id == Opinion.id)
        .join(Case, Case.id == Opinion.case_id)
        .join(Establishment, Establishment.id == Opinion.establishment_id)
        .outerjoin(Person, Person.id == Case.person_id)
        .order_by(Opinion.issued_at, Opinion.id)
    )
    rows = session.execute(wanted)
    return OwedPage(tuple(_owed(row, viewer, now, speaking) for row in rows), total, page)


def _stands(viewer: Viewer, *, own: bool) -> ColumnElement[bool]:
    covered = {p for h in viewer.holdings if h.role in READERS for p in h.covers}
    return and_(
        Opinion.agency_id == viewer.agency_id,
        Opinion.state.in_(OWED),
        Opinion.establishment_id.in_(covered),
        Opinion.owner_role.in_({h.role for h in viewer.holdings}) if own else true(),
    )


def _owed(row: Any, viewer: Viewer, now: datetime, speaking: Speaking) -> Owed:
    due = row.answer_due_at
    return Owed(
        opinion_id=row.id,
        title=_title(row, viewer, speaking),
        establishment=row.place,
        zone=row.zone,
        outcome_words=functions.outcome_words(row.outcome, speaking),
        favourable=row.favourable,
        issued_at=row.issued_at,
        sent_at=row.sent_at,
        by_itself=row.sent_how == "by_itself",
        owner_words=functions.owner_words(row.owner_role, speaking),
        due_at=due,
        overdue=due is not None and due < now,
        days=max(0, (now - row.issued_at).days),
        repeat=row.repeat,
    )


def _title(row: Any, viewer: Viewer, speaking: Speaking) -> str:
    """Who it is about, for those who answer for it: what has not been sent names nobody above."""
    here = viewer.roles_at(row.establishment_id)
    knows = here & {GOVERNOR, SECRETARY, OVERSIGHT}
    if row.sent_at is not None:
        knows |= here & {REGION, CENTRAL}
    if row.number is not None and knows:
        return f"{row.given_name} {row.family_name} ({row.number})"
    return str(row.case_name or f"{speaking.say('Case')} {str(row.case_id)[:8]}")
