"""How fast the pages of a long session and of many answers owed are, on both databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import Flask
from sqlalchemy import Engine, event

from benchmarks import prepared, split
from benchmarks.databases import NONE, empty_postgresql, version_of
from benchmarks.pages import measured
from benchmarks.prepared import Worlds
from benchmarks.served import Browser, served
from benchmarks.sitting import CASES, MEMBER, OWED, REGION, SEATS, SECRETARY, Sitting, owe_answers
from benchmarks.tables import say, show
from benchmarks.timing import CELLS, business, ms
from webapp.database import db

TITLE = "Pages of a session, on"
COLUMNS = ("what is asked", *CELLS, "processor", "statements")


@dataclass(frozen=True)
class Page:
    """A page and who asks for it."""

    words: str
    login: str
    path: str


def run(_worlds: Worlds) -> None:
    """Print the tables, one for each database."""
    with TemporaryDirectory(prefix="samverkan-bench-") as folder:
        _measure("SQLite", Path(folder))
    with (
        TemporaryDirectory(prefix="samverkan-bench-") as folder,
        empty_postgresql() as url,
    ):
        if url is None:
            say(f"### {TITLE} PostgreSQL\n\n{NONE}")
        else:
            _measure(f"PostgreSQL {version_of(url)}", Path(folder), url)
    say(
        "*Processor* is the web server's alone, not that of PostgreSQL. On both databases the demo "
        "is in the same tables."
    )
    say(business.words)


def _measure(database: str, data: Path, url: str | None = None) -> None:
    opened = prepared.new_world(data, url)
    sitting = Sitting(opened)
    owe_answers(opened, sitting)
    app = split.application(opened)
    with served(data, url) as server:
        rows = []
        for page in _pages(sitting):
            browser = Browser(server.port)
            browser.sign_in(page.login)
            samples, own = measured(server, partial(browser.get, page.path))
            asked = _statements(app, page)
            rows.append((page.words, *samples.cells(), ms(own), asked))
    opened.engine.dispose()
    show(f"{TITLE} {database}", COLUMNS, rows)


def _pages(sitting: Sitting) -> Iterator[Page]:
    """The member's page while the own opinions are open, then the session with all of them."""
    here, seats = f"/sessions/{sitting.session_id}", len(SEATS)
    sitting.give(*(login for login in SEATS.values() if login != MEMBER))
    yield Page(f"a member's opinions on {CASES} items", MEMBER, f"{here}/opinions")
    yield Page(f"the region's answers owed, {OWED:,} opinions", REGION, "/answers-owed")
    sitting.give(MEMBER)
    yield Page(
        f"session of {CASES} cases, {seats} seats each, {CASES * seats} opinions", SECRETARY, here
    )


def _statements(app: Flask, page: Page) -> int:
    """How many statements one request sends to the database."""
    client = split.signed_in(app, page.login)
    client.get(page.path)
    with app.app_context(), _counting(db.engine) as found:
        assert client.get(page.path).status_code == 200
    return len(found)


@contextmanager
def _counting(engine: Engine) -> Iterator[list[str]]:
    found: list[str] = []

    def hear(_connection: object, _cursor: Any, statement: str, *_others: object) -> None:
        found.append(statement)

    listener: Callable[..., None] = hear
    event.listen(engine, "after_cursor_execute", listener)
    try:
        yield found
    finally:
        event.remove(engine, "after_cursor_execute", listener)
