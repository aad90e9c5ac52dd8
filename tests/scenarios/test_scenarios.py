"""Every scenario goes as written, and together they take every flow of the models."""

from pathlib import Path

import pytest

from casework.scenarios import read_scenario
from casework.trial import Trials, not_taken
from processes.packs import MODELS

FILES = sorted(MODELS.glob("*/scenarios/*.toml"))
REQUIRED = {1, 2, 3, 26, 32, 33, 35, 36, 39, 40, 42}
_taken: set = set()


@pytest.fixture(scope="module")
def on_trial(tmp_path_factory) -> Trials:
    return Trials(tmp_path_factory.mktemp("trial"))


def test_the_packs_load_without_errors(on_trial):
    assert [str(p) for p in on_trial.problems if p.is_error] == []


def test_the_scenarios_the_field_asks_for_are_there():
    assert {read_scenario(path).number for path in FILES} >= REQUIRED


@pytest.mark.xdist_group("scenarios")
@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_the_scenario_goes_as_written(on_trial, path: Path):
    _, flows = on_trial.play(read_scenario(path))
    _taken.update(flows)


@pytest.mark.xdist_group("scenarios")
def test_together_the_scenarios_take_every_flow(on_trial):
    assert not_taken(on_trial.all_flows(), _taken) == {}
