"""A person moved while in a care unit: a unit there, none, or fifteen days in another region."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from casework.effects import Doing, effect
from casework.measures import force
from casework.measures.rules import end_of
from casework.supervision.programme import running
from casework.units import stays
from processes import parameters
from processes.ports import Code

LAPSE = "transfer_lapse"


@effect("unit.moved")
def moved(doing: Doing) -> Mapping[str, Code]:
    """Where a transfer leaves a programme: the old place is free; in another region the measure
    now ends on the fifteenth day, with or without an instance [code pénitentiaire, R. 224-22]."""
    rows, session = running(doing), doing.session
    kinds = {row.kind for row in rows}
    stays.leave(session, doing.acting, doing.case.id, stays.KINDS[1:])
    if doing.call.variables.get("other_region") is not True:
        there = stays.unit_at(session, doing.case.establishment_id, kinds) is not None
        return {"transfer_way": "unit_there" if there else "no_unit"}
    last = last_day(doing)
    for row in force.locked(session, [row.id for row in rows]):
        force.shorten(doing.platform, session, doing.acting, doing.case, row, last)
    ends = [row.expires_on for row in rows if row.expires_on is not None]
    return {"transfer_way": "provisional", "measure_until": min(ends, default=last)}


def last_day(doing: Doing) -> date:
    """The fifteenth day after a move to another region."""
    values = parameters.Values(doing.session, doing.case.agency_id, doing.today)
    return end_of(doing.today, values.get(LAPSE, "P15D")) or doing.today
