"""Writes what decisions answered as JSON."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

from feel.functions.strings import show
from feel.values import Frame


def to_json(value: Any, indent: int = 0) -> str:
    """A value of FEEL as JSON: numbers with all their digits, moments and ranges as texts."""
    if value is None or isinstance(value, bool | str):
        return _text(value)
    if isinstance(value, int | Decimal):
        return show(Frame({}, 0), value)
    if isinstance(value, list):
        return _bracketed("[]", [to_json(item, indent + 2) for item in value], indent)
    if isinstance(value, dict):
        lines = [f"{_text(str(key))}: {to_json(entry, indent + 2)}" for key, entry in value.items()]
        return _bracketed("{}", lines, indent)
    return _text(show(Frame({}, 0), value))


def _text(value: Any) -> str:
    """A text as it is read; only halves of characters, which no file may hold, are escaped."""
    text = json.dumps(value, ensure_ascii=False)
    return json.dumps(value) if _HALF.search(text) else text


_HALF = re.compile("[\ud800-\udfff]")


def _bracketed(signs: str, lines: list[str], indent: int) -> str:
    if not lines:
        return signs
    inner = ",\n".join(" " * (indent + 2) + line for line in lines)
    return f"{signs[0]}\n{inner}\n{' ' * indent}{signs[1]}"
