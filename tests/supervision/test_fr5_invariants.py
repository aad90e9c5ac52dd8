"""The invariants of collective supervision (FR-5), each by its name."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from casework import access, staff, taskpage
from casework.measures import force
from casework.player import Player
from casework.scenarios import ScenarioStep
from casework.tables import Case, Decision, Measure, RecordEntry, Stay
from casework.trial import BEGIN, Trials
from processes.tables import HumanTask, Message, ProcessInstance
from tests.packs.french import decide
from tests.supervision.playing import TODAY, answers_of, refused, scenario, until


@pytest.fixture(scope="module")
def on_trial(tmp_path_factory) -> Trials:
    return Trials(tmp_path_factory.mktemp("trial"))


def test_FR_5_I1_no_term_is_longer_than_six_months_and_each_ends_by_itself(on_trial):
    with on_trial.world() as (sessions, world):
        played = Player(on_trial.platform, sessions, world, BEGIN).play(scenario("unit-two-terms"))
        with sessions() as session:
            decisions = session.scalars(
                select(Decision).where(
                    Decision.case_id == played.case_id, Decision.kind == "qpr_collective"
                )
            ).all()
            assert len(decisions) == 3
            for row in decisions:
                assert row.effective_on is not None
                assert row.expires_on is not None
                assert row.expires_on - row.effective_on <= timedelta(days=184)


def test_FR_5_I1_a_term_ends_on_its_last_day_with_no_instance_alive(on_trial):
    with on_trial.world() as (sessions, world):
        player = Player(on_trial.platform, sessions, world, BEGIN)
        played = player.play(until("unit-transferred", "collective_supervision_plan"))
        with player.hands.writing() as session:
            for instance in session.scalars(select(ProcessInstance)):
                instance.state = "incident"
        player.step(ScenarioStep("wait", {"until": "P184D", "hour": 10}))
        with sessions() as session:
            rows = session.scalars(select(Measure).where(Measure.case_id == played.case_id))
            assert [row.end_reason for row in rows] == ["lapsed"]


def test_FR_5_I2_no_goal_is_on_belief_religion_or_opinion():
    plan = answers_of("unit-two-terms", "collective_supervision_plan")
    assert refused("F-QPR-PLAN", plan) == set()
    goal = {"kind": "belief", "goal": "Reads otherwise.", "steps": "Talks.", "own": "true"}
    assert refused("F-QPR-PLAN", {**plan, "goals": [*plan["goals"], goal]}) == {"goals"}


def test_FR_5_I3_refusing_the_programme_alone_carries_nothing_stricter():
    opinion = answers_of("unit-step-up", "supervision_review_opinion")
    since = {"in_force_since": TODAY - timedelta(days=60), "measure_kind": "qpr_collective"}
    fact = {"what": "x", "when": TODAY.isoformat(), "rests_on": "own_observation"}
    for nature, wrong in (
        ("violence", set()),
        ("pressure", set()),
        ("refusal", {"new_facts"}),
        ("other_fact", {"new_facts"}),
        ("preparation", {"new_facts"}),
    ):
        given = {**opinion, "new_facts": [{**fact, "nature": nature}]}
        assert refused("F-QPR-REV", given, **since) == wrong, nature
    old = [{**fact, "nature": "violence", "when": (TODAY - timedelta(days=61)).isoformat()}]
    assert refused("F-QPR-REV", {**opinion, "new_facts": old}, **since) == {"new_facts"}
    faith = [{**fact, "nature": "violence", "special": True}]
    assert refused("F-QPR-REV", {**opinion, "new_facts": faith}, **since) == {"new_facts"}


def test_FR_5_I4_beyond_a_year_the_minister_alone_decides_on_special_opinions(on_trial):
    facts = {
        "sentence_years": 4,
        "years_left": 2,
        "terrorism": False,
        "special_register": False,
        "central_prison": False,
        "other_region": False,
        "renewal": True,
    }
    for kind in ("qpr_collective", "qpr_individual"):
        row = decide("competence.dmn", "competence", measure_kind=kind, measure_months=12, **facts)
        assert (row["authority"], row["special_reasons"]) == ("fr.disp", False)
        row = decide("competence.dmn", "competence", measure_kind=kind, measure_months=13, **facts)
        assert (row["authority"], row["special_reasons"]) == ("fr.central", True)
    with on_trial.world() as (sessions, world):
        Player(on_trial.platform, sessions, world, BEGIN).play(scenario("unit-two-terms"))
        with sessions() as session:
            wanted = select(Decision).where(Decision.kind == "qpr_collective")
            rows = session.scalars(wanted.order_by(Decision.decided_at)).all()
            assert [row.authority_role for row in rows] == ["fr.disp", "fr.disp", "fr.central"]


def test_FR_5_I4_a_missing_special_opinion_blocks_the_signature(on_trial):
    expected = ScenarioStep("expect", {"open_among": ["supervision_renewal_region"]})
    story = until("unit-two-terms", "supervision_renewal_region", expected)
    with on_trial.world() as (sessions, world):
        played = Player(on_trial.platform, sessions, world, BEGIN).play(story)
        with sessions() as session:
            waiting = session.scalars(
                select(HumanTask.element_id).where(
                    HumanTask.case_id == played.case_id, HumanTask.state == "open"
                )
            ).all()
            assert not {"contradiction_grounds", "decide_measure_decide"} & set(waiting)


def test_FR_5_I5_fifteen_days_after_a_transfer_to_another_region_nothing_is_left(on_trial):
    with on_trial.world() as (sessions, world):
        player = Player(on_trial.platform, sessions, world, BEGIN)
        steps = scenario("unit-transferred").steps
        away = [n for n, step in enumerate(steps, 1) if step.given.get("to") == "annoeullin"]
        moved = away[0]
        played = player.play(replace(scenario("unit-transferred"), steps=steps[:moved]))
        with sessions() as session:
            [row] = session.scalars(select(Measure).where(Measure.kind == "qpr_collective"))
            assert row.expires_on == BEGIN.date() + timedelta(days=15)
            ends = force.ends_at(session, row.id)
            assert ends is not None
            assert ends.date() in {row.expires_on, row.expires_on + timedelta(days=1)}
            stays = session.scalars(select(Stay).where(Stay.case_id == played.case_id)).all()
            assert [stay.state for stay in stays] == ["left"]
        with player.hands.writing() as session:
            for instance in session.scalars(select(ProcessInstance)):
                instance.state = "incident"
        player.step(ScenarioStep("wait", {"until": "P16D", "hour": 10}))
        with sessions() as session:
            [row] = session.scalars(select(Measure).where(Measure.kind == "qpr_collective"))
            assert row.end_reason == "lapsed"


def test_FR_5_I6_a_security_measure_that_nobody_renews_ends():
    fixed = answers_of("unit-two-terms", "supervision_programme_security")
    near = [
        {**part, "until": (TODAY + timedelta(days=30)).isoformat()} for part in fixed["measures"]
    ]
    assert refused("F-QPR-SAFE", {**fixed, "measures": near}) == set()
    far = [{**part, "until": date(2026, 4, 3).isoformat()} for part in fixed["measures"]]
    assert refused("F-QPR-SAFE", {**fixed, "measures": far}) == {"measures"}
    assert refused("F-QPR-SAFE", {**fixed, "measures": [near[0], near[0]]}) == {"measures"}
    assert refused("F-QPR-SAFE", {**fixed, "measures": []}) == {"measures"}
    assert refused("F-QPR-SAFE", {**fixed, "any_needed": "false", "measures": []}) == set()


def test_FR_5_I7_a_review_left_blank_cannot_be_sent():
    opinion = answers_of("unit-two-terms", "supervision_review_opinion")
    for name in ("violence", "influence", "preparation", "being_influenced", "duties"):
        blank = {**opinion, f"{name}_holds": ""}
        assert f"{name}_holds" in refused("F-QPR-REV", blank, measure_kind="qpr_collective"), name


def test_FR_5_I8_from_a_year_on_ordinary_detention_must_be_answered():
    opinion = answers_of("unit-two-terms", "supervision_review_opinion")
    known = {"measure_kind": "qpr_collective", "since": date(2026, 1, 1)}
    first = {**known, "measure_until": date(2026, 7, 1)}
    assert refused("F-QPR-REV", opinion, **first) == set()
    second = {**known, "measure_until": date(2027, 1, 1)}
    assert refused("F-QPR-REV", opinion, **second) == {"why_not_ordinary"}
    said = {**opinion, "why_not_ordinary": "x" * 80}
    assert refused("F-QPR-REV", said, **second) == set()


def test_FR_5_I9_to_keep_a_measure_against_a_request_needs_a_fact_of_today():
    kept = answers_of("unit-asked-to-end", "request_to_end_answer")
    assert refused("F-END-ANSWER", kept) == set()
    assert refused("F-END-ANSWER", {**kept, "facts_today": []}) == {"facts_today"}


def test_a_programme_is_renewed_only_where_a_criterion_holds():
    opinion = answers_of("unit-two-terms", "supervision_review_opinion")
    none = {**opinion, "violence_holds": "does_not_hold"}
    assert refused("F-QPR-REV", none, measure_kind="qpr_collective") == {"supervision_review"}
    ended = {**none, "supervision_review": "end_to_ordinary"}
    assert refused("F-QPR-REV", ended, measure_kind="qpr_collective") == set()
    for outcome in ("step_down_collective", "isolation_procedure"):
        given = {**opinion, "supervision_review": outcome}
        assert refused("F-QPR-REV", given, measure_kind="qpr_collective") == {"supervision_review"}
        assert refused("F-QPR-REV", given, measure_kind="qpr_individual") == set()
    up = {**opinion, "supervision_review": "to_individual"}
    assert refused("F-QPR-REV", up, measure_kind="qpr_individual") == {"supervision_review"}


def test_meeting_victims_needs_the_consent_of_all_sides():
    plan = answers_of("unit-two-terms", "collective_supervision_plan")
    meeting = {"activity": "victims", "how_often": "Once", "all_consent": "false"}
    given = {**plan, "activities": [meeting]}
    assert refused("F-QPR-PLAN", given) == {"activities"}


def test_FR_5_I10_each_discipline_writes_its_view_alone_and_the_team_reads_all(on_trial):
    """The psychologist's step opens no view; the step that puts them together opens every one."""
    for element, login, reads in (
        ("supervision_evaluation_mind", "psychologist.north", set()),
        ("supervision_evaluation_wing", "lead.north", set()),
        ("supervision_evaluation_together", "unit.north", {"teaching", "mind", "wing", "outside"}),
    ):
        with on_trial.world() as (sessions, world):
            player = Player(on_trial.platform, sessions, world, BEGIN)
            played = player.play(until("unit-two-terms", element))
            with sessions() as session:
                task = player.task(session, element)
                task.holder_id = world.users[login]
                session.flush()
                viewer = player.viewer(session, world.users[login])
                views = session.scalars(
                    select(RecordEntry).where(
                        RecordEntry.case_id == played.case_id, RecordEntry.form == "F-QPR-VIEW"
                    )
                ).all()
                assert views
                opened = [view for view in views if access.may_read_entry(session, viewer, view)]
                assert len(opened) == len(reads), element


