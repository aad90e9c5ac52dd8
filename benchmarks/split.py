"""Where the time of a page goes, inside the process: each part without the parts within it."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from statistics import median
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event

import casework.accounts
import casework.audit
import casework.record
import casework.taskpage
import forms.builder
import processes.advance
import processes.engine.running
import processes.mirror
import webapp.app
import webapp.database
from benchmarks import answers, prepared
from benchmarks.prepared import LEAD, Worlds
from benchmarks.tables import say, show
from benchmarks.timing import PROCESSOR, business, ms
from casework.demo.world import PASSWORD
from webapp.app import create_app
from webapp.cli.opening import Opened
from webapp.database import db

RUNS, WARM = 40, 10
REST = "routing, casework, what is left"

PARTS: tuple[tuple[str, Any, str], ...] = (
    ("session, token, roles", webapp.app.Webapp, "preprocess_request"),
    ("session, token, roles", casework.accounts, "holdings"),
    ("session, token, roles", webapp.app.Webapp, "process_response"),
    ("form: build", casework.taskpage, "bind"),
    ("form: validate", forms.builder.BoundForm, "validate"),
    ("record, encrypted", casework.record, "write_submission"),
    ("engine", processes.engine.running.Run, "resume"),
    ("engine", processes.engine.running.Run, "complete"),
    ("engine", processes.engine.running.Run, "finish_effect"),
    ("engine", processes.engine.running.Run, "snapshot"),
    ("mirror: tasks, clocks, timers", processes.mirror, "mirror"),
    ("audit", casework.audit, "write"),
    ("render", sys.modules["flask.templating"], "_render"),
    ("render", forms.builder.BoundForm, "render"),
    ("commit", webapp.database, "_commit"),
)
"""Which function belongs to which part; a class's method or a module's function."""


class Split:
    """Time by part; a part called within another counts for itself alone."""

    def __init__(self) -> None:
        self.runs: dict[str, list[float]] = defaultdict(list)
        self.statements: list[int] = []
        self.written: list[int] = []
        self._now: dict[str, float] = {}
        self._within: list[list[float]] = []
        self._statements = 0
        self._changes = 0

    def count(self, _connection: object, cursor: Any, *_others: object) -> None:
        """One statement went to the database."""
        self._statements += 1
        self._changes = cursor.connection.total_changes

    def wrap(self, part: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, its own time counted."""

        @wraps(function)
        def timed(*arguments: Any, **named: Any) -> Any:
            self._within.append([0.0])
            began = PROCESSOR()
            try:
                return function(*arguments, **named)
            finally:
                took = PROCESSOR() - began
                inside = self._within.pop()[0]
                self._now[part] = self._now.get(part, 0.0) + took - inside
                if self._within:
                    self._within[-1][0] += took

        return timed

    def run(self, act: Callable[[], object]) -> None:
        """One whole request."""
        self._now, self._statements, before = {}, 0, self._changes
        self.wrap(REST, act)()
        for part, seconds in self._now.items():
            self.runs[part].append(seconds)
        self.runs["together"].append(sum(self._now.values()))
        self.statements.append(self._statements)
        self.written.append(self._changes - before)

    def rows(self) -> list[tuple[str, str, str]]:
        """Median of each part and its share of the whole."""
        whole = median(self.runs["together"])
        parts = [(part, median(found)) for part, found in self.runs.items() if part != "together"]
        parts.sort(key=lambda one: -one[1])
        shown = [(part, ms(at), f"{100 * at / whole:.0f} %") for part, at in parts]
        return [*shown, ("together", ms(whole), "100 %")]


def run(worlds: Worlds) -> None:
    """Print the tables."""
    with worlds.copy() as data:
        opened = prepared.open_world(data)
        app = application(opened)
        client = signed_in(app, LEAD)
        waits = prepared.waiting(opened, prepared.FIRST_LOOK)
        token = client.get("/work").text.split('csrf-token" content="')[1].split('"')[0]
        fields = {"csrf_token": token, "revision": "0", **answers.FIRST_LOOK}
        shown = waits.pop()
        posts = iter(waits)
        runs = min(RUNS, len(waits) - WARM)
        _page(app, "POST of a first look", lambda: _post(client, next(posts).task_id, fields), runs)
        _page(app, "Inbox", lambda: _get(client, "/work"))
        _page(app, "Task page of a first look", lambda: _get(client, f"/tasks/{shown.task_id}"))
        _page(app, "Case page", lambda: _get(client, f"/cases/{shown.case_id}"))
        opened.engine.dispose()


def application(opened: Opened) -> Flask:
    """The web application on an installation."""
    return create_app(opened.platform)


def signed_in(app: Flask, login: str) -> FlaskClient:
    """A client with a session."""
    client = app.test_client()
    token = client.get("/sign-in").text.split('csrf-token" content="')[1].split('"')[0]
    client.post("/sign-in", data={"login": login, "password": PASSWORD, "csrf_token": token})
    return client


def _get(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)


def _post(client: FlaskClient, task_id: object, fields: dict[str, str]) -> None:
    answer = client.post(f"/tasks/{task_id}", data=fields)
    assert answer.status_code == 200, answer.text[:2000]


def _page(app: Flask, title: str, act: Callable[[], object], runs: int = RUNS) -> None:
    for _ in range(WARM):
        act()
    with splitting(app) as split:
        for _ in range(runs):
            business.look()
            split.run(act)
    show(f"{title}: where processor time goes", ("part", "median", "share"), split.rows())
    written = f", {median(split.written):.0f} rows written" if any(split.written) else ""
    say(f"{median(split.statements):.0f} statements to the database{written}.")


@contextmanager
def splitting(app: Flask) -> Iterator[Split]:
    """Count the parts from here on, until the end."""
    split = Split()
    kept = [(where, name, where.__dict__.get(name)) for _, where, name in PARTS]
    with app.app_context():
        engine: Engine = db.engine
    event.listen(engine, "after_cursor_execute", split.count)
    for part, where, name in PARTS:
        _patch(split, part, where, name)
    try:
        yield split
    finally:
        for where, name, old in kept:
            if old is None:
                delattr(where, name)
            else:
                setattr(where, name, old)
        event.remove(engine, "after_cursor_execute", split.count)


def _patch(split: Split, part: str, where: Any, name: str) -> None:
    old = where.__dict__.get(name)
    if isinstance(old, classmethod):
        setattr(where, name, classmethod(split.wrap(part, old.__func__)))
    else:
        setattr(where, name, split.wrap(part, getattr(where, name)))
