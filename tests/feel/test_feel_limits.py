"""What hostile and careless texts come to."""

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feel import EvaluationError, FeelError, compile_expression, compile_unary_tests
from feel.builtins import BUILTINS
from feel.limits import MAX_LIST, MAX_PATTERN, MAX_TEXT


@pytest.mark.parametrize(
    ("text", "position", "words"),
    [
        ("", 0, "There is no expression"),
        ("1 +", 3, "A value is missing before the end"),
        ("a == b", 3, "Equality is written with one sign"),
        ("a && b", 2, "Write the word and"),
        ("'open'", 0, "double quotes"),
        ('"open', 0, "no closing double quote"),
        ("= a", 0, "cannot begin with ="),
        ("if a then b", 11, "if needs else"),
        ("for x in y", 10, "for needs return"),
        ("some x in y return x", 12, "some needs satisfies"),
        ("1 < x < 3", 6, "cannot be chained"),
        ("(1", 2, r"\) is expected before the end"),
        ("[1..5", 5, "A range ends with"),
        ('[1.."a"]', 0, "different kinds"),
        ("adult urgent", 6, "is an and, or or a sign missing"),
        ("not adult", 4, "not needs brackets"),
        ("x between 1 or 3", 12, "between needs two ends"),
        ("{a: 1, a: 2}", 7, "stands twice"),
        ("{a}", 1, "name: value"),
        ("?", 0, "table cells only"),
        ("x instance of thing", 14, "thing is no type"),
        ("1e999999", 0, "too large"),
        ('"\\q"', 1, "is unknown"),
        ('@"tomorrow"', 0, "no date, time or duration"),
        ("a;b", 1, "One expression only"),
        ("a.", 2, "must follow the dot"),
        ("}", 0, "A value is missing before }"),
    ],
)
def test_a_wrong_text_is_refused_with_its_place_and_a_way_out(text, position, words):
    with pytest.raises(FeelError, match=words) as caught:
        compile_expression(text)
    assert caught.value.position == position
    assert f"(at character {position + 1})" in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "().__class__.__base__.__subclasses__()",
        '__import__("os").system("id")',
        "lambda x: x",
        "exec(1)",
        '"".__class__',
        "x.__class__.__mro__",
        "x.__dict__",
        'string.format("{0.__class__}", 1)',
        "{__class__: 1}.__class__.__name__",
    ],
)
def test_no_expression_reaches_python(text):
    with pytest.raises((FeelError, EvaluationError)):
        compile_expression(text).evaluate({"x": {"a": 1}, "string": "s"})


@pytest.mark.parametrize(
    "text",
    [
        "(" * 5000 + "1" + ")" * 5000,
        "[" * 5000,
        "-" * 5000 + "1",
        "{a:" * 3000,
        "if true then " * 700,
        "1" + "+1" * 4000,
        "1" + "**1" * 3000,
        "x" + ".a" * 4000,
        "x" + "[1]" * 3000,
        "f(" * 4000,
        "not(" * 2000 + "x" + ")" * 2000,
        "for x in " * 1000,
        "x in (" * 1000,
        "(1 or (1 and (1 = (1 + (1 * (1 ** (1 - " * 200,
        "function(x) " * 800,
        "1" * (MAX_TEXT + 1),
    ],
    ids=lambda text: text[:8],
)
def test_a_text_that_is_too_long_or_too_deep_is_refused(text):
    with pytest.raises(FeelError):
        compile_expression(text)
    with pytest.raises(FeelError):
        compile_unary_tests(text)


def test_long_conditions_of_one_kind_are_allowed():
    text = " or ".join(f'code = "c{number}"' for number in range(500))
    assert compile_expression(text).evaluate({"code": "c499"}) is True


TWICE_AND_TWICE_AGAIN = "{l0: [1, 1], " + ", ".join(f"l{i + 1}: [l{i}, l{i}]" for i in range(19))


@pytest.mark.parametrize(
    "text",
    [
        "for a in 1..9999, b in 1..9999 return a",
        "some a in 1..9999, b in 1..9999, c in 1..9999 satisfies a + b + c < 0",
        "count(for a in 1..9999 return count(for b in 1..9999 return b))",
        "for a in 1..10000000000 return a",
        "for a in 1..1e6000 return a",
        "sort(for i in 1..9999 return -i, function(a, b) count([1..9][item > a]) > 5)",
        "distinct values(for i in 1..9999 return i)",
        TWICE_AND_TWICE_AGAIN + "}.l19",
        TWICE_AND_TWICE_AGAIN + ", same: l19 = l19}.same",
        TWICE_AND_TWICE_AGAIN + ", flat: count(flatten(l19))}.flat",
        TWICE_AND_TWICE_AGAIN + ", text: string length(string(l19))}.text",
        '{s0: "0123456789", ' + ", ".join(f"s{i + 1}: s{i} + s{i}" for i in range(20)) + "}.s20",
        "for a in 1..9999 return upper case(x)",
        "for a in 1..9999 return contains(x, x)",
        "{a: for i in 1..9000 return i, b: concatenate(a, a)}",
        'string join(for i in 1..9999 return "0123456789012345")',
        "9 ** 9 ** 9 ** 9 ** 9",
        "1e6000 * 1e6000",
        "exp(1e10)",
        "product(for i in 1..9999 return i * 1e100)",
        '@"P999999999D" + @"P999999999D" + @"P1D"',
        '@"P1D" * 1e30',
        "for i in 1..9000 return [partial[-1]]",
        "{f: function(g) g(g), r: f(f)}.r",
        "{f: function(g, n) if n = 0 then 0 else g(g, n - 1) + g(g, n - 1), r: f(f, 29)}.r",
        'replace(x, "(.)", "$1$1$1$1$1$1$1$1$1$1")',
        "modulo(1e6000, 3)",
    ],
    ids=lambda text: text[-30:],
)
def test_an_expression_that_would_never_end_is_stopped(text):
    with pytest.raises(EvaluationError):  # without a bound it would not come to an end at all
        compile_expression(text).evaluate({"x": "y" * 90_000})


