"""Generates expressions of the part of FEEL that evaluators should agree on, typed as they grow."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

CONTEXT: dict[str, Any] = {
    "n": 7,
    "m": -2,
    "h": 2.5,
    "s": "Foobar",
    "e": "",
    "t": True,
    "f": False,
    "u": None,
    "l": [3, 1, 2, 3],
    "w": ["b", "a", "b"],
    "c": {"x": 4, "y": {"z": "deep"}},
    "r": [{"k": 1, "v": "one"}, {"k": 2, "v": "two"}, {"k": 3, "v": "three"}],
}
Texts = st.SearchStrategy[str]

LOW = st.integers(-3, 0).map(str)
SMALL = st.integers(1, 12).map(str)
PAIR = st.sampled_from(["1", "2"])
PLACES = st.sampled_from(["1", "2", "3", "-1", "-2"])
_NUMBER = st.one_of(
    SMALL,
    st.sampled_from(["0.5", "1.25", ".75", "10.05", "-3", "-0.5", "n", "m", "h", "c.x", "r[2].k"]),
)
_TEXT = st.sampled_from(
    ['"a"', '"Foo"', '"o"', '"ob"', '""', '"Äpfel"', '"a b"', "s", "e", "c.y.z", "r[1].v"]
)
_TRUTH = st.sampled_from(["true", "false", "t", "f"])
_NUMBERS = st.sampled_from(["l", "[]", "[1, 2, 3]", "[5]", "[2, -1, 2.5]", "r.k"])
_TEXTS = st.sampled_from(["w", "[]", '["x"]', '["b", "a"]', "r.v"])
_DAY = st.sampled_from(
    ['date("2026-03-01")', 'date("2024-02-29")', 'date("2025-12-31")', "date(2026, 1, 31)"]
)
_SPAN = st.sampled_from(['duration("P1D")', 'duration("-P3D")', 'duration("P40D")'])
_MONTHS = st.sampled_from(['duration("P1M")', 'duration("P1Y2M")', 'duration("-P2M")'])


def _joined(*parts: Any) -> Texts:
    made = [st.just(part) if isinstance(part, str) else part for part in parts]
    return st.tuples(*made).map("".join)


def _larger_numbers(numbers: Texts, texts: Texts, truths: Texts, lists: Texts, days: Texts) -> Any:
    sign = st.sampled_from([" + ", " - ", " * ", " / "])
    rounding = st.sampled_from(["floor", "ceiling", "abs"])
    total = st.sampled_from(["sum", "min", "max", "count", "mean", "median"])
    part = st.sampled_from(["year", "month", "day", "weekday"])
    return (
        _joined("(", numbers, sign, numbers, ")"),
        _joined(numbers, sign, numbers),
        _joined("-(", numbers, ")"),
        _joined("(", numbers, ") ** ", st.sampled_from(["0", "1", "2", "3"])),
        _joined(rounding, "(", numbers, ")"),
        _joined("modulo(", numbers, ", ", st.sampled_from(["3", "-3", "2.5"]), ")"),
        _joined("decimal(", numbers, ", ", st.sampled_from(["0", "1", "2"]), ")"),
        _joined(total, "(", lists, ")"),
        _joined("string length(", texts, ")"),
        _joined("(if ", truths, " then ", numbers, " else ", numbers, ")"),
        _joined(lists, "[", PLACES, "]"),
        _joined("(", days, ").", part),
    )


def _larger_truths(numbers: Texts, texts: Texts, truths: Texts, lists: Texts, days: Texts) -> Any:
    compare = st.sampled_from([" = ", " != ", " < ", " <= ", " > ", " >= "])
    same = st.sampled_from([" = ", " != "])
    junction = st.sampled_from([" and ", " or "])
    quantor = st.sampled_from(["some", "every"])
    opening, closing = st.sampled_from("[("), st.sampled_from("])")
    asked = st.sampled_from(["contains", "starts with", "ends with"])
    return (
        _joined("(", numbers, compare, numbers, ")"),
        _joined("(", texts, same, texts, ")"),
        _joined("(", days, compare, days, ")"),
        _joined("([", SMALL, ", ", LOW, "]", same, "[", SMALL, ", 0])"),
        _joined("(", truths, junction, truths, ")"),
        _joined("not(", truths, ")"),
        _joined("(", numbers, " between ", LOW, " and ", SMALL, ")"),
        _joined("((", numbers, ") in ", opening, LOW, "..", SMALL, closing, ")"),
        _joined("((", numbers, ") in (", SMALL, ", > ", SMALL, "))"),
        _joined("list contains(", lists, ", ", numbers, ")"),
        _joined(asked, "(", texts, ", ", texts, ")"),
        _joined("(", quantor, " i in ", lists, " satisfies i > ", SMALL, ")"),
        _joined("matches(", texts, ', "', st.sampled_from(["^F", "o+", "[a-c]", "b.r$"]), '")'),
        _joined("((", numbers, ") = null)"),
    )


def _larger_texts(numbers: Texts, texts: Texts, truths: Texts, words: Texts) -> Any:
    case = st.sampled_from(["upper case", "lower case"])
    side = st.sampled_from(["substring before", "substring after"])
    return (
        _joined("(", texts, " + ", texts, ")"),
        _joined(case, "(", texts, ")"),
        _joined("substring(", texts, ", ", PAIR, ")"),
        _joined("substring(", texts, ", -1)"),
        _joined("substring(", texts, ", ", PAIR, ", ", st.sampled_from(["1", "2", "4"]), ")"),
        _joined(side, "(", texts, ", ", texts, ")"),
        _joined("string(", SMALL, ")"),
        _joined("string(", truths, ")"),
        _joined("string join(", words, ', ", ")'),
        _joined("replace(", texts, ', "o", "0")'),
        _joined("(if ", truths, " then ", texts, " else ", texts, ")"),
        _joined(words, "[", PLACES, "]"),
    )


def _larger_lists(numbers: Texts, lists: Texts) -> Any:
    turned = st.sampled_from(["reverse", "distinct values", "flatten"])
    return (
        _joined("[", numbers, ", ", numbers, "]"),
        _joined("(for i in ", lists, " return i * ", numbers, ")"),
        _joined("(for i in ", SMALL, "..", SMALL, " return i)"),
        _joined("(", lists, ")[item > ", numbers, "]"),
        _joined("r[k > ", numbers, "].k"),
        _joined("append(", lists, ", ", numbers, ")"),
        _joined("concatenate(", lists, ", ", lists, ")"),
        _joined(turned, "(", lists, ")"),
        _joined("sort(", lists, ", function(a, b) a > b)"),
        _joined("sublist([", numbers, ", ", numbers, "], ", PAIR, ", 1)"),
        _joined("insert before([", numbers, ", ", numbers, "], ", PAIR, ", ", numbers, ")"),
        _joined("remove([", numbers, ", ", numbers, "], ", PAIR, ")"),
        _joined("index of(", lists, ", ", numbers, ")"),
        _joined("union(", lists, ", ", lists, ")"),
    )


def _grown(depth: int) -> dict[str, Texts]:
    """Expressions of each kind that stand at most so deep inside each other."""
    kinds: dict[str, Texts] = {
        "number": _NUMBER,
        "text": _TEXT,
        "truth": _TRUTH,
        "numbers": _NUMBERS,
        "texts": _TEXTS,
        "day": _DAY,
    }
    for _ in range(depth):
        of = [kinds[name] for name in ("number", "text", "truth", "numbers", "day")]
        number, text, truth, numbers, day = of
        moved = (
            _joined("(", day, " + ", _MONTHS, ")"),
            _joined("(", day, " - ", _MONTHS, ")"),
            _joined("(", day, " + ", _SPAN, ")"),
        )
        kinds = {
            "number": st.one_of(number, *_larger_numbers(*of)),
            "truth": st.one_of(truth, *_larger_truths(*of)),
            "text": st.one_of(text, *_larger_texts(number, text, truth, kinds["texts"])),
            "numbers": st.one_of(numbers, *_larger_lists(number, numbers)),
            "texts": st.one_of(kinds["texts"], _joined("reverse(", kinds["texts"], ")")),
            "day": st.one_of(day, *moved),
        }
    return kinds


_KINDS = _grown(3)
_DIFFERENCES = st.one_of(
    _joined(_KINDS["day"], " - ", _KINDS["day"]),
    _joined(_SPAN, " + ", _SPAN),
    _joined("u", st.sampled_from([" and ", " or "]), _KINDS["truth"]),
    _joined(_MONTHS, " + ", _MONTHS),
    _joined("{a: ", _KINDS["number"], ", b: a + 1, c: ", _KINDS["text"], "}"),
    _joined("{a: ", _KINDS["number"], ", b: a * 2}.b"),
)
EXPRESSIONS: Texts = st.one_of(*_KINDS.values(), _DIFFERENCES)

# -- cells of tables, and the values that are put to them

_NUMBER_EDGE = st.sampled_from(["-2", "0", "1", "2.5", "7", "n", "m + 3", "h * 2"])
_WORD = st.sampled_from(['"a"', '"b"', '"Foobar"', "s", "upper case(e)"])
_SIGN = st.sampled_from(["< ", "<= ", "> ", ">= "])


def _tests(*kinds: Texts) -> Texts:
    """A cell of several alternatives, of their denial, or a dash."""
    one = st.one_of(*kinds)
    some = st.lists(one, min_size=1, max_size=3).map(", ".join)
    return st.one_of(some, _joined("not(", some, ")"), st.just("-"))


_RANGES = _joined(
    st.sampled_from("[("), LOW, "..", st.sampled_from(["2.5", "7", "9"]), st.sampled_from("])")
)
_NUMBER_TESTS = (_NUMBER_EDGE, _joined(_SIGN, _NUMBER_EDGE), _joined("? ", _SIGN, _NUMBER_EDGE))
_WORD_TESTS = (
    _WORD,
    _joined(st.sampled_from(["? = ", "? != "]), _WORD),
    st.just('contains(?, "o")'),
)
CELLS: st.SearchStrategy[tuple[str, Any]] = st.one_of(
    st.tuples(_tests(*_NUMBER_TESTS, _RANGES), st.sampled_from([-2, 0, 1, 2, 2.5, 5, 7, 9])),
    st.tuples(_tests(*_WORD_TESTS), st.sampled_from(["a", "b", "Foobar", ""])),
    st.tuples(st.sampled_from(["true", "false", "not(true)", "true, false", "-"]), st.booleans()),
)
