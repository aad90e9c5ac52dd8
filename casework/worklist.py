"""My work: open tasks of a member of staff and of his or her functions, the urgent first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from casework import shown, staff
from casework.access import Viewer, may_see_task
from casework.access_policy import ABSTRACT_FORMS
from casework.pages import Choice, Filters, MyWork, WorkRow
from casework.tables import Case, Draft, Person
from casework.words import ENGLISH, Speaking, Wording
from processes import inbox
from processes.tables import Establishment, HumanTask, ProcessInstance

if TYPE_CHECKING:
    from casework.platform import Platform

MOST = 200
"""So many tasks stand in the list; the filters find the others."""


def my_work(
    platform: Platform,
    session: Session,
    viewer: Viewer,
    now: datetime,
    filters: Filters | None = None,
    *,
    speaking: Speaking = ENGLISH,
) -> MyWork:
    """Open tasks of the viewer and of the viewer's functions, overdue and due first."""
    asked = filters or Filters()
    found = [t for t in _found(session, viewer, now, asked) if _is_shown(session, viewer, t, asked)]
    maker = _Rows(platform, session, viewer, now, speaking, found)
    rows = tuple(row for row in map(maker.row, found) if _is_wanted(row, asked, now))
    return MyWork(
        rows=rows,
        overdue=tuple(row for row in rows if row.urgency == "overdue"),
        others=tuple(row for row in rows if row.urgency != "overdue"),
        filters=asked,
        roles=_choices((row.role, row.role_name) for row in rows),
        establishments=maker.establishments(),
        forms=_choices((task.form, maker.form_title(task)) for task in found),
    )


def _found(session: Session, viewer: Viewer, now: datetime, asked: Filters) -> list[HumanTask]:
    cases = shown.cases_like(session, viewer.agency_id, asked.search) if asked.search else None
    reaches = [inbox.Reach(holding.role, holding.covers) for holding in viewer.holdings]
    wanted = inbox.Filters(
        mine=asked.whose == "mine",
        overdue=asked.due == "overdue",
        role=asked.role,
        establishment_id=asked.establishment_id,
        case_ids=cases,
        size=MOST,
    )
    return inbox.find(session, viewer.agency_id, viewer.user_id, reaches, now, wanted)


def _is_shown(session: Session, viewer: Viewer, task: HumanTask, asked: Filters) -> bool:
    """A search by person or case never finds what is answered without name and file."""
    if asked.search.strip() and task.form in ABSTRACT_FORMS:
        return False
    return may_see_task(session, viewer, task)


def _is_wanted(row: WorkRow, asked: Filters, now: datetime) -> bool:
    if asked.whose == "groups" and row.held_by == "me":
        return False
    if asked.form is not None and row.form != asked.form:
        return False
    if asked.due == "today":
        return row.urgency in {"overdue", "today"}
    if asked.due == "week":
        return row.due_at is not None and row.due_at <= now + timedelta(days=7)
    return True


def _choices(pairs: Iterable[tuple[str, str]]) -> tuple[Choice, ...]:
    return tuple(Choice(value, label) for value, label in sorted(set(pairs), key=lambda p: p[1]))


def urgency(due_at: datetime | None, now: datetime, zone: str) -> str:
    """How near the due date is: overdue, today, later, none."""
    if due_at is None:
        return "none"
    if due_at < now:
        return "overdue"
    return "today" if shown.local_day(due_at, zone) == shown.local_day(now, zone) else "later"


def task_title(task: HumanTask, names: Wording) -> str:
    """The name of a task; a correction says so, and is named after what it corrects."""
    if task.handed_back_from is None:
        return names.element(task.element_id)
    element = names.model.elements[task.element_id]
    if element.kind == "startEvent":
        step = names.speaking.translate(task.name)
    else:
        step = names.element(task.element_id)
    return names.speaking.say("Correct: {step}", step=step)


