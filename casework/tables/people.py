"""Users, the roles they hold, and the persons the cases are about."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from casework.tables.marks import AgencyMarked
from processes.tables import AgencyOwned, Base


class UserAccount(AgencyOwned, Base):
    """A member of staff who signs in; shown to others by function and service number."""

    __tablename__ = "user_account"
    login: Mapped[str] = mapped_column(String(80), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    display_name: Mapped[str] = mapped_column(String(120))
    function: Mapped[str] = mapped_column(String(120))
    service_number: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(2))
    active: Mapped[bool]
    session_mark: Mapped[str] = mapped_column(String(40))


class RoleHolding(AgencyOwned, Base):
    """A role held at a place from a day to a day (inclusive); it reaches all places below."""

    __tablename__ = "role_holding"
    __table_args__ = (Index("ix_role_holding_role", "role", "establishment_id"),)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    role: Mapped[str] = mapped_column(String(60))
    establishment_id: Mapped[UUID] = mapped_column(ForeignKey("establishment.id"))
    held_from: Mapped[date]
    held_to: Mapped[date | None]


class Person(AgencyOwned, Base):
    """A prisoner or client of one agency; there is no global person. Layer L0."""

    __tablename__ = "person"
    __table_args__ = (UniqueConstraint("agency_id", "number"),)
    number: Mapped[str] = mapped_column(String(30))
    family_name: Mapped[str] = mapped_column(String(120))
    given_name: Mapped[str] = mapped_column(String(120))
    born_on: Mapped[date]
    establishment_id: Mapped[UUID] = mapped_column(ForeignKey("establishment.id"), index=True)
    unit: Mapped[str] = mapped_column(String(60))
    penal_status: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(2))
    release_on: Mapped[date | None]


class Transfer(AgencyOwned, Base):
    """A person was moved from one place to another; what was open in his or her cases followed."""

    __tablename__ = "transfer"
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    from_id: Mapped[UUID] = mapped_column(ForeignKey("establishment.id"))
    to_id: Mapped[UUID] = mapped_column(ForeignKey("establishment.id"))
    moved_on: Mapped[date]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))


class Notification(AgencyOwned, Base):
    """Something a role at a place should know; shown in the page, closed codes only."""

    __tablename__ = "notification"
    __table_args__ = (Index("ix_notification_role", "role", "establishment_id", "created_at"),)
    code: Mapped[str] = mapped_column(String(40))
    role: Mapped[str] = mapped_column(String(60))
    establishment_id: Mapped[UUID] = mapped_column(ForeignKey("establishment.id"))
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    case_id: Mapped[UUID | None] = mapped_column(index=True)
    task_id: Mapped[UUID | None]
    entry_id: Mapped[UUID | None]  # the observation that raised a danger
    element_id: Mapped[str | None] = mapped_column(String(80))
    level: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]


class NotificationSeen(AgencyMarked, Base):
    """Who has put a notification away."""

    __tablename__ = "notification_seen"
    notification_id: Mapped[UUID] = mapped_column(ForeignKey("notification.id"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.id"), index=True)
    seen_at: Mapped[datetime]
