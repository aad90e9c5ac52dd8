"""Engine variables as JSON and back: closed codes, booleans, numbers, dates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from processes.ports import Code


def encode(variables: Mapping[str, Code]) -> dict[str, Any]:
    """Plain JSON; dates and numbers keep their type."""
    return {name: _encode(value) for name, value in variables.items()}


def decode(stored: Mapping[str, Any]) -> dict[str, Code]:
    """The variables again."""
    return {name: _decode(value) for name, value in stored.items()}


def _encode(value: Code) -> Any:
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, Decimal):
        return {"number": str(value)}
    return value


def _decode(value: Any) -> Code:
    if isinstance(value, dict):
        if "date" in value:
            return date.fromisoformat(value["date"])
        return Decimal(value["number"])
    kept: Code = value
    return kept
