"""What decision files answer, and what is refused in them."""

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feel.decisions import DecisionError, load_decisions, problems

NAMESPACE = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def escaped(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def table(*rules, inputs=("x",), outputs=("y",), policy="UNIQUE", more="", columns="", **options):
    """The XML of one table; a rule is a text of cells, inputs | outputs."""
    asked = "".join(
        f'<input id="i{at}"><inputExpression typeRef="{options.get("kind", "")}">'
        f"<text>{name}</text></inputExpression>{options.get('allowed', '')}</input>"
        for at, name in enumerate(inputs)
    )
    answered = "".join(
        f'<output id="o{at}" name="{name}">{columns}</output>' for at, name in enumerate(outputs)
    )
    rows = ""
    for at, rule in enumerate(rules, 1):
        cells = [cell.strip() for cell in rule.split("|")]
        rows += f'<rule id="r{at}">'
        for place, cell in enumerate(cells):
            side = "input" if place < len(inputs) else "output"
            rows += (
                f'<{side}Entry id="r{at}c{place + 1}"><text>{escaped(cell)}</text></{side}Entry>'
            )
        rows += "</rule>"
    return (
        f'<decision id="d" name="Route"><variable name="route"/>{more}'
        f'<decisionTable id="t" hitPolicy="{policy}" {options.get("aggregate", "")}>'
        f"{asked}{answered}{rows}</decisionTable></decision>"
    )


def requiring(decision):
    return (
        f'<informationRequirement><requiredDecision href="#{decision}"/></informationRequirement>'
    )


def file(*decisions, namespace=NAMESPACE):
    body = "".join(decisions)
    return f'<definitions xmlns="{namespace}" id="f" name="f">{body}</definitions>'.encode()


def answer(xml, decision="d", **context):
    return load_decisions(file(xml), "route.dmn").evaluate(decision, context)


def found(xml):
    return [str(problem) for problem in problems(file(xml), "route.dmn")]


ROUTES = ('"a" | "unit"', '"b", "c" | "region"', 'not("a", "b", "c") | "central"')


@pytest.mark.parametrize(("x", "expected"), [("a", "unit"), ("c", "region"), ("z", "central")])
def test_a_table_answers_with_the_rule_that_matches(x, expected):
    assert answer(table(*ROUTES), x=x) == expected


@pytest.mark.parametrize(
    "namespace",
    [
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
        "https://www.omg.org/spec/DMN/20230324/MODEL/",
    ],
)
def test_all_versions_of_the_standard_are_read(namespace):
    raw = file(table(*ROUTES), namespace=namespace)
    assert load_decisions(raw).evaluate("d", {"x": "a"}) == "unit"


def test_several_outputs_are_a_context_and_become_variables():
    xml = table('"a" | "unit" | 3', '- | "none" | 0', outputs=("role", "days"), policy="FIRST")
    decisions = load_decisions(file(xml))
    assert decisions.evaluate("d", {"x": "a"}) == {"role": "unit", "days": Decimal(3)}
    assert decisions.variables("d", {"x": "b"}) == {"role": "none", "days": Decimal(0)}
    assert load_decisions(file(table(*ROUTES))).variables("d", {"x": "a"}) == {"y": "unit"}


def test_two_matching_rules_under_unique_are_an_error_that_names_both():
    with pytest.raises(DecisionError, match=r"Table Route: rules 1 \(r1\) and 2 \(r2\) match") as e:
        answer(table("> 1 | 1", "> 2 | 2"), x=3)
    assert e.value.element_id == "r2"


def test_a_gap_is_an_error_that_names_the_values():
    with pytest.raises(DecisionError, match=r'Table Route: no rule matches x = "z"\. Add a rule'):
        answer(table('"a" | 1'), x="z")


def test_a_gap_is_answered_by_the_default_output():
    columns = '<defaultOutputEntry><text>"central"</text></defaultOutputEntry>'
    assert answer(table('"a" | "unit"', columns=columns), x="z") == "central"
    collected = table('"a" | "unit"', columns=columns, policy="COLLECT")
    assert answer(collected, x="z") == ["central"]
    empty = columns.replace('"central"', "[]")
    assert answer(table('"a" | "unit"', columns=empty, policy="COLLECT"), x="z") == []


def test_any_accepts_agreement_and_refuses_disagreement():
    assert answer(table("> 1 | 7", "> 2 | 7.0", policy="ANY"), x=3) == Decimal(7)
    with pytest.raises(DecisionError, match="answer differently"):
        answer(table("> 1 | 7", "> 2 | 8", policy="ANY"), x=3)


VALUES = '<outputValues><text>"high", "middle", "low"</text></outputValues>'
GRADES = ('> 1 | "low"', '> 2 | "high"', '> 3 | "middle"')


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("FIRST", "low"),
        ("PRIORITY", "high"),
        ("RULE ORDER", ["low", "high", "middle"]),
        ("OUTPUT ORDER", ["high", "middle", "low"]),
        ("COLLECT", ["low", "high", "middle"]),
    ],
)
def test_each_hit_policy_makes_its_own_of_several_matches(policy, expected):
    assert answer(table(*GRADES, policy=policy, columns=VALUES), x=9) == expected


