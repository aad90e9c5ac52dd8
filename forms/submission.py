"""Splits a form's answers into layers and engine variables, and puts layers together again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from forms.definition import KEPT_BACK, READABLE
from forms.values import from_json
from forms.visibility import Visibility

if TYPE_CHECKING:
    from forms.definition import Field
    from forms.form import FormDefinition

Code = bool | str | Decimal | int | date | None | list[str]
Answers = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Submission:
    """Answers ready to be kept: entries by layer, and the closed codes the engine may see."""

    by_layer: dict[str, dict[str, Any]] = field(default_factory=dict)
    variables: dict[str, Code] = field(default_factory=dict)


def visibility_of(definition: FormDefinition, answers: Answers) -> Visibility:
    """What is shown for these stored answers."""
    fields, lists = definition.fields, definition.lists
    top = {f.key: from_json(f, answers.get(f.key)) for f in fields.values() if f.list_key is None}
    items = {
        key: [
            {f.key: from_json(f, item.get(f.key)) for f in repeated.fields}
            for item in items_of(answers, key)
        ]
        for key, repeated in lists.items()
    }
    return Visibility(definition, top, items)


def items_of(answers: Answers, key: str) -> list[Mapping[str, Any]]:
    """The items of a repeated part among stored answers."""
    items = answers.get(key)
    if not isinstance(items, list):
        return []
    return [item if isinstance(item, Mapping) else {} for item in items]


def split_answers(definition: FormDefinition, answers: Answers) -> Submission:
    """Each answer to its layer; a variable of a hidden or unanswered field is None."""
    seen = visibility_of(definition, answers)
    made = Submission(variables=dict.fromkeys(definition.variables))
    for f in definition.fields.values():
        if f.list_key is None and f.key in answers and seen.shows(f):
            made.by_layer.setdefault(f.layer, {})[f.key] = answers[f.key]
            if f.variable:
                made.variables[f.variable] = _code(from_json(f, answers[f.key]))
    for key, repeated in definition.lists.items():
        if key in answers and seen.shows_list(repeated):
            for layer, items in _split_items(definition, answers, key, seen).items():
                made.by_layer.setdefault(layer, {})[key] = items
    return made


def _split_items(
    definition: FormDefinition, answers: Answers, key: str, seen: Visibility
) -> dict[str, list[dict[str, Any]]]:
    fields = definition.lists[key].fields
    items = items_of(answers, key)
    parts: dict[str, list[dict[str, Any]]] = {f.layer: [{} for _ in items] for f in fields}
    for index, item in enumerate(items):
        for f in fields:
            if f.key in item and seen.shows(f, index):
                part = parts.setdefault(_layer_in(f, item), [{} for _ in items])
                part[index][f.key] = item[f.key]
    return parts


def _layer_in(f: Field, item: Mapping[str, Any]) -> str:
    """Where an answer of this item is kept: in the restricted layer unless whoever wrote it said
    that the person may read it."""
    if f.kept_back_by is None or item.get(f.kept_back_by) == READABLE:
        return f.layer
    return KEPT_BACK


def _code(value: Any) -> Code:
    if isinstance(value, Decimal) and value == value.to_integral_value():
        return int(value)
    if value is None or isinstance(value, bool | str | Decimal | date):
        return value
    return None


def join_layers(
    definition: FormDefinition, by_layer: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    """One set of answers of the layers at hand; items are matched by their place."""
    joined: dict[str, Any] = {}
    for layer in sorted(by_layer):
        for key, value in by_layer[layer].items():
            if key not in definition.lists:
                joined[key] = value
                continue
            items = joined.setdefault(key, [])
            for index, item in enumerate(items_of({key: value}, key)):
                if index == len(items):
                    items.append({})
                items[index].update(item)
    return joined
