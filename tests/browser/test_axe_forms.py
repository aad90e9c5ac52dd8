"""Every form of the product, met where a scenario asks for it: as it is, and with its faults."""

from __future__ import annotations

from pathlib import Path

import pytest

from casework import access
from casework.database import session_factory
from casework.player import Player
from casework.scenarios import ScenarioStep, read_scenario
from casework.tables import UserAccount
from processes.tables import HumanTask, ProcessInstance
from tests.browser.examining import Examiner
from tests.pages.conftest import estate  # noqa: F401  the shared database
from tests.pages.estate import SCENARIOS, open_house

FIRST = (
    "deferral-expires",
    "threat-without-faith",
    "overdue",
    "no-eligible-rater",
    "one-person-one-case",
    "raters-differ",
)
STARTS = {"F-OBS", "F-REPORT", "F-INTERRUPT"}


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
            self.walk.meet(self.played.case_id, step.given["task"])
        if step.do != "expect":  # other cases stand in this house; the scenarios' own test looks
            super().step(step)


class Walk:
    """Plays scenarios and stops before every form that it has not met yet."""

    def __init__(self, desk, served, *, at_most: int) -> None:
        self.desk = desk
        self.served = served
        self.house = served.house
        self.at_most = at_most
        self.examiner = Examiner()
        self.met: set[str] = set()
        self.found: list[str] = []

    def play(self, name: str, folder: Path, made: Path) -> None:
        """Play a scenario in a house of its own, which takes the place of the one before."""
        self.served.close()
        with open_house(made, folder / name) as self.house:
            self.served.reopen(self.house)
            self.desk.house = self.house
            player = Stopping(self, self.house)
            player.play(read_scenario(SCENARIOS / f"{name}.toml"))

    def meet(self, case_id, element: str) -> None:
        task_id = self.house.task(case_id, element)
        with self.house.reading() as session:
            task = session.get_one(HumanTask, task_id)
            if task.form in self.met:
                return
            self.met.add(task.form)
            logins = self.whoever_may(session, task)
            version = session.get_one(ProcessInstance, task.instance_id).version_id
            form = self.house.platform.models.form(session, version, task.form)
        self.sit_before(f"/tasks/{task_id}", logins)
        self.found += self.examiner.faults(self.desk.page)
        if len(form.sections) > 1:
            for section in form.sections[: self.at_most]:
                self.look(f"/tasks/{task_id}/{section.key}")
                self.open_more()
            self.look(f"/tasks/{task_id}/check")
        elif any(field.bounds.required for field in form.fields.values()):
            self.desk.press_submit()
            self.found += self.examiner.faults(self.desk.page)

    def open_more(self) -> None:
        """Give the first answer that opens questions, and look at those too."""
        steering = self.desk.page.locator('#fields input[type="radio"][data-steers]')
        if steering.count():
            self.desk.swap(steering.first.check)
            self.found += self.examiner.faults(self.desk.page)

    def look(self, address: str) -> None:
        self.desk.open(address)
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


@pytest.mark.parametrize("at_most", [1, pytest.param(99, marks=pytest.mark.prove)])
def test_every_form_with_a_task(desk, served, estate, tmp_path, at_most):  # noqa: F811
    """By `make test` the first section of each form, by `make prove` all of them."""
    walk = Walk(desk, served, at_most=at_most)
    forms = set(deployed_forms(walk.house)) - STARTS
    for name in all_scenarios():
        if forms <= walk.met:
            break
        walk.play(name, tmp_path, estate)
    assert not walk.found, "\n".join(walk.found)
    assert forms - walk.met == set()


def deployed_forms(house) -> list[str]:
    from sqlalchemy import select

    from processes.tables import ProcessVersion

    with house.reading() as session:
        versions = session.scalars(
            select(ProcessVersion).where(ProcessVersion.agency_id == house.north.agency_id)
        )
        models = [house.platform.models.model(session, version.id) for version in versions]
    return [e.form for model in models for e in model.elements.values() if e.form]
