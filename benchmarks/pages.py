"""How fast pages are over real HTTP, with a session, on one kept connection."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks import answers, prepared
from benchmarks.prepared import COORDINATOR, LEAD, RATER, Waiting, Worlds
from benchmarks.reference import bare_transaction
from benchmarks.served import Browser, Served, served
from benchmarks.tables import say, show
from benchmarks.timing import CELLS, Samples, business, ms, timed
from processes.tables import HumanTask, ProcessInstance
from webapp.cli.opening import Opened

RUNS, WARM = 40, 8
WRITTEN = 43
"""Rows that completing a first look writes or changes; the section `split` counts them."""


@dataclass(frozen=True)
class Asked:
    """What is asked of the server, again and again."""

    words: str
    act: Callable[[], object]
    runs: int = RUNS


def run(worlds: Worlds) -> None:
    """Print the table."""
    with worlds.copy() as data:
        opened = prepared.open_world(data)
        first_looks = prepared.waiting(opened, prepared.FIRST_LOOK)
        grids = prepared.waiting(opened, prepared.GRID)
        grid = _grid_answers(opened, grids[0])
        opened.engine.dispose()
        with served(data) as server:
            found = {
                asked.words: measured(server, asked.act, asked.runs)
                for asked in _questions(server.port, first_looks, grids, grid)
            }
        bare = bare_transaction(data, WRITTEN)
    rows = [(words, *samples.cells(), ms(own)) for words, (samples, own) in found.items()]
    show("Pages over HTTP, one reader at a time", ("what is asked", *CELLS, "processor"), rows)
    completed = next(iter(found.values()))[0]
    say(
        f"A bare SQLite transaction that inserts {WRITTEN} rows into a table with two indexes took "
        f"{ms(bare.median)} at the median in the same run: completing a task, with rights, form, "
        f"engine, clocks, audit and page, took {completed.median / bare.median:.0f} times as long."
    )
    say(business.words)


def _grid_answers(opened: Opened, grid: Waiting) -> dict[str, str]:
    with opened.sessions() as session:
        task = session.get_one(HumanTask, grid.task_id)
        version_id = session.get_one(ProcessInstance, task.instance_id).version_id
        return answers.grid(opened.platform.models.form(session, version_id, task.form))


def _questions(
    port: int, first_looks: list[Waiting], grids: list[Waiting], grid: dict[str, str]
) -> Iterator[Asked]:
    lead, rater, coordinator = (_signed_in(port, who) for who in (LEAD, RATER, COORDINATOR))
    shown, raters_task = first_looks.pop(), grids.pop()
    many, few = iter(first_looks), iter(grids)
    yield Asked(
        "POST of a first look, to the page that says what comes next",
        lambda: _first_look(lead, next(many)),
        min(RUNS, len(first_looks) - WARM),
    )
    yield Asked(
        f"POST of a whole grid G1 ({len(grid)} values)",
        lambda: rater.post(f"/tasks/{next(few).task_id}", {"revision": "0", **grid}),
        len(grids) - WARM,
    )
    yield Asked(f"inbox, {_rows(lead)} tasks", lambda: lead.get("/work"))
    yield Asked(f"inbox, {_rows(coordinator)} tasks", lambda: coordinator.get("/work"))
    yield Asked("task page, first look", lambda: lead.get(f"/tasks/{shown.task_id}"))
    yield Asked(
        "task page, grid G1 with all its questions",
        lambda: rater.get(f"/tasks/{raters_task.task_id}"),
    )
    yield Asked("case page", lambda: lead.get(f"/cases/{shown.case_id}"))
    yield Asked("the server alone (/health/live)", lambda: lead.get("/health/live"))


def _signed_in(port: int, login: str) -> Browser:
    browser = Browser(port)
    browser.sign_in(login)
    return browser


def _rows(browser: Browser) -> int:
    return browser.get("/work").count('href="/tasks/')


def _first_look(browser: Browser, waits: Waiting) -> None:
    browser.post(f"/tasks/{waits.task_id}", {"revision": "0", **answers.FIRST_LOOK})


def measured(server: Served, act: Callable[[], object], runs: int = RUNS) -> tuple[Samples, float]:
    """Wall time of each run, and the processor time of the server for one."""
    for _ in range(WARM):
        act()
    found, before = Samples(), server.processor()
    for _ in range(runs):
        found.seconds.append(timed(act))
        business.look()
    return found, (server.processor() - before) / runs


def one_page(data: Path) -> str:
    """A task page as a reader gets it, for the section that weighs it."""
    opened = prepared.open_world(data)
    task = prepared.waiting(opened, prepared.FIRST_LOOK)[0]
    opened.engine.dispose()
    with served(data) as server:
        return _signed_in(server.port, LEAD).get(f"/tasks/{task.task_id}")
