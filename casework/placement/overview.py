"""The page of those who place: what is proposed, what is to be carried out, what ends, what is
contested."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import access, shown
from casework.access import Viewer
from casework.measures import force, words
from casework.placement import bundle
from casework.tables import Case, Document, Measure, Person, Remedy
from casework.words import Speaking, Wording
from casework.worklist import task_title
from processes.acting import Acting
from processes.tables import Establishment, HumanTask, ProcessInstance, ProcessVersion

if TYPE_CHECKING:
    from casework.platform import Platform

READERS = frozenset({"se.placement", "se.legal", "se.head_office"})
"""Those whose function is to place, or to answer for it; they name persons on this page."""

KIND = "placement"
MODELS = frozenset({"placement", "rejection", "security-unit", "late-rejection", "court-after"})
CARRY_OUT = frozenset({"F-MOVE", "F-PUT-RIGHT", "F-RIGHT-AFTER"})
SHOWN = 200


@dataclass(frozen=True)
class Step:
    """One open step of a placement: whose it is, by when, and whether the reader can open it."""

    task_id: UUID | None
    case_id: UUID
    person: str
    establishment: str
    title: str
    role_name: str
    due_at: datetime | None
    overdue: bool
    zone: str


@dataclass(frozen=True)
class Placed:
    """A placement in force: where it stands, when it is reviewed, when it ends by itself."""

    person: str
    establishment: str
    words: str
    since: date
    review_on: date | None
    ends_at: datetime | None
    zone: str


@dataclass(frozen=True)
class Contested:
    """A placement that the person has rejected, and the files that went to a court."""

    person: str
    establishment: str
    state_words: str
    lodged_on: date
    files: tuple[tuple[UUID, str], ...]


@dataclass(frozen=True)
class Placements:
    """The whole page."""

    to_carry_out: tuple[Step, ...]
    under_way: tuple[Step, ...]
    in_force: tuple[Placed, ...]
    contested: tuple[Contested, ...]


@dataclass(frozen=True)
class _Seeing:
    platform: Platform
    session: Session
    acting: Acting
    viewer: Viewer
    speaking: Speaking

    def place(self, case: Case) -> Establishment:
        return self.session.get_one(Establishment, case.establishment_id)

    def person(self, case: Case) -> str:
        found = self.session.get(Person, case.person_id) if case.person_id else None
        return shown.full_name(found) if found else self.speaking.say("Erased")

    def names(self, instance_id: UUID) -> Wording:
        instance = self.session.get_one(ProcessInstance, instance_id)
        return shown.wording(self.platform, self.session, instance.version_id, self.speaking)


def placements(
    platform: Platform, session: Session, acting: Acting, viewer: Viewer, speaking: Speaking
) -> Placements:
    """What concerns placement at the places that the viewer's functions reach."""
    seeing = _Seeing(platform, session, acting, viewer, speaking)
    covered = {p for h in viewer.holdings if h.role in READERS for p in h.covers}
    steps = list(_steps(seeing, covered))
    return Placements(
        to_carry_out=tuple(step for form, step in steps if form in CARRY_OUT),
        under_way=tuple(step for form, step in steps if form not in CARRY_OUT),
        in_force=tuple(_in_force(seeing, covered)),
        contested=tuple(_contested(seeing, covered)),
    )


def _steps(seeing: _Seeing, covered: set[UUID]) -> Iterable[tuple[str, Step]]:
    """Open steps of the processes of placement, those that are due first."""
    wanted = (
        select(HumanTask, Case)
        .join(ProcessInstance, ProcessInstance.id == HumanTask.instance_id)
        .join(ProcessVersion, ProcessVersion.id == ProcessInstance.version_id)
        .join(Case, Case.id == HumanTask.case_id)
        .where(HumanTask.agency_id == seeing.viewer.agency_id, HumanTask.state == "open")
        .where(ProcessVersion.model.in_(MODELS), HumanTask.establishment_id.in_(covered))
        .order_by(HumanTask.due_at.is_(None), HumanTask.due_at, HumanTask.created_at)
        .limit(SHOWN)
    )
    for task, case in seeing.session.execute(wanted):
        names, place = seeing.names(task.instance_id), seeing.place(case)
        mine = access.may_see_task(seeing.session, seeing.viewer, task)
        yield (
            task.form,
            Step(
                task_id=task.id if mine else None,
                case_id=case.id,
                person=seeing.person(case),
                establishment=place.name,
                title=task_title(task, names),
                role_name=names.role(task.role),
                due_at=task.due_at,
                overdue=task.due_at is not None and task.due_at < seeing.acting.now,
                zone=place.zone,
            ),
        )


def _in_force(seeing: _Seeing, covered: set[UUID]) -> Iterable[Placed]:
    """Placements that the law reviews first, the next to end before the others."""
    wanted = (
        select(Measure, Case)
        .join(Case, Case.id == Measure.case_id)
        .where(Measure.agency_id == seeing.viewer.agency_id, Measure.kind == KIND)
        .where(Measure.state == "in_force", Case.establishment_id.in_(covered))
        .order_by(Measure.expires_on.is_(None), Measure.expires_on, Measure.effective_on)
        .limit(SHOWN)
    )
    for row, case in seeing.session.execute(wanted):
        place = seeing.place(case)
        yield Placed(
            person=seeing.person(case),
            establishment=place.name,
            words=_placement(seeing, row),
            since=row.effective_on,
            review_on=row.review_on,
            ends_at=force.ends_at(seeing.session, row.id),
            zone=place.zone,
        )


def _placement(seeing: _Seeing, row: Measure) -> str:
    if row.instance_id is None:
        return row.code
    return seeing.names(row.instance_id).code("placement_kind", row.code)


def _contested(seeing: _Seeing, covered: set[UUID]) -> Iterable[Contested]:
    wanted = (
        select(Remedy, Case)
        .join(Case, Case.id == Remedy.case_id)
        .where(Remedy.agency_id == seeing.viewer.agency_id, Remedy.state != "closed")
        .where(Case.establishment_id.in_(covered), Remedy.kind.in_(("reconsideration", "court")))
        .order_by(Remedy.lodged_on, Remedy.id)
        .limit(SHOWN)
    )
    may_read = bool(bundle.READERS.intersection(h.role for h in seeing.viewer.holdings))
    for row, case in seeing.session.execute(wanted):
        files: list[Document] = bundle.of_case(seeing.session, case.id) if may_read else []
        yield Contested(
            person=seeing.person(case),
            establishment=seeing.place(case).name,
            state_words=_state(row, seeing.speaking),
            lodged_on=row.lodged_on,
            files=tuple((document.id, document.number) for document in files),
        )


def _state(row: Remedy, speaking: Speaking) -> str:
    kind = words.remedy_words(row.kind, speaking)
    if not row.ruling or row.state == "open":
        return kind
    return speaking.say(
        "{kind}: {ruling}", kind=kind, ruling=words.ruling_words(row.ruling, speaking)
    )
