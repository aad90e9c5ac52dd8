"""Every page of every function, and every page in error, is without fault for axe."""

from __future__ import annotations

import re
from collections.abc import Iterator
from uuid import UUID

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from processes.tables import HumanTask
from tests.browser.examining import Examiner
from tests.pages import matrix

ROLES = (
    "coordinator.north",
    "custody.north",
    "custody2.north",
    "lead.north",
    "probation.north",
    "director.north",
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
)
IN_FRENCH = ("coordinator.north", "custody.north")
SENDING = "main form[method=post] .govuk-button-group .govuk-button"
OBSERVED = {
    "what": "Told a newcomer to pay for his place at the table.",
    "when": "@today-1D",
    "where": "Dining room",
    "source": "own",
    "harm": "influence",
    "other_explanation": "belonging",
    "contrary": "The newcomer says it was a joke.",
}
OF_EACH_KIND = 2
"""Rows of one kind that a function's pages are asked for, where it may see many."""


@pytest.fixture(scope="module")
def examiner() -> Examiner:
    """Each way in which pages are built is looked at once."""
    return Examiner(by_shape=True)


@pytest.fixture(scope="module")
def thorough() -> Examiner:
    """Every page is looked at."""
    return Examiner()


def addresses(house, login: str, at_most: int) -> list[str]:
    """What a function may open: every route, with real rows, open tasks first."""
    with house.reading() as session:
        still_open = set(session.scalars(select(HumanTask.id).where(HumanTask.state == "open")))
        asked = [a for a in matrix.asked(house, session, login) if a.expected == 200]
    asked.sort(key=lambda a: a.subject not in still_open)
    chosen: list[str] = []
    for endpoint in dict.fromkeys(a.endpoint for a in asked):
        own = [a.address for a in asked if a.endpoint == endpoint]
        chosen += own[:at_most]
    return [address for address in chosen if not address.endswith((".bpmn", "live", "ready"))]


def examine(desk, examiner: Examiner, pages: list[str]) -> Iterator[str]:
    for address in pages:
        answer = desk.context.request.get(address)
        if answer.headers["content-type"].startswith("text/html") and examiner.is_new(
            answer.text()
        ):
            desk.open(address)
            yield from examiner.faults(desk.page)


@pytest.mark.parametrize("login", ROLES)
def test_every_page_that_a_function_may_open(sit_down, served, examiner, login):
    desk = sit_down(login)
    assert not list(examine(desk, examiner, addresses(served.house, login, OF_EACH_KIND)))


@pytest.mark.parametrize("login", IN_FRENCH)
def test_main_pages_in_french(sit_down, served, examiner, login):
    desk = sit_down(login)
    desk.press(desk.page.get_by_role("button", name="Français"))
    assert not list(examine(desk, examiner, addresses(served.house, login, 1)))
    desk.press(desk.page.get_by_role("button", name="English"))


@pytest.mark.prove
@pytest.mark.parametrize("language", ["English", "Français"])
@pytest.mark.parametrize("login", ROLES)
def test_every_page_with_every_row_in_both_languages(sit_down, served, thorough, login, language):
    desk = sit_down(login)
    if language != "English":
        desk.press(desk.page.get_by_role("button", name=language))
    assert not list(examine(desk, thorough, addresses(served.house, login, 1000)))
    if language != "English":
        desk.press(desk.page.get_by_role("button", name="English"))


def test_pages_before_signing_in_and_pages_that_refuse(sit_down, served, examiner):
    desk, found = sit_down(), []
    for address in ("/sign-in", "/demo/tour", "/no-such-page"):
        desk.open(address)
        found += examiner.faults(desk.page)
    desk.open("/sign-in")
    desk.page.get_by_label("Login").fill("nobody")
    desk.press(desk.page.get_by_role("button", name="Sign in"))
    expect(desk.page.locator(".govuk-error-summary")).to_be_focused()
    found += examiner.faults(desk.page)
    desk.open("/sign-in")
    desk.page.evaluate("() => document.querySelector('main [name=csrf_token]').remove()")
    desk.press(desk.page.get_by_role("button", name="Sign in"))
    found += examiner.faults(desk.page)
    assert not found


def test_pages_in_error_name_and_link_each_fault(sit_down, served, examiner):
    house = served.house
    case, found = house.case("N-2103"), []
    task = house.task(case, "rate_and_hear_third")

    def refused(desk, address: str) -> None:
        if address:
            desk.open(address)
        desk.press(desk.page.locator(SENDING).first)
        summary = desk.page.locator(".govuk-error-summary")
        expect(summary).to_be_focused()
        for link in summary.get_by_role("link").all():
            target = (link.get_attribute("href") or "").lstrip("#")
            assert desk.page.locator(f'[id="{target}"]').count() == 1, f"{address}: {target}"
        expect(desk.page).to_have_title(re.compile("^Error: "))
        found.extend(examiner.faults(desk.page))

    officer = sit_down("custody.north")
    refused(officer, f"/observations/new/{house.person('N-9001')}")
    assert officer.fill(officer.worded(OBSERVED)) == []
    officer.press_submit()
    found += examiner.faults(officer.page)
    triage = house.task(house.case("N-9001"), "detection_first_look")
    refused(sit_down("lead.north"), f"/tasks/{triage}")
    refused(sit_down("lead.north"), f"/tasks/{triage}/hand-back")
    refused(sit_down("reader"), f"/tasks/{task}")
    refused(sit_down("director.north"), f"/oversight/tasks/{grid_of(house)}/reassign")
    refused(sit_down("oversight"), f"/entries/{entry_of(house, case)}")
    refused(sit_down("coordinator.north"), f"/cases/{case}/interruption")
    refused(sit_down("registry.north"), "/register")
    assert not found


def grid_of(house) -> UUID:
    return house.task(house.case("N-2102"), "blind_grids_interview")


def entry_of(house, case: UUID) -> UUID:
    from casework.tables import RecordEntry

    with house.reading() as session:
        wanted = select(RecordEntry.id).where(
            RecordEntry.case_id == case, RecordEntry.layer == "L1"
        )
        return next(iter(session.scalars(wanted)))


def test_a_drawn_diagram(sit_down, served, examiner):
    house = served.house
    desk = sit_down("coordinator.north")
    desk.open(f"/cases/{house.case('N-2102')}")
    expect(desk.page.locator(".app-diagram__flag").first).to_be_visible()
    assert not examiner.faults(desk.page)
