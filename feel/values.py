"""The values of FEEL, and how values of the outside become them."""

from __future__ import annotations

import decimal
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any

from feel.errors import EvaluationError
from feel.limits import (
    MAX_CALLS,
    MAX_DIGITS,
    MAX_EXPONENT,
    MAX_LIST,
    MAX_MADE,
    MAX_STEPS,
    MAX_STRING,
)

NUMBERS = decimal.Context(
    prec=MAX_DIGITS,
    rounding=decimal.ROUND_HALF_EVEN,
    Emin=1 - MAX_EXPONENT,
    Emax=MAX_EXPONENT,
    traps=[decimal.InvalidOperation, decimal.DivisionByZero, decimal.Overflow],
)


@dataclass(frozen=True, order=True, slots=True)
class YearsMonths:
    """A duration of years and months, which has no fixed number of days."""

    months: int

    def __str__(self) -> str:
        years, months = divmod(abs(self.months), 12)
        text = (f"{years}Y" if years else "") + (f"{months}M" if months else "")
        return ("-" if self.months < 0 else "") + "P" + (text or "0M")


@dataclass(frozen=True, slots=True)
class Range:
    """An interval; a None end is open to that side."""

    start: Any
    end: Any
    start_included: bool = True
    end_included: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """A function written in FEEL; `run` takes the caller's frame and the arguments."""

    parameters: tuple[str, ...]
    run: Callable[[Frame, list[Any]], Any]


class Frame:
    """One evaluation under way: the names it sees, its own variables, what it may still spend."""

    __slots__ = ("calls", "locals", "names", "purse")

    def __init__(self, names: Mapping[str, Any], slots: int, within: Frame | None = None) -> None:
        self.names = names
        self.locals: list[Any] = [None] * slots
        self.purse: list[int] = [MAX_STEPS, MAX_MADE] if within is None else within.purse
        self.calls: int = 0 if within is None else within.calls

    def spend(self, steps: int) -> None:
        """Count work done; an expression that does too much is stopped."""
        self.purse[0] -= steps
        if self.purse[0] < 0:
            raise EvaluationError(
                "The expression was stopped: it takes too many steps. Make its lists shorter."
            )

    def made(self, value: Any) -> Any:
        """The value, its size counted; an expression that fills the memory is stopped."""
        if isinstance(value, str | list):
            self.purse[1] -= len(value)
            if self.purse[1] < 0:
                raise EvaluationError(
                    "The expression was stopped: the texts and lists it makes are too large."
                )
        return value

    def enter(self, captured: list[Any], names: Mapping[str, Any]) -> Frame:
        """A frame for the body of a function, paid from the same purse."""
        if self.calls >= MAX_CALLS:
            raise EvaluationError(f"More than {MAX_CALLS} functions call each other: end the loop.")
        self.spend(1)
        inner = Frame(names, 0, self)
        inner.locals, inner.calls = captured.copy(), self.calls + 1
        return inner


KINDS: dict[type, str] = {
    type(None): "null",
    bool: "boolean",
    int: "number",
    Decimal: "number",
    str: "string",
    date: "date",
    datetime: "date and time",
    time: "time",
    timedelta: "days and time duration",
    YearsMonths: "years and months duration",
    list: "list",
    dict: "context",
    Range: "range",
    Function: "function",
}
PLAIN = frozenset(KINDS) - {int, Decimal, str, list}  # taken in as they are


def kind(value: Any) -> str:
    """The FEEL type of a value, as an author would call it."""
    return KINDS.get(type(value)) or KINDS[type(admit(value))]


def admit(value: Any, what: str = "value") -> Any:
    """A value of the outside as a FEEL value; what has no FEEL type is refused."""
    given = type(value)
    if given in PLAIN:
        return value
    if given is str:
        return bounded_text(value)
    if given is Decimal or given is int:
        return _admit_number(value, what)
    if isinstance(value, list | tuple):
        return [admit(item, what) for item in bounded_list(value)]
    return _admit_kin(value, what)


def _admit_number(value: Decimal | int, what: str) -> Decimal:
    too_long = isinstance(value, int) and value.bit_length() > 20_000
    try:
        number = None if too_long else NUMBERS.create_decimal(value)
    except decimal.DecimalException:
        number = None
    if number is None or not number.is_finite():
        raise EvaluationError(f"The {what} is not a number of at most {MAX_EXPONENT} digits.")
    return number


def _admit_kin(value: Any, what: str) -> Any:
    if isinstance(value, Enum):
        return admit(value.value, what)
    if isinstance(value, Mapping):
        return {str(key): entry for key, entry in value.items()}
    if isinstance(value, float):
        return _admit_number(Decimal(repr(float(value))), what)
    if isinstance(value, str):
        return bounded_text(str.__str__(value))
    if isinstance(value, datetime):
        return datetime.combine(value.date(), value.timetz())
    if isinstance(value, date):
        return date(value.year, value.month, value.day)
    raise EvaluationError(
        f"The {what} is a {type(value).__name__}, which expressions cannot read. "
        "Hand over a boolean, number, text, date, time, duration, list or context."
    )


def bounded_text(text: str) -> str:
    """The text itself, unless it is longer than an expression may handle."""
    if len(text) > MAX_STRING:
        raise EvaluationError(f"A text grew beyond {MAX_STRING} characters. Shorten it.")
    return text


def bounded_list(items: Any) -> Any:
    """The list itself, unless it is longer than an expression may handle."""
    if len(items) > MAX_LIST:
        raise EvaluationError(f"A list grew beyond {MAX_LIST} items. Shorten it.")
    return items


def whole(number: Decimal, limit: int = 1_000_000_000) -> int | None:
    """A number as an int, or None when it has a fraction or is beyond use as a count."""
    if abs(number) > limit or number != number.to_integral_value():
        return None
    return int(number)
