"""Faults that lie between files: tables against codes, names in two files, broken labels."""

from __future__ import annotations

import pytest

from processes.checks import check_loose
from tests.checks.test_findings import DOCUMENTED, PACK, SOUND, changed, find
from tests.engine import xml

DMN = (
    '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d"'
    ' namespace="urn:test"><decision id="route" name="route">{logic}</decision></definitions>'
)


def table(cell: str, answer: str, output: str = "look") -> bytes:
    """A table that reads `look` and gives one answer for it."""
    return DMN.format(
        logic='<decisionTable id="t" hitPolicy="FIRST"><input id="i"><inputExpression id="e">'
        f'<text>look</text></inputExpression></input><output id="o" name="{output}"/>'
        f'<rule id="r1"><inputEntry id="c"><text>{cell}</text></inputEntry>'
        f'<outputEntry id="a"><text>{answer}</text></outputEntry></rule></decisionTable>'
    ).encode()


def words(**change) -> list[str]:
    return [problem.words for problem in find(**change)]


def test_a_table_that_gives_a_code_nobody_declared_is_a_finding() -> None:
    files = {"route.dmn": table('"open"', '"ajar"')}
    assert words(**files) == ["look can never be ajar."]
    assert words(**{"route.dmn": table('"open"', '"shut"')}) == []


def test_a_table_row_for_a_code_that_cannot_come_is_a_finding() -> None:
    (problem,) = find(**{"route.dmn": table('"ajar"', '"shut"')})
    assert (problem.element_id, problem.words) == ("r1", "Row 1: look can never be “ajar”.")
    assert problem.remedy == "It is one of: open, shut."


def test_a_decision_of_one_expression_is_checked_for_its_names() -> None:
    literal = (
        '<variable name="adult"/><literalExpression id="l"><text>{}</text></literalExpression>'
    )
    files = {"route.dmn": DMN.format(logic=literal.format('look = "open"')).encode()}
    assert words(**files) == []
    files = {"route.dmn": DMN.format(logic=literal.format("age &gt; 17")).encode()}
    assert words(**files) == ["The decision reads age, which nothing sets."]


def test_two_tables_cannot_hold_a_decision_of_one_id() -> None:
    one = table('"open"', '"shut"')
    problems = find(**{"one.dmn": one, "two.dmn": one})
    assert [(p.file, p.element_id) for p in problems] == [("two.dmn", "route")]
    assert "one.dmn" in problems[0].words


def test_a_file_holds_one_process() -> None:
    two = [
        xml.process(
            xml.start(f"{name}_S", DOCUMENTED),
            xml.end(f"{name}_E", DOCUMENTED),
            xml.chain(f"{name}_S", f"{name}_E"),
            id=name,
        )
        for name in ("q", "r")
    ]
    assert "The file holds 2 processes." in words(**{"q.bpmn": xml.file(*two)})


def test_a_condition_that_cannot_be_read_is_told_once() -> None:
    open_ = {"open": xml.flow("open", "G", "E1", "look = ")}
    found = [problem for problem in find(open_) if problem.element_id == "open"]
    assert len(found) == 1
    assert "cannot be read" in found[0].words


def test_a_role_may_be_taken_from_a_variable_and_a_seat_from_a_repetition() -> None:
    assert find(changed("lane", "common.custody", "=look")) == []
    repeated = xml.each("seats", "one") + "</bpmn:userTask>"
    task = SOUND["A"].replace('"seat"', '"one"').replace("</bpmn:userTask>", repeated)
    variables = {**PACK["variables"], "seats": {"type": "reference"}}
    assert find({"A": task}, pack={"variables": variables}) == []


def test_a_task_that_does_not_say_its_layer_is_remarked() -> None:
    (remark,) = find(changed("A", ' sv:layer="L2"', ""))
    assert (remark.element_id, remark.is_error) == ("A", False)
    assert "does not say its layer" in remark.words


@pytest.mark.parametrize("raw", [b"{", b"[" * 100_000, b'["a"]'])
def test_labels_that_are_none_are_as_good_as_missing(raw: bytes) -> None:
    problems = find(**{"labels/fr.json": raw})
    assert {p.words for p in problems} >= {"“A” has no label in fr.", "“shut” has no label in fr."}
    assert not any(problem.is_error for problem in problems)


def test_of_loose_files_nothing_is_said_that_their_pack_would_say() -> None:
    model = xml.model(*SOUND.values()).replace(b"F-X", b"F-ELSEWHERE").replace(b"seat", b"place")
    assert check_loose({"p.bpmn": model}) == []
