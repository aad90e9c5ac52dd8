"""Beat says "look", workers do what the database says is due: on PostgreSQL and Redis, for real."""

from __future__ import annotations

from collections import Counter

import pytest

from casework.tables import Notification
from processes.tables import HumanTask, Incident, Message, Outbox, ProcessInstance, Timer
from tests.workers.service import until

pytestmark = pytest.mark.xdist_group("workers")


def escalations(service) -> Counter:
    """How many escalations each overdue task has."""
    return Counter(
        row.guarded_task_id for row in service.rows(ProcessInstance) if row.guarded_task_id
    )


def overdue_and_delivered(service, tasks: int) -> bool:
    """Whether each first look has its escalation, and nothing waits."""
    waiting = service.rows(Outbox, state="pending", kind="message")
    return not waiting and len(escalations(service)) >= tasks


def test_a_passed_deadline_fires_once_and_its_escalation_is_delivered(service):
    service.observe()
    [task] = service.rows(HumanTask, state="open")
    service.pass_days(8)
    with service.running("worker", "beat"):
        until(lambda: overdue_and_delivered(service, 1), "the superior has a task")
    assert escalations(service) == {task.id: 1}
    fired = service.rows(Timer, kind="escalate", state="fired")
    assert len(fired) == 1
    assert [m.state for m in service.rows(Message, name="taskOverdue")] == ["consumed"]
    assert "escalation_act" in {row.element_id for row in service.rows(HumanTask, state="open")}
    assert "escalated" in {row.code for row in service.rows(Notification)}
    assert service.rows(Incident) == []


def test_two_workers_at_once_fire_each_timer_once(service):
    service.observe(persons=12)
    service.pass_days(8)
    with service.running("worker", "worker2", "beat"):
        until(lambda: overdue_and_delivered(service, 12), "twelve superiors have a task")
    assert set(escalations(service).values()) == {1}
    overdue = service.rows(Message, name="taskOverdue")
    assert [m.state for m in overdue] == ["consumed"] * 12
    assert service.rows(Incident) == []


def test_losing_redis_loses_nothing(service):
    service.observe()
    with service.running("worker", "beat"):
        until(lambda: "succeeded" in service.log("worker"), "the worker has looked once")
        service.redis.lose()
        service.pass_days(8)
        assert escalations(service) == {}
        service.redis.start()
        until(lambda: overdue_and_delivered(service, 1), "the superior has a task after the loss")
    assert set(escalations(service).values()) == {1}
    assert service.rows(Incident) == []


def test_a_killed_worker_leaves_its_work_to_the_next(service):
    service.observe(persons=3)
    service.pass_days(8)
    with service.running("beat"):
        first = service.start("worker")
        try:
            until(lambda: escalations(service), "the first worker has begun")
        finally:
            first.kill()
            first.wait(30)
        with service.running("worker2"):
            until(lambda: overdue_and_delivered(service, 3), "the second worker went on")
    assert set(escalations(service).values()) == {1}
