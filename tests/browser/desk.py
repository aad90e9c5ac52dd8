"""Somebody before a browser: opens pages, fills in forms, presses buttons, as staff do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, expect

from casework.demo.world import PASSWORD
from casework.scenarios import as_posted
from tests.pages.estate import House

expect.set_options(timeout=10_000)

RELATIVE = re.compile(r"^@today(?:([+-])(\d+)D)?$")
ISO = re.compile(r"^(\d{4})-(\d\d)-(\d\d)$")
SWAPPING = re.compile(r"htmx-(request|swapping|settling|added)")
CONFIRM = {
    "en": re.compile("^(Confirm and send|Send)$"),
    "sv": re.compile("^(Bekräfta och skicka|Skicka)$"),
}
DONE = {"en": re.compile("^Done: "), "sv": re.compile("^Klart: ")}
AT_MOST = 40
"""Pages of one task, before something is wrong."""


class Desk:
    """One browser with its own cookies, and everything its pages complained of."""

    def __init__(
        self,
        house: House,
        context: BrowserContext,
        *,
        script: bool = True,
        language: str = "en",
    ) -> None:
        self.house = house
        self.context = context
        self.script = script
        self.language = language
        self.complaints: list[str] = []
        self.page = self.new_tab()

    def new_tab(self) -> Page:
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on("console", lambda said: self._hear(page, said))
        return page

    def _hear(self, page: Page, said: ConsoleMessage) -> None:
        told_by_status = said.text.startswith("Failed to load resource")
        if said.type in {"error", "warning"} and not told_by_status:
            self.complaints.append(f"{page.url}: {said.text}")

    # -- going about ---------------------------------------------------------------------

    def open(self, address: str) -> Page:
        self.page.goto(address, wait_until="domcontentloaded")
        return self.page

    def sign_in(self, login: str) -> None:
        self.open("/sign-in")
        self.page.get_by_label("Login").fill(login)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in").click()
        expect(self.page).to_have_title(re.compile("My work"))

    def act_as(self, login: str) -> None:
        """Switch in the demo's bar."""
        if self.page.url == "about:blank" or not self.page.locator("#demo-role").count():
            self.open("/demo/tour")
        self.page.locator("#demo-role").select_option(str(self.house.user(login)))
        self.press(self.page.locator(".app-demo__button"))
        expect(self.page.locator(".app-note")).to_be_visible()

    def sign_out(self) -> None:
        self.page.get_by_role("button", name="Sign out").click()
        expect(self.page).to_have_title(re.compile("Sign in"))

    def heading(self) -> Locator:
        return self.page.get_by_role("heading", level=1)

    # -- tasks ---------------------------------------------------------------------------

    def take(self, case_id: UUID, element: str) -> UUID:
        """Open a task from My work, where it must stand."""
        task_id = self.house.task(case_id, element)
        self.open("/work")
        self.press(self.page.locator(f'main a[href="/tasks/{task_id}"]').first)
        expect(self.page).to_have_url(re.compile(str(task_id)))
        return task_id

    def do(self, case_id: UUID, element: str, answers: Mapping[str, Any]) -> None:
        """Answer a task's pages one after the other and send it."""
        self.take(case_id, element)
        self.answer(answers)
        expect(self.heading()).to_have_text(DONE[self.language])

    def answer(self, answers: Mapping[str, Any]) -> None:
        """Go through the pages of a task until it is done; every answer finds its question."""
        left = self.worded(answers)
        for _ in range(AT_MOST):
            if self.page.locator("form#answers").count():
                left = self.fill(left)
                self.press_submit()
            elif (onwards := self.page.locator('main a[role="button"]')).count():
                self.press(onwards)
            elif self.page.locator('input[name="_kept"]').count():
                self.press(self.page.get_by_role("button", name=CONFIRM[self.language]))
            else:
                break
        assert not left, f"never asked: {left} on “{self.heading().text_content()}”"

    def answer_until_refused(self, answers: Mapping[str, Any]) -> list[tuple[str, str]]:
        """Go through a task’s pages until one is refused; gives back what was not asked yet."""
        left = self.worded(answers)
        for _ in range(AT_MOST):
            if self.page.locator(".govuk-error-summary").count():
                break
            if self.page.locator("form#answers").count():
                left = self.fill(left)
                self.press_submit()
            elif (onwards := self.page.locator('main a[role="button"]')).count():
                self.press(onwards)
            else:
                self.press(self.page.get_by_role("button", name=CONFIRM[self.language]))
        return left

    def press_submit(self) -> None:
        self.press(self.page.locator("form#answers .govuk-button-group button").first)

    def press(self, link_or_button: Locator) -> None:
        """Press what leads to another page, and be there."""
        with self.page.expect_navigation(wait_until="domcontentloaded"):
            link_or_button.click()

    def fill(self, answers: list[tuple[str, str]]) -> list[tuple[str, str]]:
        """Fill in what this page asks; gives back what it did not ask."""
        return [(name, value) for name, value in answers if not self._put(name, value)]

    def _put(self, name: str, value: str) -> bool:
        form = self.page.locator("form#answers")
        self._add_items_for(form, name)
        field = form.locator(f'[name="{name}"]')
        if (found := ISO.match(value)) and form.locator(f'[name="{name}-day"]').count():
            for part, number in zip(("year", "month", "day"), found.groups(), strict=True):
                form.locator(f'[name="{name}-{part}"]').fill(str(int(number)))
            return True
        if not field.count():
            return False
        one_of = form.locator(f'[name="{name}"][value="{value}"]')
        kind = field.first.get_attribute("type") or field.first.evaluate("f => f.localName")
        if kind == "radio":
            self._steering(one_of, "check")
        elif kind == "checkbox":
            chosen = (
                field if field.count() == 1 else form.locator(f'[name="{name}"][value="{value}"]')
            )
            self._steering(chosen, "check" if value != "false" else "uncheck")
        elif kind == "select":
            self._steering(field, "select_option", value)
        else:
            self._steering(field, "fill", value)
        return True

    def _add_items_for(self, form: Locator, name: str) -> None:
        """Press “add” until the item of a repeated question is there."""
        found = re.match(r"^(.+)-(\d+)-", name)
        if not found or not form.locator(f'[name="_add"][value="{found[1]}"]').count():
            return
        add = form.locator(f'[name="_add"][value="{found[1]}"]')
        while not form.locator(f'[name^="{found[1]}-{found[2]}-"]').count():
            if self.script:
                self.swap(add.click)
            else:
                add.click()

    def _steering(self, field: Locator, act: str, *given: str) -> None:
        """Act on a field; one that steers brings other questions, which are waited for."""
        if act in {"check", "uncheck"} and field.is_checked() is (act == "check"):
            return
        if self.script and act != "fill" and field.get_attribute("data-steers"):
            self.swap(lambda: getattr(field, act)(*given))
        else:
            getattr(field, act)(*given)

    def swap(self, act: Any) -> None:
        """Do something that brings other questions, and wait until they are there."""
        with self.page.expect_response(lambda answer: "/fields" in answer.url):
            act()
        expect(self.page.locator("#fields")).not_to_have_class(SWAPPING)

    # -- words ---------------------------------------------------------------------------

    def worded(self, answers: Mapping[str, Any]) -> list[tuple[str, str]]:
        """Answers as a scenario writes them: logins become people, relative days become dates."""
        return [(name, self._word(value)) for name, value in as_posted(answers)]

    def _word(self, value: str) -> str:
        if value in self.house.north.users:
            return str(self.house.user(value))
        found = RELATIVE.match(value)
        if not found:
            return value
        days = int(found[2] or 0) * (-1 if found[1] == "-" else 1)
        return (self.today() + timedelta(days=days)).isoformat()

    def today(self) -> date:
        with self.house.reading() as session:
            return self.house.platform.case_now(session).date()
