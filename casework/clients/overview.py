"""The pages of a probation officer: clients, what is due, the plan's days, the consent matrix."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import access, beginning, shown
from casework.access import Viewer
from casework.casepages import Beginning
from casework.clients import consents, sharing, words
from casework.tables import Case, ConsentCell, Person, Sharing
from casework.unseen import NotVisible
from casework.words import Speaking
from casework.worklist import task_title
from processes import reading
from processes.acting import Acting
from processes.ports import Code
from processes.tables import Establishment, HumanTask, ProcessInstance, ProcessVersion

if TYPE_CHECKING:
    from casework.platform import Platform

READERS = frozenset({"se.probation_officer", "se.contact_person"})
"""Who reads the consent matrix: the officer, and who helps the client [domain.md 6.9]."""

MODELS = ("probation", "release-planning")
STEPS_OF = frozenset(
    {
        *(*MODELS, "share-with-partner", "consent-answered", "consent-withdrawn"),
        *("breach", "statutory-exception"),
    }
)
"""Whose open steps stand on a client's page: what else runs in the case is not told here."""

SHOWN = 200


@dataclass(frozen=True)
class Due:
    """One open step: whose it is, by when, and whether the reader can open it."""

    task_id: UUID | None
    title: str
    role_name: str
    due_at: datetime | None
    overdue: bool


@dataclass(frozen=True)
class ClientLine:
    """One client: where the way out stands, and what is due next."""

    case_id: UUID
    person: str
    number: str
    establishment: str
    process_words: str
    release_on: date | None
    trial_until: date | None
    due: Due | None
    zone: str


@dataclass(frozen=True)
class Cell:
    """A row of the consent matrix in words."""

    partner: str
    category: str
    purpose: str
    state: str
    state_words: str
    until: date | None


@dataclass(frozen=True)
class Shared:
    """Something that was shared, or was to be."""

    partner: str
    category: str
    purpose: str
    state_words: str
    opened_at: datetime
    sent_at: datetime | None


@dataclass(frozen=True)
class ClientPage:
    """One client: what is due, the consent, what was shared, what can be begun."""

    line: ClientLine
    due: tuple[Due, ...]
    cells: tuple[Cell, ...]
    shared: tuple[Shared, ...]
    beginnings: tuple[Beginning, ...]


@dataclass(frozen=True)
class _Seeing:
    platform: Platform
    session: Session
    acting: Acting
    viewer: Viewer
    speaking: Speaking


def clients(
    platform: Platform, session: Session, acting: Acting, viewer: Viewer, speaking: Speaking
) -> tuple[ClientLine, ...]:
    """Clients whose release is planned or who are supervised, what is due first."""
    seeing = _Seeing(platform, session, acting, viewer, speaking)
    found = {case.id: (case, instance) for case, instance in _running(seeing)}
    lines = [_line(seeing, case, instance) for case, instance in found.values()]
    never = datetime.max.replace(tzinfo=acting.now.tzinfo)
    return tuple(sorted(lines, key=lambda c: (c.due.due_at or never if c.due else never, c.person)))


def client(
    platform: Platform,
    session: Session,
    acting: Acting,
    viewer: Viewer,
    case_id: UUID,
    speaking: Speaking,
) -> ClientPage:
    """One client; NotVisible for others than those who read the matrix at the client's place."""
    seeing = _Seeing(platform, session, acting, viewer, speaking)
    case = session.get(Case, case_id)
    if case is None or not READERS.intersection(viewer.roles_at(case.establishment_id)):
        raise NotVisible("client", case_id)
    instance = next((i for c, i in _running(seeing) if c.id == case_id), None)
    if instance is None and not consents.of_case(session, case_id):
        raise NotVisible("client", case_id)
    return ClientPage(
        line=_line(seeing, case, instance),
        due=tuple(_due(seeing, task) for task in _tasks(session, case_id)),
        cells=tuple(_cell(seeing, cell) for cell in consents.of_case(session, case_id)),
        shared=tuple(_shared(seeing, row) for row in sharing.of_case(session, case_id)),
        beginnings=beginning.open_to(platform, session, viewer, case, speaking),
    )


