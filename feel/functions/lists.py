"""Built-in functions on lists."""

from __future__ import annotations

from decimal import Decimal
from functools import cmp_to_key
from typing import Any

from feel.operations import equal, is_member, less
from feel.signatures import Functions
from feel.values import Frame, Function, bounded_list, whole

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


@_add("append", "list:list, item:any", variadic=True, unwrap=False)
def append_all(_: Frame, given: list[Any]) -> list[Any] | None:
    """A list and further items."""
    if not given:
        return []
    first = given[0] if isinstance(given[0], list) else [given[0]]
    return list(bounded_list([*first, *given[1:]]))


@_add("concatenate", "list:list", variadic=True, unwrap=False)
def concatenate(frame: Frame, given: list[Any]) -> list[Any]:
    """Lists, one after the other."""
    joined: list[Any] = []
    for item in given:
        frame.spend(len(item) if isinstance(item, list) else 1)
        joined.extend(item if isinstance(item, list) else [item])
        bounded_list(joined)
    return joined


@_add("union", "list:list", variadic=True, unwrap=False)
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
