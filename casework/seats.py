"""Seats of a round of blind ratings: which the model draws, and who may sit on them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from casework import blind, staff
from casework.tables import Case, Loan, RecordEntry, Round, Seat, UserAccount
from casework.words import ENGLISH, Speaking
from processes.engine import Model
from processes.packs import Pack
from processes.ports import Directory


@dataclass(frozen=True)
class SeatPlan:
    """A seat as the model draws it: a variable that will hold the seat, a function, a form."""

    variable: str
    role: str
    form: str
    element_id: str

    @property
    def stem(self) -> str:
        """The word that its variables and form fields begin with: custody of custody_seat."""
        return self.variable.removesuffix("_seat")


@dataclass(frozen=True)
class Standing:
    """Somebody who holds a seat's function, and what stands against sitting on it."""

    user: UserAccount
    reasons: tuple[str, ...]
    lent: bool

    @property
    def is_eligible(self) -> bool:
        """Whether nothing stands against it."""
        return not self.reasons


def plans(model: Model, pack: Pack) -> tuple[SeatPlan, ...]:
    """The seats drawn in a model and the parts it calls, each once, in the order of drawing."""
    found: dict[str, SeatPlan] = {}
    for element in model.elements.values():
        if element.seat and element.kind == "userTask":
            role = pack.role(element.role or "")
            plan = SeatPlan(element.seat, role, element.form or "", element.id)
            found.setdefault(element.seat, plan)
    return tuple(found.values())


def current_round(session: Session, case_id: UUID) -> Round | None:
    """The newest round of a case."""
    newest = select(Round).where(Round.case_id == case_id).order_by(Round.number.desc())
    return session.scalars(newest).first()


def seats_of(session: Session, round_: Round) -> list[Seat]:
    """The seats that stand in a round; those replaced are history."""
    wanted = (
        select(Seat)
        .where(Seat.case_id == round_.case_id, Seat.round == round_.number)
        .where(Seat.state != "replaced")
        .order_by(Seat.form, Seat.id)
    )
    return list(session.scalars(wanted))


def candidates(
    session: Session, case: Case, role: str, number: int, on: date, speaking: Speaking = ENGLISH
) -> tuple[Standing, ...]:
    """Who could sit on a seat: holders of the role at the case's place or above, and those lent."""
    here = staff.holders(session, role, staff.places_above(session, case.establishment_id), on)
    known = {user.id for user in here}
    lent = [user for user in _lent(session, case.id, role) if user.id not in known]
    return tuple(
        Standing(user, why_barred(session, case, number, user.id, speaking), user.id not in known)
        for user in (*here, *lent)
    )


def lendable(
    session: Session, case: Case, role: str, number: int, on: date, speaking: Speaking = ENGLISH
) -> tuple[Standing, ...]:
    """Whom the region could lend: holders of the role at its other places."""
    near = staff.neighbours(session, case.establishment_id)
    return tuple(
        Standing(user, why_barred(session, case, number, user.id, speaking), True)
        for user in staff.holders(session, role, near, on)
    )


def place_for(session: Session, directory: Directory, case: Case, seat: Seat, on: date) -> UUID:
    """Where a seat is asked of its alternate: where it was, if he or she holds the function there;
    else at the case's place, since the person may have been moved."""
    here, user_id = seat.establishment_id, seat.alternate_id
    if user_id is not None and directory.may_hold(session, user_id, seat.role, here, on):
        return here
    return directory.place_for(session, case.establishment_id, seat.role)


def _lent(session: Session, case_id: UUID, role: str) -> list[UserAccount]:
    wanted = (
        select(UserAccount)
        .join(Loan, Loan.user_id == UserAccount.id)
        .where(Loan.case_id == case_id, Loan.role == role, UserAccount.active)
        .order_by(UserAccount.service_number)
    )
    return list(session.scalars(wanted).unique())


def why_barred(
    session: Session,
    case: Case,
    number: int,
    user_id: UUID,
    speaking: Speaking = ENGLISH,
    *,
    own_seat: UUID | None = None,
) -> tuple[str, ...]:
    """Why somebody cannot rate in this round of the case; empty when nothing stands against it.

    Blind means: whoever has read any grid, draft or evidence of the round, in whatever capacity,
    cannot rate in it; nor can the author of the observation [domain.md 0.1 FR-1, V4].
    """
    say = speaking.say
    found = []
    if _wrote_start(session, case.id, user_id):
        found.append(say("wrote the observation"))
    bar = blind.bar_to_rating(session, user_id, case.id, number, own_seat)
    if bar == blind.HAS_READ:
        found.append(say("has read something of this round"))
    if bar == blind.OTHER_SEAT:
        found.append(say("has a seat in this round already"))
    if _gave_up(session, case.id, number, user_id):
        found.append(say("was replaced in this round"))
    return tuple(found)


def _wrote_start(session: Session, case_id: UUID, user_id: UUID) -> bool:
    wanted = select(RecordEntry.id).where(
        RecordEntry.case_id == case_id,
        RecordEntry.author_id == user_id,
        or_(RecordEntry.task_id.is_(None), RecordEntry.form == "F-OBS"),
    )
    return session.scalars(wanted.limit(1)).first() is not None


def _gave_up(session: Session, case_id: UUID, number: int, user_id: UUID) -> bool:
    wanted = select(Seat.id).where(
        Seat.case_id == case_id,
        Seat.round == number,
        Seat.user_id == user_id,
        Seat.state == "replaced",
    )
    return session.scalars(wanted.limit(1)).first() is not None


def next_number(session: Session, case_id: UUID) -> int:
    """The number of the round that would be opened now."""
    newest = current_round(session, case_id)
    return newest.number + 1 if newest else 1
