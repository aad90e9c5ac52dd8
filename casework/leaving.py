"""What happens to held tasks when a role ends: they go back to the function."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.blind import is_rating_seat
from casework.tables import Seat, TaskMove
from processes.acting import Acting
from processes.tables import Establishment, HumanTask


def give_back(
    session: Session, acting: Acting, user_id: UUID, role: str, top: UUID
) -> Iterator[HumanTask]:
    """Release the open tasks that somebody holds in a role at a place or below, and those taken
    over there. A rating and a correction were given by name: a supervisor moves them."""
    wanted = select(HumanTask).where(
        HumanTask.agency_id == acting.agency_id,
        HumanTask.state == "open",
        HumanTask.holder_id == user_id,
        HumanTask.handed_back_from.is_(None),
        HumanTask.establishment_id.in_(_below(session, top)),
    )
    for task in list(session.scalars(wanted)):
        if _is_rating(session, task):
            continue
        if task.role == role or _was_taken_over(session, task, user_id):
            task.holder_id = task.claimed_at = None
            yield task
    session.flush()


def _below(session: Session, top: UUID) -> set[UUID]:
    found, edge = {top}, {top}
    while edge:
        wanted = select(Establishment.id).where(Establishment.parent_id.in_(edge))
        edge = set(session.scalars(wanted)) - found
        found |= edge
    return found


def _is_rating(session: Session, task: HumanTask) -> bool:
    seat = session.get(Seat, task.seat_id) if task.seat_id else None
    return seat is not None and is_rating_seat(seat)


def _was_taken_over(session: Session, task: HumanTask, user_id: UUID) -> bool:
    wanted = select(TaskMove.id).where(
        TaskMove.task_id == task.id, TaskMove.to_user == user_id, TaskMove.moved_by == user_id
    )
    return session.scalar(wanted.limit(1)) is not None
