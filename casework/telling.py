"""One viewer looking at one case: what may be read, and how its processes are named."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import shown
from casework.access import CaseSight, Viewer
from casework.tables import Case
from casework.words import Speaking, Wording
from processes.acting import Acting
from processes.tables import ProcessInstance

if TYPE_CHECKING:
    from casework.platform import Platform


@dataclass(frozen=True)
class Telling:
    """Everything needed to tell a case to somebody."""

    platform: Platform
    session: Session
    acting: Acting
    viewer: Viewer
    case: Case
    speaking: Speaking
    sight: CaseSight
    instances: tuple[ProcessInstance, ...]
    zone: str
    _names: dict[UUID, Wording] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        platform: Platform,
        session: Session,
        acting: Acting,
        viewer: Viewer,
        case: Case,
        speaking: Speaking,
    ) -> Telling:
        """Look at a case that the viewer may see."""
        wanted = (
            select(ProcessInstance)
            .where(ProcessInstance.case_id == case.id)
            .order_by(ProcessInstance.started_at, ProcessInstance.id)
        )
        return cls(
            platform=platform,
            session=session,
            acting=acting,
            viewer=viewer,
            case=case,
            speaking=speaking,
            sight=CaseSight(session, viewer, case),
            instances=tuple(session.scalars(wanted)),
            zone=shown.zone_of(session, case.establishment_id),
        )

    def names(self, instance_id: UUID | None) -> Wording | None:
        """The words of an instance's version."""
        found = [i for i in self.instances if i.id == instance_id]
        return self.of_version(found[0].version_id) if found else self.main

    def of_version(self, version_id: UUID) -> Wording:
        """The words of a version, made once."""
        if version_id not in self._names:
            self._names[version_id] = shown.wording(
                self.platform, self.session, version_id, self.speaking
            )
        return self._names[version_id]

    @property
    def main(self) -> Wording | None:
        """The words of the process that the case began with."""
        first = [i for i in self.instances if i.guarded_task_id is None]
        return self.of_version(first[0].version_id) if first else None

    def role(self, role: str) -> str:
        """A function's name."""
        return self.main.role(role) if self.main else role
