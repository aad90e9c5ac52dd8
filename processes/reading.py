"""What an instance knows, for those who must say why: read, never moved."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from processes import advance
from processes.acting import Acting
from processes.engine import values_of
from processes.ports import Code
from processes.step import Platform, open_step
from processes.tables import HumanTask, ProcessInstance


def variables_at(
    session: Session, platform: Platform, acting: Acting, task: HumanTask
) -> Mapping[str, Code]:
    """The variables that an open task sees; those of its instance once it has ended."""
    instance = session.get_one(ProcessInstance, task.instance_id)
    snapshot = advance.looked_at(open_step(session, platform, acting, instance))
    at = (open_.variables for open_ in snapshot.tasks if open_.id == task.engine_task_id)
    return next(at, snapshot.variables)


def variables_of(
    session: Session, platform: Platform, acting: Acting, instance: ProcessInstance
) -> Mapping[str, Code]:
    """The variables of an instance."""
    return advance.looked_at(open_step(session, platform, acting, instance)).variables


def values_kept(instance: ProcessInstance, name: str) -> frozenset[Code]:
    """What an instance says of a variable, in any of its parts; for those who have no model."""
    return values_of(instance.engine_state, name)