class _Rows:
    """Makes rows; what many rows share is loaded once."""

    def __init__(
        self,
        platform: Platform,
        session: Session,
        viewer: Viewer,
        now: datetime,
        speaking: Speaking,
        tasks: list[HumanTask],
    ) -> None:
        self.platform, self.session, self.viewer = platform, session, viewer
        self.now, self.speaking = now, speaking
        self.beside = _beside(session, tasks)
        self.places = _places(session, {task.establishment_id for task in tasks})
        self.versions = {task.id: self.beside[task.id].version_id for task in tasks}
        self.late = self._late_steps()
        self.drafts = _drafts(session, viewer.user_id)
        self._names: dict[UUID, Wording] = {}

    def names(self, task: HumanTask) -> Wording:
        """The words of the task's version."""
        version_id = self.versions[task.id]
        if version_id not in self._names:
            self._names[version_id] = shown.wording(
                self.platform, self.session, version_id, self.speaking
            )
        return self._names[version_id]

    def _late_steps(self) -> dict[UUID, HumanTask]:
        """By id, the steps of others, overdue, that tasks are about."""
        guarded = {row.guarded_task_id for row in self.beside.values()} - {None}
        if not guarded:
            return {}
        wanted = (
            select(HumanTask, ProcessInstance.version_id)
            .join(ProcessInstance, ProcessInstance.id == HumanTask.instance_id)
            .where(HumanTask.id.in_(guarded))
        )
        found = self.session.execute(wanted).all()
        self.versions |= {task.id: version_id for task, version_id in found}
        return {task.id: task for task, _ in found}

    def _asks_about(self, task: HumanTask) -> str | None:
        """The step of somebody else, overdue, that the task is about: whose, and since when."""
        late = self.late.get(self.beside[task.id].guarded_task_id)
        if late is None:
            return None
        names, say = self.names(late), self.speaking.say
        step, role = task_title(late, names), names.role(late.role)
        if late.due_at is None:
            return say("“{step}” ({role}) is late", step=step, role=role)
        day = self.speaking.day(
            shown.local_day(late.due_at, self.places[task.establishment_id].zone)
        )
        return say("“{step}” ({role}) is late since {day}", step=step, role=role, day=day)

    def form_title(self, task: HumanTask) -> str:
        """What the task asks, as a filter."""
        return self.names(task).element(task.element_id)

    def establishments(self) -> tuple[Choice, ...]:
        """The places at which something waits."""
        return _choices((str(place.id), place.name) for place in self.places.values())

    def row(self, task: HumanTask) -> WorkRow:
        """One task."""
        names, beside = self.names(task), self.beside[task.id]
        abstract = task.form in ABSTRACT_FORMS
        person = beside if beside.number and not abstract else None
        place = self.places[task.establishment_id]
        about = self._asks_about(task)
        return WorkRow(
            task_id=task.id,
            title=task_title(task, names),
            form=task.form,
            case_id=task.case_id,
            case_name=None if abstract else self._case_name(task),
            person_name=shown.full_name(person) if person else None,
            person_number=person.number if person else None,
            role=task.role,
            role_name=names.role(task.role),
            establishment_name=place.name,
            due_at=task.due_at,
            zone=place.zone,
            urgency=urgency(task.due_at, self.now, place.zone),
            held_by=held_by(task, self.viewer.user_id),
            holder=staff.name_of(self.session, task.holder_id, self.speaking),
            has_draft=task.id in self.drafts,
            escalation_level=task.escalation_level,
            is_escalated=task.escalation_level > 0 or about is not None,
            asks_about=about,
            correction=task.handed_back_from is not None,
            about_session=beside.kind == "session",
            model_title=names.process(names.model.process_id),
        )

    def _case_name(self, task: HumanTask) -> str | None:
        """What a case is called beside its person; a session's file is called after its day."""
        beside = self.beside[task.id]
        if beside.kind != "session":
            name: str | None = beside.name
            return name
        case = self.session.get_one(Case, task.case_id)
        return shown.session_name(self.session, case, self.speaking)


def held_by(task: HumanTask, user_id: UUID) -> str:
    """Who holds a task, seen by a user: me, other, nobody."""
    if task.holder_id is None:
        return "nobody"
    return "me" if task.holder_id == user_id else "other"


def _beside(session: Session, tasks: list[HumanTask]) -> dict[UUID, Row[Any]]:
    """By task, what a row shows of its case, person and process: some columns of four tables.

    Whole rows, and a statement for each table, would cost more than showing them does.
    """
    wanted = (
        select(HumanTask.id, ProcessInstance.version_id, ProcessInstance.guarded_task_id)
        .add_columns(Case.name, Case.kind)
        .add_columns(Person.number, Person.given_name, Person.family_name)
        .join(ProcessInstance, ProcessInstance.id == HumanTask.instance_id)
        .outerjoin(Case, Case.id == HumanTask.case_id)
        .outerjoin(Person, Person.id == Case.person_id)
        .where(HumanTask.id.in_([task.id for task in tasks]))
    )
    return {row.id: row for row in session.execute(wanted)} if tasks else {}


def _places(session: Session, ids: set[UUID]) -> dict[UUID, Establishment]:
    found = session.scalars(select(Establishment).where(Establishment.id.in_(ids)))
    return {place.id: place for place in found}


def _drafts(session: Session, user_id: UUID) -> frozenset[UUID | None]:
    return frozenset(session.scalars(select(Draft.task_id).where(Draft.author_id == user_id)))
