"""The frame around a case: one message ends what runs, and what follows it begins once."""

from datetime import timedelta
from functools import partial
from uuid import UUID, uuid4

import pytest

from processes import advance, delivery, messages
from processes.tables import (
    Clock,
    HistoryEvent,
    Incident,
    Message,
    ProcessInstance,
    Subscription,
    Timer,
)
from tests.processes.world import World, flow, model, task
from tests.races.contest import ladder, two_steps
from tests.races.racing import race


def follows() -> bytes:
    """What an interruption starts."""
    body = (
        '<bpmn:startEvent id="interrupted"><bpmn:messageEventDefinition messageRef="m3"/>'
        "</bpmn:startEvent>" + task("after", due="P1D") + '<bpmn:endEvent id="settled"/>'
    )
    body += flow("interrupted", "after") + flow("after", "settled")
    declared = '<bpmn:message id="m3" name="caseInterrupted"/>'
    return model("follows", body, "interrupted after settled", declared)


def asking() -> bytes:
    """An instance that ends with a message to which an answer is owed."""
    body = (
        '<bpmn:startEvent id="ask"/><bpmn:endEvent id="asked" sv:owner="staff" sv:due="P5D">'
        '<bpmn:messageEventDefinition messageRef="m4"/></bpmn:endEvent>' + flow("ask", "asked")
    )
    return model("asking", body, "ask asked", '<bpmn:message id="m4" name="question"/>')


FILES = {
    "steps.bpmn": two_steps(due="P1D"),
    "ladder.bpmn": ladder(),
    "follows.bpmn": follows(),
    "asking.bpmn": asking(),
}


@pytest.fixture
def deployed(world) -> World:
    world.deploy(FILES, ["steps", "ladder", "follows", "asking"])
    return world


def interrupt(world, reason="released", case_id=None):
    with world.writing() as session:
        case = case_id or world.case_id
        message = messages.case_interrupted(
            session, world.acting(), case, world.place_id, reason, {"reason": reason}
        )
        delivery.deliver(session, world.platform, world.acting(), message)
        return message.id


def message(world, message_id) -> Message:
    return next(row for row in world.rows(Message) if row.id == message_id)


def complete(world, element):
    task_id = world.open_tasks()[element].id
    with world.writing() as session:
        advance.complete_task(session, world.platform, world.acting(), task_id, {})


def states(world) -> list[str]:
    return sorted(row.state for row in world.instances().values())


def test_everything_that_runs_ends_also_escalations_and_what_follows_begins(deployed):
    deployed.start("steps", "begin")
    deployed.now += timedelta(days=3)
    deployed.sweep()
    assert set(deployed.open_tasks()) == {"first", "act"}
    before = set(deployed.instances())
    interrupt(deployed)
    assert set(deployed.open_tasks()) == {"after"}
    assert states(deployed) == ["cancelled", "cancelled", "running"]
    assert {r.outcome for r in deployed.instances().values()} == {"interrupted", None}
    assert not any(r.instance_id in before for r in deployed.rows(Subscription))
    assert not any(r.instance_id in before and r.state == "running" for r in deployed.rows(Clock))
    assert not any(r.instance_id in before and r.state == "pending" for r in deployed.rows(Timer))
    assert deployed.doubles.endings == []


def test_history_and_journal_say_where_each_stood(deployed):
    instance_id = deployed.start("steps", "begin")
    interrupt(deployed)
    stood = [r for r in deployed.rows(HistoryEvent) if r.kind == "cancelled"]
    assert [(r.instance_id, r.element_id) for r in stood] == [(instance_id, "first")]
    rows = {row.act: row.codes for row in deployed.doubles.journal_rows}
    assert rows["instance.cancel"] == {"outcome": "interrupted", "stood": ["first"]}
    assert rows["case.interrupt"] == {
        "reason": "released",
        "ended": [str(instance_id)],
        "refused": [],
    }


def test_an_answer_that_is_owed_is_owed_no_more(deployed):
    deployed.start("asking", "ask")
    deployed.sweep()
    interrupt(deployed)
    [question] = [row for row in deployed.rows(Message) if row.name == "question"]
    assert question.state == "refused"
    assert {c.state for c in deployed.rows(Clock) if c.guarded_id == question.id} == {"cancelled"}
    [told] = deployed.doubles.interruptions
    assert [row.name for row in told.refused] == ["question"]
    deployed.now += timedelta(days=30)
    deployed.sweep()
    assert deployed.doubles.owed == []


def test_other_cases_go_on(deployed):
    deployed.start("steps", "begin")
    other, deployed.case_id = deployed.case_id, uuid4()
    mine = deployed.start("steps", "begin")
    interrupt(deployed)
    running = [r for r in deployed.instances().values() if r.state == "running"]
    assert {r.case_id for r in running} == {other, deployed.case_id}
    assert deployed.instances()[mine].state == "cancelled"


