"""Which days work at an establishment, and when a time rule falls there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID
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


def due_at(
    session: Session,
    place: Establishment,
    text: str,
    *,
    base: datetime,
    dates: Mapping[str, date | datetime],
) -> datetime:
    """When a time written in a model falls, by the calendar of the place."""

    def value(name: str) -> str:
        on = local_day(base, place)
        return parameters.in_force(session, place.agency_id, name, on).value

    return resolve(
        parse(text),
        base=base,
        zone=place.zone,
        calendar=calendar_of(session, place),
        parameter=value,
        dates=dates,
    )


def parameter_of(session: Session, agency_id: UUID, text: str, on: date) -> Parameter | None:
    """The parameter row a time rests on, if it names one."""
    name = parse(text).parameter
    return parameters.in_force(session, agency_id, name, on) if name else None
