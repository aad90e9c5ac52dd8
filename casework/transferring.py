"""The registry says that a person was moved to another prison, and learns of no case by it."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework import registering, rerouting
from casework.access import Viewer
from casework.registering import Registered, RegisterPage
from casework.tables import Person, Transfer
from casework.words import ENGLISH, Speaking
from forms import BoundForm, Choice, FormDefinition, load_form
from processes import packs
from processes.acting import Acting
from processes.tables import Establishment

if TYPE_CHECKING:
    from casework.platform import Platform

FORM = "F-TRANSFER"
PRISON = "prison"
LONGEST_AGO = timedelta(days=366)
"""Within which a move is written down."""


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
    on = date.fromisoformat(str(answers["moved_on"]))
    if (wrong := _wrong_day(session, acting, person, on, speaking)) is not None:
        form.add_error("moved_on", wrong)
        return registering.page(form)
    person.unit = str(answers.get("to_unit") or "")
    acting = registering.as_registry(platform, session, acting, viewer)
    rerouting.transfer(platform, session, acting, person, to_id, on)
    return Registered()


def _wrong_day(
    session: Session, acting: Acting, person: Person, on: date, speaking: Speaking
) -> str | None:
    """Why the day cannot be right: before an earlier move, or longer ago than a move stays
    unwritten."""
    wanted = select(func.max(Transfer.moved_on)).where(Transfer.person_id == person.id)
    before = session.scalar(wanted)
    if before is not None and on < before:
        return speaking.say(
            "The person was moved before on {day}, later than that. Look again.",
            day=speaking.day(before),
        )
    if on < acting.now.date() - LONGEST_AGO:
        return speaking.say("That is more than a year ago. Look again.")
    return None


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
