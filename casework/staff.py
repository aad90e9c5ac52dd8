"""Staff as others see them: by function and service number, at the places where roles reach."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, object_session

from casework.tables import RoleHolding, UserAccount
from casework.words import ENGLISH, Speaking
from processes.tables import Establishment, Installation


def shown(user: UserAccount, speaking: Speaking = ENGLISH) -> str:
    """Function and service number: nobody is named outside the service [domain.md 0.1].

    The functions of a demo are said in the reader's language, a service's own as it wrote them.
    """
    session = object_session(user)
    here = session.get(Installation, 1) if session else None
    function = speaking.translate(user.function) if here and here.demo else user.function
    return f"{function} ({user.service_number})"


def name_of(session: Session, user_id: UUID | None, speaking: Speaking = ENGLISH) -> str | None:
    """How a member of staff is shown; None for a deadline or a message."""
    user = session.get(UserAccount, user_id) if user_id else None
    return shown(user, speaking) if user else None


def places_above(session: Session, establishment_id: UUID) -> tuple[UUID, ...]:
    """The establishment and those it belongs to, from the nearest up."""
    found: list[UUID] = []
    at: UUID | None = establishment_id
    while at is not None and at not in found:
        found.append(at)
        at = session.get_one(Establishment, at).parent_id
    return tuple(found)


def neighbours(session: Session, establishment_id: UUID) -> tuple[UUID, ...]:
    """The other establishments of the same region, which can lend a member of staff."""
    place = session.get_one(Establishment, establishment_id)
    if place.parent_id is None:
        return ()
    same = select(Establishment.id).where(
        Establishment.parent_id == place.parent_id, Establishment.id != establishment_id
    )
    return tuple(session.scalars(same))


def holders(session: Session, role: str, places: Iterable[UUID], on: date) -> list[UserAccount]:
    """Active holders of a role at one of the places on a day, by service number."""
    wanted = (
        select(UserAccount)
        .join(RoleHolding, RoleHolding.user_id == UserAccount.id)
        .where(RoleHolding.role == role, RoleHolding.establishment_id.in_(list(places)))
        .where(RoleHolding.held_from <= on)
        .where(or_(RoleHolding.held_to.is_(None), RoleHolding.held_to >= on))
        .where(UserAccount.active)
        .order_by(UserAccount.service_number)
    )
    return list(session.scalars(wanted).unique())
