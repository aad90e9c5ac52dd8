"""Wires the parts of one installation: settings, keys, ports, compiled models."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from casework import doing
from casework.audit import ChainJournal
from casework.clients import breaches, consents, release, sharing
from casework.clients import rules as client_rules
from casework.commission import effects as commission_effects
from casework.commission import hooks as commission_hooks
from casework.cycle import following, reviews
from casework.cycle import rules as cycle_rules
from casework.directory import RoleDirectory
from casework.effects import CaseworkEffects
from casework.evaluation import effects as evaluation_effects
from casework.keyring import Keyring, open_keyring
from casework.measures import deciding, hearing, remedies, rules, urgent
from casework.placement import effects as placement_effects
from casework.placement import rules as placement_rules
from casework.settings import Settings
from casework.supervision import contact, leaving, moves, programme, security
from casework.supervision import rules as supervision_rules
from casework.units import effects as unit_effects
from processes import clock
from processes.acting import Acting
from processes.ports import Ports
from processes.tables import Installation
from processes.versions import Models

PARTS = (
    doing,
    commission_effects,
    commission_hooks,
    deciding,
    evaluation_effects,
    hearing,
    remedies,
    rules,
    urgent,
    unit_effects,
    contact,
    leaving,
    moves,
    programme,
    security,
    supervision_rules,
    following,
    reviews,
    cycle_rules,
    *(placement_effects, placement_rules, breaches, client_rules, consents, release, sharing),
)
"""Parts that register what their forms, effects and clocks do as soon as they are known."""


@dataclass(frozen=True)
class Platform:
    """What every use case needs beside the session and the circumstances."""

    settings: Settings
    keyring: Keyring
    ports: Ports
    models: Models
    real_now: Callable[[], datetime] = clock.real_now
    new_id: Callable[[], UUID] = uuid4
    offset: Callable[[Session], int] = field(default=lambda session: clock_offset(session))

    def acting(
        self, session: Session, agency_id: UUID, user_id: UUID | None, role: str | None = None
    ) -> Acting:
        """The circumstances of a command given now."""
        return Acting(
            agency_id=agency_id,
            user_id=user_id,
            now=self.case_now(session),
            real_now=self.real_now(),
            new_id=self.new_id,
            role=role,
        )

    def case_now(self, session: Session) -> datetime:
        """The time of cases: real time, moved forward in a demo database only."""
        return clock.shifted(self.real_now(), self.offset(session))


def clock_offset(session: Session) -> int:
    """Seconds by which a demo's clock runs ahead; 0 everywhere else."""
    row = session.get(Installation, 1)
    return row.clock_offset_seconds if row is not None and row.demo else 0


def open_platform(settings: Settings) -> Platform:
    """The platform of this installation."""
    keyring = open_keyring(settings)
    effects = CaseworkEffects()
    platform = Platform(
        settings=settings,
        keyring=keyring,
        ports=Ports(ChainJournal(keyring), RoleDirectory(), effects),
        models=Models(),
    )
    effects.bind(platform)
    return platform
