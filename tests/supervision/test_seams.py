"""Where the evaluation, the decision on what follows, the programmes and transfers meet."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from casework import ahead, judiciary, shown
from casework.player import Player
from casework.scenarios import Scenario, ScenarioStep
from casework.tables import Measure, Stay, Unit
from casework.trial import BEGIN, Trials
from casework.words import ENGLISH
from processes.tables import HumanTask, ProcessVersion
from tests.supervision.playing import scenario, until


@pytest.fixture(scope="module")
def on_trial(tmp_path_factory) -> Trials:
    return Trials(tmp_path_factory.mktemp("trial"))


def step(verb: str, **given: Any) -> ScenarioStep:
    return ScenarioStep(verb, {key.rstrip("_"): value for key, value in given.items()})


def moved(from_: str, to: str) -> ScenarioStep:
    return step("transfer", as_=f"registry.{from_}", to=to)


class Seen:
    """What stands in the case of a story when its steps are done."""

    def __init__(self, on_trial: Trials, told: Scenario, *more: ScenarioStep) -> None:
        with on_trial.world() as (sessions, world):
            player = Player(on_trial.platform, sessions, world, BEGIN)
            player.play(told)
            self.before = self._look(sessions, player)
            for one in more:
                player.step(one)
            self.after = self._look(sessions, player)

    def _look(self, sessions, player) -> dict[str, Any]:
        case_id = player.played.case_id
        with sessions() as session:
            stays = select(Stay).where(Stay.case_id == case_id).order_by(Stay.asked_at)
            measures = select(Measure).where(Measure.case_id == case_id)
            tasks = select(HumanTask).where(HumanTask.case_id == case_id, HumanTask.state == "open")
            return {
                "stays": [
                    (stay.id, stay.state, stay.unit_id and session.get_one(Unit, stay.unit_id).name)
                    for stay in session.scalars(stays)
                ],
                "measures": [
                    (row.kind, row.state, row.expires_on) for row in session.scalars(measures)
                ],
                "tasks": {(task.id, task.element_id) for task in session.scalars(tasks)},
            }


def at_home(told: Scenario) -> Scenario:
    """The story without the move to the unit's prison."""
    steps = (one for one in told.steps if one.given.get("to") != "fleury")
    kept = tuple(one for one in steps if one.given.get("task") != "arrived_take_over")
    return Scenario(told.name, told.title, None, (), told.person, kept)


def test_a_move_to_the_own_unit_ends_nothing_and_begins_nothing_anew(on_trial):
    told = at_home(until("unit-two-terms", "collective_supervision_admit"))
    seen = Seen(on_trial, told, moved("north", "fleury"))
    assert seen.after["measures"] == seen.before["measures"]
    assert seen.after["stays"] == seen.before["stays"]
    assert seen.after["tasks"] >= seen.before["tasks"]


@pytest.mark.parametrize(
    ("name", "element", "because"),
    [
        ("unit-two-terms", "collective_supervision_admit", "came_on"),
        ("evaluation-to-synthesis", "evaluation_admission_admit", "admission"),
    ],
)
def test_nobody_is_received_in_a_prison_where_the_register_does_not_say_they_are(
    on_trial, name, element, because
):
    """Else the prison that the person came from would be asked for all that the unit does."""
    received = next(one.given for one in scenario(name).steps if one.given.get("task") == element)
    refused = step("refused", **{**received, "because": because})
    Seen(on_trial, at_home(until(name, element)), refused)


def test_whoever_waits_for_a_place_keeps_placement_and_turn_when_moved_in_the_region(on_trial):
    told = at_home(until("unit-two-terms", "collective_supervision_admit"))
    closed = step("units", kind="qpr_collective", open=False)
    waiting = Scenario(
        told.name, told.title, None, (), told.person, (closed, *_accepted(told.steps))
    )
    seen = Seen(on_trial, waiting, moved("north", "south"))
    assert [(state, unit) for _, state, unit in seen.before["stays"]] == [("waiting", None)]
    assert seen.after["stays"] == seen.before["stays"]
    assert seen.after["measures"] == seen.before["measures"]


def test_whoever_waits_and_is_moved_to_another_region_is_decided_on_anew(on_trial):
    told = at_home(until("unit-two-terms", "collective_supervision_admit"))
    closed = step("units", kind="qpr_collective", open=False)
    waiting = Scenario(
        told.name, told.title, None, (), told.person, (closed, *_accepted(told.steps))
    )
    seen = Seen(on_trial, waiting, moved("north", "annoeullin"))
    [(_, state, last)] = seen.after["measures"]
    assert state == "in_force"
    assert last < seen.before["measures"][0][2]


