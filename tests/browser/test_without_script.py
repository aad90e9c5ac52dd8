"""Everything works without script: conditions by “Continue”, repeated items by their buttons."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

OBSERVED = {
    "what": "Told two others: whoever does not pray with us pays with his canteen.",
    "when": "@today-1D",
    "where": "Dining room",
    "source": "own",
    "harm": "influence",
    "special": True,
    "other_explanation": "other",
    "contrary": "Both say that they paid of their own will.",
}
OPENED = {
    "necessity": "The words tie a payment to prayer; without them the pressure is not understood.",
    "other_text": "He collects for a common meal.",
}


@pytest.fixture
def plain(sit_down):
    return sit_down(java_script_enabled=False)


def test_an_observation_is_recorded_without_script(plain):
    plain.sign_in("custody.north")
    plain.open("/observations/new")
    plain.press(plain.page.get_by_role("link", name="Larch"))
    expect(plain.page.locator('[name="necessity"]')).to_have_count(0)
    assert plain.fill(plain.worded(OBSERVED)) == []
    plain.press_submit()
    for name in OPENED:
        expect(plain.page.locator(f'[name="{name}"]')).to_be_visible()
    expect(plain.page.locator('[name="what"]')).to_have_value(OBSERVED["what"])
    plain.press_submit()
    summary = plain.page.locator(".govuk-error-summary")
    expect(summary.get_by_role("link")).to_have_count(2)
    expect(plain.page).to_have_title(re.compile("^Error: "))
    assert plain.fill(plain.worded(OPENED)) == []
    plain.press_submit()
    expect(plain.heading()).to_have_text("Observation sent")


def test_items_of_a_grid_are_added_and_removed_without_script(plain):
    house = plain.house
    plain.sign_in("management.north")
    case = house.case("N-2102")
    plain.take(case, "blind_grids_management")
    plain.press(plain.page.locator('main a[role="button"]'))
    form = plain.page.locator("form#answers")
    name = "g3_incidents_statements"
    plain.fill([("g3_incidents_observed", "observed")])
    plain.press_submit()
    expect(form.locator(f'[name="{name}-0-what"]')).to_be_visible()
    plain.fill([(f"{name}-0-what", "The first report.")])
    plain.press(form.locator(f'[name="_add"][value="{name}"]'))
    expect(form.locator(f'[name="{name}-0-what"]')).to_have_value("The first report.")
    plain.fill([(f"{name}-1-what", "The second report.")])
    plain.press(form.locator('[name="_remove"]').first)
    expect(form.locator(f'[name="{name}-0-what"]')).to_have_value("The second report.")
    expect(form.locator(f'[name="{name}-1-what"]')).to_have_count(0)
    expect(plain.page).to_have_url(re.compile("/tasks/"))
