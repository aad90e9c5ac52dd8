"""The cycle of assessing and monitoring: categories, shared actions, reviews, evaluations."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from processes.tables import AgencyOwned, Base


class Category(AgencyOwned, Base):
    """That a category stands in a case: since when, until when, whose; which one it is stands
    sealed in the record. It goes with the case."""

    __tablename__ = "category"
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"), index=True)
    instance_id: Mapped[UUID] = mapped_column(ForeignKey("process_instance.id"))
    entry_id: Mapped[UUID] = mapped_column(ForeignKey("record_entry.id"))
    definition: Mapped[str] = mapped_column(String(20))
    owner_role: Mapped[str] = mapped_column(String(60))
    state: Mapped[str] = mapped_column(String(10))  # in_force, suspended, ended
    effective_on: Mapped[date]
    expires_on: Mapped[date]
    contested_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None] = mapped_column(String(20))


class SharedAction(AgencyOwned, Base):
    """An action asked of a function, and its answer; the extract stands in the record."""

    __tablename__ = "shared_action"
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"), index=True)
    instance_id: Mapped[UUID] = mapped_column(ForeignKey("process_instance.id"), index=True)
    entry_id: Mapped[UUID] = mapped_column(ForeignKey("record_entry.id"))
    actor_role: Mapped[str] = mapped_column(String(60))
    action: Mapped[str] = mapped_column(String(40))
    may_restrict: Mapped[bool]
    asked_at: Mapped[datetime]
    reply: Mapped[str | None] = mapped_column(String(20))
    replied_at: Mapped[datetime | None]


class MonitoringReview(AgencyOwned, Base):
    """A review while a case is monitored; quiet where somebody looked and nothing was seen."""

    __tablename__ = "monitoring_review"
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"), index=True)
    instance_id: Mapped[UUID] = mapped_column(ForeignKey("process_instance.id"), index=True)
    reviewed_at: Mapped[datetime]
    quiet: Mapped[bool]


class Evaluation(AgencyOwned, Base):
    """What became of a decision: whether the information behind it was right."""

    __tablename__ = "evaluation"
    __table_args__ = (UniqueConstraint("decision_id"),)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"), index=True)
    decision_id: Mapped[UUID] = mapped_column(ForeignKey("decision.id"))
    instance_id: Mapped[UUID] = mapped_column(ForeignKey("process_instance.id"))
    information: Mapped[str] = mapped_column(String(10))  # confirmed, partly, wrong, unknown
    evaluated_at: Mapped[datetime]
    evaluated_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
