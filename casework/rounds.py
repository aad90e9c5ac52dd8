"""A round of blind ratings: opened with its seats, filled and mended."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.orm import Session

from casework import blind, seats
from casework.seats import SeatPlan
from casework.tables import Case, Round, Seat
from processes.acting import Acting
from processes.ports import Directory


def open_round(
    session: Session,
    acting: Acting,
    case: Case,
    instance_id: UUID,
    directory: Directory,
    plans: tuple[SeatPlan, ...],
    chosen: Mapping[str, UUID],
) -> dict[str, Seat]:
    """A new round with one seat for each plan; a seat nobody is named for is its function's."""
    number = seats.next_number(session, case.id)
    session.add(
        Round(
            id=acting.new_id(),
            agency_id=case.agency_id,
            case_id=case.id,
            instance_id=instance_id,
            number=number,
            opened_at=acting.now,
        )
    )
    made = {
        plan.variable: Seat(
            id=acting.new_id(),
            agency_id=case.agency_id,
            case_id=case.id,
            instance_id=instance_id,
            round=number,
            role=plan.role,
            form=plan.form,
            establishment_id=directory.place_for(session, case.establishment_id, plan.role),
            user_id=chosen.get(plan.variable),
            state="asked",
        )
        for plan in plans
    }
    session.add_all(made.values())
    session.flush()
    return made


def take(
    session: Session, acting: Acting, seat: Seat, user_id: UUID, place_id: UUID | None = None
) -> None:
    """Put another person on a seat; who sat on it before is kept as a replaced seat. With a
    `place_id` the seat is asked of the function there from now on."""
    if seat.user_id is not None:
        session.add(_before(acting, seat))
    seat.establishment_id = place_id or seat.establishment_id
    seat.user_id, seat.alternate_id, seat.state = user_id, None, "asked"
    session.flush()


def vacate(session: Session, acting: Acting, seat: Seat, user_id: UUID) -> None:
    """Somebody leaves a seat, or the place of its alternate: the seat is its function's again."""
    if seat.alternate_id == user_id:
        seat.alternate_id = None
    if seat.user_id == user_id:
        session.add(_before(acting, seat))
        seat.user_id = None
    session.flush()


def _before(acting: Acting, seat: Seat) -> Seat:
    return Seat(
        id=acting.new_id(),
        agency_id=seat.agency_id,
        case_id=seat.case_id,
        instance_id=seat.instance_id,
        round=seat.round,
        role=seat.role,
        form=seat.form,
        establishment_id=seat.establishment_id,
        user_id=seat.user_id,
        state="replaced",
        item_id=seat.item_id,
        office=seat.office,
        votes=seat.votes,
    )


def give(session: Session, seat_id: UUID, entry_id: UUID | None) -> None:
    """The seat's grid is in."""
    seat = session.get_one(Seat, seat_id)
    seat.state, seat.entry_id = "given", entry_id


def missing(session: Session, round_: Round) -> list[Seat]:
    """The rating seats whose grid has not come."""
    standing = seats.seats_of(session, round_)
    return [s for s in standing if blind.is_rating_seat(s) and s.state != "given"]


def go_on_without(session: Session, round_: Round) -> None:
    """Nobody waits any more for the grids that have not come; what was given can be read."""
    for seat in missing(session, round_):
        seat.state = "missing"
