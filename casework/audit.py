"""Writes the audit: one chain per case, one per agency for acts that concern no case."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, delete, exists, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from casework.canonical import plain_codes
from casework.chain_text import end_text, head_text, row_text
from casework.keyring import Keyring
from casework.seals import seal
from casework.tables import AuditHead, AuditRow, ChainEnd
from casework.verification import Verification, verify
from processes.acting import Acting
from processes.ports import JournalEntry

# plain statements made once: every act of every step passes here
_ROWS, _HEADS = (AuditRow.metadata.tables[name] for name in ("audit_row", "audit_head"))
_ADD_ROW = insert(_ROWS)
_LOCK_HEAD = (
    select(_HEADS.c.position, _HEADS.c.mac)
    .where(_HEADS.c.chain_id == bindparam("chain"))
    .with_for_update()
)
_LOCK_HEADS = (
    select(_HEADS.c.chain_id, _HEADS.c.position, _HEADS.c.mac)
    .where(_HEADS.c.chain_id.in_(bindparam("chains", expanding=True)))
    .order_by(_HEADS.c.chain_id)  # two pages lock the same chains in the same order
    .with_for_update()
)
_MOVE_HEAD = update(_HEADS).where(_HEADS.c.chain_id == bindparam("chain"))

__all__ = [
    "ChainJournal",
    "Verification",
    "end_chain",
    "seal",
    "verify",
    "write",
    "write_all",
]


class ChainJournal:
    """The platform's journal, written into the audit chains."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def write(self, session: Session, acting: Acting, entry: JournalEntry) -> None:
        """Append one row to the chain of the case (or of the agency), in this transaction."""
        write(session, self._keyring, acting, entry)


def write(session: Session, keyring: Keyring, acting: Acting, entry: JournalEntry) -> None:
    """Append one act to its chain; the head is locked until the transaction ends.

    After the lawful end of a chain nothing more of it is kept: what a discarded case still
    causes in its last transaction leaves no row.
    """
    chain_id = entry.case_id or acting.agency_id
    head = _locked_head(session, keyring, acting.agency_id, chain_id)
    if head is None:
        return
    position, previous = head[0] + 1, head[1]
    row = _row(acting, entry, chain_id, position, keyring.audit_key_id)
    mac = keyring.seal(row_text(previous, row))
    session.execute(_ADD_ROW, {**row, "mac": mac})
    _move_head(session, keyring, acting.agency_id, chain_id, position, mac)


def write_all(
    session: Session, keyring: Keyring, acting: Acting, entries: Sequence[JournalEntry]
) -> None:
    """Append many acts, each to its chain, with three statements however many there are."""
    if len(entries) == 1:
        write(session, keyring, acting, entries[0])
        return
    chains = [entry.case_id or acting.agency_id for entry in entries]
    heads = _locked_heads(session, keyring, acting.agency_id, chains)
    rows = []
    for chain_id, entry in zip(chains, entries, strict=True):
        head = heads.get(chain_id)
        if head is None:
            continue
        row = _row(acting, entry, chain_id, head[0] + 1, keyring.audit_key_id)
        mac = keyring.seal(row_text(head[1], row))
        heads[chain_id] = (head[0] + 1, mac)
        rows.append({**row, "mac": mac})
    if rows:
        session.execute(_ADD_ROW, rows)
        agency_id = acting.agency_id
        moved = [_moved(keyring, agency_id, chain, *heads[chain]) for chain in sorted(heads)]
        session.execute(_MOVE_HEAD, moved)


def end_chain(
    session: Session, keyring: Keyring, agency_id: UUID, chain_id: UUID, reason: str, on: datetime
) -> None:
    """Remove a chain lawfully; what remains is signed, and says the month and the reason only."""
    if session.get(ChainEnd, chain_id) is not None:
        return
    session.execute(delete(AuditRow).where(AuditRow.chain_id == chain_id))
    session.execute(delete(AuditHead).where(AuditHead.chain_id == chain_id))
    end = ChainEnd(
        chain_id=chain_id,
        agency_id=agency_id,
        reason=reason,
        month=f"{on:%Y-%m}",
        key_id=keyring.audit_key_id,
        mac="",
    )
    end.mac = keyring.seal(end_text(end))
    session.add(end)
    session.flush()


def _row(
    acting: Acting, entry: JournalEntry, chain_id: UUID, position: int, name: str
) -> dict[str, Any]:
    return {
        "id": acting.new_id(),
        "agency_id": acting.agency_id,
        "chain_id": chain_id,
        "position": position,
        "at": acting.real_now,
        "case_at": acting.now,
        "actor_id": acting.user_id,
        "actor_role": acting.role,
        "act": entry.act,
        "subject_kind": entry.subject_kind,
        "subject_id": entry.subject_id,
        "codes": plain_codes(entry.codes),
        "key_id": name,
    }


def _locked_head(
    session: Session, keyring: Keyring, agency_id: UUID, chain_id: UUID
) -> tuple[int, str] | None:
    """Position and MAC of the last row, locked; None when the chain was ended lawfully."""
    session.flush()
    found = session.execute(_LOCK_HEAD, {"chain": chain_id}).one_or_none()
    if found is None:
        if session.scalar(select(exists().where(ChainEnd.chain_id == chain_id))):
            return None
        _begin_chain(session, keyring, agency_id, chain_id)
        found = session.execute(_LOCK_HEAD, {"chain": chain_id}).one()
    return found.position, found.mac


def _locked_heads(
    session: Session, keyring: Keyring, agency_id: UUID, chains: Sequence[UUID]
) -> dict[UUID, tuple[int, str]]:
    """The same of many chains; one that has no act yet is begun, one that was ended is left out."""
    session.flush()
    found = session.execute(_LOCK_HEADS, {"chains": sorted(set(chains))})
    heads = {row.chain_id: (row.position, row.mac) for row in found}
    for chain_id in sorted(set(chains) - set(heads)):
        head = _locked_head(session, keyring, agency_id, chain_id)
        if head is not None:
            heads[chain_id] = head
    return heads


def _begin_chain(session: Session, keyring: Keyring, agency_id: UUID, chain_id: UUID) -> None:
    """An empty head; of two first acts at once, the second waits for the first's."""
    values = {
        "chain_id": chain_id,
        "agency_id": agency_id,
        "position": 0,
        "mac": "",
        "key_id": keyring.audit_key_id,
        "seal": keyring.seal(head_text(agency_id, chain_id, 0, "")),
        "sealed_position": 0,
        "sealed_in": 0,
    }
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    session.execute(dialect.insert(AuditHead).values(values).on_conflict_do_nothing())


def _move_head(
    session: Session, keyring: Keyring, agency_id: UUID, chain_id: UUID, position: int, mac: str
) -> None:
    session.execute(_MOVE_HEAD, _moved(keyring, agency_id, chain_id, position, mac))


def _moved(
    keyring: Keyring, agency_id: UUID, chain_id: UUID, position: int, mac: str
) -> dict[str, Any]:
    return {
        "chain": chain_id,
        "position": position,
        "mac": mac,
        "key_id": keyring.audit_key_id,
        "seal": keyring.seal(head_text(agency_id, chain_id, position, mac)),
    }
