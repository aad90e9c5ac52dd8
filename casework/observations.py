"""The start of everything: an officer's observation, or the note that there is nothing to note."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from casework import (
    access,
    ahead,
    completing,
    drafts,
    grid_rules,
    observed,
    record,
    shown,
    tally,
    taskpage,
)
from casework.access import Viewer
from casework.access_policy import RATING_FORMS
from casework.grid_rules import RuleContext
from casework.opening import Starting, open_case, sent_before, starting_at
from casework.refusals import Refused
from casework.startpages import ObservationPage, PersonChoice, StartPage, Submitted
from casework.tables import Person
from casework.words import ENGLISH, Speaking, Wording, readers
from forms import BoundForm, build
from processes import parameters
from processes.acting import Acting
from processes.tables import Establishment

if TYPE_CHECKING:
    from casework.platform import Platform

__all__ = [
    "FORM",
    "ObservationPage",
    "PersonChoice",
    "StartPage",
    "Submitted",
    "attach",
    "observation_page",
    "ordinary_practice",
    "save_draft",
    "start_page",
    "submit",
]

FORM = observed.OBSERVATION
SHOWN_AT_ONCE = 100
CALL = "notify.urgent"
PERSON, START = drafts.PERSON, "_start"
"""Under these names a draft keeps whom a start form is about, and which it is."""


def start_page(
    platform: Platform,
    session: Session,
    viewer: Viewer,
    *,
    search: str = "",
    form_id: str = FORM,
    speaking: Speaking = ENGLISH,
) -> StartPage:
    """Persons of the establishments where the viewer may fill in a start form."""
    starting = starting_at(platform, session, viewer, speaking, form_id)
    places = _places(session, viewer, starting.role)
    draft = taskpage.draft_of(session, viewer.user_id, None)
    kept = record.load_draft(platform, session, viewer.user_id, None) if draft else None
    about = kept[0].get(PERSON) if kept else None
    return StartPage(
        may_observe=bool(places),
        persons=_persons(session, viewer, places, search),
        search=search,
        places=tuple((place.id, place.name) for place in places),
        draft_person_id=UUID(str(about)) if about else None,
        draft_saved_at=draft.saved_at if draft else None,
        form_id=form_id,
        starts=_open_starts(starting.names, viewer),
    )


def _open_starts(names: Wording, viewer: Viewer) -> tuple[tuple[str, str], ...]:
    """The start forms that one of the viewer's functions may answer."""
    held = {holding.role for holding in viewer.holdings}
    return tuple(
        (start.form, names.element(start.id))
        for start in names.model.starts
        if start.form and names.pack.role(start.role or "") in held
    )


def _places(session: Session, viewer: Viewer, role: str) -> list[Establishment]:
    covered = {place for h in viewer.holdings if h.role == role for place in h.covers}
    wanted = select(Establishment).where(Establishment.id.in_(covered))
    return list(session.scalars(wanted.order_by(Establishment.name)))


def _persons(
    session: Session, viewer: Viewer, places: list[Establishment], search: str
) -> tuple[PersonChoice, ...]:
    names = {place.id: place.name for place in places}
    wanted = (
        select(Person)
        .where(Person.agency_id == viewer.agency_id, Person.establishment_id.in_(names))
        .order_by(Person.family_name, Person.given_name)
        .limit(SHOWN_AT_ONCE)
    )
    if search.strip():
        like = shown.like(search)
        columns = (Person.number, Person.family_name, Person.given_name, Person.unit)
        wanted = wanted.where(or_(*(column.ilike(like, escape="\\") for column in columns)))
    return tuple(
        PersonChoice(p.id, shown.full_name(p), p.number, p.unit, names[p.establishment_id])
        for p in session.scalars(wanted)
    )


def observation_page(
    platform: Platform,
    session: Session,
    acting: Acting,
    viewer: Viewer,
    person_id: UUID,
    *,
    form_id: str = FORM,
    speaking: Speaking = ENGLISH,
    formdata: Any = None,
) -> ObservationPage:
    """The empty form, or the viewer's draft about this person, or what was just posted."""
    starting = starting_at(platform, session, viewer, speaking, form_id)
    person = _person(session, viewer, starting, person_id)
    form = _bound(platform, session, acting, viewer, starting, person, formdata)
    return _page(session, acting, viewer, starting, person, form)


def _person(session: Session, viewer: Viewer, starting: Starting, person_id: UUID) -> Person:
    """The person, if the viewer may record an observation where he or she is."""
    person = session.get(Person, person_id)
    if (
        person is None
        or person.agency_id != viewer.agency_id
        or not viewer.holds(starting.role, person.establishment_id)
    ):
        raise access.NotVisible("person", person_id)
    return person


def _bound(
    platform: Platform,
    session: Session,
    acting: Acting,
    viewer: Viewer,
    starting: Starting,
    person: Person,
    formdata: Any,
) -> BoundForm:
    kept = record.load_draft(platform, session, viewer.user_id, None)
    form_id = starting.start.form or ""
    mine = kept is not None and _is_about(kept[0], person, form_id)
    zone = shown.zone_of(session, person.establishment_id)
    return build(
        platform.models.form(session, starting.version.id, str(starting.start.form)),
        starting.names.speaking.translate,
        formdata,
        kept[0] if kept is not None and mine else None,
        today=shown.local_day(acting.now, zone),
    )


