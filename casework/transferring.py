"""The registry says that a person was moved to another prison, and learns of no case by it."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import registering, rerouting
from casework.access import Viewer
from casework.registering import Registered, RegisterPage
from casework.words import ENGLISH, Speaking
from forms import BoundForm, Choice, FormDefinition, load_form
from processes import packs
from processes.acting import Acting
from processes.tables import Establishment

if TYPE_CHECKING:
    from casework.platform import Platform

FORM = "F-TRANSFER"
PRISON = "prison"


def transfer_page(
    platform: Platform,
    session: Session,
    acting: Acting,
    viewer: Viewer,
    *,
    speaking: Speaking = ENGLISH,
) -> RegisterPage:
    """The empty form; `NotVisible` for those who keep no register."""
    return registering.page(_bound(platform, session, acting, viewer, None, speaking))


def transfer(
    platform: Platform,
    session: Session,
    acting: Acting,
    viewer: Viewer,
    formdata: Any,
    *,
    speaking: Speaking = ENGLISH,
) -> Registered | RegisterPage:
    """Move the person in the register, and all that is open about him or her; the answer is the
    same where nothing is. The page again when the form refuses."""
    form = _bound(platform, session, acting, viewer, formdata, speaking)
    if not form.validate():
        return registering.page(form)
    answers = form.answers()
    person = registering.find_person(
        platform, session, viewer, str(answers["person_number"]), for_update=True
    )
    if person is None:
        form.add_error("person_number", registering.unknown(speaking))
        return registering.page(form)
    to_id = UUID(str(answers["to_prison"]))
    if to_id == person.establishment_id:
        words = speaking.say("The person is in this prison’s register already. Choose another.")
        form.add_error("to_prison", words)
        return registering.page(form)
    person.unit = str(answers.get("to_unit") or "")
    acting = registering.as_registry(platform, session, acting, viewer)
    on = date.fromisoformat(str(answers["moved_on"]))
    rerouting.transfer(platform, session, acting, person, to_id, on)
    return Registered()


def _bound(
    platform: Platform,
    session: Session,
    acting: Acting,
    viewer: Viewer,
    formdata: Any,
    speaking: Speaking,
) -> BoundForm:
    choices = {"prisons": _prisons(session, viewer)}
    return registering.bound(
        platform, session, acting, viewer, _definition(), formdata, speaking, choices
    )


def _prisons(session: Session, viewer: Viewer) -> list[Choice]:
    """All prisons of the agency."""
    wanted = select(Establishment).where(
        Establishment.agency_id == viewer.agency_id, Establishment.kind == PRISON
    )
    named = session.scalars(wanted.order_by(Establishment.name))
    return [Choice(str(place.id), place.name) for place in named]


@cache
def _definition() -> FormDefinition:
    """The form of the page; it is part of no process."""
    return load_form((packs.FORMS / "common" / f"{FORM}.form").read_bytes(), f"{FORM}.form")
