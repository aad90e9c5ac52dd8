"""Built-in functions on texts."""

from __future__ import annotations

from decimal import Decimal, DecimalException
from typing import Any

from feel import temporal
from feel.errors import EvaluationError
from feel.patterns import pattern
from feel.signatures import Functions
from feel.values import (
    NUMBERS,
    Frame,
    Function,
    Range,
    admit,
    bounded_list,
    bounded_text,
    whole,
)

FUNCTIONS = Functions()
_add = FUNCTIONS.add


@_add("string", "from:any")
def string(frame: Frame, value: Any) -> str | None:
    """The value as text; null stays null."""
    return None if value is None else value if isinstance(value, str) else show(frame, value)


def show(frame: Frame, value: Any) -> str:
    """A value as FEEL would write it."""
    frame.spend(1)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Decimal):
        return _show_number(Decimal(value))
    if isinstance(value, str):
        return str(frame.made('"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'))
    if isinstance(value, list | dict | Range | Function):
        return _show_parts(frame, value)
    return temporal.write(admit(value))


def shown(value: Any) -> str:
    """A value as a message shows it."""
    text = show(Frame({}, 0), value)
    return text if len(text) <= 80 else text[:77] + "..."


def _show_parts(frame: Frame, value: Any) -> str:
    if isinstance(value, list):
        return bounded_text("[" + ", ".join(show(frame, item) for item in value) + "]")
    if isinstance(value, dict):
        entries = (f"{key}: {show(frame, entry)}" for key, entry in value.items())
        return bounded_text("{" + ", ".join(entries) + "}")
    if isinstance(value, Range):
        opening, closing = "[" if value.start_included else "(", "]" if value.end_included else ")"
        return f"{opening}{show(frame, value.start)}..{show(frame, value.end)}{closing}"
    return f"function({', '.join(value.parameters)})"


def _show_number(number: Decimal) -> str:
    if abs(number.adjusted()) > 400:
        return str(number)
    text = format(number, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


@_add(
    "number",
    "from:string, grouping separator:string?, decimal separator:string?",
    "from:number",
)
def number(
    _: Frame, text: str | Decimal, grouping: str | None = None, point: str | None = None
) -> Decimal | None:
    """The number a text writes; null if it writes none."""
    if isinstance(text, Decimal):
        return text
    if (
        grouping not in (None, " ", ",", ".")
        or point not in (None, ",", ".")
        or (grouping is not None and grouping == point)
    ):
        return None
    plain = text.replace(grouping, "") if grouping else text
    plain = plain.replace(point, ".") if point else plain
    if len(plain) > 1000 or not set(plain) <= set("0123456789.+-eE"):
        return None
    try:
        return NUMBERS.create_decimal(plain)
    except DecimalException:
        return None


@_add("substring", "string:string, start position:number, length:number?")
def substring(_: Frame, text: str, start: Decimal, length: Decimal | None = None) -> str | None:
    """Part of a text; a negative start counts from the end."""
    at = whole(start)
    size = None if length is None else whole(NUMBERS.to_integral_value(length))
    if at is None or at == 0 or (length is not None and size is None):
        return None
    first = at - 1 if at > 0 else max(len(text) + at, 0)
    return text[first:] if size is None else text[first : first + max(size, 0)]


@_add("string length", "string:string")
def string_length(_: Frame, text: str) -> Decimal:
    """How many characters."""
    return Decimal(len(text))


@_add("upper case", "string:string")
def upper_case(_: Frame, text: str) -> str:
    """In capitals."""
    return bounded_text(text.upper())


@_add("lower case", "string:string")
def lower_case(_: Frame, text: str) -> str:
    """In small letters."""
    return bounded_text(text.lower())


@_add("trim", "string:string")
def trim(_: Frame, text: str) -> str:
    """Without white space around it."""
    return text.strip()


@_add("substring before", "string:string, match:string")
def substring_before(_: Frame, text: str, match: str) -> str:
    """What stands before the first match; empty if there is none."""
    return text.partition(match)[0] if match and match in text else ""


@_add("substring after", "string:string, match:string")
def substring_after(_: Frame, text: str, match: str) -> str:
    """What stands after the first match; empty if there is none."""
    return text.partition(match)[2] if match else text


@_add("contains", "string:string, match:string")
def contains(_: Frame, text: str, match: str) -> bool:
    """Whether the text holds the match."""
    return match in text


@_add("starts with", "string:string, match:string")
def starts_with(_: Frame, text: str, match: str) -> bool:
    """Whether the text begins with the match."""
    return text.startswith(match)


@_add("ends with", "string:string, match:string")
def ends_with(_: Frame, text: str, match: str) -> bool:
    """Whether the text ends with the match."""
    return text.endswith(match)


@_add("string join", "list:list, delimiter:string?")
def string_join(frame: Frame, items: list[Any], delimiter: str | None = None) -> str | None:
    """Texts joined, nulls left out."""
    frame.spend(len(items))
    kept = [item for item in items if item is not None]
    if not all(isinstance(item, str) for item in kept):
        return None
    size = sum(map(len, kept)) + len(delimiter or "") * len(kept)
    if size > 1_000_000:
        raise EvaluationError("The joined text is too long.")
    return bounded_text((delimiter or "").join(kept))


# -- patterns


@_add("matches", "input:string, pattern:string, flags:string?")
def matches(frame: Frame, text: str, written: str, flags: str | None = None) -> bool:
    """Whether some part of the text fits the pattern."""
    return pattern(written, flags or "").search(text, 0, frame) is not None


@_add("split", "string:string, delimiter:string")
def split(frame: Frame, text: str, delimiter: str) -> list[str]:
    """The parts between matches of a pattern."""
    parts, at = [], 0
    for match in pattern(delimiter, "").every(text, frame):
        parts.append(text[at : match[0]])
        at = match[1]
    return list(bounded_list([*parts, text[at:]]))


@_add("replace", "input:string, pattern:string, replacement:string, flags:string?")
def replace(
    frame: Frame, text: str, written: str, replacement: str, flags: str | None = None
) -> str:
    """The text with each match replaced; $1 is what the first group matched."""
    parts, at, size = [], 0, 0
    for match in pattern(written, flags or "").every(text, frame):
        new = _fill(replacement, text, match)
        size += len(new)
        bounded_text(new)
        if size > 1_000_000:
            raise EvaluationError("The replaced text is too long.")
        parts += [text[at : match[0]], new]
        at = match[1]
    return bounded_text("".join([*parts, text[at:]]))


def _fill(replacement: str, text: str, match: tuple[int, ...]) -> str:
    filled, at = [], 0
    while at < len(replacement):
        sign, following = replacement[at], replacement[at + 1 : at + 2]
        if sign == "$" and following.isascii() and following.isdigit():
            group = int(following) * 2
            if group < len(match) and match[group] >= 0:
                filled.append(text[match[group] : match[group + 1]])
            at += 2
        elif sign == "\\" and following in ("$", "\\"):
            filled.append(following)
            at += 2
        else:
            filled.append(sign)
            at += 1
    return "".join(filled)
