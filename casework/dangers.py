"""Who was called to act on a danger, which observation raised it, and who answers for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, select, update
from sqlalchemy.orm import Session

from casework import access_policy as policy
from casework.addressed import concerns, put_away_by
from casework.grid_rules import Finding
from casework.submissions import Given, in_force, of_case
from casework.tables import Case, Notification, RecordEntry
from casework.words import Speaking
from processes.tables import HumanTask

if TYPE_CHECKING:
    from casework.access import Viewer

ERASING, AGREED = "F-DPO", "inventory_agreed"
"""The answer after which a case is erased."""


def calls(session: Session, viewer: Viewer, case: Case) -> tuple[Notification, ...]:
    """Notices of danger in a case that call the viewer, by function at the place or by name.

    One stands as long as the case is open and its reader has not put it away.
    """
    return tuple(calls_in(session, viewer, [case]).get(case.id, ()))


def calls_in(
    session: Session, viewer: Viewer, cases: Iterable[Case]
) -> dict[UUID, list[Notification]]:
    """The same in many cases, by case; a case in which nothing calls is not named."""
    ours = [c.id for c in cases if c.agency_id == viewer.agency_id and c.state == "open"]
    found: dict[UUID, list[Notification]] = {}
    if not ours:
        return found
    wanted = (
        select(Notification)
        .where(Notification.case_id.in_(ours), Notification.code == policy.DANGER)
        .where(concerns(viewer), ~put_away_by(viewer))
        .order_by(Notification.created_at)
    )
    for notice in session.scalars(wanted):
        if notice.case_id is not None:
            found.setdefault(notice.case_id, []).append(notice)
    return found


def raised_by(session: Session, notices: Iterable[Notification]) -> frozenset[UUID]:
    """The entries that raised these dangers, and their corrections."""
    found = {notice.entry_id for notice in notices if notice.entry_id is not None}
    newest = found
    while newest:
        later = select(RecordEntry.id).where(RecordEntry.supersedes_id.in_(newest))
        newest = set(session.scalars(later)) - found
        found = found | newest
    return frozenset(found)


def observation(session: Session, case: Case, forms: Iterable[str]) -> UUID | None:
    """The restricted part of the observation that a case began with, as corrected."""
    began = [given for given in in_force(of_case(session, case.id)) if given.form in set(forms)]
    return _restricted(began[0]) if began else None


def _restricted(given: Given) -> UUID | None:
    parts = (entry.id for entry in given.entries if entry.layer == policy.RESTRICTED)
    return next(parts, None)


def asking_step(session: Session, instance_id: UUID) -> str | None:
    """The element of the step whose answers called: the one completed last."""
    wanted = select(HumanTask.element_id).where(
        HumanTask.instance_id == instance_id, HumanTask.state == "completed"
    )
    return session.scalars(wanted.order_by(HumanTask.ended_at.desc()).limit(1)).first()


def hand_on(session: Session, source: Case, to: Case, copies: Mapping[UUID, UUID]) -> None:
    """A danger goes with its observation into the case that the observation joins.

    The step that answers it stays where it was opened: the notice remembers it.
    """
    task = unanswered(session, source.id)
    wanted = select(Notification).where(
        Notification.case_id == source.id, Notification.code == policy.DANGER
    )
    for notice in list(session.scalars(wanted)):
        written = raised_by(session, [notice])
        copied = next((copies[entry_id] for entry_id in written if entry_id in copies), None)
        moved = update(Notification).where(Notification.id == notice.id)
        session.execute(moved.values(case_id=to.id, entry_id=copied, task_id=task and task.id))


def unanswered(session: Session, case_id: UUID) -> HumanTask | None:
    """The open step in which somebody says what was done about a danger of the case."""
    wanted = select(HumanTask).where(
        HumanTask.case_id == case_id,
        HumanTask.form == policy.DANGER_FORM,
        HumanTask.state == "open",
        HumanTask.handed_back_from.is_(None),
    )
    return session.scalars(wanted.limit(1)).first()


def to_answer(session: Session, notice: Notification) -> HumanTask | None:
    """The open step that answers the danger of a notice."""
    if notice.code != policy.DANGER:
        return None
    task = session.get(HumanTask, notice.task_id) if notice.task_id else None
    if task is not None:
        return task if task.state == "open" else None
    return unanswered(session, notice.case_id) if notice.case_id else None


def answered(session: Session, notice: Notification) -> HumanTask | None:
    """The step in which the danger of a notice was answered; asked when none is open."""
    if notice.code != policy.DANGER:
        return None
    wanted = select(HumanTask).join(Notification, _answers())
    wanted = wanted.where(Notification.id == notice.id).order_by(HumanTask.ended_at)
    return session.scalars(wanted.limit(1)).first()


def is_answered() -> ColumnElement[bool]:
    """Which notices of danger have been answered."""
    return exists().where(_answers())


def _answers() -> ColumnElement[bool]:
    """A step answers the notice that names it, or that was written in its case before it."""
    named = HumanTask.id == Notification.task_id
    there = Notification.task_id.is_(None) & (HumanTask.case_id == Notification.case_id)
    return and_(
        HumanTask.form == policy.DANGER_FORM,
        HumanTask.state == "completed",
        HumanTask.ended_at >= Notification.created_at,
        or_(named, there),
    )


def joined_to(session: Session, task: HumanTask) -> Case | None:
    """The case that a danger went to before it was answered in the case that joined it."""
    if task.form != policy.DANGER_FORM:
        return None
    wanted = select(Notification).where(
        Notification.code == policy.DANGER,
        Notification.task_id == task.id,
        Notification.case_id != task.case_id,
    )
    notice = session.scalars(wanted.limit(1)).first()
    return session.get(Case, notice.case_id) if notice and notice.case_id else None


def let_go(session: Session, task: HumanTask) -> None:
    """The notices stay when the case of the answered step is discarded."""
    answered = update(Notification).where(
        Notification.code == policy.DANGER, Notification.task_id == task.id
    )
    session.execute(answered.values(task_id=None))


def why_not_erase(
    session: Session, case: Case, form: str, answers: Mapping[str, Any], speaking: Speaking
) -> list[Finding]:
    """What speaks of a danger is erased only when the danger was answered."""
    if form != ERASING or answers.get(AGREED) not in (True, "true"):
        return []
    if unanswered(session, case.id) is None:
        return []
    words = speaking.say(
        "A danger in this case has not been answered yet. Agree once it has, or send the list back."
    )
    return [(AGREED, words)]
