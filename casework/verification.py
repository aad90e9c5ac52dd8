"""Verifies the audit: says which chain was touched, where, and how, in words."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.chain_text import end_text
from casework.chain_walk import COLUMNS, ChainWalk
from casework.checkpoint_walk import compare_checkpoints, compare_sealed_positions
from casework.keyring import Keyring
from casework.tables import AuditHead, AuditRow, Case, ChainEnd

STREAM = {"yield_per": 500, "across_agencies": True}
PROBLEMS_KEPT = 200


@dataclass(frozen=True)
class Problem:
    """One finding: its kind as a code, the chain (a case or an agency) and the position."""

    kind: str
    words: str
    chain_id: UUID | None = None
    position: int | None = None


@dataclass
class Verification:
    """What was read, and what was found; with no problem the audit stands."""

    problems: list[Problem] = field(default_factory=list)
    rows: int = 0
    chains: int = 0
    checkpoints: int = 0
    more_problems: int = 0

    @property
    def stands(self) -> bool:
        """Whether nothing was found."""
        return not self.problems

    def found(
        self, kind: str, words: str, chain_id: UUID | None = None, position: int | None = None
    ) -> None:
        """Keep a finding; past a bound only their number, so that memory stays flat."""
        if len(self.problems) < PROBLEMS_KEPT:
            self.problems.append(Problem(kind, words, chain_id, position))
        else:
            self.more_problems += 1


def verify(session: Session, keyring: Keyring, sealed_file: Path | None = None) -> Verification:
    """Read the whole audit, streaming, and compare it with the seals inside and outside."""
    result = Verification()
    _ends(session, keyring, result)
    compare_checkpoints(session, keyring, sealed_file or keyring.outside_file, result)
    compare_sealed_positions(session, result)
    _chains(session, keyring, result)
    _heads_alone(session, result)
    _cases_without_chain(session, result)
    return result


# -- chains ---------------------------------------------------------------------------------


def _chains(session: Session, keyring: Keyring, result: Verification) -> None:
    query = (
        select(
            *COLUMNS,
            AuditHead.position.label("head_position"),
            AuditHead.mac.label("head_mac"),
            AuditHead.seal.label("head_seal"),
            AuditHead.key_id.label("head_key_id"),
            AuditHead.agency_id.label("head_agency_id"),
        )
        .outerjoin(AuditHead, AuditHead.chain_id == AuditRow.chain_id)
        .order_by(AuditRow.chain_id, AuditRow.position)
        .execution_options(**STREAM)
    )
    walk: ChainWalk | None = None
    for row in session.execute(query):
        if walk is None or walk.chain_id != row.chain_id:
            _leave(walk, result)
            walk = ChainWalk(session, keyring, result, row.chain_id)
        walk.step(row)
        result.rows += 1
    _leave(walk, result)


def _leave(walk: ChainWalk | None, result: Verification) -> None:
    if walk is not None:
        walk.finish()
        result.chains += 1


def _heads_alone(session: Session, result: Verification) -> None:
    """Heads whose rows are all gone."""
    query = (
        select(AuditHead.chain_id, AuditHead.position)
        .outerjoin(AuditRow, AuditRow.chain_id == AuditHead.chain_id)
        .where(AuditRow.id.is_(None))
    )
    for row in session.execute(query.execution_options(**STREAM)):
        result.found(
            "cut_off",
            f"chain {row.chain_id}: all {row.position} rows are missing, its head still stands",
            row.chain_id,
            1,
        )


def _cases_without_chain(session: Session, result: Verification) -> None:
    query = (
        select(Case.id)
        .outerjoin(AuditHead, AuditHead.chain_id == Case.id)
        .outerjoin(ChainEnd, ChainEnd.chain_id == Case.id)
        .where(AuditHead.chain_id.is_(None), ChainEnd.chain_id.is_(None))
    )
    for case_id in session.scalars(query.execution_options(**STREAM)):
        result.found("removed", f"case {case_id} stands, its whole chain is missing", case_id)


def _ends(session: Session, keyring: Keyring, result: Verification) -> None:
    query = select(ChainEnd).execution_options(**STREAM)
    for end in session.scalars(query):
        computed = keyring.mac(end_text(end), end.key_id)
        if computed is None or not hmac.compare_digest(computed, end.mac):
            result.found(
                "end_changed",
                f"the signed end of chain {end.chain_id} was changed or forged",
                end.chain_id,
            )
    left = select(ChainEnd.chain_id).join(AuditHead, AuditHead.chain_id == ChainEnd.chain_id)
    for chain_id in session.scalars(left.execution_options(**STREAM)):
        result.found("end_changed", f"chain {chain_id} has a signed end and still stands", chain_id)
