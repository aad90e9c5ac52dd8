"""A Swedish scenario, played up to a step, and then whatever a test does with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Any

import pytest

from casework.player import Player
from casework.scenarios import Scenario, ScenarioStep, read_scenario
from casework.trial import BEGIN, Trials
from processes.packs import MODELS
from tests.webapp.world import House
from webapp.app import create_app

SCENARIOS = MODELS / "sweden" / "scenarios"


@dataclass
class Standing:
    """A scenario that stands before a step; the rest of it is still to be told."""

    trials: Trials
    sessions: Any
    world: Any
    player: Player
    scenario: Scenario
    rest: tuple[ScenarioStep, ...]

    @property
    def case_id(self):
        return self.player.case()

    def user(self, login: str):
        return self.world.users[login]

    def go_on(self, steps: int) -> None:
        """Tell so many more steps of the scenario."""
        for step in self.rest[:steps]:
            self.player.step(step)
        self.rest = self.rest[steps:]

    def step(self, do: str, **given: Any) -> None:
        self.player.step(ScenarioStep(do, given))

    def house(self) -> House:
        """The real application over this world, at the scenario's time."""
        now = self.player.played.now
        platform = replace(self.trials.platform, real_now=lambda: now)
        url = self.sessions.kw["bind"].url.render_as_string(hide_password=False)
        app = create_app(platform, TESTING=True, SQLALCHEMY_DATABASE_URI=url)
        return House(app, platform, self.sessions, self.world)


@pytest.fixture(scope="session")
def trials(tmp_path_factory) -> Trials:
    return Trials(tmp_path_factory.mktemp("sweden"))


@pytest.fixture
def before(trials) -> Iterator[Callable[..., Standing]]:
    """`before(name, task)`: the scenario up to the step that completes the task; `nth` counts."""
    with ExitStack() as stack:

        def stand(name: str, task: str, nth: int = 1, do: str = "complete") -> Standing:
            scenario = read_scenario(SCENARIOS / f"{name}.toml")
            at = [
                number
                for number, step in enumerate(scenario.steps)
                if step.do == do and step.given.get("task", step.given.get("form")) == task
            ][nth - 1]
            sessions, world = stack.enter_context(trials.world(name="sweden"))
            player = Player(trials.platform, sessions, world, BEGIN)
            player.play(replace(scenario, steps=scenario.steps[:at]))
            return Standing(trials, sessions, world, player, scenario, scenario.steps[at:])

        yield stand
