"""Erasing: a discarded case leaves nothing, an erased one leaves rows without text or person."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import ColumnElement, Select, delete, or_, select, update
from sqlalchemy.orm import Session

from casework import audit, startdrafts
from casework.database import forget
from casework.keyring import Keyring
from casework.tables import (
    AgendaItem,
    Case,
    Draft,
    EntryKey,
    Measure,
    Notification,
    RecordEntry,
    TaskMove,
)
from processes.acting import Acting
from processes.ports import JournalEntry
from processes.tables import (
    Base,
    Clock,
    HumanTask,
    Incident,
    Message,
    Outbox,
    ProcessInstance,
)


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
    forget(session)
    _drop_start_draft(platform, session, case_id)
    for table, condition in _parts(_links(session, case_id)):
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
    standing = select(RecordEntry).where(
        RecordEntry.case_id == case_id, RecordEntry.erased_at.is_(None)
    )
    entries = session.scalars(standing).all()
    erase_entries(session, acting, entries)
    erased = len(entries)
    _delete(session, Draft, Draft.task_id.in_(_tasks(case_id)))
    case = session.get_one(Case, case_id)
    _blank_words(session, case_id)
    case.person_id = None
    case.name = None
    case.legal_basis = ""
    case.state = "erased"
    session.flush()
    proof = JournalEntry("case.erased", case_id, "case", case_id, {"entries": erased})
    audit.write(session, platform.keyring, acting, proof)


def erase_entries(session: Session, acting: Acting, entries: Iterable[RecordEntry]) -> None:
    """Destroy the keys and texts of some entries; their rows stay and say when."""
    forget(session)
    for entry in entries:
        _delete(session, EntryKey, EntryKey.entry_id == entry.id)
        entry.ciphertext = None
        entry.erased_at = acting.now
    session.flush()


def _drop_start_draft(platform: Keyed, session: Session, case_id: UUID) -> None:
    """What the author of the case still has half-typed about the same person, on any form."""
    case = session.get(Case, case_id)
    if case is None or case.opened_by is None:
        return
    if case.person_id is not None:
        startdrafts.drop(platform, session, case.opened_by, case.person_id)


def _blank_words(session: Session, case_id: UUID) -> None:
    """Words in plain columns that may speak of the person: why a task was moved, what failed."""
    everything = [id_ for ids in _links(session, case_id).values() for id_ in ids]
    for change in (
        update(TaskMove).where(TaskMove.case_id == case_id).values(reason=""),
        update(Incident).where(Incident.case_id == case_id).values(words=""),
        update(Outbox).where(Outbox.subject_id.in_(everything)).values(last_error=None),
    ):
        session.execute(change.execution_options(synchronize_session="fetch"))


def _tasks(case_id: UUID) -> Select[Any]:
    return select(HumanTask.id).where(HumanTask.case_id == case_id)


def _links(session: Session, case_id: UUID) -> dict[str, list[UUID]]:
    """By the name of a column: the ids through which a row belongs to the case."""
    owners: dict[str, Any] = {
        "instance_id": ProcessInstance,
        "task_id": HumanTask,
        "clock_id": Clock,
        "entry_id": RecordEntry,
        "message_id": Message,
        "notification_id": Notification,
        "item_id": AgendaItem,
        "measure_id": Measure,
    }
    return {
        column: list(session.scalars(select(owner.id).where(owner.case_id == case_id)))
        for column, owner in owners.items()
    }


def _parts(links: dict[str, list[UUID]]) -> list[tuple[type[Any], ColumnElement[bool]]]:
    """What belongs to the case through another row, in every table: a new one is not forgotten."""
    everything = [id_ for ids in links.values() for id_ in ids]
    found: list[tuple[type[Any], ColumnElement[bool]]] = [
        (Outbox, Outbox.subject_id.in_(everything))
    ]
    for table in _leaves_first():
        columns = [
            getattr(table, name).in_(ids) for name, ids in links.items() if _has(table, name)
        ]
        if columns:
            found.append((table, or_(*columns)))
    return found


def _tables_of_cases() -> list[Any]:
    """Every table with a case id, those that refer to others first."""
    return [table for table in _leaves_first() if _has(table, "case_id")]


def _leaves_first() -> list[Any]:
    order = {table: place for place, table in enumerate(Base.metadata.sorted_tables)}
    tables = [mapper.class_ for mapper in Base.registry.mappers]
    return sorted(tables, key=lambda table: -order[table.__table__])


def _has(table: Any, column: str) -> bool:
    return column in table.__mapper__.columns


def _delete(session: Session, table: type[Any], condition: ColumnElement[bool]) -> None:
    """Also takes the rows out of the session, so that nobody writes them again."""
    session.execute(delete(table).where(condition).execution_options(synchronize_session="fetch"))
