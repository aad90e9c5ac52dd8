"""Who is received in a unit is in its prison: its people do what follows, its registry keeps it."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from casework.material import Looking
from casework.tables import Stay, Unit
from casework.units import stays
from processes.tables import Establishment


def still_elsewhere(looking: Looking, kinds: Iterable[str]) -> str | None:
    """What to do first where the register says that the person is in another prison than the unit
    of these kinds that has a place for the case; None where nothing stands in the way."""
    session, case = looking.session, looking.case
    kept = (
        select(Unit.establishment_id)
        .join(Stay, Stay.unit_id == Unit.id)
        .where(
            Stay.case_id == case.id,
            Stay.kind.in_(tuple(kinds)),
            Stay.state.in_((stays.WAITING, stays.HERE)),
        )
    )
    place_id = session.scalars(kept.order_by(Stay.asked_at.desc())).first()
    if place_id in (None, case.establishment_id):
        return None
    return looking.speaking.say(
        "The place is kept in {there}; by the register the person is in {here}. Ask the registry of"
        " {here} to record the move, then send this: whoever receives the person answers for them.",
        there=session.get_one(Establishment, place_id).name,
        here=session.get_one(Establishment, case.establishment_id).name,
    )
