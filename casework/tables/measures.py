"""Measures and what guards them: delegations, remedies, withheld elements, pauses of a clock."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from processes.tables import AgencyOwned, Base


class Measure(AgencyOwned, Base):
    """One restriction, from a day to a day; ended by its clock though no instance is alive."""

    __tablename__ = "measure"
    __table_args__ = (Index("ix_measure_ending", "agency_id", "state", "expires_on"),)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"), index=True)
    instance_id: Mapped[UUID | None] = mapped_column(ForeignKey("process_instance.id"))
    decision_id: Mapped[UUID] = mapped_column(ForeignKey("decision.id"), index=True)
    kind: Mapped[str] = mapped_column(String(40))  # reinforced_supervision, qer, urgent
    code: Mapped[str] = mapped_column(String(60))  # the single measure
    state: Mapped[str] = mapped_column(String(10))  # decided, in_force, ended
    effective_on: Mapped[date]
    review_on: Mapped[date | None]
    expires_on: Mapped[date | None]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None] = mapped_column(String(20))


class Delegation(AgencyOwned, Base):
    """Who may sign which acts for a function, at a place and below, from a day to a day."""

    __tablename__ = "delegation"
    __table_args__ = (Index("ix_delegation_role", "agency_id", "from_role"),)
    from_role: Mapped[str] = mapped_column(String(60))
    to_user: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    act: Mapped[str] = mapped_column(String(40))  # a kind of measure
    establishment_id: Mapped[UUID] = mapped_column(ForeignKey("establishment.id"))
    valid_from: Mapped[date]
    valid_to: Mapped[date]
    given_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    given_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))


class Remedy(AgencyOwned, Base):
    """A decision contested: what was lodged, what was ruled, whether the ruling is carried out."""

    __tablename__ = "remedy"
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"), index=True)
    instance_id: Mapped[UUID] = mapped_column(ForeignKey("process_instance.id"), unique=True)
    decision_id: Mapped[UUID | None] = mapped_column(ForeignKey("decision.id"))
    kind: Mapped[str] = mapped_column(String(40))
    lodged_on: Mapped[date]
    suspensive: Mapped[bool]
    state: Mapped[str] = mapped_column(String(12))  # open, ruled, closed, interrupted
    ruling: Mapped[str | None] = mapped_column(String(20))
    ruled_on: Mapped[date | None]
    executed_at: Mapped[datetime | None]


class WithheldElement(AgencyOwned, Base):
    """Something the person is not shown: the ground, who approved it, the gist that is given."""

    __tablename__ = "withheld_element"
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"), index=True)
    instance_id: Mapped[UUID] = mapped_column(ForeignKey("process_instance.id"))
    ground: Mapped[str] = mapped_column(String(40))
    approved_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    approved_at: Mapped[datetime]
    next_check_on: Mapped[date | None]
    gist_entry_id: Mapped[UUID | None] = mapped_column(ForeignKey("record_entry.id"))


class ClockPause(AgencyOwned, Base):
    """A legal stop of a clock: an act, with a ground and a maximum."""

    __tablename__ = "clock_pause"
    clock_id: Mapped[UUID] = mapped_column(ForeignKey("clock.id"), index=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"), index=True)
    instance_id: Mapped[UUID] = mapped_column(ForeignKey("process_instance.id"), index=True)
    ground: Mapped[str] = mapped_column(String(40))
    from_at: Mapped[datetime]
    until_at: Mapped[datetime | None]
    max_until: Mapped[datetime]
    paused_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
