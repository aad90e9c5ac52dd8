"""Turns what was typed into typed answers, and answers into JSON and back."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from unicodedata import category

from forms import words
from forms.definition import Field, Kind
from forms.limits import FIRST_YEAR, LAST_YEAR, MAX_DIGITS

DATE_PARTS = ("day", "month", "year")
PARTS: Mapping[Kind, tuple[str, ...]] = {"date": DATE_PARTS, "datetime": (*DATE_PARTS, "time")}
"""The names of the boxes of a moment; every other kind has one box."""

_NUMBER = re.compile(r"[+-]?\d+([.,]\d*)?\Z", re.ASCII)
_TIME = re.compile(r"(\d{1,2})\s*[:.hH]?\s*(\d{2})?\Z", re.ASCII)
_DIGITS = re.compile(r"\d{1,4}\Z", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}:\d{2})(?::\d{2})?)?\Z", re.ASCII)
_ON, _OFF = frozenset({"true", "on", "1", "yes", "y"}), frozenset({"", "false"})


SINGLE_CHOICES: frozenset[Kind] = frozenset({"one", "tick"})
"""Kinds of which a page sends one value or none: more than one is no answer, whichever is first."""


class Refusal(ValueError):
    """What was typed is no answer; `template` is the sentence to say, still to be translated."""

    def __init__(self, template: str, **parts: object) -> None:
        super().__init__(template)
        self.template = template
        self.parts = parts


def tidy(text: str) -> str:
    """What is kept of typed text: one kind of line end, no ends of space, no control characters."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in plain if sign in "\n\t" or category(sign) != "Cc").strip()


def parse(field: Field, given: Sequence[str]) -> Any:
    """The typed answer in the boxes of a field; None where nothing is typed; else Refusal."""
    if field.kind in PARTS:
        return _moment(field, [part.strip() for part in given])
    if field.kind == "many":
        return _codes(field, given)
    if field.kind in SINGLE_CHOICES and len(given) > 1 and any(given):
        raise Refusal(words.GIVEN_TWICE)
    text = tidy(given[0]) if given else ""
    if field.kind == "tick":
        return _tick(text)
    return _SINGLE[field.kind](field, text) if text else None


def _text(field: Field, text: str) -> str:
    return text if field.kind == "lines" else " ".join(text.split())


def _tick(text: str) -> bool:
    if text.lower() in _ON:
        return True
    if text.lower() in _OFF:
        return False
    raise Refusal(words.NOT_A_TICK)


def _codes(field: Field, given: Sequence[str]) -> list[str]:
    codes = list(dict.fromkeys(value for value in given if value))
    if field.choices and not set(codes) <= {choice.value for choice in field.choices}:
        raise Refusal(words.NOT_CHOICES)
    return codes


def _code(field: Field, text: str) -> str | bool:
    if field.choices and text not in {choice.value for choice in field.choices}:
        raise Refusal(words.NOT_A_CHOICE)
    return text == "true" if field.is_yes_no else text


def _number(field: Field, text: str) -> Decimal:
    plain = re.sub(r"[\s_'’]", "", text)
    if not _NUMBER.match(plain):
        raise Refusal(words.NOT_A_NUMBER)
    number = Decimal(plain.replace(",", ".").rstrip("."))
    number = number.normalize() if number else Decimal(0)
    if len(number.as_tuple().digits) > MAX_DIGITS or abs(number) >= Decimal(10) ** MAX_DIGITS:
        raise Refusal(words.NOT_A_NUMBER)
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and -exponent > field.bounds.decimals:
        template = words.TOO_MANY_DECIMALS if field.bounds.decimals else words.NO_DECIMALS
        raise Refusal(template, most=field.bounds.decimals)
    return Decimal(f"{number:f}")  # 60, not 6E+1


def _moment(field: Field, boxes: Sequence[str]) -> date | datetime | None:
    if not any(boxes):
        return None
    if not all(boxes[:3]) or len(boxes) < 3:
        raise Refusal(words.DATE_INCOMPLETE)
    if not all(_DIGITS.match(box) for box in boxes[:3]) or len(boxes[2]) != 4:
        raise Refusal(words.DATE_UNREAL)
    day, month, year = (int(box) for box in boxes[:3])
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Refusal(words.DATE_UNREAL)
    try:
        found = date(year, month, day)
    except ValueError:
        raise Refusal(words.DATE_UNREAL) from None
    if field.kind == "date":
        return found
    if len(boxes) < 4 or not boxes[3]:
        raise Refusal(words.TIME_MISSING)
    return datetime.combine(found, _clock(boxes[3]))


def _clock(text: str) -> time:
    match = _TIME.match(text)
    if match is None and re.fullmatch(r"\d{4}", text, re.ASCII):
        match = re.match(r"(\d\d)(\d\d)", text)
    if match is None:
        raise Refusal(words.TIME_UNREAL)
    hours, minutes = int(match[1]), int(match[2] or 0)
    if hours > 23 or minutes > 59:
        raise Refusal(words.TIME_UNREAL)
    return time(hours, minutes)


_SINGLE: Mapping[Kind, Callable[[Field, str], Any]] = {
    "line": _text,
    "lines": _text,
    "number": _number,
    "one": _code,
    "time": lambda _field, text: _clock(text),
}


def to_json(value: Any) -> Any:
    """A typed answer as JSON holds it: moments in ISO, numbers as numbers."""
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat(timespec="minutes")
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def from_json(field: Field, value: Any) -> Any:
    """The typed answer of what JSON holds; what does not fit the field is None."""
    try:
        return parse(field, boxes_of(field, value))
    except Refusal:
        return None


def boxes_of(field: Field, value: Any) -> list[str]:
    """What stands in the boxes of a field for a stored value, typed or as it was typed."""
    if field.kind in PARTS:
        return _moment_boxes(field, value)
    if field.kind == "many":
        listed = value if isinstance(value, list | tuple) else [value]
        return [_shown(entry) for entry in listed if entry is not None]
    if field.kind in SINGLE_CHOICES and isinstance(value, list):
        return [_shown(entry) for entry in value]
    if value is False and field.is_yes_no:
        return ["false"]
    return [_shown(value)]


def _moment_boxes(field: Field, value: Any) -> list[str]:
    names = PARTS[field.kind]
    if isinstance(value, Mapping):
        return [_shown(value.get(name)) for name in names]
    if isinstance(value, datetime | date):
        value = to_json(value)
    return iso_boxes(field, _shown(value))


def iso_boxes(field: Field, text: str) -> list[str]:
    """One ISO value spread over the boxes; what is not ISO stays whole in the first box."""
    count = len(PARTS[field.kind])
    match = _ISO.match(text.strip())
    if match is None:
        return [text, *[""] * (count - 1)]
    year, month, day, clock = match.groups()
    return [str(int(day)), str(int(month)), year, clock or ""][:count]


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else ""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, int | float | Decimal | date | time):
        return str(to_json(value))
    return ""
