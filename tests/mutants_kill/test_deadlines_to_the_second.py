"""Exact values where a slip of one would still look right."""

from __future__ import annotations

import pytest

from processes.deadlines import DeadlineError, Span, parse, parse_span


def test_hours_minutes_and_seconds_add_up():
    assert parse_span("PT2H5M7S") == Span(seconds=2 * 3600 + 5 * 60 + 7)
    assert parse_span("PT5M") == Span(seconds=300)
    assert parse_span("PT7S") == Span(seconds=7)


def test_a_time_of_two_hundred_signs_is_read_and_no_longer_one():
    longest = "P1D after " + "a" * 190
    assert len(longest) == 200
    assert parse(longest).anchor == "a" * 190
    with pytest.raises(DeadlineError, match="is not a time"):
        parse(longest + "a")
