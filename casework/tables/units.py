"""Special units and who stays in them: places, the waiting list, from when until when."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from processes.tables import AgencyOwned, Base


class Unit(AgencyOwned, Base):
    """A unit of a prison with so many places: for evaluation, or for a programme."""

    __tablename__ = "unit"
    establishment_id: Mapped[UUID] = mapped_column(ForeignKey("establishment.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))  # qer, qpr_collective, qpr_individual
    name: Mapped[str] = mapped_column(String(120))
    capacity: Mapped[int]
    active: Mapped[bool]


class Stay(AgencyOwned, Base):
    """One case's place in a unit: asked for, kept for it, taken, left.

    While it waits, `unit_id` names the unit that keeps a place for it, once one does.
    """

    __tablename__ = "stay"
    __table_args__ = (Index("ix_stay_list", "agency_id", "kind", "state", "asked_at"),)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"), index=True)
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(10))  # waiting, here, left
    measure_id: Mapped[UUID | None] = mapped_column(ForeignKey("measure.id"))
    asked_at: Mapped[datetime]
    came_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]
    until: Mapped[date | None]
