"""Papers that are issued: rendered once, sealed into a file under a random name, numbered.

The file is written whole before its row: a row never points to nothing. What stays behind when a
transaction fails is an orphan, and is swept away.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Protocol
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from casework.canonical import canonical
from casework.keyring import Keyring, Unreadable
from casework.settings import Settings
from casework.tables import Counter, Document
from processes.acting import Acting
from processes.ports import JournalEntry, Ports

ORPHAN_AFTER = timedelta(hours=1)
"""Longer than any transaction: a younger file may still get its row."""
NAME_BYTES = 16


class Kept(Protocol):
    """What is needed of the platform: where files live, keys, and the journal."""

    @property
    def settings(self) -> Settings:
        """Where the data folder is."""

    @property
    def keyring(self) -> Keyring:
        """The installation's keys."""

    @property
    def ports(self) -> Ports:
        """The journal among them."""


def next_number(
    session: Session, acting: Acting, establishment_id: UUID, kind: str, year: int
) -> int:
    """The next number of a kind of paper at a place in a year; two at once get two numbers."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    row = dialect.insert(Counter).values(
        agency_id=acting.agency_id,
        establishment_id=establishment_id,
        kind=kind,
        year=year,
        last=1,
    )
    session.execute(
        row.on_conflict_do_update(
            index_elements=["establishment_id", "kind", "year"],
            set_={"last": Counter.last + 1},
        )
    )
    wanted = select(Counter.last).where(
        Counter.establishment_id == establishment_id, Counter.kind == kind, Counter.year == year
    )
    return session.scalars(wanted.execution_options(populate_existing=True)).one()


def store(
    platform: Kept,
    session: Session,
    acting: Acting,
    *,
    case_id: UUID | None,
    kind: str,
    number: str,
    content: bytes,
) -> Document:
    """Seal the paper under a key of its own, write its file, then its row."""
    ring, document_id = platform.keyring, acting.new_id()
    place, key = _place(document_id, kind), ring.new_key()
    sealed = ring.encrypt(key, content, place)
    name = ring.random_bytes(NAME_BYTES).hex()
    _write(folder(platform.settings), name, sealed)
    row = Document(
        id=document_id,
        agency_id=acting.agency_id,
        case_id=case_id,
        kind=kind,
        number=number,
        digest=hashlib.sha256(sealed).hexdigest(),
        file=name,
        wrapped=ring.wrap(key, place),
        issued_at=acting.now,
    )
    session.add(row)
    session.flush()
    entry = JournalEntry("document.issued", case_id, "document", row.id, {"digest": row.digest})
    platform.ports.journal.write(session, acting, entry)
    return row


def destroy(platform: Kept, session: Session, acting: Acting, row: Document) -> None:
    """Remove a paper with its key: the sealed file opens no more, and is swept away later."""
    entry = JournalEntry("document.destroyed", row.case_id, "document", row.id, {})
    session.delete(row)
    session.flush()
    platform.ports.journal.write(session, acting, entry)


def read(platform: Kept, session: Session, acting: Acting, row: Document, ground: str) -> bytes:
    """The paper; the reading is audited. Whether the reader may is asked before.

    Unreadable when the file is gone or was altered.
    """
    try:
        sealed = (folder(platform.settings) / row.file).read_bytes()
    except OSError as gone:
        raise Unreadable("the file of this paper is not there: restore it from the copy") from gone
    if hashlib.sha256(sealed).hexdigest() != row.digest:
        raise Unreadable("the file of this paper was altered: restore it from the copy")
    place = _place(row.id, row.kind)
    content = platform.keyring.decrypt(platform.keyring.unwrap(row.wrapped, place), sealed, place)
    entry = JournalEntry("document.read", row.case_id, "document", row.id, {"ground": ground})
    platform.ports.journal.write(session, acting, entry)
    return content


def sweep(settings: Settings, session: Session, real_now: datetime) -> int:
    """Remove files that have no row and are old enough that none will come; gives how many."""
    names = select(Document.file).execution_options(across_agencies=True)
    known = set(session.scalars(names))
    removed = 0
    for path in _files(folder(settings)):
        old = real_now.timestamp() - path.stat().st_mtime > ORPHAN_AFTER.total_seconds()
        if path.name not in known and old:
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def folder(settings: Settings) -> Path:
    """Where sealed papers live."""
    return settings.data / "papers"


def _files(where: Path) -> Iterator[Path]:
    return (path for path in where.iterdir() if path.is_file()) if where.is_dir() else iter(())


def _place(document_id: UUID, kind: str) -> bytes:
    """What the sealed file is bound to: under another row it does not open."""
    return canonical(["document", str(document_id), kind])


def _write(where: Path, name: str, sealed: bytes) -> None:
    """Whole, on the disk, and only then under its name."""
    where.mkdir(parents=True, exist_ok=True, mode=0o700)
    with NamedTemporaryFile("wb", dir=where, prefix="draft-", delete=False) as draft:
        draft.write(sealed)
        draft.flush()
        os.fsync(draft.fileno())
    Path(draft.name).rename(where / name)
    descriptor = os.open(where, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
