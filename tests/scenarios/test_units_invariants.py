"""The invariants of the evaluation unit and of the regime, named as the reference names them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from casework import access
from casework.commission.functions import OUTCOMES
from casework.player import Player
from casework.scenarios import Scenario, ScenarioStep, read_scenario
from casework.tables import Case, Measure, Person, RecordEntry, Seat, Stay, Unit, UserAccount
from casework.trial import BEGIN, Trials
from casework.units import pages, stays
from forms import load_form
from processes import advance, messages
from processes.packs import MODELS, read_pack
from processes.tables import HumanTask, Message, ProcessInstance, ProcessVersion

SCENARIOS = MODELS / "france" / "scenarios"
FORMS = MODELS.parent.parent / "forms" / "packs" / "france"


@pytest.fixture(scope="module")
def on_trial(tmp_path_factory) -> Trials:
    return Trials(tmp_path_factory.mktemp("trial"))


def upto(name: str, element: str, times: int = 1) -> Scenario:
    """The scenario until just before the step that completes the element for the nth time."""
    whole = read_scenario(SCENARIOS / f"{name}.toml")
    kept: list[ScenarioStep] = []
    for step in whole.steps:
        times -= step.given.get("task") == element and step.do == "complete"
        if times == 0:
            return Scenario(whole.name, whole.title, None, (), whole.person, tuple(kept))
        kept.append(step)
    raise AssertionError(f"{name} never comes to {element}")


def test_FR_3_I1_the_person_leaves_after_the_last_day_with_no_process_alive(on_trial):
    with on_trial.world() as (sessions, world):
        player = Player(on_trial.platform, sessions, world, BEGIN)
        played = player.play(upto("released-from-evaluation", "evaluation_assess_name"))
        with player.hands.writing() as session:
            running = select(ProcessInstance).where(
                ProcessInstance.case_id == played.case_id, ProcessInstance.state == "running"
            )
            for instance in list(session.scalars(running)):
                acting = player.acting(None)
                advance.cancel_instance(session, player.platform, acting, instance, "gone")
            measure = session.scalars(select(Measure).where(Measure.kind == "qer")).one()
            last = measure.expires_on
        assert last is not None
        while played.now.date() <= last:
            player.pass_time(played.now + timedelta(days=7))
            player.do_what_is_due()
        with sessions() as session:
            measure = session.scalars(select(Measure).where(Measure.kind == "qer")).one()
            stay = session.scalars(select(Stay)).one()
            told = session.scalars(select(Message.name).where(Message.state == "consumed")).all()
            assert (measure.state, measure.end_reason) == ("ended", "lapsed")
            assert (stay.state, stay.left_at is not None) == ("left", True)
            assert "measureLapsed" in told


def test_FR_3_I2_no_assessor_sees_another_before_all_are_in(on_trial):
    with on_trial.world() as (sessions, world):
        scenario = upto("evaluation-to-synthesis", "evaluation_assess_each", times=2)
        played = Player(on_trial.platform, sessions, world, BEGIN).play(scenario)
        with sessions() as session:
            [written] = session.scalars(
                select(RecordEntry).where(
                    RecordEntry.case_id == played.case_id, RecordEntry.form == "F-DISC"
                )
            ).all()
            seats = session.scalars(select(Seat).where(Seat.form == "F-DISC")).all()
            assert {seat.state for seat in seats} == {"asked", "given"}
            for login in ("educator.qer", "lead.qer", "coordinator.north", "ministry"):
                account = session.get_one(UserAccount, world.users[login])
                viewer = access.viewer(session, account, played.now.date())
                assert not access.may_read_entry(session, viewer, written), login
            open_ = session.scalars(
                select(HumanTask).where(HumanTask.form == "F-DISC", HumanTask.state == "open")
            ).one()
            lead = session.get_one(UserAccount, world.users["psychologist.qer"])
            viewer = access.viewer(session, lead, played.now.date())
            assert not access.may_see_task(session, viewer, open_)


def test_FR_3_I3_a_release_leaves_facts_and_gaps_and_no_recommendation():
    form = load_form((FORMS / "F-SHORT.form").read_bytes(), "F-SHORT")
    assert not form.variables
    assert set(form.fields) == {"known", "not_known", "helps"}


def test_FR_3_I4_the_recommendation_is_one_of_the_allowed_and_decides_nothing():
    pack = read_pack(MODELS / "france")
    assert set(pack.variables["qer_recommendation"]["codes"]) == {
        "ordinary_no_followup",
        "ordinary_with_followup",
        "qpr_collective",
        "qpr_individual",
        "isolation",
        "health_route",
        "inconclusive",
    }
    models = {name: raw for name, raw in pack.files.items() if not name.endswith(".form")}
    read_by = [name for name, raw in models.items() if b"qer_recommendation" in raw]
    assert read_by == []  # no gateway and no table reads it


def test_FR_4_I1_the_second_opinion_has_the_outcomes_of_the_reference():
    codes = read_pack(MODELS / "france").variables[OUTCOMES["F-CPU2-MIN"]]["codes"]
    assert set(codes) == {
        "special_programme_collective",
        "special_programme_individual",
        "ordinary_with_followup",
        "ordinary_no_followup",
        "max_security",
        "defer_more_info",
        "health_route",
    }


def test_FR_4_I2_nobody_signs_before_both_opinions_are_in(on_trial):
    with on_trial.world() as (sessions, world):
        scenario = upto("competence-of-the-minister", "regime_measure_region_says")
        player = Player(on_trial.platform, sessions, world, BEGIN)
        played = player.play(scenario)
        player.pass_time(played.now + timedelta(days=20))
        player.do_what_is_due()
        with sessions() as session:
            standing = set(
                session.scalars(
                    select(HumanTask.element_id).where(
                        HumanTask.case_id == played.case_id, HumanTask.state == "open"
                    )
                )
            )
        assert "regime_measure_region_says" in standing
        assert not standing & {"decide_measure_criteria", "decide_measure_decide"}


def test_FR_4_I3_without_a_decision_nobody_stays_in_the_evaluation_unit(on_trial):
    with on_trial.world() as (sessions, world):
        scenario = upto("competence-of-the-minister", "regime_measure_facts")
        player = Player(on_trial.platform, sessions, world, BEGIN)
        played = player.play(scenario)
        player.pass_time(played.now + timedelta(days=60))
        player.do_what_is_due()
        with sessions() as session:
            assert session.scalars(select(Stay.state)).all() == [stays.LEFT]
            qer = session.scalars(select(Measure).where(Measure.kind == "qer")).all()
            assert {row.end_reason for row in qer} == {"lapsed"}


def test_a_message_for_a_closed_case_begins_no_evaluation(on_trial):
    with on_trial.world() as (sessions, world):
        player = Player(on_trial.platform, sessions, world, BEGIN)
        played = player.play(read_scenario(SCENARIOS / "vulnerability-to-support.toml"))
        with player.hands.writing() as session:
            case = session.get_one(Case, played.case_id)
            assert case.state == "closed"
            messages.send(
                session,
                player.acting(None),
                name="qerPlaced",
                case_id=case.id,
                place_id=case.establishment_id,
                sender_key="somebody:else",
                payload={},
            )
        player.do_what_is_due()
        with sessions() as session:
            begun = session.scalars(
                select(ProcessVersion.model)
                .join(ProcessInstance, ProcessInstance.version_id == ProcessVersion.id)
                .where(ProcessInstance.case_id == played.case_id)
            ).all()
            assert "evaluation-unit" not in begun


@pytest.mark.parametrize(
    ("login", "knows"),
    [("lead.qer", True), ("governor.fleury", True), ("unit.north", False)],
)
def test_who_runs_a_unit_knows_who_sits_in_it_and_nobody_else_does(on_trial, login, knows):
    with on_trial.world() as (sessions, world):
        player = Player(on_trial.platform, sessions, world, BEGIN)
        played = player.play(upto("evaluation-to-synthesis", "evaluation_assess_confer"))
        with sessions() as session:
            stay = session.scalars(select(Stay)).one()
            unit = session.get_one(Unit, stay.unit_id)
            unit.establishment_id = world.places["fleury"]
            person = session.get_one(Person, session.get_one(Case, stay.case_id).person_id)
            account = session.get_one(UserAccount, world.users[login])
            viewer = access.viewer(session, account, played.now.date())
            [line] = pages.unit_page(on_trial.platform, session, viewer, unit.id, played.now).here
            assert (person.family_name in line.title) is knows
            assert line.next_due is not None
            assert (line.next_step is not None) is knows
            assert pages.of_case(session, viewer, stay.case_id) == unit.id
            guard = session.get_one(UserAccount, world.users["custody.north"])
            outside = access.viewer(session, guard, played.now.date())
            assert pages.of_case(session, outside, stay.case_id) is None
