"""`samverkan decide` answers any decision file, and says what is wrong in one sentence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.feel.dmn import box, decision, file, given, literal, table


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """Two decisions of which one requires the other, and one that stands alone."""
    path = tmp_path / "route.dmn"
    path.write_bytes(
        file(
            given("Date of birth", "date"),
            given("today", "date"),
            decision("Adult", literal('Date of birth + duration("P18Y") <= today'), kind="boolean"),
            decision("Route", table("UNIQUE", "Adult", 'true | "unit"'), "Adult"),
            decision("Twice", literal("n * 2")),
            box("decisionService", box("outputDecision", href="#Route"), id="s", name="All"),
        )
    )
    return path


@pytest.fixture
def data(tmp_path: Path):
    """Writes the data of a command."""

    def write(**values: object) -> Path:
        path = tmp_path / "data.json"
        path.write_text(json.dumps({key.replace("_", " "): at for key, at in values.items()}))
        return path

    return write


def test_every_decision_of_a_file_is_answered_by_name(samverkan, model, data):
    given_ = data(Date_of_birth="2000-02-29", today="2026-03-01", n=0.1)
    said = samverkan("decide", model, "--input", given_)
    assert (said.code, said.err) == (0, "")
    assert json.loads(said.out) == {"Adult": True, "Route": "unit", "Twice": 0.2}


def test_one_decision_needs_its_own_data_only(samverkan, model, data):
    said = samverkan("decide", model, "--input", data(n=4), "--decision", "Twice")
    assert json.loads(said.out) == {"Twice": 8}
    typed = samverkan("decide", model, "--input", "-", "--decision", "Twice", typed='{"n": 5}')
    assert json.loads(typed.out) == {"Twice": 10}


def test_a_decision_that_ends_in_an_error_leaves_the_others_their_answers(samverkan, model, data):
    given_ = data(Date_of_birth="2020-01-01", today="2026-03-01", n=1)
    said = samverkan("decide", model, "--input", given_)
    assert said.code == 1
    assert json.loads(said.out) == {"Adult": False, "Twice": 2}
    assert said.err.count("\n") == 1
    assert "Table Route: no rule matches Adult = false. Add a rule" in said.err


@pytest.mark.parametrize(
    ("values", "more", "words"),
    [
        ({"n": 1}, (), "The data lack Date of birth and today, read by Adult: give a value"),
        ({"n": 1, "m": 1}, ("--decision", "Twice"), "m is nothing that route.dmn asks for"),
        ({"Date_of_birth": 3}, ("--decision", "Twice"), "The data lack n"),
        ({"n": 1, "today": 3}, ("--decision", "Twice"), "today is 3, but a date is expected"),
        ({"n": 1}, ("--decision", "Thrice"), "no decision Thrice. Ask for one of Adult, Route"),
        ({"n": 1}, ("--decision", "All"), "All is a decision service, which is not called"),
    ],
)
def test_data_that_do_not_fit_are_refused_in_one_sentence(
    samverkan, model, data, values, more, words
):
    said = samverkan("decide", model, "--input", data(**values), *more)
    assert (said.code, said.out) == (2, "")
    assert words in said.err
    assert said.err.count("\n") == 1


def test_files_that_cannot_be_read_are_refused_in_one_sentence(samverkan, model, tmp_path):
    (tmp_path / "bad.json").write_text("[1]")
    (tmp_path / "bad.dmn").write_text("<a/>")
    for arguments, words in (
        ((tmp_path / "none.dmn",), "cannot be read, no such file"),
        ((tmp_path,), "cannot be read, is a directory"),
        ((tmp_path / "bad.dmn",), "is no decision file of DMN 1.1 to 1.5"),
        ((model, "--input", tmp_path / "none.json"), "cannot be read, no such file"),
        ((model, "--input", tmp_path / "bad.json"), "must hold one JSON object"),
        ((model,), "The data lack"),
    ):
        said = samverkan("decide", *arguments)
        assert (said.code, said.out) == (2, "")
        assert words in said.err
        assert said.err.count("\n") == 1


def test_all_problems_of_a_file_are_told(samverkan, tmp_path):
    path = tmp_path / "bad.dmn"
    path.write_bytes(file(decision("a", literal("1 +")), decision("b", literal("frob(1)"))))
    said = samverkan("decide", path)
    assert said.code == 2
    assert "bad.dmn, line 1: The expression of a cannot be read" in said.err
    assert "There is no function frob" in said.err


def test_decisions_of_one_name_are_told_apart_by_their_ids(samverkan, tmp_path):
    path = tmp_path / "twins.dmn"
    twins = file(decision("a", literal("1")), decision("b", literal("2")))
    path.write_bytes(twins.replace(b'name="b"', b'name="a"'))
    assert json.loads(samverkan("decide", path).out) == {"a": 1, "b": 2}
    assert json.loads(samverkan("decide", path, "--decision", "b").out) == {"b": 2}
    path.write_bytes(twins.replace(b'id="a"', b'id="x"').replace(b'name="b"', b'name="a"'))
    said = samverkan("decide", path, "--decision", "a")
    assert said.code == 2
    assert "several decisions a: name one by its id, x or b" in said.err
