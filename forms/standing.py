"""How a form stands now: each question put once for each item, its boxes, and what is shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from forms import words
from forms.answers import Answer, Asking, wtform
from forms.definition import Choice, Field, Repeated, Section
from forms.form import FormDefinition
from forms.typed import Typed
from forms.visibility import Visibility
from forms.words import Translate, in_language, say


@dataclass(frozen=True, slots=True)
class Question:
    """A field put once: at the top, or in one item of a repeated part."""

    name: str
    field: Field
    index: int | None = None


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the answers of this reader depend on besides the form."""

    translate: Translate
    choices: Mapping[str, Sequence[Choice]]
    today: date | None = None

    def offered(self, field: Field) -> tuple[Choice, ...]:
        """What may be chosen, with labels in the reader's language. Of a list that stands in the
        form, those named under the field's key, where any are: a rule refuses the others."""
        if field.choices_from:
            return tuple(self.choices.get(field.choices_from, ()))
        translate = self.translate
        open_here = self.choices.get(field.key, field.choices)
        return tuple(
            Choice(c.value, in_language(translate, c.label))
            for c in field.choices
            if c in open_here
        )


class Standing:
    """The questions of a form, bound to what is in their boxes."""

    def __init__(
        self, definition: FormDefinition, typed: Typed, circumstances: Circumstances
    ) -> None:
        self.definition = definition
        self.typed = typed
        self.circumstances = circumstances
        self.questions = {
            question.name: question
            for section in definition.sections
            for question in self.walk(section)
            if isinstance(question, Question)
        }
        self.wtform = wtform(
            {name: self._asking(question) for name, question in self.questions.items()},
            {name: self.boxes(question) for name, question in self.questions.items()},
        )
        self.seen = Visibility(definition, *self._values())

    def walk(self, section: Section) -> Iterator[Question | Repeated]:
        """The questions of a section in page order; a repeated part comes before its own."""
        lists = {repeated.key: repeated for repeated in section.lists}
        for field in section.fields:
            if field.list_key is None:
                yield Question(field.key, field)
            elif field.list_key in lists:
                repeated = lists.pop(field.list_key)
                yield repeated
                yield from self._items(repeated)

    def _items(self, repeated: Repeated) -> Iterator[Question]:
        for index in range(len(self.typed.items[repeated.key])):
            for field in repeated.fields:
                yield Question(f"{repeated.key}-{index}-{field.key}", field, index)

    def boxes(self, question: Question) -> list[str]:
        """What stands in the boxes of a question."""
        scope = self.typed.top
        if question.field.list_key is not None and question.index is not None:
            scope = self.typed.items[question.field.list_key][question.index]
        return scope[question.field.key]

    def answer(self, question: Question) -> Answer:
        """The WTForms field of a question."""
        found: Answer = self.wtform[question.name]
        return found

    def shows(self, question: Question) -> bool:
        """Is the question asked now?"""
        return self.seen.shows(question.field, question.index)

    def is_blank(self, repeated: Repeated, index: int) -> bool:
        """Is nothing typed into this item?"""
        return not any(
            box.strip() for boxes in self.typed.items[repeated.key][index].values() for box in boxes
        )

    def kept(self, repeated: Repeated) -> list[int]:
        """The items something is typed into, by their place."""
        count = len(self.typed.items[repeated.key])
        return [index for index in range(count) if not self.is_blank(repeated, index)]

    def is_spare(self, question: Question) -> bool:
        """Does the question stand in a blank item that nobody asked to be filled?"""
        if question.field.list_key is None or question.index is None:
            return False
        repeated = self.definition.lists[question.field.list_key]
        return question.index >= repeated.least and self.is_blank(repeated, question.index)

    def keep_hidden(self, unsent: Mapping[str, list[str]]) -> None:
        """Give hidden questions back what stood in them: the page could not send it."""
        for name, boxes in unsent.items():
            question = self.questions[name]
            if any(boxes) and not self.shows(question):
                self.boxes(question)[:] = boxes

    def _asking(self, question: Question) -> Asking:
        field, allowed = question.field, None
        if field.choices_from:
            allowed = frozenset(c.value for c in self.circumstances.offered(field))
        translate, today = self.circumstances.translate, self.circumstances.today
        return Asking(field, translate, self._place(question), allowed, today)

    def _place(self, question: Question) -> str:
        field, translate = question.field, self.circumstances.translate
        if field.list_key is not None and question.index is not None:
            repeated = self.definition.lists[field.list_key]
            name = in_language(translate, repeated.item_label)
            item = say(translate, words.ITEM, label=name, number=question.index + 1)
            return self.within_group(repeated, item)
        if field.label in self.definition.ambiguous_labels:
            return in_language(translate, field.group_label)
        return ""

    def within_group(self, repeated: Repeated, message: str) -> str:
        """The message, with the group before it where other repeated parts are called the same."""
        translate = self.circumstances.translate
        group = in_language(translate, self.definition.groups_to_say.get(repeated.key, ""))
        return say(translate, words.IN_PLACE, place=group, words=message) if group else message

    def _values(self) -> tuple[dict[str, Any], dict[str, list[dict[str, Any]]]]:
        top: dict[str, Any] = {}
        items: dict[str, list[dict[str, Any]]] = {
            key: [{} for _ in boxes] for key, boxes in self.typed.items.items()
        }
        for question in self.questions.values():
            scope = top
            if question.field.list_key is not None and question.index is not None:
                scope = items[question.field.list_key][question.index]
            scope[question.field.key] = self.answer(question).data
        return top, items
