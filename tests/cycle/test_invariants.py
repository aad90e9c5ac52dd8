"""The invariants of the Swedish cycle, each named as the reference names it."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from casework import access, accounts, submissions
from casework.cycle import categories, evaluating, reading
from casework.grid_rules import months_after
from casework.scenarios import ScenarioError, ScenarioStep
from casework.tables import (
    Case,
    Category,
    Decision,
    Evaluation,
    Person,
    RecordEntry,
    SharedAction,
    UserAccount,
)
from processes.engine.drawing import draw
from processes.packs import FORMS, MODELS, read_pack
from processes.tables import Base, Clock, HumanTask, ProcessInstance
from tests.cycle.conftest import upto

PACK = MODELS / "sweden"
CODES = ("transmitter", "vulnerable_recipient", "undetermined")


def rows(sessions) -> dict[str, int]:
    with sessions() as session:
        return {
            name: session.scalar(select(func.count()).select_from(table)) or 0
            for name, table in Base.metadata.tables.items()
        }


def the_case(session, told) -> Case:
    return session.get_one(Case, told.played.case_id)


def do(told, task, role, **answers) -> None:
    told.player.step(ScenarioStep("complete", {"task": task, "as": role, "answers": answers}))


def wait(told, until: str) -> None:
    told.player.step(ScenarioStep("wait", {"until": until}))


# --- SE-1 identify ------------------------------------------------------------------------------


def test_SE_1_I1_nothing_of_a_discarded_observation_remains(trials, told):
    with trials.world(name="sweden") as (sessions, _):
        before = rows(sessions)
    done = told("nothing-kept-in-sweden")
    left = {name for name, count in rows(done.sessions).items() if count != before[name]}
    assert left <= {"person", "chain_end", "audit_row", "audit_head"}


@pytest.mark.parametrize(
    ("harm", "field"), [("none", "harm"), ("duties", "special")], ids=["alone", "with-a-refusal"]
)
def test_SE_1_I2_religion_alone_is_not_recorded(trials, told, harm, field):
    started = told("nothing-kept-in-sweden", "identify_first_look")
    answers = {
        "expression": "behaviour",
        "what": "Prays at fixed hours and will not shake hands.",
        "when": "@today",
        "where": "Wing A",
        "source": "own",
        "harm": harm,
        "special": True,
        "necessity": "It is all that was seen.",
        "other_explanation": "ordinary_practice",
        "contrary": "Works, and is on good terms with all.",
    }
    step = {"as": "se.officer", "form": "F-OBS", "because": field, "answers": answers}
    started.player.step(ScenarioStep("refused", step))


def test_SE_1_I3_there_is_no_special_way_at_entry():
    """Everybody is received alike: no start of the pack is bound to a kind of offence."""
    pack = read_pack(PACK)
    assert "offence" not in pack.variables["origin"]["codes"]


# --- SE-2 assess --------------------------------------------------------------------------------


def test_SE_2_I1_no_form_of_the_pack_holds_intelligence():
    for path in sorted((FORMS / "sweden").glob("*.form")):
        layers = set(re.findall(r'"layer": "(L\d)"', path.read_text("utf-8")))
        assert layers <= {"L0", "L1", "L2", "L3"}, path.name
    assert '"layer": "L1"' in (FORMS / "sweden" / "F-OPEN.form").read_text("utf-8")


def test_SE_2_I2_background_alone_leads_to_nothing(told):
    """Whatever the background says, without an expression no category can be weighed."""
    at = told("background-alone", "assess_decide")
    answers = {"assessment_result": "categorise", "reasons": "x" * 90, "attestation": "true"}
    step = {"task": "assess_decide", "as": "security2.bjork", "answers": answers}
    at.player.step(ScenarioStep("refused", {**step, "because": "assessment_result"}))


def test_SE_2_I2_an_expression_about_religion_alone_is_none(told):
    at = told("background-alone", "assess_expressions")
    answers = {
        "verbal_enemy_observed": "observed",
        "verbal_enemy_statements": [
            {"what": "Preaches at table.", "when": "@today-2D", "source": "own"},
            {"what": "Preaches in the yard.", "when": "@today-3D", "source": "own"},
        ],
        "verbal_enemy_special": True,
        "verbal_enemy_necessity": "It is all there is.",
        "verbal_enemy_other_explanation": "ordinary_practice",
        "verbal_enemy_contrary": "He listens too.",
        "conclusion": "concern_refer",
        "confidence": "low",
        "confidence_why": "Twice.",
    }
    step = {"task": "assess_expressions", "as": "se.security", "others": "not_observed"}
    at.player.step(ScenarioStep("refused", {**step, "answers": answers, "because": "conclusion"}))


def test_SE_2_I3_nothing_about_a_person_is_a_number():
    pack = read_pack(PACK)
    numbers = {name for name, facts in pack.variables.items() if facts["type"] == "number"}
    assert numbers <= {"measure_months", "sentence_months"}, "terms are counted, nobody is"
    for path in sorted((FORMS / "sweden").glob("*.form")):
        asked = re.findall(r'"type": "number",\s*"key": "(\w+)"', path.read_text("utf-8"))
        assert set(asked) <= {"sentence_months"}, path.name


def test_SE_2_I4_one_hypothesis_is_not_enough(told):
    at = told("background-alone", "assess_open")
    one = {
        "hypothesis": "He wants to win others.",
        "supports": "Two utterances.",
        "against": "He took it back.",
        "likelihood": "as_likely",
        "separates": "Whether he seeks them again.",
    }
    texts = ("facts", "protective", "frame_relations", "frame_knowledge", "frame_procedures")
    told_texts = dict.fromkeys((*texts, "frame_technical", "needs"), "Told.")
    answers = {**told_texts, "hypotheses": [one, one]}
    step = {"task": "assess_open", "as": "se.psychologist", "answers": answers}
    at.player.step(ScenarioStep("refused", {**step, "because": "hypotheses"}))


# --- SE-3 categorise ----------------------------------------------------------------------------


def test_SE_3_I1_closing_a_case_deletes_its_category(told):
    done = told("neither-and-nothing-to-watch")
    with done.sessions() as session:
        case = the_case(session, done)
        assert case.state == "erased"
        left = select(Category).where(Category.case_id == case.id)
        assert session.scalars(left).all() == []


def test_SE_3_I1_no_category_stands_in_a_case_that_is_not_open(told):
    """Support ends the case of the long story: the category goes, and what was written of it."""
    done = told("cycle-of-a-transmitter")
    with done.sessions() as session:
        case = the_case(session, done)
        assert case.state == "closed"
        assert session.scalars(select(Category).where(Category.case_id == case.id)).all() == []
        written = select(RecordEntry).where(
            RecordEntry.case_id == case.id,
            RecordEntry.form.in_(categories.FORMS),
            RecordEntry.erased_at.is_(None),
        )
        assert session.scalars(written).all() == []


def test_SE_3_I2_no_engine_variable_and_no_gateway_knows_the_category(told):
    pack = read_pack(PACK)
    for name, facts in pack.variables.items():
        assert not set(facts.get("codes", ())) & set(CODES), name
    for path in sorted(PACK.glob("*.bpmn")):
        for process in draw(path.name, path.read_bytes()).processes:
            for flow in process.flows.values():
                assert not any(code in (flow.condition or "") for code in CODES), flow.id
                assert "se_category" not in (flow.condition or "")
    raw = json.dumps((FORMS / "sweden" / "F-CATEGORY.form").read_text("utf-8"))
    assert "variable" not in raw
    at = told("vulnerable-is-protected", "categorise_words")
    with at.sessions() as session:
        for table in Base.metadata.sorted_tables:
            for row in session.execute(select(table)):
                if table.name not in {"bundle_file"}:
                    assert not any(_holds(value, "vulnerable_recipient") for value in row), table


def _holds(value: object, code: str) -> bool:
    if isinstance(value, bytes):
        return code.encode() in value
    return code in str(value)


def test_SE_3_I3_a_category_ends_on_its_last_day_with_no_instance_alive(told):
    at = told("late-review-suspends", "monitor_evaluate")
    with at.sessions() as session, session.begin():
        case = the_case(session, at)
        row = categories.standing(session, case.id)
        assert row is not None
        zone = "Europe/Stockholm"
        assert row.expires_on == months_after(row.effective_on, 6), zone
        for instance in session.scalars(select(ProcessInstance)):
            instance.state = "done"
        clock = session.scalars(
            select(Clock).where(Clock.guarded_id == row.id, Clock.state == "running")
        ).one()
        assert clock.instance_id is None
    wait(at, "P6M")
    with at.sessions() as session:
        row = session.scalars(select(Category)).one()
        assert (row.state, row.end_reason) == ("ended", "expired")


def test_SE_3_I4_whoever_proposed_a_category_does_not_confirm_it(trials, told):
    at = told("neither-and-nothing-to-watch", "categorise_confirm")
    proposer, place = at.world.users["psychologist.bjork"], at.world.places["bjork"]
    with at.sessions() as session, session.begin():
        acting, since = at.player.acting(None), date(2020, 1, 1)
        accounts.grant_role(trials.platform, session, acting, proposer, "se.security", place, since)
    with pytest.raises(ScenarioError, match="another pair of eyes"):
        do(
            at,
            "categorise_confirm",
            "psychologist.bjork",
            category_check="confirmed",
            read_counter=True,
            reasons="x" * 90,
        )


def test_SE_3_I5_an_officer_of_the_wing_reads_no_category(told):
    at = told("cycle-of-a-transmitter", "share_for_action_reply")
    with at.sessions() as session:
        officer = session.get_one(UserAccount, at.world.users["officer.bjork"])
        viewer = access.viewer(session, officer, at.played.now.date())
        entries = session.scalars(
            select(RecordEntry).where(RecordEntry.case_id == at.played.case_id)
        ).all()
        open_ones = {e.form for e in entries if access.may_read_entry(session, viewer, e)}
        assert "F-ACTION" in open_ones  # the extract, and what the officer wrote
        assert open_ones <= {"F-ACTION", "F-OBS"}


def test_SE_3_I6_a_contest_is_answered_by_another_office_in_time(told):
    at = told("cycle-of-a-transmitter", "contest_category_second")
    with at.sessions() as session:
        task = session.scalars(
            select(HumanTask).where(HumanTask.form == "F-SECOND", HumanTask.state == "open")
        ).one()
        assert task.role == "se.region"
        assert task.due_at is not None
        assert timedelta(days=20) < task.due_at - at.played.now < timedelta(days=24)  # 15 work days
        row = session.scalars(select(Category)).one()
        assert row.contested_at is not None


# --- SE-4 share ---------------------------------------------------------------------------------


def test_SE_4_I1_silence_about_an_action_is_escalated(told):
    at = told("cycle-of-a-transmitter", "share_for_action_reply")
    wait(at, "P15WD")
    with at.sessions() as session:
        action = session.scalars(select(SharedAction)).one()
        assert action.reply is None
        told_of = session.scalars(
            select(ProcessInstance).where(ProcessInstance.guarded_task_id.is_not(None))
        ).all()
        assert any(
            session.get_one(HumanTask, instance.guarded_task_id).form == "F-REPLY"
            for instance in told_of
        )


def test_SE_4_I2_without_an_action_nothing_is_shared(told):
    done = told("vulnerable-is-protected", "close_and_erase_finding")
    with done.sessions() as session:
        asked = session.scalars(select(SharedAction)).all()
        assert {row.actor_role for row in asked} == {"se.contact_person"}
        assert all(row.reply for row in asked)


def test_SE_4_I3_a_vulnerable_recipient_is_never_put_worse(told):
    """Whoever acts is held to what the request said, and the request may not restrict."""
    at = told("vulnerable-is-protected", "share_for_action_reply")
    step = {"task": "share_for_action_reply", "as": "se.contact_person", "because": "worse"}
    answers = {"reply": "taken", "done": "Locked in during meals.", "worse": "true"}
    at.player.step(ScenarioStep("refused", {**step, "answers": answers}))


# --- SE-5 monitor -------------------------------------------------------------------------------


def test_SE_5_I1_no_decision_is_older_than_three_months_without_an_evaluation(told):
    at = told("cycle-of-a-transmitter", "monitor_review", nth=4)
    with at.sessions() as session:
        rows_ = session.scalars(select(Evaluation))
        evaluated = {row.decision_id: row.evaluated_at for row in rows_}
        decisions = session.scalars(
            select(Decision).where(Decision.kind.in_(evaluating.KINDS))
        ).all()
        assert len(decisions) > 6
        for row in decisions:
            by = months_after(row.decided_at.date(), 3)
            if row.id in evaluated:
                assert evaluated[row.id].date() <= by, row.kind
            else:
                assert at.played.now.date() <= by, row.kind


def test_SE_5_I2_every_decision_of_the_list_is_evaluated(told):
    at = told("cycle-of-a-transmitter", "monitor_evaluate")
    with at.sessions() as session:
        first = evaluating.waiting(session, at.played.case_id)[0]
    part = {
        "decision": str(first.id),
        "expected": "Less.",
        "seen": "Less.",
        "information": "confirmed",
    }
    step = {"task": "monitor_evaluate", "as": "se.security", "because": "evaluations"}
    for list_ in ([part], [part, part]):
        at.player.step(ScenarioStep("refused", {**step, "answers": {"evaluations": list_}}))


def test_SE_5_I3_a_review_left_blank_is_refused(told):
    at = told("cycle-of-a-transmitter", "monitor_review")
    for key in ("changes", "client_view", "reasons"):
        answers = {
            "changes": "Read afresh.",
            "client_view": "Wants to move.",
            "reasons": "x" * 90,
            "monitor_review": "continue",
            "rhythm": "one_month",
        }
        step = {"task": "monitor_review", "as": "se.security", "because": key}
        at.player.step(ScenarioStep("refused", {**step, "answers": {**answers, key: ""}}))


def test_SE_5_I4_nobody_looking_is_not_the_same_as_quiet(told):
    """After a turn in which nobody noted anything, two quiet reviews are not in a row."""
    from casework.tables import MonitoringReview

    at = told("cycle-of-a-transmitter")
    with at.sessions() as session:
        reviews = session.scalars(
            select(MonitoringReview).order_by(MonitoringReview.reviewed_at)
        ).all()
    assert [row.quiet for row in reviews] == [False, True, True, False]


def test_SE_5_I5_a_late_review_suspends_the_category_and_the_review_takes_it_up(told):
    at = told("late-review-suspends", "monitor_evaluate")
    with at.sessions() as session:
        assert session.scalars(select(Category)).one().state == "suspended"
    told_of = at.player
    told_of.step(
        ScenarioStep(
            "complete",
            {
                "task": "monitor_evaluate",
                "as": "se.security",
                "answers": {"evaluations": "@waiting"},
            },
        )
    )
    do(
        at,
        "monitor_review",
        "se.security",
        changes="Read afresh.",
        client_view="None.",
        monitor_review="continue",
        rhythm="one_month",
        reasons="x" * 90,
    )
    with at.sessions() as session:
        assert session.scalars(select(Category)).one().state == "in_force"


@pytest.mark.parametrize(("harm", "field"), [("none", "harm"), ("duties", "special")])
def test_SE_5_I6_religion_alone_is_not_written_down_while_a_case_is_monitored(told, harm, field):
    at = told("cycle-of-a-transmitter", "monitor_frames")
    answers = {
        "frame_relations": "Eats with others.",
        "better": "Works.",
        "expression_seen": "true",
        "what": "Fasts and will not shake hands.",
        "when": "@today-1D",
        "source": "own",
        "harm": harm,
        "special": True,
        "necessity": "It is all that was seen.",
        "contrary": "On good terms with all.",
    }
    step = {"task": "monitor_frames", "as": "se.officer", "answers": answers, "because": field}
    at.player.step(ScenarioStep("refused", step))


def test_what_there_is_to_read_does_not_grow_with_the_reviews(told):
    """The newest of each form: in the fourth review as in the first."""
    at = told("cycle-of-a-transmitter", "monitor_review", nth=4)
    with at.sessions() as session:
        wanted = dict.fromkeys(reading.NEEDS["F-MONITOR"], 1)
        found = submissions.newest(session, at.played.case_id, wanted)
        forms = [given.form for given in found]
        assert sorted(forms) == ["F-EVAL", "F-FRAMES", "F-MONITOR", "F-STMT"]
        for given in found:
            later = select(RecordEntry.id).where(
                RecordEntry.case_id == at.played.case_id,
                RecordEntry.form == given.form,
                RecordEntry.written_at > given.written_at,
            )
            assert session.scalars(later).all() == []


def test_a_minor_is_given_no_category(told):
    at = told("neither-and-nothing-to-watch", "categorise_propose")
    with at.sessions() as session, session.begin():
        person = session.get_one(Person, at.played.person_id)
        person.born_on = at.played.now.date() - timedelta(days=365 * 16)
    answers = {
        "se_category": "neither",
        "definition": "v2026_1",
        "evidence": [{"what": "x", "when": "@today-1D", "source": "own"}],
        "counter_evidence": "None found.",
        "reasons": "x" * 90,
    }
    step = {"task": "categorise_propose", "as": "se.psychologist", "because": "se_category"}
    at.player.step(ScenarioStep("refused", {**step, "answers": answers}))


def test_a_category_is_contested_only_where_one_stands(told):
    at = told("neither-and-nothing-to-watch", "categorise_confirm")
    answers = {"how": "spoken", "statement": "That is wrong.", "wants": "That it goes."}
    step = {"as": "se.contact_person", "form": "F-CONTEST", "answers": answers, "refused": True}
    at.player.step(ScenarioStep("begin", step))


def test_whoever_is_asked_for_an_action_reads_the_extract_written_for_it_and_no_other(told):
    name, step = "cycle-of-a-transmitter", "share_for_action_reply"
    at = told(name, step)
    at.player.step(ScenarioStep("wait", {"until": "PT1H"}))
    for later in upto(name, step, 2).steps[len(upto(name, step, 1).steps) :]:
        at.player.step(later)
    with at.sessions() as session:
        task = session.scalars(
            select(HumanTask).where(HumanTask.form == "F-REPLY", HumanTask.state == "open")
        ).one()
        wanted = select(RecordEntry).where(
            RecordEntry.form == "F-ACTION", RecordEntry.layer == "L1"
        )
        *others, own = session.scalars(wanted.order_by(RecordEntry.written_at)).all()
        asked = session.get_one(UserAccount, at.world.users["programme.bjork"])
        viewer = access.viewer(session, asked, at.played.now.date())
        assert access.may_see_task(session, viewer, task)
        assert others
        assert access.may_read_entry(session, viewer, own)
        assert not any(access.may_read_entry(session, viewer, one) for one in others)


def test_nothing_follows_from_a_category_that_has_ended(told):
    """Where it ended while the client was told of it, the step that comes after takes no more."""
    name, step = "late-review-suspends", "categorise_consequence"
    at = told(name, "tell_receive", nth=3)
    with at.player.hands.writing() as session:
        case = session.get_one(Case, at.played.case_id)
        categories.end(at.player.platform, session, at.player.acting(None), case, "expired")
    steps = upto(name, "categorise_words", 1).steps
    for task in ("tell_receive", step):
        given = [s.given for s in steps if s.given.get("task") == task][-1]
        answers = {**given["answers"], "consequence": "separation_question"}
        if task == step:
            refused = {**given, "answers": answers, "because": "consequence"}
            at.player.step(ScenarioStep("refused", refused))
        at.player.step(ScenarioStep("complete", given))
