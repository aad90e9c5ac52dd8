"""Notifications: closed codes shown in the page to those whom they concern, until put away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from casework import access, dangers, interruptedwords, noticewords, shown
from casework.access import NotVisible, Viewer
from casework.access_policy import ABSTRACT_FORMS, DANGER, IDENTITY
from casework.addressed import concerns, put_away_by
from casework.commission import found
from casework.commission import visible as sessions
from casework.tables import (
    Case,
    CommissionSession,
    Notification,
    NotificationSeen,
    RecordEntry,
    TaskMove,
)
from casework.units import pages as units
from casework.words import ENGLISH, Speaking, Wording
from casework.worklist import task_title
from processes.acting import Acting
from processes.tables import Establishment, HumanTask, ProcessInstance

if TYPE_CHECKING:
    from casework.platform import Platform


WHILE_OPEN = frozenset(
    {"task_remind", "task_due", "escalated", "reminded_by_superior", "correction_asked"}
)
"""Codes that ask for a step: they are shown no longer once it has ended."""


INVITED = "session_convened"
"""Leads its reader to the session."""

REMINDERS = frozenset({"task_remind", "task_due"})
"""Codes that speak of a due date, which may have passed when they are read."""

ABOUT_UNITS = frozenset({"measure_moved_here", "de_facto_isolation"})
"""Notices that may be about somebody in a special unit."""


@dataclass(frozen=True)
class Notice:
    """One notification in words; `task_id` and `case_id` only where the viewer may open them."""

    notification_id: UUID
    code: str
    words: str
    level: int  # 0 for information; 1 to 4 as C-15 escalates
    created_at: datetime
    zone: str
    establishment: str
    case_id: UUID | None
    task_id: UUID | None
    entry_id: UUID | None = None  # the observation that raised a danger
    session_id: UUID | None = None  # the session that its reader is invited to
    unit_id: UUID | None = None  # the special unit in which the person is, for those who see it

    @property
    def is_danger(self) -> bool:
        """Whether it calls its reader to act on a danger."""
        return self.code == DANGER


def visible(
    platform: Platform,
    session: Session,
    viewer: Viewer,
    *,
    now: datetime | None = None,
    speaking: Speaking = ENGLISH,
    limit: int = 50,
    leaving_out: frozenset[str] = frozenset(),
) -> tuple[Notice, ...]:
    """Notifications of the viewer and of the viewer's functions not put away; dangers first.

    With `now`, a reminder that is read when its step is late says so; codes left out are not
    looked at.
    """
    wanted = (
        select(Notification)
        .where(Notification.agency_id == viewer.agency_id, concerns(viewer))
        .where(~put_away_by(viewer), _still_stands(), Notification.code.not_in(leaving_out))
        .order_by((Notification.code == DANGER).desc(), Notification.created_at.desc())
        .order_by(Notification.level.desc())
        .limit(limit)
    )
    rows = session.scalars(wanted).all()
    readable = _layers_by_case(session, viewer, rows)
    return tuple(
        _notice(platform, session, viewer, row, readable, now or row.created_at, speaking)
        for row in rows
    )


def _layers_by_case(
    session: Session, viewer: Viewer, rows: Iterable[Notification]
) -> dict[UUID, frozenset[str]]:
    """What the viewer may read in the cases that notifications speak of, asked for together."""
    named = {row.case_id for row in rows if row.case_id}
    own = select(Case).where(Case.id.in_(named), Case.agency_id == viewer.agency_id)
    cases = session.scalars(own).all() if named else ()
    seen = access.sights(session, viewer, cases) if cases else {}
    return {case_id: sight.layers() for case_id, sight in seen.items()}


def is_urgent(session: Session, viewer: Viewer) -> bool:
    """Whether an escalation waits for the viewer; asked for the frame of every page."""
    wanted = select(Notification.id).where(
        Notification.agency_id == viewer.agency_id,
        Notification.level > 0,
        concerns(viewer),
        ~put_away_by(viewer),
        _still_stands(),
        or_(Notification.code != DANGER, ~dangers.is_answered()),
    )
    return session.scalars(wanted.limit(1)).first() is not None


def _still_stands() -> ColumnElement[bool]:
    """A reminder is of use only while the step it speaks of is open, an invitation until the
    session is closed."""
    is_open = exists().where(HumanTask.id == Notification.task_id, HumanTask.state == "open")
    is_over = exists().where(
        CommissionSession.case_id == Notification.case_id, CommissionSession.state == "closed"
    )
    asks = or_(Notification.code.not_in(WHILE_OPEN), Notification.task_id.is_(None), is_open)
    return and_(asks, or_(Notification.code != INVITED, ~is_over))


def _notice(
    platform: Platform,
    session: Session,
    viewer: Viewer,
    row: Notification,
    readable: Mapping[UUID, frozenset[str]],
    now: datetime,
    speaking: Speaking,
) -> Notice:
    place = session.get_one(Establishment, row.establishment_id)
    task = session.get(HumanTask, row.task_id) if row.task_id else None
    case = session.get(Case, row.case_id) if row.case_id else None
    task = dangers.to_answer(session, row) if row.code == DANGER else task
    may_open_task = task is not None and access.may_see_task(session, viewer, task)
    may_open_case = case is not None and access.may_see_case(session, viewer, case)
    told = _in_words(platform, session, row, task, now, speaking)
    held = found.of_file(session, case.id) if case is not None and row.code == INVITED else None
    if held is not None:
        told = noticewords.invited(held, place.zone, speaking)
    layers = readable.get(case.id, frozenset()) if case is not None else frozenset()
    answered = dangers.answered(session, row) if task is None else None
    if case is not None and row.code == DANGER:
        told = noticewords.danger(platform, session, layers, row, case, speaking)
        told = noticewords.settled(told, answered, place.zone, speaking) if answered else told
    elif case is not None and not _is_abstract(task) and (may_open_task or may_open_case):
        known = may_open_task or IDENTITY in layers
        told = noticewords.about(session, told, case, known, speaking)
    unit_id = _unit(session, viewer, row)
    if case is not None and unit_id is not None and not (may_open_task or may_open_case):
        told = speaking.say("{name}: {told}", name=shown.reference(case, speaking), told=told)
    may_join = held is not None and sessions.may_see(session, viewer, held)
    return Notice(
        notification_id=row.id,
        code=row.code,
        words=told,
        level=0 if answered else row.level,
        created_at=row.created_at,
        zone=place.zone,
        establishment=place.name,
        case_id=row.case_id if may_open_case and not _is_abstract(task) else None,
        task_id=task.id if task is not None and may_open_task else None,
        entry_id=_readable(session, viewer, row) if may_open_case else None,
        session_id=held.id if held is not None and may_join else None,
        unit_id=unit_id,
    )


def _unit(session: Session, viewer: Viewer, row: Notification) -> UUID | None:
    """Where whoever runs a unit finds the person of a notice whose case is not theirs to open."""
    if row.code not in ABOUT_UNITS or row.case_id is None:
        return None
    return units.of_case(session, viewer, row.case_id)


def _readable(session: Session, viewer: Viewer, row: Notification) -> UUID | None:
    """The observation behind a danger, where the viewer may read it."""
    entry = session.get(RecordEntry, row.entry_id) if row.entry_id else None
    return entry.id if entry and access.may_read_entry(session, viewer, entry) else None


def _is_abstract(task: HumanTask | None) -> bool:
    return task is not None and task.form in ABSTRACT_FORMS


def _in_words(
    platform: Platform,
    session: Session,
    row: Notification,
    task: HumanTask | None,
    now: datetime,
    speaking: Speaking,
) -> str:
    names = _names(platform, session, task, speaking)
    step = task_title(task, names) if task and names else speaking.say("a step")
    role = names.role(task.role) if task and names else row.role
    told = _late(session, row, task, step, now, speaking)
    recipient = names.role(row.role) if names else row.role
    told = told or interruptedwords.said(platform, session, row, speaking)
    told = told or words(row.code, recipient, step, role, speaking)
    reason = _reason(session, row) if row.code.startswith("reassigned") else None
    return speaking.say("{told} Reason: {reason}", told=told, reason=reason) if reason else told


def _late(
    session: Session,
    row: Notification,
    task: HumanTask | None,
    step: str,
    now: datetime,
    speaking: Speaking,
) -> str | None:
    """What a reminder says once its step is late: since when it is."""
    if row.code not in REMINDERS or task is None or task.due_at is None or task.due_at > now:
        return None
    due = speaking.moment(task.due_at, shown.zone_of(session, task.establishment_id))
    return speaking.say("“{step}” was due on {due}.", step=step, due=due)


def _reason(session: Session, row: Notification) -> str | None:
    """Why a task was moved, as the supervisor wrote it for both."""
    wanted = (
        select(TaskMove.reason)
        .where(TaskMove.task_id == row.task_id, TaskMove.moved_at <= row.created_at)
        .order_by(TaskMove.moved_at.desc())
    )
    return session.scalars(wanted).first()


def _names(
    platform: Platform, session: Session, task: HumanTask | None, speaking: Speaking
) -> Wording | None:
    if task is None:
        return None
    instance = session.get_one(ProcessInstance, task.instance_id)
    return shown.wording(platform, session, instance.version_id, speaking)


def words(code: str, told: str, step: str, role: str, speaking: Speaking = ENGLISH) -> str:
    """A notification in a sentence: `told` is the function that it went to, `role` the one that
    owes the step."""
    say = speaking.say
    known = {
        "task_remind": say("“{step}” is due soon.", step=step),
        "task_due": say("“{step}” is due now.", step=step),
        "escalated": _escalated(told, step, role, speaking),
        "urgent": say("Danger now: a unit lead asks for action at once."),
        "minor_found": say("The person is a minor. The service for young people takes over."),
        "correction_asked": say("A colleague asks you for a correction: “{step}”.", step=step),
        "correction_made": say("The correction that you asked for is made: “{step}”.", step=step),
        "reassigned_to_you": say("“{step}” has been moved to you.", step=step),
        "reassigned_from_you": say("“{step}” has been moved to a colleague.", step=step),
        "reminded_by_superior": say("Your superior reminds you of “{step}”.", step=step),
        "observation_joined": say("An observation was joined to an open case."),
        "interrupted": say("“{step}” is no longer needed: the case was ended early.", step=step),
        "interrupted_again": say(
            "Something further was recorded about a case that was ended early. Look at it before"
            " you go on."
        ),
        "referral_withdrawn": say(
            "A referral no longer needs an answer: the case was ended early."
        ),
        "action_recalled": say(
            "An action that was asked of you is not needed any more. Do nothing on it."
        ),
        "consent_answered": say(
            "A client has answered on consent. Look at the client’s page before you share."
        ),
        "answer_owed": say("The answer to a referral is late."),
        "step_moved_away": say(
            "“{step}” is done in another prison now: the person was moved there.", step=step
        ),
        "case_moved_away": say("A case has gone on in another prison: the person was moved there."),
        "urgent_again": say(
            "An urgent measure was ordered shortly after another had ended. Look at why."
        ),
        "measure_moved_here": say(
            "A measure in force has come with a person who was moved here. See who applies it, and"
            " until when."
        ),
        "de_facto_isolation": say(
            "Three days running a person apart from others had less human contact than the floor."
            " In effect this is isolation."
        ),
        **_of_the_commission(speaking),
    }
    return known.get(code, code.replace("_", " "))


def _escalated(told: str, step: str, role: str, speaking: Speaking) -> str:
    say = speaking.say
    if told == role:  # who owes the step hears that it has gone up
        return say(
            "“{step}” ({role}) is overdue. A superior has been asked to get it moving.",
            step=step,
            role=role,
        )
    within = _within(told)
    return say(
        "“{step}” ({role}) is overdue. The {told} has been told.", step=step, role=role, told=within
    )


def _of_the_commission(speaking: Speaking) -> dict[str, str]:
    say = speaking.say
    return {
        "item_left": say(
            "An item has left the agenda of a session: the person was moved to another prison."
        ),
        "session_convened": say("You are invited to a session of the commission."),
        "opinion_sent": say("An opinion of a commission has reached you and waits for an answer."),
        "opinion_left_by_itself": say(
            "An opinion of the commission left by itself: nobody had sent it within its time."
        ),
        "decision_late": say("The decision on a care unit is late: nobody is placed by silence."),
        "opinion_unanswered": say(
            "An opinion of a commission stayed unanswered to the end. A fresh opinion is due."
        ),
        "opinion_repeated": say(
            "The same opinion was given a second time without being followed. What became of the"
            " first?"
        ),
        "opinion_repeated_again": say(
            "The same opinion was given a third time or more without being followed."
        ),
    }


def _within(role: str) -> str:
    """The name of a function inside a sentence; one that begins with letters of a name stays."""
    return role[:1].lower() + role[1:] if role[1:2].islower() else role


def put_away(session: Session, acting: Acting, viewer: Viewer, notification_id: UUID) -> str:
    """Hide a notification for the viewer alone and give its code; `NotVisible` when it was never
    the viewer's."""
    wanted = select(Notification).where(
        Notification.id == notification_id,
        Notification.agency_id == viewer.agency_id,
        concerns(viewer),
    )
    row = session.scalars(wanted).first()
    if row is None:
        raise NotVisible("notification", notification_id)
    key = {"notification_id": notification_id, "user_id": viewer.user_id}
    if session.get(NotificationSeen, key) is None:
        session.add(NotificationSeen(**key, agency_id=viewer.agency_id, seen_at=acting.now))
        session.flush()
    return row.code
