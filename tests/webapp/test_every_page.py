"""Every page that can be asked for, for every function and language, is valid."""

from __future__ import annotations

import re

import pytest

from tests.webapp.pages import check_page, faults
from tests.webapp.walk import observe

LOGINS = (
    "custody.north",
    "lead.north",
    "probation.north",
    "director.north",
    "coordinator.north",
    "management.north",
    "governor.north",
    "support.north",
    "registry.north",
    "chaplaincy.north",
    "secretary.north",
    "region",
    "reader",
    "records",
    "dpo",
    "oversight",
    "stranger",
)
IN_SWEDISH = ("lead.north", "coordinator.north", "governor.north")
"""Together they see almost every page."""
LANGUAGES = ("en", "fr", "sv")
WALKS = (
    *((login, ("en", "fr")[place % 2]) for place, login in enumerate(LOGINS)),
    *((login, "sv") for login in IN_SWEDISH),
)
"""Each function once, in turn in English and French; the long form walks each in each language."""
OTHERS = tuple(
    (login, language)
    for login in LOGINS
    for language in LANGUAGES
    if (login, language) not in WALKS
)
STARTS = ("/work", "/cases", "/cases?state=all", "/oversight", "/models", "/notifications")
MORE = ("/observations/new", "/observations/ordinary", "/work?due=overdue&whose=mine&search=x")
OURS = re.compile(r"^/(work|cases|tasks|entries|oversight|models|notifications|observations|forms)")
DEEPEST = 60


@pytest.mark.parametrize(("login", "language"), WALKS)
def test_every_page_a_function_can_reach_is_valid(house, login, language):
    walk(house, login, language)


@pytest.mark.prove
@pytest.mark.parametrize(("login", "language"), OTHERS)
def test_every_page_a_function_can_reach_is_valid_in_the_other_languages(house, login, language):
    walk(house, login, language)


def walk(house, login, language):
    observe(house)
    reader = house.sign_in(login, language)
    waiting, seen = [*STARTS, *MORE], set()
    while waiting and len(seen) < DEEPEST:
        address = waiting.pop(0)
        if address in seen:
            continue
        seen.add(address)
        answer = reader.get(address)
        if answer.mimetype != "text/html":
            continue
        check_page(answer)
        waiting += [href for href in _links(reader) if href not in seen]


def _links(reader) -> list[str]:
    found = []
    for link in reader.tree.iter("a"):
        href = (link.get("href") or "").split("#")[0]
        if OURS.match(href):
            found.append(href)
    return found


def test_the_checks_find_what_they_are_for():
    page = (
        "<!DOCTYPE html><html><head><title>Other</title></head><body><h1>One</h1><h1 id=a>Two</h1>"
        "<p id=a></p><input name=b><a href='#gone'></a></body></html>"
    )
    told = " ".join(faults(page))
    for part in ("2 h1", "id a stands 2", "has no label", "#gone points nowhere", "empty a"):
        assert part in told
