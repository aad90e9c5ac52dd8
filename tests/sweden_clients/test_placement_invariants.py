"""Invariants of a placement, its rejection and the court (SE-6-I1 to I4), and bad input."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from casework import accounts, apart, moving, submissions
from casework.placement import bundle
from casework.scenarios import ScenarioError
from casework.tables import CourtPart, Decision, Document, Measure, RecordEntry, Remedy
from processes.tables import Clock, HumanTask, Timer

STORY = "rejected-and-annulled"


def one(standing, table, *where):
    with standing.sessions() as session:
        return session.scalars(select(table).where(*where)).one()


@pytest.mark.parametrize("login", ["placement.mitt", "manager.bjork", "reader.se", "headoffice.se"])
def test_se_6_i1_nobody_who_had_a_part_in_the_decision_reconsiders_it(before, login):
    standing = before(STORY, "reconsideration_test", do="refused")
    user = standing.user(login)
    with standing.player.hands.writing() as session:
        acting = standing.player.acting(None)
        accounts.grant_role(
            standing.trials.platform,
            session,
            acting,
            user,
            "se.legal",
            standing.world.places["mitt"],
            acting.now.date(),
        )
    answers = next(s for s in standing.rest if s.do == "complete").given["answers"]
    with pytest.raises(ScenarioError, match="another pair of eyes"):
        standing.step("complete", task="reconsideration_test", **{"as": login}, answers=answers)


def test_se_6_i1_nor_does_one_who_takes_the_step_over_or_is_given_it(before):
    standing = before(STORY, "reconsideration_test", do="refused")
    task = one(standing, HumanTask, HumanTask.state == "open", HumanTask.form == "F-RECON")
    with standing.sessions() as session:
        today = standing.player.played.now.date()
        decider, other = standing.user("headoffice.se"), standing.user("legal.mitt")
        assert "another pair of eyes" in moving.why_not(session, task, decider, today)
        assert moving.why_not(session, task, other, today) is None
        assert apart.why_not(session, task.case_id, "F-RECON", other) is None


def test_se_6_i2_a_reconsideration_answers_every_criterion_afresh(before):
    standing = before(STORY, "reconsideration_test", do="refused")
    short = {"reconsideration": "upheld", "reasons": "There is no reason to judge otherwise. " * 3}
    for blank in ("order_holds", "crime_since", "escape_holds", "least_since"):
        standing.step(
            "refused",
            task="reconsideration_test",
            **{"as": "legal.mitt"},
            answers=short,
            because=blank,
        )


def test_se_6_i3_the_file_for_the_court_holds_the_open_file_alone(before):
    standing = before(STORY, "court_route_bundle")
    standing.go_on(1)
    with standing.sessions() as session:
        document = session.scalars(select(Document).where(Document.kind == bundle.KIND)).one()
        parts = list(session.scalars(select(CourtPart)))
        assert {part.layer for part in parts} <= {"L0", "L1"}
        assert bundle.why_not_open(session, document) == []
        entries = [session.get_one(RecordEntry, part.entry_id) for part in parts]
        assert "F-EYES" not in {entry.form for entry in entries}  # the second reader's notes
        hidden = [e for e in session.scalars(select(RecordEntry)) if e.layer not in bundle.LAYERS]
        assert hidden
        everything = submissions.of_case(session, standing.case_id)
        for given in everything:
            part = bundle.open_part(given)
            assert part is None or {e.layer for e in part.entries} <= bundle.LAYERS


def test_se_6_i3_a_part_of_another_layer_or_an_altered_one_is_found(before):
    standing = before(STORY, "court_route_bundle")
    standing.go_on(1)
    with standing.sessions() as session:
        document = session.scalars(select(Document).where(Document.kind == bundle.KIND)).one()
        parts = list(session.scalars(select(CourtPart).order_by(CourtPart.id)))
        parts[0].layer, parts[1].digest = "L2", "0" * 64
        session.flush()
        found = bundle.why_not_open(session, document)
        assert len(found) == 2
        assert any("layer L2" in words for words in found)
        assert any("altered" in words for words in found)


def test_the_file_for_the_court_is_numbered_when_it_is_issued(before):
    standing = before(STORY, "court_route_bundle")
    with standing.sessions() as session:
        assert session.scalars(select(Document)).all() == []
    standing.go_on(1)
    document = one(standing, Document, Document.kind == bundle.KIND)
    assert document.number == f"{standing.player.played.now.year}-001"


def rejection_clock(session):
    """When the three weeks end, if they run."""
    wanted = (
        select(Timer.due_at)
        .join(Clock, Clock.id == Timer.clock_id)
        .where(Clock.element_id == "rejection_late", Timer.state == "pending")
    )
    return session.scalars(wanted).one_or_none()


def test_se_6_i4_where_no_notice_was_served_the_time_to_reject_does_not_begin(before):
    standing = before(STORY, "tell_receive")
    standing.go_on(1)  # in hospital: not served
    standing.step("wait", until="P30D")
    with standing.sessions() as session:
        assert rejection_clock(session) is None
        assert session.scalars(select(Remedy)).all() == []
    standing.step(
        "complete",
        task="tell_receive",
        **{"as": "contact.bjork"},
        answers={"receipt": "signed", "handed_on": "@today-2D", "explained": ["own_words"]},
    )
    with standing.sessions() as session:
        ends = rejection_clock(session)
    told = standing.player.played.now - timedelta(days=2)
    assert ends.date() == (told + timedelta(weeks=3)).date()  # from the day the person was told


def test_a_rejection_that_comes_twice_is_told_that_it_was_taken_down(before):
    standing = before(STORY, "rejection_answer")
    said = standing.rest[0].given
    standing.go_on(1)
    standing.step("late", **{"as": "contact.bjork"}, answers=said["answers"])
    with standing.sessions() as session:
        assert len(session.scalars(select(Remedy)).all()) == 1


def test_after_release_there_is_nothing_to_reject(before):
    standing = before(STORY, "rejection_answer")
    said = standing.rest[0].given
    standing.step("interrupt", **{"as": "contact.bjork"}, reason="released")
    with pytest.raises(ScenarioError, match="no task rejection_answer is open"):
        standing.step("complete", **said)
    with standing.sessions() as session:
        measure = session.scalars(select(Measure)).one()
        assert measure.end_reason == "released"


def test_a_ruling_on_a_decision_that_was_replaced_leaves_the_new_one_in_force(before):
    standing = before("placement-remitted", "court_route_ruling", nth=1)
    with standing.player.hands.writing() as session:
        old = session.scalars(select(Measure).where(Measure.state == "in_force")).one()
        decided = session.get_one(Decision, old.decision_id)
        new_id = standing.trials.platform.new_id()
        session.add(
            Decision(
                id=new_id,
                agency_id=decided.agency_id,
                case_id=decided.case_id,
                instance_id=decided.instance_id,
                task_id=decided.task_id,
                kind="placement",
                outcome="decided",
                decided_by=decided.decided_by,
                decided_at=standing.player.played.now,
                effective_on=standing.player.played.now.date(),
            )
        )
        session.flush()
        old.state, old.end_reason, old.ended_at = "ended", "replaced", standing.player.played.now
        session.add(
            Measure(
                id=standing.trials.platform.new_id(),
                agency_id=old.agency_id,
                case_id=old.case_id,
                instance_id=old.instance_id,
                decision_id=new_id,
                kind="placement",
                code="ordinary_unit",
                state="in_force",
                effective_on=standing.player.played.now.date(),
            )
        )
    ruling = {**standing.rest[0].given, "answers": {**standing.rest[0].given["answers"]}}
    ruling["answers"]["court_ruling"] = "annulled"
    standing.step("complete", **ruling)
    with standing.sessions() as session:
        rows = {m.code: m.end_reason or m.state for m in session.scalars(select(Measure))}
    assert rows == {"other_prison": "replaced", "ordinary_unit": "in_force"}


def test_an_ordinary_placement_has_no_last_day_and_no_clock(before):
    standing = before("placement-remitted", "rejection_answer")
    with standing.sessions() as session:
        measure = session.scalars(select(Measure)).one()
        assert measure.expires_on is None
        assert not session.scalars(select(Clock).where(Clock.guarded_id == measure.id)).all()


def test_a_placement_that_begins_later_ends_the_one_before_on_the_day_before(before):
    standing = before("placement-ways", "decide_measure_decide", nth=5)
    decide = standing.rest[0].given
    answers = {**decide["answers"], "effective_on": "@today+5D"}
    standing.step("complete", **{**decide, "answers": answers})
    standing.step("wait", until="P3D")
    assert _in_force(standing) == ["ordinary_unit", "other_prison"]
    standing.step("wait", until="P3D")
    assert _in_force(standing) == ["other_prison"]


@pytest.mark.parametrize("first", ["@today-1D", "@today+400D"])
def test_a_placement_without_a_last_day_has_a_first_day_within_bounds_too(before, first):
    standing = before("placement-ways", "decide_measure_decide", nth=5)
    decide = standing.rest[0].given
    answers = {**decide["answers"], "effective_on": first}
    standing.step("refused", **{**decide, "answers": answers, "because": "effective_on"})


def _in_force(standing) -> list[str]:
    with standing.sessions() as session:
        running = select(Measure.code).where(Measure.state == "in_force").order_by(Measure.code)
        return list(session.scalars(running))


def test_a_paper_is_not_handed_over_before_it_was_ready(before):
    """Else a slip in the month would end the time to reject on the day it begins."""
    standing = before(STORY, "tell_receive")
    answers = {"receipt": "signed", "handed_on": "@today-30D", "explained": ["own_words"]}
    given = {"task": "tell_receive", "as": "contact.bjork", "answers": answers}
    standing.step("refused", **given, because="handed_on")
