"""The one grammar of times, and the arithmetic of legal days.

``PT72H``, ``P10D``, ``P3M``, ``P10WD``, ``param:NAME``, each optionally followed by
``before DATE`` or ``after DATE``, where DATE names a date the process knows. The start day does not
count; an end that is measured in days falls at the end of the local day; hours are exact.
"""

from __future__ import annotations

import calendar as months
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

_TEXT = re.compile(
    r"^(?:param:(?P<param>[a-z][a-z0-9_]*)|(?P<span>P[0-9WDTHMSY]+))"
    r"(?:\s+(?P<side>before|after)\s+(?P<anchor>[a-z][a-z0-9_]*))?$"
)
_SPAN = re.compile(
    r"^P(?:(?P<years>\d{1,3})Y)?(?:(?P<months>\d{1,3})M)?(?:(?P<weeks>\d{1,3})W)?(?:(?P<days>\d{1,4})D)?"
    r"(?:T(?:(?P<hours>\d{1,5})H)?(?:(?P<minutes>\d{1,5})M)?(?:(?P<seconds>\d{1,6})S)?)?$"
)
_WORKING = re.compile(r"^P(?P<count>\d{1,3})WD$")
_END_OF_DAY = time(23, 59, 59)


class DeadlineError(ValueError):
    """A time that cannot be read or computed; the words say how to write it."""


@dataclass(frozen=True)
class Span:
    """A length of time: working days, or calendar months and days, or exact seconds."""

    working_days: int = 0
    months: int = 0
    days: int = 0
    seconds: int = 0

    @property
    def in_days(self) -> bool:
        """Whether the end falls at the end of a local day."""
        return self.seconds == 0


@dataclass(frozen=True)
class TimeRule:
    """A parsed time: a span or a parameter's name, and the date it is counted from."""

    text: str
    span: Span | None
    parameter: str | None
    side: str | None
    anchor: str | None


@dataclass(frozen=True)
class Calendar:
    """Working days of a country, with the service's own overrides (date -> works that day)."""

    country: str
    overrides: Mapping[date, bool]

    def works_on(self, day: date) -> bool:
        """Whether the day counts as a working day."""
        declared = self.overrides.get(day)
        if declared is not None:
            return declared
        return day.weekday() < 5 and day not in _public_holidays(self.country)

    def shift(self, day: date, count: int, direction: int) -> date:
        """The day `count` working days after (direction 1) or before (-1) the given one."""
        left = count
        while left:
            day += timedelta(days=direction)
            left -= self.works_on(day)
        return day


@lru_cache(maxsize=32)
def _public_holidays(country: str) -> holidays.HolidayBase:
    return holidays.country_holidays(country)


@lru_cache(maxsize=2048)
def parse(text: str) -> TimeRule:
    """Read a time; DeadlineError says what is wrong and shows a right one."""
    match = _TEXT.match(text.strip()) if len(text) <= 200 else None
    if match is None:
        raise DeadlineError(
            f"“{text[:60]}” is not a time. Write a duration such as PT72H, P3M or P10WD, or "
            "param:NAME, and if wanted “before DATE” or “after DATE”."
        )
    span = parse_span(match["span"]) if match["span"] else None
    return TimeRule(text.strip(), span, match["param"], match["side"], match["anchor"])


@lru_cache(maxsize=2048)
def parse_span(text: str) -> Span:
    """Read a duration: P10WD or ISO 8601 without fractions."""
    working = _WORKING.match(text)
    if working:
        return Span(working_days=int(working["count"]))
    match = _SPAN.match(text)
    parts = {k: int(v) for k, v in match.groupdict().items() if v} if match else {}
    if not parts:
        raise DeadlineError(f"“{text[:60]}” is not a duration. Write for example PT72H or P10WD.")
    seconds = parts.get("hours", 0) * 3600 + parts.get("minutes", 0) * 60 + parts.get("seconds", 0)
    return Span(
        months=parts.get("years", 0) * 12 + parts.get("months", 0),
        days=parts.get("weeks", 0) * 7 + parts.get("days", 0),
        seconds=seconds,
    )


def resolve(
    rule: TimeRule,
    *,
    base: datetime,
    zone: str,
    calendar: Calendar,
    parameter: Callable[[str], str],
    dates: Mapping[str, date | datetime],
) -> datetime:
    """The instant (UTC) at which the time falls.

    `base` is where counting starts when no date is named; `parameter` gives a parameter's text.
    """
    span = rule.span or parse_span(parameter(str(rule.parameter)))
    start = _anchor(rule, base, ZoneInfo(zone), dates)
    direction = -1 if rule.side == "before" else 1
    return add(start, span, direction, zone=zone, calendar=calendar)


def _anchor(
    rule: TimeRule, base: datetime, zone: ZoneInfo, dates: Mapping[str, date | datetime]
) -> datetime:
    if rule.anchor is None:
        return base
    found = dates.get(rule.anchor)
    if found is None:
        raise DeadlineError(f"“{rule.text}” counts from “{rule.anchor}”, which is not set here.")
    if isinstance(found, datetime):
        return found
    return datetime.combine(found, _END_OF_DAY, zone).astimezone(UTC)


def add(start: datetime, span: Span, direction: int, *, zone: str, calendar: Calendar) -> datetime:
    """The end of a span: exact for hours, the end of the local day for days."""
    local = start.astimezone(ZoneInfo(zone))
    day = _add_months(local.date(), direction * span.months)
    day += timedelta(days=direction * span.days)
    if span.working_days:
        day = calendar.shift(day, span.working_days, direction)
    if span.in_days:
        return datetime.combine(day, _END_OF_DAY, local.tzinfo).astimezone(UTC)
    moved = datetime.combine(day, local.timetz().replace(tzinfo=None), local.tzinfo)
    return moved.astimezone(UTC) + direction * timedelta(seconds=span.seconds)


def _add_months(day: date, count: int) -> date:
    """P1M from 31 January is the last day of February, as people expect."""
    if count == 0:
        return day
    index = day.year * 12 + day.month - 1 + count
    year, month = divmod(index, 12)
    last = months.monthrange(year, month + 1)[1]
    return day.replace(year=year, month=month + 1, day=min(day.day, last))
