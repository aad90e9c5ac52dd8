"""The embedded clock: a thread that looks every second for what is due, led by a lock."""

from __future__ import annotations

import fcntl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from sqlalchemy import Engine, text

from casework import sweeping
from casework.database import session_factory
from casework.hands import hands
from casework.platform import Platform
from processes.sweep import Hands

LOOK_EVERY = 1.0
ADVISORY_LOCK = 7726837  # "samver" on a telephone; any constant would do

log = structlog.get_logger()


class Clockwork(threading.Thread):
    """Of all processes on one database, exactly one has the lead and looks."""

    def __init__(self, platform: Platform, engine: Engine) -> None:
        """Prepare; `start()` begins to look."""
        super().__init__(name="clockwork", daemon=True)
        self._platform = platform
        self._engine = engine
        self._hands: Hands = hands(platform, session_factory(engine))
        self._stopped = threading.Event()
        self._sealed_at: datetime | None = None

    def stop(self) -> None:
        """End after the present look."""
        self._stopped.set()

    def run(self) -> None:
        """Look, wait, look; a failure is logged and never ends the clock."""
        while not self._stopped.is_set():
            try:
                with lead(self._engine, self._platform.settings.data) as leading:
                    while leading and not self._stopped.wait(LOOK_EVERY):
                        self.look()
            except Exception as error:  # noqa: BLE001  the clock must survive a lost database
                log.error("clock.failed", kind=type(error).__name__)  # noqa: TRY400  a traceback holds contents
            self._stopped.wait(LOOK_EVERY)

    def look(self) -> None:
        """One look: deadlines and messages; now and then the seals and what was left unsent."""
        sweeping.look(self._platform, self._hands)
        now = self._platform.real_now()
        every = timedelta(minutes=self._platform.settings.seal_minutes)
        if self._sealed_at is None or now - self._sealed_at >= every:
            sweeping.seal(self._platform, self._hands, first=self._sealed_at is None)
            self._sealed_at = now


@contextmanager
def lead(engine: Engine, data: Path) -> Iterator[bool]:
    """Whether this process leads: an advisory lock on PostgreSQL, a file lock beside SQLite."""
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            asked = text("SELECT pg_try_advisory_lock(:lock)")
            yield bool(connection.scalar(asked, {"lock": ADVISORY_LOCK}))
        return
    data.mkdir(parents=True, exist_ok=True)
    with (data / "clock.lock").open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
