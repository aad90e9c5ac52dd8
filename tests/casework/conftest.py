"""A fresh demo world with the French pack for each story."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from casework.effects import CaseworkEffects
from casework.player import Player
from casework.trial import BEGIN, Trials
from tests.casework.story import Story


@pytest.fixture(scope="session")
def trials(tmp_path_factory: pytest.TempPathFactory) -> Trials:
    made = Trials(tmp_path_factory.mktemp("trials"))
    effects = made.platform.ports.effects
    assert isinstance(effects, CaseworkEffects)
    effects.bind(made.platform)
    return made


@pytest.fixture
def story(trials: Trials) -> Iterator[Story]:
    with trials.world() as (sessions, world):
        yield Story(Player(trials.platform, sessions, world, BEGIN))


@pytest.fixture
def new_story(trials: Trials) -> Iterator[Callable[..., Story]]:
    """A story about a person other than the usual one."""
    with ExitStack() as stack:

        def begin(**person: Any) -> Story:
            sessions, world = stack.enter_context(trials.world())
            return Story(Player(trials.platform, sessions, world, BEGIN), person)

        yield begin
