"""One person through the whole French chain: evaluated, decided on, placed, moved, handed over.

Decisive pages are answered in a browser; what other journeys show already is played between them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from casework.player import Player
from casework.scenarios import ScenarioStep
from casework.tables import Measure, Stay, Unit
from processes.tables import ProcessInstance, ProcessVersion
from tests.browser import chain
from tests.browser.desk import Desk

PRIVATE = "What only the psychologist has seen: he looks away when his brother is named."
COMMENTS = "I never meant it. The year is wrong."

IN_THE_BROWSER = frozenset(
    {
        "evaluation_admission_admit",
        "evaluation_assess_name",
        "evaluation_assess_each",
        "evaluation_assess_confer",
        "evaluation_run_account",
        "evaluation_midterm_meet",
        "evaluation_synthesis_draft",
        "evaluation_synthesis_hand",
        "evaluation_synthesis_comments",
        "evaluation_synthesis_write",
        "commission_again_collective",
        "regime_opinion_position",
        "regime_measure_facts",
        "regime_measure_criteria",
        "regime_measure_governor_says",
        "regime_measure_region_says",
        "decide_measure_decide",
        "collective_supervision_admit",
        "collective_supervision_plan",
        "supervision_programme_note",
        "supervision_evaluation_together",
        "supervision_review_opinion",
        "release_handover_prepare",
        "release_handover_close",
        "release_handover_accept",
    }
)


class Chain:
    """The story, played step by step, here and there with a browser in between."""

    def __init__(self, house: Any, desk: Desk) -> None:
        self.house, self.desk = house, desk
        self.player = Player(house.platform, house.sessions, house.north, house.clock())
        self.done: list[str] = []
        with self.player.hands.writing() as session:
            self.player.register(session, chain.PERSON)

    @property
    def case(self) -> UUID:
        return self.player.case()

    def play(self, one: ScenarioStep) -> None:
        self.player.step(one)

    def answer(self, one: ScenarioStep, answers: Mapping[str, Any]) -> None:
        """In the browser, by whoever the step is for, on the day of the story."""
        self.take(one)
        self.desk.answer(answers)
        expect(self.desk.heading()).to_have_text(re.compile("^Done: "))
        self.player.played.now = self.house.clock()
        self.player.do_what_is_due()

    def take(self, one: ScenarioStep) -> str:
        """Whoever the step is for opens it from My work, where it must stand; gives its address."""
        login, address = self.open_to(one)
        self.come(login)
        self.desk.open("/work")
        self.desk.press(self.desk.page.locator(f'main a[href="{address}"]').first)
        return address

    def come(self, login: str) -> None:
        self.house.clock.set(self.player.played.now)
        self.desk.act_as(login)

    def open_to(self, one: ScenarioStep) -> tuple[str, str]:
        """The login of whoever the step is for, and the address of the task."""
        by = one.given["as"]
        with self.house.reading() as session:
            task = self.player.task(session, chain.task_of(one), by)
            user_id, address = self.player.who(session, by, task), f"/tasks/{task.id}"
        users = self.house.north.users
        return next(name for name, known in users.items() if known == user_id), address

    def answers_nobody_else(self, login: str, address: str) -> None:
        self.come(login)
        answer = self.desk.page.goto(address)
        assert answer is not None
        assert answer.status == 404, login

    # -- what stands ---------------------------------------------------------------------

    def in_force(self) -> list[tuple[str, Any]]:
        with self.house.reading() as session:
            wanted = select(Measure.kind, Measure.expires_on).where(
                Measure.case_id == self.case,
                Measure.state == "in_force",
                Measure.kind != "unit_security",
            )
            return [(kind, last) for kind, last in session.execute(wanted)]

    def stays(self) -> list[tuple[str, str]]:
        with self.house.reading() as session:
            wanted = (
                select(Stay.kind, Unit.name)
                .join(Unit, Unit.id == Stay.unit_id)
                .where(Stay.case_id == self.case, Stay.state == "here")
            )
            return [(kind, name) for kind, name in session.execute(wanted)]

    def ran(self) -> dict[str, str | None]:
        """Each process of the case with the end that it came to."""
        with self.house.reading() as session:
            wanted = (
                select(ProcessVersion.model, ProcessInstance.outcome)
                .join(ProcessVersion, ProcessVersion.id == ProcessInstance.version_id)
                .where(ProcessInstance.case_id == self.case, ProcessInstance.state == "completed")
            )
            return {row.model: row.outcome for row in session.execute(wanted)}


@pytest.fixture
def told(served, sit_down) -> Chain:
    return Chain(served.house, sit_down())


def test_one_person_goes_through_the_whole_french_chain(told: Chain):
    """Each process hands over to the next by its own message: from the placement for evaluation
    over the second opinion and the decision of the region to a programme in the unit of another
    prison, and from its review to the open probation service, with never two placements at once."""
    for one in chain.steps():
        task = chain.task_of(one)
        at = BESIDE.get(task)
        if at is not None:
            at(told, one)
        elif one.do == "transfer":
            the_registry_records_the_move_to_the_prison_of_the_unit(told, one)
        elif task in IN_THE_BROWSER:
            told.answer(one, chain.said(one))
        else:
            told.play(one)
        told.done.append(task)
        assert len(told.in_force()) <= 1
        assert len(told.stays()) <= 1
    assert set(told.done) >= IN_THE_BROWSER
    nothing_is_left_and_everything_came_to_its_end(told)


def the_assessments_are_blind(told: Chain, one: ScenarioStep) -> None:
    answers = chain.said(one)
    if "evaluation_assess_each" not in told.done:
        _, theirs = told.open_to(one)
        told.answer(one, {**answers, "thought": PRIVATE})
        for login in ("educator.qer", "lead.qer"):
            told.answers_nobody_else(login, theirs)
        told.desk.open(f"/cases/{told.case}")
        expect(told.desk.page.locator("body")).not_to_contain_text(PRIVATE)
        return
    told.take(one)
    expect(told.desk.page.locator("main")).not_to_contain_text(PRIVATE)
    told.answer(one, answers)


def what_differs_is_talked_over_with_both_texts(told: Chain, one: ScenarioStep) -> None:
    told.take(one)
    expect(told.desk.page.locator("main")).to_contain_text(PRIVATE)
    told.answer(one, chain.said(one))


def the_synthesis_is_written_with_the_comments_of_the_person(
    told: Chain, one: ScenarioStep
) -> None:
    told.take(one)
    expect(told.desk.page.locator("main")).to_contain_text(COMMENTS)
    told.answer(one, chain.said(one))


def the_commission_reads_the_synthesis(told: Chain, one: ScenarioStep) -> None:
    told.take(one)
    expect(told.desk.page.locator("main")).to_contain_text("He looked for standing when he came")
    told.answer(one, chain.said(one))


def the_region_signs_and_nobody_else(told: Chain, one: ScenarioStep) -> None:
    _, address = told.open_to(one)
    for login in ("governor.north", "ministry", "director.north"):
        told.answers_nobody_else(login, address)
    assert [kind for kind, _ in told.in_force()] == ["qer"]
    told.answer(one, chain.said(one))
    assert [kind for kind, _ in told.in_force()] == ["qpr_collective"]
    assert told.stays() == []


def the_registry_records_the_move_to_the_prison_of_the_unit(told: Chain, one: ScenarioStep) -> None:
    """It carries out the placement: nothing lapses, and the same step waits, now there."""
    before = told.in_force(), told.house.task(told.case, "evaluation_admission_admit")
    told.come("registry.north")
    desk = told.desk
    desk.open("/register/transfer")
    moved = {
        "person_number": chain.PERSON["number"],
        "to_prison": str(told.house.north.places[one.given["to"]]),
        "to_unit": "Evaluation unit",
        "moved_on": "@today",
    }
    assert desk.fill(desk.worded(moved)) == []
    desk.press_submit()
    told.player.played.now = told.house.clock()
    told.player.played.place_id = told.house.north.places[one.given["to"]]
    after = told.in_force(), told.house.task(told.case, "evaluation_admission_admit")
    assert after == before


def the_unit_shows_who_stays(told: Chain, one: ScenarioStep) -> None:
    told.answer(one, chain.said(one))
    assert told.stays() == [("qpr_collective", "Fleury-Mérogis (demo)")]
    told.come("unit.north")
    told.desk.open("/units")
    told.desk.press(
        told.desk.page.locator("main").get_by_role("link", name=re.compile("Fleury")).last
    )
    expect(told.desk.page.locator("main")).to_contain_text("Tern")


def the_review_ends_the_placement(told: Chain, one: ScenarioStep) -> None:
    told.answer(one, chain.said(one))
    assert told.in_force() == []
    assert told.stays() == []


BESIDE: Mapping[str, Callable[[Chain, ScenarioStep], None]] = {
    "evaluation_assess_each": the_assessments_are_blind,
    "evaluation_assess_confer": what_differs_is_talked_over_with_both_texts,
    "evaluation_synthesis_write": the_synthesis_is_written_with_the_comments_of_the_person,
    "commission_again_collective": the_commission_reads_the_synthesis,
    "decide_measure_decide": the_region_signs_and_nobody_else,
    "collective_supervision_admit": the_unit_shows_who_stays,
    "supervision_review_opinion": the_review_ends_the_placement,
}


def nothing_is_left_and_everything_came_to_its_end(told: Chain) -> None:
    assert told.in_force() == []
    ran = told.ran()
    assert {
        model: ran.get(model)
        for model in (
            "commission",
            "evaluation-unit",
            "regime-decision",
            "collective-supervision",
            "release-handover",
        )
    } == {
        "commission": "commission_placed",
        "evaluation-unit": "evaluation_unit_final",
        "regime-decision": "regime_decision_collective",
        "collective-supervision": "collective_supervision_release",
        "release-handover": "release_handover_done",
    }
    told.come("coordinator.fleury")
    told.desk.open(f"/cases/{told.case}")
    decided = told.desk.page.locator("main").locator("section", has_text="Decisions").last
    expect(decided).to_contain_text("Placement in a care unit (QPR), in a group")
