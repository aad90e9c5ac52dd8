"""Our evaluator against feelin: the same answers, but for the differences that are listed."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from feel import EvaluationError, YearsMonths, compile_expression
from tests.feel.expressions import CELLS, CONTEXT, EXPRESSIONS
from tests.feel.feelin_answers import WRITTEN, difference, feelin

ROOT = Path(__file__).parents[2]


class Refused:
    """In place of an answer: the expression ends in an error."""


REFUSED = Refused()
DIFFERENCES = {
    # what is written: (our answer, that of feelin as evaluate.mjs writes it)
    "sort([2, 1])": ([1, 2], None),
    "[1] = [1, 2]": (False, None),
    "[null] = [1]": (False, None),
    "remove([1, 2, 3], -2)": ([1, 3], [{"number": "2"}, {"number": "3"}]),
    "remove([1], 2)": (None, [{"number": "1"}]),
    "sublist([], 1, 1)": (None, []),
    "insert before([], 2, 1)": (None, [{"number": "1"}]),
    "insert before([1, 2], -1, 3)": ([1, 3, 2], [{"number": v} for v in "312"]),
    "5 in [9..1]": (False, True),
    "5 between 9 and 1": (False, True),
    'substring("a", -2, 1)': ("a", ""),
    'date("2026-03-01") + duration("PT36H")': (
        date(2026, 3, 2),
        {"written": "2026-03-02T12:00:00Z"},
    ),
    'years and months duration(date("2026-01-31"), date("2026-03-01"))': (
        YearsMonths(1),
        {"written": "P1M1D"},
    ),
    "every i in [1] satisfies i > null": (None, False),
    "if null then 1 else 2": (REFUSED, {"number": "2"}),
    "no such name + 1": (REFUSED, None),
    "{a: 1}.b": (REFUSED, None),
    "0.1 + 0.2 = 0.3": (True, False),
    "10 ** 30 + 1 - 10 ** 30": (1, {"number": "0"}),
}


def answer(text):
    try:
        return compile_expression(text, frozenset({"no such name"})).evaluate({})
    except EvaluationError:
        return REFUSED


def test_generated_expressions_are_answered_as_feelin_did():
    answers = json.loads(WRITTEN.read_text("utf-8"))
    assert len(answers) > 1000
    found = [difference(text, CONTEXT | put, theirs) for text, put, theirs in answers]
    assert [words for words in found if words] == []


@pytest.mark.parametrize("text", DIFFERENCES)
def test_where_we_differ_from_feelin_we_say_what_is_listed(text):
    ours = DIFFERENCES[text][0]
    assert answer(text) == (Decimal(ours) if type(ours) is int else ours)


def test_the_page_on_conformance_lists_every_difference():
    page = (ROOT / "docs" / "conformance.md").read_text("utf-8")
    listed = page.partition("## Against feelin")[2].partition("## ")[0].splitlines()
    rows = {line.split("`")[1] for line in listed if line.startswith("| `")}
    assert rows == DIFFERENCES.keys()


@pytest.mark.prove
def test_any_expression_of_the_common_part_is_answered_as_feelin_does():
    with feelin() as other:

        @settings(
            max_examples=4000,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        )
        @given(EXPRESSIONS)
        def same(text):
            assert difference(text, CONTEXT, other.ask(text, CONTEXT)) is None

        same()


@pytest.mark.prove
def test_any_cell_of_the_common_part_lets_pass_what_feelin_lets_pass():
    with feelin() as other:

        @settings(max_examples=2000, deadline=None)
        @given(CELLS)
        def same(cell):
            text, value = cell
            context = CONTEXT | {"?": value}
            assert difference(text, context, other.ask(text, context)) is None

        same()


@pytest.mark.prove
def test_feelin_says_what_was_written_down():
    with feelin() as other:
        for text, put, theirs in json.loads(WRITTEN.read_text("utf-8")):
            assert other.ask(text, CONTEXT | put) == theirs, text
        for text, (_, theirs) in DIFFERENCES.items():
            assert other.ask(text, {}) == {"value": theirs}, text
