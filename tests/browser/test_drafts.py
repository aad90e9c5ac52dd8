"""Nothing typed is lost: signed out, tab closed, server started anew, somebody else was first."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.pages.estate import open_house

TYPED = "Ran to the door and shouted that nobody leaves alive."
OBSERVED = {
    "what": TYPED,
    "when": "@today-1D",
    "where": "Workshop",
    "source": "own",
    "harm": "violence",
    "other_explanation": "grievance",
    "contrary": "Sat down when he was told to.",
}


@pytest.fixture(scope="module")
def triage(served):
    """A first look that waits; gives its address."""

    def make(sit_down, number: str) -> str:
        officer = sit_down("custody.north")
        officer.open(f"/observations/new/{served.house.person(number)}")
        assert officer.fill(officer.worded(OBSERVED)) == []
        officer.press_submit()
        case = served.house.case(number)
        return f"/tasks/{served.house.task(case, 'detection_first_look')}"

    return make


def type_and_wait(page, text: str) -> None:
    with page.expect_response(lambda answer: "/draft" in answer.url):
        page.get_by_label("What was done or said?").fill(text)
    expect(page.locator("[data-draft-status]")).to_have_text(re.compile(r"^Saved \d\d:\d\d$"))


def test_a_draft_survives_signing_out_a_closed_tab_and_a_new_start(served, sit_down):
    address = f"/observations/new/{served.house.person('N-9001')}"
    desk = sit_down()
    desk.sign_in("custody2.north")
    desk.open(address)
    type_and_wait(desk.page, TYPED)
    desk.sign_out()
    desk.sign_in("custody2.north")
    desk.open(address)
    expect(desk.page.get_by_label("What was done or said?")).to_have_value(TYPED)

    type_and_wait(desk.page, TYPED + " Twice.")
    desk.page.close()
    desk.page = desk.new_tab()
    desk.open("/observations/new")
    desk.press(desk.page.get_by_role("link", name="Go on with"))
    expect(desk.page.get_by_label("What was done or said?")).to_have_value(TYPED + " Twice.")

    type_and_wait(desk.page, TYPED + " Three times.")
    served.close()
    served.house.engine.dispose()
    with open_house(served.house.folder, served.house.folder) as house:
        served.reopen(house)
    desk.page.reload()
    expect(desk.page.get_by_label("What was done or said?")).to_have_value(TYPED + " Three times.")
    expect(desk.page.locator("[data-draft-status]")).to_contain_text("Saved")


def test_of_two_tabs_the_second_is_told_who_and_when_and_keeps_what_was_typed(triage, sit_down):
    desk = sit_down()
    address = triage(sit_down, "N-9002")
    desk.act_as("lead.north")
    first, second = desk.page, desk.new_tab()
    first.goto(address)
    second.goto(address)
    for page, why in ((first, "A threat before others."), (second, "A joke, and a bad one.")):
        desk.page = page
        assert desk.fill([("first_look", "open"), ("reasons", why)]) == []
    desk.page = first
    desk.answer({})
    expect(desk.heading()).to_have_text(re.compile("^Done: "))
    desk.page = second
    desk.press_submit()
    expect(desk.heading()).to_have_text("Not sent: this task has already been done")
    main = second.locator("main")
    expect(main).to_contain_text("was completed by Unit lead, wing A (N-110)")
    expect(main).to_contain_text("10 March 2026")
    expect(main).to_contain_text("A joke, and a bad one.")


def test_two_windows_with_one_draft_do_not_write_over_each_other(triage, sit_down):
    desk = sit_down()
    address = triage(sit_down, "N-9001")
    desk.act_as("lead.north")
    older, newer = desk.page, desk.new_tab()
    older.goto(address)
    newer.goto(address)
    newer.locator('[name="reasons"]').fill("The newer text.")
    expect(newer.locator("[data-draft-status]")).to_contain_text("Saved")
    older.locator('[name="reasons"]').fill("The older text.")
    expect(older.locator("[data-draft-status]")).to_contain_text("another window")
    expect(older.locator('[name="reasons"]')).to_have_value("The older text.")
    newer.reload()
    expect(newer.locator('[name="reasons"]')).to_have_value("The newer text.")


def test_a_button_pressed_while_a_draft_is_on_its_way_waits_for_it(served, sit_down):
    desk = sit_down("custody3.north")
    desk.open(f"/observations/new/{served.house.person('N-9002')}")
    held = []
    desk.page.route("**/draft", lambda route: held.append((route, route.fetch())))
    assert desk.fill(desk.worded(OBSERVED)) == []
    while not held:
        desk.page.evaluate("1")
    desk.page.locator("form#answers .govuk-button-group button").first.click()
    expect(desk.heading()).not_to_have_text(re.compile("^Done: "))
    (route, answer), *_ = held
    with desk.page.expect_navigation(wait_until="domcontentloaded"):
        route.fulfill(response=answer)
    expect(desk.page.locator("main")).not_to_contain_text("another window")
    assert served.house.case("N-9002")
