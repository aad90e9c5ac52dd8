"""The registry tells of a release, a death or a court order, and learns of no case by it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import access, interruption, shown
from casework.access import Viewer
from casework.refusals import Refused
from casework.tables import Case, Person
from casework.words import ENGLISH, Speaking
from forms import BoundForm, FormDefinition, build, load_form
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
    return _page(_bound(platform, session, acting, viewer, None, speaking))


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
    form = _bound(platform, session, acting, viewer, formdata, speaking)
    if not form.validate():
        return _page(form)
    answers = form.answers()
    role = _role(platform, session, viewer)
    person = _person(session, viewer, role, str(answers["person_number"]))
    if person is None:
        words = speaking.say(
            "Nobody with this number is in the register of your prison. Check the number."
        )
        form.add_error("person_number", words)
        return _page(form)
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


def _person(session: Session, viewer: Viewer, role: str | None, number: str) -> Person | None:
    wanted = select(Person).where(
        Person.agency_id == viewer.agency_id,
        Person.number == number.strip(),
        Person.establishment_id.in_(_places(viewer, role)),
    )
    return session.scalars(wanted).first()


def _open_cases(session: Session, person: Person) -> list[Case]:
    wanted = select(Case).where(
        Case.agency_id == person.agency_id, Case.person_id == person.id, Case.state == "open"
    )
    return list(session.scalars(wanted.order_by(Case.opened_at)))


def _bound(
    platform: Platform,
    session: Session,
    acting: Acting,
    viewer: Viewer,
    formdata: Any,
    speaking: Speaking,
) -> BoundForm:
    places = _places(viewer, _role(platform, session, viewer))
    if not places:
        raise access.NotVisible("page", viewer.user_id)
    zone = shown.zone_of(session, min(places))
    today = shown.local_day(acting.now, zone)
    return build(_definition(), speaking.translate, formdata, None, today=today)


@cache
def _definition() -> FormDefinition:
    """The form of the page; it is part of no process."""
    return load_form((packs.FORMS / "common" / f"{FORM}.form").read_bytes(), f"{FORM}.form")


def _page(form: BoundForm) -> RegisterPage:
    return RegisterPage(form, form.sections)
