"""What a run hands out after a step: open tasks, waits, messages, and the way that was taken."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

from processes.engine.model import Element

Code = bool | str | Decimal | int | date | None | list[str]
"""What an engine variable may hold: closed codes, booleans, dates, numbers, references."""

Schedule = Callable[[str, Mapping[str, Code]], datetime]
"""Resolves the text of a drawn timer, from the run's now, to an aware instant."""

NewId = Callable[[], UUID]

PassedKind = Literal["entered", "completed", "cancelled", "fired", "taken", "ended"]


@dataclass(frozen=True)
class OpenTask:
    """A step that waits for a person."""

    id: UUID
    element: Element
    variables: Mapping[str, Code]


@dataclass(frozen=True)
class WaitingTimer:
    """A drawn timer that runs; `due_at` was fixed when it was entered."""

    task_id: UUID
    element: Element
    expression: str
    due_at: datetime


@dataclass(frozen=True)
class WaitingMessage:
    """A place that waits for a message."""

    task_id: UUID
    element: Element
    name: str


@dataclass(frozen=True)
class ThrownMessage:
    """A message the instance has sent; whoever waits for it is the platform's to find."""

    name: str
    element: Element
    variables: Mapping[str, Code]


@dataclass(frozen=True)
class EffectRequest:
    """A service task that waits for its effect to be carried out."""

    task_id: UUID
    element_id: str
    name: str
    variables: Mapping[str, Code]


@dataclass(frozen=True)
class Passed:
    """One thing that happened on the diagram, in order; a flow's id where a flow was taken."""

    kind: PassedKind
    element_id: str
    process: str


@dataclass(frozen=True)
class Snapshot:
    """Everything there is to know after a step."""

    state: bytes
    tasks: tuple[OpenTask, ...]
    timers: tuple[WaitingTimer, ...]
    messages: tuple[WaitingMessage, ...]
    thrown: tuple[ThrownMessage, ...]
    passed: tuple[Passed, ...]
    finished: bool
    outcome: str | None
    variables: dict[str, Code]
