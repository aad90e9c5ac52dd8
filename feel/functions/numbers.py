"""Built-in functions on numbers and booleans."""

from __future__ import annotations

import decimal
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from feel.errors import EvaluationError
from feel.operations import equal
from feel.signatures import Functions
from feel.values import NUMBERS, Frame, YearsMonths, kind, whole

FUNCTIONS = Functions()
_add = FUNCTIONS.add


@_add("not", "negand:any")
def negation(_: Frame, negand: Any) -> bool | None:
    """The opposite of a boolean."""
    return not negand if isinstance(negand, bool) else None


@_add("is", "value1:any, value2:any")
def is_same(frame: Frame, first: Any, second: Any) -> bool:
    """Whether two values are of one kind and the same."""
    return kind(first) == kind(second) and equal(first, second, frame) is True


@_add("abs", "n:number", "n:days and time duration", "n:years and months duration")
def absolute(_: Frame, value: Any) -> Any:
    """The size without the sign."""
    if isinstance(value, YearsMonths):
        return YearsMonths(abs(value.months))
    return NUMBERS.abs(value) if isinstance(value, Decimal) else abs(value)


@_add("modulo", "dividend:number, divisor:number")
def modulo(_: Frame, dividend: Decimal, divisor: Decimal) -> Decimal | None:
    """The rest of a division, with the sign of the divisor."""
    if divisor == 0:
        return None
    try:
        rest = NUMBERS.remainder(dividend, divisor)
    except decimal.DecimalException:
        raise EvaluationError("modulo cannot divide numbers of such different size.") from None
    if rest and rest.is_signed() != divisor.is_signed():
        return NUMBERS.add(rest, divisor)
    return rest


@_add("sqrt", "number:number")
def square_root(_: Frame, number: Decimal) -> Decimal | None:
    """The square root; null of a negative number."""
    return NUMBERS.sqrt(number) if number >= 0 else None


@_add("log", "number:number")
def logarithm(_: Frame, number: Decimal) -> Decimal | None:
    """The natural logarithm; null unless the number is above zero."""
    return NUMBERS.ln(number) if number > 0 else None


@_add("exp", "number:number")
def exponential(_: Frame, number: Decimal) -> Decimal:
    """The number e raised to a power."""
    try:
        return NUMBERS.exp(number)
    except decimal.DecimalException:
        raise EvaluationError("The result of exp is too large a number.") from None


@_add("odd", "number:number")
def odd(_: Frame, number: Decimal) -> bool | None:
    """Whether a whole number is odd."""
    return _rest_of_two(number, 1)


@_add("even", "number:number")
def even(_: Frame, number: Decimal) -> bool | None:
    """Whether a whole number is even."""
    return _rest_of_two(number, 0)


def _rest_of_two(number: Decimal, rest: int) -> bool | None:
    if number != number.to_integral_value() or abs(number) >= Decimal(10) ** NUMBERS.prec:
        return None
    return int(number) % 2 == rest


def _rounded(mode: str) -> Callable[..., Decimal | None]:
    def rounded(_: Frame, number: Decimal, scale: Decimal | None = None) -> Decimal | None:
        places = 0 if scale is None else whole(scale, 6000)
        if places is None:
            return None
        return _round(number, places, mode)

    return rounded


def _round(number: Decimal, places: int, mode: str) -> Decimal:
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int) or -exponent <= places:
        return number
    wide = decimal.Context(prec=60, rounding=mode, Emin=-9000, Emax=9000)
    if number.adjusted() < -places - 1:  # too small to show at this place: only its sign counts
        number = Decimal((number.is_signed(), (1,), -places - 2)) if number else number
    return NUMBERS.plus(wide.quantize(number, Decimal((0, (1,), -places))))


for _name, _mode in {
    "decimal": decimal.ROUND_HALF_EVEN,
    "floor": decimal.ROUND_FLOOR,
    "ceiling": decimal.ROUND_CEILING,
    "round up": decimal.ROUND_UP,
    "round down": decimal.ROUND_DOWN,
    "round half up": decimal.ROUND_HALF_UP,
    "round half down": decimal.ROUND_HALF_DOWN,
}.items():
    _scale = "scale:number?" if _name in ("floor", "ceiling") else "scale:number"
    _add(_name, f"n:number, {_scale}")(_rounded(_mode))
