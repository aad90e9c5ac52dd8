"""Moving a task to somebody else: what stands against it, and what goes with it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import apart, rounds, seats, staff
from casework.blind import is_rating_seat
from casework.commission import opinions
from casework.commission.functions import OPINIONS
from casework.tables import Case, Loan, Seat, TaskMove
from casework.words import ENGLISH, Speaking
from processes import tasks
from processes.acting import Acting
from processes.ports import Ports
from processes.tables import HumanTask


def why_not(
    session: Session, task: HumanTask, user_id: UUID, on: date, speaking: Speaking = ENGLISH
) -> str | None:
    """What keeps somebody from taking the task, in words; None when nothing does.

    A blind rating is given by its function alone, by one who has no other part in the round; any
    other step a superior may take over, unless it needs another pair of eyes.
    """
    seat = session.get(Seat, task.seat_id) if task.seat_id else None
    if seat is not None and seat.form in OPINIONS and opinions.has_read(session, seat, user_id):
        return speaking.say(
            "This colleague has read another member's opinion on this item, and cannot give one"
            " unseen."
        )
    if seat is None or not is_rating_seat(seat):
        return apart.why_not(session, task.case_id, task.form, user_id, speaking)
    if not _has_function(session, task, user_id, on):
        return speaking.say(
            "Choose somebody who holds this function here and does not hold the task."
        )
    case = session.get_one(Case, task.case_id)
    reasons = seats.why_barred(session, case, seat.round, user_id, speaking, own_seat=seat.id)
    if not reasons:
        return None
    return speaking.say("This colleague cannot take it: {why}", why="; ".join(reasons))


def _has_function(session: Session, task: HumanTask, user_id: UUID, on: date) -> bool:
    places = staff.places_above(session, task.establishment_id)
    if any(user.id == user_id for user in staff.holders(session, task.role, places, on)):
        return True
    lent = select(Loan.id).where(
        Loan.case_id == task.case_id, Loan.role == task.role, Loan.user_id == user_id
    )
    return session.scalar(lent.limit(1)) is not None


def move(
    session: Session, ports: Ports, acting: Acting, task: HumanTask, to_user: UUID, reason: str = ""
) -> TaskMove:
    """Give the task to somebody, with its seat; who sat there before is kept as replaced."""
    row = TaskMove(
        id=acting.new_id(),
        agency_id=task.agency_id,
        case_id=task.case_id,
        task_id=task.id,
        from_user=task.holder_id,
        to_user=to_user,
        moved_by=acting.user_id,
        moved_at=acting.now,
        reason=reason.strip(),
    )
    tasks.delegate(session, ports, acting, task.id, to_user)
    session.add(row)
    seat = session.get(Seat, task.seat_id) if task.seat_id else None
    if seat is not None and seat.user_id != to_user:
        rounds.take(session, acting, seat, to_user)
    session.flush()
    return row
