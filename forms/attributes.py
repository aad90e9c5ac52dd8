"""Takes single attributes out of a component's JSON, complaining in words where they are wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from feel import FeelError, compile_expression
from forms.definition import Condition
from forms.limits import MAX_CONDITION, MAX_LABEL
from forms.problem import Complaints

_KEY = re.compile(r"[a-z][a-z0-9_]{0,59}\Z")
RESERVED = frozenset(
    {"and", "or", "not", "if", "then", "else", "for", "in", "return", "some", "every"}
    | {"satisfies", "between", "true", "false", "null", "function", "external", "instance"}
    | {"of", "item", "partial"}
)


class Attributes:
    """One component's attributes, and where to complain about them."""

    def __init__(self, component: Mapping[str, Any], place: str, complaints: Complaints) -> None:
        self.component = component
        self.complaints = complaints
        own = component.get("key") or component.get("path") or component.get("id")
        self.name = own if isinstance(own, str) and own else place

    def complain(self, words: str, remedy: str) -> None:
        """Note a problem of this component."""
        self.complaints.add(self.name, words, remedy)

    def key(self, *names: str) -> str:
        """The key, from the first of these attributes that is there."""
        key = next((self.component[name] for name in names if self.component.get(name)), None)
        if not isinstance(key, str) or not _KEY.match(key):
            self.complain(
                "The key is missing or not plain.",
                "Give a key of small letters, digits and _ that begins with a letter.",
            )
            return ""
        if key in RESERVED:
            self.complain(f"The key {key!r} is a word of FEEL.", "Choose another key.")
        return key

    def words(self, *names: str, most: int = MAX_LABEL) -> str:
        """A plain text for people; an expression or a template in it is refused."""
        for name in names:
            text = self.component.get(name)
            if text is None or text == "":
                continue
            if not isinstance(text, str):
                self.complain(f"The {name} is not text.", "Write it as text.")
                return ""
            if text.startswith("=") or "{{" in text:
                self.complain(f"The {name} is an expression.", "Write it as plain words.")
            if len(text) > most:
                self.complain(f"The {name} is longer than {most} characters.", "Shorten it.")
            return text.strip()
        return ""

    def label(self, *names: str) -> str:
        """The label, which must be there."""
        label = self.words(*(names or ("label",)))
        if not label:
            self.complain("The label is missing.", "Say in the label what is asked.")
        return label

    def properties(self) -> dict[str, str]:
        """The custom properties, all as text."""
        given = self.mapping("properties")
        found: dict[str, str] = {}
        for name, value in given.items():
            if isinstance(value, bool):
                found[name] = "true" if value else "false"
            elif isinstance(value, str | int | float):
                found[name] = str(value).strip()
            else:
                self.complain(f"The property {name[:40]!r} is not text.", "Write it as text.")
        return found

    def mapping(self, name: str) -> Mapping[str, Any]:
        """A nested object, empty when it is not there."""
        value = self.component.get(name)
        if value is None:
            return {}
        if not isinstance(value, Mapping):
            self.complain(f"{name!r} is not an object.", "Export the form from the editor again.")
            return {}
        return value

    def condition(self) -> Condition | None:
        """The FEEL that hides the component, compiled."""
        text = self.mapping("conditional").get("hide")
        if text is None or text in ("", "="):
            return None
        if not isinstance(text, str) or len(text) > MAX_CONDITION:
            self.complain("The condition is not text or too long.", "Write it as a short FEEL.")
            return None
        try:
            expression = compile_expression(text.removeprefix("="))
        except FeelError as fault:
            self.complain(f"The condition cannot be read: {fault}.", "Mend the FEEL expression.")
            return None
        return Condition(text, expression, frozenset(expression.names))

    def whole(self, value: Any, what: str, least: int, most: int, default: int) -> int:
        """A whole number within bounds; text of digits will do, as the editor stores properties."""
        if value is None or value == "":
            return default
        number = int(value) if isinstance(value, str) and re.fullmatch(r"\d{1,6}", value) else value
        if isinstance(number, bool) or not isinstance(number, int) or not least <= number <= most:
            self.complain(
                f"{what} is not a whole number from {least} to {most}.", "Correct the number."
            )
            return default
        return number

    def number(self, value: Any, what: str) -> Decimal | None:
        """A bound of a number field."""
        if value is None or value == "":
            return None
        try:
            number = Decimal(str(value)) if not isinstance(value, bool) else Decimal("NaN")
        except ArithmeticError:
            number = Decimal("NaN")
        if not number.is_finite() or abs(number) > Decimal(10) ** 15:
            self.complain(f"{what} is not a number.", "Correct the number.")
            return None
        return number
