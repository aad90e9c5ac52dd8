"""Instances put onto another version of their model: random pairs of versions against the
interpreter, which puts what is open into the later model in its own way."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from processes.engine import EngineFault, ModelError, carry_over, compile_model
from tests.engine.blocks import FLAGS, Writer, random_model
from tests.engine.driving import Driver
from tests.engine.interpreter import Whole
from tests.engine.pairs import Pair, changed
from tests.engine.transplant import Unplaceable, transplant

MOST_BEFORE = 7
MOST_AFTER = 40
BY_ANOTHER_WAY = "has been come to by a way"


def migrate(seed: int, size: int, changes: int) -> str:
    """Run a model some steps, change it, carry the instance over, run on; what came of it."""
    random = Random(seed)
    top = random_model(random, size)
    values = {**_flags(random), "items": [["a"], ["a", "b"], []][seed % 3]}
    driver, whole = Driver(Writer().write(top), variables=values), Whole(top, values)
    _run(driver, whole, random, random.randrange(MOST_BEFORE), "before")
    if driver.finished:
        return "finished"
    pair = changed(top, random, changes)
    told = f"{pair.changes}, open {driver.open}"
    later = compile_model(Writer().write(pair.top), "p")
    carried = carry_over(driver.model, later, driver.snapshot.state, pair.mapping)
    refusals = {fate.element_id: fate.refusal for fate in carried.fates if fate.refusal}
    _reasons_hold(refusals, pair.mapping, set(later.elements))
    placed = _placed(whole, pair)
    if isinstance(placed, Unplaceable):
        assert refusals, f"{told}: {placed}"
        return "refused"
    if refusals and all(BY_ANOTHER_WAY in refusal for refusal in refusals.values()):
        return "refused: the way to a gateway was drawn anew"
    assert carried.state is not None, f"{told}: {refusals}"
    whole = placed
    before = driver.snapshot
    driver.carry(later, carried.state)
    assert _kept(before) == _kept(driver.snapshot), told
    assert not driver.snapshot.passed, told
    _run(driver, whole, random, MOST_AFTER, told)
    return "carried over"


def _placed(whole: Whole, pair: Pair) -> Whole | Unplaceable:
    try:
        return transplant(whole, pair.top, pair.mapping)
    except Unplaceable as why:
        return why


def _reasons_hold(refusals: dict[str, str], mapping: dict[str, str], later: set[str]) -> None:
    for element_id, refusal in refusals.items():
        there = mapping.get(element_id, element_id) in later
        assert ("has no counterpart" in refusal) != there, refusal


def _flags(random: Random) -> dict[str, bool]:
    return {flag: random.random() < 0.4 for flag in FLAGS}


def _run(driver: Driver, whole: Whole, random: Random, commands: int, told: str) -> None:
    for command in range(commands + 1):
        assert driver.open == whole.waits, f"{told}, command {command}"
        assert driver.finished == whole.done, f"{told}, command {command}"
        assert driver.snapshot.variables == whole.room.values, f"{told}, command {command}"
        if driver.finished or command == commands:
            return
        at = random.choice(driver.open)
        given = _flags(random)
        whole.act(at, given)
        driver.do(at, given)


def _kept(snapshot) -> tuple:
    """What the platform knows of an instance: every id and every moment."""
    return (
        [task.id for task in snapshot.tasks],
        [(timer.task_id, timer.due_at) for timer in snapshot.timers],
        [message.task_id for message in snapshot.messages],
        snapshot.variables,
    )


def prove(seeds: range) -> Counter[str]:
    """What came of the pairs; a failing one is told as small as it can be had."""
    came: Counter[str] = Counter()
    for seed in seeds:
        size, changes = 4 + seed % 24, 1 + seed % 4
        what = tried(seed, size, changes)
        if what.startswith("failed"):
            smaller = ((s, c) for s in range(2, size + 1) for c in range(1, changes + 1))
            all_ = (tried(seed, s, c) for s, c in smaller)
            pytest.fail(next((each for each in all_ if each.startswith("failed")), what))
        came[what] += 1
    return came


def tried(seed: int, size: int, changes: int) -> str:
    """What came of a pair; a failure with the words to see it again."""
    try:
        return migrate(seed, size, changes)
    except (AssertionError, EngineFault, ModelError, LookupError, TypeError) as error:
        return f"failed: migrate(seed={seed}, size={size}, changes={changes}): {error!r}"


@pytest.mark.parametrize("block", range(8))
def test_an_instance_carried_over_runs_as_an_independent_interpreter_says(block: int) -> None:
    came = prove(range(50 * block, 50 * block + 50))
    assert came["carried over"] > 5
    assert came["refused"] > 1


@pytest.mark.prove
@pytest.mark.parametrize("block", range(40))
def test_many_instances_carried_over_run_as_an_independent_interpreter_says(block: int) -> None:
    came = prove(range(10_000 + 250 * block, 10_250 + 250 * block))
    assert came["carried over"] > 50
    assert came["refused"] > 10
