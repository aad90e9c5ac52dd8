"""What the platform needs from outside: a journal, a directory of people, and effects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from processes.acting import Acting
from processes.tables import Clock, HumanTask, Message, ProcessInstance, Timer

Code = bool | str | Decimal | int | date | None | list[str]
"""What an engine variable may hold: closed codes, booleans, dates, numbers, references."""


@dataclass(frozen=True)
class JournalEntry:
    """One audited act: ids and codes, never values."""

    act: str
    case_id: UUID | None
    subject_kind: str
    subject_id: UUID
    codes: Mapping[str, Any] = field(default_factory=dict)


class Journal(Protocol):
    """Writes the audit chain."""

    def write(self, session: Session, acting: Acting, entry: JournalEntry) -> None:
        """Append one row to the chain of the case (or of the agency), in this transaction."""


@dataclass(frozen=True)
class EffectCall:
    """What a service task asks for."""

    name: str
    instance_id: UUID
    case_id: UUID
    establishment_id: UUID
    element_id: str
    attributes: Mapping[str, str]
    variables: Mapping[str, Code]
    guarded_task_id: UUID | None


@dataclass(frozen=True)
class Interruption:
    """What an interruption of a case ended; nothing, when an earlier one had ended everything."""

    message: Message
    ended: tuple[ProcessInstance, ...] = ()
    refused: tuple[Message, ...] = ()


class Effects(Protocol):
    """Carries out service tasks, in the transaction of the step."""

    def run(self, session: Session, acting: Acting, call: EffectCall) -> Mapping[str, Code]:
        """Do it and give the variables it sets; an exception makes an incident of the step."""

    def names(self) -> frozenset[str]:
        """All effects that exist, for the check at load."""

    def remind(self, session: Session, acting: Acting, task: HumanTask, moment: str) -> None:
        """A task's reminder (`remind`) or due date (`due`) has come: tell those it concerns."""

    def passed_on(self, session: Session, acting: Acting, task: HumanTask) -> None:
        """An escalation took this step away undone, its time being over, and goes on elsewhere."""

    def answer_owed(self, session: Session, acting: Acting, message: Message) -> None:
        """The clock of a kept message has run out unanswered: tell its owner and the sender."""

    def may_begin(self, session: Session, message: Message) -> bool:
        """Whether a message may begin a process in its case; else it is refused."""

    def came_due(self, session: Session, acting: Acting, clock: Clock, timer: Timer) -> None:
        """The moment of a clock that guards no step and no message has come (what it guards says
        `clock.guards`). Send messages, but deliver none: the caller holds the timer's lock."""

    def ended(self, session: Session, acting: Acting, instance: ProcessInstance) -> None:
        """Called once after an instance ended and all its rows are written."""

    def interrupted(self, session: Session, acting: Acting, interruption: Interruption) -> None:
        """Called once after an interruption ended what ran, before what follows it begins."""


@dataclass(frozen=True)
class SeatHolder:
    """Who sits on a seat: the function asked, and the person preferred."""

    role: str
    establishment_id: UUID
    holder_id: UUID | None


class Directory(Protocol):
    """Knows who may act."""

    def seat(self, session: Session, seat_id: UUID) -> SeatHolder:
        """The holder of a seat."""

    def place_for(self, session: Session, establishment_id: UUID, role: str) -> UUID:
        """The establishment at or above the given one where the role is held (else the given)."""

    def may_hold(
        self, session: Session, user_id: UUID, role: str, establishment_id: UUID, on: date
    ) -> bool:
        """Whether the user holds the role there on that day."""


@dataclass(frozen=True)
class Ports:
    """The three ports, wired by an entrance."""

    journal: Journal
    directory: Directory
    effects: Effects