def test_a_place_in_the_unit_is_given_back_when_the_programme_ends(on_trial):
    with on_trial.world() as (sessions, world):
        played = Player(on_trial.platform, sessions, world, BEGIN).play(scenario("unit-moves"))
        with sessions() as session:
            stays = session.scalars(select(Stay).where(Stay.case_id == played.case_id)).all()
            assert {stay.state for stay in stays} == {"left"}
            assert session.get_one(Case, played.case_id).state == "closed"
            kept = session.scalars(select(Message.name).where(Message.state == "kept")).all()
            assert kept == []


ANY = {"maintain", "end_to_ordinary", "other_assignment", "release_path"}


@pytest.mark.parametrize(
    ("name", "only_here"),
    [
        ("unit-two-terms", {"to_individual"}),
        ("unit-individual", {"step_down_collective", "isolation_procedure"}),
    ],
)
def test_a_review_offers_no_step_to_where_the_person_is(on_trial, name, only_here):
    with on_trial.world() as (sessions, world):
        player = Player(on_trial.platform, sessions, world, BEGIN)
        played = player.play(until(name, "supervision_review_opinion"))
        with player.hands.writing() as session:
            task = session.scalars(
                select(HumanTask).where(
                    HumanTask.case_id == played.case_id,
                    HumanTask.element_id == "supervision_review_opinion",
                    HumanTask.state == "open",
                )
            ).one()
            places = staff.places_above(session, task.establishment_id)
            secretary = staff.holders(session, task.role, places, played.now.date())[0].id
            page = taskpage.open_task(
                on_trial.platform,
                session,
                player.acting(secretary),
                player.viewer(session, secretary),
                task.id,
            )
            offered = page.form.standing.circumstances.offered
            proposals = offered(page.form.definition.fields["supervision_review"])
    assert {choice.value for choice in proposals} == ANY | only_here
