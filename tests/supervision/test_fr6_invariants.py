"""The invariants of individual supervision (FR-6), each by its name."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from casework import work
from casework.player import Player
from casework.scenarios import ScenarioStep
from casework.supervision.contact import UNDER, first_day, run_of
from casework.supervision.days import LOG, next_day
from casework.tables import Case, ContactDay, Measure, Notification
from casework.trial import BEGIN, Trials
from forms import FormDefinition
from processes.tables import HumanTask, Subscription
from tests.supervision.playing import TODAY, answers_of, form, refused, scenario, until

ALERT, CONTACT = "contact_watch_restore", "individual_safeguards_contact"


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


FIRST = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("written", "today", "begun", "isolated"),
    [
        ({}, 3, 0, False),  # the third day may still be written down
        ({}, 4, 0, True),
        ({0: False, 1: False, 2: False}, 3, 0, True),  # written so: no need to wait for it
        ({0: False, 1: False, 2: False}, 2, 0, False),  # the third day is not over
        ({1: True}, 4, 2, False),
        ({1: True}, 6, 2, True),
        ({0: False, 2: False}, 4, 0, True),
        ({3: True, 4: True}, 6, 0, True),  # later days do not make the first three good
    ],
)
def test_FR_6_I2_a_day_nobody_wrote_down_counts_as_one_under_the_floor(
    written, today, begun, isolated
):
    days = {FIRST + timedelta(days=after): enough for after, enough in written.items()}
    now = FIRST + timedelta(days=today)
    due = now - timedelta(days=2)
    found = run_of(days, FIRST, now, due, timedelta(days=3))
    assert found == (FIRST + timedelta(days=begun), isolated)


def silent(player, days):
    """Nobody writes anything down for so many days."""
    player.step(ScenarioStep("wait", {"until": f"P{days}D", "hour": 10}))


def write(player, do="complete", **answers):
    usual = answers_of("unit-individual", CONTACT)
    given = {"task": CONTACT, "as": "fr.custody", "answers": {**usual, **answers}}
    player.step(ScenarioStep(do, {**given, "because": "contact_on"} if do == "refused" else given))


def log(session):
    """The days that are written down, the oldest first, and whether each had contact enough."""
    rows = session.scalars(select(ContactDay).order_by(ContactDay.day))
    return {(row.day - BEGIN.date()).days: row.enough for row in rows}


def alerts(sessions, played):
    """How often region and oversight were told, and whether the governor's answer is open."""
    with sessions() as session:
        told = session.scalars(
            select(Notification.role).where(
                Notification.case_id == played.case_id,
                Notification.code == "de_facto_isolation",
            )
        ).all()
        assert told.count("fr.disp") == told.count("x.oversight")
        is_open = select(HumanTask).where(HumanTask.state == "open")
        steps = [one.element_id for one in session.scalars(is_open)]
        return told.count("fr.disp"), steps.count(ALERT)


@pytest.fixture
def begun(on_trial):
    """The first day of a term: the first contact is to be written down."""
    with on_trial.world() as (sessions, world):
        player = Player(on_trial.platform, sessions, world, BEGIN)
        played = player.play(until("unit-individual", CONTACT))
        yield player, lambda: alerts(sessions, played)


def test_FR_6_I2_contact_is_watched_over_before_any_programme_is_agreed(on_trial):
    with on_trial.world() as (sessions, world):
        player = Player(on_trial.platform, sessions, world, BEGIN)
        played = player.play(until("unit-individual", "individual_safeguards_plan"))
        silent(player, 4)
        assert alerts(sessions, played) == (1, 1)
        with sessions() as session:
            steps = session.scalars(select(HumanTask).where(HumanTask.state == "open"))
            assert {"individual_safeguards_plan", CONTACT} <= {one.element_id for one in steps}


def test_FR_6_I2_silence_rings_by_itself(begun):
    player, told = begun  # one day has passed
    silent(player, 2)
    assert told() == (0, 0)
    silent(player, 1)
    assert told() == (1, 1)


@pytest.mark.parametrize("written", ["@today", "@today-1D"])
def test_FR_6_I2_one_day_written_after_a_gap_does_not_hide_the_gap(begun, written):
    player, told = begun
    silent(player, 2)
    write(player, contact_on=written, contact_minutes=210)
    silent(player, 5)
    assert told() == (1, 1)


@pytest.mark.parametrize("written", ["@today-2D", "@today-400D", "@today+1D"])
def test_FR_6_I2_no_day_is_written_down_before_the_person_came_nor_ahead(begun, written):
    player, _ = begun  # the person came yesterday
    write(player, "refused", contact_on=written)
    write(player, contact_on="@today-1D")


def test_FR_6_I2_no_form_may_write_a_day_ahead_however_it_is_drawn():
    usual = {"contact_minutes": 120}
    for ahead, wrong in ((0, set()), (1, {"contact_on"})):
        on = (TODAY + timedelta(days=ahead)).isoformat()
        assert refused("F-QPR-CONTACT", {**usual, "contact_on": on}) == wrong


