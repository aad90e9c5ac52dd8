"""The record: what was answered, in immutable entries by layer, each under a key of its own."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import event, inspect, select
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapper, Session

from casework import audit
from casework.blind import round_of
from casework.canonical import canonical
from casework.drafts import NewerDraft, drop_draft, load_draft, save_draft
from casework.erasure import discard_case, erase_case
from casework.keyring import Keyring
from casework.tables import EntryKey, EntryRead, RecordEntry
from processes.acting import Acting
from processes.ports import JournalEntry
from processes.tables import HumanTask

__all__ = [
    "EntryErased",
    "EntryUnchangeable",
    "NewerDraft",
    "describe",
    "discard_case",
    "drop_draft",
    "erase_case",
    "load_draft",
    "read_entries",
    "read_entry",
    "save_draft",
    "supersede",
    "write_submission",
]


class Keyed(Protocol):
    """What is needed of the platform: its keys."""

    @property
    def keyring(self) -> Keyring:
        """The installation's keys."""


class Form(Protocol):
    """What is needed of a form definition: its id, and the hash of the file that was answered."""

    @property
    def digest(self) -> str:
        """SHA-256 of the form's file."""

    @property
    def id(self) -> str:
        """The form's id, as F-TRIAGE."""


class Answered(Protocol):
    """What is needed of a submission: the answers by layer."""

    @property
    def by_layer(self) -> Mapping[str, Mapping[str, Any]]:
        """Answers, JSON-able, under the layer they belong to."""


class EntryErased(LookupError):
    """The text of the entry was destroyed; the row says when."""


class EntryUnchangeable(RuntimeError):
    """An entry is never changed: it is superseded by another, or erased."""


def write_submission(
    platform: Keyed,
    session: Session,
    acting: Acting,
    case_id: UUID,
    instance_id: UUID | None,
    task: HumanTask | None,
    definition: Form,
    submission: Answered,
    *,
    correcting: Iterable[RecordEntry] = (),
    element_id: str | None = None,
) -> list[RecordEntry]:
    """Write one entry for each layer that was answered; a start form has no task.

    `correcting` are the entries of an earlier submission that this one replaces, layer by layer:
    a layer that is empty now gets an entry all the same, so that the old one is superseded.
    `element_id` names the step where there is no task: a submission that came from another case.
    """
    before = {entry.layer: entry.id for entry in correcting}
    layers = {layer for layer, answers in submission.by_layer.items() if answers} | set(before)
    shared = {
        "case_id": case_id,
        "submission_id": acting.new_id(),
        "instance_id": instance_id,
        "task_id": task.id if task else None,
        "element_id": task.element_id if task else element_id,
        "form": definition.id,
        "form_digest": definition.digest,
        "round": round_of(session, case_id, task.seat_id if task else None),
        "author_role": acting.role or (task.role if task else ""),
    }
    return [
        _write(
            platform,
            session,
            acting,
            {**shared, "layer": layer, "supersedes_id": before.get(layer)},
            submission.by_layer.get(layer, {}),
        )
        for layer in sorted(layers)
    ]


def supersede(
    platform: Keyed,
    session: Session,
    acting: Acting,
    entry: RecordEntry,
    answers: Mapping[str, Any],
) -> RecordEntry:
    """Write a corrected version of one entry; the old one stays, and is no longer in force."""
    if entry.ciphertext is None:
        raise EntryErased(f"{describe(entry)} was erased: there is nothing to correct")
    later = select(RecordEntry.id).where(RecordEntry.supersedes_id == entry.id)
    if session.scalar(later) is not None:
        raise EntryUnchangeable(f"{describe(entry)} was corrected already: correct the newest")
    kept = ("case_id", "instance_id", "task_id", "element_id", "form", "form_digest")
    fields = {name: getattr(entry, name) for name in (*kept, "round", "layer")}
    fields |= {
        "submission_id": acting.new_id(),
        "author_role": acting.role or entry.author_role,
        "supersedes_id": entry.id,
    }
    return _write(platform, session, acting, fields, answers)


def read_entry(
    platform: Keyed, session: Session, acting: Acting, entry: RecordEntry, ground: str = "task"
) -> dict[str, Any]:
    """The answers of an entry; the reading is audited, with its ground, in the reader's name.

    Asks nothing: whether the reader may is `access.require_entry`, which also gives the ground.
    An act of the platform itself (user_id None) reads without making anybody a reader.
    """
    return read_entries(platform, session, acting, [(entry, ground)])[0]


