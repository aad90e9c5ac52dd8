"""The mark of rows that belong to an agency and have no id of their own."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column


class AgencyMarked:
    """A row known by another row's id; never seen by another agency than its own."""

    agency_id: Mapped[UUID] = mapped_column(index=True)
