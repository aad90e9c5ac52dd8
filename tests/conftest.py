"""Fixtures shared by all tests: both databases, a world in each, and an honest last line."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import count

import pytest
from hypothesis import settings
from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.orm import Session

import casework.tables  # noqa: F401  registers the tables
from casework.database import open_engine, session_factory
from processes.tables import Base
from tests import servers

# no test asserts a time: a busy machine is no failure
settings.register_profile("samverkan", deadline=None)
settings.load_profile("samverkan")

_numbers = count(1)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    with servers.postgresql() as url:
        if url is None:
            pytest.skip("no PostgreSQL: give TEST_DATABASE_URL, or install the test wheels")
        yield url


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    with servers.redis() as url:
        if url is None:
            pytest.skip("no Redis: give TEST_REDIS_URL, install redis-server, or the test wheels")
        yield url


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: str) -> str:
    """An empty database with all tables, copied for each test."""
    name = f"template_{os.getpid()}"
    _administer(postgresql_server, f"CREATE DATABASE {name}")
    engine = open_engine(_with_database(postgresql_server, name))
    Base.metadata.create_all(engine)
    engine.dispose()
    return name


@pytest.fixture
def postgresql_url(postgresql_server: str, postgresql_template: str) -> Iterator[str]:
    name = f"test_{os.getpid()}_{next(_numbers)}"
    _administer(postgresql_server, f"CREATE DATABASE {name} TEMPLATE {postgresql_template}")
    yield _with_database(postgresql_server, name)
    _administer(postgresql_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def sqlite_url(tmp_path) -> str:
    url = f"sqlite:///{tmp_path}/main.db"
    engine = open_engine(url)
    Base.metadata.create_all(engine)
    engine.dispose()
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Every test that asks for a database by this name runs on both."""
    return request.getfixturevalue(f"{request.param}_url")


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    opened = open_engine(database_url)
    yield opened
    opened.dispose()


@pytest.fixture
def session(sqlite_url: str) -> Iterator[Session]:
    """A session on SQLite, for rules that no database changes."""
    opened = open_engine(sqlite_url)
    with session_factory(opened)() as given:
        yield given
    opened.dispose()


def _administer(url: str, statement: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def _with_database(url: str, name: str) -> str:
    return make_url(url).set(database=name).render_as_string(hide_password=False)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was skipped and why; where every test must run, a skip is a failure."""
    skipped = terminalreporter.stats.get("skipped", [])
    if not skipped:
        return
    reasons = sorted({str(report.longrepr[2]) for report in skipped})
    terminalreporter.write_line(f"{len(skipped)} tests did not run:")
    for reason in reasons:
        terminalreporter.write_line(f"  {reason}")


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("EVERY_TEST_MUST_RUN") and reporter and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
