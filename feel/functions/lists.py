"""Built-in functions on lists and contexts."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import cmp_to_key
from typing import Any

from feel.operations import arithmetic, equal, greater, is_member, less
from feel.signatures import Functions
from feel.values import NUMBERS, Frame, Function, admit, bounded_list, kind, whole

FUNCTIONS = Functions()
_add = FUNCTIONS.add


@_add("count", "list:list")
def count(_: Frame, items: list[Any]) -> Decimal:
    """How many items."""
    return Decimal(len(items))


@_add("list contains", "list:list, element:any")
def list_contains(frame: Frame, items: list[Any], element: Any) -> bool:
    """Whether the list holds the element."""
    return is_member(element, items, frame)


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


@_add("sublist", "list:list, start position:number, length:number?")
def sublist(
    _: Frame, items: list[Any], start: Decimal, length: Decimal | None = None
) -> list[Any] | None:
    """Part of a list; a negative start counts from the end."""
    first = _place(start, len(items))
    if first is None:
        return None
    if length is None:
        return items[first:]
    size = whole(length)
    return None if size is None or size < 1 else items[first : first + size]


def _place(position: Decimal, size: int) -> int | None:
    index = whole(position)
    if index is None or index == 0 or abs(index) > size:
        return None
    return index - 1 if index > 0 else size + index


@_add("append", "list:list, item:any", variadic=True)
def append_all(_: Frame, given: list[Any]) -> list[Any] | None:
    """A list and further items."""
    if not given:
        return []
    first = given[0] if isinstance(given[0], list) else [given[0]]
    return list(bounded_list([*first, *given[1:]]))


@_add("concatenate", "list:list", variadic=True)
def concatenate(frame: Frame, given: list[Any]) -> list[Any]:
    """Lists, one after the other."""
    joined: list[Any] = []
    for item in given:
        frame.spend(len(item) if isinstance(item, list) else 1)
        joined.extend(item if isinstance(item, list) else [item])
        bounded_list(joined)
    return joined


@_add("union", "list:list", variadic=True)
def union(frame: Frame, given: list[Any]) -> list[Any]:
    """Lists joined without repetition."""
    return distinct(frame, concatenate(frame, given))


@_add("distinct values", "list:list")
def distinct(frame: Frame, items: list[Any]) -> list[Any]:
    """The list without repetition."""
    kept: list[Any] = []
    for item in items:
        if not is_member(item, kept, frame):
            kept.append(item)
    return kept


@_add("duplicate values", "list:list")
def duplicates(frame: Frame, items: list[Any]) -> list[Any]:
    """The values that stand in the list more than once."""
    kept: list[Any] = []
    for at, item in enumerate(items):
        if is_member(item, items[at + 1 :], frame) and not is_member(item, kept, frame):
            kept.append(item)
    return kept


@_add("insert before", "list:list, position:number, newItem:any")
def insert_before(_: Frame, items: list[Any], position: Decimal, item: Any) -> list[Any] | None:
    """The list with an item put in."""
    place = _place(position, len(items))
    return None if place is None else bounded_list([*items[:place], item, *items[place:]])


@_add("remove", "list:list, position:number")
def remove(_: Frame, items: list[Any], position: Decimal) -> list[Any] | None:
    """The list without the item at a place."""
    place = _place(position, len(items))
    return None if place is None else [*items[:place], *items[place + 1 :]]


@_add(
    "list replace",
    "list:list, position:number, newItem:any",
    "list:list, match:function, newItem:any",
)
def list_replace(frame: Frame, items: list[Any], where: Any, item: Any) -> list[Any] | None:
    """The list with one item, or all that match, replaced."""
    if isinstance(where, Function):
        if len(where.parameters) != 2:
            return None
        return [item if where.run(frame, [old, item]) is True else old for old in items]
    place = _place(where, len(items))
    return None if place is None else [*items[:place], item, *items[place + 1 :]]


@_add("reverse", "list:list")
def reverse(_: Frame, items: list[Any]) -> list[Any]:
    """The list from its end."""
    return items[::-1]


@_add("index of", "list:list, match:any")
def index_of(frame: Frame, items: list[Any], match: Any) -> list[Decimal]:
    """The places at which a value stands."""
    frame.spend(len(items))
    return [Decimal(at) for at, item in enumerate(items, 1) if equal(item, match, frame) is True]


@_add("flatten", "list:list")
def flatten(frame: Frame, items: list[Any]) -> list[Any]:
    """The items of all lists inside the list."""
    flat: list[Any] = []
    for item in items:
        frame.spend(1)
        if isinstance(item, list):
            flat.extend(flatten(frame, item))
            bounded_list(flat)
        else:
            flat.append(item)
    return flat


@_add("sort", "list:list, precedes:function?")
def sort(frame: Frame, items: list[Any], precedes: Function | None = None) -> list[Any] | None:
    """The list in order: of its values, or of a function that says whether one precedes another."""
    if precedes is not None and len(precedes.parameters) != 2:
        return None

    def before(a: Any, b: Any) -> bool | None:
        frame.spend(1)
        return less(a, b, frame) if precedes is None else precedes.run(frame, [a, b])

    def compare(a: Any, b: Any) -> int:
        if before(a, b) is True:
            return -1
        return 1 if before(b, a) is True else 0

    if precedes is None and any(less(a, items[0], frame) is None for a in items):
        return None
    return sorted(items, key=cmp_to_key(compare))


# -- contexts


@_add("get value", "m:context, key:string", "context:context, keys:list")
def get_value(_: Frame, context: dict[str, Any], key: Any) -> Any:
    """An entry, or null if there is none: the way to ask for an entry that may be missing."""
    value: Any = context
    for step in key if isinstance(key, list) else [key]:
        if not isinstance(value, dict) or step not in value:
            return None
        value = value[step]
    return admit(value)


@_add("get entries", "m:context")
def get_entries(frame: Frame, context: dict[str, Any]) -> list[dict[str, Any]]:
    """All entries, each as a context of key and value."""
    frame.spend(len(context))
    return [{"key": key, "value": admit(value)} for key, value in context.items()]


@_add(
    "context put",
    "context:context, key:string, value:any",
    "context:context, keys:list, value:any",
)
def context_put(
    frame: Frame, context: dict[str, Any], key: Any, value: Any
) -> dict[str, Any] | None:
    """The context with one entry set."""
    frame.spend(len(context))
    keys = key if isinstance(key, list) else [key]
    if not keys or not all(isinstance(step, str) for step in keys):
        return None
    if len(keys) > 1:
        inner = context.get(keys[0])
        if not isinstance(inner, dict):
            return None
        value = context_put(frame, inner, keys[1:], value)
    return {**context, keys[0]: value}


@_add("context merge", "contexts:list")
def context_merge(frame: Frame, contexts: list[Any]) -> dict[str, Any] | None:
    """Contexts laid over each other, the last on top."""
    merged: dict[str, Any] = {}
    for context in contexts:
        if not isinstance(context, dict):
            return None
        frame.spend(len(context))
        merged |= context
    return merged


@_add("context", "entries:list")
def context_of(frame: Frame, entries: list[Any]) -> dict[str, Any] | None:
    """A context made of entries with key and value."""
    made: dict[str, Any] = {}
    frame.spend(len(entries))
    for entry in entries:
        if not isinstance(entry, dict) or not {"key", "value"} <= entry.keys():
            return None
        if not isinstance(entry["key"], str) or entry["key"] in made:
            return None
        made[entry["key"]] = entry["value"]
    return made
