"""Compares the sealed checkpoints, in the database and outside it, with the chains."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from itertools import zip_longest
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import Select, select, tuple_
from sqlalchemy.orm import Session

from casework.chain_text import checkpoint_text
from casework.keyring import Keyring
from casework.seals import line_of, lines_outside
from casework.tables import AuditCheckpoint, AuditHead, AuditRow, ChainEnd

LOOKUP = 200


class Findings(Protocol):
    """Where findings go, and how many checkpoints were read."""

    checkpoints: int

    def found(
        self, kind: str, words: str, chain_id: UUID | None = None, position: int | None = None
    ) -> None:
        """Keep a finding."""


def compare_checkpoints(
    session: Session, keyring: Keyring, path: Path | None, findings: Findings
) -> None:
    """Both copies side by side; the heads of each checkpoint are looked up in the chains."""
    query = select(AuditCheckpoint).order_by(AuditCheckpoint.position)
    rows = session.scalars(query.execution_options(yield_per=20))
    previous = ""
    outside = lines_outside(path) if path is not None else ()
    pairs = zip_longest(rows, outside)
    for expected, (row, line) in enumerate(pairs, 1):
        if row is None:
            _only_outside(session, line, expected, findings)
            continue
        findings.checkpoints += 1
        _one_checkpoint(session, keyring, row, previous, expected, findings)
        previous = row.mac
        if path is not None and line != line_of(row):
            _differs_outside(session, line, expected, findings)


def _one_checkpoint(
    session: Session,
    keyring: Keyring,
    row: AuditCheckpoint,
    previous: str,
    expected: int,
    findings: Findings,
) -> None:
    text = checkpoint_text(previous, row.position, row.at, row.heads, row.key_id)
    if row.position != expected:
        findings.found(
            "checkpoint_missing",
            f"checkpoint {expected} is missing from the database",
            position=expected,
        )
    elif not _same(keyring.mac(text, row.key_id), row.mac):
        findings.found(
            "checkpoint_changed",
            f"checkpoint {row.position} was changed or sealed with another key",
            position=row.position,
        )
        return
    _compare_heads(session, row.heads, row.position, findings)


def _differs_outside(
    session: Session, line: bytes | None, position: int, findings: Findings
) -> None:
    if line is None:
        words = f"checkpoint {position} is missing from the file outside the database"
        findings.found("outside_missing", words, position=position)
        return
    words = f"checkpoint {position} differs between the database and the file outside"
    findings.found("outside_differs", words, position=position)
    _heads_of_line(session, line, position, findings)


def _only_outside(session: Session, line: bytes, position: int, findings: Findings) -> None:
    findings.found(
        "rolled_back",
        f"the file outside holds checkpoint {position}, the database does not: "
        "the database was rolled back, or its last checkpoints were removed",
        position=position,
    )
    _heads_of_line(session, line, position, findings)


def _heads_of_line(session: Session, line: bytes, position: int, findings: Findings) -> None:
    """Trust what the file says of the chains; a forged line can only raise an alarm."""
    try:
        heads = json.loads(line)["heads"]
        known = {UUID(chain).hex: [int(at), str(mac)] for chain, (at, mac) in heads.items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        words = f"line {position} of the file outside cannot be read"
        findings.found("outside_unreadable", words, position=position)
        return
    _compare_heads(session, known, position, findings)


def _compare_heads(
    session: Session, heads: Mapping[str, Any], checkpoint: int, findings: Findings
) -> None:
    """Each sealed head must still be a row of its chain, or the chain lawfully ended."""
    items = [(UUID(chain), at, mac) for chain, (at, mac) in heads.items()]
    for start in range(0, len(items), LOOKUP):
        _compare_some(session, items[start : start + LOOKUP], checkpoint, findings)


def _compare_some(
    session: Session, items: list[tuple[UUID, int, str]], checkpoint: int, findings: Findings
) -> None:
    places = [(chain_id, position) for chain_id, position, _ in items]
    rows = session.execute(
        select(AuditRow.chain_id, AuditRow.position, AuditRow.mac)
        .where(tuple_(AuditRow.chain_id, AuditRow.position).in_(places))
        .execution_options(across_agencies=True)
    )
    standing = {(row.chain_id, row.position): row.mac for row in rows}
    gone = [chain_id for chain_id, position in places if (chain_id, position) not in standing]
    ended = _among(session, select(ChainEnd.chain_id).where(ChainEnd.chain_id.in_(gone)))
    begun = _among(session, select(AuditRow.chain_id).where(AuditRow.chain_id.in_(gone)))
    for chain_id, position, mac in items:
        stands = standing.get((chain_id, position))
        if stands is not None and stands != mac:
            words = (
                f"chain {chain_id}: row {position} is not the one sealed in checkpoint "
                f"{checkpoint}: the chain was written anew"
            )
            findings.found("recomputed", words, chain_id, position)
        elif stands is None and chain_id not in ended:
            _say_gone(chain_id, position, checkpoint, chain_id in begun, findings)


def _say_gone(
    chain_id: UUID, position: int, checkpoint: int, some_left: bool, findings: Findings
) -> None:
    if some_left:
        words = f"chain {chain_id}: row {position}, sealed in checkpoint {checkpoint}, is missing"
        findings.found("cut_off", words, chain_id, position)
    else:
        words = (
            f"chain {chain_id}, sealed in checkpoint {checkpoint}, is missing as a whole, "
            "without a signed end"
        )
        findings.found("removed", words, chain_id)


def _among(session: Session, query: Select[Any]) -> set[UUID]:
    return set(session.scalars(query.execution_options(across_agencies=True)))


def compare_sealed_positions(session: Session, findings: Findings) -> None:
    """A head that claims to be sealed further than it is would never be sealed again."""
    query = (
        select(AuditHead.chain_id, AuditHead.sealed_position, AuditHead.sealed_in)
        .where((AuditHead.sealed_position > 0) | (AuditHead.sealed_in > 0))
        .order_by(AuditHead.sealed_in)
    )
    sealed_in, heads = 0, dict[str, Any]()
    options = {"yield_per": 500, "across_agencies": True}
    for row in session.execute(query.execution_options(**options)):
        if row.sealed_in != sealed_in:
            sealed_in, heads = row.sealed_in, _heads_in(session, row.sealed_in)
        entry = heads.get(row.chain_id.hex)
        if entry is None or entry[0] != row.sealed_position:
            words = (
                f"chain {row.chain_id} is said to be sealed up to row {row.sealed_position} in "
                f"checkpoint {row.sealed_in}, which does not say so"
            )
            findings.found("sealed_differs", words, row.chain_id, row.sealed_position)


def _heads_in(session: Session, checkpoint: int) -> dict[str, Any]:
    query = select(AuditCheckpoint.heads).where(AuditCheckpoint.position == checkpoint)
    return session.scalar(query) or {}


def _same(computed: str | None, stands: str) -> bool:
    return computed is not None and hmac.compare_digest(computed, stands)
