"""Built-in functions that make one value of a list."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from feel.operations import arithmetic, greater, less
from feel.signatures import Functions
from feel.values import NUMBERS, Frame, kind

FUNCTIONS = Functions()
_add = FUNCTIONS.add


def _extreme(better: Callable[[Any, Any, Frame], bool | None]) -> Callable[..., Any]:
    def extreme(frame: Frame, items: list[Any]) -> Any:
        if not items:
            return None
        best = items[0]
        for item in items:
            if kind(item) != kind(best) or less(item, item, frame) is None:
                return None
            best = item if better(item, best, frame) else best
        return best

    return extreme


_add("min", "list:list", variadic=True)(_extreme(less))
_add("max", "list:list", variadic=True)(_extreme(greater))


@_add("sum", "list:list", variadic=True)
def total(_: Frame, items: list[Any]) -> Any:
    """Numbers or durations added up; null of an empty list."""
    if not items or not _summable(items):
        return None
    result = items[0]
    for item in items[1:]:
        result = _PLUS(result, item)
    return result


_PLUS, _OVER = arithmetic("+"), arithmetic("/")


def _summable(items: list[Any]) -> bool:
    kinds = {kind(item) for item in items}
    return len(kinds) == 1 and bool(
        kinds & {"number", "days and time duration", "years and months duration"}
    )


@_add("mean", "list:list", variadic=True)
def mean(frame: Frame, items: list[Any]) -> Any:
    """The average."""
    added = total(frame, items)
    return None if added is None else _OVER(added, Decimal(len(items)))


@_add("median", "list:list", variadic=True)
def median(_: Frame, items: list[Any]) -> Any:
    """The middle value."""
    if not items or not _numbers(items):
        return None
    ordered = sorted(items)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return NUMBERS.divide(NUMBERS.add(ordered[middle - 1], ordered[middle]), Decimal(2))


@_add("mode", "list:list", variadic=True)
def mode(_: Frame, items: list[Any]) -> Any:
    """The most frequent numbers, in order."""
    if not _numbers(items):
        return None
    seen: dict[Decimal, int] = {}
    for item in items:
        seen[item] = seen.get(item, 0) + 1
    most = max(seen.values(), default=0)
    return sorted(item for item, times in seen.items() if times == most)


@_add("stddev", "list:list", variadic=True)
def deviation(_: Frame, items: list[Any]) -> Any:
    """The standard deviation of a sample."""
    if len(items) < 2 or not _numbers(items):
        return None
    average = NUMBERS.divide(_sum(items), Decimal(len(items)))
    squares = [NUMBERS.power(NUMBERS.subtract(item, average), Decimal(2)) for item in items]
    return NUMBERS.sqrt(NUMBERS.divide(_sum(squares), Decimal(len(items) - 1)))


@_add("product", "list:list", variadic=True)
def product(_: Frame, items: list[Any]) -> Any:
    """Numbers multiplied."""
    if not items or not _numbers(items):
        return None
    result = Decimal(1)
    for item in items:
        result = NUMBERS.multiply(result, item)
    return result


def _sum(items: list[Decimal]) -> Decimal:
    result = Decimal(0)
    for item in items:
        result = NUMBERS.add(result, item)
    return result


def _numbers(items: list[Any]) -> bool:
    return all(kind(item) == "number" for item in items)


def _truths(decisive: bool) -> Callable[..., bool | None]:
    def truths(_: Frame, items: list[Any]) -> bool | None:
        if any(item is decisive for item in items):
            return decisive
        return None if any(not isinstance(item, bool) for item in items) else not decisive

    return truths


_add("all", "list:list", variadic=True)(_truths(decisive=False))
_add("any", "list:list", variadic=True)(_truths(decisive=True))
