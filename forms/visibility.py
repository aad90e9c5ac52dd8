"""Decides which questions are asked now: conditions in FEEL over the answers so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from feel import EvaluationError
from forms.definition import Condition, Field, Kind, Repeated

if TYPE_CHECKING:
    from forms.form import FormDefinition

Typed = Mapping[str, Any]


def blank_answer(kind: Kind) -> Any:
    """What a condition sees where nothing is answered or the question is not asked."""
    if kind == "tick":
        return False
    return [] if kind == "many" else None


class Visibility:
    """What is shown, given typed answers at the top and in each item of the repeated parts."""

    def __init__(
        self, definition: FormDefinition, top: Typed, items: Mapping[str, Sequence[Typed]]
    ) -> None:
        self._definition = definition
        self._top = top
        self._items = items
        self._shown: dict[tuple[str, int | None], bool] = {}
        self.faults: list[tuple[str, str]] = []

    def shows(self, field: Field, index: int | None = None) -> bool:
        """Is this question asked now (in that item)?"""
        place = (field.path, index)
        if place not in self._shown:
            inside = field.list_key is None or self.shows_list(
                self._definition.lists[field.list_key]
            )
            self._shown[place] = inside and not any(
                self.is_hidden(hide, field.list_key, index) for hide in field.hides
            )
        return self._shown[place]

    def shows_list(self, repeated: Repeated) -> bool:
        """Is this repeated part asked now?"""
        place = (repeated.key, None)
        if place not in self._shown:
            self._shown[place] = not any(self.is_hidden(hide) for hide in repeated.hides)
        return self._shown[place]

    def is_hidden(
        self, hide: Condition | None, list_key: str | None = None, index: int | None = None
    ) -> bool:
        """Does the condition hide? Only true hides: null and what cannot be evaluated show."""
        if hide is None:
            return False
        context = {name: self._value(name, list_key, index) for name in hide.names}
        try:
            return hide.expression.evaluate(context) is True
        except EvaluationError as fault:
            self.faults.append((hide.text, str(fault)))
            return False

    def _value(self, name: str, list_key: str | None, index: int | None) -> Any:
        fields = self._definition.fields
        sibling = fields.get(f"{list_key}.{name}") if list_key else None
        if sibling is not None and list_key is not None and index is not None:
            return self._answer(sibling, self._items[list_key][index], index)
        if name in self._definition.lists:
            return self._list(self._definition.lists[name])
        return self._answer(fields[name], self._top, None)

    def _list(self, repeated: Repeated) -> list[dict[str, Any]]:
        if not self.shows_list(repeated):
            return []
        return [
            {field.key: self._answer(field, item, index) for field in repeated.fields}
            for index, item in enumerate(self._items.get(repeated.key, ()))
        ]

    def _answer(self, field: Field, values: Typed, index: int | None) -> Any:
        value = values.get(field.key) if self.shows(field, index) else None
        return blank_answer(field.kind) if value is None else value
