"""Every form of the product, met where a scenario asks for it: as it is, and with its faults."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from casework import access
from casework.database import session_factory
from casework.player import Player
from casework.scenarios import ScenarioStep, read_scenario
from casework.stage import Played
from casework.tables import UserAccount
from processes.tables import HumanTask, ProcessInstance, ProcessVersion
from tests.browser.examining import Examiner
from tests.pages.conftest import estate  # noqa: F401  the shared database
from tests.pages.estate import SCENARIOS, open_house

FIRST = (
    "raters-differ",
    "detection-found-wrongful",
    "released-with-support",
    "no-eligible-rater",
    "court-orders-otherwise",
    "one-person-one-case",
    "overdue",
    "grids-never-come",
    "died-meanwhile",
    "unflagged-practice",
)
"""Together these ask for every form of detection; the others for those of the commission."""

NONE = ""


def all_scenarios() -> list[str]:
    names = sorted(path.stem for path in SCENARIOS.glob("*.toml"))
    return [*FIRST, *(name for name in names if name not in FIRST)]


class Stopping(Player):
    """A player who lets the walk look before each task."""

    def __init__(self, walk: Walk, house) -> None:
        super().__init__(house.platform, session_factory(house.engine), house.north, house.clock())
        self.walk = walk

    def step(self, step: ScenarioStep) -> None:
        if step.do == "complete":
            self.walk.house.clock.set(self.played.now)
            self.walk.meet(self.played, step.given["task"])
        if step.do != "expect":  # other cases stand in this house; the scenarios' own test looks
            super().step(step)


class Walk:
    """Plays scenarios and stops before every form that it has not met yet."""

    def __init__(self, desk, served, *, thorough: bool) -> None:
        self.desk = desk
        self.served = served
        self.house = served.house
        self.thorough = thorough
        self.forms = forms_by_step(served.house)
        self.examiner = Examiner()
        self.met: set[str] = set()
        self.found: list[str] = []

    def play(self, name: str, folder: Path, made: Path) -> None:
        """Play a scenario, as far as it asks for new forms, in a house of its own."""
        scenario = read_scenario(SCENARIOS / f"{name}.toml")
        asked = [self.form_of(step) for step in scenario.steps]
        new = [asked.index(form) for form in set(asked) - self.met]
        if not new:
            return
        self.served.close()
        with open_house(made, folder / name) as self.house:
            self.served.reopen(self.house)
            self.desk.house = self.house
            steps = scenario.steps[: max(new) + 1]
            Stopping(self, self.house).play(replace(scenario, steps=steps))

    def form_of(self, step: ScenarioStep) -> str | None:
        """The form that a step fills in; one that is none has been met."""
        self.met.add(NONE)
        return self.forms[step.given["task"]] if step.do == "complete" else NONE

    def meet(self, played: Played, element: str) -> None:
        if self.forms[element] in self.met:
            return
        self.met.add(self.forms[element])
        task_id = self.house.task(played.case_id, element, played.file_id)
        with self.house.reading() as session:
            task = session.get_one(HumanTask, task_id)
            logins = self.whoever_may(session, task)
            version = session.get_one(ProcessInstance, task.instance_id).version_id
            form = self.house.platform.models.form(session, version, task.form)
        self.sit_before(f"/tasks/{task_id}", logins)
        if len(form.sections) > 1:
            self.meet_sections(f"/tasks/{task_id}", form)
        elif any(field.bounds.required for field in form.fields.values()):
            self.desk.press_submit()  # empty: with an answer some forms would be complete
            self.open_more()
        self.look()

    def meet_sections(self, address: str, form) -> None:
        if self.thorough:
            self.look()
        for section in form.sections if self.thorough else form.sections[:1]:
            self.desk.open(f"{address}/{section.key}")
            if self.thorough:
                self.look()
            self.open_more()
            self.look()
        self.desk.open(f"{address}/check")

    def open_more(self) -> None:
        """Give the first answer that opens questions."""
        steering = self.desk.page.locator('#fields input[type="radio"][data-steers]')
        if steering.count():
            self.desk.swap(steering.first.check)

    def look(self) -> None:
        self.found += self.examiner.faults(self.desk.page)

    def sit_before(self, address: str, logins: list[str]) -> None:
        """Open the task as somebody who may send it, not only see it."""
        for login in logins:
            self.desk.context.clear_cookies()
            self.desk.page.goto("about:blank")
            self.desk.act_as(login)
            self.desk.open(address)
            if self.desk.page.locator('form#answers, main a[role="button"]').count():
                return
        raise AssertionError(f"none of {logins} may send {address}")

    def whoever_may(self, session, task) -> list[str]:
        found = []
        for login, user_id in self.house.north.users.items():
            account = session.get_one(UserAccount, user_id)
            viewer = access.viewer(session, account, self.house.clock().date())
            if task.holder_id in (None, user_id) and access.may_see_task(session, viewer, task):
                found.append(login)
        return found


@pytest.mark.parametrize("thorough", [False, pytest.param(True, marks=pytest.mark.prove)])
def test_every_form_with_a_task(desk, served, estate, tmp_path, thorough):  # noqa: F811
    """By `make test` each form of detection with its faults, by `make prove` every section of
    every form."""
    walk = Walk(desk, served, thorough=thorough)
    for name in all_scenarios() if thorough else FIRST:
        walk.play(name, tmp_path, estate)
    assert not walk.found, "\n".join(walk.found)
    if thorough:
        assert set(walk.forms.values()) - walk.met == set()


def forms_by_step(house) -> dict[str, str]:
    """The form of every task of the deployed models."""
    with house.reading() as session:
        versions = session.scalars(
            select(ProcessVersion).where(ProcessVersion.agency_id == house.north.agency_id)
        )
        models = [house.platform.models.model(session, version.id) for version in versions]
    elements = [element for model in models for element in model.elements.values()]
    return {e.id: e.form for e in elements if e.form and e.kind == "userTask"}
