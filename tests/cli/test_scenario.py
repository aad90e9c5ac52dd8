"""`samverkan scenario` plays what is written, and says which step went otherwise."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from processes.packs import FORMS, MODELS

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


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A copy of the French pack in a tree of its own, with its forms."""
    shutil.copytree(MODELS, tmp_path / "processes" / "packs")
    shutil.copytree(FORMS, tmp_path / "forms" / "packs")
    return tmp_path / "processes" / "packs" / "france"


def spoil(path: Path, *changes: tuple[str, str]) -> None:
    text = path.read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path.write_text(text, "utf-8")


def test_a_scenario_plays_the_pack_that_it_lies_in(samverkan, pack):
    spoil(pack.parent.parent.parent / "forms/packs/france/F-TRIAGE.form", ("nothing_kept", "gone"))
    said = samverkan("scenario", pack / "scenarios" / SHORT.name)
    assert said.code == 1
    assert f"Played on the pack in {pack}" in said.out
    assert "F-TRIAGE.form" in said.out
    assert "the pack would be refused" in said.out


def test_a_scenario_from_elsewhere_plays_our_pack_or_the_one_that_is_named(
    samverkan, pack, tmp_path
):
    lone = tmp_path / "lone.toml"
    shutil.copy(SHORT, lone)
    said = samverkan("scenario", lone)
    assert (said.code, f"pack in {MODELS / 'france'}" in said.out) == (0, True)
    said = samverkan("scenario", lone, "--pack", pack)
    assert (said.code, f"pack in {pack}" in said.out) == (0, True)
    said = samverkan("scenario", lone, "--pack", tmp_path)
    assert (said.code, "no pack.toml" in said.err) == (2, True)


def test_a_fault_of_the_model_is_told_with_the_step_at_which_it_came(samverkan, pack):
    never = 'sv:never="first_look = &#34;nothing_kept&#34;"'
    kept = '>first_look = "nothing_kept"<'
    text = (pack / "detection.bpmn").read_text("utf-8")
    way = text[: text.index(kept)].rsplit('sourceRef="', 1)[1].split('"')[0]
    spoil(
        pack / "detection.bpmn",
        (f'id="{way}"', f'id="{way}" {never}'),
        (kept, '>first_look = "open"<'),
    )
    said = samverkan("scenario", pack / "scenarios" / SHORT.name)
    assert said.code == 1
    (failed,) = [line for line in said.out.splitlines() if line.startswith("FAILED")]
    assert ", step 2 (complete): " in failed
    assert "No way leads on" in failed
