"""Two cases about one person: who joins whom, and what stays."""

from __future__ import annotations

import pytest

from casework import shown
from casework.scenarios import ScenarioError
from casework.tables import Case
from tests.casework.story import REASONS, Story


def two_cases(story: Story) -> tuple:
    """An older and a younger case; both wait for the first look at the second."""
    story.observe()
    first = story.case_id
    story.complete("detection_first_look", "lead.north", first_look="open", reasons=REASONS)
    story.observe("custody2.north", what="Said it again in the workshop.")
    second = story.case_id
    story.complete("detection_first_look", "lead.north", first_look="open", reasons=REASONS)
    return first, second


def test_an_older_case_never_joins_a_younger_one(story: Story) -> None:
    story.observe()
    first = story.case_id
    story.do("wait", until="PT1H")
    story.observe("custody2.north", what="Said it again in the workshop.")
    story.player.played.case_id = first
    story.complete("detection_first_look", "lead.north", first_look="open", reasons=REASONS)
    assert story.open_elements() == {"basis_and_age_ground"}


def test_joining_is_refused_once_the_older_case_is_closed(story: Story) -> None:
    first, second = two_cases(story)
    with story.writing() as session:
        session.get_one(Case, first).state = "closed"
    with pytest.raises(ScenarioError, match="closed meanwhile"):
        story.complete("basis_and_age_compare", duplicate_choice="join", reasons=REASONS)
    with story.reading() as session:
        assert session.get_one(Case, second).state == "open"
    story.complete("basis_and_age_compare", duplicate_choice="keep_apart", reasons=REASONS)
    assert story.open_elements() == {"basis_and_age_ground"}


def test_a_closed_or_joined_case_is_not_called_open() -> None:
    assert shown.stage_words(Case(state="closed", stage="opened")) == "Closed"
    assert shown.stage_words(Case(state="open", stage="joined")) == "Joined to an open case"
