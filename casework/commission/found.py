"""Finds sessions, their items, seats and instances; and those who wait for a message."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.commission.functions import OFFICES
from casework.tables import AgendaItem, Case, CommissionSession, Person, Seat
from processes import advance
from processes.tables import Establishment, ProcessInstance, Subscription

ON_AGENDA = "on_agenda"
CONVENED = ("convened", "held")
SITTING = ("asked", "given", "missing")


def of_file(session: Session, case_id: UUID) -> CommissionSession | None:
    """The session whose file this is."""
    wanted = select(CommissionSession).where(CommissionSession.case_id == case_id)
    return session.scalars(wanted).first()


def items_of(session: Session, session_id: UUID) -> list[AgendaItem]:
    """The agenda, in its order."""
    wanted = select(AgendaItem).where(AgendaItem.session_id == session_id)
    return list(session.scalars(wanted.order_by(AgendaItem.position)))


def item_of(session: Session, instance_id: UUID) -> AgendaItem | None:
    """Where an instance stands on an agenda now."""
    wanted = select(AgendaItem).where(
        AgendaItem.instance_id == instance_id, AgendaItem.state == ON_AGENDA
    )
    return session.scalars(wanted).first()


def newest_item(session: Session, instance_id: UUID) -> AgendaItem | None:
    """The last agenda on which an instance stood."""
    wanted = (
        select(AgendaItem)
        .join(CommissionSession, CommissionSession.id == AgendaItem.session_id)
        .where(AgendaItem.instance_id == instance_id)
        .order_by(CommissionSession.planned_at.desc())
    )
    return session.scalars(wanted).first()


def seats_of(session: Session, instance_id: UUID) -> list[Seat]:
    """Who was asked for an opinion in this commission; those replaced are history."""
    wanted = (
        select(Seat)
        .where(Seat.instance_id == instance_id, Seat.round == 0, Seat.state.in_(SITTING))
        .order_by(Seat.id)
    )
    return in_order(session.scalars(wanted))


def seats_by_instance(session: Session, instances: Collection[UUID]) -> dict[UUID, list[Seat]]:
    """The same for many commissions, with one statement."""
    wanted = select(Seat).where(
        Seat.instance_id.in_(instances), Seat.round == 0, Seat.state.in_(SITTING)
    )
    grouped: dict[UUID, list[Seat]] = {}
    for seat in in_order(session.scalars(wanted)):
        grouped.setdefault(seat.instance_id, []).append(seat)
    return grouped


def cases_of(session: Session, ids: Collection[UUID]) -> dict[UUID, tuple[Case, Person | None]]:
    """Cases with the persons they are about, with one statement."""
    wanted = select(Case, Person).outerjoin(Person, Person.id == Case.person_id)
    rows = session.execute(wanted.where(Case.id.in_(ids)))
    return {case.id: (case, person) for case, person in rows}


def in_order(seats: Iterable[Seat]) -> list[Seat]:
    """Seats by office, the chair first."""
    order = {office: place for place, office in enumerate(OFFICES)}
    return sorted(seats, key=lambda s: (order.get(s.office or "", len(order)), s.id))


def instance_of(session: Session, case_id: UUID) -> ProcessInstance | None:
    """The process that runs, or ran, on a session's file."""
    wanted = select(ProcessInstance).where(
        ProcessInstance.case_id == case_id, ProcessInstance.guarded_task_id.is_(None)
    )
    return session.scalars(wanted.order_by(ProcessInstance.started_at)).first()


def waiting(session: Session, instance_id: UUID, name: str) -> Subscription | None:
    """Where an instance waits for a message, seen under the instance's lock."""
    advance.lock_instance(session, instance_id)
    wanted = select(Subscription).where(
        Subscription.instance_id == instance_id, Subscription.name == name
    )
    return session.scalars(wanted.execution_options(populate_existing=True)).first()


def place_of(session: Session, row: CommissionSession) -> Establishment:
    """The establishment whose commission meets."""
    return session.get_one(Establishment, row.establishment_id)


def case_of(session: Session, item: AgendaItem) -> Case:
    """The case of an item."""
    return session.get_one(Case, item.case_id)


def file_of(session: Session, row: CommissionSession) -> Case:
    """The file of a session."""
    return session.get_one(Case, row.case_id)
