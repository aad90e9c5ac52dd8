"""Shows given answers for reading, without boxes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from forms import words
from forms.definition import Choice, Field, Repeated, Section, lists_of
from forms.values import boxes_of, from_json
from forms.words import Translate, in_language

if TYPE_CHECKING:
    from forms.form import FormDefinition

Row = tuple[str, Any]
"""A label with its shown value, or with one list of rows for each item of a repeated part."""


class Reader:
    """Shows values in one language."""

    def __init__(
        self,
        translate: Translate,
        choices: Mapping[str, Sequence[Choice]],
        show_date: Callable[[date], str] | None,
    ) -> None:
        self.translate = translate
        self._choices = choices
        self._show_date = show_date or self._plain_date

    def value(self, field: Field, stored: Any) -> str:
        """The stored answer in words."""
        value = from_json(field, stored)
        if field.kind == "tick":
            return self._(words.TICKED if value else words.NOT_TICKED)
        if value is None or value == []:
            return self._(words.NOT_ANSWERED)
        if field.kind in ("one", "many"):
            return self._chosen(field, value)
        if isinstance(value, datetime):
            return f"{self._show_date(value.date())}, {value:%H:%M}"
        if isinstance(value, date):
            return self._show_date(value)
        return f"{value:%H:%M}" if isinstance(value, time) else str(value)

    def _chosen(self, field: Field, value: Any) -> str:
        labels = {choice.value: self._(choice.label) for choice in field.choices}
        given = self._choices.get(field.choices_from or "", ())
        labels.update({choice.value: choice.label for choice in given})
        codes = boxes_of(field, value)
        return ", ".join(labels.get(code, code) for code in codes)

    def _plain_date(self, day: date) -> str:
        return f"{day.day} {self._(words.MONTHS[day.month - 1])} {day.year}"

    def _(self, text: str) -> str:
        return in_language(self.translate, text)


def describe_answers(
    definition: FormDefinition,
    answers: Mapping[str, Any],
    translate: Translate,
    choices: Mapping[str, Sequence[Choice]],
    show_date: Callable[[date], str] | None,
) -> list[tuple[str, list[Row]]]:
    """By section, the label and value of each answer that is given to be read."""
    reader = Reader(translate, choices, show_date)
    described = (
        (in_language(translate, section.title), _section_rows(section, answers, reader))
        for section in definition.sections
    )
    return [(title, rows) for title, rows in described if rows]


def _section_rows(section: Section, answers: Mapping[str, Any], reader: Reader) -> list[Row]:
    rows: list[Row] = []
    lists = {repeated.key: repeated for repeated in lists_of(section.parts)}
    told: set[str] = set()
    for field in section.fields:
        if field.list_key is None:
            if field.key in answers:
                label = in_language(reader.translate, field.label)
                rows.append((label, reader.value(field, answers[field.key])))
        elif field.list_key not in told:
            told.add(field.list_key)
            rows += _list_rows(lists[field.list_key], answers, reader)
    return rows


def _list_rows(repeated: Repeated, answers: Mapping[str, Any], reader: Reader) -> list[Row]:
    items = answers.get(repeated.key)
    if not isinstance(items, list):
        return []
    nested = [
        [
            (in_language(reader.translate, field.label), reader.value(field, item[field.key]))
            for field in repeated.fields
            if field.key in item
        ]
        for item in items
        if isinstance(item, Mapping)
    ]
    label = in_language(reader.translate, repeated.label)
    return [(label, nested if nested else in_language(reader.translate, words.NOT_ANSWERED))]
