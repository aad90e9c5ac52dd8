"""A service as it is run for many prisons: a demo world on PostgreSQL, Redis, workers, beat."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from alembic import command
from sqlalchemy import select

from casework import schema
from casework.database import open_engine, session_factory
from casework.demo.world import World, find_world
from casework.hands import hands
from casework.keyring import check_keys
from casework.platform import open_platform
from casework.player import Player
from casework.scenarios import read_scenario
from casework.settings import Settings
from casework.setup import load_packs, prepare_installation
from processes.packs import MODELS
from processes.tables import Installation
from tests.servers import _redis_binary, _wait_for_port, free_port

OVERDUE = MODELS / "france" / "scenarios" / "overdue.toml"
PATIENCE = 120.0
"""A bound, not a time that any test takes: two busy cores are slow to start processes."""


def until(condition: Callable[[], Any], words: str) -> Any:
    """What the condition gives as soon as it gives something; AssertionError after a bound."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"after {PATIENCE:.0f} seconds still not so: {words}")


class Redis:
    """A Redis of our own that can be lost and come back, empty, at the same address."""

    def __init__(self, folder: Path) -> None:
        self._binary = _redis_binary(folder)
        self._folder = folder
        self._port = free_port()
        self.url = f"redis://127.0.0.1:{self._port}/0"
        self._server: subprocess.Popen[bytes] | None = None

    @property
    def can_be_had(self) -> bool:
        return self._binary is not None

    def start(self) -> None:
        where = ["--port", str(self._port), "--bind", "127.0.0.1", "--dir", str(self._folder)]
        self._server = subprocess.Popen(
            [str(self._binary), *where, "--save", ""],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        _wait_for_port(self._port, self._server)

    def lose(self) -> None:
        """Killed, as by a power failure: whatever was queued is gone."""
        if self._server is not None:
            self._server.kill()
            self._server.wait(20)
            self._server = None


class Service:
    """The installation, what stands in its tables, and its processes."""

    def __init__(self, folder: Path, database_url: str, redis: Redis) -> None:
        self.folder = folder
        self.redis = redis
        self.environment = {
            "PATH": os.environ["PATH"],
            "SAMVERKAN_DATA": str(folder / "data"),
            "SAMVERKAN_DATABASE_URL": database_url,
            "SAMVERKAN_REDIS_URL": redis.url,
            "SAMVERKAN_DEMO": "yes",
        }
        self.platform = open_platform(Settings.from_environment(self.environment))
        self.engine = open_engine(database_url)
        self.sessions = session_factory(self.engine)
        self._hands = hands(self.platform, self.sessions)
        self.world = self._set_up()

    def _set_up(self) -> World:
        command.stamp(schema.configuration(self.engine), "head")  # the fixture made the tables
        with self._hands.writing() as session:
            check_keys(session, self.platform.keyring)
            prepare_installation(self.platform, session)
            problems = [str(p) for p in load_packs(self.platform, session) if p.is_error]
        assert problems == []
        with self.sessions() as session:
            return find_world(session)

    def observe(self, persons: int = 1) -> None:
        """So many observations of invented persons, each waiting for a first look."""
        scenario = read_scenario(OVERDUE)
        for number in range(persons):
            person = {**scenario.person, "number": f"N-9{number:03}"}
            told = replace(scenario, steps=scenario.steps[:1], person=person)
            begin = self.platform.real_now()
            Player(self.platform, self.sessions, self.world, begin).play(told)

    def pass_days(self, days: int) -> None:
        """The demo's clock moves; nobody looks at what fell due but the workers."""
        with self._hands.writing() as session:
            here = session.get_one(Installation, 1)
            here.clock_offset_seconds += int(timedelta(days=days).total_seconds())

    def rows(self, table: type, **wanted: Any) -> list[Any]:
        with self.sessions() as session:
            found = list(session.scalars(select(table).filter_by(**wanted)))
            session.expunge_all()
        return found

    @contextmanager
    def running(self, *names: str) -> Iterator[None]:
        """Workers and beats as processes of their own; ended one by one, by their ids."""
        started = [self.start(name) for name in names]
        try:
            yield
            for name, process in zip(names, started, strict=True):
                assert process.poll() is None, f"{name} ended by itself:\n{self.log(name)}"
        finally:
            for process in started:
                process.terminate()
            for process in started:
                _wait(process)

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text("utf-8")

    def start(self, name: str) -> subprocess.Popen[bytes]:
        beat = ["beat", "--schedule", str(self.folder / "beat")]
        worker = ["worker", "--concurrency", "1", "--hostname", name]
        asked = beat if name == "beat" else worker
        with (self.folder / f"{name}.log").open("wb") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "celery", "--app", "workers.app", *asked, "-l", "info"],
                cwd=Path(__file__).resolve().parents[2],
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )


def _wait(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(30)
