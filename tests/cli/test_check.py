"""`samverkan check` refuses what would run wrongly: file, element, and what to do."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from processes.packs import FORMS, MODELS

HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d">'
    '<bpmn:process id="p" isExecutable="true">'
)
TAIL = "</bpmn:process></bpmn:definitions>"


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A copy of the French pack, with what it extends beside it, to be spoilt."""
    for name in ("common", "france"):
        shutil.copytree(MODELS / name, tmp_path / name)
    return tmp_path / "france"


def spoil(pack: Path, *changes: tuple[str, str]) -> None:
    model = pack / "detection.bpmn"
    text = model.read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    model.write_text(text, "utf-8")


def check(samverkan, pack: Path):
    return samverkan("check", pack, "--forms", FORMS / "france", "--quiet")


def test_the_packs_may_be_loaded(samverkan):
    said = samverkan("check", MODELS / "common", MODELS / "france")
    assert said.code == 0, said.out
    assert "may be loaded" in said.out


def test_a_copy_of_the_pack_may_be_loaded_from_anywhere(samverkan, pack):
    assert check(samverkan, pack).code == 0


@pytest.mark.parametrize(
    ("old", "new", "element", "words"),
    [
        ('sv:role="fr.custody"', 'sv:role="fr.wizard"', "detection_lane_wing", "[roles]"),
        ('sv:form="F-TRIAGE"', 'sv:form="F-NONE"', "detection_first_look", "F-NONE"),
        ('sv:due="param:triage_due"', 'sv:due="soon"', "detection_first_look", "PT72H"),
        ('sv:due="param:triage_due"', 'sv:due="param:none"', "detection_first_look", "parameters"),
        ('sv:effect="notify.urgent"', 'sv:effect="rm -rf"', "detection_answer_danger", "rm -rf"),
    ],
    ids=["unknown lane", "missing form", "deadline", "parameter", "effect"],
)
def test_a_fault_in_a_model_is_told_with_file_element_and_remedy(
    samverkan, pack, old, new, element, words
):
    spoil(pack, (old, new))
    said = check(samverkan, pack)
    assert said.code == 1
    line = next(line for line in said.out.splitlines() if f" {element}:" in line)
    assert line.startswith("detection.bpmn")
    assert words in line
    assert "would be refused" in said.out


def test_an_unknown_name_in_a_condition_is_refused(samverkan, pack):
    model = (pack / "detection.bpmn").read_text("utf-8")
    condition = model.split("conditionExpression", 1)[1].split(">", 1)[1].split("<", 1)[0]
    spoil(pack, (f">{condition}<", ">no_such_name = true<"))
    said = check(samverkan, pack)
    assert said.code == 1
    assert "no_such_name" in said.out


def test_a_script_task_is_refused(samverkan, pack):
    text = (pack / "detection.bpmn").read_text("utf-8")
    task = text[text.index('<bpmn:userTask id="detection_first_look"') :]
    task = task[: task.index("</bpmn:userTask>") + len("</bpmn:userTask>")]
    script = task.replace("userTask", "scriptTask").replace(
        "</bpmn:scriptTask>",
        "<bpmn:script>import os; os.remove('/')</bpmn:script></bpmn:scriptTask>",
    )
    spoil(pack, (task, script))
    said = check(samverkan, pack)
    assert said.code == 1
    assert "detection_first_look:" in said.out
    assert "script" in said.out


HOSTILE = {
    "bomb.bpmn": (
        '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
        f'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>{HEAD}&c;{TAIL}'
    ).encode(),
    "outside.bpmn": (
        f'<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/passwd">]>{HEAD}&e;{TAIL}'
    ).encode(),
    "parameter.dmn": b'<!DOCTYPE d [<!ENTITY % p SYSTEM "http://127.0.0.1:1/x.dtd"> %p;]><d/>',
    "utf16.bpmn": ("<!DOCTYPE d [<!ENTITY a 'b'>]>" + HEAD + TAIL).encode("utf-16"),
    "deep.bpmn": (HEAD + "<bpmn:subProcess>" * 40_000).encode(),
    "words.bpmn": b"not a model at all",
    "empty.bpmn": b"",
    "zeros.dmn": bytes(1000),
    "half.form": b"{",
    "bytes.form": b"\xff\xfe\x00",
    "list.form": b"[]",
    "deep.form": b"[" * 200_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_in_words(samverkan, tmp_path, name):
    (tmp_path / name).write_bytes(HOSTILE[name])
    said = samverkan("check", tmp_path / name)
    assert said.code == 1
    assert name in said.out
    assert "root:" not in said.out


@pytest.mark.parametrize("name", ["huge.bpmn", "huge.dmn", "huge.form"])
def test_a_file_of_a_hundred_megabytes_is_not_even_read(samverkan, tmp_path, name):
    with (tmp_path / name).open("wb") as file:
        file.truncate(100 * 2**20)
    said = samverkan("check", tmp_path)
    assert said.code == 1
    assert "larger than" in said.out or "may have" in said.out


def test_a_huge_file_inside_a_pack_is_refused(samverkan, pack):
    with (pack / "huge.bpmn").open("wb") as file:
        file.truncate(100 * 2**20)
    said = check(samverkan, pack)
    assert said.code == 1
    assert "huge.bpmn" in said.out


@pytest.mark.parametrize(
    ("text", "code"), [("id = [", 2), ("", 2), ("title = 'x'", 2), ("roles = 3\nid = 'x'", 2)]
)
def test_a_broken_pack_file_is_told(samverkan, pack, text, code):
    (pack / "pack.toml").write_text(text, "utf-8")
    said = check(samverkan, pack)
    assert said.code == code
    assert "pack.toml" in said.err


def test_a_path_that_is_not_there_is_told(samverkan, tmp_path):
    said = samverkan("check", tmp_path / "none")
    assert said.code == 2
    assert "none" in said.err


@pytest.mark.parametrize("path", ["notes.md", "empty", "nowhere"])
def test_a_path_with_nothing_to_check_is_no_pass(samverkan, tmp_path, path):
    (tmp_path / "notes.md").write_text("# Notes", "utf-8")
    (tmp_path / "empty").mkdir()
    said = samverkan("check", tmp_path / path)
    assert said.code == 2
    assert path in said.err
    assert "may be loaded" not in said.out


def test_a_mistyped_folder_of_forms_is_told(samverkan, pack):
    said = samverkan("check", pack, "--forms", pack / "nowhere")
    assert (said.code, "nowhere" in said.err) == (2, True)


def test_the_forms_beside_a_copied_pack_are_read_and_the_folder_is_told(samverkan, tmp_path):
    shutil.copytree(MODELS, tmp_path / "processes" / "packs")
    shutil.copytree(FORMS, tmp_path / "forms" / "packs")
    beside = tmp_path / "forms" / "packs" / "france"
    form = beside / "F-TRIAGE.form"
    form.write_text(form.read_text("utf-8").replace("nothing_kept", "gone"), "utf-8")
    said = samverkan("check", tmp_path / "processes" / "packs" / "france", "--quiet")
    assert said.code == 1
    assert f"forms read from {beside}" in said.out
    assert "first_look cannot be gone" in said.out
    form.unlink()
    said = samverkan("check", tmp_path / "processes" / "packs" / "france", "--quiet")
    assert "There is no form F-TRIAGE" in said.out


def test_without_forms_beside_it_a_pack_is_read_with_ours(samverkan, pack):
    said = samverkan("check", pack, "--quiet")
    assert (said.code, f"forms read from {FORMS / 'france'}" in said.out) == (0, True)
