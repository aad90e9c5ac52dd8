"""What the pages of sessions show: plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from forms import BoundForm


@dataclass(frozen=True)
class SessionRow:
    """A session in the list."""

    session_id: UUID
    title: str
    planned_at: datetime
    zone: str
    establishment: str
    state: str
    state_words: str
    items: int


@dataclass(frozen=True)
class SeatRow:
    """A seat of an item: who sits, and whether the opinion has come; never what it says.

    `entry_id` leads to the opinion, once the opinions are closed, for those who may read it.
    """

    office: str
    words: str
    member: str
    alternate: str | None
    state: str
    state_words: str
    present: bool | None
    votes: bool
    entry_id: UUID | None = None


@dataclass(frozen=True)
class ItemRow:
    """One case on the agenda."""

    item_id: UUID
    case_id: UUID
    position: int
    title: str
    state: str
    state_words: str
    outcome_words: str | None
    given: int
    asked: int
    opinions_closed: bool
    quorum: bool | None
    seats: tuple[SeatRow, ...]
    collective_task_id: UUID | None


@dataclass(frozen=True)
class FileTask:
    """An open step of the session's own process."""

    task_id: UUID
    title: str
    due_at: datetime | None


@dataclass(frozen=True)
class SessionPage:
    """One session: to those who keep it everything, to a member the items he or she sits on."""

    session_id: UUID
    case_id: UUID
    title: str
    planned_at: datetime
    zone: str
    place: str
    establishment: str
    chair: str
    state: str
    state_words: str
    leads: bool
    chairs: bool  # whether the reader holds the function that chairs it
    sitting: bool  # its day has come, and it is not closed
    seated: bool
    items: tuple[ItemRow, ...]
    offices: tuple[tuple[str, str, bool | None], ...]  # code, words, present for every open item
    waiting: tuple[tuple[str, datetime], ...]
    tasks: tuple[FileTask, ...]
    minutes_number: str | None
    may_see_case: bool


@dataclass(frozen=True)
class OpinionCard:
    """One item on which the viewer gives an opinion."""

    item_id: UUID
    position: int
    title: str
    question: str
    state: str  # open, given, stand_in, closed
    task_id: UUID | None
    form: BoundForm | None
    saved_at: datetime | None
    revision: int
    due_at: datetime | None
    member: str | None  # whose seat an alternate could take


@dataclass(frozen=True)
class OpinionsPage:
    """All items of a session on which the viewer sits, on one page."""

    session_id: UUID
    title: str
    zone: str
    place: str
    planned_at: datetime
    cards: tuple[OpinionCard, ...]

    @property
    def given(self) -> int:
        """How many of one's own opinions are in."""
        return sum(card.state == "given" for card in self.cards)


@dataclass(frozen=True)
class PackItem:
    """What a member may read of one case."""

    position: int
    title: str
    entries: tuple[tuple[UUID, str, datetime], ...]


@dataclass(frozen=True)
class PackPage:
    """The pack of one member."""

    session_id: UUID
    title: str
    zone: str
    reader: str
    items: tuple[PackItem, ...]
