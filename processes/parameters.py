"""Parameters in force: values of law or default, each with its source and validity."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from functools import cached_property
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from processes.deadlines import DeadlineError
from processes.tables import Parameter


def in_force(
    session: Session, agency_id: UUID, names: Collection[str], on: date
) -> dict[str, Parameter]:
    """The rows valid on the day, by name; DeadlineError when one is missing."""
    rows = session.scalars(
        select(Parameter)
        .where(Parameter.agency_id == agency_id, Parameter.name.in_(names))
        .where(Parameter.valid_from <= on)
        .where(or_(Parameter.valid_to.is_(None), Parameter.valid_to >= on))
        .order_by(Parameter.valid_from)
    )
    found = {row.name: row for row in rows}
    for name in names:
        if name not in found:
            raise DeadlineError(
                f"No parameter “{name}” is in force on {on}. Add it to pack.toml with its source."
            )
    return found


class Values(Mapping[str, str]):
    """All values in force on the day, as FEEL sees them under `param`; read when first asked for,
    since most steps ask for none."""

    def __init__(self, session: Session, agency_id: UUID, on: date) -> None:
        """For one command."""
        self._session = session
        self._agency_id = agency_id
        self._on = on

    def __getitem__(self, name: str) -> str:
        """The value of a parameter; KeyError when none is in force."""
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        """The names."""
        return iter(self._read)

    def __len__(self) -> int:
        """How many are in force."""
        return len(self._read)

    @cached_property
    def _read(self) -> dict[str, str]:
        rows = self._session.execute(
            select(Parameter.name, Parameter.value)
            .where(Parameter.agency_id == self._agency_id, Parameter.valid_from <= self._on)
            .where(or_(Parameter.valid_to.is_(None), Parameter.valid_to >= self._on))
            .order_by(Parameter.valid_from)
        )
        return {row.name: row.value for row in rows}
