"""Every form of the product, met where a scenario asks for it: as it is, and with its faults."""

from __future__ import annotations

import pytest

from casework import access
from casework.scenarios import read_scenario
from casework.tables import UserAccount
from processes.tables import HumanTask, ProcessInstance
from tests.browser.examining import Examiner
from tests.pages.estate import SCENARIOS

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


class Walk:
    """Plays scenarios and stops before every form that it has not met yet."""

    def __init__(self, desk, served) -> None:
        self.desk = desk
        self.house = served.house
        self.examiner = Examiner()
        self.met: set[str] = set()
        self.found: list[str] = []

    def play(self, name: str) -> None:
        scenario = read_scenario(SCENARIOS / f"{name}.toml")
        player = self.house.player()
        with player._hands.writing() as session:
            player._register(session, scenario.person)
        for step in scenario.steps:
            if step.do == "complete":
                self.house.clock.set(player.played.now)
                self.meet(player.played.case_id, step.given["task"])
            player.step(step)
        self.house.clock.set(player.played.now)

    def meet(self, case_id, element: str) -> None:
        task_id = self.house.task(case_id, element)
        with self.house.reading() as session:
            task = session.get_one(HumanTask, task_id)
            if task.form in self.met:
                return
            self.met.add(task.form)
            login = self.whoever_may(session, task)
            version = session.get_one(ProcessInstance, task.instance_id).version_id
            form = self.house.platform.models.form(session, version, task.form)
        self.desk.context.clear_cookies()
        self.desk.page.goto("about:blank")
        self.desk.act_as(login)
        self.look(f"/tasks/{task_id}")
        if len(form.sections) > 1:
            for section in form.sections:
                self.look(f"/tasks/{task_id}/{section.key}")
            self.look(f"/tasks/{task_id}/check")
        else:
            self.desk.press_submit()
            self.found += self.examiner.faults(self.desk.page)

    def look(self, address: str) -> None:
        self.desk.open(address)
        self.found += self.examiner.faults(self.desk.page)

    def whoever_may(self, session, task) -> str:
        for login, user_id in self.house.north.users.items():
            account = session.get_one(UserAccount, user_id)
            viewer = access.viewer(session, account, self.house.clock().date())
            if task.holder_id in (None, user_id) and access.may_see_task(session, viewer, task):
                return login
        raise LookupError(f"nobody may see {task.element_id}")


@pytest.fixture
def walk(desk, served) -> Walk:
    return Walk(desk, served)


def test_every_form_with_a_task(walk):
    house = walk.house
    forms = set(deployed_forms(house)) - STARTS
    for name in all_scenarios():
        if forms <= walk.met:
            break
        walk.play(name)
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
