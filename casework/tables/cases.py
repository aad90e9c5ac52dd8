"""Cases, rounds with seats and loans, moved tasks, decisions, and the anonymous tally."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint, true
from sqlalchemy.orm import Mapped, mapped_column

from processes.tables import AgencyOwned, Base


class Case(AgencyOwned, Base):
    """One matter about one person (erasing cuts the link), or the file of a session."""

    __tablename__ = "case_file"
    kind: Mapped[str] = mapped_column(String(10), default="person", server_default="person")
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    establishment_id: Mapped[UUID] = mapped_column(ForeignKey("establishment.id"), index=True)
    pack: Mapped[str] = mapped_column(String(40))
    name: Mapped[str | None] = mapped_column(String(40))  # demo cases only: Alder, Basalt
    state: Mapped[str] = mapped_column(String(10))  # open, closed, erased
    stage: Mapped[str] = mapped_column(String(40))
    owner_role: Mapped[str] = mapped_column(String(60))
    purpose_code: Mapped[str] = mapped_column(String(40))
    legal_basis: Mapped[str] = mapped_column(String(400))
    opened_at: Mapped[datetime]
    opened_by: Mapped[UUID | None]
    closed_at: Mapped[datetime | None]
    at_end: Mapped[str | None] = mapped_column(String(10))  # discard: nothing remains


class Round(AgencyOwned, Base):
    """One round of blind ratings; what comparing its grids said, in yes and no."""

    __tablename__ = "rating_round"
    __table_args__ = (UniqueConstraint("case_id", "number"),)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"), index=True)
    instance_id: Mapped[UUID] = mapped_column(ForeignKey("process_instance.id"))
    number: Mapped[int]
    opened_at: Mapped[datetime]
    complete: Mapped[bool] = mapped_column(default=False)
    differs: Mapped[bool] = mapped_column(default=False)
    referable: Mapped[bool] = mapped_column(default=False)


class Seat(AgencyOwned, Base):
    """A function asked to contribute to a round or an item of a session, its person and alternate.

    A consultative seat has no vote; one of an evaluation that has does assess violence."""

    __tablename__ = "seat"
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"), index=True)
    instance_id: Mapped[UUID] = mapped_column(ForeignKey("process_instance.id"))
    round: Mapped[int]
    role: Mapped[str] = mapped_column(String(60))
    form: Mapped[str] = mapped_column(String(80))
    establishment_id: Mapped[UUID] = mapped_column(ForeignKey("establishment.id"))
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    alternate_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    state: Mapped[str] = mapped_column(String(10))  # asked, given, replaced, missing
    entry_id: Mapped[UUID | None]
    item_id: Mapped[UUID | None] = mapped_column(ForeignKey("agenda_item.id"), index=True)
    office: Mapped[str | None] = mapped_column(String(20))  # of an item: chair, education
    votes: Mapped[bool] = mapped_column(default=True, server_default=true())


class Loan(AgencyOwned, Base):
    """Somebody lent by the region, because a case's own place has no eligible rater."""

    __tablename__ = "loan"
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"), index=True)
    role: Mapped[str] = mapped_column(String(60))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    lent_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    lent_at: Mapped[datetime]


class TaskMove(AgencyOwned, Base):
    """A supervisor moved a task from one colleague to another; the reason is about the work."""

    __tablename__ = "task_move"
    case_id: Mapped[UUID] = mapped_column(index=True)
    task_id: Mapped[UUID] = mapped_column(index=True)
    from_user: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    to_user: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    moved_by: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    moved_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(500))


class Decision(AgencyOwned, Base):
    """Who decided what, when, in which function; the reasons are a record entry."""

    __tablename__ = "decision"
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"), index=True)
    instance_id: Mapped[UUID] = mapped_column(ForeignKey("process_instance.id"))
    task_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(String(40))
    outcome: Mapped[str] = mapped_column(String(40))
    decided_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime]
    until: Mapped[date | None]
    authority_role: Mapped[str | None] = mapped_column(String(60))
    rule: Mapped[str | None] = mapped_column(String(40))  # the row of the table of competence
    effective_on: Mapped[date | None]
    review_on: Mapped[date | None]
    expires_on: Mapped[date | None]
    delegation_id: Mapped[UUID | None] = mapped_column(ForeignKey("delegation.id"))
    attested: Mapped[str | None] = mapped_column(String(20))
    remedy_days: Mapped[int | None]


class Tally(AgencyOwned, Base):
    """How often nothing was recorded, per establishment and month; shown from 5."""

    __tablename__ = "tally"
    __table_args__ = (UniqueConstraint("agency_id", "establishment_id", "month"),)
    establishment_id: Mapped[UUID] = mapped_column(ForeignKey("establishment.id"))
    month: Mapped[date]
    count: Mapped[int]
