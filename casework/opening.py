"""Opens a case: the process that a start form begins, the case row, the first entries."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import access, duplicates, shown, startdrafts, submissions
from casework.access import Viewer
from casework.moves import holding_still
from casework.starting import next_steps, start
from casework.startpages import Submitted
from casework.tables import Case, Person
from casework.words import Speaking, Wording
from forms import BoundForm
from processes import versions
from processes.acting import Acting
from processes.engine import Element
from processes.tables import ProcessVersion

if TYPE_CHECKING:
    from casework.platform import Platform

MODELS = ("detection", "identify")
"""What an observation begins, by whichever pack is in use in the agency."""

SENT_TWICE_WITHIN = timedelta(hours=12)


@dataclass(frozen=True)
class Starting:
    """The process that an observation starts, and the event it starts at."""

    version: ProcessVersion
    start: Element
    role: str
    names: Wording


def starting_at(
    platform: Platform, session: Session, viewer: Viewer, speaking: Speaking, form_id: str
) -> Starting:
    """Where a start form stands in the deployed model; NotVisible when it has none of that name."""
    version = versions.first_active(session, viewer.agency_id, MODELS)
    names = shown.wording(platform, session, version.id, speaking)
    start = next((start for start in names.model.starts if start.form == form_id), None)
    if start is None:
        raise access.NotVisible("form", version.id)
    return Starting(version, start, names.pack.role(start.role or ""), names)


def sent_before(
    platform: Platform,
    session: Session,
    acting: Acting,
    starting: Starting,
    person: Person,
    form: BoundForm,
) -> Submitted | None:
    """The first sending of the same words by the same author, when a post is sent twice."""
    holding_still(session, person.id)  # two posts at once: one waits here
    recent = select(Case).where(
        Case.person_id == person.id,
        Case.opened_by == acting.user_id,
        Case.opened_at >= acting.now - SENT_TWICE_WITHIN,
    )
    reading = replace(acting, user_id=None)
    for case in session.scalars(recent):
        for given in submissions.of_case(session, case.id):
            if given.form != starting.start.form or given.first.instance_id is None:
                continue
            if submissions.read(platform, session, reading, given) == form.answers():
                words = starting.names.speaking.say(
                    "This was sent already: one case was opened, not two."
                )
                return Submitted(case.id, given.first.instance_id, (words,))
    return None


def open_case(
    platform: Platform,
    session: Session,
    acting: Acting,
    starting: Starting,
    person: Person,
    form: BoundForm,
) -> Submitted:
    """Open the case, start its process, and write what was answered."""
    names, element = starting.names, starting.start
    case = new_case(session, acting, names, element, person)
    advanced, _ = start(
        platform, session, acting, case, starting.version.id, element, names, form, by_form=True
    )
    if acting.user_id is not None:
        startdrafts.drop(platform, session, acting.user_id, person.id, form.definition.id)
    zone = shown.zone_of(session, case.establishment_id)
    told = names.speaking.say("What you wrote is in. Nobody is put on any list by it.")
    sentences = (told, *next_steps(names, zone, advanced.opened))
    return Submitted(case.id, advanced.instance.id, sentences)


def new_case(
    session: Session, acting: Acting, names: Wording, element: Element, person: Person
) -> Case:
    """A case about the person, as a start event opens it."""
    case = Case(
        id=acting.new_id(),
        agency_id=acting.agency_id,
        person_id=person.id,
        establishment_id=person.establishment_id,
        pack=names.pack.id,
        name=None,
        state="open",
        stage="observed",
        owner_role=names.pack.role("common.coordinator"),
        purpose_code="detection",
        legal_basis=element.legal_basis or "",
        opened_at=duplicates.opening_moment(session, person.id, acting.now),
        opened_by=acting.user_id,
    )
    session.add(case)
    session.flush()
    return case
