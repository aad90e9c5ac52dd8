"""Clocks of casework: what happens when the moment of something without an instance has come."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from processes.acting import Acting
from processes.tables import Clock, Timer

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
