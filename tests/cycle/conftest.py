"""The Swedish world, played from its own scenarios up to where a test begins."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from types import SimpleNamespace

import pytest

from casework.player import Player
from casework.scenarios import Scenario, ScenarioStep, read_scenario
from casework.trial import BEGIN, Trials
from processes.packs import MODELS

SCENARIOS = MODELS / "sweden" / "scenarios"


@pytest.fixture(scope="session")
def trials(tmp_path_factory: pytest.TempPathFactory) -> Trials:
    return Trials(tmp_path_factory.mktemp("cycle"))


@pytest.fixture
def told(trials: Trials) -> Iterator:
    """Plays a scenario in Sweden: whole, or until just before a task is done for the nth time."""
    with ExitStack() as stack:

        def play(name: str, before: str | None = None, nth: int = 1) -> SimpleNamespace:
            sessions, world = stack.enter_context(trials.world(name="sweden"))
            player = Player(trials.platform, sessions, world, BEGIN)
            player.play(upto(name, before, nth))
            return SimpleNamespace(
                player=player, sessions=sessions, world=world, played=player.played
            )

        yield play


def upto(name: str, before: str | None, nth: int) -> Scenario:
    whole = read_scenario(SCENARIOS / f"{name}.toml")
    kept: list[ScenarioStep] = []
    for step in whole.steps:
        if step.do == "complete" and step.given.get("task") == before:
            nth -= 1
            if nth == 0:
                return Scenario(whole.name, whole.title, None, (), whole.person, tuple(kept))
        kept.append(step)
    assert before is None, f"{name} never comes to {before}"
    return Scenario(whole.name, whole.title, None, (), whole.person, tuple(kept))
