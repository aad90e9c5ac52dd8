"""What holds for all expressions, whatever their values."""

import re
import timeit
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from feel import YearsMonths, compile_expression
from feel.patterns import pattern
from feel.values import NUMBERS, Frame


def value(text, **context):
    return compile_expression(text).evaluate(context)


PLAIN = st.one_of(
    st.none(),
    st.booleans(),
    st.decimals(-(10**12), 10**12, places=4),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n\r"), max_size=12),
)
MOMENTS = st.one_of(
    st.dates(),
    st.datetimes(timezones=st.just(UTC)),
    st.timedeltas(timedelta(-1000), timedelta(1000)),
    st.integers(-500, 500).map(YearsMonths),
)
NESTED = st.recursive(
    PLAIN,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.from_regex(r"[a-z]{1,6}x", fullmatch=True), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(NESTED)
def test_what_string_writes_is_read_again_as_the_same_value(given_value):
    written = value("string([x])", x=given_value)
    assert value(written) == value("[x]", x=given_value)


@given(MOMENTS)
def test_dates_and_durations_are_read_as_they_are_written(moment):
    assert value(f'@"{value("string(x)", x=moment)}"') == moment


TREES = st.recursive(
    st.integers(0, 99).map(lambda n: (str(n), Decimal(n))),
    lambda inner: st.tuples(inner, st.sampled_from("+-*/"), inner).map(
        lambda t: (f"({t[0][0]} {t[1]} {t[2][0]})", _reckon(t[0][1], t[1], t[2][1]))
    ),
    max_leaves=12,
)


def _reckon(left, sign, right):
    if left is None or right is None or (sign == "/" and right == 0):
        return None
    names = {"+": "add", "-": "subtract", "*": "multiply", "/": "divide"}
    return getattr(NUMBERS, names[sign])(left, right)


@given(TREES)
def test_arithmetic_is_that_of_decimal_numbers(tree):
    assert value(tree[0]) == tree[1]


@given(st.lists(st.integers(0, 20), min_size=2, max_size=6), st.data())
def test_signs_bind_as_everyone_learnt_at_school(numbers, data):
    signs = data.draw(st.lists(st.sampled_from("+-*"), min_size=5, max_size=5))
    text = str(numbers[0]) + "".join(
        f" {sign} {number}" for sign, number in zip(signs, numbers[1:], strict=False)
    )
    # Python's own reading of the same text is the oracle; it holds digits and signs only
    assert value(text) == Decimal(eval(text))


TRUTHS = st.sampled_from([True, False, None])


def _order(truth):
    return {False: 0, None: 1, True: 2}[truth]


@given(TRUTHS, TRUTHS, TRUTHS)
def test_and_or_and_not_follow_three_valued_logic(a, b, c):
    lowest, highest = min(a, b, c, key=_order), max(a, b, c, key=_order)
    assert value("a and b and c", a=a, b=b, c=c) is lowest
    assert value("a or b or c", a=a, b=b, c=c) is highest
    assert value("not(a and b) = (not(a) or not(b))", a=a, b=b) is True
    assert value("every x in l satisfies x", l=[a, b, c]) is lowest
    assert value("some x in l satisfies x", l=[a, b, c]) is highest


@given(st.lists(st.integers(-50, 50), max_size=12))
def test_lists_are_sorted_filtered_and_counted(numbers):
    assert value("sort(l)", l=numbers) == sorted(numbers)
    assert value("l[item > 0]", l=numbers) == [n for n in numbers if n > 0]
    assert value("count(distinct values(l))", l=numbers) == len(set(numbers))
    assert value("for n in l return n * n", l=numbers) == [n * n for n in numbers]
    assert value("sum(l)", l=numbers) == (sum(numbers) if numbers else None)
    assert value("reverse(reverse(l)) = l", l=numbers) is True


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(-240, 240))
def test_months_are_added_by_the_calendar(day, months):
    moved = value("d + m", d=day, m=YearsMonths(months))
    assert (moved.year - day.year) * 12 + moved.month - day.month == months
    assert moved.day == day.day or (moved.day < day.day and (moved + timedelta(1)).day == 1)


@given(st.datetimes(timezones=st.just(UTC)), st.timedeltas(timedelta(-9), timedelta(9)))
def test_adding_and_taking_away_a_duration_comes_back(at, span):
    assume(datetime(2, 1, 1, tzinfo=UTC) < at < datetime(9998, 1, 1, tzinfo=UTC))
    assert value("at + span - span = at", at=at, span=span) is True


@given(PLAIN, PLAIN)
def test_equality_goes_both_ways_and_unequal_is_its_opposite(a, b):
    same = value("a = b", a=a, b=b)
    assert value("b = a", a=a, b=b) is same
    assert value("a != b", a=a, b=b) is (None if same is None else not same)


PATTERNS = st.recursive(
    st.sampled_from(["a", "b", "[ab]", "[^a]", ".", "\\d", "x?", "a*", "b+?", "a{1,2}", "^", "$"]),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda t: f"({t[0]}|{t[1]})"),
        inner.map(lambda p: f"(?:{p})c"),
    ),
    max_leaves=5,
)


@settings(max_examples=400)
@given(PATTERNS, st.text("abcx1", max_size=8))
def test_patterns_match_as_the_patterns_of_python_do(written, text):
    theirs = re.search(written.replace("\\d", "[0-9]"), text)
    ours = pattern(written, "").search(text, 0, Frame({}, 0))
    assert (ours is None) == (theirs is None)
    if ours is not None:
        assert ours[:2] == theirs.span()
        assert ours[2:] == tuple(border for span in theirs.regs[1:] for border in span)


def test_a_condition_takes_a_few_microseconds():
    condition = compile_expression('first_look = "open" and adult = true and days > 3')
    context = {"first_look": "open", "adult": True, "days": 4}
    best = min(timeit.repeat(lambda: condition.evaluate(context), number=2000, repeat=5)) / 2000
    assert best < 50e-6  # about 2 on a quiet machine; the bound is for busy ones
