"""What a scenario may expect of a client's consent, and of what was shared."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

from sqlalchemy.orm import Session

from casework.clients import consents, sharing
from casework.scenarios import ScenarioError

Check = Callable[[Session, UUID | None, list[str]], None]


def _consents(session: Session, case_id: UUID | None, wanted: list[str]) -> None:
    """Every cell that stands as answered last: `employment needs work: given`."""
    cells = consents.of_case(session, case_id) if case_id else []
    found = sorted(f"{c.partner} {c.category} {c.purpose}: {c.state}" for c in cells)
    if found != sorted(wanted):
        raise ScenarioError(f"consents are {found}, not {sorted(wanted)}")


def _sharings(session: Session, case_id: UUID | None, wanted: list[str]) -> None:
    """Everything that was shared or was to be: `employment needs work: stopped`."""
    rows = sharing.of_case(session, case_id) if case_id else []
    found = sorted(f"{r.partner} {r.category} {r.purpose}: {r.state}" for r in rows)
    if found != sorted(wanted):
        raise ScenarioError(f"sharings are {found}, not {sorted(wanted)}")


CHECKS: Mapping[str, Check] = {"consents": _consents, "sharings": _sharings}
