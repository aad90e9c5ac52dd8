"""Writing a value down in one way only."""

from __future__ import annotations

import json
from datetime import UTC, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.canonical import canonical, instant, plain_codes
from casework.chain_text import row_text

plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)
moments = st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=5))]))
codes = st.text("abcdefghijklmnopqrstuvwxyzABC0123456789_.:+=/-", max_size=30)


@given(plain)
def test_what_is_written_reads_back_and_writes_the_same(value):
    written = canonical(value)
    assert json.loads(written) == value
    assert canonical(json.loads(written)) == written


def strict(value):
    """Equality that tells true from 1."""
    if isinstance(value, dict):
        return {key: strict(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [strict(inner) for inner in value]
    return (type(value).__name__, value)


@given(plain, plain)
def test_different_values_are_never_written_alike(one, other):
    assert (canonical(one) == canonical(other)) == (strict(one) == strict(other))


@given(st.dictionaries(st.text(), st.integers()))
def test_the_order_of_keys_does_not_matter(value):
    assert canonical(value) == canonical(dict(reversed(value.items())))


@given(plain)
def test_only_ascii_is_written(value):
    assert canonical(value).isascii()


@given(moments)
def test_an_instant_is_written_alike_in_every_zone(moment):
    assert instant(moment) == instant(moment.astimezone(UTC))


@given(st.dictionaries(st.from_regex(r"[a-z][a-z_]{0,10}", fullmatch=True), codes))
def test_codes_pass_as_they_are(value):
    assert plain_codes(value) == value


@given(st.text(min_size=1).filter(lambda words: not words.isascii() or " " in words))
def test_free_text_never_passes_as_a_code(words):
    with pytest.raises(ValueError):
        plain_codes({"note": words})


def test_not_a_number_is_refused():
    with pytest.raises(ValueError):
        canonical(float("nan"))


FIELDS = {
    "id": 1,
    "agency_id": 2,
    "chain_id": 3,
    "position": 4,
    "actor_id": None,
    "actor_role": None,
    "act": "act",
    "subject_kind": "task",
    "subject_id": 5,
    "codes": {},
    "key_id": "k",
}


@given(moments, moments, st.text(), st.text())
def test_two_rows_are_sealed_alike_only_when_they_are_alike(at, case_at, act, role):
    row = {**FIELDS, "at": at, "case_at": case_at}
    changed = {**row, "act": act, "actor_role": role}
    assert row_text("", row) != row_text("", changed)
    assert row_text("a", changed) != row_text("b", changed)
