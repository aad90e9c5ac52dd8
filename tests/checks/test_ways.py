"""From every choice a way leads on, whatever is answered; and who comes next is a function."""

from __future__ import annotations

from typing import Any

import pytest

from tests.checks.test_findings import DOCUMENTED, PACK, find
from tests.engine import xml

CASES = {"type": "code", "codes": ["open", "shut", "ajar"]}
VARIABLES: dict[str, Any] = {**PACK["variables"], "door": CASES, "child": {"type": "boolean"}}


def words(
    one: str, other: str, *, kind: str = "exclusiveGateway", variables: Any = VARIABLES, **more: str
) -> list[str]:
    """What is found at a gateway with these two conditions."""
    parts = {
        "G": xml.node(kind, "G", DOCUMENTED, **more),
        "open": xml.flow("open", "G", "E1", one),
        "shut": xml.flow("shut", "G", "E2", other or None),
    }
    return [problem.words for problem in find(parts, pack={"variables": variables})]


def test_an_answer_that_leads_nowhere_is_named() -> None:
    assert words('door = "open"', 'door = "shut"') == [
        "When door is “ajar”, no way leads on from “G”."
    ]
    assert words('door = "open"', 'door != "open"') == []
    assert words('door = "open"', 'door in ("shut", "ajar")') == []
    assert words('door = "open"', "", default="shut") == []


def test_only_the_variables_that_matter_are_named() -> None:
    assert words('door = "open"', 'door = "shut" and adult = true') == [
        "When door is “ajar”, no way leads on from “G”.",
        "When door is “shut” and adult is false, no way leads on from “G”.",
    ]


def test_some_way_of_an_inclusive_choice_leads_on() -> None:
    some = "inclusiveGateway"
    assert words("adult = true", "child = true", kind=some) == [
        "When adult is false and child is false, no way leads on from “G”."
    ]
    assert words("adult = true", "true", kind=some) == []


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ('door = "open" or door != "open"', "is always true"),
        ('door = "open" and door = "shut"', "can never be true"),
        ("false", "can never be true"),
        ("true", "is always true"),
    ],
)
def test_a_condition_that_decides_nothing_is_refused(condition: str, said: str) -> None:
    assert [said in found for found in words(condition, "", default="shut")] == [True]


def test_what_is_not_closed_is_not_tried() -> None:
    assert words("until = null", "until != null") == []
    assert words("param.look_due = null", "adult = true") == []


def test_more_answers_than_are_tried_are_remarked() -> None:
    many = {f"b{n}": {"type": "boolean"} for n in range(10)}
    one = " and ".join(many)
    (said,) = words(one, "b0 = false", variables={**VARIABLES, **many})
    assert said.startswith("“G” asks for more than 512 combinations")


def test_what_cannot_come_is_written_at_the_gateway() -> None:
    assert words('door = "open"', 'door = "shut"', sv__never='door = "ajar"') == []
    (said,) = words('door = "open"', 'door != "open"', sv__never="door = ")
    assert "sv:never “door =” cannot be read" in said


def after(first: str, *between: str, flows: tuple[str, ...]) -> list[str]:
    """What is found at a second gateway, behind the way `first` of the one before it."""
    parts = {
        "G": xml.node("exclusiveGateway", "G", DOCUMENTED),
        "open": xml.flow("open", "G", "H", first),
        "shut": xml.flow("shut", "G", "E1", f"not({first})"),
        "H": "\n".join([xml.node("exclusiveGateway", "H", DOCUMENTED), *between]),
        "h1": xml.flow("h1", "H", "E2", flows[0]).replace('id="h1"', 'id="h1" name="one"'),
        "h2": xml.flow("h2", "H", "E2", flows[1]).replace('id="h2"', 'id="h2" name="two"'),
    }
    return [problem.words for problem in find(parts, pack={"variables": VARIABLES | SET})]


SET: dict[str, Any] = {"look": CASES}


def test_what_an_earlier_choice_has_kept_out_need_not_be_covered() -> None:
    """`look` is set by the form before both gateways, and by nothing between them."""
    two = ('look = "open"', 'look = "shut"')
    assert after('look != "ajar"', flows=two) == []
    assert after('look != "shut"', flows=two) == ["When look is “ajar”, no way leads on from “H”."]


def test_what_is_set_again_can_have_every_value_again() -> None:
    again = xml.user(
        "B", DOCUMENTED, sv__form="F-X", sv__layer="L2", sv__basis="Article 1"
    ) + xml.chain("B", "H")
    lane = "<bpmn:flowNodeRef>A</bpmn:flowNodeRef>"
    two = ('look = "open"', 'look = "shut"')
    parts = {
        "lane": f'<bpmn:laneSet id="ls"><bpmn:lane id="lane" name="C" sv:role="fr.custody">{lane}'
        "<bpmn:flowNodeRef>B</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>",
        "G": xml.node("exclusiveGateway", "G", DOCUMENTED),
        "open": xml.flow("open", "G", "B", 'look != "ajar"'),
        "shut": xml.flow("shut", "G", "E1", 'look = "ajar"'),
        "H": xml.node("exclusiveGateway", "H", DOCUMENTED) + again,
        "h1": xml.flow("h1", "H", "E2", two[0]).replace('id="h1"', 'id="h1" name="one"'),
        "h2": xml.flow("h2", "H", "E2", two[1]).replace('id="h2"', 'id="h2" name="two"'),
    }
    found = [problem.words for problem in find(parts, pack={"variables": VARIABLES | SET})]
    assert found == ["When look is “ajar”, no way leads on from “H”."]


TABLE = (
    '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d"'
    ' namespace="urn:test"><decision id="route" name="route">'
    '<decisionTable id="t" hitPolicy="FIRST">'
    '<input id="i"><inputExpression id="e"><text>look</text></inputExpression></input>'
    '<output id="o" name="superior"/><rule id="r1"><inputEntry id="c"><text>-</text></inputEntry>'
    '<outputEntry id="a"><text>"{role}"</text></outputEntry></rule></decisionTable></decision>'
    "</definitions>"
)


@pytest.mark.parametrize(
    ("role", "found"),
    [
        ("fr.custody", []),
        ("common.custody", []),
        ("fr.wizard", ["Row 1, superior: There is no role fr.wizard."]),
    ],
)
def test_a_table_that_says_who_comes_next_names_functions(role: str, found: list[str]) -> None:
    lane = (
        '<bpmn:laneSet id="ls"><bpmn:lane id="lane" name="Next" sv:role="=superior">'
        "<bpmn:flowNodeRef>A</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>"
    )
    pack = {"variables": {**PACK["variables"], "superior": {"type": "code"}}}
    problems = find({"lane": lane}, pack, **{"route.dmn": TABLE.format(role=role).encode()})
    assert [problem.words for problem in problems] == found
