"""Gives translators the words of .form files, with the line each stands on (a Babel extractor)."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Protocol

from forms.reading import read_document

Message = tuple[int, None, str, list[str]]
_WORDS = ("title", "label", "dateLabel", "timeLabel", "description", "text")
_PROPERTIES = ("title", "item", "missing", "patternWords")


class Readable(Protocol):
    """An open file."""

    def read(self) -> bytes:
        """Its bytes."""


def extract(
    fileobj: Readable,
    keywords: Mapping[str, Any] | Collection[str],  # noqa: ARG001 - Babel calls it so
    comment_tags: Collection[str],  # noqa: ARG001
    options: Mapping[str, Any],  # noqa: ARG001
) -> Iterator[Message]:
    """Every text of the form a reader sees, in page order.

    In babel.cfg: `[extractors] form = forms.messages:extract` and `[form: forms/packs/**.form]`.
    """
    raw = fileobj.read()
    document, _ = read_document(raw, "form")
    if document is None:
        return
    lines = Lines(raw.decode("utf-8-sig"))
    for text, comment in _texts(document):
        yield lines.find(text), None, text, [comment]


class Lines:
    """Finds the line of each text, looking on from the last one found."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._at = 0

    def find(self, text: str) -> int:
        """The line, counted from 1, where the text stands as a JSON string."""
        for written in _writings(text):
            for start in (self._at, 0):
                place = self._source.find(written, start)
                if place >= 0:
                    self._at = place + len(written)
                    return self._source.count("\n", 0, place) + 1
        return 1


def _writings(text: str) -> Iterator[str]:
    for only_ascii in (False, True):
        yield json.dumps(text, ensure_ascii=only_ascii)


def _texts(component: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    name = next((component[n] for n in ("key", "path", "id") if component.get(n)), "")
    comment = f"{component.get('type', 'form')} {name}".strip()
    for entry, value in component.items():
        if entry in _WORDS:
            yield from _text(value, comment)
        elif entry == "properties" and isinstance(value, Mapping):
            is_list = component.get("type") == "dynamiclist"
            for property_name in _PROPERTIES:
                if property_name != "item" or is_list:
                    yield from _text(value.get(property_name), comment)
        elif entry in ("components", "values") and isinstance(value, list):
            for inner in value:
                if isinstance(inner, Mapping):
                    yield from _texts(inner)


def _text(value: Any, comment: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str) and value.strip():
        yield value.strip(), comment
