"""What happens to held tasks and rating seats when a role ends: they go back to the function."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from casework import rounds
from casework.blind import is_rating_seat
from casework.tables import Loan, RoleHolding, Seat, TaskMove
from processes.acting import Acting
from processes.ports import JournalEntry
from processes.tables import Establishment, HumanTask

Held = HumanTask | Seat
"""Both say whose function it is, at which place, in which case."""


def give_back(
    session: Session, acting: Acting, user_id: UUID, role: str, top: UUID
) -> list[JournalEntry]:
    """Release what somebody holds in a role that has ended: open tasks, rating seats, and the tasks
    taken over at its place or below. What another holding of the same role still reaches stays.
    Gives what the audit is to say.
    """
    below = _below(session, {top})
    left = _below(session, _still_held_at(session, user_id, role, acting.now.date()))

    def lost(held: Held) -> bool:
        if held.role != role:
            return False
        lent = bool(left) and _is_lent(session, held, user_id)
        return held.establishment_id not in left and not lent

    def lost_task(task: HumanTask) -> bool:
        taken_over = task.establishment_id in below and _was_taken_over(session, task, user_id)
        return taken_over or lost(task)

    return _leave(session, acting, user_id, lost_task, lost)


def give_everything_back(session: Session, acting: Acting, user_id: UUID) -> list[JournalEntry]:
    """Release all open tasks and rating seats of somebody who has left the service."""
    return _leave(session, acting, user_id, lambda _task: True, lambda _seat: True)


def _leave(
    session: Session,
    acting: Acting,
    user_id: UUID,
    lost_task: Callable[[HumanTask], bool],
    lost_seat: Callable[[Seat], bool],
) -> list[JournalEntry]:
    tasks = [task for task in _tasks(session, acting, user_id) if lost_task(task)]
    seats = [seat for seat in _seats(session, acting, user_id) if lost_seat(seat)]
    gone = {"from": str(user_id), "to": None}
    for task in tasks:
        task.holder_id = task.claimed_at = None
    for seat in seats:
        rounds.vacate(session, acting, seat, user_id)
    session.flush()
    released = [JournalEntry("task.release", t.case_id, "task", t.id, gone) for t in tasks]
    return released + [JournalEntry("seat.release", s.case_id, "seat", s.id, gone) for s in seats]


def _tasks(session: Session, acting: Acting, user_id: UUID) -> list[HumanTask]:
    wanted = select(HumanTask).where(
        HumanTask.agency_id == acting.agency_id,
        HumanTask.state == "open",
        HumanTask.holder_id == user_id,
    )
    return list(session.scalars(wanted.order_by(HumanTask.id)))


def _seats(session: Session, acting: Acting, user_id: UUID) -> list[Seat]:
    """Rating seats still asked of somebody, or kept for him or her as the alternate."""
    wanted = select(Seat).where(
        Seat.agency_id == acting.agency_id,
        Seat.state == "asked",
        or_(Seat.user_id == user_id, Seat.alternate_id == user_id),
    )
    return [seat for seat in session.scalars(wanted.order_by(Seat.id)) if is_rating_seat(seat)]


def _still_held_at(session: Session, user_id: UUID, role: str, today: date) -> set[UUID]:
    """Where somebody holds the role beyond today."""
    wanted = select(RoleHolding.establishment_id).where(
        RoleHolding.user_id == user_id,
        RoleHolding.role == role,
        RoleHolding.held_from <= today,
        or_(RoleHolding.held_to.is_(None), RoleHolding.held_to > today),
    )
    return set(session.scalars(wanted))


def _below(session: Session, tops: Iterable[UUID]) -> set[UUID]:
    found, edge = set(tops), set(tops)
    while edge:
        wanted = select(Establishment.id).where(Establishment.parent_id.in_(edge))
        edge = set(session.scalars(wanted)) - found
        found |= edge
    return found


def _is_lent(session: Session, held: Held, user_id: UUID) -> bool:
    wanted = select(Loan.id).where(
        Loan.case_id == held.case_id, Loan.role == held.role, Loan.user_id == user_id
    )
    return session.scalar(wanted.limit(1)) is not None


def _was_taken_over(session: Session, task: HumanTask, user_id: UUID) -> bool:
    wanted = select(TaskMove.id).where(
        TaskMove.task_id == task.id, TaskMove.to_user == user_id, TaskMove.moved_by == user_id
    )
    return session.scalar(wanted.limit(1)) is not None
