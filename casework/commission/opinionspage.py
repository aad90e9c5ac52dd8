"""One member's opinions on all items of a session, and the pack to give them from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import staff, submissions, taskpage, timeline
from casework.access import CaseSight, Viewer
from casework.commission import choices, found, visible
from casework.commission.functions import OPINION, PACK_FORMS
from casework.commission.sessionpages import OpinionCard, OpinionsPage, PackItem, PackPage
from casework.commission.telling import title_of
from casework.submissions import Given
from casework.tables import AgendaItem, Case, CommissionSession, Seat, UserAccount
from casework.telling import Telling
from casework.unseen import NotVisible
from casework.words import ENGLISH, Speaking
from processes.acting import Acting
from processes.tables import Establishment, HumanTask

if TYPE_CHECKING:
    from casework.platform import Platform
    from forms import BoundForm


def _mine(
    session: Session, viewer: Viewer, session_id: UUID
) -> tuple[CommissionSession, list[AgendaItem]]:
    """The session and the items on which the viewer sits; NotVisible without any."""
    row = session.get(CommissionSession, session_id)
    seated = visible.seated_on(session, viewer, row) if row is not None else frozenset()
    if row is None or not seated:
        raise NotVisible("session", session_id)
    return row, [item for item in found.items_of(session, row.id) if item.id in seated]


def opinions_page(
    platform: Platform,
    session: Session,
    acting: Acting,
    viewer: Viewer,
    session_id: UUID,
    *,
    forms: Mapping[UUID, BoundForm] | None = None,
    speaking: Speaking = ENGLISH,
) -> OpinionsPage:
    """All items on which the viewer sits; `forms` are those just posted, by their task."""
    row, items = _mine(session, viewer, session_id)
    place = session.get_one(Establishment, row.establishment_id)
    making = _Cards(platform, session, acting, viewer, forms or {}, speaking)
    return OpinionsPage(
        session_id=row.id,
        title=title_of(row, place, speaking),
        zone=place.zone,
        place=row.place,
        planned_at=row.planned_at,
        cards=tuple(making.card(item) for item in items),
    )


class _Cards:
    def __init__(
        self,
        platform: Platform,
        session: Session,
        acting: Acting,
        viewer: Viewer,
        forms: Mapping[UUID, BoundForm],
        speaking: Speaking,
    ) -> None:
        self.platform, self.session, self.acting = platform, session, acting
        self.viewer, self.forms, self.speaking = viewer, forms, speaking

    def card(self, item: AgendaItem) -> OpinionCard:
        """One item: the question, and the form while it is open."""
        seat = self._seat(item)
        task = self._task(seat)
        case = found.case_of(self.session, item)
        mine = seat.user_id == self.viewer.user_id
        member = None if mine else staff.name_of(self.session, seat.user_id)
        state = _state(seat, task, mine=mine)
        form, draft = None, None
        if state == "open" and task is not None:
            form = self.forms.get(task.id) or self._form(task)
            draft = taskpage.draft_of(self.session, self.viewer.user_id, task.id)
        return OpinionCard(
            item_id=item.id,
            position=item.position,
            title=choices.title(self.session, case, self.speaking),
            question=self._question(item, case) if state in ("open", "stand_in") else "",
            state=state,
            task_id=task.id if task else None,
            form=form,
            saved_at=draft.saved_at if draft else None,
            revision=draft.revision if draft else 0,
            due_at=task.due_at if task else None,
            member=member,
        )

    def _seat(self, item: AgendaItem) -> Seat:
        """The seat on which the viewer sits; one on which he or she could stand in comes after."""
        me = self.viewer.user_id
        seats = [
            s
            for s in found.seats_of(self.session, item.instance_id)
            if me in (s.user_id, s.alternate_id)
        ]
        return sorted(seats, key=lambda s: s.user_id != me)[0]

    def _task(self, seat: Seat) -> HumanTask | None:
        wanted = select(HumanTask).where(HumanTask.seat_id == seat.id, HumanTask.state == "open")
        return self.session.scalars(wanted).first()

    def _form(self, task: HumanTask) -> BoundForm:
        asked = (self.platform, self.session, self.acting, self.viewer, task.id, self.speaking)
        looking = taskpage.look(*asked)
        return taskpage.bind(looking, taskpage.definition_of(looking), {})

    def _question(self, item: AgendaItem, case: Case) -> str:
        """What is asked, read in the member's name."""
        sight = CaseSight(self.session, self.viewer, case)
        for given in reversed(submissions.in_force(submissions.of_case(self.session, case.id))):
            if given.form != "F-ITEM" or given.first.instance_id != item.instance_id:
                continue
            ground = sight.ground(given.first)
            if ground is not None:
                answers = submissions.read(self.platform, self.session, self.acting, given, ground)
                return str(answers.get("question") or "")
        return ""


def _state(seat: Seat, task: HumanTask | None, *, mine: bool) -> str:
    if seat.state == "given":
        return "given"
    if task is None:
        return "closed"
    return "open" if mine else "stand_in"


def require_own(session: Session, viewer: Viewer, session_id: UUID, task_id: UUID) -> HumanTask:
    """An opinion that the viewer may give in this session; NotVisible for any other task."""
    _, items = _mine(session, viewer, session_id)
    task = session.get(HumanTask, task_id)
    seat = session.get(Seat, task.seat_id) if task is not None and task.seat_id else None
    named = (seat.user_id, seat.alternate_id) if seat is not None else ()
    if task is None or seat is None or task.form != OPINION or viewer.user_id not in named:
        raise NotVisible("task", task_id)
    if seat.item_id not in {item.id for item in items}:
        raise NotVisible("task", task_id)
    return task


def pack_page(
    platform: Platform,
    session: Session,
    acting: Acting,
    viewer: Viewer,
    session_id: UUID,
    *,
    speaking: Speaking = ENGLISH,
) -> PackPage:
    """What the viewer may read of each case on which he or she sits; opening it is audited."""
    row, items = _mine(session, viewer, session_id)
    place = session.get_one(Establishment, row.establishment_id)
    reader = staff.shown(session.get_one(UserAccount, viewer.user_id))
    return PackPage(
        session_id=row.id,
        title=title_of(row, place, speaking),
        zone=place.zone,
        reader=reader,
        items=tuple(
            _pack_item(platform, session, acting, viewer, item, speaking) for item in items
        ),
    )


def _pack_item(
    platform: Platform,
    session: Session,
    acting: Acting,
    viewer: Viewer,
    item: AgendaItem,
    speaking: Speaking,
) -> PackItem:
    case = found.case_of(session, item)
    telling = Telling.of(platform, session, acting, viewer, case, speaking)
    entries = []
    for given in submissions.in_force(submissions.of_case(session, case.id)):
        readable = _of_pack(telling, given)
        if readable is not None:
            title = timeline.title_of(telling, readable)
            entries.append((readable.first.id, title, readable.written_at))
    return PackItem(item.position, choices.title(session, case, speaking), tuple(entries))


def _of_pack(telling: Telling, given: Given) -> Given | None:
    if given.form not in PACK_FORMS:
        return None
    return given.where(lambda entry: telling.sight.ground(entry) is not None)


def posted_form(
    platform: Platform,
    session: Session,
    acting: Acting,
    viewer: Viewer,
    task: HumanTask,
    formdata: Any,
    speaking: Speaking,
) -> BoundForm:
    """The form of an opinion with what was just posted over its draft."""
    looking = taskpage.look(platform, session, acting, viewer, task.id, speaking)
    return taskpage.bind(looking, taskpage.definition_of(looking), {}, formdata=formdata)
