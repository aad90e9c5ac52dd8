"""What the commission's forms let one choose from: members for seats, items that wait."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy.orm import Session

from casework import shown, staff
from casework.commission import agenda, found
from casework.commission.functions import OFFICES
from casework.material import Looking
from casework.tables import Case, Person, UserAccount
from casework.words import Speaking
from forms import Choice

if TYPE_CHECKING:
    from forms import FormDefinition


def options(looking: Looking, definition: FormDefinition) -> dict[str, Sequence[Choice]]:
    """By the name under which a form asks for them."""
    if definition.id == "F-ITEM":
        people = members(looking.session, looking.case.establishment_id, looking.viewer.on)
        return {"commission_members": [Choice(str(u.id), staff.shown(u)) for u in people]}
    if definition.id == "F-AGENDA":
        return {"waiting_items": _waiting(looking)}
    return {}


def members(session: Session, establishment_id: UUID, on: date) -> list[UserAccount]:
    """Everybody who holds a function that may sit, at the place or above."""
    places = staff.places_above(session, establishment_id)
    people: dict[UUID, UserAccount] = {}
    for role in dict.fromkeys(role for roles in OFFICES.values() for role in roles):
        for user in staff.holders(session, role, places, on):
            people.setdefault(user.id, user)
    return sorted(people.values(), key=staff.shown)


def role_for(
    session: Session, establishment_id: UUID, office: str, user_id: UUID, on: date
) -> str | None:
    """In which function somebody would hold an office; None when in none."""
    places = staff.places_above(session, establishment_id)
    for role in OFFICES.get(office, ()):
        if any(user.id == user_id for user in staff.holders(session, role, places, on)):
            return role
    return None


def _waiting(looking: Looking) -> list[Choice]:
    """Items that stand on this agenda already, then those that wait; the oldest first."""
    session = looking.session
    row = found.of_file(session, looking.case.id)
    if row is None:
        return []
    chosen = [
        Choice(
            str(item.instance_id), title(session, found.case_of(session, item), looking.speaking)
        )
        for item in found.items_of(session, row.id)
    ]
    zone = shown.zone_of(session, row.establishment_id)
    return chosen + [
        Choice(
            str(c.instance_id),
            looking.speaking.say(
                "{title}, since {since}",
                title=title(session, c.case, looking.speaking),
                since=looking.speaking.moment(c.since, zone),
            ),
        )
        for c in agenda.candidates(session, row.establishment_id)
    ]


def title(session: Session, case: Case, speaking: Speaking) -> str:
    """A case as those who keep the session know it: the person's name and number."""
    person = session.get(Person, case.person_id) if case.person_id else None
    return title_of(case, person, speaking)


def title_of(case: Case, person: Person | None, speaking: Speaking) -> str:
    """The same, where the person is at hand; a case that was erased has none any more."""
    if person is None:
        return case.name or f"{speaking.say('Case')} {str(case.id)[:8]}"
    return f"{shown.full_name(person)} ({person.number})"


def seats_named(answers: Any) -> list[tuple[str, str, UUID | None, UUID | None]]:
    """The seats as F-ITEM gives them: field, office, member, alternate."""
    rows = answers.get("seats") or []
    return [
        (
            f"seats-{place}-member",
            str(row.get("office") or ""),
            _id(row, "member"),
            _id(row, "alternate"),
        )
        for place, row in enumerate(rows)
    ]


def _id(row: Any, key: str) -> UUID | None:
    value = row.get(key)
    return UUID(str(value)) if value else None