@pytest.mark.parametrize(
    ("aggregation", "expected"),
    [("SUM", Decimal(9)), ("MIN", Decimal(2)), ("MAX", Decimal(4)), ("COUNT", Decimal(3))],
)
def test_collected_numbers_are_put_together(aggregation, expected):
    xml = table(
        "> 1 | 2", "> 2 | 3", "> 3 | 4", policy="COLLECT", aggregate=f'aggregation="{aggregation}"'
    )
    assert answer(xml, x=9) == expected


def test_texts_cannot_be_summed():
    xml = table('- | "a"', "> 1 | 2", policy="COLLECT", aggregate='aggregation="SUM"')
    with pytest.raises(DecisionError, match="cannot be put together by SUM"):
        answer(xml, x=9)
    counted = table("> 1 | 2", policy="COLLECT", aggregate='aggregation="COUNT"')
    assert answer(counted, x=0) == Decimal(0)


def test_outputs_are_expressions_that_see_the_variables():
    assert answer(
        table('"a" | days + param.extra', "- | 0", policy="FIRST"),
        x="a",
        days=2,
        param={"extra": 5},
    ) == Decimal(7)


def test_an_empty_condition_takes_anything_and_an_empty_output_is_refused():
    assert answer(table(" | 1"), x=None) == Decimal(1)
    assert "output column 1 cannot be read" in found(table("1 | "))[0]


def test_an_unknown_variable_names_the_table_and_the_column():
    with pytest.raises(
        DecisionError, match=r"Table Route: the input x cannot be read.*no variable x"
    ):
        answer(table(*ROUTES), y=1)
    with pytest.raises(DecisionError, match=r"rule 1 \(r1\), input x: .*no variable limit"):
        answer(table("> limit | 1"), x=1)
    with pytest.raises(DecisionError, match=r"rule 1 \(r1\), output y: .*no variable days"):
        answer(table("- | days"), x=1)


def test_a_value_of_the_wrong_type_or_out_of_the_list_is_an_error():
    with pytest.raises(DecisionError, match='input x is "3", but a number is expected'):
        answer(table("> 1 | 1", kind="number"), x="3")
    allowed = '<inputValues><text>"a", "b"</text></inputValues>'
    with pytest.raises(DecisionError, match='input x is "c", but it is not among the allowed'):
        answer(table("- | 1", allowed=allowed), x="c")
    with pytest.raises(DecisionError, match='output y is "none", but it is not among the allowed'):
        answer(table("- | z", columns=VALUES), x=1, z="none")


def test_types_of_the_file_bring_their_allowed_values():
    item = (
        '<itemDefinition name="tRoute"><typeRef>string</typeRef>'
        '<allowedValues><text>"a", "b"</text></allowedValues></itemDefinition>'
    )
    raw = file(item, table("- | 1", kind="tRoute"))
    assert load_decisions(raw).evaluate("d", {"x": "b"}) == Decimal(1)
    with pytest.raises(DecisionError, match="not among the allowed values"):
        load_decisions(raw).evaluate("d", {"x": "c"})


