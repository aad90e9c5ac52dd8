"""The invariants of individual supervision (FR-6), each by its name."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from casework.player import Player
from casework.scenarios import ScenarioStep
from casework.supervision.contact import under_the_floor
from casework.tables import Case, ContactDay, Measure, Notification
from casework.trial import BEGIN, Trials
from forms import FormDefinition
from processes.tables import HumanTask
from tests.supervision.playing import answers_of, form, refused, scenario, until

ALERT = "individual_safeguards_restore"


@pytest.fixture(scope="module")
def on_trial(tmp_path_factory) -> Trials:
    return Trials(tmp_path_factory.mktemp("trial"))


def test_FR_6_I1_nobody_comes_here_without_dated_evidence_of_a_risk():
    entry = answers_of("unit-individual", "individual_supervision_entry")
    assert refused("F-QPR-ENTRY", entry) == set()
    for nature, wrong in (
        ("violence", set()),
        ("pressure", set()),
        ("preparation", set()),
        ("refusal", {"facts"}),
        ("other_fact", {"facts"}),
    ):
        fact = {**entry["facts"][0], "nature": nature}
        assert refused("F-QPR-ENTRY", {**entry, "facts": [fact]}) == wrong, nature
    faith = {**entry["facts"][0], "special": True}
    assert refused("F-QPR-ENTRY", {**entry, "facts": [faith]}) == {"facts"}
    none = {"entry": "not_carried", "reasons": entry["reasons"], "reluctance": "x"}
    assert refused("F-QPR-ENTRY", none) == set()


def test_FR_6_I2_three_days_under_the_floor_are_told_to_region_and_oversight(on_trial):
    with on_trial.world() as (sessions, world):
        player = Player(on_trial.platform, sessions, world, BEGIN)
        played = player.play(until("unit-individual", ALERT))
        with sessions() as session:
            told = session.scalars(
                select(Notification.role).where(
                    Notification.case_id == played.case_id,
                    Notification.code == "de_facto_isolation",
                )
            ).all()
            assert sorted(told) == ["fr.disp", "x.oversight"]
            days = session.scalars(
                select(ContactDay.enough).where(ContactDay.case_id == played.case_id)
            ).all()
            assert sorted(days) == [False, False, False, True]


def test_FR_6_I2_a_day_nobody_wrote_down_counts_as_one_under_the_floor(on_trial):
    with on_trial.world() as (sessions, world):
        player = Player(on_trial.platform, sessions, world, BEGIN)
        played = player.play(until("unit-individual", "individual_safeguards_contact"))
        came = BEGIN.date()
        with player.hands.writing() as session:
            case = session.get_one(Case, played.case_id)
            for back, expected in ((1, False), (2, True), (9, True)):
                day = came + timedelta(days=back)
                assert under_the_floor(session, case, day, 3) is expected, back
            session.add(
                ContactDay(
                    id=on_trial.platform.new_id(),
                    agency_id=case.agency_id,
                    case_id=case.id,
                    day=came + timedelta(days=8),
                    enough=True,
                )
            )
            session.flush()
            assert under_the_floor(session, case, came + timedelta(days=10), 3) is False
            assert under_the_floor(session, case, came + timedelta(days=11), 3) is True


@pytest.mark.parametrize("written", ["@today-1D", "@today-400D"])
def test_FR_6_I2_one_day_written_after_a_gap_does_not_hide_the_gap(on_trial, written):
    with on_trial.world() as (sessions, world):
        player = Player(on_trial.platform, sessions, world, BEGIN)
        player.play(until("unit-individual", "individual_safeguards_contact"))
        player.step(ScenarioStep("wait", {"until": "P8D", "hour": 10}))
        usual = answers_of("unit-individual", "individual_safeguards_contact")
        answers = {**usual, "contact_on": written, "contact_minutes": 210}
        task = {"task": "individual_safeguards_contact", "as": "fr.custody", "answers": answers}
        player.step(ScenarioStep("complete", task))
        with sessions() as session:
            opened = session.scalars(select(HumanTask).where(HumanTask.state == "open")).all()
            assert ALERT in {one.element_id for one in opened}


def test_FR_6_I3_the_way_down_is_in_the_programme_from_the_first_day():
    plan = answers_of("unit-individual", "individual_supervision_plan")
    assert refused("F-QPR-PLAN", plan, measure_kind="qpr_individual") == set()
    without = {**plan, "step_down": "  "}
    assert refused("F-QPR-PLAN", without, measure_kind="qpr_individual") == {"step_down"}
    assert refused("F-QPR-PLAN", without, measure_kind="qpr_collective") == set()


def test_FR_6_I4_beyond_six_months_a_doctor_is_asked_and_nothing_medical_is_kept(on_trial):
    with on_trial.world() as (sessions, world):
        story = until("unit-individual", "individual_safeguards_doctor")
        player = Player(on_trial.platform, sessions, world, BEGIN)
        played = player.play(story)
        step = ScenarioStep("expect", {"open_among": ["individual_safeguards_doctor"]})
        player.step(step)
        assert played.now - BEGIN >= timedelta(days=183)
    asked = form("F-QPR-MED")
    assert [field.kind for field in asked.fields.values()] == ["date", "one", "date"]


def test_FR_6_I5_inside_the_term_every_criterion_is_tested_afresh():
    test = answers_of("unit-individual", "individual_safeguards_test")
    for name in ("violence", "influence", "preparation", "being_influenced", "duties"):
        assert f"{name}_holds" in refused("F-QPR-QUARTER", {**test, f"{name}_holds": ""}), name
    none = {**test, "violence_holds": "does_not_hold"}
    assert refused("F-QPR-QUARTER", none) == {"quarter"}
    assert refused("F-QPR-QUARTER", {**none, "quarter": "ask_end"}) == set()


def test_FR_6_I6_isolation_is_proposed_and_never_ordered_here(on_trial):
    with on_trial.world() as (sessions, world):
        played = Player(on_trial.platform, sessions, world, BEGIN).play(scenario("unit-individual"))
        with sessions() as session:
            isolated = select(func.count()).where(
                Measure.case_id == played.case_id, Measure.kind == "isolation"
            )
            assert session.scalar(isolated) == 0


def test_a_day_under_the_floor_says_why():
    definition: FormDefinition = form("F-QPR-CONTACT")
    assert "contact_minutes" in definition.fields
    assert refused("F-QPR-CONTACT", {"contact_minutes": 119}) == {"less_because"}
    assert refused("F-QPR-CONTACT", {"contact_minutes": 119, "less_because": "Ill."}) == set()
    assert refused("F-QPR-CONTACT", {"contact_minutes": 120}) == set()
