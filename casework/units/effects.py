"""What models do with places: ask for one, take it, leave it."""

from __future__ import annotations

from collections.abc import Mapping

from casework.effects import Doing, effect
from casework.measures import standing
from casework.units import stays
from processes.engine import EngineFault
from processes.ports import Code


@effect("place.ask")
def ask(doing: Doing) -> Mapping[str, Code]:
    """Ask for a place in a kind of unit; says whether one is kept for the person now."""
    stay = stays.ask(doing.session, doing.acting, doing.case, _kind(doing))
    return {"place_found": stay.unit_id is not None}


@effect("place.take")
def take(doing: Doing) -> Mapping[str, Code]:
    """The person comes into the unit that keeps a place, or stays there under a new decision; what
    they had in a unit of another kind is free again."""
    session, kind = doing.session, _kind(doing)
    stay = stays.ask(session, doing.acting, doing.case, kind)
    if stay.unit_id is None:
        raise EngineFault(doing.element.id, "No place is kept for this person: ask for one first.")
    others = set(stays.KINDS) - {kind}
    stays.leave(session, doing.acting, doing.case.id, others)
    if stay.state == stays.WAITING:
        stay.state, stay.came_at = stays.HERE, doing.acting.now
    running = standing.in_force(session, doing.case.id, kind)
    if running:
        stay.measure_id, stay.until = running[-1].id, running[-1].expires_on
    doing.note("place.take", kind=kind)
    return {}


@effect("place.leave")
def leave(doing: Doing) -> Mapping[str, Code]:
    """The person leaves the unit, or the waiting list; the place goes to whoever waits longest."""
    kinds = [doing.attribute("kind")] if doing.attribute("kind") else list(stays.KINDS)
    if stays.leave(doing.session, doing.acting, doing.case.id, kinds):
        doing.note("place.leave")
    return {}


def _kind(doing: Doing) -> str:
    """The kind that the step names, else that of the measure it carries out."""
    kind = doing.attribute("kind") or str(doing.call.variables.get("measure_kind") or "")
    if kind not in stays.KINDS:
        raise EngineFault(doing.element.id, f"There are no units of the kind “{kind}”.")
    return kind
