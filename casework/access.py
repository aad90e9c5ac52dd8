"""Who may see what: one policy for tasks, cases and entries, asked before anything is shown."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import access_policy as policy
from casework import dangers, extracts
from casework.agency_filter import bind_agency
from casework.blind import bar_to_rating, is_rating_seat, round_is_open
from casework.commission.functions import OPINIONS
from casework.commission.sight import PACK_LAYERS, SeatSight, seated_in
from casework.measures import standing
from casework.tables import Case, Notification, RecordEntry, Seat
from casework.unseen import NotVisible
from casework.viewing import Viewer, may_see_task, open_tasks, viewer
from processes.tables import HumanTask, Message

__all__ = [
    "CaseSight",
    "NotVisible",
    "Viewer",
    "bar_to_rating",
    "bind_agency",
    "cases_seen",
    "ground_of_reading",
    "may_read_entry",
    "may_see_case",
    "may_see_person",
    "may_see_task",
    "persons_seen",
    "require_case",
    "require_entry",
    "require_task",
    "sights",
    "viewer",
    "visible_layers",
]


# -- cases ----------------------------------------------------------------------------------


def may_see_case(session: Session, viewer: Viewer, case: Case) -> bool:
    """Whether the viewer may open the case page; what stands on it is asked entry by entry."""
    return case.id in cases_seen(session, viewer, [case])


def cases_seen(session: Session, viewer: Viewer, cases: Iterable[Case]) -> frozenset[UUID]:
    """Which cases the viewer may open; of many with as many statements as of one."""
    ours = [case for case in cases if case.agency_id == viewer.agency_id]
    seen = {case.id for case in ours if _by_function(viewer, case)}
    for others in (_owed, _at_work, _measured, _called):
        left = [case for case in ours if case.id not in seen and case.state != "erased"]
        seen |= others(session, viewer, left) if left else set()
    return frozenset(seen)


def may_see_person(session: Session, viewer: Viewer, case: Case) -> bool:
    """Whether the viewer may know who the case is about: identity is a layer of its own."""
    return case.id in persons_seen(session, viewer, [case])


def persons_seen(session: Session, viewer: Viewer, cases: Iterable[Case]) -> frozenset[UUID]:
    """In which cases the viewer may know who they are about.

    Those who answer for the case, or owe it an answer, know of whom they speak; data protection
    reads no identity without a task [domain.md 6.1, L0].
    """
    ours = [case for case in cases if case.agency_id == viewer.agency_id]
    sight = sights(session, viewer, ours)
    seen = {id_ for id_, sees in sight.items() if policy.IDENTITY in sees.layers()}
    alive = [case for case in ours if case.state != "erased"]
    seen |= {case.id for case in alive if viewer.holds(case.owner_role, case.establishment_id)}
    for others in (_measured, _owed):
        left = [case for case in alive if case.id not in seen]
        seen |= others(session, viewer, left) if left else set()
    return frozenset(seen)


def _by_function(viewer: Viewer, case: Case) -> bool:
    roles = viewer.roles_at(case.establishment_id)
    if roles & (policy.OVERSIGHT | policy.DATA_PROTECTION):
        return True
    answering = policy.COORDINATORS | policy.UNIT_LEADS | {case.owner_role}
    return case.state != "erased" and bool(roles & answering)


def _owed(session: Session, viewer: Viewer, cases: Iterable[Case]) -> set[UUID]:
    """A referral that waits is seen by the role that owes the answer."""
    ids = [case.id for case in cases]
    query = select(Message).where(Message.case_id.in_(ids), Message.state == "kept")
    return {
        message.case_id
        for message in session.scalars(query)
        if message.owner_role is not None
        and viewer.holds(message.owner_role, message.establishment_id)
    }


def _at_work(session: Session, viewer: Viewer, cases: Iterable[Case]) -> set[UUID]:
    return set(open_tasks(session, viewer, [case.id for case in cases]))


def _measured(session: Session, viewer: Viewer, cases: Iterable[Case]) -> set[UUID]:
    roles = {case.id: viewer.roles_at(case.establishment_id) for case in cases}
    return standing.answered_for(session, roles)


def _called(session: Session, viewer: Viewer, cases: Iterable[Case]) -> set[UUID]:
    return set(dangers.calls_in(session, viewer, cases))


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
        seats = session.scalars(select(Seat).where(Seat.case_id.in_(ids))).all()
        return cls(
            open_tasks(session, viewer, ids),
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
