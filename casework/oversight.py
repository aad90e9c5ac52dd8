"""Oversight: what is late, who carries how much, and moving a task; state only, never content."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.orm import Session

from casework import access, moving, notifying, shown, staff
from casework.access import NotVisible, Viewer
from casework.refusals import AlreadyDone, Refused
from casework.supervising import Overseen, Reach, overseen, reach_of
from casework.tables import Case, UserAccount
from casework.words import ENGLISH, Speaking
from casework.worklist import task_title
from processes import advance
from processes.acting import Acting
from processes.tables import Establishment, HumanTask, Incident, ProcessInstance

if TYPE_CHECKING:
    from casework.platform import Platform

SHOWN = 200
REASON_LONGEST = 500
DAY = timedelta(days=1)


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
    is_open: bool


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
    reach: tuple[Reach, ...]
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
    below = overseen(platform, session, viewer)
    rows = tuple(
        _row(platform, session, viewer, task, now, speaking)
        for task in _tasks(session, viewer, below)
    )
    return Oversight(
        may_oversee=bool(below),
        reach=reach_of(platform, session, below, speaking),
        overdue=tuple(row for row in rows if _is_late(row, now)),
        escalated=tuple(row for row in rows if row.escalation_level > 0),
        open=rows,
        by_role=_load(rows, now),
        incidents=_incidents(session, viewer, below, speaking),
    )


def _is_late(row: OverseenTask, now: datetime) -> bool:
    return row.due_at is not None and row.due_at < now


def late(platform: Platform, session: Session, viewer: Viewer, now: datetime) -> int:
    """How many steps of those the viewer supervises are late."""
    below = overseen(platform, session, viewer)
    wanted = select(func.count()).where(*_open_below(viewer, below), HumanTask.due_at < now)
    return session.scalar(wanted) or 0 if below else 0


def _open_below(viewer: Viewer, below: Overseen) -> tuple[ColumnElement[bool], ...]:
    by_role = [
        and_(HumanTask.role == role, HumanTask.establishment_id.in_(places))
        for role, places in below.items()
    ]
    mine = HumanTask.agency_id == viewer.agency_id
    return mine, HumanTask.state == "open", or_(false(), *by_role)


def _tasks(session: Session, viewer: Viewer, below: Overseen) -> list[HumanTask]:
    wanted = (
        select(HumanTask)
        .where(*_open_below(viewer, below))
        .order_by(HumanTask.due_at.is_(None), HumanTask.due_at, HumanTask.created_at)
        .limit(SHOWN)
    )
    return list(session.scalars(wanted))


def _row(
    platform: Platform,
    session: Session,
    viewer: Viewer,
    task: HumanTask,
    now: datetime,
    speaking: Speaking,
) -> OverseenTask:
    instance = session.get_one(ProcessInstance, task.instance_id)
    names = shown.wording(platform, session, instance.version_id, speaking)
    place = session.get_one(Establishment, task.establishment_id)
    case = session.get(Case, task.case_id)
    late = now - task.due_at if task.due_at is not None and task.due_at < now else timedelta()
    return OverseenTask(
        task_id=task.id,
        case_id=task.case_id,
        title=task_title(task, names),
        case_name=shown.reference(case, speaking) if case else None,
        role=task.role,
        role_name=names.role(task.role),
        establishment=place.name,
        holder=staff.name_of(session, task.holder_id, speaking),
        opened_at=task.created_at,
        due_at=task.due_at,
        zone=place.zone,
        days_overdue=late // DAY,
        days_waiting=(now - task.created_at) // DAY,
        escalation_level=task.escalation_level,
        may_open_case=case is not None and access.may_see_case(session, viewer, case),
        is_open=task.state == "open",
    )


def _load(rows: Iterable[OverseenTask], now: datetime) -> tuple[RoleLoad, ...]:
    groups: dict[tuple[str, str, str], list[OverseenTask]] = {}
    for row in rows:
        groups.setdefault((row.role_name, row.establishment, row.role), []).append(row)
    return tuple(
        RoleLoad(
            role=role,
            role_name=role_name,
            establishment=establishment,
            open=len(group),
            overdue=sum(_is_late(row, now) for row in group),
            unclaimed=sum(row.holder is None for row in group),
        )
        for (role_name, establishment, role), group in sorted(groups.items())
    )


def _incidents(
    session: Session, viewer: Viewer, below: Overseen, speaking: Speaking
) -> tuple[str, ...]:
    places = {place for covered in below.values() for place in covered}
    wanted = (
        select(Incident, ProcessInstance.establishment_id)
        .join(ProcessInstance, ProcessInstance.id == Incident.instance_id)
        .where(Incident.agency_id == viewer.agency_id, Incident.state == "open")
        .where(ProcessInstance.establishment_id.in_(places))
        .order_by(Incident.since)
    )
    return tuple(
        speaking.say(
            "Since {moment}: the step “{step}” could not be carried out. The administrator has"
            " the details.",
            moment=speaking.moment(incident.since, shown.zone_of(session, place_id)),
            step=incident.element_id or speaking.say("unknown"),
        )
        for incident, place_id in session.execute(wanted)
    )


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
    task = _supervised(platform, session, viewer, task_id)
    people = [u for u in _holders(session, task, viewer) if not _barred(session, task, u, viewer)]
    return ReassignPage(
        _row(platform, session, viewer, task, now, speaking),
        tuple(Candidate(user.id, staff.shown(user, speaking)) for user in people),
    )


def _supervised(platform: Platform, session: Session, viewer: Viewer, task_id: UUID) -> HumanTask:
    task = session.get(HumanTask, task_id)
    below = overseen(platform, session, viewer)
    if (
        task is None
        or task.agency_id != viewer.agency_id
        or task.establishment_id not in below.get(task.role, frozenset())
    ):
        raise NotVisible("task", task_id, task.case_id if task else None)
    return task


def _holders(session: Session, task: HumanTask, viewer: Viewer) -> list[UserAccount]:
    places = staff.places_above(session, task.establishment_id)
    people = staff.holders(session, task.role, places, viewer.on)
    return [user for user in people if user.id != task.holder_id]


def _barred(session: Session, task: HumanTask, user: UserAccount, viewer: Viewer) -> bool:
    return moving.why_not(session, task, user.id, viewer.on) is not None


def reassign(
    platform: Platform,
    session: Session,
    acting: Acting,
    viewer: Viewer,
    task_id: UUID,
    to_user: UUID,
    reason: str,
    *,
    speaking: Speaking = ENGLISH,
) -> None:
    """Move the task to another holder of the same function. Both are told; the reason is required
    and is kept with the act. `casework.work.Refused` says why it cannot be done."""
    task = _supervised(platform, session, viewer, task_id)
    _require_reason(reason, speaking)
    people = {user.id for user in _holders(session, task, viewer)}
    if to_user not in people:
        raise Refused(
            speaking.say("Choose somebody who holds this function here and does not hold the task.")
        )
    barred = moving.why_not(session, task, to_user, viewer.on, speaking)
    if barred:
        raise Refused(barred)
    try:
        move = moving.move(session, platform.ports, acting, task, to_user, reason)
    except advance.AlreadyDone as late:
        who = staff.name_of(session, late.ended_by, speaking)
        raise AlreadyDone(task.id, who, late.ended_at, late.state) from late
    notifying.tell_holder(session, acting, task, "reassigned_to_you", to_user)
    if move.from_user is not None:
        notifying.tell_holder(session, acting, task, "reassigned_from_you", move.from_user)


def _require_reason(reason: str, speaking: Speaking) -> None:
    if not reason.strip():
        raise Refused(speaking.say("Say why the task is moved: both colleagues read it."))
    if len(reason) > REASON_LONGEST:
        raise Refused(speaking.say("Shorten the reason to {most} characters.", most=REASON_LONGEST))
