"""A completion against its own deadline: one of two histories happens, whole, never a mixture."""

from __future__ import annotations

from functools import partial
from uuid import uuid4

from processes.advance import Advanced, AlreadyDone
from processes.tables import Incident, Message
from tests.processes.test_the_one_door import referring, taking_up
from tests.races.contest import expiring, ladder, two_steps
from tests.races.racing import race


def test_a_completion_against_the_timer_drawn_on_its_task(contest, rounds):
    contest.deploy({"steps.bpmn": expiring()}, ["steps"])
    for _ in rounds:
        instance_id = contest.begin()
        task_id = contest.tasks_of(instance_id)["first"].id
        contest.pass_time(hours=2)
        done, swept = race(partial(contest.complete, task_id), contest.sweep)
        assert swept.failed == 0, contest.rows(Incident)
        contest.sweep()
        states = {e: t.state for e, t in contest.tasks_of(instance_id).items()}
        if isinstance(done, Advanced):
            assert states == {"first": "completed", "second": "open"}
        else:
            assert isinstance(done, AlreadyDone), done
            assert done.state == "cancelled"
            assert states == {"first": "cancelled", "other": "open"}
        assert "pending" not in {t.state for t in contest.timers_of(instance_id)}
    assert contest.rows(Incident) == []


def test_a_completion_against_the_deadline_that_escalates_it(contest, rounds):
    files = {"steps.bpmn": two_steps(due="PT1H"), "ladder.bpmn": ladder()}
    contest.deploy(files, ["steps", "ladder"])
    for _ in rounds:
        instance_id = contest.begin()
        task_id = contest.tasks_of(instance_id)["first"].id
        contest.pass_time(days=3)
        done, first, second = race(partial(contest.complete, task_id), contest.sweep, contest.sweep)
        assert isinstance(done, Advanced), done
        assert (first.failed, second.failed) == (0, 0), contest.rows(Incident)
        contest.sweep()
        assert {e: t.state for e, t in contest.tasks_of(instance_id).items()} == {
            "first": "completed",
            "second": "open",
        }
        ladders = contest.ladders_of(task_id)
        assert len(ladders) <= 1
        assert {row.state for row in ladders} <= {"completed"}, "nobody is asked about a done task"
        contest.complete(contest.tasks_of(instance_id)["second"].id)


def test_of_three_sweeps_one_fires_each_timer(contest, rounds):
    contest.deploy({"steps.bpmn": expiring()}, ["steps"])
    for _ in range(0, len(rounds), 6):
        started = [contest.begin() for _ in range(6)]
        contest.pass_time(hours=2)
        swept = race(*[contest.sweep] * 3)
        assert [s.failed for s in swept] == [0, 0, 0], contest.rows(Incident)
        last = contest.sweep()
        fired = sum(s.fired for s in swept) + last.fired
        timers = [timer for instance_id in started for timer in contest.timers_of(instance_id)]
        assert fired == sum(timer.state == "fired" for timer in timers)
        assert {timer.state for timer in timers if timer.kind == "drawn"} == {"fired"}
        for instance_id in started:
            assert contest.tasks_of(instance_id)["other"].state == "open"


def test_of_three_sweeps_one_delivers_each_message(contest, rounds):
    contest.deploy(
        {"taking.bpmn": taking_up(), "referring.bpmn": referring()}, ["taking", "referring"]
    )
    for round_ in rounds:
        contest.case_id = uuid4()
        contest.start("referring", "begin")
        swept = race(*[contest.sweep] * 3)
        assert [s.failed for s in swept] == [0, 0, 0], contest.rows(Incident)
        contest.sweep()
        assert {message.state for message in contest.rows(Message)} == {"consumed"}
        taken = [i for i in contest.instances().values() if i.state == "running"]
        assert len(taken) == round_ + 1
