"""Makes a field of each input component, or says why it cannot be one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from forms.attributes import Attributes
from forms.definition import Bounds, Choice, Condition, Field, Kind
from forms.limits import (
    MAX_CHOICES,
    MAX_DIGITS,
    MAX_LABEL,
    MAX_LINE,
    MAX_LINES,
    MAX_PATTERN,
    MOST_LINE,
    MOST_LINES,
)

KINDS: Mapping[str, Kind] = {
    "textfield": "line",
    "textarea": "lines",
    "number": "number",
    "checkbox": "tick",
    "radio": "one",
    "select": "one",
    "checklist": "many",
    "taglist": "many",
    "datetime": "date",
}
_MOMENT_KINDS: Mapping[str, Kind] = {"date": "date", "time": "time", "datetime": "datetime"}
_CODE = re.compile(r"[a-z0-9_]{1,60}\Z")
_LAYER = re.compile(r"L[0-5]\Z")
_VARIABLE = re.compile(r"[a-z][a-z0-9_]{0,59}\Z")
_ENDLESS = re.compile(r"\)[*+{]")
_VARIABLE_KINDS: frozenset[Kind] = frozenset({"tick", "one", "number", "date"})


@dataclass(frozen=True)
class Place:
    """Where in the form a component stands, and what it inherits there."""

    where: str
    layer: str | None = None
    section: str = ""
    list_key: str | None = None
    hides: tuple[Condition, ...] = ()
    group_label: str = ""
    depth: int = 0


def read_field(component: Mapping[str, Any], place: Place, given: Attributes) -> Field:
    """The field of an input component."""
    properties = given.properties()
    kind = _kind(given, KINDS[component["type"]])
    key = given.key("key")
    choices, is_yes_no = _choices(given, kind)
    hide = given.condition()
    for refused in ("disabled", "readonly"):
        if component.get(refused):
            given.complain(f"A field that is {refused} asks nothing.", "Use a text component.")
    return Field(
        key=key,
        path=f"{place.list_key}.{key}" if place.list_key else key,
        type=component["type"],
        kind=kind,
        label=given.label("label", "dateLabel", "timeLabel"),
        layer=_layer(given, properties.get("layer") or place.layer),
        section=place.section,
        hint=given.words("description", most=3 * MAX_LABEL),
        list_key=place.list_key,
        variable=_variable(given, properties.get("variable"), kind, place),
        statement_type=properties.get("statementType") or None,
        special=properties.get("special") or None,
        kept_back_by=properties.get("keptBack") or None,
        properties=properties,
        choices=choices,
        choices_from=_choices_from(given, kind),
        is_yes_no=is_yes_no,
        bounds=_bounds(given, kind, properties),
        default=_default(given),
        hides=(*place.hides, hide) if hide else place.hides,
        group_label=place.group_label,
        missing_words=properties.get("missing") or None,
    )


def _kind(given: Attributes, kind: Kind) -> Kind:
    if kind != "date":
        return kind
    subtype = given.component.get("subtype", "date")
    found = _MOMENT_KINDS.get(subtype) if isinstance(subtype, str) else None
    if found is None:
        given.complain("The subtype is not date, time or datetime.", "Choose one of the three.")
    return found or "date"


def _layer(given: Attributes, layer: str | None) -> str:
    if not layer:
        given.complain(
            "The field names no layer.",
            "Add the property layer (L0 to L3) to the field, its group or the form.",
        )
        return ""
    if not _LAYER.match(layer):
        given.complain(f"The layer {layer[:20]!r} does not exist.", "Use one of L0 to L5.")
    return layer


def _variable(given: Attributes, name: str | None, kind: Kind, place: Place) -> str | None:
    if not name:
        return None
    if not _VARIABLE.match(name):
        given.complain(
            f"The variable {name[:60]!r} is not a plain name.",
            "Use small letters, digits and _.",
        )
    if kind == "lines":
        given.complain(
            "Narrative must not become an engine variable.",
            "Remove the variable; the text stays in the record.",
        )
    elif kind not in _VARIABLE_KINDS:
        given.complain(
            f"A {given.component['type']} cannot be an engine variable.",
            "Use a checkbox, date, number, radio or select, or remove the variable.",
        )
    if place.list_key:
        given.complain(
            "A field asked repeatedly cannot be one variable.",
            "Ask for the code once, outside the list, or remove the variable.",
        )
    return name


def _choices(given: Attributes, kind: Kind) -> tuple[tuple[Choice, ...], bool]:
    if kind not in ("one", "many") or given.component.get("valuesKey"):
        return (), False
    if given.component.get("valuesExpression"):
        given.complain("Answers from an expression are not supported.", "List the values.")
        return (), False
    listed = given.component.get("values")
    if not isinstance(listed, list) or not listed:
        given.complain("There is nothing to choose from.", "List the values, each with a label.")
        return (), False
    if len(listed) > MAX_CHOICES:
        given.complain(f"More than {MAX_CHOICES} values.", "Shorten the list or ask in steps.")
    choices = tuple(_choice(given, entry) for entry in listed[:MAX_CHOICES])
    values = [choice.value for choice in choices]
    if len(set(values)) < len(values):
        given.complain("A value is listed twice.", "Give each answer a value of its own.")
    return choices, kind == "one" and set(values) == {"true", "false"}


def _choice(given: Attributes, entry: Any) -> Choice:
    value = entry.get("value") if isinstance(entry, Mapping) else None
    label = entry.get("label") if isinstance(entry, Mapping) else None
    if isinstance(value, bool):
        value = "true" if value else "false"
    if not isinstance(value, str) or not _CODE.match(value):
        given.complain(
            f"The value {str(value)[:60]!r} is not a code.", "Use small letters, digits and _."
        )
        value = ""
    if not isinstance(label, str) or not label.strip() or len(label) > MAX_LABEL:
        given.complain(
            f"The value {value!r} has no label, or a very long one.", "Write a short label for it."
        )
        label = ""
    return Choice(value, label.strip())


def _choices_from(given: Attributes, kind: Kind) -> str | None:
    source = given.component.get("valuesKey")
    if not source or kind not in ("one", "many"):
        return None
    if not isinstance(source, str) or not _VARIABLE.match(source):
        given.complain("The valuesKey is not a plain name.", "Use small letters, digits and _.")
        return None
    return source


def _default(given: Attributes) -> Any:
    default = given.component.get("defaultValue")
    if default is None or isinstance(default, str | int | float):
        return default
    given.complain("The default is not one plain value.", "Remove it or write one value.")
    return None


def _bounds(given: Attributes, kind: Kind, properties: Mapping[str, str]) -> Bounds:
    rules = given.mapping("validate")
    required = rules.get("required", False)
    if not isinstance(required, bool):
        given.complain("'required' is not true or false.", "Correct it.")
    usual, most = (MAX_LINES, MOST_LINES) if kind == "lines" else (MAX_LINE, MOST_LINE)
    longest = given.whole(rules.get("maxLength"), "maxLength", 1, most, usual)
    minimum, maximum = (given.number(rules.get(name), name) for name in ("min", "max"))
    if minimum is not None and maximum is not None and minimum > maximum:
        given.complain("The smallest number is above the largest.", "Exchange min and max.")
    digits = given.component.get("decimalDigits")
    pattern = _pattern(given, rules)
    return Bounds(
        required=required is True,
        min_length=given.whole(rules.get("minLength"), "minLength", 0, longest, 0),
        max_length=longest,
        minimum=minimum,
        maximum=maximum,
        decimals=given.whole(digits, "decimalDigits", 0, MAX_DIGITS - 1, 0),
        pattern=pattern if kind == "line" else None,
        pattern_words=properties.get("patternWords") or None,
        when=_when(given, properties, kind),
    )


def _when(given: Attributes, properties: Mapping[str, str], kind: Kind) -> Any:
    when = properties.get("when") or None
    if given.component.get("disallowPassedDates") is True:
        when = when or "future"
    if when is not None and (when not in ("past", "future") or kind not in ("date", "datetime")):
        given.complain("'when' fits dates only.", "Use past or future, on a date.")
        return None
    return when


def _pattern(given: Attributes, rules: Mapping[str, Any]) -> str | None:
    kind = rules.get("validationType") or "custom"
    if kind != "custom":
        given.complain(
            f"The validation {str(kind)[:20]!r} is not supported.", "Use a pattern instead."
        )
    pattern = rules.get("pattern")
    if not pattern:
        return None
    too_free = isinstance(pattern, str) and (
        _ENDLESS.search(pattern) or sum(map(pattern.count, "*+{")) > 3
    )
    if not isinstance(pattern, str) or len(pattern) > MAX_PATTERN or too_free:
        given.complain(
            "The pattern is too long or could be checked without end.",
            "Use at most three of * + {}, and none after a bracket.",
        )
        return None
    try:
        re.compile(pattern)
    except re.error as fault:
        given.complain(f"The pattern cannot be read: {fault}.", "Mend the pattern.")
        return None
    return pattern
