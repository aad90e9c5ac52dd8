"""Data for decisions from JSON, and answers as JSON."""

import json
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given as generated
from hypothesis import strategies as st

from feel.decision_inputs import read_json, taken
from feel.decision_outputs import to_json
from feel.errors import InputProblem
from feel.values import Range, YearsMonths
from tests.feel.dmn import box, decision, given, literal, load, table

KINDS = {
    "a number": ("number", Decimal("0.1"), Decimal("0.1")),
    "a text": ("string", "a", "a"),
    "a truth": ("boolean", True, True),
    "nothing": ("number", None, None),
    "a day": ("date", "2026-03-01", date(2026, 3, 1)),
    "a time": ("time", "14:30:00", time(14, 30)),
    "an instant": ("dateTime", "2026-03-01T14:30:00Z", datetime(2026, 3, 1, 14, 30, tzinfo=UTC)),
    "hours": ("dayTimeDuration", "PT72H", timedelta(3)),
    "months": ("years and months duration", "P1Y2M", YearsMonths(14)),
    "anything": ("Any", {"a": ["2026-03-01"]}, {"a": ["2026-03-01"]}),
    "a structure": (
        "tStay",
        {"from": "2026-03-01", "days": []},
        {"from": date(2026, 3, 1), "days": []},
    ),
}
STAY = box(
    "itemDefinition",
    box("itemComponent", box("typeRef", "date"), name="from"),
    box("itemComponent", box("typeRef", "number"), name="days", isCollection="true"),
    name="tStay",
)
GRADE = box(
    "itemDefinition",
    box("typeRef", "string"),
    box("allowedValues", box("text", '"high", "low"')),
    name="tGrade",
)


def take(kind, value):
    decisions = load(STAY, GRADE, given("the x", kind), decision("d", literal("[the x]")))
    return taken(decisions, ["d"], {"the x": value})["the x"]


@pytest.mark.parametrize("what", KINDS)
def test_json_is_taken_by_the_declared_type(what):
    kind, value, expected = KINDS[what]
    assert take(kind, value) == expected
    assert type(take(kind, value)) is type(expected)


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        ("number", "18", 'the x is "18", but a number is expected: write it as 18 or 0.5'),
        ("number", True, "the x is true, but a number is expected"),
        ("string", Decimal(18), "the x is 18, but a string is expected"),
        ("boolean", "true", "write it as true or false, without quotes"),
        ("date", "1 March", 'but a date is expected: write it as "2026-03-01"'),
        ("date", "2026-02-30", "but a date is expected"),
        ("dateTime", "2026-03-01", 'write it as "2026-03-01T14:30:00"'),
        ("dayTimeDuration", "P1Y", "but a days and time duration is expected"),
        ("tStay", [], "but a context is expected"),
        ("tStay", {"from": None}, "the x.days is missing"),
        ("tStay", {"from": None, "day": []}, "the x has no entry day: it has from, days"),
        ("tStay", {"from": None, "days": [Decimal(1), "2"]}, "the x.days, item 2 is"),
        ("tGrade", "middle", 'the x is "middle", but may only be one of "high", "low"'),
        ("number", Decimal("1e9999"), "is not a number of at most"),
        ("string", "a" * 200_000, "A text grew beyond"),
    ],
)
def test_a_value_of_another_type_is_refused_with_how_to_write_it(kind, value, words):
    with pytest.raises(InputProblem) as caught:
        take(kind, value)
    assert words in str(caught.value)


def test_what_is_missing_or_unknown_is_named():
    decisions = load(
        given("Age", "number"),
        given("shown only", "number"),
        decision("adult", literal("Age >= 18")),
        decision("route", table("FIRST", "adult", "true | limit", "- | 0"), "adult"),
    )
    assert taken(decisions, ["adult"], {"Age": Decimal(1)}) == {"Age": Decimal(1)}
    for given_, words in {
        (): "The data lack Age, read by adult; limit, read by route: give a value",
        ("Age",): "The file does not declare limit: is the name written right",
        ("Age", "limit", "Agee"): "Agee is nothing that route.dmn asks for. Is Age meant?",
        ("Age", "limit", "zzz"): "It asks for",
        ("Age", "limit", "adult"): "adult is a decision of route.dmn: it is made, not given",
    }.items():
        with pytest.raises(InputProblem, match=words):
            taken(decisions, ["route"], dict.fromkeys(given_, Decimal(1)))


def test_a_column_tells_the_type_of_a_variable_that_is_declared_nowhere():
    typed = table("FIRST", "day", '< date("2026-01-01") | 1', "- | 2").replace(
        "<inputExpression>", '<inputExpression typeRef="date">'
    )
    decisions = load(decision("d", typed))
    context = taken(decisions, ["d"], {"day": "2025-12-31"})
    assert decisions.evaluate("d", context) == 1


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"[1]", "must hold one JSON object"),
        (b"{", "is no JSON that can be read"),
        (b"\xff", "is no JSON that can be read"),
        (b'{"a": NaN}', "NaN is no number of JSON"),
        (b'{"a": 1, " a ": 2}', "a stands twice"),
        (b'{"a": {"b": 1, "b": 2}}', "b stands twice"),
        (b'{"a": 1e9999999999999999999}', "a number too large"),
        (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "nested too deeply"),
        (b" " * 2_000_001, "larger than"),
    ],
    ids=lambda value: str(value)[:24],
)
def test_data_that_cannot_be_read_are_refused_with_the_name_of_their_file(raw, words):
    with pytest.raises(InputProblem, match=f"data.json.*{words}"):
        read_json(raw, "data.json")


@generated(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_any_bytes_are_data_or_refused_and_nothing_else(raw):
    with suppress(InputProblem):
        assert isinstance(read_json(raw, "data.json"), dict)


def test_answers_are_written_as_json_with_all_their_digits():
    answer = {
        'a "b"': [Decimal("0.1234567890123456789012345678901234"), Decimal("1e-20"), Decimal(-0)],
        "é": {"day": date(2026, 3, 1), "span": timedelta(hours=30), "months": YearsMonths(14)},
        "range": Range(Decimal(1), Decimal(2)),
        "none": [None, True, [], {}],
        "large": Decimal("1e500"),
    }
    written = to_json(answer)
    read = json.loads(written, parse_float=Decimal)
    assert read['a "b"'] == [Decimal("0.1234567890123456789012345678901234"), Decimal("1e-20"), 0]
    assert read["é"] == {"day": "2026-03-01", "span": "P1DT6H", "months": "P1Y2M"}
    assert read["range"] == "[1..2]"
    assert read["none"] == [None, True, [], {}]
    assert read["large"] == Decimal("1e500")
    assert "é" in written


JSON = st.recursive(
    st.none() | st.booleans() | st.decimals(allow_nan=False, places=3) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=8,
)


@generated(JSON)
def test_what_is_written_reads_back(value):
    assert json.loads(to_json(value), parse_float=Decimal, parse_int=Decimal) == value


def test_half_a_character_in_the_data_is_written_escaped():
    half = json.loads('"\\ud83d"')
    to_json({half: half}).encode()
    assert json.loads(to_json({half: half})) == {half: half}
