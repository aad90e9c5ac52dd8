"""Agencies, establishments, their calendars, and the mark of the installation."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from processes.tables.base import AgencyOwned, Base, Identified


class Installation(Base):
    """One row: what this database is. Only one created as demo accepts a clock offset."""

    __tablename__ = "installation"
    id: Mapped[int] = mapped_column(primary_key=True)
    demo: Mapped[bool]
    clock_offset_seconds: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    demo_played_at: Mapped[datetime | None]
    swept_at: Mapped[datetime | None]


class Agency(Identified, Base):
    """An organisation that owns its cases alone: a prison service, a municipality."""

    __tablename__ = "agency"
    name: Mapped[str] = mapped_column(String(120))
    country: Mapped[str] = mapped_column(String(2))


class Establishment(AgencyOwned, Base):
    """A place: ministry, region, prison or probation office; roles reach downwards."""

    __tablename__ = "establishment"
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("establishment.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(120))
    zone: Mapped[str] = mapped_column(String(40))
    country: Mapped[str] = mapped_column(String(2))


class CalendarOverride(AgencyOwned, Base):
    """A day the service itself declares working or free, over the public calendar."""

    __tablename__ = "calendar_override"
    __table_args__ = (UniqueConstraint("agency_id", "establishment_id", "day"),)
    establishment_id: Mapped[UUID | None] = mapped_column(ForeignKey("establishment.id"))
    day: Mapped[date]
    working: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(200))
