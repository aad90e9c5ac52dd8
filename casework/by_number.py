"""Finding by register number the case in which a function begins something that it does not follow:
an urgent measure, a question to the commission."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import access, beginning
from casework.access import Viewer
from casework.access_policy import AUTHORITIES, REMEDIES_KEPT_BY
from casework.casepages import Beginning
from casework.refusals import Refused
from casework.tables import Case, Person
from casework.words import ENGLISH, Speaking
from processes.acting import Acting
from processes.ports import JournalEntry

if TYPE_CHECKING:
    from casework.platform import Platform

UNSEEN = "observed"
"""The stage of a case at which nobody has looked yet."""


def offered(
    platform: Platform, session: Session, viewer: Viewer, speaking: Speaking = ENGLISH
) -> tuple[Beginning, ...]:
    """What the viewer's functions begin about a person named by number.

    Not the registry's: it learns of no case by number, and finds those with a measure.
    """
    held = frozenset(holding.role for holding in viewer.holdings) - REMEDIES_KEPT_BY
    if not held:
        return ()
    return tuple(
        Beginning(start.form_id, start.names.element(start.element.id))
        for start in beginning.starts(platform, session, viewer.agency_id, held, speaking)
    )


def find(
    platform: Platform,
    session: Session,
    acting: Acting,
    viewer: Viewer,
    form_id: str,
    number: str,
    *,
    speaking: Speaking = ENGLISH,
) -> UUID:
    """The oldest open case about the person in which the viewer may begin this, one that was looked
    at before one that was not; found or not, the audit says who looked.

    Before the first look an observation is its author's and the unit lead's: only an authority that
    acts on a danger finds it [domain.md 6.9]. `NotVisible` for other functions, `Refused` where
    there is none.
    """
    if form_id not in {start.form_id for start in offered(platform, session, viewer, speaking)}:
        raise access.NotVisible("form", viewer.user_id)
    wanted = (
        select(Case)
        .join(Person, Person.id == Case.person_id)
        .where(Case.agency_id == viewer.agency_id, Case.state == "open", Case.kind == "person")
        .where(Person.number == number.strip(), Case.at_end.is_(None))
        .order_by(Case.opened_at)
    )
    cases = sorted(session.scalars(wanted), key=lambda case: case.stage == UNSEEN)
    for case in cases:
        held = viewer.roles_at(case.establishment_id) - REMEDIES_KEPT_BY
        if case.stage == UNSEEN:
            held &= AUTHORITIES
        found = beginning.starts(platform, session, case.agency_id, held, speaking)
        if any(start.form_id == form_id for start in found):
            entry = JournalEntry("case.found", case.id, "case", case.id, {"form": form_id})
            platform.ports.journal.write(session, acting, entry)
            return case.id
    missed = JournalEntry("case.sought", None, "account", viewer.user_id, {"form": form_id})
    platform.ports.journal.write(session, acting, missed)
    raise Refused(
        speaking.say(
            "No open case about a person with this number is kept at your place. Check the number."
        )
    )
