"""The invented staff of a demo, by place and function, for trying every role."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.tables import RoleHolding, UserAccount
from processes.tables import Agency, Establishment, Installation


@dataclass(frozen=True)
class DemoPerson:
    """One member of staff who can be acted as; shown by function alone."""

    id: UUID
    function: str
    agency: str
    place: str
    roles: frozenset[str]


def is_demo(session: Session) -> bool:
    """Whether this database was created as demo."""
    here = session.get(Installation, 1)
    return bool(here and here.demo)


def people(session: Session, on: date) -> list[DemoPerson]:
    """All active staff of a demo with the roles held that day; nobody elsewhere."""
    if not is_demo(session):
        return []
    rows = session.execute(
        select(
            UserAccount.id,
            UserAccount.function,
            Agency.name.label("agency"),
            Establishment.name.label("place"),
            RoleHolding.role,
        )
        .join(Agency, Agency.id == UserAccount.agency_id)
        .join(RoleHolding, RoleHolding.user_id == UserAccount.id)
        .join(Establishment, Establishment.id == RoleHolding.establishment_id)
        .where(UserAccount.active, RoleHolding.held_from <= on)
        .where((RoleHolding.held_to.is_(None)) | (RoleHolding.held_to >= on))
        .order_by(Agency.name, Establishment.name, UserAccount.function, UserAccount.login)
        .execution_options(across_agencies=True)
    )
    found: dict[UUID, DemoPerson] = {}
    for user_id, function, agency, place, role in rows:
        before = found.get(user_id)
        roles = (before.roles if before else frozenset()) | {role}
        found[user_id] = DemoPerson(
            user_id, function, agency, before.place if before else place, roles
        )
    return list(found.values())


def account_of(session: Session, person: DemoPerson) -> UserAccount:
    """The account of somebody of the demo, in whichever agency."""
    return session.get_one(UserAccount, person.id, execution_options={"across_agencies": True})
