"""What a court was given of a case: each part of its file, with the digest it had."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from processes.tables import AgencyOwned, Base


class CourtPart(AgencyOwned, Base):
    """One entry of the record in a file for a court: its layer, and the digest of what it held."""

    __tablename__ = "court_part"
    document_id: Mapped[UUID] = mapped_column(ForeignKey("document.id"), index=True)
    entry_id: Mapped[UUID] = mapped_column(ForeignKey("record_entry.id"))
    layer: Mapped[str] = mapped_column(String(2))
    digest: Mapped[str] = mapped_column(String(64))