def test_an_evaluation_goes_on_in_the_evaluation_unit_of_another_prison(on_trial):
    told = until("evaluation-to-synthesis", "evaluation_assess_confer")
    seen = Seen(on_trial, told, moved("fleury", "fresnes"))
    assert [unit for _, _, unit in seen.before["stays"]] == ["Fleury-Mérogis (demo)"]
    assert [(state, unit) for _, state, unit in seen.after["stays"]] == [
        ("here", "Fresnes (demo)"),
    ]
    assert seen.after["measures"] == seen.before["measures"]


def test_an_evaluation_ends_in_a_prison_of_the_region_without_such_a_unit(on_trial):
    told = until("evaluation-to-synthesis", "evaluation_assess_confer")
    seen = Seen(on_trial, told, moved("fleury", "south"))
    assert [state for _, state, _ in seen.after["stays"]] == ["left"]
    assert [state for _, state, _ in seen.after["measures"]] == ["ended"]


@pytest.mark.parametrize("form", ["F-CPU-REQ", "F-CPU2-REQ"])
@pytest.mark.parametrize(
    ("name", "element"),
    [
        ("unit-two-terms", "supervision_programme_security"),
        ("evaluation-to-synthesis", "evaluation_assess_confer"),
        ("nothing-follows", "regime_opinion_observations"),
    ],
)
def test_no_opinion_is_asked_for_beside_an_evaluation_or_a_programme(on_trial, name, element, form):
    asked = step("begin", as_="secretary.north", form=form, answers={}, refused=True)
    seen = Seen(on_trial, until(name, element), asked)
    assert seen.after == seen.before


def test_the_hand_over_begins_with_a_review_that_says_so_though_nothing_else_runs(on_trial):
    told = scenario("unit-to-release")
    ends = next(n for n, one in enumerate(told.steps) if one.do == "expect")
    seen = Seen(on_trial, Scenario(told.name, told.title, None, (), told.person, told.steps[:ends]))
    assert {element for _, element in seen.after["tasks"]} == {"release_handover_prepare"}


def test_a_judge_reads_each_sending_with_its_own_receipt(on_trial):
    with on_trial.world() as (sessions, world):
        player = Player(on_trial.platform, sessions, world, BEGIN)
        player.play(scenario("evaluation-to-synthesis"))
        with player.hands.writing() as session:
            judge = world.users["judge.sentences"]
            acting, viewer = player.acting(judge), player.viewer(session, judge)
            sent = judiciary.transmitted(player.platform, session, acting, viewer)
            assert sent[0].documents == ("Synthesis",)
            assert sorted(str(row.received) for row in sent) == ["received", "received", "returned"]
            assert [row.received_at == row.sent_at for row in sent] == [True] * 3


def test_a_branch_that_runs_beside_others_is_not_told_as_the_end_of_the_part(on_trial):
    with on_trial.world() as (sessions, _), sessions() as session:
        version = session.scalars(
            select(ProcessVersion).where(ProcessVersion.model == "evaluation-unit")
        ).one()
        told = ahead.next_in_words(
            shown.wording(on_trial.platform, session, version.id, ENGLISH), "evaluation_run_account"
        )
    assert told == ("“Said” follows, beside the other steps.",)


@pytest.mark.parametrize("reached", ["hand_over", "begin", "note"])
def test_a_placement_stops_what_was_applied_in_ordinary_detention_wherever_it_stands(
    on_trial, reached
):
    whole = scenario("regime-on-request")
    receipt = next(one for one in whole.steps if one.given.get("task") == "tell_receive")
    placed = step(
        "complete", task="reinforced_supervision_begin", as_="fr.unit_lead", answers=PLACED
    )
    so_far = {"hand_over": (), "begin": (receipt,), "note": (receipt, placed)}[reached]
    followed = next(
        n for n, one in enumerate(whole.steps) if one.given.get("open_among") == ["tell_receive"]
    )
    signs = [n for n, one in enumerate(whole.steps) if one.given.get("task") == DECIDES][-1]
    steps = (*whole.steps[:followed], *so_far, *whole.steps[followed + 1 : signs + 1])
    seen = Seen(on_trial, Scenario(whole.name, whole.title, None, (), whole.person, steps))
    kinds = [(kind, state) for kind, state, _ in seen.after["measures"]]
    assert ("reinforced_supervision", "ended") in kinds
    assert ("qpr_collective", "in_force") in kinds
    open_ = [element for _, element in seen.after["tasks"]]
    assert "reinforced_supervision_begin" not in open_
    assert open_.count("tell_receive") == 2


PLACED = {
    "placed": [
        {"measure": "named_officer", "in_place": "yes", "since": "@today", "seen_to_by": "Lead"}
    ],
    "person_explained": "true",
    "staff_told": "Who accompanies, and from when.",
}
DECIDES = "decide_measure_decide"


def _accepted(steps: tuple[ScenarioStep, ...]) -> tuple[ScenarioStep, ...]:
    return tuple(one for one in steps if one.do != "refused")
