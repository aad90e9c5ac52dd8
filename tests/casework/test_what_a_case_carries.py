"""A case that carries a measure or a request is not thrown away, closed or erased beneath it."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from casework import work
from casework.refusals import Refused
from casework.scenarios import ScenarioError, as_posted
from casework.tables import Case, Measure
from processes.tables import HumanTask
from tests.casework.measures import URGENT, begin, ordered, told
from tests.casework.story import REASONS, Story
from tests.casework.test_answered_dangers import up_to_the_list

FIRST_LOOK = "detection_first_look"


def state(story: Story) -> tuple[str, str | None, list[str]]:
    with story.reading() as session:
        case = session.get_one(Case, story.case_id)
        measures = select(Measure.state).where(Measure.case_id == case.id)
        return case.state, case.at_end, list(session.scalars(measures))


def test_an_observation_is_not_discarded_from_under_a_measure(story: Story) -> None:
    ordered(story)
    with pytest.raises(ScenarioError, match="More than an observation stands in this case"):
        story.complete(FIRST_LOOK, "lead.north", first_look="nothing_kept", reasons=REASONS)
    assert state(story)[:2] == ("open", None)


def test_a_case_about_to_be_discarded_is_kept_with_what_was_begun_in_it(story: Story) -> None:
    ordered(story)
    with story.writing() as session:
        session.get_one(Case, story.case_id).at_end = "discard"
    told(story)
    story.do("wait", until="P4D")
    story.complete("tell_receive", receipt="signed", handed_on=story.player.played.now.date())
    story.complete(FIRST_LOOK, "lead.north", first_look="support", reasons=REASONS)
    story.complete("detection_offer_support")
    assert state(story)[:2] == ("closed", None)


def test_a_case_is_not_closed_over_a_measure_in_force(story: Story) -> None:
    ordered(story)
    story.complete(FIRST_LOOK, "lead.north", first_look="support", reasons=REASONS)
    story.complete("detection_offer_support")
    assert state(story)[0] == "open"
    story.do("interrupt", as_="coordinator.north", reason="released")
    assert "in_force" not in state(story)[2]


def test_the_first_look_does_not_hide_that_a_measure_runs(story: Story) -> None:
    ordered(story)
    with story.reading() as session:
        assert session.get_one(Case, story.case_id).stage == "measure"
    story.complete(FIRST_LOOK, "lead.north", first_look="open", reasons=REASONS)
    with story.reading() as session:
        assert session.get_one(Case, story.case_id).stage == "measure"


def test_nothing_is_erased_while_a_measure_runs(story: Story) -> None:
    story.observe()
    story.complete(FIRST_LOOK, "lead.north", first_look="open", reasons=REASONS)
    up_to_the_list(story)
    today = story.player.played.now.date()
    begin(story, "governor.north", "F-URGENT", **{**URGENT, "since": today})
    with pytest.raises(ScenarioError, match="still runs in this case"):
        story.complete("close_and_erase_agree", inventory_agreed="true")
    assert state(story)[0] == "open"


def test_what_was_begun_after_the_list_was_agreed_keeps_the_case_from_being_erased(
    story: Story,
) -> None:
    story.observe()
    story.complete(FIRST_LOOK, "lead.north", first_look="open", reasons=REASONS)
    up_to_the_list(story)
    story.complete("close_and_erase_agree", inventory_agreed="true")
    today = story.player.played.now.date()
    begin(story, "governor.north", "F-URGENT", **{**URGENT, "since": today})
    with story.reading() as session:
        wanted = select(HumanTask).where(
            HumanTask.case_id == story.case_id,
            HumanTask.element_id == "tell_receive",
            HumanTask.state == "open",
        )
        tasks = [t.id for t in session.scalars(wanted.order_by(HumanTask.created_at))]
    posted = MultiDict(as_posted({"receipt": "signed", "handed_on": today}))
    with story.writing() as session:
        asking = story.asking(session, "registry.north")
        with pytest.raises(Refused, match="encore en cours"):
            work.complete(*asking, tasks[0], posted)
        session.rollback()
    assert state(story)[0] == "open"
