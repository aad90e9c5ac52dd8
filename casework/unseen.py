"""What one may not see: it answers as if it did not exist, and the attempt is audited."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.tables import (
    AgendaItem,
    Case,
    CommissionSession,
    Delegation,
    Document,
    Notification,
    Person,
    RecordEntry,
    Unit,
    UserAccount,
)
from processes.ports import JournalEntry
from processes.tables import (
    Agency,
    Establishment,
    HumanTask,
    ProcessInstance,
    ProcessVersion,
)


class NotVisible(Exception):
    """What one may not see: the page answers as if it did not exist, and audits the attempt."""

    def __init__(
        self, kind: str, subject_id: UUID | None = None, case_id: UUID | None = None
    ) -> None:
        super().__init__(f"{kind} {subject_id or ''} is not visible to the one who asked")
        self.kind = kind
        self.subject_id = subject_id
        self.case_id = case_id

    def journal_entry(self, session: Session, otherwise: UUID) -> JournalEntry:
        """What the entrance audits, in a transaction of its own; `otherwise` is who asked.

        What is not there is not named: it may have been discarded, and a discard leaves nothing.
        """
        case_id = self.case_id if _stands(session, self.case_id, (Case,)) else None
        known = _stands(session, self.subject_id, _REFUSABLE)
        subject = self.subject_id if known and self.subject_id else otherwise
        return JournalEntry("access.refused", case_id, self.kind, subject)


_REFUSABLE: tuple[Any, ...] = (
    AgendaItem,
    Case,
    CommissionSession,
    Delegation,
    Document,
    HumanTask,
    RecordEntry,
    Person,
    UserAccount,
    Notification,
    Establishment,
    Agency,
    ProcessInstance,
    ProcessVersion,
    Unit,
)


def _stands(session: Session, id_: UUID | None, tables: tuple[Any, ...]) -> bool:
    """Whether a row of one of the tables, of whatever agency, has this id."""
    asked = (select(table.id).where(table.id == id_) for table in tables if id_ is not None)
    everywhere = {"across_agencies": True}
    return any(session.scalar(one.execution_options(**everywhere)) is not None for one in asked)
