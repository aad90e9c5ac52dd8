"""The page on which the time to prepare for a hearing is stopped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy.orm import Session

from casework import access, shown
from casework.access import NotVisible, Viewer
from casework.measures import hearing, words
from casework.measures.pages import Option
from casework.measures.showing import PAUSING, span_of
from casework.pages import PersonFacts
from casework.tables import Case
from casework.words import ENGLISH, Speaking
from processes.acting import Acting

if TYPE_CHECKING:
    from casework.platform import Platform


@dataclass(frozen=True)
class PausePage:
    """Whose time it is, the grounds, and for how long at most."""

    case_id: UUID
    person: PersonFacts | None
    grounds: tuple[Option, ...]
    longest: str
    runs: bool  # whether a time to prepare runs that could be stopped
    may_see_case: bool


def page(
    platform: Platform,
    session: Session,
    acting: Acting,
    viewer: Viewer,
    case_id: UUID,
    *,
    speaking: Speaking = ENGLISH,
) -> PausePage:
    """The grounds on which it may stand still; `NotVisible` for others."""
    case = _case(platform, session, viewer, case_id)
    return PausePage(
        case_id=case.id,
        person=shown.person_facts(session, case.person_id, acting.now, speaking),
        grounds=tuple(
            Option(ground, words.pause_words(ground, speaking)) for ground in hearing.GROUNDS
        ),
        longest=words.span_words(span_of(session, acting, case, hearing.LONGEST), speaking),
        runs=hearing.waiting(session, case) is not None,
        may_see_case=access.may_see_case(session, viewer, case),
    )


def pause(
    platform: Platform,
    session: Session,
    acting: Acting,
    viewer: Viewer,
    case_id: UUID,
    ground: str,
    *,
    speaking: Speaking = ENGLISH,
) -> None:
    """Stop the time; `Refused` says why it cannot be."""
    case = _case(platform, session, viewer, case_id)
    hearing.pause(platform, session, acting, case, ground, speaking)


def _case(platform: Platform, session: Session, viewer: Viewer, case_id: UUID) -> Case:
    """The case, for functions that keep the hearing at its place: while one is prepared, or where
    they see the case anyway."""
    case = session.get(Case, case_id)
    if case is None or case.agency_id != viewer.agency_id:
        raise NotVisible("case", case_id)
    names = shown.case_wording(platform, session, case, ENGLISH)
    held = viewer.roles_at(case.establishment_id)
    keeps = names is not None and any(names.pack.role(name) in held for name in PAUSING)
    runs = hearing.waiting(session, case) is not None
    if not keeps or not (runs or access.may_see_case(session, viewer, case)):
        raise NotVisible("case", case_id, case.id)
    return case
