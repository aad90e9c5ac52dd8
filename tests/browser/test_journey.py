"""One case from the observation to the commission, by many people, each at the own pages."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from casework.scenarios import read_scenario
from tests.pages.estate import SCENARIOS

NUMBER = "N-9001"
OTHER_READING = {"other_explanation": "other", "other_text": "Showing off before his friends."}


def told(name: str) -> dict[str, Any]:
    """What people answer in a scenario, by the step of the drawing; the last time counts."""
    answers: dict[str, Any] = {}
    for step in read_scenario(SCENARIOS / f"{name}.toml").steps:
        if step.do in {"start", "complete"}:
            answers[step.given.get("task", "start")] = step.given["answers"]
    return answers


@pytest.fixture(scope="module")
def answers() -> dict[str, Any]:
    return {**told("threat-and-prayer"), **told("threat-without-faith")}


def observe(desk, answers):
    """An officer writes down what was heard; an answer opens the question that belongs to it."""
    desk.act_as("custody.north")
    desk.page.get_by_role("link", name="Record an observation").first.click()
    desk.page.get_by_label("Name or number").fill("juniper")
    desk.page.get_by_role("button", name="Search").click()
    desk.page.get_by_role("link", name="Juniper").click()
    expect(desk.page.get_by_label("Say which explanation")).to_have_count(0)
    left = desk.fill(desk.worded({**answers["start"], **OTHER_READING}))
    assert left == []
    expect(desk.page.get_by_label("Say which explanation")).to_be_visible()
    desk.press_submit()
    expect(desk.heading()).to_have_text("Observation sent")
    expect(desk.page.locator("main")).to_contain_text("What happens next")
    return desk.house.case(NUMBER)


def test_a_case_goes_from_the_observation_to_the_commission(desk, answers):
    case = observe(desk, answers)
    desk.act_as("lead.north")
    desk.do(case, "detection_first_look", answers["detection_first_look"])
    desk.act_as("coordinator.north")
    desk.do(case, "basis_and_age_ground", answers["basis_and_age_ground"])
    desk.do(case, "inform_or_defer_notice", answers["inform_or_defer_notice"])
    desk.act_as("registry.north")
    desk.do(case, "tell_receive", answers["tell_receive"])
    desk.act_as("coordinator.north")
    raters = {k: v for k, v in answers["rate_and_hear_name"].items() if "advisor" not in k}
    desk.do(case, "rate_and_hear_name", raters)

    the_raters_work_blind(desk, case)
    for login, element in (
        ("custody2.north", "blind_grids_custody"),
        ("probation.north", "blind_grids_interview"),
        ("management.north", "blind_grids_management"),
    ):
        desk.act_as(login)
        desk.do(case, element, answers[element])
    desk.act_as("registry.north")
    desk.do(case, "rate_and_hear_statement", answers["rate_and_hear_statement"])

    desk.act_as("support.north")
    desk.do(case, "second_look_contrary", answers["second_look_contrary"])
    desk.act_as("reader")
    desk.do(case, "second_look_check", answers["second_look_check"])
    desk.act_as("coordinator.north")
    the_texts_stand_side_by_side(desk, case)
    desk.do(case, "detection_draft", answers["detection_draft"])
    desk.act_as("director.north")
    desk.do(case, "detection_decide", answers["detection_decide"])
    desk.act_as("coordinator.north")
    desk.do(case, "inform_or_defer_notice", answers["inform_or_defer_notice"])
    desk.act_as("registry.north")
    desk.do(case, "tell_receive", answers["tell_receive"])

    the_case_page_says_what_was_decided_and_who_answers_next(desk, case)


def the_raters_work_blind(desk, case):
    """A rater who asks for a colleague's grid, or for the answers in it, finds nothing there."""
    theirs = desk.house.task(case, "blind_grids_interview")
    for login in ("custody2.north", "management.north", "custody3.north"):
        desk.act_as(login)
        answer = desk.page.goto(f"/tasks/{theirs}")
        assert answer is not None
        assert answer.status == 404
        expect(desk.heading()).to_have_text("Page not found")


def the_texts_stand_side_by_side(desk, case):
    """Whoever drafts reads all three grids by item, in words and without any number."""
    desk.take(case, "detection_draft")
    main = desk.page.locator("main")
    expect(main).to_contain_text("Grid of the officer")
    shown = main.text_content() or ""
    assert not re.search(
        r"\b(scores?|\d+ points?|out of \d+|\d+ of \d+|total)\b", shown, re.IGNORECASE
    )


def the_case_page_says_what_was_decided_and_who_answers_next(desk, case):
    desk.act_as("coordinator.north")
    desk.open("/cases")
    desk.page.locator(f'a[href="/cases/{case}"]').click()
    main = desk.page.locator("main")
    expect(main.locator("section", has_text="Decisions").last).to_contain_text(
        "Refer to the commission"
    )
    waiting = main.locator('section[aria-labelledby="waiting"]')
    expect(waiting).to_contain_text(
        re.compile(
            r"Referred to the commission, since 10 March 2026, \d\d:\d\d, "
            r"owner Commission secretary \(CPU\), answer due \d+ \w+ 2026"
        )
    )
    expect(main).to_contain_text("No step waits for anyone.")
    for what in ("Something worrying seen or heard", "First look", "Grid of the officer"):
        expect(main.locator(".app-timeline")).to_contain_text(what)
