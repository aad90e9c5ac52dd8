"""Measures in force: how they begin, and every way in which they end."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import coming_due
from casework.measures.standing import IN_FORCE, any_in_force
from casework.tables import Case, Measure
from casework.units import stays
from processes import clocks
from processes.acting import Acting
from processes.ports import JournalEntry
from processes.tables import Clock, Timer

if TYPE_CHECKING:
    from casework.platform import Platform

GUARDS = "measure"
LAST_DAY = "P0D after expires_on"
ENDED, REPLACED = "ended", "replaced"
STAGE, STAGE_AFTER = "measure", "measure_ended"

INTERRUPTED_BY = {"released": "released", "died": "died"}
"""How an interruption is told of a measure; for every other reason it is lifted."""


def enter(
    platform: Platform,
    session: Session,
    acting: Acting,
    case: Case,
    measure: Measure,
    limit: str | None = None,
    began: datetime | None = None,
) -> None:
    """Put a decided measure in force and start the clock that ends it: with its last day, or with
    a limit to the hour (`param:urgent_max`), counted from when it began."""
    measure.state, case.stage = IN_FORCE, STAGE
    session.flush()
    if limit or measure.expires_on:  # an ordinary placement has no last day
        coming_due.watch(
            session,
            acting,
            measure,
            case.establishment_id,
            limit or LAST_DAY,
            guards=GUARDS,
            name=measure.code,
            began=began,
            dates={"expires_on": measure.expires_on} if measure.expires_on else None,
        )
    _note(platform, session, acting, measure, "measure.enter")


def prolong(session: Session, acting: Acting, case: Case, measure: Measure, until: date) -> None:
    """Give a measure another last day, and its clock with it."""
    clocks.end_clocks(session, measure.id, "completed")
    measure.expires_on = until
    session.flush()
    dates = {"expires_on": until}
    coming_due.watch(
        session,
        acting,
        measure,
        case.establishment_id,
        LAST_DAY,
        guards=GUARDS,
        name=measure.code,
        dates=dates,
    )


def shorten(
    platform: Platform, session: Session, acting: Acting, case: Case, measure: Measure, last: date
) -> None:
    """Let a measure end with an earlier day; one that ends before it anyway stays as it is."""
    if measure.expires_on is not None and measure.expires_on <= last:
        return
    prolong(session, acting, case, measure, last)
    _note(platform, session, acting, measure, "measure.shorten")


def end(
    platform: Platform,
    session: Session,
    acting: Acting,
    measures: Iterable[Measure],
    reason: str,
) -> list[Measure]:
    """End measures that are in force, and their clocks; gives those that this ended.

    Timers are locked before measures, as by whoever lets a timer come due.
    """
    ids = [measure.id for measure in measures]
    ended = []
    for measure in locked(session, ids):
        measure.state, measure.ended_at, measure.end_reason = ENDED, acting.now, reason
        clocks.end_clocks(session, measure.id, "completed")
        _note(platform, session, acting, measure, "measure.end", reason=reason)
        ended.append(measure)
    session.flush()
    if reason != REPLACED:
        for measure in ended:
            _give_place_back(session, acting, measure)
    for case_id in {measure.case_id for measure in ended}:
        _settle(session, session.get_one(Case, case_id))
    return ended


def _give_place_back(session: Session, acting: Acting, ended: Measure) -> None:
    """Nobody stays in a unit without a measure of its kind: the place goes to who waits longest."""
    if not any_in_force(session, ended.case_id, ended.kind):
        stays.leave(session, acting, ended.case_id, {ended.kind} & set(stays.KINDS), waiting=False)


def _settle(session: Session, case: Case) -> None:
    """A case does not go on saying that a measure is in force when the last one has ended."""
    if case.stage == STAGE and not any_in_force(session, case.id):
        case.stage = STAGE_AFTER


def locked(session: Session, ids: list[UUID]) -> list[Measure]:
    """Of these measures those that are in force, locked, their timers first."""
    running = select(Clock.id).where(Clock.guarded_id.in_(ids), Clock.state == "running")
    timers = select(Timer).where(Timer.clock_id.in_(running)).order_by(Timer.id).with_for_update()
    session.scalars(timers).all()
    wanted = (
        select(Measure)
        .where(Measure.id.in_(ids))
        .order_by(Measure.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return [row for row in session.scalars(wanted) if row.state == IN_FORCE]


def ends_at(session: Session, measure_id: UUID) -> datetime | None:
    """When the clock of a measure ends it."""
    wanted = (
        select(Timer.due_at)
        .join(Clock, Clock.id == Timer.clock_id)
        .where(Clock.guarded_id == measure_id, Timer.state == "pending")
    )
    return session.scalar(wanted.order_by(Timer.due_at).limit(1))


def _note(
    platform: Platform,
    session: Session,
    acting: Acting,
    measure: Measure,
    act: str,
    **codes: str,
) -> None:
    told = {"kind": measure.kind, "code": measure.code, **codes}
    entry = JournalEntry(act, measure.case_id, "measure", measure.id, told)
    platform.ports.journal.write(session, acting, entry)
