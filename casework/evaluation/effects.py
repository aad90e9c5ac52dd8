"""What the steps of an evaluation do: assessments laid side by side, the stay and its last day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from sqlalchemy import select

from casework.effects import Doing, effect
from casework.evaluation import team, terms
from casework.hooks import Submitted, hook
from casework.measures import deciding, ending, force, signing, standing
from casework.measures.deciding import Signed
from casework.supervision import moves
from casework.tables import Decision
from casework.units import effects as places
from casework.units import stays
from processes.engine import EngineFault
from processes.ports import Code

PLACED, EXTENDED = "place_qer", "extended"


@effect("assessments.missing")
def missing(doing: Doing) -> Mapping[str, Code]:
    """Record whose assessment did not come; nobody is held longer for it."""
    for seat in team.standing(doing.session, doing.case.id):
        if seat.state == "asked":
            seat.state = "missing"
            doing.note("assessment.missing", discipline=seat.office or "")
    return {}


@effect("assessments.compare")
def compare(doing: Doing) -> Mapping[str, Code]:
    """Same or different, in yes and no."""
    unread = replace(doing.acting, user_id=None)
    answers = team.given(doing.platform, doing.session, unread, doing.case.id)
    return {"assessments_differ": team.differ(answers)}


@effect("evaluation.begin")
def begin(doing: Doing) -> Mapping[str, Code]:
    """The stay begins with its last day: as long as the Minister said, else as the parameter says.
    It ends by itself, with or without a process alive [domain.md FR-3 invariant]."""
    decision = _placement(doing)
    until = terms.last_day(doing.session, doing.case, decision, doing.today)
    if until is None:
        raise EngineFault(doing.element.id, "No parameter says how long an evaluation lasts.")
    _enter(doing, decision, until)
    places.take(doing)
    return {"admitted_on": doing.today, "measure_until": until}


@effect("evaluation.extend")
def extend(doing: Doing) -> Mapping[str, Code]:
    """The new last day: a decision of its own replaces the first."""
    decision = _newest(doing, EXTENDED)
    if decision is None or decision.expires_on is None:
        raise EngineFault(doing.element.id, "Nobody has signed more time.")
    running = standing.in_force(doing.session, doing.case.id, stays.QER)
    if not running:
        return {}
    force.end(doing.platform, doing.session, doing.acting, running, force.REPLACED)
    _enter(doing, decision, decision.expires_on)
    places.take(doing)
    return {"measure_until": decision.expires_on}


@effect("evaluation.end")
def end(doing: Doing) -> Mapping[str, Code]:
    """A decision on what follows ends the stay for evaluation; that decision tells the person."""
    running = standing.in_force(doing.session, doing.case.id, stays.QER)
    force.end(doing.platform, doing.session, doing.acting, running, force.ENDED)
    return {}


@effect("place.transferred")
def transferred(doing: Doing) -> Mapping[str, Code]:
    """Moved away from the unit: in another region a stay lapses after fifteen days; in a prison
    without such a unit it ends; where one is, it goes on there [R. 224-22; domain.md 8.2]."""
    kind = doing.attribute("kind") or str(doing.call.variables.get("measure_kind") or "")
    session, acting = doing.session, doing.acting
    running = standing.in_force(session, doing.case.id, kind)
    if doing.call.variables.get("other_region") is True:
        last = moves.last_day(doing)
        for measure in force.locked(session, [row.id for row in running]):
            force.shorten(doing.platform, session, acting, doing.case, measure, last)
        return {}
    unit = stays.unit_at(session, doing.case.establishment_id, {kind})
    if unit is not None:
        stays.change_unit(session, acting, doing.case.id, kind, unit)
    elif running:
        ended = force.end(doing.platform, session, acting, running, "lifted")
        ending.tell(doing.platform, session, acting, ended, "lifted")
    return {}


def _placement(doing: Doing) -> Decision:
    decision = _newest(doing, PLACED)
    if decision is None:
        raise EngineFault(doing.element.id, "Nobody has placed this person in an evaluation unit.")
    return decision


def _newest(doing: Doing, outcome: str) -> Decision | None:
    wanted = select(Decision).where(
        Decision.case_id == doing.case.id,
        Decision.kind == stays.QER,
        Decision.outcome == outcome,
    )
    return doing.session.scalars(wanted.order_by(Decision.decided_at.desc())).first()


def _enter(doing: Doing, decision: Decision, until: date) -> None:
    measure = deciding.add(doing.session, doing.acting, decision, stays.QER)
    measure.instance_id = doing.call.instance_id
    measure.effective_on, measure.expires_on = doing.today, until
    ending.forget_stops(doing.session, doing.case)
    force.enter(doing.platform, doing.session, doing.acting, doing.case, measure)


@hook("F-EXTEND")
def sign_extension(submitted: Submitted) -> Mapping[str, Code]:
    """More time in an evaluation unit is decided by the Minister alone [R. 224-18]."""
    looking, _ = deciding.looked_at(submitted)
    granted = submitted.variables.get("extension") == "granted"
    until = submitted.variables.get("extend_until")
    deciding.write(
        submitted.platform,
        submitted.session,
        submitted.acting,
        submitted.case,
        submitted.instance,
        Signed(
            kind=stays.QER,
            outcome=EXTENDED if granted else "not_extended",
            step_id=submitted.task.id,
            signature=signing.signature(looking, stays.QER)
            or signing.Signature(submitted.task.role),
            rule=None,
            effective_on=looking.viewer.on if granted else None,
            expires_on=until if granted and isinstance(until, date) else None,
        ),
    )
    return {}
