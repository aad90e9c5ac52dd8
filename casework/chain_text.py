"""The exact bytes that are sealed for a row, a head, a checkpoint and a lawful end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from casework.canonical import canonical, instant


class SignedEnd(Protocol):
    """What the signature of a lawful end covers."""

    chain_id: UUID
    agency_id: UUID
    reason: str
    month: str


def row_text(previous_mac: str, row: Mapping[str, Any]) -> bytes:
    """An audit row, linked to the one before; the first links to the empty text."""
    actor = row["actor_id"]
    return canonical(
        [
            "row",
            previous_mac,
            str(row["id"]),
            str(row["agency_id"]),
            str(row["chain_id"]),
            row["position"],
            instant(row["at"]),
            instant(row["case_at"]),
            None if actor is None else str(actor),
            row["actor_role"],
            row["act"],
            row["subject_kind"],
            str(row["subject_id"]),
            row["codes"],
            row["key_id"],
        ]
    )


def head_text(agency_id: UUID, chain_id: UUID, position: int, mac: str) -> bytes:
    """The last row of a chain: what makes a cut-off visible."""
    return canonical(["head", str(agency_id), str(chain_id), position, mac])


def end_text(end: SignedEnd) -> bytes:
    """The lawful end of a removed chain."""
    return canonical(["end", str(end.agency_id), str(end.chain_id), end.reason, end.month])


def checkpoint_text(
    previous_mac: str, position: int, at: datetime, heads: Mapping[str, Any], name: str
) -> bytes:
    """A checkpoint, linked to the one before."""
    return canonical(["checkpoint", previous_mac, position, instant(at), heads, name])


def checkpoint_line(
    position: int, at: datetime, heads: Mapping[str, Any], name: str, mac: str
) -> bytes:
    """A checkpoint as its line outside the database."""
    parts = {"position": position, "at": instant(at), "heads": heads, "key_id": name, "mac": mac}
    return canonical(parts) + b"\n"
