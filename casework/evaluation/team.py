"""Who assesses in an evaluation unit: one seat for each discipline, blind; what they concluded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from casework import blind, record, seats, staff
from casework.access_policy import ASSESSMENT, EVALUATORS
from casework.hooks import Submitted, hook
from casework.material import Looking
from casework.tables import RecordEntry, Round, Seat
from forms import Choice
from processes.ports import Code

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from casework.grid_rules import Finding
    from casework.platform import Platform
    from forms import FormDefinition
    from processes.acting import Acting

TEAM = "F-TEAM"
NOT_MINE = "violence_not_mine"
AT_LEAST = 2
"""So many assess violence, each without seeing the other [domain.md FR-3 step 3]."""


def options(looking: Looking, definition: FormDefinition) -> dict[str, Sequence[Choice]]:
    """The unit's team, for the seats."""
    if definition.id != TEAM:
        return {}
    places = staff.places_above(looking.session, looking.case.establishment_id)
    people = [
        user
        for role in sorted(EVALUATORS)
        for user in staff.holders(looking.session, role, places, looking.viewer.on)
    ]
    return {"team_members": [Choice(str(u.id), staff.shown(u, looking.speaking)) for u in people]}


def findings(looking: Looking, answers: Mapping[str, Any]) -> list[Finding]:
    """Nobody sits twice; at least two assess violence."""
    say, problems = looking.speaking.say, []
    rows = list(answers.get("team") or ())
    seen: set[str] = set()
    for place, row in enumerate(rows):
        member = str(row.get("member") or "")
        if member in seen:
            words = say("One person cannot sit on two seats of a round. Choose somebody else here.")
            problems.append((f"team-{place}-member", words))
        seen.add(member)
    if sum(row.get("violence") is True for row in rows) < AT_LEAST:
        words = say("At least two assess violence, each without seeing the other. Tick two seats.")
        problems.append(("team", words))
    return problems


@hook(TEAM)
def name_team(submitted: Submitted) -> Mapping[str, Code]:
    """Open a round with a seat for each member; the engine knows references alone."""
    session, acting, case = submitted.session, submitted.acting, submitted.case
    number = seats.next_number(session, case.id)
    session.add(
        Round(
            id=acting.new_id(),
            agency_id=case.agency_id,
            case_id=case.id,
            instance_id=submitted.instance.id,
            number=number,
            opened_at=acting.now,
        )
    )
    directory = submitted.platform.ports.directory
    role = submitted.task.role
    made = [
        Seat(
            id=acting.new_id(),
            agency_id=case.agency_id,
            case_id=case.id,
            instance_id=submitted.instance.id,
            round=number,
            role=role,
            form=ASSESSMENT,
            establishment_id=directory.place_for(session, case.establishment_id, role),
            user_id=UUID(str(row["member"])),
            state="asked",
            office=str(row.get("discipline") or ""),
            votes=row.get("violence") is True,
        )
        for row in submitted.answers.get("team") or ()
    ]
    session.add_all(made)
    session.flush()
    return {"assessment_seats": [str(seat.id) for seat in made]}


def standing(session: Session, case_id: UUID) -> list[Seat]:
    """The seats of the newest round, if it is one of an evaluation."""
    round_ = seats.current_round(session, case_id)
    found = seats.seats_of(session, round_) if round_ else []
    return [seat for seat in found if seat.form == ASSESSMENT and blind.is_rating_seat(seat)]


def given(
    platform: Platform, session: Session, acting: Acting, case_id: UUID
) -> list[Mapping[str, Any]]:
    """What each wrote; the platform reads, so nobody becomes a reader. Give `acting` no user."""
    found: list[Mapping[str, Any]] = []
    for seat in standing(session, case_id):
        entry = session.get(RecordEntry, seat.entry_id) if seat.entry_id else None
        if entry is not None and entry.ciphertext is not None:
            found.append(record.read_entry(platform, session, acting, entry))
    return found


def violence_assessed(answers: Sequence[Mapping[str, Any]]) -> list[str]:
    """What those said who assessed violence."""
    said = [str(one.get("violence") or NOT_MINE) for one in answers]
    return [word for word in said if word != NOT_MINE]


def differ(answers: Sequence[Mapping[str, Any]]) -> bool:
    """Whether conclusions differ: same or different, no number [domain.md 5.8]."""
    proposals = {str(one.get("proposed")) for one in answers}
    return len(proposals) > 1 or len(set(violence_assessed(answers))) > 1
