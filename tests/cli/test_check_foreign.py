"""`samverkan check` of a folder of anything, and mended copies in a folder of their own."""

from __future__ import annotations

import os

import pytest

from processes.packs import MODELS
from tests.foreign.drawn import END, START, flow, model, step

LOAN = model(
    START, step("ask", tag="task", camunda__candidateGroups="registry"), END,
    flow("a", "start", "ask"), flow("b", "ask", "end"), executable=False,
)  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    """Models, tables and other things, at several depths."""
    place = tmp_path / "theirs"
    (place / "deep" / "deeper").mkdir(parents=True)
    (place / "loan.bpmn").write_bytes(LOAN)
    (place / "deep" / "cases.cmmn").write_text(
        '<definitions xmlns="http://www.omg.org/spec/CMMN/20151109/MODEL" />'
    )
    (place / "deep" / "deeper" / "old.bpmn20.xml").write_bytes(LOAN.replace(b"visits", b"old"))
    (place / "deep" / "export.xml").write_bytes(LOAN.replace(b"visits", b"export"))
    (place / "deep" / "pom.xml").write_text("<project />")
    (place / "notes.txt").write_text("nothing")
    (place / "quorum.dmn").write_bytes((MODELS / "france" / "quorum.dmn").read_bytes())
    return place


def test_models_are_found_by_name_and_by_how_they_begin(samverkan, folder):
    said = samverkan("check", folder)
    assert said.code == 1
    for name in ("loan.bpmn", "cases.cmmn", "old.bpmn20.xml", "export.xml"):
        assert f"{name}:" in said.out
    assert "pom.xml" not in said.out
    assert "--mend --out FOLDER mends" in said.out


def test_what_mending_makes_of_a_finding_stands_behind_it(samverkan, folder):
    said = samverkan("check", folder / "loan.bpmn")
    (line,) = [line for line in said.out.splitlines() if "not marked as executable" in line]
    assert line.endswith("(--mend: It is now.)")
    assert "(--mend: It becomes sv:role=“registry”." in said.out


def test_mended_copies_are_written_and_checked_without_those_findings(samverkan, folder, tmp_path):
    out = tmp_path / "mended"
    said = samverkan("check", folder, "--mend", "--out", out)
    assert said.code == 1  # the case model is left
    assert "3 of 4 models mended" in said.out
    assert "It becomes sv:role=“registry”." in said.out
    assert (folder / "loan.bpmn").read_bytes() == LOAN
    assert (out / "quorum.dmn").read_bytes() == (folder / "quorum.dmn").read_bytes()
    again = samverkan("check", out / "loan.bpmn")
    assert (again.code, "--mend" in again.out) == (0, False)
    assert samverkan("check", out / "deep" / "deeper" / "old.bpmn20.xml").code == 0


def test_a_single_file_can_be_mended(samverkan, folder, tmp_path):
    said = samverkan("check", folder / "loan.bpmn", "--mend", "--out", tmp_path / "m", "--quiet")
    assert said.code == 0
    assert (tmp_path / "m" / "loan.bpmn").read_bytes() != LOAN


def test_what_belongs_to_a_pack_comes_along(samverkan, tmp_path):
    said = samverkan("check", MODELS / "france", "--mend", "--out", tmp_path / "france", "--quiet")
    assert "0 of" in said.out
    for name in ("pack.toml", "labels/fr.json", "detection.bpmn", "quorum.dmn"):
        ours = (MODELS / "france" / name).read_bytes()
        assert (tmp_path / "france" / name).read_bytes() == ours


def test_originals_are_never_written_over(samverkan, folder, tmp_path):
    refused = [
        (("--mend",), "needs --out"),
        (("--out", tmp_path / "m"), "is for --mend"),
        (("--mend", "--out", folder), "is there already"),
        (("--mend", "--out", folder / "new"), "lies inside"),
        (("--mend", "--out", folder / "notes.txt"), "is there already"),
        ((folder / "loan.bpmn", "--mend", "--out", tmp_path / "m"), "one PATH"),
    ]
    for given, words in refused:
        said = samverkan("check", folder, *given)
        assert (said.code, words in said.err) == (2, True), (given, said.err)
    assert not (tmp_path / "m").exists()
    assert (folder / "loan.bpmn").read_bytes() == LOAN


def test_strange_names_neither_stop_the_check_nor_move_the_cursor(samverkan, tmp_path):
    names = [b"caf\xe9.bpmn", "línea\n2.bpmn".encode(), b"\x1b[2J.bpmn"]
    for name in names:
        with open(os.path.join(os.fsencode(tmp_path), name), "wb") as file:  # noqa: PTH118
            file.write(LOAN.replace(b'"ask"', b'"ask&#10;&#27;"'.replace(b"&#27;", b"")))
    said = samverkan("check", tmp_path)
    assert said.code == 1
    assert "\x1b" not in said.out
    assert all(line.startswith(str(tmp_path)) for line in said.out.splitlines())


def test_a_folder_that_is_called_like_a_model_and_a_dead_link_are_passed_over(samverkan, folder):
    (folder / "folder.bpmn").mkdir()
    (folder / "dead.bpmn").symlink_to(folder / "nowhere.bpmn")
    said = samverkan("check", folder, "--quiet")
    assert "Traceback" not in said.err
    assert "folder.bpmn" not in said.out
