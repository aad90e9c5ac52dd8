"""What a scenario may expect of measures, of the decisions on them, and of remedies."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.scenarios import ScenarioError
from casework.tables import Decision, Measure, Remedy

Check = Callable[[Session, UUID | None, list[str]], None]


def _measures(session: Session, case_id: UUID | None, wanted: list[str]) -> None:
    """Every measure of the case: `named_officer: in_force`, or the reason why it has ended."""
    rows = session.scalars(select(Measure).where(Measure.case_id == case_id))
    found = sorted(f"{row.code}: {row.end_reason or row.state}" for row in rows)
    if found != sorted(wanted):
        raise ScenarioError(f"measures are {found}, not {sorted(wanted)}")


def _decisions(session: Session, case_id: UUID | None, wanted: list[str]) -> None:
    """Decisions among those of the case: `reinforced_supervision: decided`, and by delegation."""
    rows = session.scalars(select(Decision).where(Decision.case_id == case_id))
    found = sorted(f"{row.kind}: {row.outcome}{_delegated(row)}" for row in rows)
    missing = sorted(set(wanted) - set(found))
    if missing:
        raise ScenarioError(f"decisions are {found}; {missing} is missing")


def _delegated(row: Decision) -> str:
    return " by delegation" if row.delegation_id is not None else ""


def _remedies(session: Session, case_id: UUID | None, wanted: list[str]) -> None:
    """Every remedy of the case: `court: open`, `court: annulled, carried out`."""
    rows = session.scalars(select(Remedy).where(Remedy.case_id == case_id))
    found = sorted(
        f"{row.kind}: {row.ruling or row.state}{', carried out' if row.executed_at else ''}"
        for row in rows
    )
    if found != sorted(wanted):
        raise ScenarioError(f"remedies are {found}, not {sorted(wanted)}")


CHECKS: Mapping[str, Check] = {
    "measures": _measures,
    "decisions": _decisions,
    "remedies": _remedies,
}
