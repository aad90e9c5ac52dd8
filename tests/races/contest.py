"""The world of the races: each round has an instance of its own, so that rounds do not meet."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import select

from processes import advance, tasks
from processes.acting import Acting
from processes.tables import HistoryEvent, HumanTask, ProcessInstance, Timer
from tests.processes.world import World, flow, model, task

START, END = '<bpmn:startEvent id="begin"/>', '<bpmn:endEvent id="done" name="Done"/>'
EXPIRY = (
    '<bpmn:boundaryEvent id="late" attachedToRef="first"><bpmn:timerEventDefinition>'
    "<bpmn:timeDuration>PT1H</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>"
)


def two_steps(**first: str) -> bytes:
    """`first`, then `second`."""
    body = START + task("first", **first) + task("second") + END
    body += flow("begin", "first") + flow("first", "second") + flow("second", "done")
    return model("steps", body, "begin first second done")


def expiring() -> bytes:
    """`first`, then `second`; after an hour the timer drawn on `first` leads to `other`."""
    body = START + task("first", due="PT1H") + EXPIRY + task("second") + task("other") + END
    body += flow("begin", "first") + flow("first", "second") + flow("second", "done")
    body += flow("late", "other") + flow("other", "done")
    return model("steps", body, "begin first late second other done")


def side_by_side() -> bytes:
    """`left` and `right` at once; `joined` when both are done."""
    body = START + '<bpmn:parallelGateway id="both"/><bpmn:parallelGateway id="join"/>'
    body += task("left") + task("right") + task("joined") + END
    for source, target in (
        ("begin", "both"),
        ("both", "left"),
        ("both", "right"),
        ("left", "join"),
        ("right", "join"),
        ("join", "joined"),
        ("joined", "done"),
    ):
        body += flow(source, target)
    return model("steps", body, "begin both left right join joined done")


def ladder() -> bytes:
    """What `taskOverdue` starts, and `taskDone` ends."""
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


class Contest(World):
    """A world with commands that many threads may give at once."""

    def begin(self) -> UUID:
        """A new instance of `steps`, in a case of its own."""
        self.case_id = uuid4()
        return self.start("steps", "begin")

    def complete(self, task_id: UUID) -> advance.Advanced:
        with self.writing() as session:
            return advance.complete_task(session, self.platform, self.acting(), task_id, {})

    def claim_as(self, user_id: UUID, task_id: UUID) -> HumanTask:
        acting = Acting(self.agency_id, user_id, self.now, self.now, uuid4)
        with self.writing() as session:
            return tasks.claim(session, self.platform.ports, acting, task_id)

    def tasks_of(self, instance_id: UUID) -> dict[str, HumanTask]:
        return {row.element_id: row for row in self._of(HumanTask, instance_id)}

    def timers_of(self, instance_id: UUID) -> list[Timer]:
        return self._of(Timer, instance_id)

    def history_of(self, instance_id: UUID) -> list[HistoryEvent]:
        return self._of(HistoryEvent, instance_id)

    def ladders_of(self, task_id: UUID) -> list[ProcessInstance]:
        with self.reading() as session:
            wanted = select(ProcessInstance).where(ProcessInstance.guarded_task_id == task_id)
            found = list(session.scalars(wanted))
            session.expunge_all()
        return found

    def pass_time(self, **span: int) -> None:
        self.now += timedelta(**span)

    def _of(self, table, instance_id: UUID) -> list:
        with self.reading() as session:
            found = list(session.scalars(select(table).where(table.instance_id == instance_id)))
            session.expunge_all()
        return found
