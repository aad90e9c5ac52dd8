"""What the cells of decision tables let pass."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feel import FeelError, UnknownName, compile_unary_tests


@pytest.mark.parametrize(
    ("cell", "value", "passes"),
    [
        ("-", None, True),
        (" - ", 1, True),
        ("5", 5, True),
        ("5, 6", 6, True),
        ('"a","b"', "c", False),
        ("true", True, True),
        ("false", False, True),
        ("false", None, False),
        ("null", None, True),
        ("null", 1, False),
        ("not(null)", 1, True),
        ("not(5)", 5, False),
        ('not("a", "b")', "c", True),
        ("not(> 5, 1)", 1, False),
        ("not([0..7))", 7, True),
        ("not([0..7))", 6, False),
        ("not((0..7], 9)", 0, True),
        ("not((0..7], 9)", 9, False),
        ("not(? > 3) and (? < 9)", 2, True),
        ("not(? > 3) and (? < 9)", 4, False),
        ("> 5", 6, True),
        ("> 5", None, False),
        ("> 5", "text", False),
        ("= 5", 5, True),
        ("!= 5", 5, False),
        (">= limit", 7, True),
        ("< limit - 1", 6, False),
        ("[3..6]", 6, True),
        ("(3..6)", 3, False),
        ("]3..6[", 4, True),
        ("[3..6], > 9", 10, True),
        ("? > 3 and ? < 9", 5, True),
        ("? > 3 and ? < 9", 9, False),
        ("not(? > 3)", 2, True),
        ("list contains(known, ?)", 2, True),
        ("known", 3, False),
        ("known", 2, True),
        ("some x in known satisfies x = ?", 1, True),
        ("if limit > 3 then ? = 1 else ? = 2", 1, True),
        ('@"2026-03-01"', date(2026, 3, 1), True),
        ('[date("2026-01-01")..date("2026-12-31")]', date(2026, 3, 1), True),
        ("-1", -1, True),
        ("[-2..-1]", -1, True),
        ("? in (1, 2)", 2, True),
        ("[1, 2]", 2, True),
    ],
)
def test_a_cell_lets_pass_what_it_says(cell, value, passes):
    context = {"limit": 7, "known": [1, 2]}
    assert compile_unary_tests(cell).matches(value, context) is passes


@pytest.mark.parametrize(
    "cell", ["", "  ", ">", "5,", "not(", "1..5", "> 5 6", "- 5 -", "-, 5", "a b"]
)
def test_a_cell_that_cannot_be_read_is_refused(cell):
    with pytest.raises(FeelError):
        compile_unary_tests(cell)


def test_an_unknown_name_in_a_cell_is_an_error():
    with pytest.raises(UnknownName, match="limti"):
        compile_unary_tests("> limti").matches(3, {"limit": 1})


def test_the_values_a_cell_lists_are_known_in_their_order():
    assert compile_unary_tests('"high", "low"').literals == ("high", "low")
    assert compile_unary_tests('"high", x').literals is None
    assert compile_unary_tests('not("high")').literals is None
    assert compile_unary_tests("> 5").literals is None
    assert compile_unary_tests("-").literals is None


NUMBERS = st.decimals(-1000, 1000, places=2)


@given(NUMBERS, NUMBERS, NUMBERS, st.sampled_from("[]("), st.sampled_from("])["))
def test_an_interval_holds_what_lies_between_its_ends(low, high, value, opening, closing):
    above = low <= value if opening == "[" else low < value
    below = value <= high if closing == "]" else value < high
    cell = compile_unary_tests(f"{opening}{low}..{high}{closing}")
    assert cell.matches(value, {}) is (above and below)


@given(st.lists(NUMBERS, min_size=1, max_size=4), NUMBERS)
def test_not_lets_pass_exactly_what_the_cell_does_not(numbers, value):
    cell = ", ".join(map(str, numbers))
    plain = compile_unary_tests(cell).matches(value, {})
    assert plain is (value in numbers)
    assert compile_unary_tests(f"not({cell})").matches(value, {}) is not plain
    assert compile_unary_tests(f"? in ({cell})").matches(value, {}) is plain
    assert Decimal(value) == value