def _is_about(raw: Mapping[str, Any], person: Person, form_id: str) -> bool:
    return str(raw.get(PERSON)) == str(person.id) and raw.get(START, FORM) == form_id


def _page(
    session: Session,
    acting: Acting,
    viewer: Viewer,
    starting: Starting,
    person: Person,
    form: BoundForm,
) -> ObservationPage:
    names, draft = starting.names, taskpage.draft_of(session, viewer.user_id, None)
    facts = shown.person_facts(session, person.id, acting.now, names.speaking)
    if facts is None:
        raise access.NotVisible("person", person.id)
    return ObservationPage(
        person=facts,
        definition=form.definition,
        form=form,
        sections=form.sections,
        draft_saved_at=draft.saved_at if draft else None,
        draft_revision=draft.revision if draft else 0,
        place=taskpage.place_of(names, starting.version.id, starting.start.id, starting.role),
        explanation=ahead.next_in_words(names, starting.start.id),
        readers=_readers(names, form),
    )


def _readers(names: Wording, form: BoundForm) -> tuple[str, ...]:
    """Who will see the answers; also those whom the process can call to a danger."""
    found = readers(form.definition.layers, False, names.speaking)
    if all(element.effect != CALL for element in names.model.elements.values()):
        return found
    called = names.speaking.say("If it means danger now, those who are called to act read it too.")
    return (*found, called)


def save_draft(
    platform: Platform,
    session: Session,
    acting: Acting,
    viewer: Viewer,
    person_id: UUID,
    raw: Mapping[str, Any],
    revision: int | None,
    *,
    form_id: str = FORM,
) -> int:
    """Keep what is typed (one unfinished start form per author); gives the new revision. Refused
    when the page knows a draft that is gone: it was sent, or nothing was to be recorded."""
    if revision and taskpage.draft_of(session, viewer.user_id, None) is None:
        raise Refused(ENGLISH.say("This form was sent or dropped in another window."))
    starting = starting_at(platform, session, viewer, ENGLISH, form_id)
    person = _person(session, viewer, starting, person_id)
    kept = {**raw, PERSON: str(person.id), START: form_id}
    return record.save_draft(platform, session, acting, None, kept, revision).revision


def submit(
    platform: Platform,
    session: Session,
    acting: Acting,
    viewer: Viewer,
    person_id: UUID,
    formdata: Any,
    *,
    form_id: str = FORM,
    speaking: Speaking = ENGLISH,
) -> Submitted | ObservationPage:
    """Open a case with a start form; the page again when rules V1 to V3 or the form refuse."""
    starting = starting_at(platform, session, viewer, speaking, form_id)
    person = _person(session, viewer, starting, person_id)
    form = _bound(platform, session, acting, viewer, starting, person, formdata)
    if not _holds(session, acting, person, form, speaking):
        return _page(session, acting, viewer, starting, person, form)
    acting = replace(acting, role=starting.role)
    sent = sent_before(platform, session, acting, starting, person, form)
    return sent or open_case(platform, session, acting, starting, person, form)


def _holds(
    session: Session, acting: Acting, person: Person, form: BoundForm, speaking: Speaking
) -> bool:
    if not form.validate():
        return False
    zone = shown.zone_of(session, person.establishment_id)
    today = shown.local_day(acting.now, zone)
    values = parameters.Values(session, acting.agency_id, today)
    definition = form.definition
    found = grid_rules.check(
        grid_rules.rules_of(definition.id, definition.rules),
        definition,
        form.answers(),
        RuleContext(today, speaking, values),
    )
    for key, words in found:
        form.add_error(key, words)
    return not found


def ordinary_practice(
    platform: Platform,
    session: Session,
    acting: Acting,
    viewer: Viewer,
    establishment_id: UUID | None = None,
) -> None:
    """'Ordinary practice, nothing to record': drops the draft, adds one to the month's tally of
    the establishment, and leaves nothing else [domain.md 0.1: religion is not stored]."""
    starting = starting_at(platform, session, viewer, ENGLISH, FORM)
    places = [place.id for place in _places(session, viewer, starting.role)]
    place_id = establishment_id or (places[0] if places else None)
    if place_id is None or place_id not in places:
        raise access.NotVisible("establishment", place_id or viewer.agency_id)
    record.drop_draft(platform, session, viewer.user_id, None)
    tally.add(session, acting, place_id)


def attach(
    platform: Platform,
    session: Session,
    acting: Acting,
    viewer: Viewer,
    task_id: UUID,
    entry_id: UUID,
    item: str,
    *,
    speaking: Speaking = ENGLISH,
) -> int:
    """Put an earlier own observation into the viewer's draft of a grid, as a statement of the item
    (its code or key); gives the draft's new revision."""
    looking = taskpage.look(platform, session, acting, viewer, task_id, speaking)
    completing.require_open(looking)
    completing.require_mine(looking)
    answers = observed.own_observation(looking, entry_id)
    if answers is None or looking.task.form not in RATING_FORMS:
        raise access.NotVisible("entry", entry_id, looking.case.id)
    definition = taskpage.definition_of(looking)
    key = observed.item_key(definition, item)
    if key is None:
        raise Refused(speaking.say("Choose the item to which the observation belongs."))
    kept = record.load_draft(platform, session, viewer.user_id, task_id)
    raw, revision = kept if kept else ({}, 0)
    attached = observed.with_statement(raw, key, observed.as_statement(answers))
    return record.save_draft(platform, session, acting, task_id, attached, revision).revision
