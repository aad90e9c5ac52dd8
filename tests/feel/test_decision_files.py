"""Boxes, types, functions and names of decision files, also those that other tools write."""

from decimal import Decimal

import pytest

from feel.decisions import DecisionError, load_decisions, problems
from tests.feel.dmn import box, decision, file, given, knowledge, literal, load, table

DEADLINE = knowledge(
    "days left", literal("given days - days gone"), given_days="number", days_gone="number"
)


def answer(*parts, ask="d", **context):
    return load(*parts).evaluate(ask, context)


def entry(name, logic):
    variable = f'<variable name="{name}"/>' if name else ""
    return f"<contextEntry>{variable}{logic}</contextEntry>"


def bound(name, text):
    return f'<binding><parameter name="{name}"/>{literal(text)}</binding>'


def part(name, text):
    return box(name, literal(text))


BOXES = {
    "a context whose entries see those before them": (
        box("context", entry("a", literal("x + 1")), entry("b", literal("a * 2"))),
        {"a": Decimal(4), "b": Decimal(8)},
    ),
    "a context with a result": (
        box("context", entry("a b", literal("x + 1")), entry("", literal("a b * 2"))),
        Decimal(8),
    ),
    "a list": (box("list", literal("x"), literal("x + 1")), [Decimal(3), Decimal(4)]),
    "a relation": (
        box(
            "relation",
            *(box("column", name="n"), box("column", name="m")),
            *(box("row", literal("x"), literal("1")), box("row", literal("0"), literal("x"))),
        ),
        [{"n": Decimal(3), "m": Decimal(1)}, {"n": Decimal(0), "m": Decimal(3)}],
    ),
    "an invocation with arguments by name": (
        box("invocation", literal("days left"), bound("days gone", "x"), bound("given days", "10")),
        Decimal(7),
    ),
    "a call in an expression": (literal("days left(10, x) + 1"), Decimal(8)),
    "a choice": (
        box("conditional", part("if", "x > 2"), part("then", "1"), part("else", "2")),
        Decimal(1),
    ),
    "a loop": (
        box("for", part("in", "[1..x]"), part("return", "the n * 2"), iteratorVariable="the n"),
        [Decimal(2), Decimal(4), Decimal(6)],
    ),
    "a loop that sees what it made": (
        box(
            "for",
            part("in", "[1..4]"),
            part("return", "if i = 1 then 1 else i * partial[-1]"),
            iteratorVariable="i",
        ),
        [Decimal(1), Decimal(2), Decimal(6), Decimal(24)],
    ),
    "a loop over nothing known": (
        box("for", part("in", "null"), part("return", "1"), iteratorVariable="i"),
        None,
    ),
    "a filter": (
        box("filter", part("in", "[{n: 1}, {n: 5}]"), part("match", "n > x")),
        [{"n": Decimal(5)}],
    ),
    "some": (
        box("some", part("in", "[1, x]"), part("satisfies", "i > 2"), iteratorVariable="i"),
        True,
    ),
    "every": (
        box("every", part("in", "[1, x]"), part("satisfies", "i > 2"), iteratorVariable="i"),
        False,
    ),
    "every of which one cannot be said": (
        box("every", part("in", "[9, null]"), part("satisfies", "i > 2"), iteratorVariable="i"),
        None,
    ),
    "a function inside": (
        box(
            "context",
            entry(
                "twice",
                box("functionDefinition", box("formalParameter", name="n"), literal("n * 2")),
            ),
            entry("", literal("twice(x)")),
        ),
        Decimal(6),
    ),
    "a table inside": (
        box(
            "context",
            entry("level", table("UNIQUE", "x", '< 3 | "low"', '>= 3 | "high"')),
            entry("", literal('level = "high"')),
        ),
        True,
    ),
}


@pytest.mark.parametrize("what", BOXES)
def test_a_decision_may_be_written_as(what):
    logic, expected = BOXES[what]
    assert answer(DEADLINE, decision("d", logic), x=3) == expected


@pytest.mark.parametrize(
    ("logic", "words"),
    [
        ("<invocation/>", "d invokes nothing"),
        ("<conditional/>", "d has no if"),
        (f"<context>{entry('a', '')}</context>", "d, entry a has neither"),
        (f"<context>{entry('a', literal('1')) * 2}</context>", "two entries of one name"),
        (f"<list>{literal('1 +')}</list>", "d, item 1 cannot be read"),
        (f'<relation><column name="n"/><row>{literal("1") * 2}</row></relation>', "has 2 cells"),
        (
            f"<functionDefinition kind='Java'>{literal('1')}</functionDefinition>",
            "function of Java",
        ),
        ("<literalExpression><importedValues/></literalExpression>", "from another file"),
        ("<list>" * 40 + literal("1") + "</list>" * 40, "stands too deep"),
    ],
)
def test_a_faulty_box_is_refused_with_its_place(logic, words):
    found = [str(problem) for problem in problems(file(decision("d", logic)), "route.dmn")]
    assert any(words in problem for problem in found), found


