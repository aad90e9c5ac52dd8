"""One way to write a value down, so that the same act always gives the same bytes to seal."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

_CODE = re.compile(r"[A-Za-z0-9_.:+=/\-]{0,200}")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.]{0,79}")


def canonical(value: Any) -> bytes:
    """The bytes of a plain JSON value: keys in order, no spaces, ASCII only, no floats."""
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False
    ).encode("ascii")


def instant(value: datetime) -> str:
    """An instant in UTC to the microsecond, the same on every database."""
    return value.astimezone(UTC).isoformat(timespec="microseconds")


def plain_codes(codes: Mapping[str, Any]) -> dict[str, Any]:
    """The codes of an audit row as plain JSON; free text is refused.

    An audit row holds ids, closed codes and digests: whoever passes words has put a value of the
    record where it can neither be erased nor kept from readers.
    """
    for name in codes:
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} cannot name a code: use letters, digits, _ and .")
    return {name: _plain(name, value) for name, value in codes.items()}


def _plain(name: str, value: Any) -> Any:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, UUID | date | Decimal):
        return str(value)
    if isinstance(value, str) and _CODE.fullmatch(value):
        return value
    if isinstance(value, list | tuple | set | frozenset):
        items = [_plain(name, item) for item in value]
        return sorted(items) if isinstance(value, set | frozenset) else items
    if isinstance(value, Mapping):
        return plain_codes(value)
    raise ValueError(
        f"the audit code {name!r} is not an id or a closed code: "
        "pass an id, or keyring.digest(...) of the value"
    )
