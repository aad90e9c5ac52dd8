"""Two cases about one person: who joins whom, and what stays."""

from __future__ import annotations

import pytest
from werkzeug.datastructures import MultiDict

from casework import casefile, notifications, shown, work
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


def test_of_two_cases_of_one_moment_the_first_is_the_older_whatever_is_looked_at_first(
    story: Story,
) -> None:
    story.observe()
    first = story.case_id
    story.observe("custody2.north", what="Said it again in the workshop.")
    second = story.case_id
    for case_id in (first, second):
        story.player.played.case_id = case_id
        story.complete("detection_first_look", "lead.north", first_look="open", reasons=REASONS)
    assert story.open_elements() == {"basis_and_age_compare"}
    story.complete("basis_and_age_compare", duplicate_choice="join", reasons=REASONS)
    with story.reading() as session:
        assert session.get(Case, second) is None
        assert session.get_one(Case, first).state == "open"


def test_who_joins_two_cases_is_told_so_and_led_to_the_one_that_stays(story: Story) -> None:
    first, _ = two_cases(story)
    answers = {"duplicate_choice": "join", "reasons": REASONS}
    with story.writing() as session:
        task = story.task(session, "basis_and_age_compare")
        asking = story.asking(session, "coordinator.north")
        done = work.complete(*asking, task.id, MultiDict(answers))
        assert isinstance(done, work.Completed)
        assert done.case_id == first
        assert "joined" in done.sentences[0]


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


def test_what_was_joined_keeps_the_name_of_its_step(story: Story) -> None:
    first, _ = two_cases(story)
    story.complete("basis_and_age_compare", duplicate_choice="join", reasons=REASONS)
    with story.writing() as session:
        page = casefile.case_page(*story.asking(session, "coordinator.north"), first)
        titles = [event.title for event in page.timeline if event.kind == "answers"]
    assert titles.count("First look") == 2
    assert not [title for title in titles if title.startswith("F-")]


def test_a_danger_goes_with_its_observation_into_the_case_that_it_joins(story: Story) -> None:
    story.observe()
    first = story.case_id
    story.complete("detection_first_look", "lead.north", first_look="open", reasons=REASONS)
    story.observe("custody2.north", what="He has named a day.")
    danger = {"urgent": True, "danger": "He has named a day."}
    opened = {"first_look": "open", "reasons": REASONS, **danger}
    story.complete("detection_first_look", "lead.north", **opened)
    story.complete("basis_and_age_compare", duplicate_choice="join", reasons=REASONS)
    with story.writing() as session:
        asking = story.asking(session, "governor.north")
        (notice,) = notifications.visible(story.platform, session, asking[3])
        assert notice.case_id == first
        assert "Unit lead" in notice.words
        page = casefile.case_page(*asking, first)
        (link,) = [event.entry_id for event in page.timeline if event.entry_id]
        read = casefile.entry_page(*asking, link)
        assert "He has named a day." in dict(read.sections[0][1]).values()


def test_a_correction_is_asked_for_once_at_a_time(story: Story) -> None:
    story.observe()
    with story.writing() as session:
        page = story.page(session, "detection_first_look", "lead.north")
        asking = story.asking(session, "lead.north")
        entry_id = page.targets[0].entry_id
        work.hand_back(*asking, page.task_id, "Which day?", entry_id=entry_id)
        with pytest.raises(work.Refused, match="asked for already"):
            work.hand_back(*asking, page.task_id, "Which day?", entry_id=entry_id)