def test_FR_6_I2_a_day_that_is_written_down_is_not_written_anew(begun):
    player, _ = begun
    write(player, contact_minutes=10, less_because="Nobody came.")
    silent(player, 1)
    write(player, "refused", contact_on="@today-2D", contact_minutes=210)
    write(player, contact_on="@today-1D", contact_minutes=210)
    with player.hands.writing() as session:
        came = min(log(session))
        assert log(session) == {came: False, came + 1: True}


def test_FR_6_I2_a_correction_changes_its_own_day_and_no_other(on_trial):
    with on_trial.world() as (sessions, world):
        player = Player(on_trial.platform, sessions, world, BEGIN)
        player.play(until("unit-individual", ALERT))
        asked = {"task": ALERT, "as": "fr.governor", "message": "Was he not in the yard?"}
        player.step(ScenarioStep("handback", asked))
        write(player, "refused", contact_on="@today-2D", contact_minutes=150)
        write(player, contact_on="@today-1D", contact_minutes=150)
        with sessions() as session:
            assert list(log(session).values()) == [True, False, False, True]


def asked_for(player):
    """With which day the log is open, counted from the arrival; None while it is not open."""
    with player.hands.reading() as session:
        wanted = select(HumanTask).where(HumanTask.form == LOG, HumanTask.state == "open")
        task = session.scalars(wanted).first()
        if task is None:
            return None
        who = player.who(session, task.role, task)
        acting, viewer = player.acting(who, task.role), player.viewer(session, who)
        page = work.open_task(player.platform, session, acting, viewer, task.id)
        typed = page.form.raw()["contact_on"]
        on = date(*(int(typed[part]) for part in ("year", "month", "day")))
        return (on - BEGIN.date()).days


def test_FR_6_I2_days_that_are_missing_are_asked_for_at_once_the_oldest_first(begun):
    player, told = begun
    came = asked_for(player)
    silent(player, 2)
    assert asked_for(player) == came
    write(player, contact_on="@today-1D")  # not the one that was asked for
    assert asked_for(player) == came
    write(player, contact_on="@today-3D")
    assert asked_for(player) == came + 1
    write(player, contact_on="@today-2D")
    assert asked_for(player) is None  # today is not over
    silent(player, 1)
    assert asked_for(player) == came + 3
    write(player, contact_on="@today-1D")
    silent(player, 2)
    assert told() == (0, 0)


def test_FR_6_I2_a_day_written_while_it_lasts_is_not_asked_for_again(begun):
    player, _ = begun
    came = asked_for(player)
    write(player, contact_on="@today")
    write(player, contact_on="@today-1D")
    silent(player, 1)
    assert asked_for(player) is None
    silent(player, 1)
    assert asked_for(player) == came + 2


def test_FR_6_I2_a_later_term_asks_for_what_an_earlier_one_left_open(begun):
    player, _ = begun
    write(player, contact_on="@today-1D")
    silent(player, 2)
    write(player, contact_on="@today-1D")
    with player.hands.reading() as session:
        case = session.scalars(select(Case).where(Case.kind == "person")).one()
        came, term = min(log(session)), BEGIN.date() + timedelta(days=60)
        assert next_day(session, case, term) == BEGIN.date() + timedelta(days=came + 1)


def test_FR_6_I2_days_are_asked_for_while_the_governor_answers(begun):
    player, told = begun
    silent(player, 4)
    for _ in range(3):
        write(player, contact_minutes=30, less_because="Nobody came.")
        silent(player, 1)
    assert told() == (1, 1)


def test_FR_6_I2_isolation_that_goes_on_after_the_answer_is_told_again(begun):
    player, told = begun
    silent(player, 4)
    answers = answers_of("unit-individual", ALERT)
    player.step(ScenarioStep("complete", {"task": ALERT, "as": "fr.governor", "answers": answers}))
    write(player, contact_minutes=30, less_because="Nobody came.")
    silent(player, 4)  # the day of the answer does not count, the last may still be written
    assert told() == (1, 0)
    silent(player, 1)
    assert told() == (2, 1)


def test_FR_6_I2_a_term_that_is_over_is_watched_no_more(on_trial):
    with on_trial.world() as (sessions, world):
        played = Player(on_trial.platform, sessions, world, BEGIN).play(scenario("unit-individual"))
        with sessions() as session:
            waits = select(Subscription.id).where(
                Subscription.key == str(played.case_id), Subscription.name == UNDER
            )
            assert session.scalars(waits).all() == []


def test_a_new_term_counts_from_the_last_day_with_enough_contact_of_the_same_stay(begun, on_trial):
    player, _ = begun
    came, today = BEGIN.date(), BEGIN.date() + timedelta(days=150)
    with player.hands.writing() as session:
        case = session.scalars(select(Case).where(Case.kind == "person")).one()
        assert first_day(session, case, today) == today
        for before, counts in ((-3, today), (100, came + timedelta(days=101))):
            session.add(
                ContactDay(
                    id=on_trial.platform.new_id(),
                    agency_id=case.agency_id,
                    case_id=case.id,
                    day=came + timedelta(days=before),
                    enough=True,
                )
            )
            session.flush()
            assert first_day(session, case, today) == counts


def test_FR_6_I3_the_way_down_is_in_the_programme_from_the_first_day():
    plan = answers_of("unit-individual", "individual_safeguards_plan")
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
