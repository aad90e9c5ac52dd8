"""The agenda of a session: items that wait, oldest first, and convening those who are asked."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from casework import notifying
from casework.commission import calling, found
from casework.refusals import Refused
from casework.tables import AgendaItem, Case, CommissionSession, Person
from casework.words import ENGLISH, Speaking
from processes.acting import Acting
from processes.ports import JournalEntry
from processes.tables import ProcessInstance, Subscription

if TYPE_CHECKING:
    from casework.platform import Platform

WAITS_FOR = "onAgenda"


@dataclass(frozen=True)
class Candidate:
    """A case that waits for an agenda, and since when."""

    instance_id: UUID
    case: Case
    person: Person | None
    since: datetime


def candidates(session: Session, establishment_id: UUID) -> list[Candidate]:
    """Commissions of the place that wait for an agenda and stand on none, oldest first."""
    elsewhere = exists().where(
        AgendaItem.instance_id == ProcessInstance.id, AgendaItem.state == found.ON_AGENDA
    )
    wanted = (
        select(ProcessInstance, Case, Person)
        .join(Subscription, Subscription.instance_id == ProcessInstance.id)
        .join(Case, Case.id == ProcessInstance.case_id)
        .outerjoin(Person, Person.id == Case.person_id)
        .where(
            Subscription.name == WAITS_FOR,
            ProcessInstance.establishment_id == establishment_id,
            ~elsewhere,
        )
        .order_by(ProcessInstance.started_at, ProcessInstance.id)
    )
    return [
        Candidate(instance.id, case, person, instance.started_at)
        for instance, case, person in session.execute(wanted)
    ]


def choose(
    session: Session,
    acting: Acting,
    row: CommissionSession,
    instance_ids: Collection[UUID],
    speaking: Speaking = ENGLISH,
) -> list[AgendaItem]:
    """Put exactly these on the agenda of a session that is not convened yet."""
    if row.state != "planned":
        raise Refused(speaking.say("The session is convened: its agenda does not change any more."))
    standing_items = found.items_of(session, row.id)
    for item in standing_items:
        if item.instance_id not in instance_ids:
            session.delete(item)
    session.flush()
    kept = {item.instance_id: item for item in standing_items if item.instance_id in instance_ids}
    waiting = {c.instance_id: c for c in candidates(session, row.establishment_id)}
    for instance_id in instance_ids:
        if instance_id not in kept and instance_id not in waiting:
            raise Refused(
                speaking.say("One of these cases is not waiting any more. Look at the list again.")
            )
    items = [
        *kept.values(),
        *(_item(acting, row, c) for c in waiting.values() if _in(c, instance_ids)),
    ]
    session.add_all(items)
    _number(session, items)
    return items


def _in(candidate: Candidate, instance_ids: Collection[UUID]) -> bool:
    return candidate.instance_id in instance_ids


def _item(acting: Acting, row: CommissionSession, candidate: Candidate) -> AgendaItem:
    return AgendaItem(
        id=acting.new_id(),
        agency_id=row.agency_id,
        session_id=row.id,
        case_id=candidate.case.id,
        instance_id=candidate.instance_id,
        position=0,
        state=found.ON_AGENDA,
    )


def _number(session: Session, items: list[AgendaItem]) -> None:
    """In the order in which the cases began to wait."""
    began = {
        row.id: row.started_at
        for row in session.execute(
            select(ProcessInstance.id, ProcessInstance.started_at).where(
                ProcessInstance.id.in_([item.instance_id for item in items])
            )
        )
    }
    for place, item in enumerate(sorted(items, key=lambda i: (began[i.instance_id], i.id)), 1):
        item.position = place
    session.flush()


def convene(
    platform: Platform, session: Session, acting: Acting, row: CommissionSession
) -> list[AgendaItem]:
    """Every case learns that it is on the agenda, every member that he or she is asked; a case that
    was ended meanwhile is withdrawn."""
    items = found.items_of(session, row.id)
    for item in items:
        if not calling.call(platform, session, acting, item, WAITS_FOR):
            item.state = "withdrawn"
    row.state = "convened"
    session.flush()
    for user_id, role in sorted(_invited(session, items), key=str):
        notifying.tell_person(
            session,
            acting,
            user_id,
            role,
            "session_convened",
            establishment_id=row.establishment_id,
            case_id=row.case_id,
        )
    entry = JournalEntry("session.convene", row.case_id, "session", row.id, {"items": len(items)})
    platform.ports.journal.write(session, acting, entry)
    return items


def _invited(session: Session, items: list[AgendaItem]) -> set[tuple[UUID, str]]:
    return {
        (person, seat.role)
        for item in items
        if item.state == found.ON_AGENDA
        for seat in found.seats_of(session, item.instance_id)
        for person in (seat.user_id, seat.alternate_id)
        if person is not None
    }
