"""The kernel as it comes, with its own serializer: what a step costs without our cures."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Mapping

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.util.task import TaskState

DEEP = 20_000


class Stock:
    """A model on the stock kernel, stored between any two steps."""

    def __init__(self, raw: bytes, top: str = "p") -> None:
        sys.setrecursionlimit(DEEP)  # without it a way of some hundred steps is not even read
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            parser = BpmnParser()
            parser.add_bpmn_str(raw)
            self._spec = parser.get_spec(top)
        self._serializer = BpmnWorkflowSerializer()

    def start(self, values: Mapping[str, object]) -> bytes:
        """The stored state at the first step."""
        workflow = BpmnWorkflow(self._spec)
        workflow.task_tree.data.update(values)
        return self._settled(workflow)

    def step(self, state: bytes, values: Mapping[str, object]) -> bytes:
        """Complete the one open step: from stored state to stored state.

        LookupError when none is open though the end was not reached: it has stalled.
        """
        workflow = self._serializer.deserialize_json(state.decode())
        task = next(iter(workflow.get_tasks(state=TaskState.READY, manual=True)), None)
        if task is None:
            raise LookupError("no step is open")
        task.data.update(values)
        task.run()
        return self._settled(workflow)

    def _settled(self, workflow: BpmnWorkflow) -> bytes:
        workflow.do_engine_steps()
        return self._serializer.serialize_json(workflow).encode()
