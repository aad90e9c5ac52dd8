"""A file that rests: some processes begin in one that is there, and open none."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.platform import Platform
from casework.tables import Case, Person
from processes.acting import Acting
from processes.tables import ProcessVersion


def open_file(platform: Platform, session: Session, acting: Acting, person_id: UUID) -> Case:
    """A case about the person in which nothing runs, with the owner that the pack names."""
    version = session.scalars(
        select(ProcessVersion)
        .where(ProcessVersion.agency_id == acting.agency_id, ProcessVersion.active)
        .order_by(ProcessVersion.model)
        .limit(1)
    ).one()
    pack = platform.models.pack(session, version.id)
    person = session.get_one(Person, person_id)
    case = Case(
        id=acting.new_id(),
        agency_id=acting.agency_id,
        person_id=person.id,
        establishment_id=person.establishment_id,
        pack=pack.id,
        name=None,
        state="closed",
        stage="closed",
        owner_role=pack.role("common.coordinator"),
        purpose_code="placement",
        legal_basis="",
        opened_at=acting.now,
        opened_by=acting.user_id,
        closed_at=acting.now,
    )
    session.add(case)
    session.flush()
    return case
