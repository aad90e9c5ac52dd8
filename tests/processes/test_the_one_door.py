"""Commands on instances: what they write, and what they refuse."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from processes import advance, messages, tasks
from processes.engine import EngineFault
from processes.ports import SeatHolder
from processes.tables import (
    Clock,
    HistoryEvent,
    HumanTask,
    Incident,
    Message,
    ProcessInstance,
    ProcessVersion,
    Timer,
)
from tests.processes.world import MONDAY, flow, model, parameter, task

START, END = '<bpmn:startEvent id="begin"/>', '<bpmn:endEvent id="done" name="Done"/>'


def two_steps(**first: str) -> bytes:
    body = (
        START
        + task("first", **first)
        + task("second")
        + END
        + flow("begin", "first")
        + flow("first", "second")
        + flow("second", "done")
    )
    return model("steps", body, "begin first second done")


def complete(world, element, variables=None):
    task_id = world.open_tasks()[element].id
    with world.writing() as session:
        return advance.complete_task(
            session, world.platform, world.acting(), task_id, variables or {}
        )


def test_completing_a_task_opens_the_next_before_the_command_returns(world):
    world.deploy({"steps.bpmn": two_steps()}, ["steps"])
    world.start("steps", "begin")
    done = complete(world, "first")
    assert [t.element_id for t in done.opened] == ["second"]
    assert set(world.open_tasks()) == {"second"}


def test_the_last_task_ends_the_instance_and_says_where(world):
    world.deploy({"steps.bpmn": two_steps()}, ["steps"])
    instance_id = world.start("steps", "begin")
    complete(world, "first")
    complete(world, "second")
    instance = world.instances()[instance_id]
    assert (instance.state, instance.outcome) == ("completed", "done")
    assert world.doubles.endings == ["done"]


def test_history_holds_every_element_and_flow_in_order(world):
    world.deploy({"steps.bpmn": two_steps()}, ["steps"])
    world.start("steps", "begin")
    complete(world, "first")
    complete(world, "second")
    events = sorted(world.rows(HistoryEvent), key=lambda e: e.position)
    assert [e.position for e in events] == list(range(len(events)))
    assert [e.element_id for e in events if e.kind == "taken"] == [
        "begin_first",
        "first_second",
        "second_done",
    ]


def test_every_command_is_journaled_with_ids_and_codes_alone(world):
    world.deploy({"steps.bpmn": two_steps()}, ["steps"])
    world.start("steps", "begin")
    complete(world, "first")
    acts = [(row.act, row.codes) for row in world.doubles.journal_rows]
    assert acts == [
        ("instance.start", {"opened": ["first"]}),
        ("task.complete", {"element": "first", "opened": ["second"]}),
    ]


def test_a_task_completed_twice_tells_the_second_who_and_when(world):
    world.deploy({"steps.bpmn": two_steps()}, ["steps"])
    world.start("steps", "begin")
    task_id = world.open_tasks()["first"].id
    complete(world, "first")
    with pytest.raises(advance.AlreadyDone) as told, world.writing() as session:
        advance.complete_task(session, world.platform, world.acting(), task_id, {})
    assert told.value.ended_by == world.user_id
    assert told.value.ended_at == MONDAY
    assert told.value.state == "completed"


def test_a_task_gets_its_due_date_and_its_clock_with_three_timers(world):
    world.deploy(
        {"steps.bpmn": two_steps(due="P10WD", remind="P3WD before due", escalate="P1WD after due")},
        ["steps"],
    )
    world.start("steps", "begin")
    timers = {t.kind: t.due_at.date() for t in world.rows(Timer)}
    assert timers == {
        "due": date(2026, 3, 16),
        "remind": date(2026, 3, 11),
        "escalate": date(2026, 3, 17),
    }
    [clock] = world.rows(Clock)
    assert (clock.guards, clock.state, clock.zone) == ("task", "running", "Europe/Paris")


def test_completing_a_task_stops_its_clock(world):
    world.deploy({"steps.bpmn": two_steps(due="PT1H")}, ["steps"])
    world.start("steps", "begin")
    complete(world, "first")
    assert {t.state for t in world.rows(Timer)} == {"cancelled"}
    assert {c.state for c in world.rows(Clock)} == {"done"}
    world.now += timedelta(days=9)
    assert world.sweep().idle


def test_a_timer_keeps_the_parameter_row_it_was_computed_from(world):
    world.deploy(
        {"steps.bpmn": two_steps(due="param:term")},
        ["steps"],
        parameters=(
            parameter("term", "P1D", date(2020, 1, 1), date(2026, 2, 28)),
            parameter("term", "P2D", date(2026, 3, 1)),
        ),
    )
    world.start("steps", "begin")
    due = next(t for t in world.rows(Timer) if t.kind == "due")
    assert due.due_at.date() == date(2026, 3, 4)
    assert due.parameter_id is not None


def test_loading_a_pack_again_changes_no_parameter_and_makes_no_version(world):
    files = {"steps.bpmn": two_steps()}
    world.deploy(files, ["steps"], parameters=(parameter("term", "P1D"),))
    world.deploy(files, ["steps"], parameters=(parameter("term", "P9D"),))
    assert len(world.rows(ProcessVersion)) == 1
    assert world.open_tasks() == {}


def test_a_changed_model_is_a_new_version_and_running_instances_stay_on_theirs(world):
    world.deploy({"steps.bpmn": two_steps()}, ["steps"])
    old = world.start("steps", "begin")
    world.deploy({"steps.bpmn": two_steps(due="P1D")}, ["steps"])
    new = world.start("steps", "begin")
    versions = {v.id: v.active for v in world.rows(ProcessVersion)}
    assert sorted(versions.values()) == [False, True]
    instances = world.instances()
    assert instances[old].version_id != instances[new].version_id
    assert versions[instances[new].version_id]


def test_deploying_an_older_content_again_makes_it_active_again(world):
    world.deploy({"steps.bpmn": two_steps()}, ["steps"])
    world.deploy({"steps.bpmn": two_steps(due="P1D")}, ["steps"])
    world.deploy({"steps.bpmn": two_steps()}, ["steps"])
    assert sorted(v.active for v in world.rows(ProcessVersion)) == [False, True]


def test_a_passed_due_date_tells_the_holder_and_the_reminder_came_before(world):
    world.deploy({"steps.bpmn": two_steps(due="P10WD", remind="P3WD before due")}, ["steps"])
    world.start("steps", "begin")
    world.now += timedelta(days=10)
    world.sweep()
    assert world.doubles.reminded == [("first", "remind")]
    world.now += timedelta(days=10)
    world.sweep()
    assert world.doubles.reminded == [("first", "remind"), ("first", "due")]
    assert world.sweep().idle


def ladder() -> bytes:
    body = (
        '<bpmn:startEvent id="overdue" sv:correlation="task">'
        '<bpmn:messageEventDefinition messageRef="m1"/></bpmn:startEvent>'
        + task("act", due="P1D")
        + '<bpmn:boundaryEvent id="solved" attachedToRef="act" sv:correlation="task">'
        '<bpmn:messageEventDefinition messageRef="m2"/></bpmn:boundaryEvent>'
        '<bpmn:endEvent id="acted"/><bpmn:endEvent id="was_done"/>'
        + flow("overdue", "act")
        + flow("act", "acted")
        + flow("solved", "was_done")
    )
    messages = '<bpmn:message id="m1" name="taskOverdue"/><bpmn:message id="m2" name="taskDone"/>'
    return model("ladder", body, "overdue act solved acted was_done", messages)


def overdue_with_ladder(world):
    files = {"steps.bpmn": two_steps(due="P1D"), "ladder.bpmn": ladder()}
    world.deploy(files, ["steps", "ladder"])
    world.start("steps", "begin")
    world.now += timedelta(days=3)
    world.sweep()


def test_a_passed_deadline_starts_the_escalation_ladder_for_that_task(world):
    overdue_with_ladder(world)
    assert set(world.open_tasks()) == {"first", "act"}
    guarded = [i for i in world.instances().values() if i.guarded_task_id]
    assert [i.guarded_task_id for i in guarded] == [world.open_tasks()["first"].id]


def test_completing_the_overdue_task_ends_its_escalation(world):
    overdue_with_ladder(world)
    complete(world, "first")
    world.sweep()
    assert set(world.open_tasks()) == {"second"}
    outcomes = {i.outcome for i in world.instances().values() if i.guarded_task_id}
    assert outcomes == {"was_done"}


def test_an_escalation_is_not_escalated_again(world):
    overdue_with_ladder(world)
    world.now += timedelta(days=30)
    world.sweep()
    assert sum(i.guarded_task_id is not None for i in world.instances().values()) == 1


def waiting(until: str = "P5D") -> bytes:
    body = (
        START + '<bpmn:intermediateCatchEvent id="pause" name="Pause"><bpmn:timerEventDefinition>'
        f"<bpmn:timeDuration>{until}</bpmn:timeDuration></bpmn:timerEventDefinition>"
        "</bpmn:intermediateCatchEvent>"
        + task("after")
        + END
        + flow("begin", "pause")
        + flow("pause", "after")
        + flow("after", "done")
    )
    return model("waiting", body, "begin pause after done")


def test_a_drawn_timer_moves_the_instance_when_its_day_is_over_and_not_before(world):
    world.deploy({"waiting.bpmn": waiting()}, ["waiting"])
    world.start("waiting", "begin")
    world.now = MONDAY + timedelta(days=5)
    assert world.sweep().idle
    world.now = MONDAY + timedelta(days=6)
    assert world.sweep().fired == 1
    assert set(world.open_tasks()) == {"after"}
    assert {c.state for c in world.rows(Clock)} == {"done"}


def test_a_drawn_timer_counts_from_a_date_of_the_process(world):
    world.deploy({"waiting.bpmn": waiting("P0D after until")}, ["waiting"])
    world.start("waiting", "begin", {"until": date(2026, 6, 2)})
    [timer] = world.rows(Timer)
    assert timer.due_at.isoformat() == "2026-06-02T21:59:59+00:00"


def test_a_seat_says_whose_task_it_is(world):
    seat_id, holder, place = uuid4(), uuid4(), world.place_id
    world.doubles.seats[seat_id] = SeatHolder("rater", place, holder)
    world.deploy({"steps.bpmn": two_steps(seat="my_seat")}, ["steps"])
    world.start("steps", "begin", {"my_seat": str(seat_id)})
    first = world.open_tasks()["first"]
    assert (first.role, first.holder_id, first.seat_id) == ("rater", holder, seat_id)


def test_a_role_of_a_common_part_is_the_packs_own(world):
    world.deploy({"steps.bpmn": two_steps()}, ["steps"], alias={"staff": "fr.custody"})
    world.start("steps", "begin")
    assert world.open_tasks()["first"].role == "fr.custody"


def serving() -> bytes:
    body = (
        START
        + '<bpmn:serviceTask id="service" name="Service" sv:effect="do.it" sv:stage="x"/>'
        + '<bpmn:exclusiveGateway id="which"/>'
        + task("high")
        + task("low")
        + END
        + flow("begin", "service")
        + flow("service", "which")
        + flow("which", "high", "adult")
        + flow("which", "low", "not(adult)")
        + flow("high", "done")
        + flow("low", "done")
    )
    return model("serving", body, "begin service which high low done")


def test_a_service_task_sets_variables_that_conditions_read(world):
    world.doubles.sets["do.it"] = {"adult": False}
    world.deploy({"serving.bpmn": serving()}, ["serving"])
    world.start("serving", "begin")
    assert set(world.open_tasks()) == {"low"}
    [call] = world.doubles.called
    assert (call.name, call.case_id, call.attributes["stage"]) == ("do.it", world.case_id, "x")


def test_an_end_with_an_effect_is_one_shape_in_history_and_carries_it_out(world):
    end = '<bpmn:endEvent id="done" name="Done" sv:effect="do.it" sv:stage="x"/>'
    body = START + task("first") + end + flow("begin", "first") + flow("first", "done")
    world.deploy({"ending.bpmn": model("ending", body, "begin first done")}, ["ending"])
    instance_id = world.start("ending", "begin")
    assert world.doubles.called == []
    complete(world, "first")
    [call] = world.doubles.called
    assert (call.name, call.element_id, call.attributes["stage"]) == ("do.it", "done", "x")
    assert world.instances()[instance_id].outcome == "done"
    told = sorted(world.rows(HistoryEvent), key=lambda row: row.position)
    assert [(row.element_id, row.kind) for row in told][-3:] == [
        ("first_done", "taken"), ("done", "entered"), ("done", "ended"),
    ]  # fmt: skip


def test_what_an_effect_ends_is_not_carried_out_any_more(world):
    body = (
        START
        + '<bpmn:parallelGateway id="both"/>'
        + '<bpmn:serviceTask id="quick" name="Quick" sv:effect="do.it"/>'
        + '<bpmn:endEvent id="stop" name="Stop"><bpmn:terminateEventDefinition/></bpmn:endEvent>'
        + '<bpmn:endEvent id="done" name="Done" sv:effect="too.late"/>'
        + flow("begin", "both") + flow("both", "quick") + flow("quick", "stop")
        + flow("both", "done")
    )  # fmt: skip
    world.deploy({"race.bpmn": model("race", body, "begin both quick stop done")}, ["race"])
    world.start("race", "begin")
    assert [call.name for call in world.doubles.called] == ["do.it"]


def test_an_unknown_name_in_a_condition_leaves_everything_as_it_was(world):
    world.deploy({"serving.bpmn": serving()}, ["serving"])
    with pytest.raises(EngineFault, match="adult"):
        world.start("serving", "begin")
    assert world.instances() == {}


def test_a_failing_service_at_a_deadline_makes_one_incident_and_is_tried_again(world):
    body = serving().replace(
        b'<bpmn:startEvent id="begin"/>',
        b'<bpmn:startEvent id="begin"/><bpmn:intermediateCatchEvent id="pause">'
        b"<bpmn:timerEventDefinition><bpmn:timeDuration>PT1H</bpmn:timeDuration>"
        b"</bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"
        + flow("begin", "pause").encode(),
    )
    body = body.replace(
        b'id="begin_service" name="" sourceRef="begin"', b'id="pause_service" sourceRef="pause"'
    )
    body = body.replace(
        b"<bpmn:flowNodeRef>begin<",
        b"<bpmn:flowNodeRef>pause</bpmn:flowNodeRef><bpmn:flowNodeRef>begin<",
    )
    world.doubles.sets["do.it"] = {"adult": True}
    world.doubles.failing.add("do.it")
    world.deploy({"serving.bpmn": body}, ["serving"])
    instance_id = world.start("serving", "begin")
    before = world.instances()[instance_id].engine_state
    world.now += timedelta(hours=2)
    assert world.sweep().failed == 1
    assert world.instances()[instance_id].engine_state == before
    assert world.sweep().idle, "it is not tried again at once"
    world.now += timedelta(minutes=6)
    world.sweep()
    [incident] = world.rows(Incident)
    assert incident.attempts == 2
    assert "out of order" not in incident.words, "words of an unknown error may hold contents"
    assert incident.words == "RuntimeError"
    world.doubles.failing.clear()
    world.now += timedelta(minutes=6)
    world.sweep()
    assert set(world.open_tasks()) == {"high"}


def test_one_failing_timer_does_not_stop_the_others(world):
    world.deploy({"waiting.bpmn": waiting("PT1H")}, ["waiting"])
    broken, sound = world.start("waiting", "begin"), world.start("waiting", "begin")
    with world.writing() as session:
        session.get_one(ProcessInstance, broken).engine_state = b"not a state"
    world.now += timedelta(hours=2)
    swept = world.sweep()
    assert (swept.fired, swept.failed) == (1, 1)
    assert [t.instance_id for t in world.open_tasks().values()] == [sound]


def test_after_some_attempts_a_failed_timer_waits_for_a_person(world):
    world.deploy({"waiting.bpmn": waiting("PT1H")}, ["waiting"])
    broken = world.start("waiting", "begin")
    with world.writing() as session:
        session.get_one(ProcessInstance, broken).engine_state = b"not a state"
    for _ in range(8):
        world.now += timedelta(hours=2)
        world.sweep()
    [timer] = world.rows(Timer)
    assert timer.state == "failed"
    assert timer.attempts == 5


def referring(owner: str = "", due: str = "") -> bytes:
    body = (
        START + f'<bpmn:endEvent id="referred" name="Referred" {owner} {due}>'
        '<bpmn:messageEventDefinition messageRef="m"/></bpmn:endEvent>' + flow("begin", "referred")
    )
    return model("referring", body, "begin referred", '<bpmn:message id="m" name="referredOn"/>')


def taking_up() -> bytes:
    body = (
        '<bpmn:startEvent id="taken"><bpmn:messageEventDefinition messageRef="m"/>'
        "</bpmn:startEvent>"
        + task("prepare")
        + END
        + flow("taken", "prepare")
        + flow("prepare", "done")
    )
    return model("taking", body, "taken prepare done", '<bpmn:message id="m" name="referredOn"/>')


def test_a_message_nobody_waits_for_is_kept_with_owner_and_clock(world):
    files = {"referring.bpmn": referring('sv:owner="secretary"', 'sv:due="P15WD"')}
    world.deploy(files, ["referring"])
    world.start("referring", "begin", {"until": date(2026, 5, 1)})
    world.sweep()
    [message] = world.rows(Message)
    assert (message.state, message.owner_role) == ("kept", "secretary")
    [clock] = world.rows(Clock)
    assert (clock.guards, clock.guarded_id) == ("message", message.id)
    world.now += timedelta(days=40)
    world.sweep()
    assert world.doubles.owed == ["referredOn"]


def test_a_kept_message_is_taken_up_when_a_model_that_starts_with_it_is_deployed(world):
    world.deploy({"referring.bpmn": referring('sv:owner="s"', 'sv:due="P15WD"')}, ["referring"])
    world.start("referring", "begin", {"until": date(2026, 5, 1)})
    world.sweep()
    world.deploy({"taking.bpmn": taking_up()}, ["taking"])
    world.sweep()
    assert set(world.open_tasks()) == {"prepare"}
    [message] = world.rows(Message)
    assert message.state == "consumed"
    assert {c.state for c in world.rows(Clock)} == {"done"}


def test_a_message_is_taken_once_however_often_it_is_offered(world):
    world.deploy(
        {"taking.bpmn": taking_up(), "referring.bpmn": referring()}, ["taking", "referring"]
    )
    world.start("referring", "begin")
    world.sweep()
    [message] = world.rows(Message)
    assert world.deliver(message.id) is None
    assert len(world.open_tasks()) == 1


def test_claim_release_and_delegate_say_who_holds_the_task(world):
    world.deploy({"steps.bpmn": two_steps()}, ["steps"])
    world.start("steps", "begin")
    task_id, other = world.open_tasks()["first"].id, uuid4()
    ports = world.platform.ports
    with world.writing() as session:
        tasks.claim(session, ports, world.acting(), task_id)
    assert world.open_tasks()["first"].holder_id == world.user_id
    with world.writing() as session:
        tasks.delegate(session, ports, world.acting(), task_id, other)
    with pytest.raises(tasks.HeldByAnother), world.writing() as session:
        tasks.claim(session, ports, world.acting(), task_id)
    with pytest.raises(tasks.HeldByAnother), world.writing() as session:
        tasks.release(session, ports, world.acting(), task_id)
    with world.writing() as session:
        tasks.delegate(session, ports, world.acting(), task_id, None)
    assert world.open_tasks()["first"].holder_id is None


def test_a_cancelled_task_is_marked_so_and_its_clock_too(world):
    body = (
        START
        + task("slow", due="P9D")
        + '<bpmn:boundaryEvent id="late" attachedToRef="slow"><bpmn:timerEventDefinition>'
        "<bpmn:timeDuration>P1D</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>"
        + task("other")
        + END
        + flow("begin", "slow")
        + flow("slow", "done")
        + flow("late", "other")
        + flow("other", "done")
    )
    world.deploy({"b.bpmn": model("b", body, "begin slow late other done")}, ["b"])
    world.start("b", "begin")
    world.now += timedelta(days=3)
    world.sweep()
    assert set(world.open_tasks()) == {"other"}
    with world.reading() as session:
        slow = session.scalars(select(HumanTask).where(HumanTask.element_id == "slow")).one()
        assert slow.state == "cancelled"
        guarded = session.scalars(select(Clock).where(Clock.guarded_id == slow.id)).one()
        assert guarded.state == "cancelled"


def test_a_task_done_before_its_overdue_message_arrives_is_not_escalated(world):
    files = {"steps.bpmn": two_steps(due="P1D"), "ladder.bpmn": ladder()}
    world.deploy(files, ["steps", "ladder"])
    world.start("steps", "begin")
    first = world.open_tasks()["first"]
    with world.writing() as session:
        timer = session.scalars(select(Timer).where(Timer.kind == "escalate")).one()
        messages.task_overdue(session, world.acting(system=True), first, timer)
    complete(world, "first")
    world.sweep()
    assert set(world.open_tasks()) == {"second"}
    assert {m.state for m in world.rows(Message)} == {"expired"}


def test_a_correction_asked_for_stays_open_while_the_instance_goes_on(world):
    world.deploy({"steps.bpmn": two_steps()}, ["steps"])
    world.start("steps", "begin")
    first = world.open_tasks()["first"]
    with world.writing() as session:
        facts = {c.name: getattr(first, c.name) for c in HumanTask.__table__.columns}
        asked = {"id": uuid4(), "engine_task_id": uuid4(), "element_id": "earlier"}
        session.add(HumanTask(**{**facts, **asked, "handed_back_from": first.id}))
    complete(world, "first")
    assert set(world.open_tasks()) == {"second", "earlier"}


def test_an_earlier_version_taken_back_into_use_is_in_force_from_that_day(world):
    first, second = {"steps.bpmn": two_steps()}, {"steps.bpmn": two_steps(due="PT1H")}
    since = []
    for files in (first, first, second, first):
        world.deploy(files, ["steps"])
        [active] = [version for version in world.rows(ProcessVersion) if version.active]
        since.append((active.deployed_at - MONDAY).days)
        world.now += timedelta(days=1)
    assert since == [0, 0, 2, 3]
    assert len(world.rows(ProcessVersion)) == 2
