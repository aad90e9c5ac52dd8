"""Oversight: what is late, who carries how much, and moving a task; state only, never content."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy.orm import Session

from casework.words import ENGLISH, Speaking
from processes.acting import Acting

if TYPE_CHECKING:
    from casework.access import Viewer
    from casework.platform import Platform


@dataclass(frozen=True)
class OverseenTask:
    """A task as its supervisor sees it: state, never content."""

    task_id: UUID
    case_id: UUID
    title: str
    case_name: str | None
    role: str
    role_name: str
    establishment: str
    holder: str | None
    opened_at: datetime
    due_at: datetime | None
    zone: str
    days_overdue: int
    days_waiting: int
    escalation_level: int
    may_open_case: bool


@dataclass(frozen=True)
class RoleLoad:
    """The work that waits with one role at one place."""

    role: str
    role_name: str
    establishment: str
    open: int
    overdue: int
    unclaimed: int


@dataclass(frozen=True)
class Oversight:
    """The oversight page."""

    may_oversee: bool
    overdue: tuple[OverseenTask, ...]
    escalated: tuple[OverseenTask, ...]
    open: tuple[OverseenTask, ...]
    by_role: tuple[RoleLoad, ...]
    incidents: tuple[str, ...]


@dataclass(frozen=True)
class Candidate:
    """Somebody a task can be moved to."""

    user_id: UUID
    label: str


@dataclass(frozen=True)
class ReassignPage:
    """One task and those who may take it."""

    task: OverseenTask
    candidates: tuple[Candidate, ...]


def overview(
    platform: Platform,
    session: Session,
    viewer: Viewer,
    now: datetime,
    *,
    speaking: Speaking = ENGLISH,
) -> Oversight:
    """Overdue, escalated and open tasks at the places the viewer supervises."""
    raise NotImplementedError


def reassign_page(
    platform: Platform,
    session: Session,
    viewer: Viewer,
    task_id: UUID,
    now: datetime,
    *,
    speaking: Speaking = ENGLISH,
) -> ReassignPage:
    """Whom the task can be given to; `NotVisible` when the viewer does not supervise it."""
    raise NotImplementedError


def reassign(
    platform: Platform,
    session: Session,
    acting: Acting,
    viewer: Viewer,
    task_id: UUID,
    to_user: UUID,
    reason: str,
) -> None:
    """Move the task to another holder of the same function. The reason is required and is told to
    both; `casework.work.Refused` says why it cannot be done."""
    raise NotImplementedError
