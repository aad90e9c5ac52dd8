"""What expressions mean."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum

import pytest

from feel import EvaluationError, FeelError, Range, UnknownName, YearsMonths, compile_expression

CONTEXT = {
    "first_look": "open",
    "adult": True,
    "count_of_days": 4,
    "due": date(2026, 3, 1),
    "at": datetime(2026, 3, 1, 14, 30, tzinfo=UTC),
    "nothing": None,
    "seats": [{"role": "custody", "filled": True}, {"role": "probation", "filled": False}],
    "param": {"triage_due": timedelta(hours=72), "monitor": {"max": 6}},
}


def value(text, **more):
    return compile_expression(text).evaluate({**CONTEXT, **more})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # literals
        ("1.50", Decimal("1.5")),
        (".5", Decimal("0.5")),
        ("1e3", Decimal(1000)),
        ('"é\\u00e9\\n"', "éé\n"),
        ("true", True),
        ("null", None),
        ('@"2026-03-01"', date(2026, 3, 1)),
        ('@"14:30:00"', time(14, 30)),
        ('@"2026-03-01T14:30:00Z"', datetime(2026, 3, 1, 14, 30, tzinfo=UTC)),
        ('@"PT72H"', timedelta(days=3)),
        ('@"-P1Y2M"', YearsMonths(-14)),
        # arithmetic
        ("1 + 2 * 3 - 4 / 8", Decimal("6.5")),
        ("2 ** 3 ** 2", Decimal(64)),
        ("-2 ** 2", Decimal(4)),
        ("2 ** -1", Decimal("0.5")),
        ("- - 2", Decimal(2)),
        ("0.1 + 0.2 = 0.3", True),
        ("1 / 0", None),
        ('"a" + "b"', "ab"),
        ('"a" + 1', None),
        ("1 + nothing", None),
        # comparison
        ('first_look = "open"', True),
        ('first_look != "open"', False),
        ("count_of_days >= 4", True),
        ("1.0 = 1", True),
        ('1 = "1"', None),
        ("nothing = null", True),
        ("1 = null", False),
        ("1 < null", None),
        ('"a" < "b"', True),
        ("[1, 2] = [1, 2.0]", True),
        ("{a: 1, b: 2} = {b: 2, a: 1}", True),
        ("[1..3] = [1..3]", True),
        ("[1..3] = [1..3)", False),
        # in, between, ranges
        ("count_of_days between 1 and 4", True),
        ("count_of_days in [1..4]", True),
        ("count_of_days in [1..4)", False),
        ("count_of_days in ]4..9[", False),
        ("count_of_days in (1, 2, > 3)", True),
        ("count_of_days in > 3", True),
        ("count_of_days in (< 3)", False),
        ("count_of_days in [1, 4]", True),
        ('first_look in ("open", "support")', True),
        ("nothing in (1, null)", True),
        ("[1..5].end included", True),
        ("(>= 5).start", Decimal(5)),
        ('due in [@"2026-01-01"..@"2026-12-31"]', True),
        # logic
        ("adult and count_of_days > 3", True),
        ("not(adult) or nothing", None),
        ("false and nothing", False),
        ("nothing or true", True),
        ("not(nothing)", None),
        ("adult or unknown_name", True),
        # choice and loops
        ('if adult then "a" else "b"', "a"),
        ("1 + if adult then 1 else 2", Decimal(2)),
        ("for x in [1, 2, 3] return x * 2", [Decimal(2), Decimal(4), Decimal(6)]),
        ("for i in 3..1 return i", [Decimal(3), Decimal(2), Decimal(1)]),
        ("for i in [1..3) return i", [Decimal(1), Decimal(2)]),
        (
            "for x in [1, 2], y in [x, 10] return x * y",
            [Decimal(1), Decimal(10), Decimal(4), Decimal(20)],
        ),
        ("for i in 1..5 return if i <= 2 then 1 else sum(partial[-2], partial[-1])", None),
        (
            'for d in @"2026-01-30"..@"2026-02-01" return d.day',
            [Decimal(30), Decimal(31), Decimal(1)],
        ),
        ("some s in seats satisfies s.filled", True),
        ("every s in seats satisfies s.filled", False),
        ("some x in [] satisfies true", False),
        ("every x in [] satisfies false", True),
        ("some x in [null, 2] satisfies x > 5", None),
        # lists, filters, contexts
        ("[1, 2, 3][2]", Decimal(2)),
        ("[1, 2, 3][-1]", Decimal(3)),
        ("[1, 2, 3][9]", None),
        ("[1, 2, 3][item > 1]", [Decimal(2), Decimal(3)]),
        ("seats[filled].role", ["custody"]),
        ("seats[item.filled = false][1].role", "probation"),
        ("seats.role", ["custody", "probation"]),
        ("for r in [true] return seats[filled = r].role", [["custody"]]),
        ("{a: 1, b: a + 1}.b", Decimal(2)),
        ('{"long key": 1}.long key', Decimal(1)),
        ("{a: {b: {c: 7}}}.a.b.c", Decimal(7)),
        ("{f: function(x) x + 1, y: f(2)}.y", Decimal(3)),
        ("{f: function(x: number, y) x - y, z: f(y: 1, x: 5)}.z", Decimal(4)),
        # paths
        ("param.monitor.max + 1", Decimal(7)),
        ("param.triage_due.days", Decimal(3)),
        ("due.year", Decimal(2026)),
        ("due.weekday", Decimal(7)),
        ("at.hour", Decimal(14)),
        ("nothing.anything", None),
        # types
        ("due instance of date", True),
        ("at instance of date", False),
        ("at instance of date and time and adult", True),
        ("nothing instance of Null", True),
        ("adult instance of number", False),
        ("count_of_days instance of Any", True),
        # comments and white space
        ("1 // one\n + /* two */ 2", Decimal(3)),
    ],
)
def test_an_expression_has_its_value(text, expected):
    if "partial" in text:
        assert value(text) == [Decimal(1), Decimal(1), Decimal(2), Decimal(3), Decimal(5)]
    else:
        found = value(text)
        assert found == expected
        assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('@"2026-01-31" + @"P1M"', date(2026, 2, 28)),
        ('@"P1M" + @"2024-01-31"', date(2024, 2, 29)),
        ('@"2026-03-01" - @"P1D"', date(2026, 2, 28)),
        ('@"2026-03-01" - @"2026-02-01"', timedelta(days=28)),
        ('@"2026-03-01T01:00:00" - @"PT2H"', datetime(2026, 2, 28, 23)),
        ('@"23:00:00" + @"PT2H"', time(1)),
        ('@"14:00:00" - @"13:30:00"', timedelta(minutes=30)),
        ('@"P1D" * 3', timedelta(days=3)),
        ('3 * @"P1M"', YearsMonths(3)),
        ('@"P3D" / @"P1D"', Decimal(3)),
        ('@"P1Y" / 2', YearsMonths(6)),
        ('-@"P1D"', timedelta(days=-1)),
        ('@"P1D" < @"PT25H"', True),
        ('@"P1M" < @"P31D"', None),
        ('@"2026-03-01" < @"2026-03-01T10:00:00"', None),
        ('@"2026-03-01T10:00:00Z" = @"2026-03-01T11:00:00+01:00"', True),
        ('@"2026-03-01T10:00:00Z" < @"2026-03-01T11:00:00"', None),
        ('@"9999-12-31" + @"P1D"', None),
        ('date("2026-03-01") + duration("P10D")', date(2026, 3, 11)),
        ('date and time(date("2026-03-01"), time("10:00:00"))', datetime(2026, 3, 1, 10)),
        ('time("10:00:00@Europe/Paris").timezone', "Europe/Paris"),
        # a day of 23 hours in Paris: instants, not wall clocks
        (
            '@"2026-03-30T00:00:00@Europe/Paris" - @"2026-03-29T00:00:00@Europe/Paris"',
            timedelta(hours=23),
        ),
        ('(@"2026-03-29T00:00:00@Europe/Paris" + @"PT23H").day', Decimal(30)),
        ('years and months duration(@"2025-12-31", @"2026-03-01")', YearsMonths(2)),
    ],
)
def test_dates_and_durations_are_reckoned(text, expected):
    assert value(text) == expected


class Colour(StrEnum):
    RED = "red"


def test_values_of_the_outside_become_values_of_feel():
    assert value("x + 1", x=1) == Decimal(2)
    assert value("x = 0.1", x=0.1) is True
    assert value('x = "red"', x=Colour.RED) is True
    assert value("x[1] = 1 and count(x) = 2", x=(1, 2)) is True
    assert type(value("x", x=3)) is Decimal


@pytest.mark.parametrize("foreign", [object(), b"bytes", {1, 2}, float("nan"), Decimal("Infinity")])
def test_a_value_without_a_feel_type_is_refused(foreign):
    with pytest.raises(EvaluationError):
        value("x = 1", x=foreign)


def test_an_unknown_name_is_an_error_and_never_null():
    with pytest.raises(UnknownName, match="frist_look"):
        value('frist_look = "open"')
    with pytest.raises(UnknownName, match="There is no entry triage_deu; there is monitor"):
        value("param.triage_deu")
    with pytest.raises(UnknownName, match="A date has no part hour"):
        value("due.hour")


def test_a_name_that_may_be_missing_can_be_asked_for():
    assert value("is defined(unheard_of)") is False
    assert value("is defined(param.monitor.min)") is False
    assert value("is defined(first_look)") is True
    assert value("is defined(unheard_of) and unheard_of > 3") is False
    assert value('get value(param, "none")') is None


def test_if_refuses_null_instead_of_taking_it_for_false():
    with pytest.raises(EvaluationError, match="if needs true or false, and got null"):
        value("if nothing then 1 else 2")


def test_the_names_an_expression_reads_are_known():
    assert compile_expression('param.NAME > 3 and adult or x in (y, "z")').names == {
        *("param", "adult", "x", "y")
    }
    own = compile_expression("for i in list return {a: i, b: a + other, c: function(k) k + b}")
    assert own.names == {"list", "other"}
    assert compile_expression("is defined(maybe) and sure").names == {"sure"}
    filtered = compile_expression("seats[role = wanted]")
    assert filtered.names == {"seats"}
    assert filtered.names_in_filters == {"role", "wanted"}


def test_names_of_several_words_are_read_when_they_are_declared():
    names = frozenset({"Approval Status", "first-look (old)"})
    expression = compile_expression('Approval  Status = "open" and first-look (old) > 1', names)
    assert expression.names == names
    assert expression.evaluate({"Approval Status": "open", "first-look (old)": 2}) is True


def test_a_function_remembers_the_values_it_was_made_with():
    text = "{fs: for i in 1..3 return function() i, f: fs[2], r: f()}.r"
    assert value(text) == Decimal(2)


def test_partial_results_are_a_list_of_their_own():
    assert value("for i in 1..3 return count(partial)") == [Decimal(0), Decimal(1), Decimal(2)]
    assert value("for i in 1..2 return partial") == [[], [[]]]


def test_the_same_text_is_compiled_once():
    assert compile_expression("adult = true") is compile_expression("adult = true")


def test_evaluating_changes_nothing_that_was_handed_over():
    seats = [{"n": 2}, {"n": 1}]
    context = {"seats": seats}
    result = compile_expression('context put({a: seats}, "b", append(seats, 1))').evaluate(context)
    result["a"].append("more")
    result["a"][0]["n"] = 9
    assert seats == [{"n": 2}, {"n": 1}]
    assert context == {"seats": seats}


def test_a_range_is_a_value():
    assert value("[1..3]") == Range(Decimal(1), Decimal(3))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("for my item in [1, 2] return my item + 1", [2, 3]),
        ("some the n in [1] satisfies the n = 1", True),
        ("for a b in [1], c d in [a b + 1] return a b + c d", [3]),
        ("{first part: 1, second part: first part + 1}.second part", 2),
        ("{the f: function(the n) the n + 1, r: the f(the n: 2)}.r", 3),
    ],
)
def test_names_that_an_expression_brings_may_have_several_words(text, expected):
    assert compile_expression(text).evaluate({}) == expected
    assert compile_expression(text).names == frozenset()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{f: function(n) n * 2}.f(3)", 6),
        ("(function(n) n * 2)(n: 3)", 6),
        ("(function(a) function(b) a + b)(1)(2)", 3),
    ],
)
def test_a_function_is_called_where_it_stands(text, expected):
    assert compile_expression(text).evaluate({}) == expected


def test_only_functions_are_called():
    with pytest.raises(EvaluationError, match="f is a number, not a function"):
        compile_expression("{f: 1}.f(3)").evaluate({})
    with pytest.raises(FeelError, match="ends before"):
        compile_expression("5(3)")
    with pytest.raises(FeelError, match="Functions of other languages are not run"):
        compile_expression('function(a) external {java: {class: "x"}}')


def test_a_character_may_be_written_as_its_two_halves_and_not_as_one():
    assert compile_expression('"\\uD83D\\uDC0E"').evaluate({}) == "🐎"
    for half in ('"\\uD83D"', '"\\uDC0E"', '"\\U00D83D"'):
        with pytest.raises(FeelError, match="is no character"):
            compile_expression(half)