@pytest.mark.parametrize("reason", ["released", "died"])
def test_before_anything_runs_it_is_refused(deployed, reason):
    early = interrupt(deployed, reason)
    assert message(deployed, early).state == "refused"
    assert states(deployed) == []


def test_after_everything_has_ended_it_is_refused(deployed):
    deployed.start("steps", "begin")
    complete(deployed, "first")
    complete(deployed, "second")
    late = interrupt(deployed)
    assert message(deployed, late).state == "refused"
    assert states(deployed) == ["completed"]


def test_a_further_reason_is_recorded_with_what_runs_and_begins_nothing(deployed):
    deployed.start("steps", "begin")
    interrupt(deployed)
    after = deployed.open_tasks()["after"]
    again = message(deployed, interrupt(deployed, "died"))
    assert (again.state, again.consumed_by) == ("consumed", after.instance_id)
    assert deployed.open_tasks()["after"].id == after.id
    assert [bool(told.ended) for told in deployed.doubles.interruptions] == [True, False]
    complete(deployed, "after")
    assert message(deployed, interrupt(deployed, "minor")).state == "refused"
    assert states(deployed) == ["cancelled", "completed"]


def test_what_an_interruption_began_can_be_escalated_and_ends_as_any_other(deployed):
    deployed.start("steps", "begin")
    interrupt(deployed)
    deployed.now += timedelta(days=3)
    deployed.sweep()
    assert set(deployed.open_tasks()) == {"after", "act"}
    complete(deployed, "after")
    deployed.sweep()
    assert deployed.open_tasks() == {}


def test_without_a_model_that_follows_nothing_ends_and_the_message_waits(world):
    world.deploy({"steps.bpmn": two_steps()}, ["steps"])
    world.start("steps", "begin")
    kept = interrupt(world)
    assert message(world, kept).state == "kept"
    assert set(world.open_tasks()) == {"first"}
    world.deploy({"follows.bpmn": follows()}, ["follows"])
    world.sweep()
    assert message(world, kept).state == "consumed"
    assert set(world.open_tasks()) == {"after"}


def test_what_had_failed_needs_nobody_any_more(deployed):
    instance_id = deployed.start("steps", "begin")
    with deployed.writing() as session:
        session.add(
            Incident(
                id=uuid4(),
                agency_id=deployed.agency_id,
                instance_id=instance_id,
                case_id=deployed.case_id,
                words="Out of order",
                since=deployed.now,
                attempts=1,
                state="open",
                command={},
            )
        )
    interrupt(deployed)
    assert [row.state for row in deployed.rows(Incident)] == ["solved"]


@pytest.fixture(params=[8, pytest.param(200, marks=pytest.mark.prove)], ids=["some", "many"])
def rounds(request) -> range:
    return range(request.param)


def of_case(world, case_id: UUID) -> list[ProcessInstance]:
    return [row for row in world.instances().values() if row.case_id == case_id]


def test_of_two_reasons_at_once_one_ends_the_case_and_the_other_is_recorded(deployed, rounds):
    for _ in rounds:
        deployed.case_id = case_id = uuid4()
        deployed.start("steps", "begin")
        ids = race(
            *(partial(interrupt, deployed, reason, case_id) for reason in ("released", "died"))
        )
        assert all(isinstance(found, UUID) for found in ids), ids
        assert {message(deployed, found).state for found in ids} == {"consumed"}
        assert sorted(row.state for row in of_case(deployed, case_id)) == ["cancelled", "running"]


def test_against_a_completion_the_case_ends_whoever_came_first(deployed, rounds):
    for _ in rounds:
        deployed.case_id = case_id = uuid4()
        deployed.start("steps", "begin")
        task_id = next(t.id for t in deployed.open_tasks().values() if t.case_id == case_id)

        def done(task_id=task_id):
            with deployed.writing() as session:
                advance.complete_task(session, deployed.platform, deployed.acting(), task_id, {})

        ended, outcome = race(partial(interrupt, deployed, "released", case_id), done)
        assert isinstance(ended, UUID), ended
        assert outcome is None or isinstance(outcome, advance.AlreadyDone), outcome
        assert sorted(row.state for row in of_case(deployed, case_id)) == ["cancelled", "running"]


def test_against_the_clock_no_deadline_and_no_escalation_survives(deployed, rounds):
    for _ in rounds:
        deployed.case_id = case_id = uuid4()
        deployed.start("steps", "begin")
        deployed.now += timedelta(days=3)
        ended, swept = race(partial(interrupt, deployed, "released", case_id), deployed.sweep)
        assert isinstance(ended, UUID), ended
        assert not isinstance(swept, Exception), swept
        deployed.sweep()
        running = [row for row in of_case(deployed, case_id) if row.state == "running"]
        assert len(running) == 1, [row.state for row in of_case(deployed, case_id)]
        assert running[0].guarded_task_id is None
