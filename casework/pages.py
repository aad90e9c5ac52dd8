"""What the pages of the work show: plain values, made by the use cases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID

if TYPE_CHECKING:
    from forms import BoundForm, FormDefinition
    from forms import Section as FormSection


@dataclass(frozen=True)
class Filters:
    """What of my work is asked for; everything by default."""

    whose: str = "all"  # all, mine, groups
    role: str | None = None
    establishment_id: UUID | None = None
    form: str | None = None
    due: str = "any"  # any, overdue, today, week
    search: str = ""  # person's name or number, case name, task title


@dataclass(frozen=True)
class Choice:
    """One value of a filter, with its words."""

    value: str
    label: str


@dataclass(frozen=True)
class WorkRow:
    """One open task in my work."""

    task_id: UUID
    title: str
    form: str
    case_id: UUID
    case_name: str | None
    person_name: str | None
    person_number: str | None
    role: str
    role_name: str
    establishment_name: str
    due_at: datetime | None
    zone: str
    urgency: str  # overdue, today, later, none
    held_by: str  # me, other, nobody
    holder: str | None  # function and service number
    has_draft: bool
    escalation_level: int
    is_escalated: bool  # it was escalated, or it asks a superior about a step that was
    asks_about: str | None  # of an escalation: the late step, whose function, since when
    correction: bool  # handed back: "Correct ..."
    about_session: bool  # the file of a session, which is about nobody
    model_title: str


@dataclass(frozen=True)
class MyWork:
    """The page 'my work': overdue first, then by due date."""

    rows: tuple[WorkRow, ...]
    overdue: tuple[WorkRow, ...]
    others: tuple[WorkRow, ...]
    filters: Filters
    roles: tuple[Choice, ...]
    establishments: tuple[Choice, ...]
    forms: tuple[Choice, ...]


@dataclass(frozen=True)
class PersonFacts:
    """Who the case is about (layer L0), as shown in the identity bar."""

    person_id: UUID
    name: str
    number: str
    born_on: str  # ISO date
    age: int
    establishment: str
    unit: str
    penal_status: str
    language: str
    release_on: str | None


@dataclass(frozen=True)
class CaseFacts:
    """The case in one line."""

    case_id: UUID
    name: str | None
    state: str
    stage: str
    stage_words: str
    owner_role: str
    owner_words: str
    opened_at: datetime
    zone: str
    purpose: str
    legal_basis: str


@dataclass(frozen=True)
class Fact:
    """Something the system knows, shown above the question, with its source."""

    label: str
    shown: str
    source: str


@dataclass(frozen=True)
class Material:
    """An earlier submission shown to do this step; `sections` as forms' `describe` gives them."""

    entry_ids: tuple[UUID, ...]
    title: str
    author: str  # function and service number
    written_at: datetime
    layer: str
    sections: tuple[tuple[str, tuple[tuple[str, Any], ...]], ...]


@dataclass(frozen=True)
class ConcordanceRow:
    """One theme (or the conclusion) as each rater left it, side by side; never a number."""

    theme: str  # a theme code, or "conclusion"
    title: str
    same: bool
    cells: tuple[tuple[str, str, tuple[str, ...]], ...]  # (seat name, position, texts)


@dataclass(frozen=True)
class Place:
    """Where the step stands: its process (diagram), element and lane; the callers outermost
    first, each as (process id, element id)."""

    version_id: UUID
    model: str
    model_title: str
    element_id: str
    element_name: str
    lane: str | None
    role_name: str
    callers: tuple[tuple[str, str], ...]
    documentation: str
    source: str
    """What the documentation rests on, in words."""


@dataclass(frozen=True)
class Deadline:
    """The task's due date and what happens when it passes, in sentences."""

    due_at: datetime | None
    zone: str
    overdue: bool
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class HandBackTarget:
    """An earlier submission whose author may be asked to correct it."""

    entry_id: UUID
    title: str
    author: str


