"""Measures run, end by themselves, are renewed, replaced, stopped; and the person is told."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from casework import interruption
from casework.database import begin_writing, open_engine, session_factory
from casework.demo.world import create_world
from casework.keyring import check_keys
from casework.measures import ending, force, known, standing
from casework.player import Player
from casework.scenarios import ScenarioError
from casework.setup import load_packs
from casework.tables import AuditRow, Case, Decision, Measure
from casework.trial import BEGIN
from processes import advance
from processes.sweep import run_due
from processes.tables import Clock, Incident, Message, ProcessInstance, Timer
from tests.casework.measures import (
    DAY,
    TODAY,
    begin,
    confirmed,
    decided,
    decisions,
    measures,
    ordered,
    pass_time,
    running,
)
from tests.casework.measures import decision as decision_answers
from tests.casework.story import Story
from tests.races.racing import race

LAST_DAY = datetime(2026, 5, 1, 21, 59, 59, tzinfo=UTC)  # the end of the day in Paris
SECOND = timedelta(seconds=1)


@pytest.fixture
def either(trials, database_url):
    """A story told on SQLite, then on PostgreSQL."""
    engine = open_engine(database_url)
    sessions = session_factory(engine)
    with sessions() as session:
        begin_writing(session)
        check_keys(session, trials.platform.keyring)
        world = create_world(trials.platform, session)
        load_packs(trials.platform, session)
        session.commit()
    yield Story(Player(trials.platform, sessions, world, BEGIN))
    engine.dispose()


def cancel_everything(story: Story) -> None:
    """No instance of the case is alive any more, as after a fault that nobody mended."""
    with story.writing() as session:
        rows = select(ProcessInstance).where(
            ProcessInstance.case_id == story.case_id, ProcessInstance.state == "running"
        )
        for instance in list(session.scalars(rows)):
            acting = story.acting(None)
            advance.cancel_instance(session, story.platform, acting, instance, "gone")


def messages_of(story: Story) -> dict[str, str]:
    with story.reading() as session:
        rows = session.scalars(select(Message).where(Message.case_id == story.case_id))
        return {row.name: row.state for row in rows}


def acts(story: Story) -> list[str]:
    with story.reading() as session:
        return list(session.scalars(select(AuditRow.act)))


def stage(story: Story) -> tuple[str, str]:
    with story.reading() as session:
        case = session.get_one(Case, story.case_id)
        return case.state, case.stage


def test_each_measure_of_a_decision_is_a_row_with_a_clock_of_its_own(story):
    decided(story)
    rows = measures(story, "reinforced_supervision")
    assert [row.code for row in rows] == ["accompanied", "named_officer"]
    assert {row.state for row in rows} == {"in_force"}
    assert {row.expires_on for row in rows} == {TODAY + 60 * DAY}
    with story.reading() as session:
        assert {force.ends_at(session, row.id) for row in rows} == {LAST_DAY}
        clocks = session.scalars(select(Clock).where(Clock.guards == "measure")).all()
        assert {clock.instance_id for clock in clocks} == {None}


def test_what_is_decided_replaces_the_urgent_measure(story):
    decided(story)
    [urgent] = measures(story, "urgent")
    assert (urgent.state, urgent.end_reason) == ("ended", "replaced")
    assert {row.state for row in measures(story, "reinforced_supervision")} == {"in_force"}
    assert running(story) >= {"reinforced-supervision"}


def test_a_measure_ends_by_itself_with_no_instance_alive_and_the_person_is_told(either):
    story = either
    decided(story)
    cancel_everything(story)
    assert story.open_elements() == set()
    pass_time(story, LAST_DAY - SECOND)
    assert {row.state for row in measures(story, "reinforced_supervision")} == {"in_force"}
    pass_time(story, LAST_DAY + timedelta(minutes=1))
    rows = measures(story, "reinforced_supervision")
    assert {(row.state, row.end_reason) for row in rows} == {("ended", "lapsed")}
    assert messages_of(story)["measureStopped"] == "kept"
    assert messages_of(story)["measureLapsed"] == "consumed"
    assert running(story) == {"measure-ended"}
    assert story.open_elements() == {"tell_receive"}
    assert acts(story).count("measure.end") == 3


def test_while_its_process_runs_the_person_is_told_once(story):
    decided(story)
    pass_time(story, LAST_DAY + timedelta(minutes=1))
    rows = measures(story, "reinforced_supervision")
    assert {(row.state, row.end_reason) for row in rows} == {("ended", "lapsed")}
    assert "measureLapsed" not in messages_of(story)
    assert running(story) >= {"reinforced-supervision"}
    with story.reading() as session:
        told = session.scalars(select(Timer).where(Timer.state == "failed")).all()
    assert told == []


def test_an_urgent_measure_lifts_by_itself_to_the_hour_it_was_begun(either):
    story = either
    ordered(story, at_time="08:30")
    [urgent] = measures(story)
    with story.reading() as session:
        at = force.ends_at(session, urgent.id)
    assert at == datetime(2026, 3, 5, 7, 30, tzinfo=UTC)
    pass_time(story, at + timedelta(minutes=1))
    [urgent] = measures(story)
    assert (urgent.state, urgent.end_reason) == ("ended", "lifted")
    assert "tell_receive" in story.open_elements()
    assert "urgent_measure_reasons" not in story.open_elements()


def test_a_case_stays_open_while_a_measure_runs(story):
    decided(story)
    cancel_everything(story)
    with story.writing() as session:
        instance = session.scalars(
            select(ProcessInstance).where(ProcessInstance.case_id == story.case_id)
        ).first()
        story.platform.ports.effects.ended(session, story.acting(None), instance)
    assert stage(story) == ("open", "measure")
    pass_time(story, LAST_DAY + timedelta(minutes=1))
    story.complete("tell_receive", receipt="signed", handed_on=TODAY + 61 * DAY)
    assert stage(story)[0] == "closed"


@pytest.mark.parametrize(("reason", "told"), [("released", "released"), ("minor", "lifted")])
def test_measures_end_with_the_interruption_of_the_case(story, reason, told):
    decided(story)
    story.do("interrupt", as_="coordinator.north", reason=reason)
    rows = measures(story, "reinforced_supervision")
    assert {(row.state, row.end_reason) for row in rows} == {("ended", told)}
    with story.reading() as session:
        clocks = session.scalars(select(Clock.state).where(Clock.guards == "measure"))
        assert set(clocks) == {"done"}


def test_a_case_in_which_only_a_measure_runs_can_be_interrupted(story):
    decided(story)
    cancel_everything(story)
    with story.reading() as session:
        viewer = story.viewer(session, "coordinator.north")
        case = story.case(session)
        assert interruption.may_interrupt(story.platform, session, viewer, case)
    story.do("interrupt", as_="coordinator.north", reason="died")
    assert {row.end_reason for row in measures(story, "reinforced_supervision")} == {"died"}


def test_what_stopped_an_earlier_measure_stops_no_later_one(story):
    decided(story)
    cancel_everything(story)
    pass_time(story, LAST_DAY + timedelta(minutes=1))
    assert messages_of(story)["measureStopped"] == "kept"
    with story.writing() as session:
        ending.forget_stops(session, story.case(session))
    assert messages_of(story)["measureStopped"] == "refused"


def test_the_authority_finds_the_case_while_its_measure_runs_and_the_registry_afterwards(story):
    decided(story)
    cancel_everything(story)
    with story.reading() as session:
        case_id = story.case_id
        assert standing.answered_for(session, {case_id: {"fr.governor"}})
        assert standing.answered_for(session, {case_id: {"fr.registry"}})
        assert not standing.answered_for(session, {case_id: {"fr.custody", "fr.disp"}})
    pass_time(story, LAST_DAY + timedelta(minutes=1))
    with story.reading() as session:
        assert not standing.answered_for(session, {case_id: {"fr.governor"}})
        assert standing.answered_for(session, {case_id: {"fr.registry"}})


def test_the_decision_keeps_authority_row_dates_and_the_days_to_contest_it(story):
    decided(story)
    [row] = decisions(story, "reinforced_supervision")
    assert (row.outcome, row.authority_role) == ("decided", "fr.governor")
    assert row.rule.startswith("competence_rule_")
    assert (row.effective_on, row.expires_on) == (TODAY, TODAY + 60 * DAY)
    assert (row.attested, row.remedy_days, row.delegation_id) == ("yes", 61, None)


def test_the_clock_against_somebody_who_ends_the_measure_one_of_two_ends_it(either):
    story = either
    decided(story)
    cancel_everything(story)
    pass_time(story, LAST_DAY - SECOND)
    story.player.played.now = LAST_DAY + SECOND

    def lift() -> int:
        with story.writing() as session:
            running = standing.in_force(session, story.case_id)
            acting = story.acting("governor.north")
            return len(force.end(story.platform, session, acting, running, "lifted"))

    lifted, swept, again = race(lift, *[lambda: run_due(story.player.hands)] * 2)
    assert (swept.failed, again.failed) == (0, 0)
    story.player.do_what_is_due()
    reasons = [row.end_reason for row in measures(story, "reinforced_supervision")]
    assert reasons.count("lifted") == lifted
    assert reasons.count("lapsed") == 2 - lifted
    assert acts(story).count("measure.end") == 3  # the urgent one, and each of these once
    with story.reading() as session:
        assert session.scalars(select(Incident)).all() == []


def since(story: Story, on: date) -> date | None:
    with story.reading() as session:
        return known.runs_since(session, story.case_id, "reinforced_supervision", on, "P7D")


def test_a_short_break_does_not_begin_the_longest_time_anew(story):
    decided(story)
    last = TODAY + 60 * DAY
    assert since(story, TODAY) == TODAY
    pass_time(story, LAST_DAY + timedelta(minutes=1))
    assert {row.state for row in measures(story, "reinforced_supervision")} == {"ended"}
    assert since(story, last + DAY) == TODAY
    assert since(story, last + 7 * DAY) == TODAY
    assert since(story, last + 8 * DAY) is None


def test_the_longest_time_is_counted_through_all_that_followed_each_other(story):
    decided(story)
    with story.writing() as session:
        first = session.scalars(
            select(Measure).where(Measure.kind == "reinforced_supervision")
        ).first()
        for begins, ends in ((40, 30), (20, 5)):
            row = Measure(
                id=story.platform.new_id(),
                agency_id=first.agency_id,
                case_id=first.case_id,
                instance_id=first.instance_id,
                decision_id=first.decision_id,
                kind=first.kind,
                code="searches",
                state="ended",
                end_reason="ended",
                effective_on=TODAY - begins * DAY,
                ended_at=story.player.played.now - ends * DAY,
            )
            session.add(row)
    assert since(story, TODAY) == TODAY - 20 * DAY
    with story.reading() as session:
        bridged = known.runs_since(session, story.case_id, first.kind, TODAY, "P10D")
    assert bridged == TODAY - 40 * DAY


def test_who_signs_after_a_short_break_is_told_since_when_it_counts(story):
    confirmed(story)
    with story.writing() as session:
        task = story.task(session, "decide_measure_decide")
        decision = session.scalars(select(Decision).where(Decision.kind == "urgent")).one()
        session.add(
            Measure(
                id=story.platform.new_id(),
                agency_id=task.agency_id,
                case_id=task.case_id,
                instance_id=task.instance_id,
                decision_id=decision.id,
                kind="reinforced_supervision",
                code="searches",
                state="ended",
                end_reason="lapsed",
                effective_on=TODAY - 300 * DAY,
                ended_at=story.player.played.now - 5 * DAY,
            )
        )
    with story.reading() as session:
        page = story.page(session, "decide_measure_decide", "governor.north")
        facts = {fact.label: fact.shown for fact in page.facts}
    assert facts["Counted since"] == "6 May 2025"
    answers = decision_answers(measure_until=TODAY + 80 * DAY)
    with pytest.raises(ScenarioError, match="since 6 May 2025: until 6 May 2026"):
        story.complete("decide_measure_decide", "governor.north", **answers)


def test_a_case_about_which_the_commission_is_asked_says_so_and_not_that_its_measure_ended(story):
    decided(story)
    pass_time(story, LAST_DAY + timedelta(minutes=1))
    stages = [stage_of(story)]
    begin(story, "secretary.north", "F-CPU-REQ")
    assert [*stages, stage_of(story)] == ["measure_ended", "referred"]


def stage_of(story) -> str:
    with story.reading() as session:
        return str(story.case(session).stage)
