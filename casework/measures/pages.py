"""What pages show of measures: plain values, made by the use cases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from casework.commission.owed import Owed


@dataclass(frozen=True)
class MeasureLine:
    """One single measure: what it is, from when to when, how it ends or ended."""

    measure_id: UUID
    words: str
    kind_words: str
    state: str  # in_force, ended
    effective_on: date
    review_on: date | None
    expires_on: date | None
    ends_at: datetime | None  # the moment of its clock
    soon: bool
    begins_later: bool
    ended_at: datetime | None
    end_words: str


@dataclass(frozen=True)
class RemedyLine:
    """A remedy that was lodged, and what became of it."""

    words: str
    lodged_on: date
    suspensive: bool
    state: str
    state_words: str
    ruling_words: str
    ruled_on: date | None
    executed_at: datetime | None
    entry_id: UUID | None


@dataclass(frozen=True)
class CourtFile:
    """A numbered file that went to a court; the person gets the same."""

    document_id: UUID
    number: str
    issued_at: datetime


@dataclass(frozen=True)
class WithheldLine:
    """An element that the person is not shown."""

    ground_words: str
    who: str
    approved_at: datetime
    next_check_on: date | None
    check_is_late: bool
    entry_id: UUID | None  # where the gist stands


@dataclass(frozen=True)
class PauseLine:
    """A pause of the time to prepare."""

    ground_words: str
    from_at: datetime
    until_at: datetime | None
    max_until: datetime


@dataclass(frozen=True)
class CaseMeasures:
    """The part of the case page about measures."""

    measures: tuple[MeasureLine, ...] = ()
    remedies: tuple[RemedyLine, ...] = ()
    court_files: tuple[CourtFile, ...] = ()  # for those who keep the way to the court
    withheld: tuple[WithheldLine, ...] | None = None  # None for those who may not know
    pauses: tuple[PauseLine, ...] = ()
    may_pause: bool = False


@dataclass(frozen=True)
class ToSign:
    """One decision that waits for a signature."""

    task_id: UUID
    title: str
    kind_words: str
    person: str
    establishment: str
    role_name: str
    delegated: bool
    holder: str | None
    due_at: datetime | None
    overdue: bool
    zone: str


@dataclass(frozen=True)
class EndingSoon:
    """A measure that ends soon, and whether its review is under way."""

    case_id: UUID
    person: str
    words: str
    establishment: str
    ends_at: datetime
    zone: str
    review_on: date | None
    review_words: str


@dataclass(frozen=True)
class Desk:
    """The page of those who sign."""

    signs: bool
    to_sign: tuple[ToSign, ...]
    ending: tuple[EndingSoon, ...]
    to_answer: tuple[ToSign, ...]  # steps in which the reader answers an opinion
    owed: tuple[Owed, ...]


@dataclass(frozen=True)
class DelegationLine:
    """A delegation of signature in the list."""

    delegation_id: UUID
    role_name: str
    act_words: str
    to: str
    establishment: str
    valid_from: date
    valid_to: date
    given_by: str
    state: str  # in_force, later, ended
    ended_words: str
    may_end: bool


@dataclass(frozen=True)
class Option:
    """One choice of the form that gives a delegation."""

    value: str
    label: str


@dataclass(frozen=True)
class DelegationsPage:
    """The delegations that concern the viewer, and what the viewer may give."""

    rows: tuple[DelegationLine, ...]
    roles: tuple[Option, ...]  # function and place, as role@place
    acts: tuple[Option, ...]
    people: tuple[Option, ...]
    today: date

    @property
    def may_give(self) -> bool:
        """Whether the viewer holds a function whose signature can be delegated."""
        return bool(self.roles)