@dataclass(frozen=True)
class Eligible:
    """A person who may (or may not) take a seat; `reasons` say why not."""

    user_id: UUID
    label: str  # function and service number, place
    eligible: bool
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class SeatChoice:
    """The candidates of one seat, for the page that names raters."""

    key: str  # the form's field key
    title: str
    role: str
    candidates: tuple[Eligible, ...]


@dataclass(frozen=True)
class EarlierObservation:
    """An observation of the same person by the same author, to be attached by a click."""

    entry_id: UUID
    when: str
    gist: str


@dataclass(frozen=True)
class Beside:
    """What stands beside the questions: reading it is audited, so it is read when it is shown."""

    facts: tuple[Fact, ...]
    material: tuple[Material, ...]
    concordance: tuple[ConcordanceRow, ...]
    earlier: tuple[EarlierObservation, ...]
    message: str | None
    message_from: str | None


@dataclass(frozen=True)
class TaskPage:
    """Everything the task page shows. After a refused post `form` holds what was typed and its
    errors."""

    task_id: UUID
    title: str
    state: str  # open, completed, cancelled
    role: str
    role_name: str
    definition: FormDefinition
    form: BoundForm
    sections: tuple[FormSection, ...]
    wide: bool
    minutes: int | None
    draft_saved_at: datetime | None
    draft_revision: int
    case: CaseFacts
    person: PersonFacts | None
    seats: tuple[SeatChoice, ...]
    place: Place
    explanation: tuple[str, ...]  # what this step is and what comes next
    readers: tuple[str, ...]  # who will see the answers
    deadline: Deadline
    held_by: str  # me, other, nobody
    holder: str | None
    may_claim: bool
    may_release: bool
    may_complete: bool
    blocked: str | None  # why the reader may not do this step, in words
    targets: tuple[HandBackTarget, ...]
    corrections: tuple[str, ...]  # corrections still waited for
    legal_basis: str
    layer: str
    done_by: str | None
    done_by_me: bool
    done_at: datetime | None
    read: Callable[[], Beside]

    @cached_property
    def beside(self) -> Beside:
        """What stands beside the questions; asking for it reads, and the reading is audited."""
        return self.read()

    @property
    def facts(self) -> tuple[Fact, ...]:
        """What the system knows, with its sources."""
        return self.beside.facts

    @property
    def material(self) -> tuple[Material, ...]:
        """The earlier submissions that the step is done from."""
        return self.beside.material

    @property
    def concordance(self) -> tuple[ConcordanceRow, ...]:
        """The grids side by side."""
        return self.beside.concordance

    @property
    def earlier(self) -> tuple[EarlierObservation, ...]:
        """Own observations to be attached."""
        return self.beside.earlier

    @property
    def message(self) -> str | None:
        """The hand-back message that this task answers."""
        return self.beside.message

    @property
    def message_from(self) -> str | None:
        """Who wrote the message."""
        return self.beside.message_from


@dataclass(frozen=True)
class FormPage:
    """A form that is answered on a case outside of a task; after a refused post it holds what was
    typed. `case` and `person` only for those who may see the one and know the other."""

    case_id: UUID
    case: CaseFacts | None
    person: PersonFacts | None
    definition: FormDefinition
    form: BoundForm
    sections: tuple[FormSection, ...]
    place: Place
    explanation: tuple[str, ...]
    readers: tuple[str, ...]


@dataclass(frozen=True)
class NextStep:
    """A task that opened because this one was completed; `mine` when the reader can open it."""

    task_id: UUID
    title: str
    role_name: str
    due_at: datetime | None
    mine: bool


@dataclass(frozen=True)
class Completed:
    """The task is done: what happens now, in words."""

    task_id: UUID
    case_id: UUID | None  # None when nothing of the case remains
    title: str
    sentences: tuple[str, ...]
    next_steps: tuple[NextStep, ...]
