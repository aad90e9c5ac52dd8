"""Tells the platform who sits on a seat, where a role is held, and who may hold a task."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.accounts import holdings
from casework.tables import RoleHolding, Seat, UserAccount
from processes.ports import SeatHolder
from processes.tables import Establishment


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
        above: list[UUID] = []
        place: UUID | None = establishment_id
        while place is not None and place not in above:
            above.append(place)
            place = session.get_one(Establishment, place).parent_id
        query = (
            select(RoleHolding.establishment_id)
            .join(UserAccount, UserAccount.id == RoleHolding.user_id)
            .where(
                RoleHolding.role == role,
                RoleHolding.establishment_id.in_(above),
                UserAccount.active,
            )
        )
        if on is None:
            query = query.where(RoleHolding.held_to.is_(None))
        else:
            query = query.where(RoleHolding.held_from <= on)
            query = query.where(RoleHolding.held_to.is_(None) | (RoleHolding.held_to >= on))
        held = set(session.scalars(query))
        return next((place for place in above if place in held), establishment_id)

    def may_hold(
        self, session: Session, user_id: UUID, role: str, establishment_id: UUID, on: date
    ) -> bool:
        """Whether the user holds the role there on that day."""
        return any(
            holding.role == role and establishment_id in holding.covers
            for holding in holdings(session, user_id, on)
        )
