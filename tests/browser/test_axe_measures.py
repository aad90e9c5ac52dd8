"""Measures and sessions in their full states, and forms refused, are without fault for axe."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from casework.database import session_factory
from casework.demo import play
from casework.scenarios import read_scenario
from tests.browser.desk import Desk
from tests.browser.examining import Examiner

SENDING = "main form[method=post] button.govuk-button:not(.govuk-button--secondary)"
IN_FORCE, PREPARING = "N-2106", "N-2107"
"""Flint, whose measures end soon; Gale, whose time to prepare for the hearing runs."""


@pytest.fixture(scope="module")
def told(served):
    """Two of the demo's stories in this house."""
    house = served.house
    for name in ("flint", "gale"):
        story = play.Told(read_scenario(play.CASES / f"{name}.toml"), name.title(), 0)
        play.play_case(
            house.platform, session_factory(house.engine), house.north, story, house.clock()
        )
    return house


def refused(desk: Desk, address: str) -> None:
    """Send the empty form: each fault is named, and its link leads to the question."""
    desk.open(address)
    desk.press(desk.page.locator(SENDING).first)
    summary = desk.page.locator(".govuk-error-summary")
    expect(summary).to_be_focused()
    for link in summary.get_by_role("link").all():
        target = (link.get_attribute("href") or "").lstrip("#")
        assert desk.page.locator(f'[id="{target}"]').count() == 1, f"{address}: {target}"
    expect(desk.page).to_have_title(re.compile("^(Error|Erreur)"))


@pytest.mark.parametrize("language", ["English", "Français"])
def test_measures_in_force_and_forms_that_are_refused(sit_down, told, language):
    examiner, found = Examiner(), []
    flint, gale = told.case(IN_FORCE), told.case(PREPARING)
    desk = sit_down("governor.north")
    if language != "English":
        desk.press(desk.page.get_by_role("button", name=language))

    def look_at(address: str, sign: str) -> None:
        desk.open(address)
        expect(desk.page.locator(sign).first).to_be_visible()
        found.extend(examiner.faults(desk.page))

    look_at("/to-sign", "section:has(#ending) table")
    look_at(f"/cases/{flint}", 'section[aria-labelledby="measures"] dl')
    for address in ("/delegations", f"/cases/{flint}/begin/F-URGENT"):
        refused(desk, address)
        found += examiner.faults(desk.page)
    desk.act_as("registry.north")
    look_at(f"/cases/{gale}/pause", "input[type=radio]")
    refused(desk, f"/cases/{gale}/pause")
    found += examiner.faults(desk.page)
    desk.act_as("secretary.north")
    refused(desk, "/sessions/plan")
    found += examiner.faults(desk.page)
    if language != "English":
        desk.press(desk.page.get_by_role("button", name="English"))
    assert not found
