"""What the built-in functions answer."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest

from feel import EvaluationError, FeelError, YearsMonths, compile_expression
from feel.builtins import BUILTINS


def value(text, **context):
    return compile_expression(text).evaluate(context)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('substring("foobar", 3)', "obar"),
        ('substring("foobar", 3, 3)', "oba"),
        ('substring("foobar", -2, 1)', "a"),
        ('substring(string: "foobar", start position: 3)', "obar"),
        ('string length("forêt")', Decimal(5)),
        ('upper case("aé")', "AÉ"),
        ('lower case("AÉ")', "aé"),
        ('substring before("foobar", "bar")', "foo"),
        ('substring before("foobar", "xyz")', ""),
        ('substring after("foobar", "ob")', "ar"),
        ('contains("foobar", "of")', False),
        ('starts with("foobar", "fo")', True),
        ('ends with("foobar", "r")', True),
        ('trim("  a b ")', "a b"),
        ('string join(["a", null, "b"], ", ")', "a, b"),
        ("string join([])", ""),
        ('split("John Doe", "\\\\s")', ["John", "Doe"]),
        ('split("a;b;;c;", ";")', ["a", "b", "", "c", ""]),
        ('matches("foobar", "^fo*bar")', True),
        ('matches("FOO", "foo", "i")', True),
        ('replace("abcd", "(ab)|(a)", "[1=$1][2=$2]")', "[1=ab][2=]cd"),
        ('replace("0123", "\\\\d", "x")', "xxxx"),
        ("string(1.10)", "1.1"),
        ("string(1e3)", "1000"),
        ("string(null)", None),
        ('string(@"P1DT2H")', "P1DT2H"),
        ('string(@"2026-03-01T10:00:00.500+02:00")', "2026-03-01T10:00:00.5+02:00"),
        ('string([1, "a", {b: null}])', '[1, "a", {b: null}]'),
        ("string(true)", "true"),
        ("string((1..2])", "(1..2]"),
        ('number("1 000,5", " ", ",")', Decimal("1000.5")),
        (
            'number(from: "12.5", grouping separator: null, decimal separator: null)',
            Decimal("12.5"),
        ),
        ("number(x)", None),
    ],
)
def test_functions_on_texts(text, expected):
    assert value(text, x="12a") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("decimal(1 / 3, 2)", Decimal("0.33")),
        ("decimal(2.5, 0)", Decimal(2)),
        ("decimal(1234, -2)", Decimal(1200)),
        ("floor(-1.5)", Decimal(-2)),
        ("ceiling(1.2)", Decimal(2)),
        ("ceiling(-1.56, 1)", Decimal("-1.5")),
        ("round up(5.5, 0)", Decimal(6)),
        ("round down(-5.5, 0)", Decimal(-5)),
        ("round half up(-2.5, 0)", Decimal(-3)),
        ("round half down(2.5, 0)", Decimal(2)),
        ("abs(-10.5)", Decimal("10.5")),
        ('abs(@"-P1D")', timedelta(days=1)),
        ('abs(@"-P3M")', YearsMonths(3)),
        ("modulo(-12, 5)", Decimal(3)),
        ("modulo(12, -5)", Decimal(-3)),
        ("modulo(10, 0)", None),
        ("sqrt(16)", Decimal(4)),
        ("sqrt(-1)", None),
        ("log(1)", Decimal(0)),
        ("exp(0)", Decimal(1)),
        ("odd(5)", True),
        ("even(5)", False),
        ("odd(1.5)", None),
        ("decimal(1e-6000, 2)", Decimal(0)),
        ("round up(1e-6000, 2)", Decimal("0.01")),
        ("is(1, 1.0)", True),
        ('is(1, "1")', False),
    ],
)
def test_functions_on_numbers(text, expected):
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("count([1, 2])", Decimal(2)),
        ("count(3)", Decimal(1)),
        ("list contains([1, null], null)", True),
        ("min(3, 1, 2)", Decimal(1)),
        ("max([])", None),
        ('max("a", 1)', None),
        ('max([@"2026-01-01", @"2026-02-01"])', date(2026, 2, 1)),
        ("sum([1, 2, 3])", Decimal(6)),
        ("sum([])", None),
        ("sum([1, null])", None),
        ('sum(@"P1D", @"P2D")', timedelta(days=3)),
        ("mean(1, 2)", Decimal("1.5")),
        ("median(8, 2, 5, 3, 4)", Decimal(4)),
        ("median([6, 1, 2, 3])", Decimal("2.5")),
        ("mode(6, 3, 9, 6, 6)", [Decimal(6)]),
        ("mode([])", []),
        ("stddev(2, 4, 4, 4, 5, 5, 7, 9) > 2.13", True),
        ("product(2, 3, 4)", Decimal(24)),
        ("all([true, null, false])", False),
        ("all([])", True),
        ("any([false, null])", None),
        ("any(true, false)", True),
        ("sublist([4, 5, 6], 1, 2)", [Decimal(4), Decimal(5)]),
        ("sublist([4, 5, 6], -1)", [Decimal(6)]),
        ("append([1], 2, 3)", [Decimal(1), Decimal(2), Decimal(3)]),
        ("append([1], [2])", [Decimal(1), [Decimal(2)]]),
        ("concatenate([1, 2], [3])", [Decimal(1), Decimal(2), Decimal(3)]),
        ("concatenate([[1], [2]])", [[Decimal(1)], [Decimal(2)]]),
        ("union([1, 2], [2, 3])", [Decimal(1), Decimal(2), Decimal(3)]),
        ("distinct values([1, 2, 1])", [Decimal(1), Decimal(2)]),
        ("duplicate values([1, 2, 1, 1])", [Decimal(1)]),
        ("insert before([1, 3], 1, 2)", [Decimal(2), Decimal(1), Decimal(3)]),
        ("remove([1, 2, 3], -1)", [Decimal(1), Decimal(2)]),
        ("list replace([2, 4, 7], 3, 6)", [Decimal(2), Decimal(4), Decimal(6)]),
        ("list replace([2, 7], function(item, new) item < new, 5)", [Decimal(5), Decimal(7)]),
        ("reverse([1, 2])", [Decimal(2), Decimal(1)]),
        ("index of([1, 2, 1], 1)", [Decimal(1), Decimal(3)]),
        ("flatten([[1, [2]], 3])", [Decimal(1), Decimal(2), Decimal(3)]),
        ("sort([3, 1, 2])", [Decimal(1), Decimal(2), Decimal(3)]),
        ("sort([3, 1, 2], function(x, y) x > y)", [Decimal(3), Decimal(2), Decimal(1)]),
        ('sort([1, "a"])', None),
    ],
)
def test_functions_on_lists(text, expected):
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('get value({a: {b: 1}}, ["a", "b"])', Decimal(1)),
        ("get entries({a: 1})", [{"key": "a", "value": Decimal(1)}]),
        ('context([{key: "a", value: 1}])', {"a": Decimal(1)}),
        ('context put({a: 1}, "b", 2)', {"a": Decimal(1), "b": Decimal(2)}),
        ('context put({a: {b: 1}}, ["a", "b"], 2)', {"a": {"b": Decimal(2)}}),
        ("context merge([{a: 1}, {a: 2, b: 3}])", {"a": Decimal(2), "b": Decimal(3)}),
        ("date(2026, 3, 1)", date(2026, 3, 1)),
        ("date(2026, 2, 29 + 1)", None),
        ("date(x)", None),
        ("date(count(x))", None),
        ("get value({a: 1}, [[]])", None),
        ("time(10, 30, 15.5)", time(10, 30, 15, 500_000)),
        ('time(10, 30, 0, @"PT1H").time offset', timedelta(hours=1)),
        ('time(@"2026-03-01T10:00:00")', time(10)),
        ('date(@"2026-03-01T10:00:00")', date(2026, 3, 1)),
        ('date and time("2026-03-01")', datetime(2026, 3, 1)),
        ('day of week(@"2026-03-01")', "Sunday"),
        ('month of year(@"2026-03-01")', "March"),
        ('day of year(@"2026-02-01")', Decimal(32)),
        ('week of year(@"2026-01-01")', Decimal(1)),
    ],
)
def test_functions_on_contexts_and_dates(text, expected):
    assert value(text, x="2026-02-30") == expected


@pytest.mark.parametrize(
    "text",
    [
        "before(1, 10)",
        "not(before([1..10], [10..20]))",
        "before([1..10), [10..20])",
        "after([11..20], [1..10])",
        "meets([1..5], [5..10])",
        "met by([5..10], [1..5])",
        "overlaps([1..5], [3..8])",
        "not(overlaps([1..5), [5..8]))",
        "overlaps before([1..5], [3..8])",
        "not(overlaps before([3..8], [1..5]))",
        "overlaps after([3..8], [1..5])",
        "finishes(10, [1..10])",
        "finishes([5..10], [1..10])",
        "finished by([1..10], 10)",
        "starts(1, [1..10])",
        "starts([1..5], [1..10])",
        "started by([1..10], [1..5])",
        "includes([1..10], 5)",
        "includes([1..10], [1..10))",
        "not(includes([1..10), [1..10]))",
        "during(5, [1..10])",
        "during([4..6], [1..10])",
        "coincides([1..5], [1..5])",
    ],
)
def test_ranges_are_placed_against_each_other(text):
    assert value(text) is True


def test_every_function_answers_null_or_a_value_to_nulls():
    for name, function in BUILTINS.items():
        for form in function.forms:
            call = f"{name}({', '.join(['null'] * len(form))})"
            value(call)


@pytest.mark.parametrize("name", ["today", "now"])
def test_no_function_reads_the_clock(name):
    with pytest.raises(FeelError, match="do not read the clock"):
        compile_expression(f"{name}()")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("count()", r"count is called count\(list\), not with 0 arguments"),
        ("substring(text: 1)", "no arguments of these names"),
        ("substring(string: x, string: y)", "named twice"),
        ("contains(string: x, y)", "Name all arguments"),
        ("frobnicate(1)", "There is no function frobnicate"),
        ('date("2026-02-30")', '"2026-02-30" makes no date'),
        ('duration("10 days")', "makes no duration"),
        ('matches(x, "(")', "is not closed"),
    ],
)
def test_a_wrong_call_is_refused_when_it_is_compiled(text, words):
    with pytest.raises(FeelError, match=words):
        compile_expression(text)


def test_calling_a_variable_that_is_no_function_is_an_error():
    with pytest.raises(EvaluationError, match="f is a number, not a function"):
        value("{f: 1, g: f(2)}")
    with pytest.raises(EvaluationError, match="f asks for"):
        value("{f: function(a) a, g: f(1, 2)}")
