"""The ledger of answers owed: an opinion stands in it until somebody answers.

Restrictive or favourable, and whatever the governor says, every opinion runs on the same clocks
[domain.md 0.1 FR-2, rule 9].
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework import notifying
from casework.commission.functions import (
    CARRIED_UPWARD,
    CENTRAL,
    GOVERNOR,
    OVERSIGHT,
    REGION,
    RESTRICTIVE,
)
from casework.tables import AgendaItem, Case, Opinion
from processes import calendars, clocks
from processes.acting import Acting
from processes.deadlines import DeadlineError
from processes.ports import Directory
from processes.tables import Establishment

OWED = ("issued", "sent")
URGENT = "urgent"
OF_REGION = "region"
"""What the clock of the region's own opinion guards."""
QUESTION_AT, ALARM_AT = 2, 3
"""Given twice without being followed, the region is asked; three times, centre and oversight know
[domain.md FR-2 loop; the failures at Arles, domain.md 3.1]."""


def issue(
    session: Session,
    acting: Acting,
    directory: Directory,
    case: Case,
    instance_id: UUID,
    establishment_id: UUID,
    item: AgendaItem | None,
    entry_id: UUID | None,
    outcome: str,
) -> Opinion:
    """Enter a collective opinion: from now on somebody owes an answer."""
    upward = outcome in CARRIED_UPWARD
    opinion = Opinion(
        id=acting.new_id(),
        agency_id=case.agency_id,
        case_id=case.id,
        instance_id=instance_id,
        item_id=item.id if item else None,
        entry_id=entry_id,
        establishment_id=establishment_id,
        outcome=outcome,
        favourable=outcome not in RESTRICTIVE,
        issued_at=acting.now,
        owner_role=REGION if upward else GOVERNOR,
        answer_due_at=None
        if upward
        else _due(session, establishment_id, "param:position_limit", acting.now),
        state="issued",
        repeat=_given_before(session, case, outcome) + 1,
    )
    for earlier in _of_instance(session, instance_id):
        if earlier.state == "issued":
            earlier.state = "superseded"
    session.add(opinion)
    session.flush()
    _tell_repeated(session, acting, directory, opinion)
    return opinion


def _given_before(session: Session, case: Case, outcome: str) -> int:
    """How often the same opinion was given about the person without being followed."""
    wanted = (
        select(func.count(Opinion.id))
        .join(Case, Case.id == Opinion.case_id)
        .where(Opinion.agency_id == case.agency_id, Opinion.outcome == outcome)
        .where(Opinion.state != "superseded", Opinion.answer.is_distinct_from("place_qer"))
        .where(Opinion.answer.is_distinct_from("follow"))
    )
    if case.person_id is None:
        wanted = wanted.where(Opinion.case_id == case.id)
    else:
        wanted = wanted.where(Case.person_id == case.person_id)
    return session.scalar(wanted) or 0


def _tell_repeated(
    session: Session, acting: Acting, directory: Directory, opinion: Opinion
) -> None:
    if opinion.repeat == QUESTION_AT:
        told = {REGION: "opinion_repeated"}
    elif opinion.repeat >= ALARM_AT:
        told = {CENTRAL: "opinion_repeated_again", OVERSIGHT: "opinion_repeated_again"}
    else:
        return
    for role, code in told.items():
        tell(session, acting, directory, opinion, role, code, level=opinion.repeat - 1)


def tell(
    session: Session,
    acting: Acting,
    directory: Directory,
    opinion: Opinion,
    role: str,
    code: str,
    level: int = 0,
) -> None:
    """Notify a function of something about an opinion, at or above its place."""
    notifying.tell_role(
        session,
        acting,
        directory,
        role,
        code,
        establishment_id=opinion.establishment_id,
        case_id=opinion.case_id,
        level=min(level, 4),
    )


def current(session: Session, instance_id: UUID) -> Opinion | None:
    """The newest opinion of a commission."""
    return next(iter(_of_instance(session, instance_id)), None)


def _of_instance(session: Session, instance_id: UUID) -> list[Opinion]:
    wanted = select(Opinion).where(Opinion.instance_id == instance_id)
    return list(session.scalars(wanted.order_by(Opinion.issued_at.desc(), Opinion.id)))


def send(
    session: Session, acting: Acting, directory: Directory, opinion: Opinion, how: str
) -> bool:
    """It leaves: by hand, or by itself at five working days whatever the governor says. The region
    owes its opinion first. False when it had left before."""
    if opinion.state != "issued":
        return False
    opinion.state, opinion.sent_at, opinion.sent_how = "sent", acting.now, how
    opinion.owner_role = REGION
    opinion.answer_due_at = _due(session, opinion.establishment_id, "param:region_due", acting.now)
    session.flush()
    tell(session, acting, directory, opinion, REGION, "opinion_sent")
    if how == "by_itself":
        tell(session, acting, directory, opinion, GOVERNOR, "opinion_left_by_itself", level=1)
    return True


def pass_on(session: Session, opinion: Opinion) -> None:
    """The region has spoken, or its time is over: the ministry owes the answer, counted from the
    sending."""
    if opinion.state != "sent" or opinion.owner_role != REGION or opinion.sent_at is None:
        return
    opinion.owner_role = CENTRAL
    clocks.end_clocks(session, opinion.id, "completed", guards=OF_REGION)
    place, sent = opinion.establishment_id, opinion.sent_at
    opinion.answer_due_at = _due(session, place, "param:central_due", sent)
    session.flush()


def answer(session: Session, acting: Acting, opinion: Opinion, given: str) -> None:
    """Somebody answered; an opinion is answered once."""
    if opinion.state in OWED:
        opinion.state, opinion.answer, opinion.answered_at = "answered", given, acting.now
        clocks.end_clocks(session, opinion.id, "completed")
        session.flush()


def ordered(session: Session, acting: Acting, case_id: UUID) -> None:
    """The urgent measure that a commission asked for is ordered: its opinion is answered."""
    wanted = select(Opinion).where(
        Opinion.case_id == case_id, Opinion.outcome == URGENT, Opinion.state.in_(OWED)
    )
    for opinion in session.scalars(wanted):
        answer(session, acting, opinion, "follow")


def unanswered(session: Session, acting: Acting, directory: Directory, opinion: Opinion) -> None:
    """Nobody answered in time: silence places nobody, and a fresh opinion is due."""
    if opinion.state not in OWED:
        return
    opinion.state = "unanswered"
    clocks.end_clocks(session, opinion.id, "completed")
    session.flush()
    for role in (REGION, CENTRAL):
        tell(session, acting, directory, opinion, role, "opinion_unanswered", level=2)


def _due(session: Session, establishment_id: UUID, rule: str, base: datetime) -> datetime | None:
    place = session.get_one(Establishment, establishment_id)
    try:
        return calendars.due_at(session, place, rule, base=base, dates={})
    except DeadlineError:  # the service's pack sets no such time
        return None
