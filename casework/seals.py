"""Seals the heads of the audit chains into checkpoints, and copies them outside the database."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import event, select, update
from sqlalchemy.orm import Session, SessionTransaction

from casework.chain_text import checkpoint_line, checkpoint_text
from casework.keyring import Keyring
from casework.tables import AuditCheckpoint, AuditHead

HEADS_PER_CHECKPOINT = 1000
TAIL_BYTES = 262144
_PENDING = "samverkan_checkpoints_to_copy"
Head = tuple[UUID, int, str]


class SealRefused(RuntimeError):
    """The file outside and the database disagree: sealing on would bury what happened."""


def seal(session: Session, keyring: Keyring, real_now: datetime) -> int:
    """Seal all heads that moved since the last checkpoint; gives how many heads were sealed.

    The lines reach the outside file when the transaction is committed. What a crash kept from
    being copied is copied by the next seal. A file that knows more than the database, or other
    than it, is a SealRefused: the database was rolled back or changed.
    """
    path = keyring.outside_file
    if path is not None:
        _catch_up(session, path)
    sealed = 0
    while heads := _moved_heads(session):
        _seal_some(session, keyring, real_now, heads)
        sealed += len(heads)
    return sealed


def has_grown(session: Session) -> bool:
    """Whether some chain has rows that no checkpoint speaks of."""
    grown = select(AuditHead.chain_id).where(AuditHead.position > AuditHead.sealed_position)
    return (
        session.execute(grown.limit(1).execution_options(across_agencies=True)).first() is not None
    )


def _moved_heads(session: Session) -> list[Head]:
    """Heads not yet sealed; one that a writer holds is left for the next time, never awaited."""
    query = (
        select(AuditHead.chain_id, AuditHead.position, AuditHead.mac)
        .where(AuditHead.position > AuditHead.sealed_position)
        .order_by(AuditHead.chain_id)
        .limit(HEADS_PER_CHECKPOINT)
        .with_for_update(skip_locked=True)
        .execution_options(across_agencies=True)
    )
    return [(row.chain_id, row.position, row.mac) for row in session.execute(query)]


def _seal_some(session: Session, keyring: Keyring, real_now: datetime, heads: list[Head]) -> None:
    last = session.scalars(
        select(AuditCheckpoint).order_by(AuditCheckpoint.position.desc()).limit(1)
    ).first()
    position = last.position + 1 if last else 1
    sealed = {chain_id.hex: [at, mac] for chain_id, at, mac in heads}
    name = keyring.audit_key_id
    text = checkpoint_text(last.mac if last else "", position, real_now, sealed, name)
    row = AuditCheckpoint(
        position=position, at=real_now, heads=sealed, key_id=name, mac=keyring.seal(text)
    )
    session.add(row)
    session.execute(
        update(AuditHead)
        .where(AuditHead.chain_id.in_([head[0] for head in heads]))
        .values(sealed_position=AuditHead.position, sealed_in=position)
        .execution_options(synchronize_session=False, across_agencies=True)
    )
    session.flush()
    if keyring.outside_file is not None:
        pending = session.info.setdefault(_PENDING, [])
        pending.append((keyring.outside_file, line_of(row)))


def line_of(row: AuditCheckpoint) -> bytes:
    """The line of a checkpoint in the file outside."""
    return checkpoint_line(row.position, row.at, row.heads, row.key_id, row.mac)


@event.listens_for(Session, "after_commit")
def _copy_committed(session: Session) -> None:
    """Copy outside what is now certain; the release of a savepoint is not."""
    if session.info.get(_PENDING) and not session.in_nested_transaction():
        for path, line in session.info.pop(_PENDING):
            append(path, line)


@event.listens_for(Session, "after_rollback")
def _forget_rolled_back(session: Session) -> None:
    session.info.pop(_PENDING, None)


@event.listens_for(Session, "after_transaction_end")
def _forget_abandoned(session: Session, transaction: SessionTransaction) -> None:
    """A session that is closed without commit or rollback copies nothing later on."""
    if transaction.parent is None:
        session.info.pop(_PENDING, None)


def append(path: Path, line: bytes) -> None:
    """Add a line and wait until the disk has it."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(handle, "ab") as file:
        file.write(line)
        file.flush()
        os.fsync(file.fileno())


def lines_outside(path: Path) -> Iterator[bytes]:
    """The lines of the file outside, first to last; none when there is no file."""
    if path.exists():
        with path.open("rb") as file:
            yield from file


def is_checkpoint(line: bytes) -> bool:
    """Whether a line of the file outside tells of a checkpoint, true or forged."""
    try:
        told = json.loads(line)
    except ValueError:
        return False
    return isinstance(told, dict) and {"position", "heads", "mac"} <= told.keys()


def _catch_up(session: Session, path: Path) -> None:
    """Copy checkpoints that were committed and did not reach the file."""
    whole, torn = _tail(path)
    known = _position(whole, path) if whole else 0
    if known and not _stands(session, known, whole):
        raise SealRefused(
            f"{path} holds checkpoint {known}, which the database does not have or has otherwise: "
            "run samverkan verify-audit; after a lawful restore, move the file aside and keep it"
        )
    query = (
        select(AuditCheckpoint)
        .where(AuditCheckpoint.position > known)
        .order_by(AuditCheckpoint.position)
        .execution_options(yield_per=20)
    )
    for row in session.scalars(query):
        line = line_of(row)
        if torn:
            _drop_torn(path, torn, line)
            torn = b""
        append(path, line)
    if torn:
        raise SealRefused(f"the last line of {path} is cut off and belongs to no checkpoint")


def _stands(session: Session, position: int, line: bytes) -> bool:
    row = session.get(AuditCheckpoint, position)
    return row is not None and line_of(row) == line


def _position(line: bytes, path: Path) -> int:
    try:
        return int(json.loads(line)["position"])
    except (ValueError, KeyError, TypeError):
        raise SealRefused(f"the last line of {path} cannot be read: verify the audit") from None


def _tail(path: Path) -> tuple[bytes, bytes]:
    """The last whole line, and what a crash left of a line after it; reads from the end."""
    if not path.exists():
        return b"", b""
    size, block = path.stat().st_size, TAIL_BYTES
    with path.open("rb") as file:
        while True:
            file.seek(max(0, size - block))
            whole, newline, torn = file.read().rpartition(b"\n")
            before = whole.rfind(b"\n")
            if before >= 0 or block >= size:
                return whole[before + 1 :] + newline, torn
            block *= 2


def _drop_torn(path: Path, torn: bytes, line: bytes) -> None:
    if not line.startswith(torn):
        raise SealRefused(f"the last line of {path} is cut off and was never a checkpoint")
    os.truncate(path, path.stat().st_size - len(torn))
