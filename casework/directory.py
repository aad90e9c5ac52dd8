"""Tells the platform who sits on a seat, where a role is held, and who may hold a task."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, Select, bindparam, literal, select
from sqlalchemy.orm import Session

from casework.accounts import holdings
from casework.tables import RoleHolding, Seat, UserAccount
from processes.ports import SeatHolder
from processes.tables import Establishment

DEEPEST = 20
"""No service is built of more levels; a loop in the places ends here."""


class RoleDirectory:
    """The platform's directory, read from seats, places and role holdings."""

    def seat(self, session: Session, seat_id: UUID) -> SeatHolder:
        """The holder of a seat; LookupError when there is no such seat."""
        seat = session.get(Seat, seat_id)
        if seat is None:
            raise LookupError(f"there is no seat {seat_id}: name the raters again")
        return SeatHolder(seat.role, seat.establishment_id, seat.user_id)

    def place_for(
        self, session: Session, establishment_id: UUID, role: str, on: date | None = None
    ) -> UUID:
        """The establishment at or above the given one where the role is held (else the given)."""
        asked = {"place": establishment_id, "role": role, "day": on}
        found = session.execute(_nearest(ever=on is None), asked).first()
        return found.id if found else establishment_id

    def may_hold(
        self, session: Session, user_id: UUID, role: str, establishment_id: UUID, on: date
    ) -> bool:
        """Whether the user holds the role there on that day."""
        return any(
            holding.role == role and establishment_id in holding.covers
            for holding in holdings(session, user_id, on)
        )


@cache
def _nearest(*, ever: bool) -> Select[Any]:
    """Where a role is held, the place itself first, then those it belongs to, nearest first; on a
    day, or (`ever`) by somebody whose holding has no end. Made once: every task asks it."""
    here = (
        select(Establishment.id, Establishment.parent_id, literal(0).label("steps"))
        .where(Establishment.id == bindparam("place"))
        .cte("above", recursive=True)
    )
    parent = (
        select(Establishment.id, Establishment.parent_id, (here.c.steps + 1).label("steps"))
        .join(here, Establishment.id == here.c.parent_id)
        .where(here.c.steps < DEEPEST)
    )
    above = here.union_all(parent)
    held = (
        select(above.c.id)
        .join(RoleHolding, RoleHolding.establishment_id == above.c.id)
        .join(UserAccount, UserAccount.id == RoleHolding.user_id)
        .where(RoleHolding.role == bindparam("role"), UserAccount.active)
        .order_by(above.c.steps)
        .limit(1)
    )
    if ever:
        return held.where(RoleHolding.held_to.is_(None))
    day: BindParameter[date] = bindparam("day")
    ends = RoleHolding.held_to.is_(None) | (RoleHolding.held_to >= day)
    return held.where(RoleHolding.held_from <= day, ends)
