"""Arithmetic and comparison of FEEL values; null where the kinds do not fit."""

from __future__ import annotations

import operator
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal, DecimalException
from typing import Any

from feel import temporal
from feel.errors import EvaluationError
from feel.values import NUMBERS, Frame, Range, YearsMonths, bounded_text

_ORDERED = frozenset({str, Decimal, date, datetime, time, timedelta, YearsMonths})
_SIMPLE = _ORDERED | {bool, int, type(None)}
_NUMBERS = frozenset({int, Decimal})


# -- comparison


def equal(a: Any, b: Any, frame: Frame) -> bool | None:
    """Whether two values are the same; null when their kinds cannot be compared."""
    given, other = type(a), type(b)
    if given is other:
        if given in _SIMPLE:
            return bool(a == b)
        return _equal_parts(a, b, frame)
    if a is None or b is None:
        return False
    if given in _NUMBERS and other in _NUMBERS:
        return bool(a == b)
    return None


def _equal_parts(a: Any, b: Any, frame: Frame) -> bool | None:
    frame.spend(1)
    if isinstance(a, list):
        return len(a) == len(b) and _all_equal(zip(a, b, strict=True), frame)
    if isinstance(a, dict):
        return a.keys() == b.keys() and _all_equal(((a[key], b[key]) for key in a), frame)
    if isinstance(a, Range):
        if (a.start_included, a.end_included) != (b.start_included, b.end_included):
            return False
        return _all_equal(((a.start, b.start), (a.end, b.end)), frame)
    return None  # functions, and what no expression can read


def _all_equal(pairs: Any, frame: Frame) -> bool | None:
    for left, right in pairs:
        frame.spend(1)
        same = equal(left, right, frame)
        if not same:
            return same
    return True


def unequal(a: Any, b: Any, frame: Frame) -> bool | None:
    """The opposite of equal."""
    same = equal(a, b, frame)
    return None if same is None else not same


def ordering(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any, Frame], bool | None]:
    """One of < <= > >= for FEEL values."""

    def ordered(a: Any, b: Any, frame: Frame) -> bool | None:  # noqa: ARG001 - one signature
        given, other = type(a), type(b)
        if (given is other and given in _ORDERED) or (given in _NUMBERS and other in _NUMBERS):
            try:
                return compare(a, b)
            except TypeError:  # one of the two has a zone, the other not
                return None
        return None

    return ordered


less, at_most = ordering(operator.lt), ordering(operator.le)
greater, at_least = ordering(operator.gt), ordering(operator.ge)
COMPARE: dict[str, Callable[[Any, Any, Frame], bool | None]] = {
    "=": equal,
    "!=": unequal,
    "<": less,
    "<=": at_most,
    ">": greater,
    ">=": at_least,
}


def contains(interval: Range, value: Any, frame: Frame) -> bool | None:
    """Whether a value lies in a range; null when it cannot be compared with its ends."""
    if interval.start is None and interval.end is None:
        return None
    low: bool | None = True
    if interval.start is not None:
        low = (at_least if interval.start_included else greater)(value, interval.start, frame)
    if low is not True or interval.end is None:
        return low
    return (at_most if interval.end_included else less)(value, interval.end, frame)


def is_member(value: Any, items: list[Any], frame: Frame) -> bool:
    """Whether a list holds the value."""
    frame.spend(len(items))
    return any(equal(item, value, frame) is True for item in items)


# -- arithmetic

_Operation = Callable[[Any, Any], Any]
_Table = dict[tuple[type, type], _Operation]


def arithmetic(sign: str) -> _Operation:
    """The function of an arithmetic sign."""
    table, numbers = _TABLES[sign], _ON_NUMBERS[sign]

    def operate(a: Any, b: Any) -> Any:
        given, other = type(a), type(b)
        if given in _NUMBERS and other in _NUMBERS:
            return _calculate(numbers, a, b, sign)
        operation = table.get((given, other))
        if operation is None:
            return None
        try:
            return operation(a, b)
        except OverflowError:
            raise EvaluationError(f"The result of {sign} is beyond all dates and times.") from None

    return operate


def _calculate(operation: _Operation, a: Any, b: Any, sign: str) -> Decimal | None:
    if sign == "/" and b == 0:
        return None
    try:
        return operation(a, b)  # type: ignore[no-any-return]
    except DecimalException:
        if sign == "**" and a <= 0:
            return Decimal(1) if a == b == 0 else None  # else no real result
        raise EvaluationError(f"The result of {sign} is too large a number.") from None


