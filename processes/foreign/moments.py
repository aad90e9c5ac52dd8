"""Turns times as other tools write them into the grammar of deadlines."""

from __future__ import annotations

import re

from processes import deadlines

_QUOTED = re.compile(r"""^(?:duration\(\s*)?(["'])(?P<span>P[^"']*)\1\s*\)?$""")
_FROM_NOW = re.compile(
    r"""^now\(\s*\)\s*\+\s*duration\(\s*(["'])(?P<span>P[^"']*)\1\s*\)$""", re.IGNORECASE
)
_PLUS = re.compile(
    r"^(?:dateTime|now)\(\s*\)\s*\.\s*plus(?P<unit>Days|Weeks|Months|Hours|Minutes|Years)"
    r"\(\s*(?P<count>\d{1,4})\s*\)(?:\s*\.\s*toDate\(\s*\))?$"
)
_UNITS = {
    "Days": "P{}D", "Weeks": "P{}W", "Months": "P{}M", "Years": "P{}Y", "Hours": "PT{}H",
    "Minutes": "PT{}M",
}  # fmt: skip
_NAME = re.compile(r"^[a-z][a-z0-9_]*$")
_WRAPPED = re.compile(r"^(?:[$#]\{(?P<java>[^{}]*)\}|=(?P<feel>.*))$", re.DOTALL)
_ONCE = re.compile(r"^R1/(?P<span>P[^/]+)$")


def moment_of(text: str) -> str | None:
    """The time in our grammar; None where it has no counterpart."""
    text = text.strip()
    match = _WRAPPED.match(text)
    inner = text if match is None else (match["java"] or match["feel"] or "").strip()
    for span in (_QUOTED.match(inner), _FROM_NOW.match(inner)):
        if span:
            return _readable(span["span"])
    plus = _PLUS.match(inner)
    if plus:
        return _readable(_UNITS[plus["unit"]].format(plus["count"]))
    if match is not None:
        return _readable(f"P0D after {inner}") if _NAME.match(inner) else None
    return _readable(inner)


def once_of(text: str) -> str | None:
    """The duration of a cycle that fires once: `R1/PT1H`."""
    match = _ONCE.match(text.strip())
    return _readable(match["span"]) if match else None


def _readable(text: str) -> str | None:
    try:
        deadlines.parse(text)
    except ValueError:
        return None
    return text
