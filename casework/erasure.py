"""Erasing: a discarded case leaves nothing, an erased one leaves rows without text or person."""

from __future__ import annotations

from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import ColumnElement, Select, delete, or_, select
from sqlalchemy.orm import Session

from casework import audit
from casework.keyring import Keyring
from casework.tables import (
    Case,
    Draft,
    EntryKey,
    Notification,
    NotificationSeen,
    RecordEntry,
)
from processes.acting import Acting
from processes.ports import JournalEntry
from processes.tables import Base, Clock, HumanTask, Message, Outbox, ProcessInstance, Timer


class Keyed(Protocol):
    """What is needed of the platform: its keys."""

    @property
    def keyring(self) -> Keyring:
        """The installation's keys."""


def discard_case(platform: Keyed, session: Session, acting: Acting, case_id: UUID) -> None:
    """Remove a case so that nothing of it remains but the signed end of its audit chain.

    For an observation that was not kept [domain 0.1; FR-1-I1]. Call it after the last row of the
    case is written: rows written later would stand again.
    """
    session.flush()
    for table, condition in _parts(case_id):
        _delete(session, table, condition)
    for table in _tables_of_cases():
        _delete(session, table, table.case_id == case_id)
    _delete(session, Case, Case.id == case_id)
    audit.end_chain(
        session, platform.keyring, acting.agency_id, case_id, "discarded", acting.real_now
    )


def erase_case(platform: Keyed, session: Session, acting: Acting, case_id: UUID) -> None:
    """Destroy keys, texts and drafts and cut the link to the person; rows and proof stay."""
    session.flush()
    entries = select(RecordEntry).where(
        RecordEntry.case_id == case_id, RecordEntry.erased_at.is_(None)
    )
    erased = 0
    for entry in session.scalars(entries).all():
        _delete(session, EntryKey, EntryKey.entry_id == entry.id)
        entry.ciphertext = None
        entry.erased_at = acting.now
        erased += 1
    _delete(session, Draft, Draft.task_id.in_(_tasks(case_id)))
    case = session.get_one(Case, case_id)
    case.person_id = None
    case.name = None
    case.state = "erased"
    session.flush()
    proof = JournalEntry("case.erased", case_id, "case", case_id, {"entries": erased})
    audit.write(session, platform.keyring, acting, proof)


def _tasks(case_id: UUID) -> Select[Any]:
    return select(HumanTask.id).where(HumanTask.case_id == case_id)


def _parts(case_id: UUID) -> list[tuple[type[Any], ColumnElement[bool]]]:
    """Rows that belong to the case through another row, children first."""
    tasks = _tasks(case_id)
    instances = select(ProcessInstance.id).where(ProcessInstance.case_id == case_id)
    clocks = select(Clock.id).where(Clock.case_id == case_id)
    entries = select(RecordEntry.id).where(RecordEntry.case_id == case_id)
    messages = select(Message.id).where(Message.case_id == case_id)
    told = select(Notification.id).where(Notification.case_id == case_id)
    return [
        (Outbox, or_(*(Outbox.subject_id.in_(ids) for ids in (messages, told, tasks)))),
        (NotificationSeen, NotificationSeen.notification_id.in_(told)),
        (Timer, or_(Timer.clock_id.in_(clocks), Timer.instance_id.in_(instances))),
        (Draft, Draft.task_id.in_(tasks)),
        (EntryKey, EntryKey.entry_id.in_(entries)),
    ]


def _tables_of_cases() -> list[Any]:
    """Every table with a case id, those that refer to others first; a new one is not forgotten."""
    order = {table: place for place, table in enumerate(Base.metadata.sorted_tables)}
    found = [mapper.class_ for mapper in Base.registry.mappers if "case_id" in mapper.columns]
    return sorted(found, key=lambda table: -order[table.__table__])


def _delete(session: Session, table: type[Any], condition: ColumnElement[bool]) -> None:
    """Also takes the rows out of the session, so that nobody writes them again."""
    session.execute(delete(table).where(condition).execution_options(synchronize_session="fetch"))
