"""Who may see what: one policy for tasks, cases and entries, asked before anything is shown."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import access_policy as policy
from casework import dangers, extracts
from casework.accounts import Holding, holdings
from casework.agency_filter import bind_agency
from casework.blind import bar_to_rating, is_rating_seat, round_is_open
from casework.commission.functions import OPINIONS
from casework.commission.sight import PACK_LAYERS, SeatSight, may_give, seated_in
from casework.measures import delegations, standing
from casework.tables import Case, Loan, Notification, RecordEntry, Seat, TaskMove, UserAccount
from casework.unseen import NotVisible
from processes.tables import HumanTask, Message

__all__ = [
    "CaseSight",
    "NotVisible",
    "Viewer",
    "bar_to_rating",
    "bind_agency",
    "ground_of_reading",
    "may_read_entry",
    "may_see_case",
    "may_see_person",
    "may_see_task",
    "require_case",
    "require_entry",
    "require_task",
    "sights",
    "viewer",
    "visible_layers",
]


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


# -- tasks ----------------------------------------------------------------------------------


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


# -- cases ----------------------------------------------------------------------------------


def may_see_case(session: Session, viewer: Viewer, case: Case) -> bool:
    """Whether the viewer may open the case page; what stands on it is asked entry by entry."""
    if case.agency_id != viewer.agency_id:
        return False
    roles = viewer.roles_at(case.establishment_id)
    if roles & (policy.OVERSIGHT | policy.DATA_PROTECTION):
        return True
    if case.state == "erased":
        return False
    if roles & (policy.COORDINATORS | policy.UNIT_LEADS | {case.owner_role}):
        return True
    if _owes_an_answer(session, viewer, case.id) or _open_tasks(session, viewer, [case.id]):
        return True
    if standing.answers_for_measures(session, roles, case.id):
        return True
    return bool(dangers.calls(session, viewer, case))


def may_see_person(session: Session, viewer: Viewer, case: Case) -> bool:
    """Whether the viewer may know who the case is about: identity is a layer of its own.

    Those who answer for the case, or owe it an answer, know of whom they speak; data protection
    reads no identity without a task [domain.md 6.1, L0].
    """
    if policy.IDENTITY in visible_layers(session, viewer, case):
        return True
    if viewer.agency_id != case.agency_id or case.state == "erased":
        return False
    if viewer.holds(case.owner_role, case.establishment_id):
        return True
    if standing.answers_for_measures(session, viewer.roles_at(case.establishment_id), case.id):
        return True
    return _owes_an_answer(session, viewer, case.id)


def _owes_an_answer(session: Session, viewer: Viewer, case_id: UUID) -> bool:
    """A referral that waits is seen by the role that owes the answer."""
    query = select(Message).where(Message.case_id == case_id, Message.state == "kept")
    return any(
        message.owner_role is not None
        and viewer.holds(message.owner_role, message.establishment_id)
        for message in session.scalars(query)
    )


def _open_tasks(
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


# -- entries --------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Known:
    """What is read of cases before anything in them is judged."""

    tasks: Mapping[UUID, list[HumanTask]]
    calls: Mapping[UUID, list[Notification]]
    seats: tuple[Seat, ...]
    seated: Mapping[UUID, frozenset[UUID]] | None = None  # None: asked when it is needed

    @classmethod
    def of(cls, session: Session, viewer: Viewer, cases: Collection[Case]) -> _Known:
        """With as many statements for many cases as for one."""
        ids = [case.id for case in cases]
        seats = session.scalars(select(Seat).where(Seat.case_id.in_(ids)))
        return cls(
            _open_tasks(session, viewer, ids),
            dangers.calls_in(session, viewer, cases),
            tuple(seat for seat in seats if is_rating_seat(seat)),
        )


class CaseSight:
    """What one viewer may read in one case, worked out once for all its entries."""

    def __init__(
        self, session: Session, viewer: Viewer, case: Case, known: _Known | None = None
    ) -> None:
        """`known` is what `sights` has read of many cases at once."""
        known = known or _Known.of(session, viewer, [case])
        self._session = session
        self._viewer = viewer
        self._case = case
        self._roles = viewer.roles_at(case.establishment_id)
        self._seat = SeatSight(session, viewer, case, known.seated)
        # a member's step opens the pack, and nothing else of the case
        self._tasks = [t for t in known.tasks.get(case.id, ()) if t.form not in OPINIONS]
        self._calls = known.calls.get(case.id, [])
        self._dangers = dangers.raised_by(session, self._calls)
        self._seats = {seat.id: seat for seat in known.seats if seat.case_id == case.id}

    def ground(self, entry: RecordEntry) -> str | None:
        """Why the viewer may read an entry (a code for the audit), or None."""
        if self._shut_out(entry):
            return None
        if entry.author_id == self._viewer.user_id:
            return "own"
        if entry.form in OPINIONS:
            return self._seat.opinion(entry)
        if self._rates_in(entry.round):
            return None
        if self._by_task(entry):
            return "task"
        danger = "danger" if entry.id in self._dangers else None
        return self._by_standing(entry) or danger or self._pack(entry)

    def _pack(self, entry: RecordEntry) -> str | None:
        closed = entry.round is None or not self._round_is_open(entry.round)
        return self._seat.pack(entry) if closed else None

    def layers(self) -> frozenset[str]:
        """The layers of which the viewer may read at least something others wrote."""
        found = {layer for role in self._roles for layer in policy.standing_layers(role)}
        for task in self._tasks:
            found |= self._task_layers(task)
        if self._seat.sits():
            found |= PACK_LAYERS
        return frozenset(found | (policy.CALLED_LAYERS if self._calls else frozenset()))

    def _shut_out(self, entry: RecordEntry) -> bool:
        elsewhere = {entry.agency_id, self._case.agency_id} != {self._viewer.agency_id}
        elsewhere = elsewhere or entry.case_id != self._case.id
        return elsewhere or entry.ciphertext is None or not self._viewer.holdings

    def _rates_in(self, round_: int | None) -> bool:
        """While one still has a rating to give in a round, one reads nothing of it."""
        if round_ is None:
            return False
        return any(
            seat.round == round_
            and seat.state == "asked"
            and self._viewer.user_id in (seat.user_id, seat.alternate_id)
            for seat in self._seats.values()
        ) or any(
            task.seat_id in self._seats and self._seats[task.seat_id].round == round_
            for task in self._tasks
            if task.holder_id == self._viewer.user_id
        )

    def _by_task(self, entry: RecordEntry) -> bool:
        if entry.round is not None and self._round_is_open(entry.round):
            return False
        return any(
            self._step_opens(task, entry)
            and not (entry.round is not None and task.role in policy.NEVER_ROUNDS)
            for task in self._tasks
        )

    def _task_layers(self, task: HumanTask) -> frozenset[str]:
        """A rater sees identity and the open file, and nothing that others think."""
        if task.seat_id in self._seats:
            return frozenset({policy.IDENTITY, policy.OPEN})
        return policy.step_layers(task.role, task.form)

    def _step_opens(self, task: HumanTask, entry: RecordEntry) -> bool:
        if task.seat_id in self._seats:
            return entry.layer in self._task_layers(task)
        opens = policy.step_opens(task.role, task.form, entry.layer, entry.form)
        return opens and extracts.is_for(self._session, task, entry)

    def _by_standing(self, entry: RecordEntry) -> str | None:
        """Nobody reads a round before its last rating is in, whatever he or she answers for."""
        if entry.round is not None and self._round_is_open(entry.round):
            return None
        for role in sorted(self._roles):
            if entry.layer in policy.standing_layers(role) and policy.covers_form(
                role, entry.form, entry.round is not None
            ):
                return "role:" + role
        return None

    def _round_is_open(self, round_: int) -> bool:
        return round_is_open(seat for seat in self._seats.values() if seat.round == round_)


def sights(session: Session, viewer: Viewer, cases: Collection[Case]) -> dict[UUID, CaseSight]:
    """What the viewer may read in each of many cases, by case, read together."""
    seated = seated_in(session, viewer, [case.id for case in cases])
    known = replace(_Known.of(session, viewer, cases), seated=seated)
    return {case.id: CaseSight(session, viewer, case, known) for case in cases}


def ground_of_reading(session: Session, viewer: Viewer, entry: RecordEntry) -> str | None:
    """Why the viewer may read an entry: own, task, role:<code>, danger; None when not at all."""
    case = session.get(Case, entry.case_id)
    return None if case is None else CaseSight(session, viewer, case).ground(entry)


def may_read_entry(session: Session, viewer: Viewer, entry: RecordEntry) -> bool:
    """Whether the viewer may read an entry; for a list of them use CaseSight once."""
    return ground_of_reading(session, viewer, entry) is not None


def visible_layers(session: Session, viewer: Viewer, case: Case) -> frozenset[str]:
    """The layers of a case of which the viewer may read something others wrote."""
    if case.agency_id != viewer.agency_id:
        return frozenset()
    return CaseSight(session, viewer, case).layers()


# -- or not at all --------------------------------------------------------------------------


def require_task(session: Session, viewer: Viewer, task: HumanTask) -> None:
    """NotVisible unless the viewer may open the task."""
    if not may_see_task(session, viewer, task):
        raise NotVisible("task", task.id, task.case_id)


def require_case(session: Session, viewer: Viewer, case: Case) -> None:
    """NotVisible unless the viewer may open the case."""
    if not may_see_case(session, viewer, case):
        raise NotVisible("case", case.id, case.id)


def require_entry(session: Session, viewer: Viewer, entry: RecordEntry) -> str:
    """The ground of reading; NotVisible when there is none."""
    ground = ground_of_reading(session, viewer, entry)
    if ground is None:
        raise NotVisible("entry", entry.id, entry.case_id)
    return ground
