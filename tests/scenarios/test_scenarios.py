"""Every scenario goes as written, and together they take every flow of the models."""

from pathlib import Path

import pytest

from casework.scenarios import read_scenario
from casework.trial import Trials, not_taken
from processes.packs import MODELS

FILES = sorted(MODELS.glob("*/scenarios/*.toml"))
REQUIRED = {
    1,
    2,
    3,
    4,
    5,
    6,
    8,
    9,
    10,
    11,
    21,
    22,
    26,
    27,
    28,
    29,
    30,
    31,
    32,
    33,
    34,
    35,
    36,
    37,
    39,
    40,
    41,
    42,
    43,
}
_taken: dict[Path, set] = {}


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
    played(on_trial, path)


@pytest.mark.xdist_group("scenarios")
def test_together_the_scenarios_take_every_flow(on_trial):
    taken = set().union(*(played(on_trial, path) for path in FILES))
    assert not_taken(on_trial.all_flows(), taken) == {}


def played(on_trial: Trials, path: Path) -> set:
    """The flows a scenario takes; played once in each worker, wherever its own test runs."""
    if path not in _taken:
        _taken[path] = on_trial.play(read_scenario(path))[1]
    return _taken[path]
