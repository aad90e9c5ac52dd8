"""Two years of a collective programme on one case; the region with 2,000 cases, a full unit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from benchmarks import prepared
from benchmarks.databases import NONE, empty_postgresql, version_of
from benchmarks.pages import measured
from benchmarks.prepared import Worlds
from benchmarks.served import Browser, served
from benchmarks.tables import say, show
from benchmarks.timing import CELLS, Samples, business, ms
from benchmarks.years import Done, Years, side_by_side
from casework.demo.world import find_world
from casework.tables import Case, Decision, Measure, Person, Stay
from processes.tables import Base, HumanTask
from webapp.cli.opening import Opened

TASKS, COMPARED, CASES, STAYING = 400, 20, 2_000, 120
"""Tasks of two years on one case; how many of a kind after them are compared with as many of a new
case; cases of a region; persons in a unit."""

KIND = "qpr_collective"
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
    now = opened.platform.real_now() - timedelta(days=4 * 366)
    old = Years(opened.platform, opened.sessions, world, now)
    done = old.live(TASKS)
    young = Years(opened.platform, opened.sessions, world, old.played.now, "Y-0002")
    last, first = side_by_side(old, young, TALK, COMPARED)
    parts = {
        "all tasks of two years": done,
        f"{COMPARED} weekly talks of a new case": first,
        f"{COMPARED} weekly talks after two years": last,
    }
    show(f"Two years of a programme, on {database}", COLUMNS, list(_rows(parts)))
    say(
        f"After {len(done)} tasks on one case, the next {COMPARED} weekly talks took "
        f"{median(_seconds(last)) / median(_seconds(first)):.0%} of the time of as many of a new "
        f"case, done in turns with them, and {last[-1].stored / first[0].stored:.0%} of the stored "
        "bytes."
    )
    _region(database, opened, data, url)


def _rows(parts: dict[str, list[Done]]) -> Iterator[tuple[str, ...]]:
    for words, part in parts.items():
        samples = Samples()
        samples.seconds.extend(_seconds(part))
        stored = f"{int(median(one.stored for one in part)):,} bytes"
        yield words, str(len(part)), *samples.cells(), stored


def _seconds(part: list[Done]) -> list[float]:
    return [one.seconds for one in part]


def _region(database: str, opened: Opened, data: Path, url: str | None) -> None:
    _many(opened)
    pages = {
        f"what ends when, {CASES:,} cases": "/region",
        f"a unit with {STAYING} persons": f"/units/{_staying(opened)}",
    }
    rows = []
    with served(data, url) as server:
        browser = Browser(server.port)
        browser.sign_in("region")
        for words, path in pages.items():
            samples, own = measured(server, partial(browser.get, path))
            rows.append((words, *samples.cells(), ms(own)))
    opened.engine.dispose()
    columns = ("what is asked", *CELLS, "processor")
    show(f"Pages of the region and of a unit, on {database}", columns, rows)


def _staying(opened: Opened) -> UUID:
    """A unit in which so many persons stay, each with something due."""
    with opened.writing() as session:
        stay = session.scalars(
            select(Stay).where(Stay.kind == KIND, Stay.unit_id.is_not(None))
        ).first()
        assert stay is not None
        assert stay.unit_id is not None
        case, due = session.get_one(Case, stay.case_id), session.scalars(select(HumanTask)).first()
        assert due is not None
        person = session.get_one(Person, case.person_id)
        for number in range(STAYING):
            ids = {"person_id": opened.platform.new_id(), "case_id": opened.platform.new_id()}
            who = {"id": ids["person_id"], "number": f"N-{90_000 + number}"}
            open_now = {"id": ids["case_id"], "person_id": ids["person_id"], "state": "open"}
            here = {"state": "here", "unit_id": stay.unit_id, "case_id": ids["case_id"]}
            task = {
                "state": "open",
                "case_id": ids["case_id"],
                "due_at": opened.platform.real_now(),
            }
            new = {"id": opened.platform.new_id()}
            task["engine_task_id"] = opened.platform.new_id()
            session.execute(insert(Person).values(_copy(person, who)))
            session.execute(insert(Case).values(_copy(case, open_now)))
            session.execute(insert(Stay).values(_copy(stay, {**here, **new})))
            session.execute(insert(HumanTask).values(_copy(due, task | new)))
        return stay.unit_id


def _copy(row: Base, changed: dict[str, Any]) -> dict[str, Any]:
    return {c.name: getattr(row, c.name) for c in row.__table__.columns} | changed


def _many(opened: Opened) -> None:
    """As many cases with a measure as a region may have, written at once."""
    with opened.writing() as session:
        decision = session.scalars(select(Decision).where(Decision.kind == "qpr_collective"))
        signed = decision.first()
        assert signed is not None
        case = session.get_one(Case, signed.case_id)
        facts = _copy(case, {"state": "open"})
        ids = [opened.platform.new_id() for _ in range(CASES)]
        session.execute(insert(Case), [{**facts, "id": id_} for id_ in ids])
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
