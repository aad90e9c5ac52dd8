"""Keeps rows that are asked for by id at hand until the transaction ends, so each is read once.

SQLAlchemy forgets a row as soon as nobody holds it: a page that shows one establishment in five
places would read it five times. What must be fresh is read with `populate_existing`, as before.
"""

from __future__ import annotations

from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

from casework.tables import Case, Person, Seat, UserAccount
from processes.tables import Establishment, HumanTask, Installation, ProcessInstance

KEPT = "samverkan_kept_rows"
_ASKED_BY_ID = (
    Case,
    Establishment,
    HumanTask,
    Installation,
    Person,
    ProcessInstance,
    Seat,
    UserAccount,
)


@event.listens_for(Session, "loaded_as_persistent")
@event.listens_for(Session, "pending_to_persistent")
def _keep(session: Session, row: object) -> None:
    if isinstance(row, _ASKED_BY_ID):
        session.info.setdefault(KEPT, []).append(row)


@event.listens_for(Session, "after_transaction_end")
def _let_go(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.info.pop(KEPT, None)
