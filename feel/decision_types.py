"""The types that decision files name, and whether a value is of one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from feel.dmn_xml import Tag
from feel.errors import FeelError
from feel.expressions import UnaryTests, compile_unary_tests
from feel.values import kind

_BASES = {
    "string": "string",
    "boolean": "boolean",
    "number": "number",
    "integer": "number",
    "long": "number",
    "double": "number",
    "date": "date",
    "time": "time",
    "date and time": "date and time",
    "dateTime": "date and time",
    "days and time duration": "days and time duration",
    "dayTimeDuration": "days and time duration",
    "years and months duration": "years and months duration",
    "yearMonthDuration": "years and months duration",
    "Any": "Any",
    "": "Any",
}


@dataclass(frozen=True)
class ValueType:
    """A base type, perhaps in a list, perhaps with a closed set of values."""

    base: str
    is_list: bool = False
    allowed: UnaryTests | None = None

    def refusal(self, value: Any, context: Mapping[str, Any]) -> str | None:
        """Why the value is not of this type, or None; null is of every type."""
        if value is None:
            return None
        if self.is_list:
            items = value if isinstance(value, list) else [value]
            return next(filter(None, (self._one(item, context) for item in items)), None)
        return self._one(value, context)

    def _one(self, value: Any, context: Mapping[str, Any]) -> str | None:
        if value is None:
            return None
        if self.base != "Any" and kind(value) != self.base:
            return f"a {self.base} is expected, and it is a {kind(value)}"
        if self.allowed is not None and not self.allowed.matches(value, context):
            return f"it is not among the allowed values {self.allowed.text}"
        return None


ANY = ValueType("Any")


def strip_prefix(reference: str) -> str:
    """A type reference of DMN 1.1, without its prefix."""
    return reference.partition(":")[2] if ":" in reference else reference


class Types:
    """The types of one file."""

    def __init__(self, root: Tag) -> None:
        self._items = {item.get("name"): item for item in root.all("itemDefinition")}
        self.entry_names = frozenset(self._names(root.all("itemDefinition")))

    def _names(self, items: Any, depth: int = 0) -> list[str]:
        names: list[str] = []
        for item in items:
            components = list(item.all("itemComponent"))
            names += [component.get("name") for component in components]
            names += self._names(components, depth + 1) if depth < 20 else []
        return names

    def find(self, reference: str, seen: tuple[str, ...] = ()) -> ValueType:
        """The type of a name; FeelError if there is none."""
        name = strip_prefix(reference)
        item = self._items.get(name)
        if item is None:
            if name in _BASES:
                return ValueType(_BASES[name])
            raise FeelError(0, f"There is no type {name}. Define it, or use string or number.")
        if name in seen:
            raise FeelError(0, f"The type {name} is defined by itself.")
        written = item.text("typeRef") or item.get("typeRef")
        if item.first("itemComponent") is not None:
            inner = ValueType("context")
        else:
            inner = self.find(written, (*seen, name))
        allowed = item.first("allowedValues")
        tests = compile_unary_tests(allowed.text()) if allowed is not None else inner.allowed
        return ValueType(inner.base, inner.is_list or item.get("isCollection") == "true", tests)