def test_required_decisions_are_made_first_and_only_once():
    more = requiring("level")
    level = (
        '<decision id="level" name="Level of concern"><variable name="the level"/>'
        "<literalExpression><text>if days > 3 then 2 else 1</text></literalExpression></decision>"
    )
    xml = level + table('2 | "region"', '1 | "unit"', inputs=("the level",), more=more)
    decisions = load_decisions(file(xml))
    assert decisions.evaluate("d", {"days": 4}) == "region"
    assert decisions.evaluate("level", {"days": 1}) == Decimal(1)
    assert decisions.names("d") == {"days"}
    assert set(decisions.all) == {"level", "d"}
    assert "level" in decisions


def test_knowledge_models_are_functions_of_the_file():
    xml = (
        '<businessKnowledgeModel id="k" name="double"><encapsulatedLogic>'
        '<formalParameter name="n"/><literalExpression><text>n * 2</text></literalExpression>'
        "</encapsulatedLogic></businessKnowledgeModel>"
        '<businessKnowledgeModel id="k2" name="for ever"><encapsulatedLogic>'
        '<formalParameter name="n"/><literalExpression><text>for ever(n)</text></literalExpression>'
        "</encapsulatedLogic></businessKnowledgeModel>"
        '<decision id="d" name="D"><literalExpression><text>double(n: x) + 1</text>'
        "</literalExpression></decision>"
        '<decision id="e" name="E"><literalExpression><text>for ever(1)</text>'
        "</literalExpression></decision>"
    )
    assert answer(xml, x=3) == Decimal(7)
    assert load_decisions(file(xml)).names("d") == {"x"}
    with pytest.raises(DecisionError, match="functions call each other"):
        answer(xml, decision="e")


def test_the_closed_set_of_outputs_is_known_where_all_entries_are_texts():
    xml = table('"a" | "unit" | 1', '- | "region" | 2', outputs=("role", "days"))
    decision = load_decisions(file(xml)).decision("d")
    assert decision.outputs == (("role", frozenset({"unit", "region"})), ("days", None))
    computed = load_decisions(file(table('- | "a" + "b"'))).decision("d")
    assert computed.outputs == (("y", None),)
    columns = '<defaultOutputEntry><text>"central"</text></defaultOutputEntry>'
    defaulted = load_decisions(file(table('1 | "unit"', columns=columns))).decision("d")
    assert defaulted.outputs == (("y", frozenset({"unit", "central"})),)


@pytest.mark.parametrize(
    ("xml", "words"),
    [
        (table("> | 1"), "Table Route, rule 1, input column 1 cannot be read"),
        (table("1 | 1", "2 | 3 +"), "Table Route, rule 2, output column 1 cannot be read"),
        (table("frob(?) | 1"), "There is no function frob"),
        (table("1 | 1", policy="LAST"), "no hit policy LAST"),
        (table("1 | 1", aggregate='aggregation="SUM"'), "aggregates, but does not collect"),
        (table("1 | 1", policy="COLLECT", aggregate='aggregation="AVG"'), "no aggregation AVG"),
        (table("1 | 1 | 1"), "has 1 conditions and 2 outputs"),
        (table(), "has no rule"),
        (table("1", outputs=()), "has no output column"),
        (table("1 | 1 | 2", outputs=("y", "y")), "no names of their own"),
        (table("1 | 1", inputs=("",)), "asks nothing"),
        (table("1 | 1", kind="tMissing"), "no type tMissing"),
        (table('1 | "none"', columns=VALUES), "is not among the allowed values"),
        (table("1 | 1", policy="PRIORITY"), "PRIORITY needs an order of values"),
        ("", "holds no decision"),
        ('<decision id="d" name="D"/>', "neither a decision table nor a literal expression"),
        (
            '<decision name="D"><literalExpression><text>1</text></literalExpression></decision>',
            "no id",
        ),
        (table("1 | 1") + table("1 | 1"), "Two decisions have the id d"),
        (
            table(
                "1 | 1",
                more=requiring("x"),
            ),
            "requires x, which is not there",
        ),
        (
            table(
                "1 | 1",
                more=requiring("d"),
            ),
            "requires itself",
        ),
        ('<import name="other"/>' + table("1 | 1"), "imports another file"),
        (
            table("1 | 1")
            .replace("<text>x", "<text>x", 1)
            .replace("<inputExpression", '<inputExpression expressionLanguage="python"'),
            "is written in python",
        ),
    ],
)
def test_a_faulty_file_is_refused_with_what_to_do(xml, words):
    assert any(words in problem for problem in found(xml)), found(xml)
    assert all(problem.remedy for problem in problems(file(xml), "route.dmn"))
    with pytest.raises(DecisionError) as caught:
        load_decisions(file(xml), "route.dmn")
    assert caught.value.problems


