"""The kernel as it comes, without our cures: for asserting the faults they cure."""

from __future__ import annotations

import warnings

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.util.task import TaskState


class Stock:
    """A model on the stock kernel."""

    def __init__(self, raw: bytes, top: str = "p", **data: object) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            parser = BpmnParser()
            parser.add_bpmn_str(raw)
            spec = parser.get_spec(top)
            self.workflow = BpmnWorkflow(spec, parser.get_subprocess_specs(top))
        self.workflow.task_tree.data.update(data)
        self.settle()

    def settle(self) -> None:
        self.workflow.refresh_timers()
        self.workflow.do_engine_steps()

    @property
    def open(self) -> list[str]:
        ready = self.workflow.get_tasks(state=TaskState.READY, manual=True)
        return sorted(task.task_spec.bpmn_id for task in ready)

    def do(self, element_id: str, **data: object) -> None:
        task = next(
            t
            for t in self.workflow.get_tasks(state=TaskState.READY, manual=True)
            if t.task_spec.bpmn_id == element_id
        )
        task.data.update(data)
        task.run()
        self.settle()
