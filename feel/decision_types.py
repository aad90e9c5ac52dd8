"""The types that decision files name, and whether a value is of one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from feel.dmn_xml import Tag
from feel.errors import FeelError
from feel.expressions import UnaryTests, compile_unary_tests
from feel.values import Frame, kind

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
    "list": "list",
    "context": "context",
    "function": "function",
    "Any": "Any",
    "": "Any",
}


@dataclass(frozen=True)
class ValueType:
    """A base type, of a list its items, of a context its entries; perhaps with allowed values."""

    base: str
    items: ValueType | None = None
    entries: Mapping[str, ValueType] = field(default_factory=dict)
    allowed: UnaryTests | None = None

    def refusal(self, value: Any, within: Frame | None = None) -> str | None:
        """Why the value is not of this type, or None; null is of every type."""
        if value is None:
            return None
        if within is not None:
            within.spend(1)
        if self.base != "Any" and kind(value) != self.base:
            return f"a {self.base} is expected, and it is a {kind(value)}"
        if refusal := self._of_parts(value, within):
            return refusal
        if self.allowed is None or self.allowed.matches(value, {}, within):
            return None
        return f"it is not among the allowed values {self.allowed.text}"

    def _of_parts(self, value: Any, within: Frame | None) -> str | None:
        if self.items is not None and isinstance(value, list):
            for at, item in enumerate(value, 1):
                if refusal := self.items.refusal(item, within):
                    return f"of its item {at}: {refusal}"
        for name, wanted in self.entries.items():
            if name not in value:
                return f"its entry {name} is missing"
            if refusal := wanted.refusal(value[name], within):
                return f"of its entry {name}: {refusal}"
        return None

    def settled(self, value: Any) -> Any:
        """The value where a list of one is taken for its item, and an item for a list of one."""
        if value is None or self.base == "Any":
            return value
        if self.base == "list":
            return value if isinstance(value, list) else [value]
        return value[0] if isinstance(value, list) and len(value) == 1 else value


ANY = ValueType("Any")


def strip_prefix(reference: str) -> str:
    """A type reference without the prefix of its namespace."""
    return reference.partition(":")[2] if ":" in reference else reference


class Types:
    """The types of one file."""

    def __init__(self, root: Tag) -> None:
        self._items = {item.get("name"): item for item in root.all("itemDefinition")}
        self._found: dict[str, ValueType] = {}

    def find(self, reference: str, seen: tuple[str, ...] = ()) -> ValueType:
        """The type of a name; FeelError if there is none."""
        name = reference if reference in self._items else strip_prefix(reference)
        if name not in self._items:
            if name in _BASES:
                return ValueType(_BASES[name])
            raise FeelError(0, f"There is no type {name}. Define it, or use string or number.")
        if name in seen:
            raise FeelError(0, f"The type {name} is defined by itself.")
        if name not in self._found:
            self._found[name] = self._made(self._items[name], (*seen, name))
        return self._found[name]

    def _made(self, item: Tag, seen: tuple[str, ...]) -> ValueType:
        """The type of a definition, or of an entry inside one."""
        if len(seen) > 30:
            raise FeelError(0, "Types stand inside each other more than 30 deep.")
        single = self._single(item, seen)
        own = _tests(item, "allowedValues")
        if item.get("isCollection") != "true":
            tests = own or _tests(item, "typeConstraint") or single.allowed
            return ValueType(single.base, single.items, single.entries, tests)
        if own is not None:
            single = ValueType(single.base, single.items, single.entries, own)
        return ValueType("list", single, allowed=_tests(item, "typeConstraint"))

    def _single(self, item: Tag, seen: tuple[str, ...]) -> ValueType:
        if item.first("functionItem") is not None:
            return ValueType("function")
        parts = list(item.all("itemComponent"))
        if not parts:
            return self.find(item.text("typeRef") or item.get("typeRef"), seen)
        entries = {part.get("name"): self._made(part, (*seen, "")) for part in parts}
        return ValueType("context", entries=entries)


def _tests(item: Tag, name: str) -> UnaryTests | None:
    tag = item.first(name)
    if tag is None or not tag.text():
        return None
    tests = compile_unary_tests(tag.text())
    if tests.names:
        names = ", ".join(sorted(tests.names))
        raise FeelError(0, f"The allowed values of a type cannot depend on {names}.")
    return tests