def test_a_faulty_cell_is_named_by_its_element_and_line():
    raw = file(table("1 | 1", "2 |  3 +")).replace(
        b'<outputEntry id="r2c2">', b'\n<outputEntry id="r2c2">'
    )
    (problem,) = problems(raw, "route.dmn")
    assert (problem.file, problem.element_id, problem.line) == ("route.dmn", "r2c2", 2)
    assert "rule 2, output column 1" in problem.words


def test_all_problems_of_a_file_are_told_at_once():
    assert len(found(table("> | 1", "2 | 3 +", policy="LAST"))) == 3
    assert found(table(*ROUTES)) == []


def test_an_unknown_decision_is_named_with_those_there_are():
    with pytest.raises(DecisionError, match=r"has no decision e\. It has d"):
        load_decisions(file(table("1 | 1")), "route.dmn").evaluate("e", {})


BOMB = '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa">]>'


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (BOMB.encode() + file(table("1 | 1")), "declares a document type"),
        (
            (
                '<?xml version="1.0" encoding="utf-16"?>' + BOMB + file(table("1 | 1")).decode()
            ).encode("utf-16"),
            "declares a document type",
        ),
        (b"<definitions", "not well-formed"),
        (b"", "not well-formed"),
        (b"\x00\xff", "not well-formed"),
        (b"<definitions/>", "no decision file of DMN 1.1 to 1.5"),
        (b"x" * 2_000_001, "larger than"),
    ],
)
def test_a_file_that_is_no_safe_decision_file_is_refused(raw, words):
    assert words in str(problems(raw, "route.dmn")[0])
    with pytest.raises(DecisionError, match=words):
        load_decisions(raw, "route.dmn")


def test_an_external_entity_is_never_read(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("secret words")
    raw = f'<!DOCTYPE d [<!ENTITY s SYSTEM "file://{secret}">]>'.encode() + file(
        table("1 | 1").replace("Route", "&s;")
    )
    with pytest.raises(DecisionError) as caught:
        load_decisions(raw)
    assert "secret words" not in str(caught.value)


def test_a_table_of_costly_cells_is_stopped():
    rules = ["(some a in 1..3000 satisfies a < 0) or ? = 1 | 1"] * 1500
    decisions = load_decisions(file(table(*rules, policy="COLLECT")))
    with pytest.raises(DecisionError, match="too many steps"):
        decisions.evaluate("d", {"x": 2})


BORDERS = st.lists(st.integers(0, 40), min_size=1, max_size=6, unique=True).map(sorted)


@given(BORDERS, st.integers(-5, 45))
def test_a_table_without_gap_or_overlap_always_answers_with_one_rule(borders, x):
    cells = [f"< {borders[0]}"]
    cells += [f"[{a}..{b})" for a, b in pairwise(borders)]
    cells.append(f">= {borders[-1]}")
    rules = [f"{cell} | {at}" for at, cell in enumerate(cells)]
    assert answer(table(*rules), x=x) == sum(border <= x for border in borders)


@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 3)), min_size=1, max_size=5),
    st.integers(0, 9),
)
def test_hit_policies_agree_with_a_plain_reading_of_the_rules(rules, x):
    hits = [out for least, out in rules if x >= least]
    cells = [f">= {least} | {out}" for least, out in rules]
    columns = "<outputValues><text>3, 2, 1, 0</text></outputValues>"
    expected = {
        "FIRST": hits[:1] and hits[0],
        "RULE ORDER": hits,
        "COLLECT": hits,
        "OUTPUT ORDER": sorted(hits, reverse=True),
        "PRIORITY": hits and max(hits),
        "UNIQUE": hits[0] if len(hits) == 1 else None,
        "ANY": hits[0] if len(set(hits)) == 1 else None,
    }
    for policy, wanted in expected.items():
        xml = table(*cells, policy=policy, columns=columns)
        if not hits or wanted is None:
            with pytest.raises(DecisionError):
                answer(xml, x=x)
        else:
            assert answer(xml, x=x) == wanted
