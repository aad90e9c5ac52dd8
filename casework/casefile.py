"""The case list and the case page: what happened, what is open, which clocks run."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import (
    access,
    access_policy,
    beginning,
    casestate,
    interruption,
    material,
    record,
    shown,
    staff,
    submissions,
    timeline,
)
from casework.access import Viewer
from casework.casepages import CaseFilters, CaseList, CasePage, CaseRow, EntryPage, Sections
from casework.cycle import showing as cycle
from casework.described import described
from casework.measures import showing
from casework.tables import Case, Person, RecordEntry
from casework.telling import Telling
from casework.words import ENGLISH, Speaking
from processes.acting import Acting
from processes.tables import Establishment

if TYPE_CHECKING:
    from casework.platform import Platform

__all__ = [
    "CaseFilters",
    "CaseList",
    "CasePage",
    "CaseRow",
    "EntryPage",
    "case_page",
    "cases",
    "entry_page",
]

SHOWN = 300


def cases(
    _platform: Platform,
    session: Session,
    viewer: Viewer,
    now: datetime,
    filters: CaseFilters | None = None,
    *,
    speaking: Speaking = ENGLISH,
) -> CaseList:
    """Cases the viewer may see, newest first."""
    asked = filters or CaseFilters()
    found = _found(session, viewer, asked)
    may_open = access.cases_seen(session, viewer, found)
    seen = [case for case in found if case.id in may_open]
    named = access.persons_seen(session, viewer, seen)
    seen = [case for case in seen if _may_be_found(case, asked, named)]
    stages = sorted({(c.stage, shown.stage_words(c, speaking)) for c in seen}, key=lambda s: s[1])
    wanted = [c for c in seen if asked.stage in (None, c.stage)]
    names = _places(session, seen)
    people = shown.people(session, [c.person_id for c in wanted if c.id in named and c.person_id])
    due = shown.next_due(session, [case.id for case in wanted])
    return CaseList(
        rows=tuple(
            _row(session, case, people.get(case.person_id), due[case.id], now, names, speaking)
            for case in wanted
        ),
        filters=asked,
        establishments=tuple(sorted(names.items(), key=lambda pair: pair[1])),
        stages=tuple(stages),
        by_standing=any(access_policy.standing_layers(held.role) for held in viewer.holdings),
    )


def _found(session: Session, viewer: Viewer, asked: CaseFilters) -> list[Case]:
    wanted = select(Case).where(Case.agency_id == viewer.agency_id, Case.at_end.is_(None))
    if asked.state == "open":
        wanted = wanted.where(Case.state == "open")
    elif asked.state == "closed":
        wanted = wanted.where(Case.state != "open")
    if asked.establishment_id is not None:
        wanted = wanted.where(Case.establishment_id == asked.establishment_id)
    if asked.search.strip():
        alike = shown.cases_like(session, viewer.agency_id, asked.search)
        wanted = wanted.where(Case.id.in_(alike))
    return list(session.scalars(wanted.order_by(Case.opened_at.desc()).limit(SHOWN)))


def _places(session: Session, seen: list[Case]) -> dict[UUID, str]:
    ids = {case.establishment_id for case in seen}
    wanted = select(Establishment.id, Establishment.name).where(Establishment.id.in_(ids))
    return {row.id: row.name for row in session.execute(wanted)}


def _may_be_found(case: Case, asked: CaseFilters, named: Collection[UUID]) -> bool:
    """A search by person finds a case only for those who may know who it is about."""
    text = asked.search.strip().casefold()
    by_name = case.name is not None and text in case.name.casefold()
    return by_name or not text or case.id in named


def _row(
    session: Session,
    case: Case,
    person: Person | None,
    due: datetime | None,
    now: datetime,
    names: dict[UUID, str],
    speaking: Speaking,
) -> CaseRow:
    if case.kind == "session":
        nameless = shown.session_name(session, case, speaking) or ""
    elif case.person_id is None:
        nameless = speaking.say("Case without a person")
    else:
        nameless = f"{speaking.say('Case')} {str(case.id)[:8]}"
    return CaseRow(
        case_id=case.id,
        title=shown.full_name(person) if person else case.name or nameless,
        case_name=case.name,
        person_number=person.number if person else None,
        establishment=names[case.establishment_id],
        state=case.state,
        stage_words=shown.stage_words(case, speaking),
        opened_at=case.opened_at,
        zone=shown.zone_of(session, case.establishment_id),
        next_due_at=due,
        overdue=due is not None and due < now,
    )


def case_page(
    platform: Platform,
    session: Session,
    acting: Acting,
    viewer: Viewer,
    case_id: UUID,
    *,
    speaking: Speaking = ENGLISH,
) -> CasePage:
    """The case page; `NotVisible` when not the viewer's."""
    case = session.get(Case, case_id)
    if case is None:
        raise access.NotVisible("case", case_id)
    access.require_case(session, viewer, case)
    telling = Telling.of(platform, session, acting, viewer, case, speaking)
    named = access.may_see_person(session, viewer, case)
    person_id = case.person_id if named else None
    return CasePage(
        case=shown.case_facts(session, case, telling.main, speaking),
        person=shown.person_facts(session, person_id, acting.now, speaking),
        where=casestate.where(telling),
        timeline=timeline.events(telling),
        tasks=casestate.tasks(telling),
        clocks=casestate.clocks(telling),
        waiting=casestate.waiting(telling),
        decisions=casestate.decisions(telling),
        people=casestate.people(telling),
        diagrams=casestate.diagrams(telling),
        measures=showing.of_case(telling),
        cycle=cycle.of_case(telling),
        beginnings=beginning.open_to(platform, session, viewer, case, speaking),
        may_interrupt=interruption.may_interrupt(platform, session, viewer, case),
    )


