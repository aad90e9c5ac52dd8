"""Parameters in force: values of law or default, each with its source and validity."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from processes.deadlines import DeadlineError
from processes.tables import Parameter


def in_force(session: Session, agency_id: UUID, name: str, on: date) -> Parameter:
    """The row valid on the day; DeadlineError when there is none."""
    found = session.scalars(
        select(Parameter)
        .where(Parameter.agency_id == agency_id, Parameter.name == name)
        .where(Parameter.valid_from <= on)
        .where(or_(Parameter.valid_to.is_(None), Parameter.valid_to >= on))
        .order_by(Parameter.valid_from.desc())
    ).first()
    if found is None:
        raise DeadlineError(
            f"No parameter “{name}” is in force on {on}. Add it to pack.toml with its source."
        )
    return found


def values(session: Session, agency_id: UUID, on: date) -> Mapping[str, str]:
    """All values in force on the day, as FEEL sees them under `param`."""
    rows = session.execute(
        select(Parameter.name, Parameter.value)
        .where(Parameter.agency_id == agency_id, Parameter.valid_from <= on)
        .where(or_(Parameter.valid_to.is_(None), Parameter.valid_to >= on))
        .order_by(Parameter.valid_from)
    )
    return {row.name: row.value for row in rows}
