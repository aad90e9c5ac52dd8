"""What one command works with: the instance, its model and place, the ports, who acts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from sqlalchemy.orm import Session

from processes.acting import Acting
from processes.engine import Model
from processes.packs import Pack
from processes.ports import Ports
from processes.tables import Establishment, ProcessInstance
from processes.versions import Models


class Platform(Protocol):
    """What every command needs beside the session: ports and compiled models."""

    @property
    def ports(self) -> Ports:
        """Journal, directory, effects."""

    @property
    def models(self) -> Models:
        """Compiled versions."""


@dataclass(frozen=True)
class Step:
    """One command on one instance."""

    session: Session
    ports: Ports
    acting: Acting
    instance: ProcessInstance
    model: Model
    pack: Pack
    place: Establishment


def open_step(
    session: Session, platform: Platform, acting: Acting, instance: ProcessInstance
) -> Step:
    """Gather what a command on the instance needs."""
    return Step(
        session=session,
        ports=platform.ports,
        acting=acting,
        instance=instance,
        model=platform.models.model(session, instance.version_id),
        pack=platform.models.pack(session, instance.version_id),
        place=session.get_one(Establishment, instance.establishment_id),
    )
