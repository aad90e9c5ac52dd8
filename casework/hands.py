"""What a clock of any kind works with: sessions, the platform, and who acts at a deadline."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session, sessionmaker

from casework.database import begin_writing
from casework.platform import Platform
from processes.acting import Acting
from processes.sweep import Hands


def hands(platform: Platform, sessions: sessionmaker[Session]) -> Hands:
    """Hands for `processes.sweep.run_due`; every transaction is opened and ended here."""

    @contextmanager
    def reading() -> Iterator[Session]:
        with sessions() as session:
            yield session
            session.rollback()

    @contextmanager
    def writing() -> Iterator[Session]:
        with sessions() as session, session.begin():
            begin_writing(session)
            yield session

    def now() -> datetime:
        with reading() as session:
            return platform.case_now(session)

    def acting_for(agency_id: UUID) -> Acting:
        with reading() as session:
            return platform.acting(session, agency_id, None)

    return Hands(reading, writing, platform, acting_for, now)
