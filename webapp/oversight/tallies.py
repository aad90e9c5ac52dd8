"""How often there was nothing to record, per establishment and month, shown from 5."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from casework import tally
from processes.tables import Establishment
from webapp.database import database
from webapp.session import now, viewer

MONTHS_SHOWN = 3


@dataclass(frozen=True)
class Line:
    """One month of one establishment."""

    establishment: str
    month: date
    count: int


def tallies() -> list[Line]:
    """The last months of the places that the asker's functions reach."""
    places = {place for holding in viewer().holdings for place in holding.covers}
    named = sorted((database().get_one(Establishment, place).name, place) for place in places)
    found = []
    for month in _months(now().date()):
        for name, place in named:
            count = tally.shown(database(), place, month)
            if count is not None:
                found.append(Line(name, month, count))
    return found


def _months(today: date) -> Iterator[date]:
    month = today.replace(day=1)
    for _ in range(MONTHS_SHOWN):
        yield month
        month = (month.replace(day=1) - date.resolution).replace(day=1)
