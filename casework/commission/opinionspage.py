"""One member's opinions on all items of a session, and the pack to give them from."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import access, drafts, staff, submissions, taskpage, timeline
from casework.access import Viewer
from casework.commission import choices, found, visible
from casework.commission.functions import OPINIONS, PACK_FORMS
from casework.commission.sessionpages import OpinionCard, OpinionsPage, PackItem, PackPage
from casework.commission.telling import title_of
from casework.submissions import Given
from casework.tables import (
    AgendaItem,
    Case,
    CommissionSession,
    Draft,
    RecordEntry,
    Seat,
    UserAccount,
)
from casework.telling import Telling
from casework.unseen import NotVisible
from casework.words import ENGLISH, Speaking
from processes.acting import Acting
from processes.ports import JournalEntry
from processes.tables import Establishment, HumanTask, ProcessInstance

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
        cards=making.of(items),
    )


class _Cards:
    """The cards of a page; what they need is read for all of them at once."""

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

    def of(self, items: Sequence[AgendaItem]) -> tuple[OpinionCard, ...]:
        """One card for each item."""
        cases = found.cases_of(self.session, [item.case_id for item in items])
        seats = self._seats(items)
        tasks = self._tasks(seats.values())
        asked = [i for i in items if seats[i.id].id in tasks and seats[i.id].state != "given"]
        questions = self._questions(asked, [cases[item.case_id][0] for item in asked])
        ids = [task.id for task in tasks.values()]
        self.drafts = drafts.drafts_of(self.session, self.viewer.user_id, ids)
        cards = []
        for item in items:
            seat, title = seats[item.id], choices.title_of(*cases[item.case_id], self.speaking)
            question = questions.get(item.id, "")
            cards.append(self._card(item, seat, tasks.get(seat.id), title, question))
        return tuple(cards)

    def _card(
        self, item: AgendaItem, seat: Seat, task: HumanTask | None, title: str, question: str
    ) -> OpinionCard:
        """One item: the question, and the form while it is open."""
        mine = seat.user_id == self.viewer.user_id
        state = _state(seat, task, mine=mine)
        form, draft = None, None
        if state == "open" and task is not None:
            draft = self.drafts.get(task.id)
            form = self.forms.get(task.id) or self._form(task, draft)
        return OpinionCard(
            item_id=item.id,
            position=item.position,
            title=title,
            question=question,
            state=state,
            task_id=task.id if task else None,
            form=form,
            saved_at=draft.saved_at if draft else None,
            revision=draft.revision if draft else 0,
            due_at=task.due_at if task else None,
            member=None if mine else staff.name_of(self.session, seat.user_id),
        )

    def _seats(self, items: Sequence[AgendaItem]) -> dict[UUID, Seat]:
        """By item, the seat on which the viewer sits; one on which he or she could stand in comes
        after."""
        me = self.viewer.user_id
        every = found.seats_by_instance(self.session, [item.instance_id for item in items])
        seats = {}
        for item in items:
            own = [s for s in every[item.instance_id] if me in (s.user_id, s.alternate_id)]
            seats[item.id] = sorted(own, key=lambda s: s.user_id != me)[0]
        return seats

    def _tasks(self, seats: Collection[Seat]) -> dict[UUID, HumanTask]:
        """Open steps by seat; with them their processes, which the session then has at hand."""
        wanted = (
            select(HumanTask, ProcessInstance)
            .join(ProcessInstance, ProcessInstance.id == HumanTask.instance_id)
            .where(HumanTask.seat_id.in_([seat.id for seat in seats]), HumanTask.state == "open")
        )
        rows = self.session.execute(wanted)
        return {task.seat_id: task for task, _ in rows if task.seat_id is not None}

    def _form(self, task: HumanTask, draft: Draft | None) -> BoundForm:
        asked = (self.platform, self.session, self.acting, self.viewer, task.id, self.speaking)
        looking = taskpage.look(*asked)
        typed = drafts.unsealed(self.platform, draft) if draft is not None else None
        if typed is None and task.handed_back_from is None:
            typed = {}  # nothing was typed, and nothing is corrected
        return taskpage.bind(looking, taskpage.definition_of(looking), {}, raw=typed)

    def _questions(self, items: Sequence[AgendaItem], cases: Sequence[Case]) -> dict[UUID, str]:
        """What is asked, by item, read in the member's name."""
        wanted = select(RecordEntry).where(
            RecordEntry.case_id.in_([case.id for case in cases]), RecordEntry.form == "F-ITEM"
        )
        entries = self.session.scalars(wanted.order_by(RecordEntry.written_at))
        sights = access.sights(self.session, self.viewer, cases)
        newest = {}  # of several preparations of an item, the last that may be read
        for given in submissions.in_force(submissions.group(entries)):
            ground = sights[given.first.case_id].ground(given.first)
            if ground is not None:
                newest[given.first.case_id, given.first.instance_id] = (given, ground)
        known = {i.id: newest[at] for i in items if (at := (i.case_id, i.instance_id)) in newest}
        answers = submissions.read_many(
            self.platform, self.session, self.acting, list(known.values())
        )
        return {
            item_id: str(found_.get("question") or "")
            for item_id, found_ in zip(known, answers, strict=True)
        }


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
    if task is None or seat is None or task.form not in OPINIONS or viewer.user_id not in named:
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
    entry = JournalEntry("pack.read", case.id, "item", item.id, {"ground": "pack"})
    platform.ports.journal.write(session, acting, entry)
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
