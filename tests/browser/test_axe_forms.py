"""Every form of the product, as it is and with its faults: alone on a page, and in the long proofs
met where a scenario asks for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import render_template
from flask_login import login_user
from playwright.sync_api import Route
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from casework import access
from casework.database import session_factory
from casework.player import Player
from casework.scenarios import ScenarioStep, read_scenario
from casework.stage import Played
from casework.tables import UserAccount
from forms import BoundForm, Choice, FormDefinition, build, load_form
from processes.tables import HumanTask, ProcessInstance, ProcessVersion
from tests.browser.examining import Examiner
from tests.pages.conftest import estate  # noqa: F401  the shared database
from tests.pages.estate import SCENARIOS, open_house
from webapp.session import SignedIn
from webapp.work.drawing import drawn_fields

PACKS = Path(__file__).parents[2] / "forms" / "packs"
FORMS = sorted(PACKS.rglob("*.form"))
NONE = ""


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

    def __init__(self, desk, served) -> None:
        self.desk = desk
        self.served = served
        self.house = served.house
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
        self.look()
        for section in form.sections:
            self.desk.open(f"{address}/{section.key}")
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


@pytest.mark.prove
def test_every_section_of_every_form_in_its_task(desk, served, estate, tmp_path):  # noqa: F811
    walk = Walk(desk, served)
    for name in sorted(path.stem for path in SCENARIOS.glob("*.toml")):
        walk.play(name, tmp_path, estate)
    assert not walk.found, "\n".join(walk.found)
    assert set(walk.forms.values()) - walk.met == set()


def test_every_form_with_its_faults(desk, served):
    """Everything that a form can ask, an item in each of its lists, and what is said of it all."""
    examiner, found = Examiner(), []
    for path in FORMS:
        definition = load_form(path.read_bytes(), path.stem)
        form = asking(definition, MultiDict(everything(definition)))
        form.validate()
        desk.page.route("**/form-in-question", answering(page_of(served.house, form)))
        desk.open("/form-in-question")
        found += examiner.faults(desk.page)
        desk.page.unroute("**/form-in-question")
    assert not found, "\n".join(found)
    assert examiner.looked == len(FORMS)


def asking(definition: FormDefinition, posted: MultiDict) -> BoundForm:
    """The form as it was posted, with two people to choose from wherever it asks for one."""
    some = (Choice("first", "The first"), Choice("second", "The second"))
    sources = {field.choices_from for field in definition.fields.values() if field.choices_from}
    choices = dict.fromkeys(sources, some)
    return build(definition, str, posted, choices=choices, today=date(2027, 3, 1))


def everything(definition: FormDefinition) -> dict[str, str]:
    """What opens the most questions: the last of all choices, and an empty item in each list."""
    found = {}
    for field in definition.fields.values():
        prefix, _, key = field.path.rpartition(".")
        name = f"{prefix}-0-{key}" if prefix else key
        if field.choices:
            found[name] = field.choices[-1].value
    return found


def page_of(house, form: BoundForm) -> str:
    with house.app.test_request_context("/form-in-question"), house.reading() as session:
        account = session.get_one(UserAccount, house.user("coordinator.north"))
        login_user(SignedIn(account))
        page = SimpleNamespace(
            case_id=account.id, form_id=form.definition.id, title=form.definition.title,
            case=None, person=None, place=SimpleNamespace(documentation=""),
            explanation=(), readers=(),
        )  # fmt: skip
        errors = [(error.words, error.field_id) for error in form.errors]
        fields = drawn_fields(form, None, swap="/nowhere", send="/nowhere")
        return render_template("cases/begin.html", page=page, errors=errors, fields=fields)


def answering(html: str) -> Callable[[Route], None]:
    return lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8")


def forms_by_step(house) -> dict[str, str]:
    """The form of every task of the deployed models."""
    with house.reading() as session:
        versions = session.scalars(
            select(ProcessVersion).where(ProcessVersion.agency_id == house.north.agency_id)
        )
        models = [house.platform.models.model(session, version.id) for version in versions]
    elements = [element for model in models for element in model.elements.values()]
    return {e.id: e.form for e in elements if e.form and e.kind == "userTask"}
