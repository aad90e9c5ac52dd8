"""The parameters of the GOV.UK macro that draws one question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from forms import words
from forms.definition import Choice, Kind
from forms.limits import MAX_LINE, MAX_LINES
from forms.standing import Question, Standing
from forms.values import PARTS
from forms.words import in_language, say

Parameters = dict[str, Any]
_PART_LABELS = {
    "day": (words.DAY, "govuk-input--width-2"),
    "month": (words.MONTH, "govuk-input--width-2"),
    "year": (words.YEAR, "govuk-input--width-4"),
    "time": (words.TIME, "govuk-input--width-4"),
}
_LINE, _WIDE_LINE = (3, 60), (5, 75)  # so many answers, with so many signs, stand on one line


@dataclass(frozen=True, slots=True)
class Control:
    """One question: `draw` names the macro, `params` are its parameters.

    It is lasting when all but the typed values comes from the form definition.
    """

    draw: str
    name: str
    params: Parameters
    is_lasting: bool


def control_of(standing: Standing, question: Question, error: str) -> Control:
    """How to draw this question, with its message if there is one."""
    sketch = Sketch(standing, question, error)
    draw = _DRAW[question.field.kind]
    if draw == "radios" and question.field.type == "select":
        draw = "select"
    params: Parameters = getattr(sketch, draw)()
    return Control(draw, question.name, params, question.field.choices_from is None)


_DRAW: Mapping[Kind, str] = {
    "line": "input",
    "lines": "textarea",
    "number": "input",
    "time": "input",
    "tick": "tick",
    "one": "radios",
    "many": "checkboxes",
    "date": "date",
    "datetime": "date",
}


class Sketch:
    """Collects the parameters of one question."""

    def __init__(self, standing: Standing, question: Question, error: str) -> None:
        self._field = question.field
        self._name = question.name
        self._id = f"f-{question.name}"
        self._boxes = standing.boxes(question)
        self._offered = standing.circumstances.offered(question.field)
        self._translate = standing.circumstances.translate
        self._is_wide = standing.definition.is_wide
        self._error = error
        self._steers = question.field.path in standing.definition.steering

    def input(self) -> Parameters:
        """A text box of one line."""
        params = self._common()
        params.update(
            label=self._label(),
            value=self._box(),
            autocomplete="off",
            spellcheck=self._field.kind == "line",
            classes=self._width(),
            attributes=self._attributes(),
        )
        if self._field.kind == "number":
            params["inputmode"] = "decimal" if self._field.bounds.decimals else "numeric"
        return params

    def textarea(self) -> Parameters:
        """A text box of several lines."""
        value = self._box()
        rows = 3 if self._is_wide else 5
        params = self._common()
        params.update(
            label=self._label(),
            value="\n" + value if value.startswith("\n") else value,
            rows=rows,
            spellcheck=True,
            autocomplete="off",
            attributes=self._attributes(),
        )
        return params

    def select(self) -> Parameters:
        """A drop-down list, with an empty first line."""
        chosen = self._box()
        items: list[Parameters] = [{"value": "", "text": self._(words.CHOOSE)}]
        items += [
            {"value": c.value, "text": c.label, "selected": c.value == chosen}
            for c in self._offered
        ]
        params = self._common()
        params.update(label=self._label(), items=items, attributes=self._attributes())
        return params

    def radios(self) -> Parameters:
        """One answer of several."""
        params = self._choosing("radios", [self._box()])
        if self._fits_one_line():
            params["classes"] = (params["classes"] + " govuk-radios--inline").strip()
        return params

    def _fits_one_line(self) -> bool:
        lengths = [len(choice.label) for choice in self._offered]
        most, room = _WIDE_LINE if self._is_wide else _LINE
        return len(lengths) <= most and sum(lengths) <= room

    def checkboxes(self) -> Parameters:
        """Any answers of several."""
        return self._choosing("checkboxes", self._boxes)

    def tick(self) -> Parameters:
        """One box to tick; its label says it all, so it needs no legend."""
        item: Parameters = {
            "id": self._id,
            "value": "true",
            "text": self._(self._field.label),
            "checked": self._box().lower() in ("true", "on", "1", "yes", "y"),
            "attributes": self._steering(),
        }
        hint = self._hint()
        if hint:
            item["hint"] = {"text": hint}
        params: Parameters = {"idPrefix": self._id, "name": self._name, "items": [item]}
        params["classes"] = "govuk-checkboxes--small" if self._is_wide else ""
        self._add_error(params)
        return params

    def date(self) -> Parameters:
        """Day, month and year, and the time where it is asked."""
        boxes = zip(PARTS[self._field.kind], self._boxes, strict=False)
        params = self._common()
        params.pop("name")
        params.update(
            namePrefix=self._name,
            fieldset=self._fieldset(),
            items=[self._date_box(part, value) for part, value in boxes],
        )
        return params

    def _date_box(self, part: str, value: str) -> Parameters:
        label, width = _PART_LABELS[part]
        error = " govuk-input--error" if self._error else ""
        return {
            "name": part,
            "label": self._(label),
            "value": value,
            "classes": width + error,
            "autocomplete": "off",
            "inputmode": "text" if part == "time" else "numeric",
            "attributes": self._steering(),
        }

    def _choosing(self, what: str, chosen: list[str]) -> Parameters:
        params = self._common()
        params["idPrefix"] = params.pop("id")
        params.update(
            fieldset=self._fieldset(),
            classes=f"govuk-{what}--small" if self._is_wide else "",
            items=[self._choice(choice, chosen) for choice in self._offered],
        )
        return params

    def _choice(self, choice: Choice, chosen: list[str]) -> Parameters:
        return {
            "value": choice.value,
            "text": choice.label,
            "checked": choice.value in chosen,
            "attributes": self._steering(),
        }

    def _common(self) -> Parameters:
        params: Parameters = {"id": self._id, "name": self._name}
        hint = self._hint()
        if hint:
            params["hint"] = {"text": hint}
        self._add_error(params)
        return params

    def _add_error(self, params: Parameters) -> None:
        if self._error:
            params["errorMessage"] = {
                "text": self._error,
                "visuallyHiddenText": self._(words.ERROR),
            }

    def _hint(self) -> str:
        hints = [self._(self._field.hint)]
        bounds = self._field.bounds
        usual = {"line": MAX_LINE, "lines": MAX_LINES}.get(self._field.kind, bounds.max_length)
        if bounds.min_length > 1 and str(bounds.min_length) not in hints[0]:
            hints.append(say(self._translate, words.AT_LEAST, least=bounds.min_length) + ".")
        if bounds.max_length != usual and self._field.kind == "lines":
            hints.append(say(self._translate, words.UP_TO, most=bounds.max_length) + ".")
        if self._field.kind == "time" and not self._field.hint:
            hints.append(self._(words.TIMES) + ".")
        said = [hint for hint in hints if hint]
        ended = [hint if hint[-1] in ".?!:;" else hint + "." for hint in said[:-1]]
        return " ".join([*ended, *said[-1:]])

    def _label(self) -> Parameters:
        return {"text": self._(self._field.label), "classes": "govuk-label--s"}

    def _fieldset(self) -> Parameters:
        legend = {"text": self._(self._field.label), "classes": "govuk-fieldset__legend--s"}
        return {"legend": legend}

    def _width(self) -> str:
        if self._field.kind == "line":
            return "" if self._field.bounds.max_length > 40 else "govuk-input--width-20"
        return "govuk-input--width-10" if self._field.kind == "number" else "govuk-input--width-5"

    def _attributes(self) -> Parameters:
        attributes = self._steering()
        if self._field.bounds.required:
            attributes["aria-required"] = "true"
        if self._error:
            attributes["aria-invalid"] = "true"
        return attributes

    def _steering(self) -> Parameters:
        return {"data-steers": "true"} if self._steers else {}

    def _box(self) -> str:
        return self._boxes[0] if self._boxes else ""

    def _(self, text: str) -> str:
        return in_language(self._translate, text)