def _running(seeing: _Seeing) -> Iterable[tuple[Case, ProcessInstance]]:
    viewer = seeing.viewer
    covered = {p for h in viewer.holdings if h.role in READERS for p in h.covers}
    wanted = (
        select(Case, ProcessInstance)
        .join(ProcessInstance, ProcessInstance.case_id == Case.id)
        .join(ProcessVersion, ProcessVersion.id == ProcessInstance.version_id)
        .where(Case.agency_id == viewer.agency_id, Case.establishment_id.in_(covered))
        .where(ProcessVersion.model.in_(MODELS), ProcessInstance.state == "running")
        .order_by(ProcessInstance.started_at)
        .limit(SHOWN)
    )
    return [(case, instance) for case, instance in seeing.session.execute(wanted)]


def _tasks(session: Session, case_id: UUID) -> list[HumanTask]:
    wanted = (
        select(HumanTask)
        .join(ProcessInstance, ProcessInstance.id == HumanTask.instance_id)
        .join(ProcessVersion, ProcessVersion.id == ProcessInstance.version_id)
        .where(HumanTask.case_id == case_id, HumanTask.state == "open")
        .where(ProcessVersion.model.in_(STEPS_OF))
    )
    order = (HumanTask.due_at.is_(None), HumanTask.due_at, HumanTask.created_at)
    return list(session.scalars(wanted.order_by(*order)))


def _line(seeing: _Seeing, case: Case, instance: ProcessInstance | None) -> ClientLine:
    session, speaking = seeing.session, seeing.speaking
    person = session.get(Person, case.person_id) if case.person_id else None
    place = session.get_one(Establishment, case.establishment_id)
    seen: Mapping[str, Code] = {}
    told = speaking.say("No release planned, no supervision")
    if instance is not None:
        seen = reading.variables_of(session, seeing.platform, seeing.acting, instance)
        names = shown.wording(seeing.platform, session, instance.version_id, speaking)
        told = names.process(names.model.process_id)
    release, trial = seen.get("release_on"), seen.get("trial_until")
    tasks = _tasks(session, case.id)
    return ClientLine(
        case_id=case.id,
        person=shown.full_name(person) if person else speaking.say("Erased"),
        number=person.number if person else "",
        establishment=place.name,
        process_words=told,
        release_on=release if isinstance(release, date) else None,
        trial_until=trial if isinstance(trial, date) else None,
        due=_due(seeing, tasks[0]) if tasks else None,
        zone=place.zone,
    )


def _due(seeing: _Seeing, task: HumanTask) -> Due:
    session = seeing.session
    instance = session.get_one(ProcessInstance, task.instance_id)
    names = shown.wording(seeing.platform, session, instance.version_id, seeing.speaking)
    mine = access.may_see_task(session, seeing.viewer, task)
    return Due(
        task_id=task.id if mine else None,
        title=task_title(task, names),
        role_name=names.role(task.role),
        due_at=task.due_at,
        overdue=task.due_at is not None and task.due_at < seeing.acting.now,
    )


def _cell(seeing: _Seeing, cell: ConsentCell) -> Cell:
    speaking = seeing.speaking
    place = seeing.session.get_one(Case, cell.case_id).establishment_id
    today = shown.local_day(seeing.acting.now, shown.zone_of(seeing.session, place))
    over = cell.state == consents.GIVEN and cell.until is not None and cell.until < today
    state = "expired" if over else cell.state
    return Cell(
        partner=words.partner(cell.partner, speaking),
        category=words.category(cell.category, speaking),
        purpose=words.purpose(cell.purpose, speaking),
        state=state,
        state_words=words.cell_state(state, speaking),
        until=cell.until,
    )


def _shared(seeing: _Seeing, row: Sharing) -> Shared:
    speaking = seeing.speaking
    return Shared(
        partner=words.partner(row.partner, speaking),
        category=words.category(row.category, speaking),
        purpose=words.purpose(row.purpose, speaking),
        state_words=words.sharing_state(row.state, speaking),
        opened_at=row.opened_at,
        sent_at=row.sent_at,
    )
