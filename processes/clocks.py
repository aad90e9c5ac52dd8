"""Clocks and their timers: rows that survive redeployment, restart and migration."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes import calendars
from processes.acting import Acting
from processes.engine import Element
from processes.tables import Clock, Establishment, ProcessInstance, Timer


def start_clock(
    session: Session,
    acting: Acting,
    instance: ProcessInstance,
    place: Establishment,
    guards: str,
    guarded_id: UUID,
    element: Element,
) -> Clock:
    """A clock that guards a task, a drawn timer or a message."""
    clock = Clock(
        id=acting.new_id(),
        agency_id=instance.agency_id,
        case_id=instance.case_id,
        instance_id=instance.id,
        establishment_id=place.id,
        guards=guards,
        guarded_id=guarded_id,
        name=element.name or element.id,
        element_id=element.id,
        base_at=acting.now,
        zone=place.zone,
        state="running",
    )
    session.add(clock)
    session.flush()
    return clock


def start_timer(
    session: Session,
    acting: Acting,
    clock: Clock,
    kind: str,
    text: str,
    at: datetime,
    times: calendars.Times | None = None,
) -> Timer:
    """One moment of a clock, with the parameter row it rests on; written at the next flush."""
    if times is None:
        place = session.get_one(Establishment, clock.establishment_id)
        times = calendars.Times(session, place)
    parameter = times.parameter_of(text, clock.base_at)
    timer = Timer(
        id=acting.new_id(),
        agency_id=clock.agency_id,
        clock_id=clock.id,
        instance_id=clock.instance_id,
        kind=kind,
        expression=text,
        parameter_id=parameter.id if parameter else None,
        due_at=at,
        state="pending",
    )
    session.add(timer)
    return timer


def end_clocks(
    session: Session, guarded_id: UUID, state: str, *, guards: str | None = None
) -> None:
    """Stop the clocks of something that ended, or those of one kind; pending timers never fire."""
    ended = "done" if state == "completed" else "cancelled"
    wanted = (
        select(Clock, Timer)
        .outerjoin(Timer, (Timer.clock_id == Clock.id) & (Timer.state == "pending"))
        .where(Clock.guarded_id == guarded_id, Clock.state == "running")
    )
    if guards is not None:
        wanted = wanted.where(Clock.guards == guards)
    for clock, timer in session.execute(wanted):
        clock.state = ended
        if timer is not None:
            timer.state = "cancelled"