def test_a_table_as_a_function_is_asked_with_arguments():
    ranks = knowledge("rank", table("FIRST", "n", "> 9 | 1", "- | 2"), n="number")
    assert answer(ranks, decision("d", literal("[rank(10), rank(3)]"))) == [1, 2]


def test_an_argument_of_the_wrong_type_is_an_error_with_its_name():
    with pytest.raises(DecisionError, match=r"Decision d: The argument given days does not fit: a"):
        answer(DEADLINE, decision("d", literal('days left("ten", 3)')))


def test_functions_that_call_each_other_for_ever_are_stopped_whatever_they_are_written_as():
    rows = table("FIRST", "n", "- | again(n + 1)")
    boxed = f"<invocation>{literal('again')}{bound('n', 'n')}</invocation>"
    for body in (rows, literal("again(n)"), boxed, f"<list>{literal('again(n)')}</list>"):
        with pytest.raises(DecisionError, match="functions call each other"):
            answer(knowledge("again", body, n="number"), decision("d", literal("again(1)")))


def test_functions_that_call_each_other_twice_are_stopped_before_they_are_done():
    body = literal("if n = 0 then 0 else fan(n - 1) + fan(n - 1)")
    with pytest.raises(DecisionError, match="too many steps"):
        answer(knowledge("fan", body, n="number"), decision("d", literal("fan(28)")))


def test_a_function_that_hides_one_of_the_language_is_refused():
    own = knowledge("count", literal("1"), n="Any")
    (problem,) = problems(file(own, decision("d", literal("1"))), "route.dmn")
    assert "count has the name of a function of the language" in str(problem)


def test_a_function_that_hides_data_or_another_function_is_refused():
    half, whole = knowledge("half", literal("1")), decision("d", literal("1"))
    for twice in (half, given("half"), decision("half", literal("2"))):
        (problem,) = problems(file(half, twice, whole), "route.dmn")
        assert "half is the name of two things in this file" in str(problem)


def test_a_table_asked_too_often_is_stopped():
    rows = table("COLLECT", "n", *["< 0 | 1"] * 999, "- | 1")
    with pytest.raises(DecisionError, match="too many steps"):
        answer(
            knowledge("rank", rows, n="number"),
            decision("d", literal("for i in 1..9999 return rank(i)")),
        )


LOAN = (
    '<itemDefinition name="tTerm"><typeRef>number</typeRef>'
    "<allowedValues><text>[1..480]</text></allowedValues></itemDefinition>"
    '<itemDefinition name="tLoan"><itemComponent name="the sum"><typeRef>number</typeRef>'
    '</itemComponent><itemComponent name="term"><typeRef>tTerm</typeRef></itemComponent>'
    '</itemDefinition><itemDefinition name="tLoans" isCollection="true"><typeRef>tLoan</typeRef>'
    "</itemDefinition>"
    '<itemDefinition name="tFew" isCollection="true"><typeRef>string</typeRef>'
    '<allowedValues><text>"a", "b"</text></allowedValues>'
    "<typeConstraint><text>count(?) &lt; 3</text></typeConstraint></itemDefinition>"
)


@pytest.mark.parametrize(
    ("kind", "text", "words"),
    [
        ("number", '"3"', 'its answer is "3", but a number is expected'),
        ("tTerm", "481", "not among the allowed values [1..480]"),
        ("tLoan", "{the sum: 1}", "its entry term is missing"),
        ("tLoan", "{the sum: 1, term: 0}", "of its entry term: it is not among"),
        ("tLoans", "[{the sum: 1, term: 1}, 3]", "of its item 2: a context is expected"),
        ("tFew", '["a", "c"]', "of its item 2: it is not among"),
        ("tFew", '["a", "a", "a"]', "not among the allowed values count(?) < 3"),
    ],
)
def test_an_answer_that_is_not_of_the_declared_type_is_an_error(kind, text, words):
    with pytest.raises(DecisionError) as caught:
        answer(LOAN, decision("d", literal(text), kind=kind))
    assert words in str(caught.value)


def test_a_list_of_one_and_its_item_stand_for_each_other_where_the_type_wants_it():
    assert answer(LOAN, decision("d", literal('"a"'), kind="tFew")) == ["a"]
    assert answer(LOAN, decision("d", literal("[7]"), kind="tTerm")) == Decimal(7)
    assert answer(LOAN, decision("d", literal("null"), kind="tLoan")) is None


@pytest.mark.parametrize(
    ("types", "words"),
    [
        ("<typeRef>t</typeRef>", "defined by itself"),
        ('<itemComponent name="c"><typeRef>t</typeRef></itemComponent>', "defined by itself"),
        ("<typeRef>u</typeRef>", "There is no type u"),
    ],
)
def test_a_type_that_cannot_be_made_out_is_a_problem(types, words):
    types = box("itemDefinition", types, name="t")
    found = problems(file(types, decision("d", literal("1"), kind="t")), "route.dmn")
    assert words in str(found[0])


