"""Built-in functions on dates, times and durations. None of them reads the clock."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

from feel import temporal
from feel.signatures import Functions
from feel.values import Frame, YearsMonths, whole

FUNCTIONS = Functions()
_add = FUNCTIONS.add


@_add(
    "date",
    "from:string",
    "from:date and time",
    "from:date",
    "year:number, month:number, day:number",
)
def to_date(_: Frame, value: Any, month: Any = None, day: Any = None) -> date | None:
    """A date, from text, from a date and time, or from year, month and day."""
    if isinstance(value, str):
        return temporal.to_date(value)
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    parts = [whole(part, 9999) for part in (value, month, day)]
    try:
        return date(*parts)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None


@_add(
    "time",
    "from:string",
    "from:date and time",
    "from:time",
    "hour:number, minute:number, second:number, offset:days and time duration?",
)
def to_time(
    _: Frame, value: Any, minute: Any = None, second: Any = None, offset: timedelta | None = None
) -> time | None:
    """A time of day."""
    if isinstance(value, str):
        return temporal.to_time(value)
    if isinstance(value, datetime):
        return value.timetz()
    if isinstance(value, time):
        return value
    return _clock(value, minute, second, offset)


def _clock(
    hour: Decimal, minute: Decimal, second: Decimal, offset: timedelta | None
) -> time | None:
    hours, minutes, micro = whole(hour, 99), whole(minute, 99), whole(second * 1_000_000)
    if hours is None or minutes is None or micro is None:
        return None
    try:
        zone = None if offset is None else timezone(offset)
        return time(hours, minutes, micro // 1_000_000, micro % 1_000_000, zone)
    except ValueError:
        return None


@_add(
    "date and time",
    "from:string",
    "from:date and time",
    "date:date, time:time",
    "date:date and time, time:time",
)
def to_date_time(_: Frame, value: Any, clock: time | None = None) -> datetime | None:
    """A date and time, from text or from a date and a time; a bare date is its midnight."""
    if isinstance(value, str):
        day = temporal.to_date(value)
        return datetime.combine(day, time()) if day else temporal.to_date_time(value)
    if clock is None:
        return value if isinstance(value, datetime) else None
    day = value.date() if isinstance(value, datetime) else value
    return datetime.combine(day, clock)


@_add("duration", "from:string", "from:days and time duration", "from:years and months duration")
def duration(_: Frame, value: Any) -> timedelta | YearsMonths | None:
    """A duration, from text such as P10D or P3M."""
    return temporal.to_duration(value) if isinstance(value, str) else value


@_add(
    "years and months duration",
    "from:date, to:date",
    "from:date and time, to:date and time",
    "from:date, to:date and time",
    "from:date and time, to:date",
)
def months_between(_: Frame, start: date, end: date) -> YearsMonths:
    """The whole months from one date to another."""
    return temporal.months_between(_day(start), _day(end))


def _day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


@_add("day of week", "date:date", "date:date and time")
def day_of_week(_: Frame, day: date) -> str:
    """The English name of the day."""
    return _DAYS[day.weekday()]


@_add("month of year", "date:date", "date:date and time")
def month_of_year(_: Frame, day: date) -> str:
    """The English name of the month."""
    return _MONTHS[day.month - 1]


@_add("day of year", "date:date", "date:date and time")
def day_of_year(_: Frame, day: date) -> Decimal:
    """The number of the day in its year."""
    return Decimal(day.timetuple().tm_yday)


@_add("week of year", "date:date", "date:date and time")
def week_of_year(_: Frame, day: date) -> Decimal:
    """The ISO week."""
    return Decimal(day.isocalendar().week)
