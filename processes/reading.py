"""What an instance knows, for those who must say why: read, never moved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes import advance
from processes.acting import Acting
from processes.engine import values_of
from processes.ports import Code
from processes.step import Platform, open_step
from processes.tables import HumanTask, ProcessInstance, ProcessVersion


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


def instances_of(
    session: Session, case_id: UUID, models: Iterable[str], states: Iterable[str] | None = None
) -> list[ProcessInstance]:
    """The instances of these models in a case; of the given states, where any are given."""
    wanted = (
        select(ProcessInstance)
        .join(ProcessVersion, ProcessVersion.id == ProcessInstance.version_id)
        .where(ProcessInstance.case_id == case_id, ProcessVersion.model.in_(tuple(models)))
    )
    if states is not None:
        wanted = wanted.where(ProcessInstance.state.in_(tuple(states)))
    return list(session.scalars(wanted))
