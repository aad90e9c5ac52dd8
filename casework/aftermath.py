"""What an interruption leaves to tidy up in casework: drafts, corrections, a round, who is told."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from casework import notifying, rounds, seats
from casework.access_policy import DANGER_FORM
from casework.interruptedwords import ALSO, ENDED
from casework.tables import Case, Decision, Draft, UserAccount
from processes import clocks
from processes.acting import Acting
from processes.ports import Directory, Interruption
from processes.tables import HumanTask, ProcessInstance

STAGE = "interrupted"


def tidy(
    session: Session, acting: Acting, directory: Directory, interruption: Interruption
) -> None:
    """Nothing half-written is kept of what was cut off; those who worked on it are told."""
    case = session.get(Case, interruption.message.case_id)
    if case is None:
        return
    reason = interruption.message.sender_key
    if not interruption.ended and not interruption.refused:
        _tell_again(session, acting, case)
        _tell_why(session, acting, directory, case, ALSO + reason)
        return
    case.stage = STAGE
    for instance in interruption.ended:
        cancel_corrections(session, acting, instance)
    _drop_drafts(session, case.id)
    round_ = seats.current_round(session, case.id)
    if round_ is not None:
        rounds.go_on_without(session, round_)
    _tell(session, acting, directory, interruption)
    _tell_why(session, acting, directory, case, ENDED + reason)


def cancel_corrections(session: Session, acting: Acting, instance: ProcessInstance) -> None:
    """Nobody waits any more for a correction asked from an instance that has ended."""
    open_ones = select(HumanTask).where(
        HumanTask.instance_id == instance.id,
        HumanTask.state == "open",
        HumanTask.handed_back_from.is_not(None),
    )
    for task in session.scalars(open_ones):
        task.state, task.ended_at = "cancelled", acting.now
        clocks.end_clocks(session, task.id, "cancelled")


def _drop_drafts(session: Session, case_id: UUID) -> None:
    tasks = select(HumanTask.id).where(HumanTask.case_id == case_id)
    gone = delete(Draft).where(Draft.task_id.in_(tasks))
    session.execute(gone.execution_options(synchronize_session="fetch"))


def _tell(
    session: Session, acting: Acting, directory: Directory, interruption: Interruption
) -> None:
    """Whoever held a step, was called to a danger, or owed an answer hears that it is not needed
    any more."""
    held = select(HumanTask).where(
        HumanTask.instance_id.in_([instance.id for instance in interruption.ended]),
        HumanTask.state == "cancelled",
        HumanTask.ended_at == acting.now,
        or_(HumanTask.holder_id.is_not(None), HumanTask.form == DANGER_FORM),
    )
    for task in session.scalars(held):
        notifying.tell_holder(session, acting, task, "interrupted")
    for message in interruption.refused:
        if message.owner_role is not None:
            notifying.tell_role(
                session,
                acting,
                directory,
                message.owner_role,
                "referral_withdrawn",
                establishment_id=message.establishment_id,
                case_id=message.case_id,
            )


def _tell_again(session: Session, acting: Acting, case: Case) -> None:
    """A further reason: told to those who now have a step."""
    standing = select(HumanTask).where(HumanTask.case_id == case.id, HumanTask.state == "open")
    for task in session.scalars(standing):
        notifying.tell_holder(session, acting, task, "interrupted_again")


def _tell_why(
    session: Session, acting: Acting, directory: Directory, case: Case, code: str
) -> None:
    """The owner of the case, and whoever decided in it last, always hear what has happened."""
    place = case.establishment_id
    owner = case.owner_role
    notifying.tell_role(
        session, acting, directory, owner, code, establishment_id=place, case_id=case.id
    )
    decided = select(Decision).where(Decision.case_id == case.id)
    last = session.scalars(decided.order_by(Decision.decided_at.desc())).first()
    if last is None:
        return
    task = session.get(HumanTask, last.task_id)
    user = session.get_one(UserAccount, last.decided_by)
    role = task.role if task else owner
    if user.active:
        notifying.tell_person(
            session, acting, user.id, role, code, establishment_id=place, case_id=case.id
        )
    else:
        notifying.tell_role(
            session, acting, directory, role, code, establishment_id=place, case_id=case.id
        )
