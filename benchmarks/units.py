"""Two years of a collective programme on one case, and the region's page with 2,000 cases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from sqlalchemy import insert, select

from benchmarks import prepared
from benchmarks.databases import NONE, empty_postgresql, version_of
from benchmarks.pages import measured
from benchmarks.prepared import Worlds
from benchmarks.served import Browser, served
from benchmarks.tables import say, show
from benchmarks.timing import CELLS, Samples, business, ms
from benchmarks.years import Done, Years
from casework.demo.world import find_world
from casework.tables import Case, Decision, Measure
from webapp.cli.opening import Opened

TASKS, COMPARED, CASES = 400, 20, 2_000
"""Tasks on one case, of which the first and the last of a kind are compared; cases of a region."""

TALK = "supervision_programme_talk"
COLUMNS = ("which tasks", "how many", *CELLS, "stored state")


def run(_worlds: Worlds) -> None:
    """Print the tables, one for each database."""
    with TemporaryDirectory(prefix="samverkan-bench-") as folder:
        _measure("SQLite", Path(folder))
    with (
        TemporaryDirectory(prefix="samverkan-bench-") as folder,
        empty_postgresql() as url,
    ):
        if url is None:
            say(f"### Two years of a programme, on PostgreSQL\n\n{NONE}")
        else:
            _measure(f"PostgreSQL {version_of(url)}", Path(folder), url)
    say(business.words)


def _measure(database: str, data: Path, url: str | None = None) -> None:
    opened = prepared.new_world(data, url)
    with opened.sessions() as session:
        world = find_world(session)
    now = opened.platform.real_now() - timedelta(days=3 * 366)
    done = Years(opened.platform, opened.sessions, world, now).live(TASKS)
    talks = [one for one in done if one.element == TALK]
    show(f"Two years of a programme, on {database}", COLUMNS, list(_rows(done, talks)))
    first, last = (_seconds(part) for part in (talks[:COMPARED], talks[-COMPARED:]))
    say(
        f"{len(done)} tasks on one case, {len(talks)} weekly talks among them: the last "
        f"{COMPARED} talks took {median(last) / median(first):.0%} of the time of the first, and "
        f"{talks[-1].stored / talks[0].stored:.0%} of the stored bytes."
    )
    _region(database, opened, data, url)


def _rows(done: list[Done], talks: list[Done]) -> Iterator[tuple[str, ...]]:
    parts = {
        "all tasks": done,
        f"the first {COMPARED} weekly talks": talks[:COMPARED],
        f"the last {COMPARED} weekly talks": talks[-COMPARED:],
    }
    for words, part in parts.items():
        samples = Samples()
        samples.seconds.extend(_seconds(part))
        stored = f"{int(median(one.stored for one in part)):,} bytes"
        yield words, str(len(part)), *samples.cells(), stored


def _seconds(part: list[Done]) -> list[float]:
    return [one.seconds for one in part]


def _region(database: str, opened: Opened, data: Path, url: str | None) -> None:
    _many(opened)
    with served(data, url) as server:
        browser = Browser(server.port)
        browser.sign_in("region")
        samples, own = measured(server, partial(browser.get, "/region"))
    opened.engine.dispose()
    rows = [(f"what ends when, {CASES:,} cases", *samples.cells(), ms(own))]
    show(f"Page of the region, on {database}", ("what is asked", *CELLS, "processor"), rows)


def _many(opened: Opened) -> None:
    """As many cases with a measure as a region may have, written at once."""
    with opened.writing() as session:
        decision = session.scalars(select(Decision).where(Decision.kind == "qpr_collective"))
        signed = decision.first()
        assert signed is not None
        case = session.get_one(Case, signed.case_id)
        facts = {c.name: getattr(case, c.name) for c in Case.__table__.columns}
        ids = [opened.platform.new_id() for _ in range(CASES)]
        session.execute(insert(Case), [{**facts, "id": id_, "state": "open"} for id_ in ids])
        running = {
            "agency_id": case.agency_id,
            "instance_id": None,
            "decision_id": signed.id,
            "kind": signed.kind,
            "code": signed.kind,
            "state": "in_force",
            "effective_on": date(2026, 1, 1),
            "review_on": None,
        }
        session.execute(
            insert(Measure),
            [
                {
                    **running,
                    "id": opened.platform.new_id(),
                    "case_id": id_,
                    "expires_on": date(2027, 1, 1) + timedelta(days=number % 400),
                }
                for number, id_ in enumerate(ids)
            ],
        )
