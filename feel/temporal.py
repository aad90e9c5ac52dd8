"""Dates, times and durations: read from text, written as text, taken apart and added."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from feel.values import YearsMonths

_DATE = r"(?P<date>\d{4}-\d{2}-\d{2})"
_TIME = (
    r"(?P<clock>\d{2}:\d{2}:\d{2})(?:\.(?P<part>\d{1,9}))?"
    r"(?P<zone>Z|[+-]\d{2}:\d{2}(?::\d{2})?|@[A-Za-z_]+(?:/[A-Za-z0-9_+-]+){0,2})?"
)
_IS_DATE = re.compile(_DATE)
_IS_TIME = re.compile(f"T?{_TIME}")
_IS_DATE_TIME = re.compile(f"{_DATE}T{_TIME}")
_IS_YEARS_MONTHS = re.compile(r"(-)?P(?=\d)(?:(\d{1,9})Y)?(?:(\d{1,9})M)?")
_IS_DAYS_TIME = re.compile(
    r"(-)?P(?=[\dT])(?:(\d{1,9})D)?"
    r"(?:T(?=\d)(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9}(?:\.\d{1,9})?)S)?)?"
)


def moment(text: str) -> Any:
    """The date, time, date and time or duration that the text writes, else None."""
    for read in (to_date, to_date_time, to_time, to_duration):
        value = read(text)
        if value is not None:
            return value
    return None


def to_date(text: str) -> date | None:
    """A date, from `2026-03-01`."""
    if _IS_DATE.fullmatch(text) is None or not text.isascii():
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def to_time(text: str) -> time | None:
    """A time, from `14:30:00` with an optional fraction and zone."""
    match = _IS_TIME.fullmatch(text)
    return _time_of(match) if match is not None and text.isascii() else None


def to_date_time(text: str) -> datetime | None:
    """A date and time, from `2026-03-01T14:30:00`; a bare date is its midnight."""
    match = _IS_DATE_TIME.fullmatch(text)
    if match is None or not text.isascii():
        return None
    day, clock = to_date(match["date"]), _time_of(match)
    return None if day is None or clock is None else datetime.combine(day, clock)


def _time_of(match: re.Match[str]) -> time | None:
    micro = int(((match["part"] or "") + "000000")[:6])
    try:
        zone = _zone(match["zone"])
        return time.fromisoformat(match["clock"]).replace(microsecond=micro, tzinfo=zone)
    except (ValueError, ZoneInfoNotFoundError, OSError):
        return None


def _zone(text: str | None) -> tzinfo | None:
    if not text:
        return None
    if text == "Z":
        return UTC
    if text.startswith("@"):
        return ZoneInfo(text[1:])
    hours, minutes, *seconds = (int(part) for part in text[1:].split(":"))
    if hours > 14 or minutes > 59:
        raise ValueError(text)
    offset = timedelta(hours=hours, minutes=minutes, seconds=sum(seconds))
    return timezone(-offset if text[0] == "-" else offset)


def to_duration(text: str) -> timedelta | YearsMonths | None:
    """A duration, from `P10D`, `PT72H` (days and time) or `P1Y2M` (years and months)."""
    if not text.isascii():
        return None
    match = _IS_YEARS_MONTHS.fullmatch(text)
    if match is not None:
        months = int(match[2] or 0) * 12 + int(match[3] or 0)
        return YearsMonths(-months if match[1] else months)
    match = _IS_DAYS_TIME.fullmatch(text)
    if match is None:
        return None
    seconds = Decimal(match[5] or 0)
    try:
        span = timedelta(
            days=int(match[2] or 0),
            hours=int(match[3] or 0),
            minutes=int(match[4] or 0),
            microseconds=int(seconds * 1_000_000),
        )
    except OverflowError:
        return None
    return -span if match[1] else span


# -- written as text


def write(value: Any) -> str:
    """A date, time or duration as FEEL writes it."""
    if isinstance(value, timedelta):
        return _write_duration(value)
    if isinstance(value, YearsMonths):
        return str(value)
    if isinstance(value, datetime):
        return f"{value.date().isoformat()}T{_write_time(value.timetz(), value)}"
    return _write_time(value, None) if isinstance(value, time) else str(value.isoformat())


def _write_time(clock: time, on: datetime | None) -> str:
    text = clock.replace(tzinfo=None).isoformat()
    if "." in text:
        text = text.rstrip("0")
    if clock.tzinfo is None:
        return text
    if isinstance(clock.tzinfo, ZoneInfo):
        return f"{text}@{clock.tzinfo.key}"
    offset = (on or clock).utcoffset() or timedelta()
    if not offset:
        return text + "Z"
    minutes = int(abs(offset).total_seconds()) // 60
    return f"{text}{'-' if offset < timedelta() else '+'}{minutes // 60:02d}:{minutes % 60:02d}"


def _write_duration(span: timedelta) -> str:
    size = abs(span)
    hours, rest = divmod(size.seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    fraction = f".{size.microseconds:06d}".rstrip("0") if size.microseconds else ""
    clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    clock += f"{seconds}{fraction}S" if seconds or fraction else ""
    text = (f"{size.days}D" if size.days else "") + (f"T{clock}" if clock else "")
    return ("-" if span < timedelta() else "") + "P" + (text or "T0S")


# -- taken apart


def _offset(value: time | datetime) -> timedelta | None:
    return value.utcoffset()


def _zone_name(value: time | datetime) -> str | None:
    return value.tzinfo.key if isinstance(value.tzinfo, ZoneInfo) else None


def _second(value: time | datetime) -> Decimal:
    return Decimal(value.second) + Decimal(value.microsecond) / 1_000_000


_DATE_PARTS: dict[str, Callable[[Any], Any]] = {
    "year": lambda v: Decimal(v.year),
    "month": lambda v: Decimal(v.month),
    "day": lambda v: Decimal(v.day),
    "weekday": lambda v: Decimal(v.isoweekday()),
}
_TIME_PARTS: dict[str, Callable[[Any], Any]] = {
    "hour": lambda v: Decimal(v.hour),
    "minute": lambda v: Decimal(v.minute),
    "second": _second,
    "time offset": _offset,
    "timezone": _zone_name,
}


def _of_size(count: Callable[[timedelta], int]) -> Callable[[timedelta], Decimal]:
    return lambda span: Decimal(-count(-span) if span < timedelta() else count(span))


def _months(part: Callable[[int], int]) -> Callable[[YearsMonths], Decimal]:
    return lambda d: Decimal(-part(-d.months) if d.months < 0 else part(d.months))


PARTS: dict[type, dict[str, Callable[[Any], Any]]] = {
    date: _DATE_PARTS,
    datetime: _DATE_PARTS | _TIME_PARTS,
    time: _TIME_PARTS,
    timedelta: {
        "days": _of_size(lambda span: span.days),
        "hours": _of_size(lambda span: span.seconds // 3600),
        "minutes": _of_size(lambda span: span.seconds // 60 % 60),
        "seconds": _of_size(lambda span: span.seconds % 60),
    },
    YearsMonths: {
        "years": _months(lambda months: months // 12),
        "months": _months(lambda months: months % 12),
    },
}


# -- added


def add_months(day: Any, months: int) -> Any:
    """A date moved by months; a day the month does not have becomes its last day."""
    count = day.year * 12 + day.month - 1 + months
    year, month = count // 12, count % 12 + 1
    if not 1 <= year <= 9999:
        return None
    return day.replace(year=year, month=month, day=min(day.day, monthrange(year, month)[1]))


def add_span(at: Any, span: timedelta) -> Any:
    """A date, time or instant moved by days and time; None beyond the years 1 to 9999."""
    try:
        if isinstance(at, datetime):
            if at.tzinfo is None:
                return at + span
            return (at.astimezone(UTC) + span).astimezone(at.tzinfo)
        if isinstance(at, time):
            moved = datetime.combine(date(2000, 1, 1), at.replace(tzinfo=None)) + span % _DAY
            return moved.time().replace(tzinfo=at.tzinfo)
        return (datetime.combine(at, time()) + span).date()
    except OverflowError:
        return None


_DAY = timedelta(days=1)


def between_instants(later: datetime, earlier: datetime) -> timedelta | None:
    """The time from one instant to another; None when only one of them has a zone."""
    if (later.tzinfo is None) != (earlier.tzinfo is None):
        return None
    if later.tzinfo is None:
        return later - earlier
    return later.astimezone(UTC) - earlier.astimezone(UTC)


def between_times(later: time, earlier: time) -> timedelta | None:
    """The time from one time of day to another."""
    day = date(2000, 1, 1)
    return between_instants(datetime.combine(day, later), datetime.combine(day, earlier))


def months_between(start: date, end: date) -> YearsMonths:
    """Whole months from start to end, as years and months."""
    sign = 1
    if end < start:
        start, end, sign = end, start, -1
    months = (end.year - start.year) * 12 + end.month - start.month
    return YearsMonths(sign * (months - (1 if end.day < start.day else 0)))
