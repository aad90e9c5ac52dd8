"""Which days work at an establishment, and when a time rule falls there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from processes import parameters
from processes.deadlines import Calendar, parse, resolve
from processes.tables import CalendarOverride, Establishment, Parameter


def calendar_of(session: Session, place: Establishment) -> Calendar:
    """The public calendar of the place's country with the service's and its own overrides."""
    rows = session.scalars(
        select(CalendarOverride)
        .where(CalendarOverride.agency_id == place.agency_id)
        .where(
            or_(
                CalendarOverride.establishment_id.is_(None),
                CalendarOverride.establishment_id == place.id,
            )
        )
        .order_by(CalendarOverride.establishment_id.is_not(None))
    )
    return Calendar(place.country, {row.day: row.working for row in rows})


def local_day(instant: datetime, place: Establishment) -> date:
    """The date on the wall of the establishment."""
    return instant.astimezone(ZoneInfo(place.zone)).date()


class Times:
    """When times written in a model fall at a place; calendar and parameters are read once."""

    def __init__(self, session: Session, place: Establishment) -> None:
        """For the rules of one step."""
        self._session = session
        self.place = place
        self._known: dict[tuple[str, date], Parameter] = {}

    @cached_property
    def calendar(self) -> Calendar:
        """The calendar of the place."""
        return calendar_of(self._session, self.place)

    def due_at(
        self, text: str, *, base: datetime, dates: Mapping[str, date | datetime]
    ) -> datetime:
        """When a time falls."""
        on = local_day(base, self.place)
        return resolve(
            parse(text),
            base=base,
            zone=self.place.zone,
            calendar=self.calendar,
            parameter=lambda name: self._in_force(name, on).value,
            dates=dates,
        )

    def parameter_of(self, text: str, base: datetime) -> Parameter | None:
        """The parameter row a time rests on, if it names one."""
        name = parse(text).parameter
        return self._in_force(name, local_day(base, self.place)) if name else None

    def read(self, texts: Iterable[str], base: datetime) -> None:
        """Read what several rules rest on at once; without it each is read when first asked."""
        named = {name for text in texts if (name := parse(text).parameter)}
        if named:
            self._learn(named, local_day(base, self.place))

    def _in_force(self, name: str, on: date) -> Parameter:
        if (name, on) not in self._known:
            self._learn({name}, on)
        return self._known[name, on]

    def _learn(self, names: set[str], on: date) -> None:
        rows = parameters.in_force(self._session, self.place.agency_id, sorted(names), on)
        self._known.update({(name, on): row for name, row in rows.items()})


def due_at(
    session: Session,
    place: Establishment,
    text: str,
    *,
    base: datetime,
    dates: Mapping[str, date | datetime],
) -> datetime:
    """When a time written in a model falls, by the calendar of the place."""
    return Times(session, place).due_at(text, base=base, dates=dates)
