"""What the pages of a start form show: plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from casework.pages import PersonFacts, Place
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
class Unfinished:
    """A start form that the viewer has begun and not sent."""

    person_id: UUID
    person: str
    number: str
    form_id: str
    title: str
    saved_at: datetime
    zone: str


@dataclass(frozen=True)
class StartPage:
    """Whom an observation can be about; `places` are the establishments for the tally button."""

    may_observe: bool
    persons: tuple[PersonChoice, ...]
    search: str
    places: tuple[tuple[UUID, str], ...]
    unfinished: tuple[Unfinished, ...]
    form_id: str  # the start form that the persons are listed for
    starts: tuple[tuple[str, str], ...]  # start forms open to the viewer: form id and title


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
