"""What hostile expressions may take in memory, and what broken decision files come to."""

import resource
from contextlib import suppress

import pytest
from hypothesis import given as generated
from hypothesis import settings
from hypothesis import strategies as st

from feel import EvaluationError, FeelError, compile_expression
from feel.decision_inputs import taken
from feel.decisions import DecisionError, load_decisions, problems
from feel.errors import InputProblem
from feel.limits import MAX_MADE
from tests.feel.dmn import box, decision, file, given, knowledge, literal, load, table


def in_a_loop(text):
    return f"{{l: for i in 1..9000 return i, made: for j in 1..9000 return {text}}}.made"


@pytest.mark.parametrize(
    "text",
    [
        "for i in 1..9999 return x + string(i)",
        "for i in 1..9999 return x",
        "string(for i in 1..9999 return x)",
        "some i in 1..9999 satisfies x = x + string(i)",
        *map(in_a_loop, ("append(l, j)", "union(l, l)", "insert before(l, 1, j)", "string(l)")),
        *map(in_a_loop, ("concatenate(l, l)", "sublist(l, 1)", "reverse(l)", "l[item > 0]")),
    ],
)
def test_what_would_fill_the_memory_is_stopped(text):
    compiled = compile_expression(text)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # kB, the most so far
    with pytest.raises(EvaluationError, match=r"too (many|large)|grew beyond"):
        compiled.evaluate({"x": "y" * 90_000})
    taken_up = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert taken_up < MAX_MADE // 1024 * 16  # two machine words for each thing made


def test_many_names_of_several_words_make_no_text_slow_to_read():
    names = [f"{'a ' * 60}b{number}" for number in range(2000)]
    text = f"count([{', '.join(['a'] * 3000)}])"
    parts = [given(name, "number") for name in names]
    assert load(*parts, decision("d", literal(text))).evaluate("d", {"a": 1}) == 3000


def test_a_name_longer_than_any_name_is_no_name():
    name = "a " * 200 + "b"
    (problem,) = problems(file(given(name, "number"), decision("d", literal(name))))
    assert "follows a value" in str(problem)


def test_the_values_of_a_type_cannot_depend_on_data():
    item = box(
        "itemDefinition",
        box("typeRef", "number"),
        box("allowedValues", box("text", "[1..limit]")),
        name="t",
    )
    (problem,) = problems(file(item, decision("d", literal("1"), kind="t")))
    assert "cannot depend on limit" in str(problem)


def nested(inner, depth=18):
    return "<list>" * depth + inner + "</list>" * depth


def test_boxes_that_call_each_other_deeply_are_stopped():
    binding = f'<binding><parameter name="n"/>{literal("n")}</binding>'
    again = f"<invocation>{literal('deep')}{binding}</invocation>"
    with pytest.raises(DecisionError, match=r"nested too deeply|call each other"):
        load(
            knowledge("deep", nested(again), n="number"), decision("d", literal("deep(1)"))
        ).evaluate("d", {})
    with pytest.raises(DecisionError, match=r"nested too deeply|call each other"):
        load(
            knowledge("deep", nested(again), n="number"),
            decision("d", nested(again.replace(literal("n"), literal("1")))),
        ).evaluate("d", {})


def test_an_answer_nested_too_deeply_is_refused():
    folded = "if n = 0 then 1 else wrap(n - 1)"
    wrap = knowledge("wrap", nested(literal(folded), 5), n="number")
    assert load(wrap, decision("d", literal("wrap(1)"))).evaluate("d", {}) == [[[[[[[[[[1]]]]]]]]]]
    with pytest.raises(DecisionError, match="nested too deeply"):
        load(wrap, decision("d", nested(literal("wrap(12)")))).evaluate("d", {})


WHOLE = file(
    box(
        "itemDefinition",
        box("itemComponent", box("typeRef", "number"), name="the sum"),
        name="tLoan",
    ),
    given("Loan", "tLoan"),
    knowledge("half", literal("n / 2"), n="number"),
    decision("Share", literal("half(Loan.the sum)"), kind="number"),
    decision("Way", table("UNIQUE", "Share", '> 10 | "unit"', '<= 10 | "region"'), "Share"),
    decision(
        "Both",
        box("context", box("contextEntry", '<variable name="a"/>', literal("Share + 1"))),
        "Share",
        "Way",
    ),
)
PIECES = st.sampled_from(
    [
        *("<", ">", "/", '"', "=", "text", "decision", "variable", "name", "id", "typeRef", "rule"),
        *("tLoan", "number", "Share", "half(", "1", "+", "?", "-", "[", "&lt;", "&#x41;", " ", "é"),
        *("<list>", "</list>", "<context/>", "COLLECT", "PRIORITY", "isCollection", "inputEntry"),
    ]
)


@settings(max_examples=500, deadline=5000)
@generated(st.lists(st.tuples(st.integers(0, len(WHOLE)), st.integers(0, 40), PIECES), max_size=4))
def test_a_file_that_was_tampered_with_is_refused_or_asked_and_nothing_else(changes):
    text = WHOLE.decode()
    for at, length, piece in changes:
        text = text[:at] + piece + text[at + length :]
    raw = text.encode()
    try:
        decisions = load_decisions(raw)
    except DecisionError:
        assert problems(raw)
        return
    assert problems(raw) == []
    with suppress(InputProblem):
        context = taken(decisions, decisions.all, {"Loan": {"the sum": 30}})
        decisions.answers(decisions.all, context)
    with suppress(DecisionError):
        decisions.evaluate(next(iter(decisions.all)), {})


@settings(max_examples=200)
@generated(st.binary(max_size=80))
def test_any_bytes_are_a_decision_file_or_refused_and_nothing_else(raw):
    assert problems(raw)


@settings(max_examples=300, deadline=5000)
@generated(st.text(max_size=60), st.text(max_size=20))
def test_any_text_with_any_value_ends_in_a_value_or_an_error_of_ours(text, given_):
    with suppress(FeelError, EvaluationError):
        names = frozenset({"the sum", given_.strip() or "x"})
        compile_expression(text, names).evaluate({"the sum": given_, "x": [given_]})