def negate(value: Any) -> Any:
    """The value with the opposite sign."""
    if type(value) in _NUMBERS:
        return NUMBERS.minus(value)
    if isinstance(value, timedelta):
        return -value
    return YearsMonths(-value.months) if isinstance(value, YearsMonths) else None


def _join(a: str, b: str) -> str:
    return bounded_text(a + b)


def _later(at: Any, months: YearsMonths) -> Any:
    return temporal.add_months(at, months.months)


def _earlier(at: Any, months: YearsMonths) -> Any:
    return temporal.add_months(at, -months.months)


def _back(at: Any, span: timedelta) -> Any:
    return temporal.add_span(at, -span)


def _times(span: timedelta, factor: Decimal) -> timedelta:
    return timedelta(microseconds=int(NUMBERS.multiply(_microseconds(span), factor)))


def _times_months(span: YearsMonths, factor: Decimal) -> YearsMonths:
    return _months(NUMBERS.multiply(Decimal(span.months), factor))


def _months(count: Decimal) -> YearsMonths:
    if abs(count) > 1_000_000:
        raise OverflowError
    return YearsMonths(int(count))


def _microseconds(span: timedelta) -> Decimal:
    return Decimal(span // timedelta(microseconds=1))


def _share(span: timedelta, by: Decimal) -> timedelta | None:
    if by == 0:
        return None
    return timedelta(microseconds=int(NUMBERS.divide(_microseconds(span), by)))


def _share_months(span: YearsMonths, by: Decimal) -> YearsMonths | None:
    return None if by == 0 else _months(NUMBERS.divide(Decimal(span.months), by))


def _ratio(a: timedelta, b: timedelta) -> Decimal | None:
    return NUMBERS.divide(_microseconds(a), _microseconds(b)) if b else None


def _ratio_months(a: YearsMonths, b: YearsMonths) -> Decimal | None:
    return NUMBERS.divide(Decimal(a.months), Decimal(b.months)) if b.months else None


def _day_difference(a: Any, b: Any) -> timedelta | None:
    return temporal.between_instants(_instant(a, b), _instant(b, a))


def _instant(value: Any, beside: Any) -> datetime:
    if isinstance(value, datetime):
        return value
    zone = beside.tzinfo if isinstance(beside, datetime) else None
    return datetime.combine(value, time(), zone)


def _either_way(operation: _Operation, first: type, second: type) -> _Table:
    return {(first, second): operation, (second, first): lambda a, b: operation(b, a)}


def _moved(by_months: _Operation, by_span: _Operation) -> _Table:
    return {
        (date, YearsMonths): by_months,
        (datetime, YearsMonths): by_months,
        (date, timedelta): by_span,
        (datetime, timedelta): by_span,
        (time, timedelta): by_span,
    }


_MOVED_ON = _moved(_later, temporal.add_span)
_ADD: _Table = {
    (str, str): _join,
    (timedelta, timedelta): operator.add,
    (YearsMonths, YearsMonths): lambda a, b: YearsMonths(a.months + b.months),
}
for (_at, _span), _move in _MOVED_ON.items():
    _ADD |= _either_way(_move, _at, _span)
_SUBTRACT: _Table = {
    **_moved(_earlier, _back),
    (date, date): _day_difference,
    (datetime, datetime): _day_difference,
    (date, datetime): _day_difference,
    (datetime, date): _day_difference,
    (time, time): temporal.between_times,
    (timedelta, timedelta): operator.sub,
    (YearsMonths, YearsMonths): lambda a, b: YearsMonths(a.months - b.months),
}
_MULTIPLY: _Table = {
    **_either_way(_times, timedelta, Decimal),
    **_either_way(_times_months, YearsMonths, Decimal),
}
_DIVIDE: _Table = {
    (timedelta, Decimal): _share,
    (YearsMonths, Decimal): _share_months,
    (timedelta, timedelta): _ratio,
    (YearsMonths, YearsMonths): _ratio_months,
}
_TABLES = {"+": _ADD, "-": _SUBTRACT, "*": _MULTIPLY, "/": _DIVIDE, "**": {}}
_ON_NUMBERS: dict[str, _Operation] = {
    "+": NUMBERS.add,
    "-": NUMBERS.subtract,
    "*": NUMBERS.multiply,
    "/": NUMBERS.divide,
    "**": NUMBERS.power,
}
