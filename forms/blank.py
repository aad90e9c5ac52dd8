"""A form as a sheet of paper: every question, with boxes to tick and lines to write on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from forms import words
from forms.definition import Break, Field, Group, Note, Part, Repeated
from forms.markdown import to_html
from forms.values import PARTS
from forms.words import Translate, in_language, say

if TYPE_CHECKING:
    from forms.form import FormDefinition

_SHEETS = 2  # items of a repeated part that are printed
_BOXES = {"day": words.DAY, "month": words.MONTH, "year": words.YEAR, "time": words.TIME}
_LONG = 1_000  # characters from which a text area gets more lines


@dataclass(frozen=True, slots=True)
class BlankPart:
    """One thing on the sheet; `draw` says which of the others are meant."""

    draw: str
    id: str = ""
    label: str = ""
    hint: str = ""
    note: str = ""
    html: str = ""
    choices: tuple[str, ...] = ()
    boxes: tuple[str, ...] = ()
    lines: int = 0
    parts: tuple[BlankPart, ...] = ()


@dataclass(frozen=True, slots=True)
class Blank:
    """The whole sheet."""

    id: str
    title: str
    sections: tuple[BlankPart, ...]


def blank_of(definition: FormDefinition, translate: Translate) -> Blank:
    """The sheet in the reader's language."""
    sheet = Sheet(translate)
    sections = tuple(
        BlankPart(
            "group",
            id=f"section-{section.key}",
            label=sheet.text(section.title),
            hint=sheet.text(section.hint),
            note=sheet.condition(section.hide),
            parts=tuple(sheet.parts(section.parts, section.key)),
        )
        for section in definition.sections
    )
    return Blank(definition.id, sheet.text(definition.title), sections)


class Sheet:
    """Puts parts on paper."""

    def __init__(self, translate: Translate) -> None:
        self._translate = translate

    def text(self, source: str) -> str:
        """A text in the reader's language."""
        return in_language(self._translate, source)

    def condition(self, hide: Any) -> str:
        """What to say beside what is not always asked."""
        return self.text(words.ONLY_IF_IT_APPLIES) if hide else ""

    def parts(self, parts: tuple[Part, ...], place: str) -> Iterator[BlankPart]:
        """What stands here, in order."""
        for number, part in enumerate(parts, 1):
            if isinstance(part, Field):
                yield self._question(part)
            elif isinstance(part, Note):
                yield BlankPart("words", html=to_html(self.text(part.text)))
            elif isinstance(part, Break):
                if part.is_line:
                    yield BlankPart("rule")
            elif isinstance(part, Repeated):
                yield from self._items(part)
            else:
                yield self._group(part, f"{place}-{number}")

    def _group(self, group: Group, place: str) -> BlankPart:
        return BlankPart(
            "group",
            id=place,
            label=self.text(group.label),
            hint=self.text(group.hint),
            note=self.condition(group.hide),
            parts=tuple(self.parts(group.parts, place)),
        )

    def _items(self, repeated: Repeated) -> Iterator[BlankPart]:
        count = max(1, min(_SHEETS, repeated.most))
        for number in range(1, count + 1):
            place = f"{repeated.key}-{number}"
            label = self.text(repeated.item_label)
            yield BlankPart(
                "group",
                id=place,
                label=say(self._translate, words.ITEM, label=label, number=number),
                hint=self.text(repeated.hint) if number == 1 else "",
                note=self.text(words.ANOTHER_SHEET) if number == count < repeated.most else "",
                parts=tuple(self.parts(repeated.parts, place)),
            )

    def _question(self, field: Field) -> BlankPart:
        is_choice = field.kind in ("one", "many", "tick") and not field.choices_from
        choices = tuple(self.text(choice.label) for choice in field.choices)
        if field.kind == "tick":
            choices = (self.text(words.YES),)
        return BlankPart(
            "question",
            label=self.text(field.label),
            hint=self.text(field.hint),
            note=self.condition(field.hides),
            choices=choices,
            boxes=tuple(self.text(_BOXES[part]) for part in PARTS.get(field.kind, ())),
            lines=0 if is_choice or field.kind in PARTS else _lines(field),
        )


def _lines(field: Field) -> int:
    if field.kind != "lines":
        return 1
    return 6 if field.bounds.max_length >= _LONG else 3
