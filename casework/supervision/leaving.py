"""The way to release: six months before the day, or when a review says so, the hand-over begins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import coming_due
from casework.coming_due import CameDue, guarded_by
from casework.effects import Doing, effect
from casework.hooks import Submitted, hook
from casework.measures import ending, force, standing
from casework.measures.words import CARE_UNITS
from casework.tables import Case, Person
from processes import advance, clocks, delivery, messages
from processes.acting import Acting
from processes.ports import Code
from processes.tables import Clock, Message, ProcessInstance, ProcessVersion

GUARDS = "release"
MODEL, PATH = "release-handover", "releasePath"
LEAD = "param:release_lead before release_on"


@dataclass(frozen=True)
class _Leaver:
    """A case whose person will be released; the clock guards the case."""

    id: UUID
    agency_id: UUID
    case_id: UUID


@effect("release.watch")
def watch(doing: Doing) -> Mapping[str, Code]:
    """Look the day of release up again: six months before it the hand-over begins by itself. A day
    that has changed counts from now on; the clock of the earlier one stops."""
    session, case = doing.session, doing.case
    person = session.get(Person, case.person_id) if case.person_id else None
    day = person.release_on if person else None
    known = session.scalars(
        select(Clock).where(
            Clock.guarded_id == case.id, Clock.guards == GUARDS, Clock.state == "running"
        )
    ).first()
    if known is not None and day is not None and known.name == day.isoformat():
        return {}
    clocks.end_clocks(session, case.id, "replaced", guards=GUARDS)
    if day is not None and day > doing.today and not under_way(session, case):
        coming_due.watch(
            session,
            doing.acting,
            _Leaver(case.id, case.agency_id, case.id),
            case.establishment_id,
            LEAD,
            guards=GUARDS,
            name=day.isoformat(),
            dates={"release_on": day},
        )
    return {}


@effect("release.begin")
def begin_now(doing: Doing) -> Mapping[str, Code]:
    """The hand-over begins after a review, unless it runs already: at once, since the case would
    be closed with the process that ends here, and nothing begins in a closed case."""
    session, acting = doing.session, doing.acting
    person = session.get(Person, doing.case.person_id) if doing.case.person_id else None
    sent = begin(session, acting, doing.case, person.release_on if person else None)
    if sent is not None:
        delivery.deliver(session, doing.platform, acting, sent)
    return {}


@hook("F-LEAVE-CLOSE")
def close_measures(submitted: Submitted) -> Mapping[str, Code]:
    """Special measures end before release: today where the governor says so; the process that
    carries them is told, and tells the person."""
    if submitted.answers.get("closing") != "end_now":
        return {}
    asked = (submitted.platform, submitted.session, submitted.acting)
    rows = standing.in_force(submitted.session, submitted.case.id)
    carried = [row for row in rows if row.kind in CARE_UNITS]
    ended = force.end(*asked, carried, "ended")
    ending.tell(*asked, ended, "ended")
    force.end(*asked, [row for row in rows if row.kind not in CARE_UNITS], "ended")
    return {}


@guarded_by(GUARDS)
def six_months_left(came: CameDue) -> None:
    """The day has come for whoever is in a unit; for others it passes."""
    came.clock.state = "done"
    case = came.session.get(Case, came.clock.case_id)
    if case is None or case.state != "open":
        return
    runs = standing.in_force(came.session, case.id)
    if any(row.kind in CARE_UNITS for row in runs):
        begin(came.session, came.acting, case, date.fromisoformat(came.clock.name))


def begin(session: Session, acting: Acting, case: Case, release_on: date | None) -> Message | None:
    """Send word once: nobody is handed over twice for one release."""
    if under_way(session, case):
        return None
    payload: dict[str, Code] = {} if release_on is None else {"release_on": release_on}
    return messages.send(
        session,
        acting,
        name=PATH,
        case_id=case.id,
        place_id=case.establishment_id,
        sender_key=f"release:{release_on or acting.now.date()}",
        payload=payload,
    )


def under_way(session: Session, case: Case) -> bool:
    """Whether a hand-over runs in the case, or word of it waits."""
    runs = (
        select(ProcessInstance.id)
        .join(ProcessVersion, ProcessVersion.id == ProcessInstance.version_id)
        .where(ProcessInstance.case_id == case.id, ProcessVersion.model == MODEL)
        .where(ProcessInstance.state.in_(advance.RUNNING))
    )
    waits = select(Message.id).where(
        Message.case_id == case.id, Message.name == PATH, Message.state == "kept"
    )
    found = (session.scalars(query.limit(1)).first() for query in (runs, waits))
    return any(row is not None for row in found)