def test_one_ordered_column_is_enough_to_rank_answers():
    columns = (
        '<output name="Given/Refused"><outputValues><text>"given", "refused"</text></outputValues>'
        '</output><output name="why"/>'
    )
    rows = ('- | "refused" | 1', '> 1 | "given" | 2')
    ranked = table("PRIORITY", "x", *rows, outputs=columns)
    assert answer(decision("d", ranked), x=2) == {"Given/Refused": "given", "why": Decimal(2)}
    listed = table("OUTPUT ORDER", "x", *rows, outputs=columns)
    assert [row["why"] for row in answer(decision("d", listed), x=2)] == [2, 1]


@pytest.mark.parametrize(
    "name",
    [
        "Full Name",
        "Approved/Declined",
        "days-left",
        "a+b",
        "l'âge",
        "Nombre d'années",
        "x.y",
        "in on",
    ],
)
def test_names_may_have_several_words_and_signs(name):
    parts = (given(name, "number"), decision("d", literal(f"{name} * 2")))
    assert load(*parts).evaluate("d", {name: 4}) == Decimal(8)
    assert load(*parts).names("d") == {name}


def test_a_name_that_is_no_name_of_the_language_takes_nothing_away_from_it():
    parts = (given("1", "number"), given("2 > 1", "number"), given("+", "number"))
    assert answer(*parts, decision("d", literal("1 + 2 > 1"))) is True


def test_a_long_chain_of_decisions_is_made_and_a_wide_one_only_once():
    chain = [decision("d0", literal("1"))]
    chain += [decision(f"d{n}", literal(f"d{n - 1} + 1"), f"d{n - 1}") for n in range(1, 1500)]
    assert answer(*chain, ask="d1499") == 1500
    wide = [decision("d0", literal("1")), decision("e0", literal("1"))]
    for n in range(1, 60):
        needs = (f"d{n - 1}", f"e{n - 1}")
        wide += [decision(f"{side}{n}", literal(" * ".join(needs)), *needs) for side in "de"]
    assert answer(*wide, ask="d59") == 1
    assert load(*wide).names("e59") == frozenset()


def test_decisions_in_a_circle_are_named_and_those_beside_it_are_not():
    parts = [
        decision("before", literal("1")),
        decision("a", literal("1"), "b", "before"),
        decision("b", literal("1"), "a"),
        decision("after", literal("1"), "a"),
    ]
    found = [str(problem) for problem in problems(file(*parts), "route.dmn")]
    assert len(found) == 2
    assert "The decision a requires itself" in found[0]
    assert "The decision b requires itself" in found[1]


def test_an_error_of_a_required_decision_is_told_once_and_the_others_are_made():
    decisions = load(
        decision("a", table("UNIQUE", "x", "1 | 1")),
        decision("b", literal("a + 1"), "a"),
        decision("c", literal("x + 1")),
    )
    answers = decisions.answers(["a", "b", "c"], {"x": 2})
    assert answers["a"] is answers["b"]
    assert "no rule matches" in str(answers["a"])
    assert answers["c"] == 3


SERVICE = '<decisionService id="s" name="All of it"><outputDecision href="#d"/></decisionService>'


def test_a_decision_service_is_read_and_calling_it_is_refused_in_words():
    assert answer(SERVICE, decision("d", literal("1"))) == 1
    calling = decision("d", literal("1")).replace(
        "<literalExpression>",
        '<knowledgeRequirement><requiredKnowledge href="#s"/></knowledgeRequirement>'
        "<literalExpression>",
    )
    (problem,) = problems(file(SERVICE, calling), "route.dmn")
    assert "calls the decision service All of it" in str(problem)


def test_a_file_of_another_tool_is_read_with_its_own_elements_and_empty_cells():
    raw = file(
        '<extensionElements><x:bounds xmlns:x="urn:x"/></extensionElements>',
        '<decision id="dish" name="Dish" x:ttl="P1D" xmlns:x="urn:x"><decisionTable>'
        '<input id="i" x:inputVariable=""><inputExpression typeRef="integer"><text>guests</text>'
        '</inputExpression></input><output id="o" name="dish" typeRef="string"/>'
        "<rule><description>Few</description><inputEntry><text><![CDATA[<= 8]]></text></inputEntry>"
        '<outputEntry><text>"Stew"</text></outputEntry></rule>'
        "<rule><inputEntry><text></text></inputEntry>"
        '<outputEntry expressionLanguage="feel"><text>"Soup"</text></outputEntry></rule>'
        "</decisionTable></decision>",
        namespace="http://www.omg.org/spec/DMN/20151101/dmn.xsd",
    )
    decisions = load_decisions(
        raw.replace(b"<decisionTable>", b'<decisionTable hitPolicy="FIRST">')
    )
    assert decisions.evaluate("dish", {"guests": 4}) == "Stew"
    assert decisions.evaluate("dish", {"guests": 40}) == "Soup"


def test_the_values_of_a_type_rank_answers_too():
    grade = box(
        "itemDefinition",
        box("typeRef", "string"),
        box("allowedValues", box("text", '"given", "refused"')),
        name="tGrade",
    )
    ranked = table(
        "PRIORITY", "x", '- | "refused"', '> 1 | "given"', outputs='<output typeRef="tGrade"/>'
    )
    assert answer(grade, decision("d", ranked), x=2) == "given"
    assert answer(grade, decision("d", ranked), x=0) == "refused"
