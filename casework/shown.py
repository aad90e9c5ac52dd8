"""Cases, persons and places as every page shows them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Row, or_, select
from sqlalchemy.orm import Session

from casework.pages import CaseFacts, PersonFacts
from casework.tables import Case, CommissionSession, Person
from casework.words import ENGLISH, Speaking, Wording
from processes.tables import Establishment, HistoryEvent, HumanTask, ProcessInstance, ProcessVersion

if TYPE_CHECKING:
    from casework.platform import Platform


ADULT_AT = 18


def local_day(at: datetime, zone: str) -> date:
    """The legal day at a place."""
    return at.astimezone(ZoneInfo(zone)).date()


def wording(platform: Platform, session: Session, version_id: UUID, speaking: Speaking) -> Wording:
    """The names of a deployed version in the reader's language."""
    models = platform.models
    model, pack = models.model(session, version_id), models.pack(session, version_id)
    return Wording.of(model, pack, speaking)


def main_instance(session: Session, case_id: UUID) -> ProcessInstance | None:
    """The process that a case began with; escalations guard a task and are not it."""
    wanted = (
        select(ProcessInstance)
        .where(ProcessInstance.case_id == case_id, ProcessInstance.guarded_task_id.is_(None))
        .order_by(ProcessInstance.started_at)
    )
    return session.scalars(wanted).first()


def case_wording(
    platform: Platform, session: Session, case: Case, speaking: Speaking
) -> Wording | None:
    """The names in the process of a case; None when it has none any more."""
    instance = main_instance(session, case.id)
    return wording(platform, session, instance.version_id, speaking) if instance else None


def reference(case: Case, speaking: Speaking = ENGLISH) -> str:
    """How a case is called where its person is not named."""
    return f"{speaking.say('Case')} {case.name or str(case.id)[:8]}"


def case_facts(
    session: Session, case: Case, names: Wording | None, speaking: Speaking
) -> CaseFacts:
    """The case in one line."""
    place = session.get_one(Establishment, case.establishment_id)
    return CaseFacts(
        case_id=case.id,
        name=case.name or session_name(session, case, speaking),
        state=case.state,
        stage=case.stage,
        stage_words=stage_words(case, speaking),
        owner_role=case.owner_role,
        owner_words=names.role(case.owner_role) if names else case.owner_role,
        opened_at=case.opened_at,
        zone=place.zone,
        purpose=purpose_words(case.purpose_code, speaking),
        legal_basis=names.basis(case.legal_basis) if names else case.legal_basis,
    )


def session_name(session: Session, case: Case, speaking: Speaking = ENGLISH) -> str | None:
    """What the file of a session is called; None for a case about a person."""
    if case.kind != "session":
        return None
    held = select(CommissionSession).where(CommissionSession.case_id == case.id)
    row = session.scalars(held).first()
    if row is None:
        return speaking.say("Session of the commission")
    day = local_day(row.planned_at, zone_of(session, row.establishment_id))
    return speaking.say("Session of {day}", day=speaking.day(day))


BEFORE_ANY_DECISION = frozenset({"observed", "opened"})
"""Stages that tell only that work went on: said of a closed case they would mislead."""


CYCLES = frozenset({"sweden"})
"""Packs without a commission: a case goes from step to step and is monitored with no last day."""


def stage_words(case: Case, speaking: Speaking = ENGLISH) -> str:
    """Where a case stands, in words."""
    say = speaking.say
    if case.state == "erased":
        return say("Erased")
    if case.stage == "joined":
        return say("Joined to an open case")
    if case.state == "open" and case.stage == "closed":
        return say("Open again")
    if case.state == "closed" and case.stage in BEFORE_ANY_DECISION:
        return say("Closed")
    known = {
        "observed": say("Observation received"),
        "opened": say("Detection open"),
        "support": say("Support offered"),
        "monitored": say("Monitored")
        if case.pack in CYCLES
        else say("Ordinary observation until a date"),
        "decided": say("Decided"),
        "referred": say("Handed on to the next step")
        if case.pack in CYCLES
        else say("Referred to the commission"),
        "session": say("Session of the commission"),
        "measure": say("A measure is in force"),
        "measure_ended": say("The measure has ended"),
        "interrupted": say("Ended early"),
        "closed": say("Closed"),
    }
    words = known.get(case.stage, case.stage.replace("_", " "))
    if case.state == "closed" and case.stage != "closed":
        return say("Closed: {stage}", stage=words)
    return words


