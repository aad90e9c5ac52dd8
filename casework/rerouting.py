"""A person is moved to another prison: every case goes on there, and no clock stops
[domain.md 0.1 Interruptions, 8.2]."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import drafts, notifying
from casework.access_policy import DANGER
from casework.blind import is_rating_seat
from casework.commission import moving_on
from casework.measures import standing
from casework.tables import Case, Draft, Notification, Opinion, Person, Seat, Transfer
from casework.units import stays
from processes import delivery, messages, rerouting, versions
from processes.acting import Acting
from processes.ports import Code, JournalEntry
from processes.rerouting import Moved
from processes.tables import HumanTask

if TYPE_CHECKING:
    from casework.platform import Platform

ARRIVED = "caseArrived"
"""Begins the step in which the new prison says that it goes on with the case."""
TAKES_OVER, GOVERNOR = "arrived", "common.governor"
AWAY, LEFT, CAME = "step_moved_away", "case_moved_away", "measure_moved_here"
CALLS = frozenset({DANGER, "answer_owed", "opinion_sent", "opinion_unanswered"})
"""Notices that call a function to something not done yet, with or without a step."""
UNSEEN = "observed"


def transfer(
    platform: Platform, session: Session, acting: Acting, person: Person, to_id: UUID, on: date
) -> Transfer:
    """Move the person in the register, and with him or her every open case.

    `person` is locked by the caller. What is closed stays where it was closed, unless a decision
    in it can be contested: the person asks for that where he or she is [domain.md 8.2].
    """
    row = Transfer(
        id=acting.new_id(),
        agency_id=person.agency_id,
        person_id=person.id,
        from_id=person.establishment_id,
        to_id=to_id,
        moved_on=on,
        recorded_at=acting.now,
        recorded_by=acting.user_id,
    )
    session.add(row)
    person.establishment_id = to_id
    session.flush()
    wanted = select(Case).where(Case.person_id == person.id, Case.state == "open")
    for case in session.scalars(wanted.order_by(Case.opened_at, Case.id)):
        _move(platform, session, acting, case, row)
    closed = select(Case).where(Case.person_id == person.id, Case.state == "closed")
    for case in session.scalars(closed):
        if standing.contestable(session, case.id):
            case.establishment_id = to_id
    session.flush()
    return row


def _move(platform: Platform, session: Session, acting: Acting, case: Case, row: Transfer) -> None:
    """One case: its steps, agendas, answers owed and notices."""
    rerouting.hold(session, case.id)
    session.refresh(case)
    speaking = moving_on.speaking(session, case.id)
    staying = _staying(session, case.id) | moving_on.steps_of(session, speaking)
    moved = rerouting.move_case(session, platform, acting, case.id, row.to_id, staying)
    case.establishment_id = row.to_id
    moving_on.leave_agendas(platform, session, acting, case.id, speaking)
    _answers_owed(session, case, row)
    _notices(platform, session, case, row, moved)
    _tell(platform, session, acting, case, row, moved)
    codes = {
        "from": str(row.from_id),
        "to": str(row.to_id),
        "steps": [str(task.id) for task in moved.tasks],
    }
    entry = JournalEntry("case.move", case.id, "transfer", row.id, codes)
    platform.ports.journal.write(session, acting, entry)
    other_region = stays.region_of(session, row.from_id) != stays.region_of(session, row.to_id)
    told: dict[str, Code] = {"other_region": other_region}
    deaf = speaking | stays.untouched(session, case.id, row.to_id, other_region=other_region)
    rerouting.tell_models(
        session, platform, acting, case.id, row.to_id, str(row.id), told, deaf=deaf
    )
    if case.stage != UNSEEN and case.at_end is None:  # before the first look, its unit lead's alone
        _begin_there(platform, session, acting, case, row)
    session.flush()


def _staying(session: Session, case_id: UUID) -> set[UUID]:
    """Steps that only those can do who were asked: a rating by somebody who knew the person there,
    a correction of one's own answers, the words of a session that has spoken."""
    wanted = select(HumanTask).where(HumanTask.case_id == case_id, HumanTask.state == "open")
    stays = set()
    for task in session.scalars(wanted):
        seat = session.get(Seat, task.seat_id) if task.seat_id else None
        if task.handed_back_from is not None or (seat is not None and is_rating_seat(seat)):
            stays.add(task.id)
    return stays


def _answers_owed(session: Session, case: Case, row: Transfer) -> None:
    """Who owes an answer to an opinion is who owes it at the new place."""
    owed = select(Opinion).where(
        Opinion.case_id == case.id, Opinion.state.not_in(("answered", "superseded"))
    )
    for opinion in session.scalars(owed):
        opinion.establishment_id = row.to_id


def _notices(platform: Platform, session: Session, case: Case, row: Transfer, moved: Moved) -> None:
    """What functions of the old prison were called to, or still have to do, those of the new one
    are told; what was told of the past stays with whom it was told."""
    open_there = {task.id for task in moved.tasks}
    wanted = select(Notification).where(
        Notification.case_id == case.id, Notification.user_id.is_(None)
    )
    for notice in session.scalars(wanted):
        if notice.task_id in open_there or notice.code in CALLS:
            directory = platform.ports.directory
            notice.establishment_id = directory.place_for(session, row.to_id, notice.role)


def _tell(
    platform: Platform, session: Session, acting: Acting, case: Case, row: Transfer, moved: Moved
) -> None:
    """Whoever held a step hears that it is done elsewhere; what was typed and not sent goes."""
    for task, user_id in {*moved.released, *_typed(platform, session, acting, moved)}:
        drafts.drop_draft(platform, session, user_id, task.id)
        notifying.tell_holder(session, acting, task, AWAY, user_id)
    if case.stage == UNSEEN or case.at_end is not None:
        return
    notifying.tell_role(
        session,
        acting,
        platform.ports.directory,
        case.owner_role,
        LEFT,
        establishment_id=row.from_id,
        case_id=case.id,
    )


def _typed(
    platform: Platform, session: Session, acting: Acting, moved: Moved
) -> list[tuple[HumanTask, UUID]]:
    """Who has begun to answer a step that is no longer his or hers."""
    by_id = {task.id: task for task in moved.tasks}
    begun = select(Draft.task_id, Draft.author_id).where(Draft.task_id.in_(by_id))
    directory, on = platform.ports.directory, acting.now.date()
    return [
        (by_id[task_id], author_id)
        for task_id, author_id in session.execute(begun)
        if task_id is not None
        and not directory.may_hold(
            session, author_id, by_id[task_id].role, by_id[task_id].establishment_id, on
        )
    ]


def _begin_there(
    platform: Platform, session: Session, acting: Acting, case: Case, row: Transfer
) -> None:
    message = messages.send(
        session,
        acting,
        name=ARRIVED,
        case_id=case.id,
        place_id=row.to_id,
        sender_key=str(row.id),
        payload={},
    )
    delivery.deliver(session, platform, acting, message)
    if standing.any_in_force(session, case.id):
        version = versions.active_version(session, case.agency_id, TAKES_OVER)
        notifying.tell_role(
            session,
            acting,
            platform.ports.directory,
            platform.models.pack(session, version.id).role(GOVERNOR),
            CAME,
            establishment_id=row.to_id,
            case_id=case.id,
        )
