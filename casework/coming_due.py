"""Clocks of casework: what happens when the moment of something without an instance has come."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from processes import calendars, clocks
from processes.acting import Acting
from processes.tables import Clock, Establishment, Timer

if TYPE_CHECKING:
    from casework.platform import Platform


@dataclass(frozen=True)
class CameDue:
    """A moment of a clock that has come; the timer is locked."""

    platform: Platform
    session: Session
    acting: Acting
    clock: Clock
    timer: Timer


class Watched(Protocol):
    """A row of a case that a clock guards."""

    @property
    def id(self) -> UUID:
        """Its id."""

    @property
    def agency_id(self) -> UUID:
        """Whose it is."""

    @property
    def case_id(self) -> UUID:
        """The case it belongs to."""


def watch(
    session: Session,
    acting: Acting,
    row: Watched,
    place_id: UUID,
    rule: str,
    *,
    guards: str,
    name: str,
    began: datetime | None = None,
    dates: Mapping[str, date | datetime] | None = None,
) -> Clock:
    """Start the clock of a row, which no instance carries: `rule` counts from `began`, else from
    now. DeadlineError, with nothing written, where the rule gives no time."""
    place = session.get_one(Establishment, place_id)
    base = began or acting.now
    times = calendars.Times(session, place)
    at = times.due_at(rule, base=base, dates=dates or {})
    clock = Clock(
        id=acting.new_id(),
        agency_id=row.agency_id,
        case_id=row.case_id,
        instance_id=None,
        establishment_id=place.id,
        guards=guards,
        guarded_id=row.id,
        name=name,
        element_id=None,
        base_at=base,
        zone=place.zone,
        state="running",
    )
    session.add(clock)
    session.flush()
    clocks.start_timer(session, acting, clock, "due", rule, at, times)
    session.flush()
    return clock


Handler = Callable[[CameDue], None]
GUARDED: dict[str, Handler] = {}


def guarded_by(guards: str) -> Callable[[Handler], Handler]:
    """Register what follows when a clock that guards this comes due."""

    def register(function: Handler) -> Handler:
        GUARDED[guards] = function
        return function

    return register


def come_due(came: CameDue) -> None:
    """Do what follows; a clock that guards something unknown is an incident of its timer."""
    if came.clock.guards not in GUARDED:
        raise LookupError(f"nothing is known of clocks that guard a {came.clock.guards}")
    GUARDED[came.clock.guards](came)
