"""What seats of a session open to read: the pack while it lasts, opinions once they are closed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cached_property
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.access_policy import IDENTITY, OPEN, RESTRICTED
from casework.commission.functions import OFFICES, OPINIONS, PACK_FORMS, SECRETARY
from casework.tables import AgendaItem, Case, CommissionSession, RecordEntry, Seat
from processes.tables import HumanTask

if TYPE_CHECKING:
    from casework.access import Viewer

PACK_LAYERS = frozenset({IDENTITY, OPEN, RESTRICTED})
CONVENED = ("convened", "held")
STANDS = ("on_agenda", "closed")


def may_give(viewer: Viewer, task: HumanTask, seat: Seat) -> bool:
    """An opinion is given by whoever sits on the seat, or stands in; nobody else sees its step."""
    named = {task.holder_id, seat.user_id, seat.alternate_id}
    if task.state != "open":
        named = {task.ended_by, seat.user_id}
    return viewer.user_id in named and may_sit(
        viewer, seat.office, task.role, seat.establishment_id
    )


def may_sit(viewer: Viewer, office: str | None, role: str, establishment_id: UUID) -> bool:
    """Whether the viewer still holds, at the seat's place, its function or one of its office."""
    fitting = {role, *OFFICES.get(office or "", ())}
    return not fitting.isdisjoint(viewer.roles_at(establishment_id))


def seated_in(
    session: Session, viewer: Viewer, case_ids: Collection[UUID]
) -> dict[UUID, frozenset[UUID]]:
    """By case, the items of running sessions on which the viewer sits, or stands in, in a function
    that he or she still holds there."""
    me = viewer.user_id
    wanted = (
        select(AgendaItem.case_id, AgendaItem.id, Seat.office, Seat.role, Seat.establishment_id)
        .join(Seat, Seat.item_id == AgendaItem.id)
        .join(CommissionSession, CommissionSession.id == AgendaItem.session_id)
        .where(AgendaItem.case_id.in_(case_ids), AgendaItem.state.in_(STANDS))
        .where(CommissionSession.state.in_(CONVENED), Seat.state != "replaced")
        .where((Seat.user_id == me) | (Seat.alternate_id == me))
    )
    found: dict[UUID, frozenset[UUID]] = {}
    for row in session.execute(wanted):
        if may_sit(viewer, row.office, row.role, row.establishment_id):
            found[row.case_id] = found.get(row.case_id, frozenset()) | {row.id}
    return found


class SeatSight:
    """What one viewer may read of one case through a seat, or by keeping the session."""

    def __init__(
        self,
        session: Session,
        viewer: Viewer,
        case: Case,
        seated: Mapping[UUID, frozenset[UUID]] | None = None,
    ) -> None:
        """`seated` is what `seated_in` has found, where many cases are looked at."""
        self._session = session
        self._viewer = viewer
        self._case = case
        self._known = seated

    def sits(self) -> bool:
        """Whether the viewer has a seat on the case in a session that is convened and not closed;
        the pack is recalled when it is [domain.md 0.1 FR-2]."""
        return bool(self._seated)

    def pack(self, entry: RecordEntry) -> str | None:
        """A member reads the pack between convening and closing."""
        if entry.form not in PACK_FORMS or entry.layer not in PACK_LAYERS:
            return None
        return "pack" if self.sits() else None

    def opinion(self, entry: RecordEntry) -> str | None:
        """Nobody reads another's opinion before the chair has closed the opinions; then those who
        sit do, and whoever keeps the session until its minutes are issued."""
        found = self._asked.get(entry.task_id) if entry.task_id else None
        if found is None:
            return None
        item, row = found
        if item.opinions_closed_at is None:
            return None
        if item.id in self._seated and row.state in CONVENED:
            return "opinion"
        keeps = self._viewer.roles_at(row.establishment_id) & {SECRETARY, row.chair_role}
        return "opinion" if keeps and row.minutes_document_id is None else None

    @cached_property
    def _seated(self) -> frozenset[UUID]:
        known, case_id = self._known, self._case.id
        if known is None:
            known = seated_in(self._session, self._viewer, [case_id])
        return known.get(case_id, frozenset())

    @cached_property
    def _asked(self) -> dict[UUID, tuple[AgendaItem, CommissionSession]]:
        """The item and session for which each opinion of the case was written."""
        wanted = (
            select(HumanTask.id, AgendaItem, CommissionSession)
            .join(Seat, Seat.id == HumanTask.seat_id)
            .join(AgendaItem, AgendaItem.id == Seat.item_id)
            .join(CommissionSession, CommissionSession.id == AgendaItem.session_id)
            .where(HumanTask.case_id == self._case.id, HumanTask.form.in_(OPINIONS))
        )
        return {task_id: (item, row) for task_id, item, row in self._session.execute(wanted)}
