"""A scenario that expects otherwise of measures, decisions or remedies does not go as written."""

from __future__ import annotations

from dataclasses import replace

import pytest

from casework.scenarios import Scenario, ScenarioError, ScenarioStep, read_scenario
from casework.trial import Trials
from processes.packs import MODELS

FILE = MODELS / "france" / "scenarios" / "urgent-measure-lifts.toml"


@pytest.fixture(scope="module")
def on_trial(tmp_path_factory) -> Trials:
    return Trials(tmp_path_factory.mktemp("trial"))


def ordered(**expected: list[str]) -> Scenario:
    """An urgent measure is ordered; then this is expected."""
    scenario = read_scenario(FILE)
    until = next(n for n, step in enumerate(scenario.steps, 1) if step.do == "begin")
    return replace(scenario, steps=(*scenario.steps[:until], ScenarioStep("expect", expected)))


@pytest.mark.parametrize(
    ("key", "true", "otherwise"),
    [
        ("measures", ["observation: in_force"], ["observation: lifted"]),
        ("measures", ["observation: in_force"], []),
        ("decisions", ["urgent: decided"], ["urgent: decided by delegation"]),
        ("remedies", [], ["court: open"]),
    ],
)
def test_what_is_otherwise_than_expected_is_said(on_trial, key, true, otherwise) -> None:
    on_trial.play(ordered(**{key: true}))
    with pytest.raises(ScenarioError, match=f"{key} are"):
        on_trial.play(ordered(**{key: otherwise}))
