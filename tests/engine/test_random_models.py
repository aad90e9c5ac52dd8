"""The engine against an independent interpreter, on random models, stored after every step."""

from __future__ import annotations

from random import Random

import pytest

from tests.engine.blocks import FLAGS, Writer, random_model
from tests.engine.driving import Driver
from tests.engine.interpreter import Whole

MOST_COMMANDS = 60


def compare(seed: int, size: int) -> None:
    random = Random(seed)
    top = random_model(random, size)
    files = Writer().write(top)

    def flags() -> dict[str, bool]:
        return {flag: random.random() < 0.4 for flag in FLAGS}

    values = {**flags(), "items": [["a"], ["a", "b"], []][seed % 3]}
    driver, whole = Driver(files, variables=values), Whole(top, values)
    for command in range(MOST_COMMANDS):
        told = f"seed {seed}, size {size}, command {command}"
        assert driver.open == whole.waits, told
        assert driver.finished == whole.done, told
        assert driver.snapshot.variables == whole.room.values, told
        assert driver.snapshot.tasks or driver.finished or driver.open, told
        if driver.finished:
            return
        at = random.choice(driver.open)
        given = flags()
        whole.act(at, given)
        driver.do(at, given)


@pytest.mark.parametrize("seed", range(120))
def test_a_random_model_runs_as_an_independent_interpreter_says(seed: int) -> None:
    compare(seed, 5 + seed % 22)


@pytest.mark.prove
@pytest.mark.parametrize("block", range(40))
def test_many_random_models_run_as_an_independent_interpreter_says(block: int) -> None:
    for seed in range(1000 + 100 * block, 1100 + 100 * block):
        compare(seed, 4 + seed % 26)
