"""What the audit costs: the same work with it and with a journal that writes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from statistics import median
from typing import Any

from werkzeug.datastructures import MultiDict

import casework.audit
from benchmarks import answers, prepared
from benchmarks.prepared import LEAD, Waiting, Worlds
from benchmarks.tables import say, show
from benchmarks.timing import CELLS, PROCESSOR, Samples, business, timed
from casework import access, work
from casework.demo.world import find_world
from casework.tables import UserAccount
from webapp.cli.opening import Opened

PAIRS, WARM = 40, 5


def run(worlds: Worlds) -> None:
    """Print the table: both ways alternate, so that both meet the same machine."""
    audited, silent = Samples(), Samples()
    with worlds.copy() as data:
        opened = prepared.open_world(data)
        waits = prepared.waiting(opened, prepared.FIRST_LOOK)
        pairs = list(zip(waits[::2], waits[1::2], strict=False))[: PAIRS + WARM]
        for number, (one, other) in enumerate(pairs):
            loud = timed_completion(opened, one)
            with _silence():
                still = timed_completion(opened, other)
            if number >= WARM:
                audited.seconds.append(loud)
                silent.seconds.append(still)
            business.look()
        opened.engine.dispose()
    rows = [("with the audit", *audited.cells()), ("without", *silent.cells())]
    show("Completing a first look by the use case, with its commit", ("", *CELLS), rows)
    pairs_differ = [a - b for a, b in zip(audited.seconds, silent.seconds, strict=True)]
    share = 100 * median(pairs_differ) / audited.median
    say(f"The audit's share of completing is {share:.0f} %: two rows chained by keyed hashes.")


def timed_completion(opened: Opened, waits: Waiting) -> float:
    """Seconds of processor time to complete one first look, from the session to the commit."""
    return timed(lambda: _complete(opened, waits), PROCESSOR)


def _complete(opened: Opened, waits: Waiting) -> None:
    platform = opened.platform
    with opened.writing() as session:
        who = session.get_one(UserAccount, find_world(session).users[LEAD])
        acting = platform.acting(session, who.agency_id, who.id)
        access.bind_agency(session, who.agency_id)
        viewer = access.viewer(session, who, acting.now.date())
        acting = replace(acting, role="fr.unit_lead")
        form = MultiDict(answers.FIRST_LOOK)
        work.complete(platform, session, acting, viewer, waits.task_id, form)


@contextmanager
def _silence() -> Iterator[None]:
    def write(*_arguments: Any, **_named: Any) -> None:
        """Nothing."""

    kept = casework.audit.write
    casework.audit.write = write
    try:
        yield
    finally:
        casework.audit.write = kept
