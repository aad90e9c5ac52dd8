"""The anonymous tally of ordinary practice: how often nothing was recorded, never by whom."""

from __future__ import annotations

from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from casework.tables import Tally
from processes.acting import Acting
from processes.tables import Establishment

SHOWN_FROM = 5


def add(session: Session, acting: Acting, establishment_id: UUID) -> None:
    """One more in the establishment's month; it is not audited, so that nobody is named."""
    place = session.get_one(Establishment, establishment_id)
    today = acting.now.astimezone(ZoneInfo(place.zone)).date()
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    row = dialect.insert(Tally).values(
        id=acting.new_id(),
        agency_id=place.agency_id,
        establishment_id=establishment_id,
        month=today.replace(day=1),
        count=1,
    )
    session.execute(
        row.on_conflict_do_update(
            index_elements=["agency_id", "establishment_id", "month"],
            set_={"count": Tally.count + 1},
        )
    )


def shown(session: Session, establishment_id: UUID, month: date) -> int | None:
    """The tally of a month, or None below 5: fewer could point at somebody."""
    count = session.scalar(
        select(Tally.count).where(
            Tally.establishment_id == establishment_id, Tally.month == month.replace(day=1)
        )
    )
    return count if count is not None and count >= SHOWN_FROM else None
