"""Delegation of signature: who may sign which kind of measure for a function, where, and how long.

Act, place, first and last day are a row; the row is printed with every decision signed under it
[domain.md 0.1, Authority].
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from casework import accounts, staff
from casework.access_policy import AUTHORITIES, DELEGABLE_FORMS
from casework.measures.words import DELEGABLE
from casework.refusals import Refused
from casework.tables import Delegation, RoleHolding, UserAccount
from casework.words import ENGLISH, Speaking
from processes import reading
from processes.acting import Acting
from processes.ports import Journal, JournalEntry
from processes.tables import HumanTask, ProcessInstance

LONGEST = timedelta(days=366)
"""It is given anew each year, or it ends [D: default of the product]."""


def in_force(
    session: Session, role: str, place_id: UUID, on: date, *, user_id: UUID | None = None
) -> list[Delegation]:
    """Delegations of a function that reach a place on a day, of everybody or of one.

    One ends with its last day, by an act, with the delegate's account, and when whoever gave it no
    longer holds the function: nobody signs for somebody who is gone.
    """
    wanted = (
        select(Delegation)
        .where(
            Delegation.from_role == role,
            Delegation.establishment_id.in_(staff.places_above(session, place_id)),
            *_stands(on),
        )
        .order_by(Delegation.valid_to.desc(), Delegation.id)
    )
    if user_id is not None:
        wanted = wanted.where(Delegation.to_user == user_id)
    return [row for row in session.scalars(wanted) if is_alive(session, row, on)]


def opens(session: Session, task: HumanTask, user_id: UUID, on: date) -> bool:
    """A delegate sees what waits for a signature of the kind that was delegated, and no other."""
    if task.form not in DELEGABLE_FORMS:
        return False
    rows = in_force(session, task.role, task.establishment_id, on, user_id=user_id)
    if not rows:
        return False
    instance = session.get_one(ProcessInstance, task.instance_id)
    kinds = reading.values_kept(instance, "measure_kind")
    return any(row.act in kinds for row in rows)


def of_user(session: Session, user_id: UUID, on: date) -> list[Delegation]:
    """What somebody may sign for others on a day."""
    wanted = select(Delegation).where(Delegation.to_user == user_id, *_stands(on))
    return [row for row in session.scalars(wanted) if is_alive(session, row, on)]


def _stands(on: date) -> tuple[ColumnElement[bool], ...]:
    return (
        Delegation.ended_at.is_(None),
        Delegation.valid_from <= on,
        Delegation.valid_to >= on,
    )


def is_alive(session: Session, row: Delegation, on: date) -> bool:
    """Whether both still stand behind it: an active delegate, and a giver who holds the function
    at the place or above."""
    account = session.get(UserAccount, row.to_user)
    if account is None or not account.active:
        return False
    return bool(reach(session, row.given_by, row.from_role, row.establishment_id, on))


def reach(session: Session, user_id: UUID, role: str, place_id: UUID, on: date) -> frozenset[UUID]:
    """The places that somebody who holds the function at a place or above answers for in it."""
    found: set[UUID] = set()
    for holding in accounts.holdings(session, user_id, on):
        if holding.role == role and place_id in holding.covers:
            found |= holding.covers
    return frozenset(found)


def give(
    session: Session,
    journal: Journal,
    acting: Acting,
    row: Delegation,
    on: date,
    speaking: Speaking = ENGLISH,
) -> Delegation:
    """Write a delegation that the giver may give; `Refused` says what to change.

    Only who holds the function itself gives it: what was delegated is not delegated on.
    """
    say = speaking.say
    if row.act not in DELEGABLE or row.from_role not in AUTHORITIES:
        raise Refused(say("Choose what may be signed."))
    places = reach(session, row.given_by, row.from_role, row.establishment_id, on)
    if not places:
        raise Refused(
            say("You can only delegate a function that you hold yourself at this place or above.")
        )
    if row.to_user == row.given_by:
        raise Refused(say("Choose somebody else than yourself."))
    people = candidates(session, places, row.given_by, on)
    if all(user.id != row.to_user for user in people):
        raise Refused(say("Choose somebody who works at this place or below it."))
    if row.valid_to < row.valid_from or row.valid_to < on:
        raise Refused(say("The last day lies before the first, or in the past. Change it."))
    if row.valid_to > row.valid_from + LONGEST:
        raise Refused(say("A delegation lasts a year at most: give an earlier last day."))
    session.add(row)
    session.flush()
    _note(session, journal, acting, row, "delegation.give")
    return row


def end(session: Session, journal: Journal, acting: Acting, row: Delegation) -> None:
    """It ends now; what was signed under it stands."""
    row.ended_at, row.ended_by = acting.now, acting.user_id
    session.flush()
    _note(session, journal, acting, row, "delegation.end")


def candidates(session: Session, places: Iterable[UUID], but: UUID, on: date) -> list[UserAccount]:
    """Active staff of these places, who may be given a signature."""
    held = (
        select(UserAccount)
        .join(RoleHolding, RoleHolding.user_id == UserAccount.id)
        .where(RoleHolding.establishment_id.in_(list(places)))
        .where(RoleHolding.held_from <= on, UserAccount.active, UserAccount.id != but)
        .where(or_(RoleHolding.held_to.is_(None), RoleHolding.held_to >= on))
        .order_by(UserAccount.service_number)
    )
    return list(session.scalars(held).unique())


def _note(session: Session, journal: Journal, acting: Acting, row: Delegation, act: str) -> None:
    codes = {"role": row.from_role, "act": row.act, "to": str(row.to_user)}
    journal.write(session, acting, JournalEntry(act, None, "delegation", row.id, codes))
