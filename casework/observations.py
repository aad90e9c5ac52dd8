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
    grid_rules,
    observed,
    record,
    shown,
    startdrafts,
    tally,
    taskpage,
)
from casework.access import Viewer
from casework.access_policy import RATING_FORMS
from casework.grid_rules import RuleContext
from casework.opening import Starting, open_case, sent_before, starting_at
from casework.refusals import Refused
from casework.startdrafts import StartDraft
from casework.startpages import (
    ObservationPage,
    PersonChoice,
    StartPage,
    Submitted,
    Unfinished,
)
from casework.tables import Person
from casework.words import ENGLISH, Speaking, Wording, readers
from forms import BoundForm, build
from processes import parameters, versions
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
    "Unfinished",
    "attach",
    "drop_draft",
    "may_start",
    "observation_page",
    "ordinary_practice",
    "save_draft",
    "start_page",
    "submit",
]

FORM = observed.OBSERVATION
SHOWN_AT_ONCE = 100
CALL = "notify.urgent"


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
    return StartPage(
        may_observe=bool(places),
        persons=_persons(session, viewer, places, search),
        search=search,
        places=tuple((place.id, place.name) for place in places),
        unfinished=_unfinished(platform, session, viewer, starting.names),
        form_id=form_id,
        starts=_open_starts(starting.names, viewer),
    )


def may_start(platform: Platform, session: Session, viewer: Viewer) -> bool:
    """Whether one of the viewer's functions may answer a start form of the process in force."""
    try:
        starting = starting_at(platform, session, viewer, ENGLISH, FORM)
    except versions.NotDeployed:
        return False
    return bool(_open_starts(starting.names, viewer))


def _unfinished(
    platform: Platform, session: Session, viewer: Viewer, names: Wording
) -> tuple[Unfinished, ...]:
    """What the viewer has begun and not sent, as far as it could still be sent."""
    titles = dict(_open_starts(names, viewer))
    roles = {start.form: names.pack.role(start.role or "") for start in names.model.starts}
    found = []
    for draft in startdrafts.of_author(platform, session, viewer.user_id):
        person = session.get(Person, draft.person_id)
        if person is None or draft.form not in titles:
            continue
        if not viewer.holds(roles[draft.form], person.establishment_id):
            continue
        found.append(
            Unfinished(
                person_id=person.id,
                person=shown.full_name(person),
                number=person.number,
                form_id=draft.form,
                title=titles[draft.form],
                saved_at=draft.saved_at,
                zone=shown.zone_of(session, person.establishment_id),
            )
        )
    return tuple(found)


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
    return _page(platform, session, acting, viewer, starting, person, form)


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
    kept = _kept(platform, session, viewer, starting, person)
    zone = shown.zone_of(session, person.establishment_id)
    return build(
        platform.models.form(session, starting.version.id, str(starting.start.form)),
        starting.names.speaking.translate,
        formdata,
        kept.raw if kept else None,
        today=shown.local_day(acting.now, zone),
    )


def _kept(
    platform: Platform, session: Session, viewer: Viewer, starting: Starting, person: Person
) -> StartDraft | None:
    form_id = str(starting.start.form)
    return startdrafts.find(platform, session, viewer.user_id, person.id, form_id)


def _page(
    platform: Platform,
    session: Session,
    acting: Acting,
    viewer: Viewer,
    starting: Starting,
    person: Person,
    form: BoundForm,
) -> ObservationPage:
    names, draft = starting.names, _kept(platform, session, viewer, starting, person)
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
    """Keep what is typed (one unfinished form of a kind about a person); gives the new revision.
    Refused when the page knows a draft that is gone: it was sent, or nothing was to be recorded."""
    starting = starting_at(platform, session, viewer, ENGLISH, form_id)
    person = _person(session, viewer, starting, person_id)
    if revision and _kept(platform, session, viewer, starting, person) is None:
        raise Refused(ENGLISH.say("This form was sent or dropped in another window."))
    return startdrafts.save(platform, session, acting, person.id, form_id, raw, revision).revision


def drop_draft(
    platform: Platform, session: Session, viewer: Viewer, person_id: UUID, form_id: str = FORM
) -> None:
    """Destroy an unfinished form of the viewer's; nothing is counted by it."""
    starting = starting_at(platform, session, viewer, ENGLISH, form_id)
    person = _person(session, viewer, starting, person_id)
    startdrafts.drop_for_good(platform, session, viewer.user_id, person.id, form_id)


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
        return _page(platform, session, acting, viewer, starting, person, form)
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
    *,
    person_id: UUID | None = None,
) -> None:
    """'Ordinary practice, nothing to record': adds one to the month's tally of the establishment,
    and leaves nothing else [domain.md 0.1: religion is not stored].

    With `person_id` it ends the observation begun about that person: the draft goes for good,
    and the person's establishment counts. Other unfinished forms stay.
    """
    starting = starting_at(platform, session, viewer, ENGLISH, FORM)
    if person_id is not None:
        establishment_id = _person(session, viewer, starting, person_id).establishment_id
        startdrafts.drop_for_good(platform, session, viewer.user_id, person_id, FORM)
    places = [place.id for place in _places(session, viewer, starting.role)]
    place_id = establishment_id or (places[0] if places else None)
    if place_id is None or place_id not in places:
        raise access.NotVisible("establishment", place_id or viewer.agency_id)
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
