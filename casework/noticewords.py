"""Names in notifications: put together when shown, for those alone who may know the person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from casework import access_policy as policy
from casework import shown
from casework.tables import Case, CommissionSession, Notification, Person
from casework.words import Speaking
from processes.tables import Establishment, HumanTask

if TYPE_CHECKING:
    from casework.platform import Platform


def about(session: Session, told: str, case: Case, known: bool, speaking: Speaking) -> str:
    """The sentence, and whom it is about: the person, or for those without L0 the case's name."""
    person = session.get(Person, case.person_id) if case.person_id else None
    name = shown.full_name(person) if person is not None and known else case.name
    return speaking.say("{name}: {told}", name=name, told=told) if name else told


def danger(
    platform: Platform,
    session: Session,
    layers: frozenset[str],
    row: Notification,
    case: Case,
    speaking: Speaking,
) -> str:
    """Who is in danger or dangerous, where, who asks and since when; the person only by right.

    Whoever is called to act on a danger must know about whom: those told whose function reads
    identity with a task are told it here too. `layers` are those of the case that the reader sees.
    """
    person = session.get(Person, case.person_id) if case.person_id else None
    asks = _who_asked(platform, session, row, case, speaking)
    if person is None or policy.IDENTITY not in layers | policy.task_layers(row.role):
        zone = shown.zone_of(session, row.establishment_id)
        return speaking.say(
            "Danger now: {case}. {role} asks for action at once, since {since}.",
            case=shown.reference(case, speaking),
            role=asks,
            since=speaking.moment(row.created_at, zone),
        )
    place = session.get_one(Establishment, person.establishment_id)
    return speaking.say(
        "Danger now: {person} ({number}), {unit}, {place}. {role} asks for action at once, since"
        " {since}.",
        person=shown.full_name(person),
        number=person.number,
        unit=person.unit or speaking.say("unit not known"),
        place=place.name,
        role=asks,
        since=speaking.moment(row.created_at, place.zone),
    )


def settled(told: str, answered: HumanTask, zone: str, speaking: Speaking) -> str:
    """The call, and that it was answered."""
    when = speaking.moment(answered.ended_at or answered.created_at, zone)
    return speaking.say("{told} It was answered on {when}.", told=told, when=when)


def invited(row: CommissionSession, zone: str, speaking: Speaking) -> str:
    """To which session."""
    return speaking.say(
        "You are invited to the session of the commission on {when}.",
        when=speaking.moment(row.planned_at, zone),
    )


def _who_asked(
    platform: Platform, session: Session, row: Notification, case: Case, speaking: Speaking
) -> str:
    """The function in whose lane the step stands that wrote the notice."""
    names = shown.case_wording(platform, session, case, speaking)
    element = names.model.elements.get(row.element_id or "") if names else None
    if names is None or element is None or not element.role:
        return speaking.say("A colleague")
    return names.role_of(element)
