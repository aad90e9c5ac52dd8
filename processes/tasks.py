"""Who holds a task: claim, release, delegate. The engine does not move."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from processes.acting import Acting
from processes.advance import lock_task
from processes.ports import JournalEntry, Ports
from processes.tables import HumanTask


class HeldByAnother(Exception):
    """Somebody else has claimed the task."""

    def __init__(self, task: HumanTask) -> None:
        """Keep who holds it since when, for the page to tell."""
        super().__init__(f"task {task.id} is held by {task.holder_id}")
        self.task_id = task.id
        self.holder_id = task.holder_id
        self.claimed_at = task.claimed_at


def claim(session: Session, ports: Ports, acting: Acting, task_id: UUID) -> HumanTask:
    """Take a task of one's group; HeldByAnother when somebody was quicker."""
    task = lock_task(session, task_id)
    if task.holder_id not in (None, acting.user_id):
        raise HeldByAnother(task)
    return _hold(session, ports, acting, task, acting.user_id, "task.claim")


def release(session: Session, ports: Ports, acting: Acting, task_id: UUID) -> HumanTask:
    """Give a task back to its group."""
    task = lock_task(session, task_id)
    if task.holder_id not in (None, acting.user_id):
        raise HeldByAnother(task)
    return _hold(session, ports, acting, task, None, "task.release")


def delegate(
    session: Session, ports: Ports, acting: Acting, task_id: UUID, to_user: UUID | None
) -> HumanTask:
    """Give an open task to a named colleague, or to the group again, whoever holds it now."""
    task = lock_task(session, task_id)
    return _hold(session, ports, acting, task, to_user, "task.delegate")


def _hold(
    session: Session,
    ports: Ports,
    acting: Acting,
    task: HumanTask,
    holder: UUID | None,
    act: str,
) -> HumanTask:
    before = task.holder_id
    task.holder_id = holder
    task.claimed_at = acting.now if holder else None
    codes = {"from": str(before) if before else None, "to": str(holder) if holder else None}
    entry = JournalEntry(act, task.case_id, "task", task.id, codes)
    ports.journal.write(session, acting, entry)
    session.flush()
    return task
