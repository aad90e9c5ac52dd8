"""Sharing with a partner: opened by a cell, looked at again when it leaves, stopped when the cell
is taken back; by statute alone only where the law says so, and logged."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import shown
from casework.clients import consents
from casework.effects import Doing, effect
from casework.hooks import Submitted, hook
from casework.starting import Begun, begins
from casework.tables import Case, ConsentCell, Sharing
from processes import delivery, messages
from processes.acting import Acting
from processes.engine import EngineFault
from processes.ports import Code, JournalEntry
from processes.tables import Subscription

if TYPE_CHECKING:
    from casework.platform import Platform

OPEN, SENT, ANSWERED, STOPPED = "open", "sent", "answered", "stopped"
WITHDRAWN = "consentWithdrawn"


def of_instance(session: Session, instance_id: UUID) -> Sharing | None:
    """The sharing that a process carries."""
    return session.scalars(select(Sharing).where(Sharing.instance_id == instance_id)).first()


def of_case(session: Session, case_id: UUID) -> list[Sharing]:
    """Everything that was shared or was to be, the newest first."""
    wanted = select(Sharing).where(Sharing.case_id == case_id)
    return list(session.scalars(wanted.order_by(Sharing.opened_at.desc(), Sharing.id)))


@begins("F-CLIENT-SHARE")
def opened(begun: Begun) -> None:
    """A sharing is opened by the cell that it names; the form was refused without one."""
    session, answers = begun.session, begun.answers
    today = shown.local_day(begun.acting.now, shown.zone_of(session, begun.case.establishment_id))
    asked = consents.key(answers.get("partner"), answers.get("category"), answers.get("purpose"))
    cell = next(
        c
        for c in consents.standing(session, begun.case.id, today)
        if consents.key(c.partner, c.category, c.purpose) == asked
    )
    _write(begun, cell, cell.partner, cell.category, cell.purpose, OPEN)


@begins("F-EXCEPTION")
def logged(begun: Begun) -> None:
    """Shared by statute: there is no cell, and the log says by which rule."""
    recipient = str(begun.answers.get("recipient") or "")
    row = _write(begun, None, recipient, "statute", str(begun.answers.get("rule") or ""), SENT)
    row.sent_at = begun.acting.now
    begun.session.flush()


def _write(
    begun: Begun, cell: ConsentCell | None, partner: str, category: str, purpose: str, state: str
) -> Sharing:
    row = Sharing(
        id=begun.acting.new_id(),
        agency_id=begun.case.agency_id,
        case_id=begun.case.id,
        instance_id=begun.instance.id,
        cell_id=cell.id if cell else None,
        partner=partner,
        category=category,
        purpose=purpose,
        state=state,
        opened_at=begun.acting.now,
    )
    begun.session.add(row)
    begun.session.flush()
    codes = {"partner": partner, "category": category, "purpose": purpose}
    entry = JournalEntry("sharing.open", begun.case.id, "sharing", row.id, codes)
    begun.platform.ports.journal.write(begun.session, begun.acting, entry)
    return row


def _of(doing: Doing) -> Sharing:
    row = of_instance(doing.session, doing.call.instance_id)
    if row is None:
        raise EngineFault(doing.element.id, "Nothing is shared by this process.")
    return row


@effect("sharing.send")
def send(doing: Doing) -> Mapping[str, Code]:
    """The cell is looked at once more: expired or taken back, nothing leaves."""
    row = _of(doing)
    cells = consents.standing(doing.session, doing.case.id, doing.today)
    if consents.named(row) not in {consents.named(cell) for cell in cells}:
        return {"shared": False}
    row.state, row.sent_at = SENT, doing.acting.now
    doing.note("sharing.send", partner=row.partner, category=row.category, purpose=row.purpose)
    return {"shared": True}


@effect("sharing.stop")
def stop(doing: Doing) -> Mapping[str, Code]:
    """Nothing leaves or is used any more; it says nothing about the client."""
    row = _of(doing)
    row.state, row.ended_at = STOPPED, doing.acting.now
    doing.note("sharing.stop", partner=row.partner)
    return {}


@effect("sharing.close")
def close(doing: Doing) -> Mapping[str, Code]:
    """Answered, or no longer awaited."""
    row = _of(doing)
    row.state, row.ended_at = ANSWERED, doing.acting.now
    return {}


@begins("F-WITHDRAW")
def withdrawn(begun: Begun) -> None:
    """The client takes consent back: the cells end, and each sharing by them that is under way is
    stopped in its own process."""
    partners = [str(code) for code in begun.answers.get("partners") or ()]
    cells = consents.withdraw(begun.session, begun.acting, begun.case.id, partners)
    _stop_by(begun.platform, begun.session, begun.acting, begun.case, cells)
    codes = {"partners": ",".join(sorted(partners))}
    entry = JournalEntry("consent.withdraw", begun.case.id, "case", begun.case.id, codes)
    begun.platform.ports.journal.write(begun.session, begun.acting, entry)


@hook("F-CONSENTS")
def answered(submitted: Submitted) -> Mapping[str, Code]:
    """What the client answered, row by row."""
    _answer(
        submitted.platform, submitted.session, submitted.acting, submitted.case, submitted.answers
    )
    return {}


@begins("F-CONSENTS")
def answered_again(begun: Begun) -> None:
    """The client is asked once more: a yes that ended is given anew, a partner added, a yes
    ended."""
    _answer(begun.platform, begun.session, begun.acting, begun.case, begun.answers)


def _answer(
    platform: Platform,
    session: Session,
    acting: Acting,
    case: Case,
    answers: Mapping[str, Any],
) -> None:
    """Write the cells. A no stops what is under way by a yes, as taking it back does."""
    rows = [row for row in answers.get("cells") or () if row.get("partner")]
    cells = consents.write(session, acting, case, rows)
    refused = [cell for cell in cells if cell.state == consents.REFUSED]
    _stop_by(platform, session, acting, case, refused)


def _stop_by(
    platform: Platform, session: Session, acting: Acting, case: Case, cells: list[ConsentCell]
) -> None:
    """Stop each sharing that is under way by one of these cells, or by an earlier yes to it."""
    ended = {consents.named(cell) for cell in cells}
    wanted = select(Sharing).where(
        Sharing.case_id == case.id,
        Sharing.cell_id.is_not(None),
        Sharing.state.in_((OPEN, SENT)),
    )
    for row in session.scalars(wanted.order_by(Sharing.id)).all():
        if consents.named(row) in ended:
            _stop(platform, session, acting, row)


def _stop(platform: Platform, session: Session, acting: Acting, row: Sharing) -> None:
    waiting = select(Subscription).where(
        Subscription.name == WITHDRAWN, Subscription.instance_id == row.instance_id
    )
    found = session.scalars(waiting).first()
    if found is None:
        return
    message = messages.send(
        session,
        acting,
        name=WITHDRAWN,
        case_id=row.case_id,
        place_id=session.get_one(Case, row.case_id).establishment_id,
        sender_key=str(row.id),
        payload={},
    )
    delivery.hand_over(session, platform, acting, message, found)
