"""Which open tasks a person may take: by role and place, overdue and due first."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.orm import Session

from processes.tables import HumanTask

PAGE = 50


@dataclass(frozen=True)
class Reach:
    """A role and the places where it is held or that lie below."""

    role: str
    places: frozenset[UUID]


@dataclass(frozen=True)
class Filters:
    """What the person wants to see of the tasks; None means all."""

    mine: bool = False
    overdue: bool = False
    role: str | None = None
    establishment_id: UUID | None = None
    case_ids: frozenset[UUID] | None = None
    page: int = 1
    size: int = PAGE


def find(
    session: Session,
    agency_id: UUID,
    user_id: UUID,
    reaches: Iterable[Reach],
    now: datetime,
    filters: Filters,
) -> list[HumanTask]:
    """Open tasks of the person and of his or her groups, the most urgent first."""
    wanted = (
        select(HumanTask)
        .where(*_conditions(agency_id, user_id, reaches, now, filters))
        .order_by(HumanTask.due_at.is_(None), HumanTask.due_at, HumanTask.created_at)
        .limit(filters.size)
        .offset((filters.page - 1) * filters.size)
    )
    return list(session.scalars(wanted))


def count(
    session: Session,
    agency_id: UUID,
    user_id: UUID,
    reaches: Iterable[Reach],
    now: datetime,
    filters: Filters,
) -> int:
    """How many tasks `find` gives over all pages."""
    conditions = _conditions(agency_id, user_id, reaches, now, filters)
    return session.scalar(select(func.count(HumanTask.id)).where(*conditions)) or 0


def _conditions(
    agency_id: UUID,
    user_id: UUID,
    reaches: Iterable[Reach],
    now: datetime,
    filters: Filters,
) -> list[ColumnElement[bool]]:
    conditions = [HumanTask.state == "open", HumanTask.agency_id == agency_id]
    conditions.append(_whose(user_id, reaches, filters.mine))
    if filters.overdue:
        conditions.append(HumanTask.due_at < now)
    if filters.role:
        conditions.append(HumanTask.role == filters.role)
    if filters.establishment_id:
        conditions.append(HumanTask.establishment_id == filters.establishment_id)
    if filters.case_ids is not None:
        conditions.append(HumanTask.case_id.in_(filters.case_ids))
    return conditions


def _whose(user_id: UUID, reaches: Iterable[Reach], mine: bool) -> ColumnElement[bool]:
    held = HumanTask.holder_id == user_id
    if mine:
        return held
    groups = [_group(reach.role, reach.places) for reach in reaches]
    free = and_(HumanTask.holder_id.is_(None), or_(false(), *groups))
    return or_(held, free)


def _group(role: str, places: Collection[UUID]) -> ColumnElement[bool]:
    return and_(HumanTask.role == role, HumanTask.establishment_id.in_(places))
