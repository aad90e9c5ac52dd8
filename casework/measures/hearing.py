"""Hearing the person: what is withheld and its gist, and pauses of the time to prepare (C-03)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import grid_rules
from casework.hooks import Submitted, hook
from casework.measures import known
from casework.refusals import Refused
from casework.tables import Case, ClockPause, RecordEntry, WithheldElement
from casework.words import ENGLISH, Speaking
from processes import delivery, messages
from processes.acting import Acting
from processes.calendars import Times
from processes.engine import Element, Model
from processes.ports import Code, JournalEntry
from processes.tables import (
    Clock,
    Establishment,
    ProcessInstance,
    Subscription,
    Timer,
)

if TYPE_CHECKING:
    from casework.platform import Platform

PAUSED = "preparationPaused"
LONGEST = "param:pause_max"
GROUNDS = ("hospital", "escape", "no_interpreter", "no_counsel")
"""Why the time to prepare may stand still; the list is closed [domain.md 0.1, Interruptions]."""


@hook("F-GROUNDS")
def register_withheld(submitted: Submitted) -> Mapping[str, Code]:
    """What the person is not shown, each with its ground and next check, and the entry with the
    gist that is given instead [domain.md 6.1, withheld-elements register]."""
    if submitted.acting.user_id is None:
        return {}
    gist = _open_entry(submitted)
    for part in submitted.answers.get("withheld") or ():
        submitted.session.add(
            WithheldElement(
                id=submitted.acting.new_id(),
                agency_id=submitted.case.agency_id,
                case_id=submitted.case.id,
                instance_id=submitted.instance.id,
                ground=str(part.get("withheld_ground") or part.get("ground") or "")[:40],
                approved_by=submitted.acting.user_id,
                approved_at=submitted.acting.now,
                next_check_on=grid_rules.day_of(part.get("next_check_on")),
                gist_entry_id=gist,
            )
        )
    submitted.session.flush()
    return {}


def _open_entry(submitted: Submitted) -> UUID | None:
    """The part of the answers that the person may read: the gist stands in it."""
    wanted = select(RecordEntry.id).where(
        RecordEntry.task_id == submitted.task.id, RecordEntry.layer == "L1"
    )
    return submitted.session.scalars(wanted).first() or submitted.entry_id


@hook("F-PAUSE")
def end_pause(submitted: Submitted) -> Mapping[str, Code]:
    """The ground has gone: the time to prepare begins anew."""
    pause = known.open_pause(submitted.session, submitted.instance.id)
    if pause is not None:
        pause.until_at = submitted.acting.now
        submitted.session.flush()
    return {}


def waiting(session: Session, case: Case) -> Subscription | None:
    """The hearing in a case whose time to prepare runs, and so can be paused."""
    wanted = select(Subscription).where(
        Subscription.agency_id == case.agency_id,
        Subscription.name == PAUSED,
        Subscription.key == str(case.id),
        Subscription.instance_id.is_not(None),
    )
    return session.scalars(wanted.limit(1)).first()


def pause(
    platform: Platform,
    session: Session,
    acting: Acting,
    case: Case,
    ground: str,
    speaking: Speaking = ENGLISH,
) -> ClockPause:
    """Stop the time to prepare: an act, with a ground from a closed list and a maximum.

    Each ground stops it once in a hearing: what lasts longer than the maximum is no pause.
    """
    say, found = speaking.say, waiting(session, case)
    if ground not in GROUNDS:
        raise Refused(say("Choose why the time to prepare stands still."))
    if found is None or found.instance_id is None:
        raise Refused(say("No time to prepare is running in this case, so none can be paused."))
    clock = _clock(platform, session, found.instance_id, found.element_id)
    if clock is None:
        raise Refused(say("No time to prepare is running in this case, so none can be paused."))
    _close_earlier(session, acting, found.instance_id)
    if _was_used(session, found.instance_id, ground):
        raise Refused(
            say(
                "The time stood still once already on this ground. It runs on now; a hearing can"
                " also be put off once."
            )
        )
    row = _write(session, acting, case, clock, found.instance_id, ground)
    entry = JournalEntry("clock.pause", case.id, "clock", clock.id, {"ground": ground})
    platform.ports.journal.write(session, acting, entry)
    message = messages.send(
        session,
        acting,
        name=PAUSED,
        case_id=case.id,
        place_id=case.establishment_id,
        sender_key=str(row.id),
        payload={},
    )
    delivery.deliver(session, platform, acting, message)
    return row


def _write(
    session: Session, acting: Acting, case: Case, clock: Clock, instance_id: UUID, ground: str
) -> ClockPause:
    place = session.get_one(Establishment, case.establishment_id)
    row = ClockPause(
        id=acting.new_id(),
        agency_id=case.agency_id,
        clock_id=clock.id,
        case_id=case.id,
        instance_id=instance_id,
        ground=ground,
        from_at=acting.now,
        until_at=None,
        max_until=Times(session, place).due_at(LONGEST, base=acting.now, dates={}),
        paused_by=acting.user_id,
    )
    session.add(row)
    session.flush()
    return row


def _close_earlier(session: Session, acting: Acting, instance_id: UUID) -> None:
    """A pause that its maximum has ended: the time has been running since."""
    earlier = known.open_pause(session, instance_id)
    if earlier is not None:
        earlier.until_at = min(earlier.max_until, acting.now)


def _was_used(session: Session, instance_id: UUID, ground: str) -> bool:
    wanted = select(ClockPause.id).where(
        ClockPause.instance_id == instance_id, ClockPause.ground == ground
    )
    return session.scalars(wanted.limit(1)).first() is not None


def _clock(
    platform: Platform, session: Session, instance_id: UUID, element_id: str
) -> Clock | None:
    """The clock of the drawn timer that stands still: of the sub-process that the pause leaves,
    else of the event that waits beside it."""
    instance = session.get_one(ProcessInstance, instance_id)
    model = platform.models.model(session, instance.version_id)
    meant = set(_timers(model, model.elements[element_id]))
    running = (
        select(Clock)
        .join(Timer, Timer.clock_id == Clock.id)
        .where(Clock.instance_id == instance_id, Clock.state == "running")
        .where(Timer.kind == "drawn", Timer.state == "pending")
        .order_by(Timer.due_at)
    )
    return next((row for row in session.scalars(running) if row.element_id in meant), None)


def _timers(model: Model, caught: Element) -> list[str]:
    """The timers that the pause leaves behind."""
    timers = [e for e in model.elements.values() if e.timer and e.process == caught.process]
    if caught.attached_to is not None:
        return [e.id for e in timers if e.scope == caught.attached_to]
    return [e.id for e in timers if e.kind == "intermediateCatchEvent"]
