"""Walks one audit chain row by row and names what does not fit."""

from __future__ import annotations

import hmac
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from casework.chain_text import head_text, row_text
from casework.keyring import Keyring
from casework.tables import AuditRow

COLUMNS = (
    AuditRow.id,
    AuditRow.agency_id,
    AuditRow.chain_id,
    AuditRow.position,
    AuditRow.at,
    AuditRow.case_at,
    AuditRow.actor_id,
    AuditRow.actor_role,
    AuditRow.act,
    AuditRow.subject_kind,
    AuditRow.subject_id,
    AuditRow.codes,
    AuditRow.key_id,
    AuditRow.mac,
)
BROKEN_ROWS_TOLD = 5


class Findings(Protocol):
    """Where findings go."""

    def found(
        self, kind: str, words: str, chain_id: UUID | None = None, position: int | None = None
    ) -> None:
        """Keep a finding."""


class ChainWalk:
    """One chain, from its first row to its head; holds one row at a time."""

    def __init__(
        self, session: Session, keyring: Keyring, findings: Findings, chain_id: UUID
    ) -> None:
        self.chain_id = chain_id
        self._session = session
        self._keyring = keyring
        self._findings = findings
        self._last: Row[Any] | None = None
        self._broken = 0

    def step(self, row: Row[Any]) -> None:
        """Check the next row against the one before."""
        expected = self._last.position + 1 if self._last is not None else 1
        if row.position != expected:
            self._say_missing(expected, row.position - 1)
        elif not self._links(row, self._last.mac if self._last is not None else ""):
            self._broken += 1
            if self._broken <= BROKEN_ROWS_TOLD:
                self._say_broken(row)
        self._last = row

    def finish(self) -> None:
        """Check the head, and say how many more rows were broken."""
        if self._broken > BROKEN_ROWS_TOLD:
            words = f"chain {self.chain_id}: {self._broken} rows in all do not fit"
            self._findings.found("changed", words, self.chain_id)
        last = self._last
        if last is None:  # pragma: no cover - a walk begins with a row
            return
        if last.head_position is None:
            words = f"chain {self.chain_id} has rows and no head: the head was removed"
            self._findings.found("head_missing", words, self.chain_id, last.position)
        elif last.head_position > last.position:
            self._say_cut_off(last.position + 1, last.head_position)
        elif last.head_position != last.position or last.head_mac != last.mac:
            words = f"chain {self.chain_id}: row {last.position} is not the one its head names"
            self._findings.found("head_differs", words, self.chain_id, last.position)
        if last.head_position is not None and not self._head_is_sealed(last):
            words = f"chain {self.chain_id}: the seal of its head is broken"
            self._findings.found("head_changed", words, self.chain_id, last.head_position)

    def _links(self, row: Row[Any], previous: str, position: int | None = None) -> bool:
        fields = dict(row._mapping)
        if position is not None:
            fields["position"] = position
        computed = self._keyring.mac(row_text(previous, fields), row.key_id)
        return computed is not None and hmac.compare_digest(computed, row.mac)

    def _head_is_sealed(self, row: Row[Any]) -> bool:
        text = head_text(row.head_agency_id, self.chain_id, row.head_position, row.head_mac)
        computed = self._keyring.mac(text, row.head_key_id)
        return computed is not None and hmac.compare_digest(computed, row.head_seal)

    def _say_missing(self, first: int, last: int) -> None:
        which = f"row {first} is" if first == last else f"rows {first} to {last} are"
        words = f"chain {self.chain_id}: {which} missing"
        self._findings.found("missing", words, self.chain_id, first)

    def _say_cut_off(self, first: int, last: int) -> None:
        which = f"row {first} is" if first == last else f"rows {first} to {last} are"
        words = f"chain {self.chain_id}: {which} cut off at the end"
        self._findings.found("cut_off", words, self.chain_id, first)

    def _say_broken(self, row: Row[Any]) -> None:
        place = self._place_of(row)
        if row.key_id not in self._keyring.audit:
            kind, how = "other_key", "was written with a key that is not this installation's"
        elif place is not None:
            kind, how = "reordered", f"was moved: the row that belongs here stands at {place}"
        else:
            kind, how = "changed", "was changed"
        words = f"chain {self.chain_id}: row {row.position} {how}"
        self._findings.found(kind, words, self.chain_id, row.position)

    def _place_of(self, row: Row[Any]) -> int | None:
        """Where in the chain the row stands that belongs at this position, if anywhere."""
        previous = self._last.mac if self._last is not None else ""
        query = select(*COLUMNS).where(AuditRow.chain_id == self.chain_id)
        options = {"yield_per": 500, "across_agencies": True}
        for other in self._session.execute(query.execution_options(**options)):
            if other.position != row.position and self._links(other, previous, row.position):
                return int(other.position)
        return None
