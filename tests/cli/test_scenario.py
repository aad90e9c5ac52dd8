"""`samverkan scenario` plays what is written, and says which step went otherwise."""

from __future__ import annotations

import pytest

from processes.packs import MODELS

SHORT = MODELS / "france" / "scenarios" / "nothing-to-keep.toml"


def test_a_scenario_that_goes_as_written(samverkan, tmp_path):
    said = samverkan("scenario", SHORT, "--coverage")
    assert said.code == 0, said.out
    assert "1 scenarios went as written, 0 did not." in said.out
    assert "detection:" in said.out
    assert not (tmp_path / "data").exists(), "no installation is touched"


def test_a_scenario_that_does_not_go_as_written_is_told_with_its_step(samverkan, tmp_path):
    text = SHORT.read_text("utf-8") + '\n[[step]]\ndo = "expect"\nopen = ["no_such_task"]\n'
    (tmp_path / "wrong.toml").write_text(text, "utf-8")
    said = samverkan("scenario", tmp_path / "wrong.toml")
    assert said.code == 1
    assert "FAILED" in said.out
    assert "step" in said.out


@pytest.mark.parametrize(
    "text",
    [
        "[[[",
        "",
        "title = 'x'",
        "title = 'x'\n[[step]]\ndo = 'dance'",
        "title = 'x'\n[[step]]\ndo = 'complete'",
        "title = 'x'\nafter = 'no-such'\n[[step]]\ndo = 'expect'",
        "title = 'x'\nafter = 'broken'\n[[step]]\ndo = 'expect'",
        "title = 'x'\n[[step]]\ndo = 'start'\nas = 'nobody'",
    ],
)
def test_a_broken_scenario_file_is_told(samverkan, tmp_path, text):
    (tmp_path / "broken.toml").write_text(text, "utf-8")
    said = samverkan("scenario", tmp_path / "broken.toml")
    assert said.code == 1
    assert "broken" in said.out


def test_a_scenario_file_that_is_not_there_is_told_at_once(samverkan, tmp_path):
    said = samverkan("scenario", tmp_path / "no-such.toml")
    assert said.code == 2
    assert "no-such.toml" in said.err
