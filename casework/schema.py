"""Brings a database's tables to the revision that this code needs, or refuses to work on it."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

import casework.tables  # noqa: F401  registers the tables

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"


class SchemaProblem(RuntimeError):
    """The database is of another revision than the code; the words say what to run."""


def configuration(engine: Engine) -> Config:
    """Alembic's configuration for this engine."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["engine"] = engine
    return config


def upgrade(engine: Engine) -> None:
    """Create or bring forward all tables."""
    if current(engine) != head(engine):
        command.upgrade(configuration(engine), "head")


def check(engine: Engine) -> None:
    """Refuse a database that is older or newer than the code."""
    found, wanted = current(engine), head(engine)
    if found is None:
        raise SchemaProblem("the database has no tables yet: run `samverkan setup`")
    if found != wanted:
        raise SchemaProblem(
            f"the database is at schema revision {found}, this code needs {wanted}: run "
            "`samverkan setup` with the newest release"
        )


def current(engine: Engine) -> str | None:
    """The revision of the database."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head(engine: Engine) -> str | None:
    """The revision of the code."""
    return ScriptDirectory.from_config(configuration(engine)).get_current_head()
