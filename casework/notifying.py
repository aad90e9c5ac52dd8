"""Writes notifications: to a function at the place where it is held, or to one person."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from casework.tables import Notification
from processes.acting import Acting
from processes.ports import Directory
from processes.tables import HumanTask


def tell_role(
    session: Session,
    acting: Acting,
    directory: Directory,
    role: str,
    code: str,
    *,
    establishment_id: UUID,
    case_id: UUID | None,
    task: HumanTask | None = None,
    element_id: str | None = None,
    level: int = 0,
) -> Notification:
    """Tell whoever holds the role at the establishment, or above it where nobody does there."""
    place = directory.place_for(session, establishment_id, role)
    return _write(session, acting, role, code, place, None, case_id, task, element_id, level)


def tell_holder(
    session: Session, acting: Acting, task: HumanTask, code: str, user_id: UUID | None = None
) -> Notification:
    """Tell the task's holder (or the person given), else everybody of the task's function."""
    return _write(
        session,
        acting,
        task.role,
        code,
        task.establishment_id,
        user_id or task.holder_id,
        task.case_id,
        task,
        task.element_id,
        0,
    )


def tell_person(
    session: Session,
    acting: Acting,
    user_id: UUID,
    role: str,
    code: str,
    *,
    establishment_id: UUID,
    case_id: UUID | None,
) -> Notification:
    """Tell one person something in a function of his or hers."""
    return _write(session, acting, role, code, establishment_id, user_id, case_id, None, None, 0)


def _write(
    session: Session,
    acting: Acting,
    role: str,
    code: str,
    establishment_id: UUID,
    user_id: UUID | None,
    case_id: UUID | None,
    task: HumanTask | None,
    element_id: str | None,
    level: int,
) -> Notification:
    row = Notification(
        id=acting.new_id(),
        agency_id=acting.agency_id,
        code=code,
        role=role,
        establishment_id=establishment_id,
        user_id=user_id,
        case_id=case_id,
        task_id=task.id if task else None,
        element_id=element_id,
        level=level,
        created_at=acting.now,
    )
    session.add(row)
    session.flush()
    return row
