"""Asks axe what is wrong with a page, and remembers which pages it has already seen."""

from __future__ import annotations

import re
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from lxml.html import HtmlElement, fromstring
from playwright.sync_api import Page

OPTIONS = {
    "runOnly": [
        "wcag2a",
        "wcag2aa",
        "wcag21a",
        "wcag21aa",
        "wcag22aa",
        "best-practice",
    ],
    "resultTypes": ["violations"],
}
OPEN_ALL = "() => document.querySelectorAll('details').forEach(part => { part.open = true; })"
CHANGING = (
    re.compile(r'(name="csrf[^"]*" (value|content)=")[^"]*'),
    re.compile(r'<span class="app-header__function">[^<]*'),
    re.compile(r'(<option value="[^"]*")( selected)'),
    re.compile(r' aria-current="true"| govuk-service-navigation__item--active'),
    re.compile(r'</?strong( class="govuk-service-navigation__active-fallback")?>'),
    re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"),
    re.compile(r"\b\d\d:\d\d(:\d\d\.\d+\+\d\d:\d\d)?\b"),
)
TITLE = re.compile("<title>.*?</title>", re.DOTALL)
TELLING = ("class", "role", "type", "lang", "scope", "open", "hidden", "disabled", "checked")
"""Attributes whose values can be what is wrong with an element; of others, that they are there."""


def shape(html: str) -> str:
    """How a page is built, without its words: elements with their classes and attributes, those of
    one kind that follow each other once. Pages of one shape have the same faults."""
    return _shape(fromstring(html))


def _shape(element: HtmlElement) -> str:
    told = [f"{name}={element.get(name)}" for name in TELLING if element.get(name) is not None]
    told += sorted(name for name in element.attrib if name not in TELLING)
    text = element.text or ""
    words = "w" if text.strip() or any((child.tail or "").strip() for child in element) else ""
    inner = dict.fromkeys(_shape(child) for child in element if isinstance(child.tag, str))
    return f"<{element.tag} {' '.join(told)}{words}>{''.join(inner)}"


class Examiner:
    """Looks at pages; the same page shown to another reader is looked at once, or, `by_shape`, a
    page that is built as one before it."""

    def __init__(self, *, by_shape: bool = False) -> None:
        self.by_shape = by_shape
        self.axe = Axe()
        self.seen: set[str] = set()
        self.looked = 0

    def is_new(self, html: str) -> bool:
        """Whether the frame or the middle of a page differs from all before in more than the
        reader's name, ids, time and the link of the page itself."""
        if self.by_shape:
            built = shape(html)
            known = built in self.seen
            self.seen.add(built)
            return not known
        for part in CHANGING:
            html = part.sub(lambda found: found[1] if found.lastindex else "", html)
        before, _, rest = html.partition("<main")
        middle, _, after = rest.partition("</main>")
        parts = {TITLE.sub("", before) + after, middle}
        known = parts <= self.seen
        self.seen |= parts
        return not known

    def faults(self, page: Page) -> list[str]:
        """What is wrong with the page before us."""
        page.evaluate(OPEN_ALL)
        self.looked += 1
        found: list[dict[str, Any]] = self.axe.run(page, options=OPTIONS).response["violations"]
        return [
            f"{page.url} “{page.title()}”: {fault['id']}: {node['html'][:160]}"
            for fault in found
            for node in fault["nodes"]
        ]
