"""A person moved while in a care unit: a unit there, none, or fifteen days in another region."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import coming_due
from casework.effects import Doing, effect
from casework.measures import force
from casework.measures.rules import end_of
from casework.supervision.programme import running
from casework.tables import Measure, Unit
from casework.units import stays
from processes import clocks, parameters
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
        there = _unit_there(session, doing.case.establishment_id, kinds)
        return {"transfer_way": "unit_there" if there else "no_unit"}
    values = parameters.Values(session, doing.case.agency_id, doing.today)
    last = end_of(doing.today, values.get(LAPSE, "P15D")) or doing.today
    for row in force.locked(session, [row.id for row in rows]):
        _shorten(doing, row, last)
    ends = [row.expires_on for row in rows if row.expires_on is not None]
    return {"transfer_way": "provisional", "measure_until": min(ends, default=last)}


def _shorten(doing: Doing, row: Measure, last: date) -> None:
    """A measure that would run longer ends with the day; its clock is set anew."""
    if row.expires_on is not None and row.expires_on <= last:
        return
    row.expires_on = last
    clocks.end_clocks(doing.session, row.id, "replaced", guards=force.GUARDS)
    coming_due.watch(
        doing.session,
        doing.acting,
        row,
        doing.case.establishment_id,
        force.LAST_DAY,
        guards=force.GUARDS,
        name=row.code,
        dates={"expires_on": last},
    )
    doing.note("measure.shorten", measure=str(row.id))


def _unit_there(session: Session, place_id: UUID, kinds: set[str]) -> bool:
    wanted = select(Unit.id).where(
        Unit.establishment_id == place_id, Unit.kind.in_(kinds), Unit.active.is_(True)
    )
    return session.scalars(wanted.limit(1)).first() is not None
