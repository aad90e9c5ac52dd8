"""A small markdown for the words between questions: headings, paragraphs, lists, stress."""

from __future__ import annotations

import re
from collections.abc import Iterator

from markupsafe import Markup, escape

_STRONG = re.compile(r"\*\*([^*\n]+)\*\*")
_EMPHASIS = re.compile(r"(?<![\w*])[*_]([^*_\n]+)[*_](?![\w*])")
_BULLET = re.compile(r"\s*[-*]\s+")
_NUMBER = re.compile(r"\s*\d{1,3}[.)]\s+")
_HEADING = re.compile(r"#{1,6}\s+")
LISTS = {"ul": "govuk-list govuk-list--bullet", "ol": "govuk-list govuk-list--number"}


def to_html(text: str) -> Markup:
    """The text as GOV.UK styled HTML; every sign of it is escaped, links are not made."""
    blocks = re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip())
    return Markup("\n").join(html for block in blocks if block.strip() for html in _block(block))


def _block(block: str) -> Iterator[Markup]:
    lines: list[str] = []
    kind = ""
    for line in block.split("\n"):
        now = _kind(line)
        if lines and (now != kind or now == "heading"):
            yield _html(kind, lines)
            lines = []
        kind = now
        lines.append(line)
    yield _html(kind, lines)


def _kind(line: str) -> str:
    if _HEADING.match(line):
        return "heading"
    if _BULLET.match(line):
        return "ul"
    return "ol" if _NUMBER.match(line) else "p"


def _html(kind: str, lines: list[str]) -> Markup:
    if kind == "heading":
        return Markup('<h3 class="govuk-heading-s">{}</h3>').format(
            _inline(_HEADING.sub("", lines[0]))
        )
    if kind == "p":
        return Markup('<p class="govuk-body">{}</p>').format(
            Markup("<br>").join(_inline(line) for line in lines)
        )
    mark = _BULLET if kind == "ul" else _NUMBER
    items = (Markup("<li>{}</li>").format(_inline(mark.sub("", line, count=1))) for line in lines)
    opening = Markup('<{} class="{}">').format(kind, LISTS[kind])
    return opening + Markup("").join(items) + Markup("</{}>").format(kind)


def _inline(text: str) -> Markup:
    safe = str(escape(text.strip()))
    safe = _STRONG.sub(r"<strong>\1</strong>", safe)
    return Markup(_EMPHASIS.sub(r"<em>\1</em>", safe))  # noqa: S704 - escaped two lines above
