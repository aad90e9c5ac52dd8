"""Deployed bundles and the parameters that stand outside them."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from processes.tables.base import AgencyOwned, Base


class ProcessVersion(AgencyOwned, Base):
    """An immutable bundle: the closure of one top-level model, by content digest."""

    __tablename__ = "process_version"
    __table_args__ = (UniqueConstraint("agency_id", "model", "digest"),)
    pack: Mapped[str] = mapped_column(String(40))
    model: Mapped[str] = mapped_column(String(80), index=True)
    title: Mapped[str] = mapped_column(String(200))
    digest: Mapped[str] = mapped_column(String(64))
    deployed_at: Mapped[datetime]
    active: Mapped[bool]


class BundleFile(AgencyOwned, Base):
    """One file's content, kept once per agency under its SHA-256."""

    __tablename__ = "bundle_file"
    __table_args__ = (UniqueConstraint("agency_id", "digest"),)
    digest: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes]


class VersionFile(AgencyOwned, Base):
    """A file's name and kind (model, part, table, form, pack) within a version."""

    __tablename__ = "version_file"
    version_id: Mapped[UUID] = mapped_column(ForeignKey("process_version.id"), index=True)
    file_id: Mapped[UUID] = mapped_column(ForeignKey("bundle_file.id"))
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(10))


class Parameter(AgencyOwned, Base):
    """A value of law or default with its source and validity; never overwritten."""

    __tablename__ = "parameter"
    __table_args__ = (UniqueConstraint("agency_id", "name", "valid_from"),)
    pack: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(80))
    value: Mapped[str] = mapped_column(String(200))
    source: Mapped[str] = mapped_column(String(400))
    mark: Mapped[str] = mapped_column(String(10))
    jurisdiction: Mapped[str] = mapped_column(String(2))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    approved_by: Mapped[str] = mapped_column(String(120))
