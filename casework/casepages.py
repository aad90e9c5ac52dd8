"""What the pages of cases show: plain values, made by the use cases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from casework.cycle.showing import CaseCycle
from casework.measures.pages import CaseMeasures
from casework.pages import CaseFacts, PersonFacts

Sections = tuple[tuple[str, tuple[tuple[str, Any], ...]], ...]
"""Answers in words: by section, label and shown value."""


@dataclass(frozen=True)
class CaseFilters:
    """Which cases are asked for."""

    search: str = ""  # person's name or number, case name
    state: str = "open"  # open, closed, all
    establishment_id: UUID | None = None
    stage: str | None = None


@dataclass(frozen=True)
class CaseRow:
    """One case in the list."""

    case_id: UUID
    title: str  # person's name, or the demo name of the case
    case_name: str | None
    person_number: str | None
    establishment: str
    state: str
    stage_words: str
    opened_at: datetime
    zone: str
    next_due_at: datetime | None
    overdue: bool


@dataclass(frozen=True)
class CaseList:
    """The case list, newest first."""

    rows: tuple[CaseRow, ...]
    filters: CaseFilters
    establishments: tuple[tuple[UUID, str], ...]
    stages: tuple[tuple[str, str], ...]
    by_standing: bool = True
    """Whether some function of the viewer sees cases at all without a task in them."""


@dataclass(frozen=True)
class TimelineEvent:
    """Something that happened; `entry_id` opens the answers where the viewer may read them."""

    at: datetime
    kind: str  # step, answers, decision, deadline, way, notification, case
    title: str
    words: str
    who: str | None
    model: str | None
    element_id: str | None
    entry_id: UUID | None
    layer: str | None
    is_correction: bool = False  # it asks for a correction, or is one


@dataclass(frozen=True)
class CaseTask:
    """An open task of the case; `mine` when the viewer can open it."""

    task_id: UUID
    title: str
    role_name: str
    establishment: str
    holder: str | None
    due_at: datetime | None
    overdue: bool
    escalation_level: int
    mine: bool


@dataclass(frozen=True)
class Moment:
    """A moment of a clock, and what happens then."""

    at: datetime
    kind: str  # due, remind, escalate, drawn
    words: str
    is_past: bool


@dataclass(frozen=True)
class RunningClock:
    """A clock of the case: what it guards, since when, and its moments, the next due one first."""

    name: str
    base_at: datetime
    zone: str
    moments: tuple[Moment, ...]


@dataclass(frozen=True)
class WaitingAnswer:
    """A message that waits for an answer: 'Referred to the commission, since ..., owner ...'."""

    title: str
    since: datetime
    owner: str | None
    due_at: datetime | None
    overdue: bool
    zone: str
    words: str


@dataclass(frozen=True)
class PersonByFunction:
    """Who works on the case, by function and service number, and in what part."""

    who: str
    part: str


@dataclass(frozen=True)
class Diagram:
    """A model of the case to look at, and the elements where it stands now."""

    instance_id: UUID
    version_id: UUID
    model: str
    title: str
    active: tuple[str, ...]
    passed: tuple[str, ...]
    state: str


@dataclass(frozen=True)
class DecisionLine:
    """A decision taken in the case."""

    decided_at: datetime
    outcome: str
    outcome_words: str
    who: str
    until: str | None
    entry_id: UUID | None
    because: tuple[str, ...] = ()  # authority, why, delegation, dates, remedy


@dataclass(frozen=True)
class Beginning:
    """A process that the viewer may begin on a case, by its start form."""

    form_id: str
    title: str


@dataclass(frozen=True)
class CasePage:
    """Everything the case page shows."""

    case: CaseFacts
    person: PersonFacts | None
    where: tuple[str, ...]  # where it stands, in sentences
    timeline: tuple[TimelineEvent, ...]
    tasks: tuple[CaseTask, ...]
    clocks: tuple[RunningClock, ...]
    waiting: tuple[WaitingAnswer, ...]
    decisions: tuple[DecisionLine, ...]
    people: tuple[PersonByFunction, ...]
    diagrams: tuple[Diagram, ...]
    measures: CaseMeasures
    cycle: CaseCycle
    beginnings: tuple[Beginning, ...]  # processes that the viewer may begin here
    may_interrupt: bool = False  # whether the viewer may record that something outside ends it


@dataclass(frozen=True)
class EntryPage:
    """One submission as it was written (the layers the viewer may read), read and audited."""

    case_id: UUID
    title: str
    author: str
    written_at: datetime
    layers: tuple[str, ...]
    sections: Sections
    superseded: bool
