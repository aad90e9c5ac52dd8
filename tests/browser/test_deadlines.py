"""A deadline passes on the demo's clock; the superior is told, acts, and it ends with the task."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect

OBSERVED = {
    "what": "Said at the gate: “The day we take this wing, the guards go first.”",
    "when": "@today-1D",
    "where": "Yard, wing A",
    "source": "own",
    "harm": "violence",
    "other_explanation": "provocation",
    "contrary": "He laughed afterwards and went back to work.",
}
LOOKED = {"first_look": "open", "reasons": "A threat that a colleague heard as well."}


@pytest.fixture
def case(desk):
    desk.act_as("custody.north")
    desk.open(f"/observations/new/{desk.house.person('N-9002')}")
    assert desk.fill(desk.worded(OBSERVED)) == []
    desk.press_submit()
    return desk.house.case("N-9002")


def move_the_clock(desk, how: str) -> None:
    """From the banner; then the embedded clock looks, as it does every second."""
    desk.press(desk.page.get_by_role("link", name="Move the clock"))
    desk.press(desk.page.get_by_role("button", name=how))
    expect(desk.page.locator(".app-note--success")).to_contain_text("The demo's time is now")
    desk.house.look()


def test_a_passed_deadline_opens_a_task_for_the_superior_until_the_task_is_done(desk, case):
    before = desk.page.locator(".app-demo__time").text_content()
    desk.act_as("lead.north")
    task = desk.take(case, "detection_first_look")
    expect(desk.page.locator('section[aria-labelledby="deadline"]')).to_contain_text("March 2026")
    move_the_clock(desk, "One week on")
    expect(desk.page.locator(".app-demo__time")).not_to_have_text(before or "")

    desk.act_as("management.north")
    act = desk.take(case, "escalation_act")
    expect(desk.page.locator("main")).to_contain_text(re.compile("overdue", re.I))
    desk.open("/oversight")
    late = desk.page.locator("section", has=desk.page.locator("h2", has_text="Overdue"))
    expect(late.first).to_contain_text("First look")
    expect(late.first).to_contain_text(re.compile(r"\d days late"))

    desk.act_as("lead.north")
    desk.open("/work")
    expect(desk.page.locator(".govuk-notification-banner")).to_contain_text("Escalated")
    expect(desk.page.locator(".app-badge")).to_have_text("urgent")
    row = desk.page.get_by_role("row").filter(has=desk.page.locator(f'a[href="/tasks/{task}"]'))
    expect(row).to_contain_text("Overdue")
    desk.do(case, "detection_first_look", LOOKED)
    desk.house.look()

    desk.act_as("management.north")
    desk.open(f"/tasks/{act}")
    expect(desk.heading()).to_have_text("This task has already been done")
    expect(desk.page.locator("main")).to_contain_text("is no longer needed")
    desk.act_as("coordinator.north")
    desk.open(f"/cases/{case}")
    expect(desk.page.locator('section[aria-labelledby="tasks"]')).not_to_contain_text("Escalated")
    expect(desk.page.locator(".app-timeline")).to_contain_text("was told")


def test_the_clock_moves_to_the_next_deadline_and_never_back(desk):
    desk.act_as("lead.north")
    desk.open("/demo/clock")
    ahead = shown_moment(desk, 2)
    move_the_clock(desk, "To the next deadline")
    assert timedelta() <= shown_moment(desk, 0) - ahead <= timedelta(minutes=1)
    expect(desk.page.get_by_role("button", name=re.compile("back", re.I))).to_have_count(0)


def shown_moment(desk, row: int) -> datetime:
    """A moment of the clock page: demo time, real time, next deadline."""
    words = desk.page.locator(".govuk-summary-list__value").nth(row).text_content() or ""
    return datetime.strptime(words.strip(), "%d %B %Y, %H:%M")
