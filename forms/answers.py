"""The WTForms side: one field for each question asked, with messages that name it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from wtforms import Field as WTField
from wtforms.form import BaseForm
from wtforms.validators import StopValidation, ValidationError

from forms import words
from forms.definition import Field
from forms.values import Refusal, parse
from forms.words import Translate, about, in_language, say


@dataclass(frozen=True, slots=True)
class Asking:
    """One question as it is put now: in which language, where, and what may be chosen."""

    asked: Field
    translate: Translate
    place: str = ""
    allowed: Collection[str] | None = None
    today: date | None = None

    def words(self, template: str, **parts: object) -> str:
        """A message that names the question, and the item or group it stands in."""
        message = about(self.translate, template, self.asked.label, **parts)
        if not self.place:
            return message
        return say(self.translate, words.IN_PLACE, place=self.place, words=message)

    def missing(self) -> str:
        """What to say where an answer must be given and is not."""
        if self.asked.missing_words:
            return in_language(self.translate, self.asked.missing_words)
        if self.asked.kind == "tick":
            return self.words(words.MISSING_TICK)
        if self.asked.label.rstrip().endswith("?"):
            return self.words(words.MISSING_ANSWER)
        chosen = self.asked.kind in ("one", "many")
        return self.words(words.MISSING_CHOSEN if chosen else words.MISSING_TYPED)


class Answer(WTField):  # type: ignore[misc]
    """A WTForms field that reads its boxes as the form definition says."""

    def __init__(self, asking: Asking, **kwargs: Any) -> None:
        super().__init__(validators=VALIDATORS, **kwargs)
        self.asking = asking
        self.data: Any = None

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read the boxes; what cannot be read becomes a message that names the field."""
        self.data = None
        try:
            self.data = parse(self.asking.asked, valuelist)
            self._check_offered()
        except Refusal as refusal:
            self.data = None
            raise ValueError(self.asking.words(refusal.template, **refusal.parts)) from refusal

    def _check_offered(self) -> None:
        allowed = self.asking.allowed
        if allowed is None or self.data is None:
            return
        many = isinstance(self.data, list)
        if any(code not in allowed for code in (self.data if many else [self.data])):
            raise Refusal(words.NOT_CHOICES if many else words.NOT_A_CHOICE)

    def is_blank(self) -> bool:
        """Is there nothing in the boxes?"""
        return not any(box.strip() for box in self.raw_data or ())

    def first_fault(self, form: BaseForm, *, must_be_given: bool) -> str | None:
        """The one message to show, or None where the answer will do."""
        self.validate(form, [answer_given] if must_be_given else [])
        return str(self.errors[0]) if self.errors else None


def length_kept(_form: BaseForm, field: Answer) -> None:
    """Neither longer nor, once something is written, shorter than asked."""
    asked = field.asking.asked
    if asked.kind not in ("line", "lines") or not isinstance(field.data, str):
        return
    most, least = asked.bounds.max_length, asked.bounds.min_length
    if len(field.data) > most:
        raise StopValidation(field.asking.words(words.TOO_LONG, most=most))
    if field.data and len(field.data) < least:
        raise ValidationError(field.asking.words(words.TOO_SHORT, least=least))


def pattern_kept(_form: BaseForm, field: Answer) -> None:
    """In the shape the form asks for."""
    asked = field.asking.asked
    if asked.bounds.pattern is None or not field.data:
        return
    if not re.fullmatch(asked.bounds.pattern, field.data):
        own = asked.bounds.pattern_words
        raise ValidationError(
            in_language(field.asking.translate, own)
            if own
            else field.asking.words(words.NOT_AS_ASKED)
        )


def number_within(_form: BaseForm, field: Answer) -> None:
    """Not below the smallest and not above the largest number."""
    bounds, data = field.asking.asked.bounds, field.data
    if not isinstance(data, Decimal):
        return
    if bounds.minimum is not None and data < bounds.minimum:
        raise ValidationError(field.asking.words(words.TOO_SMALL, least=bounds.minimum))
    if bounds.maximum is not None and data > bounds.maximum:
        raise ValidationError(field.asking.words(words.TOO_LARGE, most=bounds.maximum))


def moment_fits(_form: BaseForm, field: Answer) -> None:
    """In the past or future, where the form asks so and the day is known."""
    when, today = field.asking.asked.bounds.when, field.asking.today
    if when is None or today is None or not isinstance(field.data, date):
        return
    day = field.data.date() if isinstance(field.data, datetime) else field.data
    if when == "past" and day > today:
        raise ValidationError(field.asking.words(words.DATE_TOO_LATE))
    if when == "future" and day < today:
        raise ValidationError(field.asking.words(words.DATE_TOO_EARLY))


def answer_given(_form: BaseForm, field: Answer) -> None:
    """Answered, where the form requires it; a text says something if it has a letter or digit."""
    if not field.asking.asked.bounds.required:
        return
    if isinstance(field.data, str) and field.asking.asked.kind in ("line", "lines"):
        if not any(sign.isalnum() for sign in field.data):
            raise StopValidation(field.asking.missing())
    elif field.data in (None, "", False, []):
        is_no = field.data is False and field.asking.asked.kind != "tick"
        if not is_no:
            raise StopValidation(field.asking.missing())


VALIDATORS = (length_kept, pattern_kept, number_within, moment_fits)


class Boxes(dict[str, list[str]]):
    """Boxes by posted name, as WTForms wants its form data."""

    def getlist(self, name: str) -> list[str]:
        """All values under a name."""
        return self.get(name, [])


def wtform(questions: Mapping[str, Asking], boxes: Mapping[str, list[str]]) -> BaseForm:
    """A WTForms form of these questions, holding what stands in their boxes."""
    form = BaseForm({name: Answer(asking) for name, asking in questions.items()})
    form.process(Boxes(boxes))
    return form
