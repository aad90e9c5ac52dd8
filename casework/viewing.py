"""Who asks, and which tasks are his or hers: the first half of the access policy."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import access_policy as policy
from casework.accounts import Holding, holdings
from casework.blind import bar_to_rating, is_rating_seat
from casework.commission.functions import OPINIONS
from casework.commission.sight import may_give
from casework.measures import delegations
from casework.tables import Loan, Seat, TaskMove, UserAccount
from processes.tables import HumanTask


@dataclass(frozen=True)
class Viewer:
    """Who asks: an account with the roles it holds on a day."""

    user_id: UUID
    agency_id: UUID
    holdings: tuple[Holding, ...]
    on: date

    def roles_at(self, establishment_id: UUID) -> frozenset[str]:
        """The roles that reach a place."""
        return frozenset(h.role for h in self.holdings if establishment_id in h.covers)

    def holds(self, role: str, establishment_id: UUID) -> bool:
        """Whether a role of that name reaches the place."""
        return role in self.roles_at(establishment_id)


def viewer(session: Session, account: UserAccount, on: date) -> Viewer:
    """The account as a viewer on a day."""
    return Viewer(account.id, account.agency_id, holdings(session, account.id, on), on)


def may_see_task(session: Session, viewer: Viewer, task: HumanTask) -> bool:
    """Whether the viewer may open a task: as `has_task` says, or to sign it for somebody."""
    if has_task(session, viewer, task):
        return True
    if task.agency_id != viewer.agency_id or not viewer.holdings:
        return False
    if task.handed_back_from is not None and task.holder_id not in (None, viewer.user_id):
        return False
    return delegations.opens(session, task, viewer.user_id, viewer.on)


def has_task(session: Session, viewer: Viewer, task: HumanTask) -> bool:
    """Whether a task is the viewer's own: one whose role reaches its place, or who was given it.

    A correction asked of somebody is addressed to its holder alone.
    A rating seat is for those named on it, or when nobody is, for its function; in either case
    only for one who has not read anything of the round [domain 0.1, blind].
    """
    if task.agency_id != viewer.agency_id or not viewer.holdings:
        return False
    seat = session.get(Seat, task.seat_id) if task.seat_id else None
    if seat is not None and is_rating_seat(seat):
        return _may_see_rating(session, viewer, task, seat)
    if seat is not None and seat.form in OPINIONS:
        return may_give(viewer, task, seat)
    if task.handed_back_from is not None and task.holder_id not in (None, viewer.user_id):
        return False
    if viewer.holds(task.role, task.establishment_id):
        return True
    return task.holder_id == viewer.user_id and _was_given(session, viewer, task)


def _was_given(session: Session, viewer: Viewer, task: HumanTask) -> bool:
    """Without the role at the place: lent for the case, or a superior who took the task over."""
    return _is_lent(session, viewer, task) or _took_over(session, viewer, task)


def _is_lent(session: Session, viewer: Viewer, task: HumanTask) -> bool:
    """A loan lets a role held elsewhere reach the case, and ends with that role."""
    if all(holding.role != task.role for holding in viewer.holdings):
        return False
    query = select(Loan.id).where(
        Loan.case_id == task.case_id, Loan.role == task.role, Loan.user_id == viewer.user_id
    )
    return session.scalar(query.limit(1)) is not None


def _took_over(session: Session, viewer: Viewer, task: HumanTask) -> bool:
    last = select(TaskMove).where(TaskMove.task_id == task.id).order_by(TaskMove.moved_at.desc())
    move = session.scalars(last.limit(1)).first()
    return move is not None and move.to_user == move.moved_by == viewer.user_id


def _may_see_rating(session: Session, viewer: Viewer, task: HumanTask, seat: Seat) -> bool:
    named = {user for user in (task.holder_id, seat.user_id, seat.alternate_id) if user}
    if named and viewer.user_id not in named:
        return False
    here = viewer.holds(task.role, task.establishment_id)
    if not here and not (named and _is_lent(session, viewer, task)):
        return False
    if task.state != "open" and viewer.user_id == task.ended_by:
        return True  # the own, finished rating: reading others' since does not hide it
    return bar_to_rating(session, viewer.user_id, seat.case_id, seat.round, seat.id) is None


def open_tasks(
    session: Session, viewer: Viewer, case_ids: Collection[UUID]
) -> dict[UUID, list[HumanTask]]:
    """The viewer's open tasks by case: held, or of the own group and held by nobody.

    A question asked without name and file opens neither [domain.md FR-1 step 8].
    """
    query = select(HumanTask).where(HumanTask.case_id.in_(case_ids), HumanTask.state == "open")
    found: dict[UUID, list[HumanTask]] = {}
    for task in session.scalars(query):
        if (
            task.holder_id in (None, viewer.user_id)
            and task.form not in policy.ABSTRACT_FORMS
            and may_see_task(session, viewer, task)
        ):
            found.setdefault(task.case_id, []).append(task)
    return found
