"""The invariants of detection, each named as the reference names it."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from casework import access
from casework.expectations import CHECKS
from casework.player import Player
from casework.scenarios import Scenario, ScenarioError, ScenarioStep, read_scenario
from casework.tables import Decision, Person, RecordEntry, Seat
from casework.trial import BEGIN, Trials
from processes.packs import MODELS
from processes.tables import Base, HumanTask, Timer

SCENARIOS = MODELS / "france" / "scenarios"


@pytest.fixture(scope="module")
def on_trial(tmp_path_factory) -> Trials:
    return Trials(tmp_path_factory.mktemp("trial"))


def upto(name: str, element: str) -> Scenario:
    """The scenario until just before the step that completes the element."""
    whole = read_scenario(Path(SCENARIOS / f"{name}.toml"))
    kept: list[ScenarioStep] = []
    for step in whole.steps:
        if step.given.get("task") == element:
            break
        kept.append(step)
    else:
        raise AssertionError(f"{name} never comes to {element}")
    return Scenario(whole.name, whole.title, None, (), whole.person, tuple(kept))


def test_FR_1_I1_no_record_survives_a_discard(on_trial):
    with on_trial.world() as (sessions, world):
        before = rows(sessions)
        player = Player(on_trial.platform, sessions, world, BEGIN)
        player.play(read_scenario(SCENARIOS / "nothing-to-keep.toml"))
        left = {
            name: count - before[name]
            for name, count in rows(sessions).items()
            if count != before[name]
        }
        with sessions() as session:
            persons = session.scalar(select(func.count()).select_from(Person))
    # the prison's own register has the person; of the case only the signed end of its chain is left
    assert set(left) <= {"person", "chain_end", "audit_row", "audit_head"}, left
    assert left.get("audit_row", 0) == 0
    assert persons == 1


def rows(sessions) -> dict[str, int]:
    with sessions() as session:
        return {
            name: session.scalar(select(func.count()).select_from(table)) or 0
            for name, table in Base.metadata.tables.items()
        }


def test_FR_1_I2_a_rater_cannot_open_another_grid_before_all_are_in(on_trial):
    with on_trial.world() as (sessions, world):
        scenario = upto("raters-differ", "blind_grids_management")
        played = Player(on_trial.platform, sessions, world, BEGIN).play(scenario)
        with sessions() as session:
            grids = session.scalars(
                select(RecordEntry).where(
                    RecordEntry.case_id == played.case_id, RecordEntry.form.in_(("G1", "G2"))
                )
            ).all()
            seats = session.scalars(select(Seat).where(Seat.case_id == played.case_id)).all()
            assert grids
            assert {seat.state for seat in seats} >= {"asked", "given"}
            for entry in grids:
                for seat in seats:
                    if seat.user_id == entry.author_id or seat.user_id is None:
                        continue
                    viewer = access.viewer(
                        session, session.get_one(_account(), seat.user_id), played.now.date()
                    )
                    assert not access.may_read_entry(session, viewer, entry)
            tasks = session.scalars(
                select(HumanTask).where(HumanTask.case_id == played.case_id, HumanTask.form == "G3")
            ).all()
            custody = session.get_one(_account(), world.users["custody2.north"])
            viewer = access.viewer(session, custody, played.now.date())
            assert not any(access.may_see_task(session, viewer, task) for task in tasks)


def _account():
    from casework.tables import UserAccount

    return UserAccount


def test_FR_1_I3_a_case_cannot_be_monitored_without_an_end_date(on_trial):
    monitored = [
        path
        for path in sorted(SCENARIOS.glob("*.toml"))
        if any(
            step.given.get("answers", {}).get("detection_outcome") == "monitor"
            for step in read_scenario(path).steps
        )
    ]
    assert monitored, "a scenario monitors"
    whole = read_scenario(monitored[0])
    steps: list[ScenarioStep] = []
    for step in whole.steps:
        answers = step.given.get("answers", {})
        if answers.get("detection_outcome") == "monitor":
            without = {k: v for k, v in answers.items() if k != "monitor_until"}
            refused = {**step.given, "answers": without, "because": "monitor_until"}
            steps += [ScenarioStep("refused", refused), step]
            break
        steps.append(step)
    with on_trial.world() as (sessions, world):
        player = Player(on_trial.platform, sessions, world, BEGIN)
        scenario = Scenario(whole.name, whole.title, None, (), whole.person, tuple(steps))
        played = player.play(scenario)
        with sessions() as session:
            decision = session.scalars(
                select(Decision).where(Decision.case_id == played.case_id)
            ).first()
            assert decision is not None
            assert decision.until is not None


def test_FR_1_I4_a_grid_alone_never_changes_a_regime(on_trial):
    """No effect of detection writes anything about the person but where the case stands."""
    with on_trial.world() as (sessions, world):
        scenario = upto("raters-differ", "rate_and_hear_third")
        player = Player(on_trial.platform, sessions, world, BEGIN)
        with player.hands.writing() as session:
            player.register(session, scenario.person)
        before = registered(sessions)
        played = player.play(scenario)
        assert registered(sessions) == before
        with sessions() as session:
            assert (
                session.scalars(select(Decision).where(Decision.case_id == played.case_id)).all()
                == []
            )


def registered(sessions) -> list[tuple]:
    with sessions() as session:
        columns = [column for column in Person.__table__.columns if column.name != "id"]
        return [tuple(row) for row in session.execute(select(*columns))]


def test_a_step_that_does_not_go_as_written_says_which_and_why(on_trial):
    whole = read_scenario(SCENARIOS / "nothing-to-keep.toml")
    wrong = ScenarioStep("expect", {"open": ["nowhere"]})
    scenario = Scenario(whole.name, whole.title, None, (), whole.person, (wrong,))
    with (
        on_trial.world() as (sessions, world),
        pytest.raises(ScenarioError, match=r"step 1 \(expect\).*nowhere"),
    ):
        Player(on_trial.platform, sessions, world, BEGIN).play(scenario)


def test_every_expectation_has_a_word():
    assert set(CHECKS) >= {"open", "ended", "told", "entries_left", "messages", "nothing_left"}


def test_no_timer_of_a_finished_scenario_waits_for_a_task_that_ended(on_trial):
    with on_trial.world() as (sessions, world):
        player = Player(on_trial.platform, sessions, world, BEGIN)
        player.play(read_scenario(SCENARIOS / "vulnerability-to-support.toml"))
        with sessions() as session:
            waiting = select(func.count()).select_from(Timer).where(Timer.state == "pending")
            assert session.scalar(waiting) == 0
