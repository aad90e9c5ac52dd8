"""By keyboard alone, on a narrow screen, in French, with the diagram; and no page complains."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from casework.demo import play
from casework.demo.world import PASSWORD
from processes.tables import ProcessVersion

NARROW = {"width": 400, "height": 800}
ENGLISH = re.compile(
    r"\b(the|and|of|with|your|you|this|task|case|work|answers|sent|who|what|when|where|nobody|"
    r"deadline|overdue|sign|record|has|have|been|not|for|from|cases|step)\b",
    re.IGNORECASE,
)
TYPED = frozenset(
    line
    for name in ("basalt.toml", "cobalt.toml")
    for line in re.findall(r'"([^"\n]+)"', (play.CASES / name).read_text("utf-8"))
)
"""What the invented staff typed stays in the language they typed it in."""

NOT_OURS = "script, [lang=en], main option, .app-typed"


@pytest.fixture
def addresses(served):
    """The main pages, with whom to open them as."""
    house = served.house
    basalt, cobalt = house.case("N-2102"), house.case("N-2103")
    with house.app.test_request_context():
        grid = house.app.url_for("work.task", task_id=house.task(basalt, "blind_grids_interview"))
        third = house.app.url_for("work.task", task_id=house.task(cobalt, "rate_and_hear_third"))
    section = next(iter(sections(house, grid)))
    with house.reading() as session:
        version = session.query(ProcessVersion.id).filter_by(
            agency_id=house.north.agency_id, model="detection"
        )[0][0]
    return {
        "coordinator.north": [
            "/work",
            "/cases",
            f"/cases/{basalt}",
            f"/cases/{cobalt}",
            "/oversight",
        ],
        "probation.north": [grid, section, f"{grid}/check", "/notifications"],
        "reader": [third],
        "custody.north": [
            "/observations/new",
            f"/observations/new/{house.person('N-9001')}",
            "/forms/F-OBS/blank",
            "/models",
            f"/models/{version}",
            "/demo/tour",
            "/demo/clock",
            "/cases/00000000-0000-0000-0000-000000000000",
        ],
    }


def sections(house, task: str) -> list[str]:
    from uuid import UUID

    from processes.tables import HumanTask, ProcessInstance

    with house.reading() as session:
        row = session.get_one(HumanTask, UUID(task.rsplit("/", 1)[1]))
        version = session.get_one(ProcessInstance, row.instance_id).version_id
        form = house.platform.models.form(session, version, row.form)
    return [f"{task}/{part.key}" for part in form.sections]


def test_no_main_page_is_wider_than_a_narrow_screen(sit_down, addresses):
    wide = []
    for login, pages in addresses.items():
        desk = sit_down(login, viewport=NARROW)
        for address in pages:
            page = desk.open(address)
            found = page.evaluate(
                "() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]"
            )
            if found[0] > found[1]:
                wide.append(f"{login} {address}: {found[0]} px")
    assert wide == []


def test_no_table_of_a_main_page_is_wider_than_a_narrow_screen(sit_down, addresses):
    wide = []
    for login, pages in addresses.items():
        desk = sit_down(login, viewport=NARROW)
        for address in pages:
            over = desk.open(address).evaluate(
                "() => [...document.querySelectorAll('.app-scroll')]"
                ".filter(e => e.scrollWidth > e.clientWidth).map(e => e.innerText)"
            )
            wide += [f"{login} {address}: {text}" for text in over]
    assert wide == []


def test_no_english_is_left_on_a_french_page(sit_down, addresses):
    left = []
    for login, pages in addresses.items():
        desk = sit_down(login)
        desk.press(desk.page.get_by_role("button", name="Français"))
        expect(desk.page.locator("html")).to_have_attribute("lang", "fr")
        for address in pages:
            page = desk.open(address)
            left += [f"{login} {address}: {line}" for line in english_lines(page)]
        desk.press(desk.page.get_by_role("button", name="English"))
    assert not left, "\n".join(left)


def english_lines(page: Page) -> list[str]:
    """Lines that read as English, but for what people typed and what is marked as English."""
    lines = page.evaluate(
        """skip => {
            const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
            const found = [];
            while (walker.nextNode()) {
                const node = walker.currentNode;
                if (node.parentElement.closest(skip)) continue;
                const words = node.textContent.trim().replace(/\\s+/g, ' ');
                if (words) found.push(words);
            }
            return found;
        }""",
        NOT_OURS,
    )
    return [line for line in lines if is_english(line) and line not in TYPED]


def is_english(line: str) -> bool:
    """Two different words that no French sentence has."""
    return len({word.lower() for word in ENGLISH.findall(line)}) > 1


def test_the_diagram_shows_and_marks_where_the_case_stands(sit_down, served):
    house = served.house
    task = house.task(house.case("N-2102"), "blind_grids_interview")
    desk = sit_down("probation.north")
    page = desk.open(f"/tasks/{task}")
    page.locator("[data-diagram]").first.scroll_into_view_if_needed()
    current = page.locator('[data-element-id="blind_grids_interview"].is-current')
    expect(current).to_have_count(1)
    expect(page.locator(".app-diagram__flag").first).to_have_text("Here now")
    expect(page.locator("#place-words")).to_contain_text("What can come next")
    desk.act_as("coordinator.north")
    page = desk.open(f"/cases/{house.case('N-2102')}")
    expect(page.locator(".app-diagram .is-current").first).to_be_visible()
    expect(page.locator(".app-diagram .is-done").first).to_be_attached()


def test_words_of_three_lines_begin_below_the_icon_of_their_task(sit_down, served):
    house = served.house
    with house.reading() as session:
        version = session.scalars(
            select(ProcessVersion.id).where(
                ProcessVersion.agency_id == house.north.agency_id,
                ProcessVersion.model == "individual-supervision",
            )
        ).one()
    page = sit_down("coordinator.north").open(f"/models/{version}")
    figure = page.locator('[data-diagram*="/contact-watch.bpmn"]')
    figure.scroll_into_view_if_needed()
    drawn = page.locator('[data-element-id="contact_watch_restore"] .djs-visual')
    expect(drawn.locator("> text tspan")).to_have_count(3)
    words = drawn.locator("> text").bounding_box()
    icon = drawn.locator("> path").first.bounding_box()
    assert words["y"] >= icon["y"] + icon["height"] - 1


def test_from_signing_in_to_a_sent_task_by_keyboard_alone(sit_down, served):
    """Last in this file: the task is done afterwards."""
    house = served.house
    task = house.task(house.case("N-2103"), "rate_and_hear_third")
    page = sit_down().open("/sign-in")
    tab_to(page, page.get_by_label("Login"))
    page.keyboard.type("reader")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_title(re.compile("My work"))

    page.keyboard.press("Tab")
    expect(page.locator(".govuk-skip-link")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main-content")).to_be_focused()

    follow(page, page.locator(f'main a[href="/tasks/{task}"]').first)
    for name in ("for_concern", "for_no_concern", "would_decide"):
        tab_to(page, page.locator(f'[name="{name}"]'))
        page.keyboard.type("Written by keyboard alone, and long enough to count as a reason.")
    tab_to(page, page.locator('[name="reading"]').first)
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    expect(page.locator('[name="reading"]').nth(1)).to_be_checked()
    tab_to(page, page.locator('[name="reasons"]'))
    page.keyboard.type("Both texts rest on the same two sentences, heard by two people.")
    follow(page, page.get_by_role("button", name="Send", exact=True))
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^Done: "))


def tab_to(page: Page, wanted) -> None:
    for _ in range(80):
        page.keyboard.press("Tab")
        if wanted.evaluate("e => e === document.activeElement"):
            return
    raise AssertionError(f"cannot be reached by keyboard: {wanted}")


def follow(page: Page, link) -> None:
    """Reach a link or button by keyboard, and press it."""
    tab_to(page, link)
    with page.expect_navigation(wait_until="domcontentloaded"):
        page.keyboard.press("Enter")