def read_entries(
    platform: Keyed, session: Session, acting: Acting, wanted: Sequence[tuple[RecordEntry, str]]
) -> list[dict[str, Any]]:
    """The answers of many entries, each read on its ground and audited by itself."""
    if not wanted:
        return []
    entries = [entry for entry, _ in wanted]
    of_these = select(EntryKey).where(EntryKey.entry_id.in_([entry.id for entry in entries]))
    keys = {key.entry_id: key for key in session.scalars(of_these)}
    answers = [_opened(platform.keyring, entry, keys.get(entry.id)) for entry in entries]
    acts = []
    for entry, ground in wanted:
        codes = {"layer": entry.layer, "form": entry.form, "ground": ground}
        acts.append(JournalEntry("entry.read", entry.case_id, "entry", entry.id, codes))
    audit.write_all(session, platform.keyring, acting, acts)
    _note_reader(session, acting, entries)
    return answers


def _opened(ring: Keyring, entry: RecordEntry, key: EntryKey | None) -> dict[str, Any]:
    if entry.ciphertext is None or key is None:
        raise EntryErased(f"{describe(entry)} was erased")
    place = _place(entry.id, entry.case_id, entry.layer)
    plain = ring.decrypt(ring.unwrap(key.wrapped, place), entry.ciphertext, place)
    answers: dict[str, Any] = json.loads(plain)
    return answers


def describe(entry: RecordEntry) -> str:
    """An entry for a log or an error: ids and codes, nothing of its text."""
    return f"entry {entry.id} ({entry.form}, {entry.layer}) of case {entry.case_id}"


def _write(
    platform: Keyed,
    session: Session,
    acting: Acting,
    fields: Mapping[str, Any],
    answers: Mapping[str, Any],
) -> RecordEntry:
    ring, entry_id, key = platform.keyring, acting.new_id(), platform.keyring.new_key()
    place = _place(entry_id, fields["case_id"], fields["layer"])
    sealed = ring.encrypt(key, canonical(dict(answers)), place)
    entry = RecordEntry(
        id=entry_id,
        agency_id=acting.agency_id,
        ciphertext=sealed,
        author_id=acting.user_id,
        written_at=acting.now,
        **fields,
    )
    session.add(entry)
    session.flush()  # the key's row names the entry's
    wrapped = ring.wrap(key, place)
    session.add(EntryKey(entry_id=entry_id, agency_id=acting.agency_id, wrapped=wrapped))
    codes = {
        "layer": entry.layer,
        "form": entry.form,
        "supersedes": entry.supersedes_id,
        # of the sealed text: a digest of the text itself could be guessed back
        "digest": ring.digest("entry", hashlib.sha256(sealed).hexdigest()),
    }
    _audit(platform, session, acting, "entry.written", entry, codes)
    return entry


def _place(entry_id: UUID, case_id: UUID, layer: str) -> bytes:
    """What the sealed text is bound to: moved to another row, case or layer it does not open."""
    return canonical(["entry", str(entry_id), str(case_id), layer])


def _note_reader(session: Session, acting: Acting, entries: Iterable[RecordEntry]) -> None:
    """Remember who has read what others wrote: such a reader can no longer rate in the round."""
    reader = acting.user_id
    others = {entry.id: entry for entry in entries if entry.author_id != reader}
    if reader is None or not others:
        return
    known = select(EntryRead.entry_id).where(
        EntryRead.entry_id.in_(list(others)), EntryRead.user_id == reader
    )
    before = set(session.scalars(known))
    for entry in others.values():
        if entry.id in before:
            continue
        session.add(
            EntryRead(
                id=acting.new_id(),
                agency_id=entry.agency_id,
                case_id=entry.case_id,
                round=entry.round,
                entry_id=entry.id,
                user_id=reader,
                read_at=acting.now,
            )
        )
    session.flush()


def _audit(
    platform: Keyed,
    session: Session,
    acting: Acting,
    act: str,
    entry: RecordEntry,
    codes: Mapping[str, Any],
) -> None:
    journal = JournalEntry(act, entry.case_id, "entry", entry.id, codes)
    audit.write(session, platform.keyring, acting, journal)


@event.listens_for(RecordEntry, "before_update")
def _refuse_change(
    _mapper: Mapper[RecordEntry], _connection: Connection, entry: RecordEntry
) -> None:
    """Erasing empties the text and tells when; nothing else of an entry ever changes."""
    changed = {attribute.key for attribute in inspect(entry).attrs if attribute.history.added}
    erasing = entry.ciphertext is None and changed <= {"ciphertext", "erased_at"}
    if changed and not erasing:
        raise EntryUnchangeable(f"{describe(entry)} cannot be changed: supersede it")
