"""Finds the deployed versions of one agency; another's do not exist for the reader."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.access import NotVisible
from processes.tables import ProcessVersion


def deployed(session: Session, agency_id: UUID) -> list[ProcessVersion]:
    """The versions in which new cases start, by title."""
    mine = ProcessVersion.agency_id == agency_id
    rows = session.scalars(select(ProcessVersion).where(mine, ProcessVersion.active))
    return sorted(rows, key=lambda version: version.title.casefold())


def version(session: Session, agency_id: UUID, version_id: UUID) -> ProcessVersion:
    """One version, also an earlier one in which cases still run."""
    found = session.get(ProcessVersion, version_id)
    if found is None or found.agency_id != agency_id:
        raise NotVisible("version", version_id)
    return found
