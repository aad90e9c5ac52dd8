"""The grammar of times and the arithmetic of legal days."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processes.deadlines import (
    Calendar,
    DeadlineError,
    Span,
    add,
    parse,
    resolve,
)

PARIS = "Europe/Paris"
FRANCE = Calendar("FR", {})


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(PARIS))


def due(text: str, base: str, calendar: Calendar = FRANCE, **dates) -> str:
    found = resolve(
        parse(text),
        base=at(base),
        zone=PARIS,
        calendar=calendar,
        parameter={"term": "P10WD", "hours": "PT72H"}.__getitem__,
        dates=dates,
    )
    assert found.tzinfo is UTC
    return found.astimezone(ZoneInfo(PARIS)).strftime("%Y-%m-%dT%H:%M:%S")


def test_the_start_day_does_not_count_and_the_end_is_the_end_of_the_local_day():
    assert due("P5D", "2026-03-02T09:00") == "2026-03-07T23:59:59"


def test_a_working_day_skips_the_weekend():
    assert due("P1WD", "2026-03-06T09:00") == "2026-03-09T23:59:59"


def test_ten_working_days_are_two_weeks():
    assert due("P10WD", "2026-03-02T09:00") == "2026-03-16T23:59:59"


def test_a_public_holiday_is_no_working_day():
    # Friday 1 May 2026
    assert due("P1WD", "2026-04-30T09:00") == "2026-05-04T23:59:59"


def test_the_services_own_table_wins_over_the_public_calendar_both_ways():
    ours = Calendar("FR", {date(2026, 5, 1): True, date(2026, 3, 3): False})
    assert due("P1WD", "2026-04-30T09:00", ours) == "2026-05-01T23:59:59"
    assert due("P1WD", "2026-03-02T09:00", ours) == "2026-03-04T23:59:59"


def test_hours_are_exact_across_the_change_to_summer_time():
    # 29 March 2026: the hour from 02:00 to 03:00 does not exist in Paris
    assert due("PT3H", "2026-03-29T01:00") == "2026-03-29T05:00:00"


def test_hours_are_exact_across_the_change_to_winter_time():
    assert due("PT3H", "2026-10-25T01:00") == "2026-10-25T03:00:00"


def test_a_month_from_the_last_of_january_ends_on_the_last_of_february():
    assert due("P1M", "2026-01-31T09:00") == "2026-02-28T23:59:59"
    assert due("P1M", "2028-01-31T09:00") == "2028-02-29T23:59:59"


def test_months_count_over_the_end_of_the_year():
    assert due("P3M", "2026-11-30T09:00") == "2027-02-28T23:59:59"


def test_years_and_weeks_are_read():
    assert due("P1Y", "2028-02-29T09:00") == "2029-02-28T23:59:59"
    assert due("P2W", "2026-03-02T09:00") == "2026-03-16T23:59:59"


def test_a_parameter_gives_the_length():
    assert due("param:term", "2026-03-02T09:00") == "2026-03-16T23:59:59"
    assert due("param:hours", "2026-03-02T09:00") == "2026-03-05T09:00:00"


def test_a_time_counts_back_from_a_date():
    assert due("P3WD before due", "2026-03-02T09:00", due=at("2026-03-16T23:59:59")) == (
        "2026-03-11T23:59:59"
    )


def test_a_time_counts_on_from_a_day_of_the_process():
    assert due("P0D after until", "2026-03-02T09:00", until=date(2026, 6, 2)) == (
        "2026-06-02T23:59:59"
    )


def test_days_and_hours_together_keep_the_hour():
    assert due("P1DT2H", "2026-03-02T09:00") == "2026-03-03T11:00:00"


def test_an_unset_date_is_an_error_that_names_it():
    with pytest.raises(DeadlineError, match="until"):
        due("P1D after until", "2026-03-02T09:00")


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "P",
        "PT",
        "10 days",
        "P1.5D",
        "-P1D",
        "P10WD after",
        "param:",
        "P1D beside x",
        "__import__('os')",
        "P99999D",
        "x" * 300,
        "R/P1D",
        "P1D; drop",
    ],
)
def test_what_is_not_a_time_is_refused_with_an_example(wrong):
    with pytest.raises(DeadlineError, match="Write"):
        parse(wrong)


@given(
    st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1)),
    st.integers(1, 60),
)
def test_the_end_of_working_days_is_a_working_day_and_as_many_lie_between(start, count):
    base = start.replace(tzinfo=ZoneInfo(PARIS))
    end = add(base, Span(working_days=count), 1, zone=PARIS, calendar=FRANCE)
    last = end.astimezone(ZoneInfo(PARIS)).date()
    assert FRANCE.works_on(last)
    days = [start.date() + timedelta(days=i) for i in range(1, (last - start.date()).days + 1)]
    assert sum(FRANCE.works_on(day) for day in days) == count


@given(
    st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1)),
    st.integers(0, 40),
    st.integers(0, 90),
)
def test_more_time_never_ends_earlier(start, months, days):
    base = start.replace(tzinfo=ZoneInfo(PARIS))
    shorter = add(base, Span(months=months, days=days), 1, zone=PARIS, calendar=FRANCE)
    longer = add(base, Span(months=months, days=days + 1), 1, zone=PARIS, calendar=FRANCE)
    assert shorter < longer
