"""Which part of a sentence is served, from when to when: the legal versions and their borders."""

from __future__ import annotations

from datetime import date

import pytest

from casework.clients.release import released_on, trial_ends
from feel.decisions import load_decisions
from processes.packs import MODELS, read_pack

PACK = read_pack(MODELS / "sweden")
PARAM = {parameter.name: parameter.value for parameter in PACK.parameters}


def served(final_on: date, months: int, **changed: str) -> tuple[str, str]:
    table = load_decisions(PACK.files["release.dmn"])
    seen = {"judgment_final_on": final_on, "sentence_months": months, "param": PARAM | changed}
    answer = table.evaluate("release-share", seen)
    return answer["release_share"], answer["trial_least"]


@pytest.mark.parametrize(
    ("final_on", "months", "expected"),
    [
        (date(2025, 12, 20), 48, ("two_thirds", "one_year")),  # scenario 10
        (date(2026, 2, 10), 84, ("three_quarters", "two_years")),  # scenario 10
        (date(2025, 12, 31), 84, ("two_thirds", "one_year")),  # the day before the step
        (date(2026, 1, 1), 84, ("three_quarters", "two_years")),  # the first day of the step
        (date(2026, 1, 1), 72, ("three_quarters", "two_years")),  # exactly its length
        (date(2026, 1, 1), 71, ("two_thirds", "two_years")),  # a month short of it
    ],
)
def test_the_part_that_is_served_follows_the_judgment_and_the_length(final_on, months, expected):
    assert served(final_on, months) == expected


def test_a_later_step_begins_on_the_day_that_is_set_for_it_and_no_code_is_changed():
    step = {"release_step_2_from": "2027-07-01", "release_step_2_months": "24"}
    assert served(date(2027, 6, 30), 24, **step) == ("two_thirds", "two_years")
    assert served(date(2027, 7, 1), 24, **step) == ("three_quarters", "two_years")
    assert served(date(2027, 7, 1), 23, **step) == ("two_thirds", "two_years")


def test_the_day_of_release_is_the_first_after_the_part_that_is_served():
    assert released_on(date(2024, 2, 1), 48, "two_thirds") == date(2026, 10, 2)
    assert released_on(date(2024, 2, 1), 48, "three_quarters") == date(2027, 2, 1)


def test_at_least_a_month_is_served():
    assert released_on(date(2026, 3, 1), 1, "two_thirds") == date(2026, 3, 31)


def test_the_trial_period_is_what_is_left_and_never_less_than_the_law_says():
    began = date(2024, 2, 1)
    released = released_on(began, 48, "two_thirds")
    assert trial_ends(began, 48, released, "one_year") == date(2028, 2, 1)
    assert trial_ends(began, 12, date(2024, 10, 1), "one_year") == date(2025, 10, 1)
    assert trial_ends(began, 12, date(2024, 10, 1), "two_years") == date(2026, 10, 1)
