"""What a member of staff does with tasks: see them, open, claim, complete, hand back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy.orm import Session

from casework.words import ENGLISH, Speaking
from processes.acting import Acting

if TYPE_CHECKING:
    from casework.access import Viewer
    from casework.platform import Platform
    from forms import BoundForm, FormDefinition
    from forms import Section as FormSection


class AlreadyDone(Exception):
    """The task was completed (or cancelled) before: `who` is function and service number."""

    def __init__(self, task_id: UUID, who: str | None, when: datetime | None, state: str) -> None:
        self.task_id = task_id
        self.who = who
        self.when = when
        self.state = state  # completed, cancelled
        super().__init__(f"task {task_id} is {state}")


class Refused(Exception):
    """An act that cannot be done now; the message says what the reader can do next."""


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
    correction: bool  # handed back: "Correct ..."
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
    facts: tuple[Fact, ...]
    material: tuple[Material, ...]
    concordance: tuple[ConcordanceRow, ...]
    seats: tuple[SeatChoice, ...]
    earlier: tuple[EarlierObservation, ...]
    place: Place
    explanation: tuple[str, ...]  # what this step is and what comes next
    readers: tuple[str, ...]  # who will see the answers
    deadline: Deadline
    held_by: str  # me, other, nobody
    holder: str | None
    may_claim: bool
    may_release: bool
    may_complete: bool
    targets: tuple[HandBackTarget, ...]
    message: str | None  # the hand-back message this task answers
    message_from: str | None
    corrections: tuple[str, ...]  # corrections still waited for
    legal_basis: str
    layer: str
    done_by: str | None = None
    done_at: datetime | None = None
    options: Mapping[str, Any] = field(default_factory=dict)


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


def my_work(
    platform: Platform,
    session: Session,
    viewer: Viewer,
    now: datetime,
    filters: Filters | None = None,
    *,
    speaking: Speaking = ENGLISH,
) -> MyWork:
    """Open tasks of the viewer and of the viewer's functions, overdue and due first."""
    raise NotImplementedError


def open_task(
    platform: Platform,
    session: Session,
    acting: Acting,
    viewer: Viewer,
    task_id: UUID,
    *,
    speaking: Speaking = ENGLISH,
    raw: Mapping[str, Any] | None = None,
    formdata: Any = None,
) -> TaskPage:
    """The task page; `NotVisible` when not the viewer's. The draft fills the form, unless what
    was just typed (`raw`, or `formdata` as posted) is handed in (to show a section again without
    validating)."""
    raise NotImplementedError


def complete(
    platform: Platform,
    session: Session,
    acting: Acting,
    viewer: Viewer,
    task_id: UUID,
    formdata: Any,
    *,
    speaking: Speaking = ENGLISH,
) -> Completed | TaskPage:
    """Complete the task with a posted form (a werkzeug MultiDict).

    Gives the task page again, its form holding the errors, when the answers do not hold. Raises
    `NotVisible`, `AlreadyDone`, or `Refused` (somebody else holds the task).
    """
    raise NotImplementedError


def claim(
    platform: Platform, session: Session, acting: Acting, viewer: Viewer, task_id: UUID
) -> None:
    """Take the task; `AlreadyDone` when it is no longer open, `Refused` when another holds it."""
    raise NotImplementedError


def release(
    platform: Platform, session: Session, acting: Acting, viewer: Viewer, task_id: UUID
) -> None:
    """Give the task back to the group; the draft stays the author's."""
    raise NotImplementedError


def hand_back(
    platform: Platform,
    session: Session,
    acting: Acting,
    viewer: Viewer,
    task_id: UUID,
    message: str,
    *,
    entry_id: UUID | None = None,
    speaking: Speaking = ENGLISH,
) -> UUID:
    """Ask the author of an earlier submission (`entry_id`, else the last one) to correct it: makes
    a task 'Correct ...' that only its author must open, and gives its id. `Refused` without a
    message or when there is nobody to hand back to."""
    raise NotImplementedError
