"""Reads the bytes of a form definition: bounded JSON, with no key said twice."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from forms.limits import MAX_FILE
from forms.problem import Complaints

Document = dict[str, Any]


def read_document(raw: bytes, name: str) -> tuple[Document | None, Complaints]:
    """The JSON object of the file, or None with the reason among the complaints."""
    complaints = Complaints(name)
    if len(raw) > MAX_FILE:
        complaints.add(
            None,
            f"The file has {len(raw) // 1024} kB; a form may have {MAX_FILE // 1024} kB.",
            "Split the form or take out pasted content.",
        )
        return None, complaints
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        complaints.add(None, "The file is not UTF-8 text.", "Save it as UTF-8.")
        return None, complaints
    complaints = Complaints(name, text)
    return _parse(text, complaints), complaints


def _parse(text: str, complaints: Complaints) -> Document | None:
    try:
        document = json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
    except RecursionError:
        complaints.add(None, "The file is nested without end.", "Draw the form again.")
        return None
    except ValueError as fault:
        complaints.add(None, f"The file is not JSON: {fault}.", "Export it from the form editor.")
        return None
    if not isinstance(document, dict):
        complaints.add(None, "The file holds no form.", "Export it from the form editor.")
        return None
    return document


def _once(pairs: list[tuple[str, Any]]) -> Document:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"{twice[:60]!r} is said twice in one object")
    return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON number")