def entry_page(
    platform: Platform,
    session: Session,
    acting: Acting,
    viewer: Viewer,
    entry_id: UUID,
    *,
    speaking: Speaking = ENGLISH,
) -> EntryPage:
    """Open one submission; the reading is audited. `NotVisible` when the viewer may not read."""
    entry = session.get(RecordEntry, entry_id)
    if entry is None:
        raise access.NotVisible("entry", entry_id)
    ground = access.require_entry(session, viewer, entry)
    case = session.get_one(Case, entry.case_id)
    telling = Telling.of(platform, session, acting, viewer, case, speaking)
    given = submissions.containing(session, entry)
    readable = given.where(lambda e: telling.sight.ground(e) is not None)
    if readable is None:
        raise access.NotVisible("entry", entry_id, case.id)
    return EntryPage(
        case_id=case.id,
        title=timeline.title_of(telling, given),
        author=staff.name_of(session, entry.author_id, telling.speaking)
        or telling.role(entry.author_role),
        written_at=entry.written_at,
        layers=tuple(e.layer for e in readable.entries),
        sections=_sections(telling, readable, ground),
        superseded=_is_superseded(session, given),
    )


def _sections(telling: Telling, given: submissions.Given, ground: str) -> Sections:
    platform, session, acting = telling.platform, telling.session, telling.acting
    if given.form == material.HAND_BACK:
        answers = record.read_entry(platform, session, acting, given.first, ground)
        label = telling.speaking.say("Message")
        return (("", ((label, str(answers.get("message", ""))),)),)
    definition = submissions.definition_of(platform.models, session, given)
    answers = submissions.read(platform, session, acting, given, ground)
    return described(session, definition, answers, telling.speaking)


def _is_superseded(session: Session, given: submissions.Given) -> bool:
    later = select(RecordEntry.id).where(
        RecordEntry.supersedes_id.in_([entry.id for entry in given.entries])
    )
    return session.scalars(later.limit(1)).first() is not None
