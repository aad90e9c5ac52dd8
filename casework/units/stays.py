"""Places in special units: given in the order of asking, and free again when somebody leaves."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework.tables import Case, Stay, Unit
from processes import advance, messages, reading
from processes.acting import Acting
from processes.tables import Establishment, Subscription

WAITING, HERE, LEFT = "waiting", "here", "left"
QER, QPR_COLLECTIVE, QPR_INDIVIDUAL = "qer", "qpr_collective", "qpr_individual"
KINDS = (QER, QPR_COLLECTIVE, QPR_INDIVIDUAL)
UNIT_PROCESSES = ("evaluation-unit", "collective-supervision", "individual-supervision")
"""The processes that a stay in a unit belongs to."""
REGIME = "regime-decision"
"""The process that decides what follows an evaluation."""
FREE = "placeFree"
"""Tells a process that waits for a place that one is kept for its case."""


def ask(session: Session, acting: Acting, case: Case, kind: str) -> Stay:
    """Put a case on the waiting list of a kind of unit, once; a free place is kept for it when
    nobody asked before. Asking again keeps the turn."""
    units = _locked(session, acting.agency_id, kind)
    stay = standing(session, case.id, kind)
    if stay is None:
        stay = Stay(
            id=acting.new_id(),
            agency_id=case.agency_id,
            case_id=case.id,
            kind=kind,
            state=WAITING,
            asked_at=acting.now,
        )
        session.add(stay)
        session.flush()
    _give(session, acting, units, but=stay)
    return stay


def standing(session: Session, case_id: UUID, kind: str) -> Stay | None:
    """The place that a case waits for or has in a kind of unit."""
    wanted = select(Stay).where(
        Stay.case_id == case_id, Stay.kind == kind, Stay.state.in_((WAITING, HERE))
    )
    return session.scalars(wanted.order_by(Stay.asked_at)).first()


def leave(
    session: Session, acting: Acting, case_id: UUID, kinds: Iterable[str], *, waiting: bool = True
) -> list[Stay]:
    """Give back what a case has in units of these kinds, and, unless told otherwise, its turn;
    each free place goes to whoever waits longest."""
    states = (WAITING, HERE) if waiting else (HERE,)
    left = []
    for kind in sorted(kinds):
        units = _locked(session, acting.agency_id, kind)
        wanted = select(Stay).where(
            Stay.case_id == case_id, Stay.kind == kind, Stay.state.in_(states)
        )
        for stay in session.scalars(wanted.execution_options(populate_existing=True)).all():
            stay.state, stay.left_at = LEFT, acting.now
            left.append(stay)
        session.flush()
        if left:
            _give(session, acting, units)
    return left


def untouched(session: Session, case_id: UUID, to_id: UUID, *, other_region: bool) -> set[UUID]:
    """The processes of a case that are not to hear of a move: it brings the person to their own
    unit, which carries out what was decided; or they wait for a place still, in the same region.
    Whoever has a place and is moved anywhere else has left it."""
    wanted = select(Stay).where(Stay.case_id == case_id, Stay.state.in_((WAITING, HERE)))
    for stay in session.scalars(wanted):
        unit = session.get(Unit, stay.unit_id) if stay.unit_id else None
        arrives = unit is not None and unit.establishment_id == to_id
        if arrives or (stay.state == WAITING and not other_region):
            return {row.id for row in reading.instances_of(session, case_id, UNIT_PROCESSES)}
    return set()


def unit_at(session: Session, place_id: UUID, kinds: Iterable[str]) -> Unit | None:
    """A unit of one of these kinds in a prison."""
    wanted = select(Unit).where(
        Unit.establishment_id == place_id, Unit.kind.in_(set(kinds)), Unit.active.is_(True)
    )
    return session.scalars(wanted.order_by(Unit.id).limit(1)).first()


def change_unit(session: Session, acting: Acting, case_id: UUID, kind: str, unit: Unit) -> None:
    """Whoever stays in one unit goes on in another of the kind, if it has a place; the old place
    goes to whoever waits longest."""
    units = _locked(session, acting.agency_id, kind)
    stay = standing(session, case_id, kind)
    if stay is None or stay.state != HERE or stay.unit_id == unit.id:
        return
    if _taken(session, unit.id) < unit.capacity:
        stay.unit_id = unit.id
        session.flush()
        _give(session, acting, units)


def carried_on(session: Session, case_id: UUID) -> bool:
    """Whether an evaluation, what follows from it, or a programme in a unit runs in a case."""
    running = reading.instances_of(session, case_id, (*UNIT_PROCESSES, REGIME), advance.RUNNING)
    return bool(running)


def offer(session: Session, acting: Acting, kind: str) -> None:
    """Keep the places that have become free for those who wait, as after a change of places."""
    _give(session, acting, _locked(session, acting.agency_id, kind))


def in_turn(session: Session, agency_id: UUID, kind: str) -> list[Stay]:
    """The waiting list of a kind of unit, in the order of asking."""
    wanted = select(Stay).where(
        Stay.agency_id == agency_id, Stay.kind == kind, Stay.state == WAITING
    )
    return list(session.scalars(wanted.order_by(Stay.asked_at, Stay.id)))


def region_of(session: Session, place_id: UUID) -> UUID | None:
    """The region a place belongs to, or is; None where there is none."""
    place = session.get_one(Establishment, place_id)
    while place.kind != "region":
        if place.parent_id is None:
            return None
        place = session.get_one(Establishment, place.parent_id)
    return place.id


def _locked(session: Session, agency_id: UUID, kind: str) -> list[Unit]:
    """The units of a kind that take people, locked in one order, so that nobody promises the same
    place twice."""
    wanted = select(Unit).where(
        Unit.agency_id == agency_id, Unit.kind == kind, Unit.active.is_(True)
    )
    return list(session.scalars(wanted.order_by(Unit.id).with_for_update()))


def _give(session: Session, acting: Acting, units: list[Unit], but: Stay | None = None) -> None:
    """Keep each free place for whoever asked first, near their own place if there is one there;
    their processes are told, but the one that asks just now."""
    if not units:
        return
    free = {unit.id: unit.capacity - _taken(session, unit.id) for unit in units}
    for stay in in_turn(session, acting.agency_id, units[0].kind):
        if stay.unit_id is not None:
            continue
        unit = _nearest(session, stay, [unit for unit in units if free[unit.id] > 0])
        if unit is None:
            break
        stay.unit_id = unit.id
        free[unit.id] -= 1
        if stay is not but:
            _tell(session, acting, stay)
    session.flush()


def _taken(session: Session, unit_id: UUID) -> int:
    wanted = select(func.count()).where(Stay.unit_id == unit_id, Stay.state.in_((WAITING, HERE)))
    return int(session.scalar(wanted) or 0)


def _nearest(session: Session, stay: Stay, units: list[Unit]) -> Unit | None:
    home = session.get_one(Case, stay.case_id).establishment_id
    region = region_of(session, home)

    def distance(unit: Unit) -> tuple[bool, bool, str]:
        elsewhere = region_of(session, unit.establishment_id) != region
        return (unit.establishment_id != home, elsewhere, unit.name)

    return min(units, key=distance, default=None)


def _tell(session: Session, acting: Acting, stay: Stay) -> None:
    """A message is sent only to a process that waits for it: kept, it would reach a later wait."""
    waits = select(Subscription.id).where(
        Subscription.agency_id == stay.agency_id,
        Subscription.name == FREE,
        Subscription.key == str(stay.case_id),
        Subscription.instance_id.is_not(None),
    )
    if session.scalars(waits.limit(1)).first() is None:
        return
    case = session.get_one(Case, stay.case_id)
    messages.send(
        session,
        acting,
        name=FREE,
        case_id=case.id,
        place_id=case.establishment_id,
        sender_key=f"{stay.id}:free",
        payload={},
    )
