"""Names the seats of an item: offices, the persons on them, their alternates, who votes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from casework.commission import found
from casework.commission.functions import CONSULTATIVE, OPINION
from casework.tables import Case, Seat
from casework.words import ENGLISH, Speaking
from processes.acting import Acting
from processes.ports import Directory

Finding = tuple[str, str]


@dataclass(frozen=True)
class Named:
    """One seat as the secretary names it; `key` is the field in which it stands."""

    key: str
    office: str
    role: str
    user_id: UUID | None
    alternate_id: UUID | None


def same_person_twice(named: Iterable[Named], speaking: Speaking = ENGLISH) -> list[Finding]:
    """Nobody sits on two seats of an item, as a member or as an alternate; a rater may sit."""
    seen: set[UUID] = set()
    problems = []
    for seat in named:
        for person in (seat.user_id, seat.alternate_id):
            if person is None:
                continue
            if person in seen:
                words = speaking.say(
                    "One person cannot sit on two seats of an item. Choose somebody else here."
                )
                problems.append((seat.key, words))
            seen.add(person)
    return problems


def office_twice(named: Iterable[Named], speaking: Speaking = ENGLISH) -> list[Finding]:
    """An office has one seat on an item."""
    seen: set[str] = set()
    problems = []
    for seat in named:
        if seat.office in seen:
            words = speaking.say("This office has a seat on the item already.")
            problems.append((seat.key, words))
        seen.add(seat.office)
    return problems


def make_seats(
    session: Session,
    acting: Acting,
    directory: Directory,
    case: Case,
    instance_id: UUID,
    named: Iterable[Named],
    form: str = OPINION,
) -> list[Seat]:
    """The seats of an item; those of an earlier preparation of it are kept as replaced."""
    for old in found.seats_of(session, instance_id):
        old.state = "replaced"
    made = [
        Seat(
            id=acting.new_id(),
            agency_id=case.agency_id,
            case_id=case.id,
            instance_id=instance_id,
            round=0,  # no round of ratings
            role=seat.role,
            form=form,
            establishment_id=directory.place_for(session, case.establishment_id, seat.role),
            user_id=seat.user_id,
            alternate_id=seat.alternate_id,
            state="asked",
            office=seat.office,
            votes=seat.office not in CONSULTATIVE,
        )
        for seat in named
    ]
    session.add_all(made)
    session.flush()
    return made


def by_variable(seats: Iterable[Seat]) -> Mapping[str, Any]:
    """The engine's variable: references only."""
    return {"opinion_seats": [str(seat.id) for seat in seats]}
