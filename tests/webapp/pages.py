"""What every page must keep to: valid HTML, one h1 that the title contains, ids, labels."""

from __future__ import annotations

from collections import Counter

import html5lib
from html5lib.constants import E as REASONS
from werkzeug.test import TestResponse

from tests.webapp.world import words

TOLERATED = {"expected-doctype-but-got-start-tag"}
LABELLED_BY_THEMSELVES = {"hidden", "submit", "button"}


def check_page(answer: TestResponse, status: int = 200) -> None:
    """Fail with the page's address and everything that is wrong with it."""
    assert answer.status_code == status, f"{answer.request.path}: {answer.status}\n{answer.text}"
    assert not faults(answer.text), f"{answer.request.path}: {faults(answer.text)}"


def faults(text: str) -> list[str]:
    """Everything that is wrong with a page."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    tree = parser.parse(text)
    found = [
        f"line {place[0]}: {REASONS.get(code, code) % (facts or {})}"
        for place, code, facts in parser.errors
        if code not in TOLERATED
    ]
    return found + _headings(tree) + _ids(tree) + _labels(tree) + _tables(tree)


def _headings(tree) -> list[str]:
    titles, tops = list(tree.iter("title")), list(tree.iter("h1"))
    if len(tops) != 1:
        return [f"{len(tops)} h1"]
    if words(tops[0]) not in words(titles[0]):
        return [f"the title “{words(titles[0])}” lacks the h1 “{words(tops[0])}”"]
    return []


def _ids(tree) -> list[str]:
    ids = Counter(e.get("id") for e in tree.iter() if isinstance(e.tag, str) and e.get("id"))
    found = [f"id {name} stands {count} times" for name, count in ids.items() if count > 1]
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        for attribute in ("aria-labelledby", "aria-describedby", "aria-controls", "for"):
            names = (element.get(attribute) or "").split()
            found += [f"{attribute}={name} points nowhere" for name in names if name not in ids]
        href = element.get("href") or ""
        if href.startswith("#") and href[1:] and href[1:] not in ids:
            found.append(f"the link {href} points nowhere")
    return found


def _labels(tree) -> list[str]:
    tied = {label.get("for") for label in tree.iter("label")}
    found = []
    for element in tree.iter():
        if element.tag not in {"input", "select", "textarea"}:
            continue
        if element.get("type") in LABELLED_BY_THEMSELVES:
            continue
        if element.get("id") not in tied and not element.get("aria-label"):
            found.append(f"{element.tag} {element.get('name')} has no label")
    for tag in ("a", "button"):
        found += [f"an empty {tag}" for e in tree.iter(tag) if not _named(e)]
    return found


TABLE_ROLES = {
    "table": "table",
    "thead": "rowgroup",
    "tbody": "rowgroup",
    "tr": "row",
    "td": "cell",
}


def _tables(tree) -> list[str]:
    """A table becomes cards on a narrow screen: it says its roles, and each cell its column."""
    found = []
    for table in tree.iter("table"):
        found += [f"a {e.tag} without its role" for e in table.iter() if not _has_role(e)]
        heads = [th for th in table.iter("th") if th.get("scope") == "col"]
        named = [None if th.find("span") is not None else words(th) for th in heads]
        rows = {tuple(cell.get("data-label") for cell in row[1:]) for row in table.find("tbody")}
        if rows - {tuple(named[1:])}:
            found.append(f"cells not labelled as their columns: {rows}")
    return found


def _has_role(element) -> bool:
    if element.tag == "th":
        return element.get("role") == f"{_scope(element)}header"
    return element.tag not in TABLE_ROLES or element.get("role") == TABLE_ROLES[element.tag]


def _scope(element) -> str:
    return {"col": "column"}.get(element.get("scope"), element.get("scope"))


def _named(element) -> bool:
    return bool(words(element) or element.get("aria-label"))
