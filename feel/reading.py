"""Reads variables, entries of contexts and parts of values while an expression runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from feel.errors import UnknownName
from feel.temporal import PARTS
from feel.values import PLAIN, Frame, Range, admit, kind

Run = Callable[[Frame], Any]
_RANGE_PARTS: dict[str, Callable[[Range], Any]] = {
    "start": lambda r: r.start,
    "end": lambda r: r.end,
    "start included": lambda r: r.start_included,
    "end included": lambda r: r.end_included,
}


def entry(value: Any, key: str, frame: Frame) -> Any:
    """An entry of a context, a part of a date, time, duration or range; of a list, each one's."""
    if isinstance(value, dict):
        if key not in value:
            shown = ", ".join(sorted(map(str, value))[:12]) or "nothing"
            raise UnknownName(f"There is no entry {key}; there is {shown}.")
        found = value[key]
        return found if type(found) in PLAIN else admit(found, key)
    if value is None:
        return None
    if isinstance(value, list):
        frame.spend(len(value))
        return [entry(item, key, frame) for item in value]
    parts = _RANGE_PARTS if isinstance(value, Range) else PARTS.get(type(value), {})
    if key not in parts:
        raise UnknownName(f"A {kind(value)} has no part {key}. {_parts_advice(parts)}")
    return parts[key](value)


def _parts_advice(parts: dict[str, Any]) -> str:
    return f"It has {', '.join(parts)}." if parts else "Only contexts have entries."


def local(slot: int) -> Run:
    """Reads a variable of the expression's own."""
    return lambda frame: frame.locals[slot]


def outside(name: str) -> Run:
    """Reads a variable that is handed over."""

    def read(frame: Frame) -> Any:
        try:
            value = frame.names[name]
        except KeyError:
            raise UnknownName(
                f"There is no variable {name} here. Set it before, or correct the name."
            ) from None
        if type(value) in PLAIN:
            return value
        if isinstance(value, list):
            frame.spend(len(value) // 10)  # it is copied
        return admit(value, name)

    return read


def item_entry(name: str, filters: list[int], otherwise: Run) -> Run:
    """Reads an entry of the item being filtered, or what the name means outside the filter."""
    if not filters:
        return otherwise

    def read(frame: Frame) -> Any:
        for slot in filters:
            item = frame.locals[slot]
            if isinstance(item, dict) and name in item:
                return admit(item[name], name)
        return otherwise(frame)

    return read
