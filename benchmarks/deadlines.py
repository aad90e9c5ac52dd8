"""A sweep with nothing to do, and one that fires five hundred timers."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select, update

from benchmarks import prepared
from benchmarks.prepared import Worlds
from benchmarks.reference import bare_transaction
from benchmarks.tables import say, show
from benchmarks.timing import CELLS, PROCESSOR, business, ms, sample, timed
from casework.hands import hands
from processes.sweep import run_due
from processes.tables import Clock, HumanTask, Timer
from webapp.cli.opening import Opened

WANTED = 500
OPEN_FOR = timedelta(days=30)


def run(worlds: Worlds) -> None:
    """Print the table."""
    with worlds.copy() as data:
        opened = prepared.open_world(data)
        now = opened.platform.real_now()
        still = hands(opened.platform, opened.sessions)
        run_due(still)
        empty = sample(lambda: run_due(still), 100)
        timers = _make_due(opened, now)
        later = replace(opened.platform, real_now=lambda: now + OPEN_FOR)
        moved = hands(later, opened.sessions)
        fired = []
        business.look()
        seconds = timed(lambda: fired.append(run_due(moved)), PROCESSOR)
        bare = bare_transaction(data, 5)
        opened.engine.dispose()
    done = fired[0].fired + fired[0].delivered
    rows = [
        ("look, and find nothing due", *empty.cells()),
        (f"fire {fired[0].fired} timers, deliver {fired[0].delivered} messages",
         f"{seconds:.2f} s together", "", ms(seconds / done) + " each", "1"),
    ]  # fmt: skip
    show("The sweep", ("what is done", *CELLS), rows)
    say(
        f"{timers} timers were due: reminders, due dates and escalations, each in a transaction of "
        f"its own, and every escalation starts its ladder. {fired[0].failed} failed. A bare "
        f"transaction of 5 rows took {ms(bare.median)}."
    )


def _make_due(opened: Opened, now: datetime) -> int:
    """The clocks of open tasks run out, all at once; others wait far away."""
    with opened.writing() as session:
        of_tasks = (
            select(Timer.id)
            .join(Clock, Clock.id == Timer.clock_id)
            .join(HumanTask, HumanTask.id == Clock.guarded_id)
            .where(Timer.state == "pending", HumanTask.state == "open")
            .limit(WANTED)
        )
        due = list(session.scalars(of_tasks))
        far = update(Timer).where(Timer.state == "pending", Timer.id.not_in(due))
        session.execute(far.values(due_at=now + 10 * OPEN_FOR))
        session.execute(update(Timer).where(Timer.id.in_(due)).values(due_at=now))
    return len(due)
