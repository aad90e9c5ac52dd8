"""The registry tells of a release, a death or a court order, and learns of no case by it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import access, interruption, shown
from casework.access import Viewer
from casework.refusals import Refused
from casework.tables import Case, Person
from casework.words import ENGLISH, Speaking
from forms import BoundForm, Choice, FormDefinition, build, load_form
from forms import Section as FormSection
from processes import packs, versions
from processes.acting import Acting

if TYPE_CHECKING:
    from casework.platform import Platform

FORM = "F-REGISTER"
ROLE = "common.registry"
MAY_RECORD = frozenset({"released", "died", "court_order"})


@dataclass(frozen=True)
class RegisterPage:
    """The empty form, or what was typed with what is wrong in it."""

    form: BoundForm
    sections: tuple[FormSection, ...]


@dataclass(frozen=True)
class Registered:
    """It was told; nothing here says whether a case was open."""


def may_register(platform: Platform, session: Session, viewer: Viewer) -> bool:
    """Whether the viewer keeps a prison's register."""
    return bool(_places(viewer, _role(platform, session, viewer)))


def register_page(
    platform: Platform,
    session: Session,
    acting: Acting,
    viewer: Viewer,
    *,
    speaking: Speaking = ENGLISH,
) -> RegisterPage:
    """The empty form; `NotVisible` for other functions."""
    return page(bound(platform, session, acting, viewer, _definition(), None, speaking))


def register(
    platform: Platform,
    session: Session,
    acting: Acting,
    viewer: Viewer,
    formdata: Any,
    *,
    speaking: Speaking = ENGLISH,
) -> Registered | RegisterPage:
    """End what runs about the person, if anything does; the answer is the same either way."""
    form = bound(platform, session, acting, viewer, _definition(), formdata, speaking)
    if not form.validate():
        return page(form)
    answers = form.answers()
    role = _role(platform, session, viewer)
    number = str(answers["person_number"])
    person = find_person(platform, session, viewer, number, for_update=True)
    if person is None:
        form.add_error("person_number", unknown(speaking))
        return page(form)
    for case in _open_cases(session, person):
        _interrupt(platform, session, acting, viewer, case, role or "", answers)
    return Registered()


def _interrupt(
    platform: Platform,
    session: Session,
    acting: Acting,
    viewer: Viewer,
    case: Case,
    role: str,
    answers: dict[str, Any],
) -> None:
    """End one case as whoever sees it would; what was ended or recorded before stays as it is."""
    asked = interruption.asked_as(
        platform, session, acting, viewer, case, {role: MAY_RECORD}, ENGLISH
    )
    definition = platform.models.form(session, asked.version.id, asked.start.form or "")
    told = {
        interruption.REASON: answers["interruption"],
        "interrupted_on": answers["interrupted_on"],
        "known_from": "register",
        "understood": True,
    }
    try:
        with session.begin_nested():
            interruption.require_standing(asked)
            interruption.carry_out(asked, definition, told)
    except Refused:
        return


def _role(platform: Platform, session: Session, viewer: Viewer) -> str | None:
    """The function that keeps the register, by the process that would follow."""
    try:
        version = versions.active_version(session, viewer.agency_id, interruption.MODEL)
    except versions.NotDeployed:
        return None
    return platform.models.pack(session, version.id).role(ROLE)


def _places(viewer: Viewer, role: str | None) -> set[Any]:
    return {place for h in viewer.holdings if h.role == role for place in h.covers}


def find_person(
    platform: Platform, session: Session, viewer: Viewer, number: str, *, for_update: bool = False
) -> Person | None:
    """Who has this number in a register that the viewer keeps."""
    places = _places(viewer, _role(platform, session, viewer))
    wanted = select(Person).where(
        Person.agency_id == viewer.agency_id,
        Person.number == number.strip(),
        Person.establishment_id.in_(places),
    )
    if for_update:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    return session.scalars(wanted).first()


def unknown(speaking: Speaking) -> str:
    """What is said of a number that the viewer's register does not have."""
    return speaking.say(
        "Nobody with this number is in the register of your prison. Check the number."
    )


def as_registry(platform: Platform, session: Session, acting: Acting, viewer: Viewer) -> Acting:
    """The act, done in the function that keeps the register."""
    return replace(acting, role=_role(platform, session, viewer))


def _open_cases(session: Session, person: Person) -> list[Case]:
    wanted = select(Case).where(
        Case.agency_id == person.agency_id, Case.person_id == person.id, Case.state == "open"
    )
    return list(session.scalars(wanted.order_by(Case.opened_at)))


def bound(
    platform: Platform,
    session: Session,
    acting: Acting,
    viewer: Viewer,
    definition: FormDefinition,
    formdata: Any,
    speaking: Speaking,
    choices: Mapping[str, Sequence[Choice]] | None = None,
) -> BoundForm:
    """A form of the registry's, with what was typed; `NotVisible` for other functions."""
    places = _places(viewer, _role(platform, session, viewer))
    if not places:
        raise access.NotVisible("page", viewer.user_id)
    today = shown.local_day(acting.now, shown.zone_of(session, min(places)))
    return build(definition, speaking.translate, formdata, None, choices=choices, today=today)


@cache
def _definition() -> FormDefinition:
    """The form of the page; it is part of no process."""
    return load_form((packs.FORMS / "common" / f"{FORM}.form").read_bytes(), f"{FORM}.form")


def page(form: BoundForm) -> RegisterPage:
    """The form as a page."""
    return RegisterPage(form, form.sections)