def purpose_words(code: str, speaking: Speaking = ENGLISH) -> str:
    """Why the case is kept."""
    say = speaking.say
    known = {
        "detection": say("Detecting violent radicalisation early"),
        "prevent_violence": say("Preventing violence"),
        "protect_person": say("Protecting the person"),
        "safety_others": say("Safety of others"),
        "commission": say("Holding a session of the commission"),
        "placement": say("Placing a person in a prison and unit"),
    }
    return known.get(code, code.replace("_", " "))


def penal_words(code: str, speaking: Speaking = ENGLISH) -> str:
    """The penal status in words."""
    say = speaking.say
    known = {
        "remand": say("On remand, presumed innocent"),
        "convicted": say("Convicted"),
        "probation": say("On probation"),
        "conditional": say("Conditionally released"),
        "none": say("None"),
    }
    return known.get(code, code)


def person_facts(
    session: Session, person_id: UUID | None, now: datetime, speaking: Speaking = ENGLISH
) -> PersonFacts | None:
    """The identity bar; None when the link to the person was cut."""
    person = session.get(Person, person_id) if person_id else None
    if person is None:
        return None
    place = session.get_one(Establishment, person.establishment_id)
    return PersonFacts(
        person_id=person.id,
        name=full_name(person),
        number=person.number,
        born_on=person.born_on.isoformat(),
        age=years(person.born_on, local_day(now, place.zone)),
        establishment=place.name,
        unit=person.unit,
        penal_status=penal_words(person.penal_status, speaking),
        language=person.language,
        release_on=person.release_on.isoformat() if person.release_on else None,
    )


def full_name(person: Person | Row[Any]) -> str:
    """Given and family name."""
    return f"{person.given_name} {person.family_name}"


def people(session: Session, ids: Collection[UUID]) -> dict[UUID | None, Person]:
    """Persons by id."""
    wanted = select(Person).where(Person.id.in_(ids))
    return {person.id: person for person in session.scalars(wanted)}


def next_due(session: Session, case_ids: Collection[UUID]) -> dict[UUID, datetime | None]:
    """By case: when the next open step is due; None where nothing is."""
    steps = next_steps(session, case_ids)
    return {case_id: None if task is None else task.due_at for case_id, task in steps.items()}


def next_steps(session: Session, case_ids: Collection[UUID]) -> dict[UUID, HumanTask | None]:
    """By case: the open step that is due next; None where none has a date."""
    wanted = (
        select(HumanTask)
        .where(HumanTask.case_id.in_(case_ids), HumanTask.state == "open")
        .where(HumanTask.due_at.is_not(None))
        .order_by(HumanTask.due_at.desc(), HumanTask.id.desc())
    )
    return {**dict.fromkeys(case_ids), **{task.case_id: task for task in session.scalars(wanted)}}


def years(born_on: date, today: date) -> int:
    """Completed years of age."""
    return today.year - born_on.year - ((today.month, today.day) < (born_on.month, born_on.day))


def is_adult(person: Person, today: date) -> bool:
    """Of age: ways for adults are closed to minors [domain.md 8.6]."""
    return years(person.born_on, today) >= ADULT_AT


def cases_like(session: Session, agency_id: UUID, text: str) -> frozenset[UUID]:
    """Cases whose demo name, or whose person's name or number, contains the text."""
    wanted = (
        select(Case.id)
        .outerjoin(Person, Person.id == Case.person_id)
        .where(Case.agency_id == agency_id, Case.state != "erased")
        .where(
            or_(
                Case.name.ilike(like(text), escape="\\"),
                Person.number.ilike(like(text), escape="\\"),
                Person.family_name.ilike(like(text), escape="\\"),
                Person.given_name.ilike(like(text), escape="\\"),
            )
        )
    )
    return frozenset(session.scalars(wanted))


def like(text: str) -> str:
    """A pattern that finds the text as it stands, with a backslash as its escape."""
    plain = text.strip().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{plain}%"


def title_of(session: Session, version_id: UUID, names: Wording) -> str:
    """The title of a deployed process."""
    version = session.get_one(ProcessVersion, version_id)
    return names.process(version.model) or version.title


def zone_of(session: Session, establishment_id: UUID) -> str:
    """The time zone of a place."""
    return session.get_one(Establishment, establishment_id).zone


def standing_in(session: Session, instance: ProcessInstance, names: Wording) -> frozenset[str]:
    """The calls in which an instance stands now, from its history."""
    calls = [e.id for e in names.model.elements.values() if e.called]
    rows = session.execute(
        select(HistoryEvent.element_id, HistoryEvent.kind)
        .where(HistoryEvent.instance_id == instance.id, HistoryEvent.element_id.in_(calls))
        .order_by(HistoryEvent.position)
    )
    last = {row.element_id: row.kind for row in rows}
    return frozenset(element_id for element_id, kind in last.items() if kind == "entered")
