"""What is kept of a day in individual supervision: whether there was human contact enough."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from processes.tables import AgencyOwned, Base


class ContactDay(AgencyOwned, Base):
    """One day of one case: whether it reached the floor. How long, and with whom, the record has.

    It speaks of what the prison did, not of what the person is."""

    __tablename__ = "contact_day"
    __table_args__ = (UniqueConstraint("case_id", "day"),)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"), index=True)
    day: Mapped[date]
    enough: Mapped[bool]