@pytest.mark.parametrize(
    "pattern",
    ["(a+)+$", "^(a|a)*$", "(a|aa)+$", "(.*)*b", "a?" * 30 + "a" * 30 + "b", "(([a-z])+.)+[A-Z]"],
)
def test_a_pattern_that_ruins_other_matchers_answers_at_once(pattern):
    found = compile_expression("matches(text, pattern)").evaluate(
        {"text": "a" * 28 + "!", "pattern": pattern}
    )
    assert found is False


@pytest.mark.parametrize(
    "pattern",
    [
        "a" * (MAX_PATTERN + 1),
        "(a{200}){200}",
        "a{1,99999}",
        "(?=a)",
        "\\1",
        "(?P<n>a)",
        "*",
        "[b-a]",
    ],
)
def test_a_pattern_out_of_bounds_is_an_error(pattern):
    with pytest.raises(EvaluationError, match="pattern"):
        compile_expression("matches(text, pattern)").evaluate({"text": "aaa", "pattern": pattern})


def test_values_out_of_bounds_are_refused_when_they_are_read():
    read = compile_expression("count([x]) = 1")
    for hostile in ("x" * 200_000, Decimal("1e9999"), 10**9000, list(range(MAX_LIST + 1))):
        with pytest.raises(EvaluationError):
            read.evaluate({"x": hostile})


def test_a_list_that_contains_itself_is_refused():
    cycle = []
    cycle.append(cycle)
    circle = {}
    circle["again"] = circle
    for text in ("x", "x = x", "string(x)", "flatten([x])", "{a: x}"):
        for hostile in (cycle, circle):
            with pytest.raises(EvaluationError):
                compile_expression(text).evaluate({"x": hostile})


WORDS = st.sampled_from(
    [
        "1",
        "2.5",
        "x",
        "y",
        "seats",
        '"a"',
        "true",
        "false",
        "null",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ",",
        ":",
        ".",
        "..",
        "+",
        "-",
        "*",
        "/",
        "**",
        "=",
        "!=",
        "<",
        "<=",
        ">",
        ">=",
        "and",
        "or",
        "not(",
        "if",
        "then",
        "else",
        "for",
        "in",
        "return",
        "some",
        "every",
        "satisfies",
        "between",
        "count(",
        "sum(",
        "string(",
        "date(",
        '@"P1D"',
        "?",
        "function(",
        "instance",
        "of",
        "number",
        "get",
        "value(",
        "partial",
        "item",
        "1e300",
        '"(a+)+"',
        "matches(",
        "sort(",
    ]
)


@settings(max_examples=400, deadline=2000)
@given(st.lists(WORDS, max_size=14))
def test_any_row_of_words_is_refused_or_evaluated_and_nothing_else(words):
    text = " ".join(words)
    for compiled in (compile_expression, compile_unary_tests):
        try:
            ready = compiled(text)
        except FeelError:
            continue
        context = {"x": 3, "y": "a", "seats": [{"x": 1}, {"x": 2}], "count": 1}
        with suppress(EvaluationError):
            if compiled is compile_expression:
                ready.evaluate(context)
            else:
                assert ready.matches(3, context) in (True, False)


@settings(max_examples=300)
@given(st.text(max_size=40))
def test_any_text_is_refused_or_compiled_and_nothing_else(text):
    for compiled in (compile_expression, compile_unary_tests):
        with suppress(FeelError):
            compiled(text)


ATOMS = st.sampled_from(
    [
        *("1", "-1", "2.5", "1e6000", "1e-6000", "x", "seats", '"a"', '""', "true", "null", "[]"),
        *("{}", "{x: 1}", "[1..3]", "(> 2)", "[[1], [2]]", "function(a, b) a < b", '@"P1D"'),
        *('@"-P1M"', '@"9999-12-31"', '@"0001-01-01T00:00:00Z"', '@"10:00:00+14:00"'),
    ]
)
CALLS = st.sampled_from(
    [(name, len(form)) for name, builtin in BUILTINS.items() for form in builtin.forms]
)


def _larger(inner):
    return st.one_of(
        st.tuples(CALLS, st.lists(inner, min_size=5, max_size=5)).map(
            lambda t: f"{t[0][0]}({', '.join(t[1][: t[0][1]])})"
        ),
        st.tuples(inner, st.sampled_from(["+", "-", "*", "/", "**", "=", "<", "in"]), inner).map(
            lambda t: f"({t[0]}) {t[1]} ({t[2]})"
        ),
        st.tuples(inner, inner).map(lambda t: f"({t[0]})[{t[1]}]"),
        st.tuples(inner, inner).map(lambda t: f"(for i in {t[0]} return {t[1]})"),
        st.tuples(inner, inner).map(lambda t: f"[{t[0]}..{t[1]}]"),
        st.tuples(inner, st.sampled_from(["x", "year", "days", "start"])).map(
            lambda t: f"({t[0]}).{t[1]}"
        ),
    )


@settings(max_examples=600, deadline=5000)
@given(st.recursive(ATOMS, _larger, max_leaves=12))
def test_any_mixture_of_kinds_is_refused_or_evaluated_and_nothing_else(text):
    context = {"x": 3, "seats": [{"x": 1}, {"x": "a"}, None]}
    with suppress(FeelError, EvaluationError):
        compile_expression(text).evaluate(context)
    with suppress(FeelError, EvaluationError):
        assert compile_unary_tests(text).matches(3, context) in (True, False)
