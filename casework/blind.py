"""Blind rating: whoever has read anything of a round, in whatever capacity, cannot rate in it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from casework.access_policy import RATING_FORMS
from casework.tables import EntryRead, Seat
from processes.tables import HumanTask

HAS_READ, OTHER_SEAT = "has_read", "other_seat"
SITTING = ("asked", "given")


def is_rating_seat(seat: Seat) -> bool:
    """Whether the seat rates; a third reader reads first, and so does not."""
    return seat.form in RATING_FORMS


def round_is_open(seats: Iterable[Seat]) -> bool:
    """A round is open while one of its rating seats is still asked."""
    return any(seat.state == "asked" for seat in seats if is_rating_seat(seat))


def round_of(session: Session, case_id: UUID, seat_id: UUID | None) -> int | None:
    """The round that a text belongs to: its seat's, or the one that is open as it is written."""
    if seat_id is not None:
        return session.scalar(select(Seat.round).where(Seat.id == seat_id))
    query = select(func.max(Seat.round)).where(
        Seat.case_id == case_id, Seat.form.in_(RATING_FORMS), Seat.state == "asked"
    )
    return session.scalar(query)


def bar_to_rating(
    session: Session, user_id: UUID, case_id: UUID, round_: int, own_seat: UUID | None = None
) -> str | None:
    """Why a user may not rate, or be deputy, in a round: `has_read`, `other_seat`; or None."""
    if _has_read(session, user_id, case_id, round_):
        return HAS_READ
    if _sits_elsewhere(session, user_id, case_id, round_, own_seat):
        return OTHER_SEAT
    return None


def _has_read(session: Session, user_id: UUID, case_id: UUID, round_: int) -> bool:
    """Reading what one wrote oneself is no EntryRead (see record.read_entry)."""
    query = select(EntryRead.id).where(
        EntryRead.case_id == case_id, EntryRead.round == round_, EntryRead.user_id == user_id
    )
    return session.scalar(query.limit(1)) is not None


def _sits_elsewhere(
    session: Session, user_id: UUID, case_id: UUID, round_: int, own_seat: UUID | None
) -> bool:
    """Nobody rates twice in a round, nor is deputy for two of its raters."""
    query = select(Seat.id).where(
        Seat.case_id == case_id,
        Seat.round == round_,
        Seat.form.in_(RATING_FORMS),
        Seat.state.in_(SITTING),
        or_(
            Seat.user_id == user_id,
            Seat.alternate_id == user_id,
            Seat.id.in_(_rated_by(user_id, case_id)),
        ),
    )
    if own_seat is not None:
        query = query.where(Seat.id != own_seat)
    return session.scalar(query.limit(1)) is not None


def _rated_by(user_id: UUID, case_id: UUID) -> Select[Any]:
    """Seats whose rating the user holds or has given, whoever is named on them."""
    return select(HumanTask.seat_id).where(
        HumanTask.case_id == case_id,
        HumanTask.seat_id.is_not(None),
        or_(
            and_(HumanTask.state == "open", HumanTask.holder_id == user_id),
            and_(HumanTask.state == "completed", HumanTask.ended_by == user_id),
        ),
    )
