"""Ten years of monitoring one case: whether a turn then costs what one of a new case does."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import func, select

from benchmarks import prepared
from benchmarks.databases import NONE, empty_postgresql, version_of
from benchmarks.prepared import Worlds
from benchmarks.tables import say, show
from benchmarks.timing import ms, timed
from casework.demo.world import WORLDS, find_world
from casework.player import Player
from casework.scenarios import ScenarioStep, read_scenario
from casework.setup import load_packs, prepare_installation
from processes.packs import MODELS
from processes.tables import HumanTask, ProcessInstance, ProcessVersion
from webapp.cli.opening import Opened

TURNS = 120
COMPARED = 12
WITHIN = 0.15
TITLE = "Ten years of monitoring one case, on"
STORY = MODELS / "sweden" / "scenarios" / "late-review-suspends.toml"
BEGINS = "monitor_evaluate"
READ = "Read afresh in this turn: nothing new in the file, the work goes on, and he asks to move."
SEEN = {
    "frame_relations": "Eats with others than before.",
    "better": "Took on a duty in the workshop.",
    "expression_seen": "true",
    "what": "Told a newcomer whom he may talk to.",
    "when": "@today-1D",
    "source": "own",
    "harm": "influence",
    "contrary": "They know each other from outside.",
}
REVIEW = {
    "changes": "Read afresh.",
    "client_view": "None given.",
    "monitor_review": "continue",
    "rhythm": "one_month",
    "reasons": READ,
}
STEPS: tuple[tuple[str, str, Mapping[str, Any]], ...] = (
    ("monitor_frames", "se.officer", SEEN),
    ("monitor_view", "se.contact_person", {"how": "declined", "made_on": "@today"}),
    ("monitor_evaluate", "se.security", {"evaluations": "@waiting"}),
    ("monitor_review", "se.security", REVIEW),
)


def run(_worlds: Worlds) -> None:
    """Print the tables, one for each database."""
    with TemporaryDirectory(prefix="samverkan-bench-") as folder:
        measure("SQLite", Path(folder))
    with TemporaryDirectory(prefix="samverkan-bench-") as folder, empty_postgresql() as url:
        if url is None:
            say(f"### {TITLE} PostgreSQL\n\n{NONE}")
        else:
            measure(f"PostgreSQL {version_of(url)}", Path(folder), url)
    say(
        f"A turn is four tasks: seen, view, evaluation, review. {COMPARED} turns of the old"
        f" case alternate with as many of a new one; medians; the old may cost {WITHIN:.0%} more."
        " Bytes are those stored of the running instance."
    )


def measure(database: str, data: Path, url: str | None = None, turns: int = TURNS) -> None:
    """Play the turns of one case; then print what its next cost beside those of a new case."""
    opened = prepared.open_world(data, url)
    with opened.writing() as session:
        prepare_installation(opened.platform, session)
    with opened.writing() as session:
        load_packs(opened.platform, session)
    old = _monitored(opened, opened.platform.real_now() + timedelta(hours=1), "C-0001")
    for _ in range(turns):
        _turn(opened, old)
    young = _monitored(opened, old.played.now, "C-0002")
    _catch_up(opened, old, young.played.now)
    seconds, sizes = _in_turns(opened, young, old)
    opened.engine.dispose()
    columns = ("", "a new case", f"after {turns} turns", "more")
    show(f"{TITLE} {database}", columns, _rows(seconds, sizes))


def _in_turns(opened: Opened, young: Player, old: Player) -> tuple[list[float], list[float]]:
    """The medians of a turn's seconds and of the stored bytes, of both; a busy machine is fair."""
    seconds: list[list[float]] = [[], []]
    sizes: list[list[int]] = [[], []]
    for _ in range(COMPARED):
        for of, player in enumerate((young, old)):
            seconds[of].append(_turn(opened, player))
            sizes[of].append(_stored(opened, player))
    return [median(part) for part in seconds], [median(part) for part in sizes]


def _rows(seconds: list[float], sizes: list[float]) -> list[tuple[str, str, str, str]]:
    (first, last), (stored, then) = seconds, sizes
    return [
        ("time of a turn", ms(first), ms(last), _more(first, last)),
        ("bytes stored", f"{stored:,.0f}", f"{then:,.0f}", _more(stored, then)),
    ]


def _more(first: float, last: float) -> str:
    share = last / first - 1
    return f"{share:+.0%}" + ("" if share <= WITHIN else ", too much")


def _monitored(opened: Opened, now: datetime, number: str) -> Player:
    """A case that is monitored from then on, its first review made."""
    with opened.sessions() as session:
        world = find_world(session, WORLDS["sweden"])
    player = Player(opened.platform, opened.sessions, world, now)
    scenario = read_scenario(STORY)
    tasks = [step.given.get("task") for step in scenario.steps]
    with player.hands.writing() as session:
        player.register(session, {**scenario.person, "number": number})
    for step in scenario.steps[: tasks.index(BEGINS)]:
        player.step(step)
    for task, role, answers in STEPS[2:]:
        _do(player, task, role, answers)
    return player


def _catch_up(opened: Opened, player: Player, now: datetime) -> None:
    """Do what came open while the other case was begun, in its order, until that day."""
    player.pass_time(now)
    for task, role, answers in STEPS:
        if _is_open(opened, player, task):
            _do(player, task, role, answers)


def _turn(opened: Opened, player: Player) -> float:
    """Wait for the next review, tell what waits to be told, and time the four tasks."""
    player.step(ScenarioStep("wait", {"until": "P17D"}))
    while _is_open(opened, player, "tell_receive"):
        receipt = {"receipt": "signed", "handed_on": "@today"}
        _do(player, "tell_receive", "se.contact_person", receipt)
    return sum(timed(lambda step=step: _do(player, *step)) for step in STEPS)  # type: ignore[misc]


def _do(player: Player, task: str, role: str, answers: Mapping[str, Any]) -> None:
    player.step(ScenarioStep("complete", {"task": task, "as": role, "answers": answers}))


def _is_open(opened: Opened, player: Player, element_id: str) -> bool:
    wanted = select(func.count()).where(
        HumanTask.case_id == player.played.case_id,
        HumanTask.element_id == element_id,
        HumanTask.state == "open",
    )
    with opened.sessions() as session:
        return bool(session.scalar(wanted))


def _stored(opened: Opened, player: Player) -> int:
    wanted = (
        select(ProcessInstance)
        .join(ProcessVersion, ProcessVersion.id == ProcessInstance.version_id)
        .where(
            ProcessInstance.case_id == player.played.case_id,
            ProcessInstance.state == "running",
            ProcessVersion.model == "monitor",
        )
    )
    with opened.sessions() as session:
        return len(session.scalars(wanted).one().engine_state or b"")
