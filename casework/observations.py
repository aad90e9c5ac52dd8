"""The start of everything: an officer's observation, or the note that there is nothing to note."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy.orm import Session

from casework.words import ENGLISH, Speaking
from casework.work import PersonFacts, Place
from processes.acting import Acting

if TYPE_CHECKING:
    from casework.access import Viewer
    from casework.platform import Platform
    from forms import BoundForm, FormDefinition
    from forms import Section as FormSection


@dataclass(frozen=True)
class PersonChoice:
    """A person of the viewer's establishments (layer L0)."""

    person_id: UUID
    name: str
    number: str
    unit: str
    establishment: str


@dataclass(frozen=True)
class StartPage:
    """Whom an observation can be about; `places` are the establishments for the tally button."""

    may_observe: bool
    persons: tuple[PersonChoice, ...]
    search: str
    places: tuple[tuple[UUID, str], ...]
    draft_person_id: UUID | None  # an unfinished observation is about this person
    draft_saved_at: datetime | None


@dataclass(frozen=True)
class ObservationPage:
    """The start form about one person; after a refused post it holds what was typed."""

    person: PersonFacts
    definition: FormDefinition
    form: BoundForm
    sections: tuple[FormSection, ...]
    draft_saved_at: datetime | None
    draft_revision: int
    place: Place
    explanation: tuple[str, ...]
    readers: tuple[str, ...]


@dataclass(frozen=True)
class Submitted:
    """The observation is in: who looks at it next, by when."""

    case_id: UUID
    instance_id: UUID
    sentences: tuple[str, ...]


def start_page(
    platform: Platform,
    session: Session,
    viewer: Viewer,
    *,
    search: str = "",
    speaking: Speaking = ENGLISH,
) -> StartPage:
    """Persons of the establishments where the viewer may record an observation."""
    raise NotImplementedError


def observation_page(
    platform: Platform,
    session: Session,
    acting: Acting,
    viewer: Viewer,
    person_id: UUID,
    *,
    speaking: Speaking = ENGLISH,
    formdata: Any = None,
) -> ObservationPage:
    """The empty form, or the viewer's draft about this person, or what was just posted."""
    raise NotImplementedError


def save_draft(
    platform: Platform,
    session: Session,
    acting: Acting,
    viewer: Viewer,
    person_id: UUID,
    raw: Mapping[str, Any],
    revision: int | None,
) -> int:
    """Keep what is typed (one unfinished observation per author); gives the new revision."""
    raise NotImplementedError


def submit(
    platform: Platform,
    session: Session,
    acting: Acting,
    viewer: Viewer,
    person_id: UUID,
    formdata: Any,
    *,
    speaking: Speaking = ENGLISH,
) -> Submitted | ObservationPage:
    """Open a case with the observation; the page again when rules V1 to V3 or the form refuse."""
    raise NotImplementedError


def ordinary_practice(
    platform: Platform,
    session: Session,
    acting: Acting,
    viewer: Viewer,
    establishment_id: UUID | None = None,
) -> None:
    """'Ordinary practice, nothing to record': drops the draft, adds one to the month's tally of
    the establishment, and leaves nothing else."""
    raise NotImplementedError


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
    (its code); gives the draft's new revision."""
    raise NotImplementedError
