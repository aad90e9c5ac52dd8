"""Who hears that a case was ended early, and who now has an overdue step to get moving."""

from __future__ import annotations

from casework import notifications
from tests.casework.story import REASONS, Story, grid
from tests.casework.test_answered_dangers import raised
from tests.casework.test_detection_journey import decide


def told(story: Story, login: str) -> list[notifications.Notice]:
    with story.reading() as session:
        viewer = story.viewer(session, login)
        return list(notifications.visible(story.platform, session, viewer))


def sentences(story: Story, login: str) -> str:
    return "\n".join(notice.words for notice in told(story, login))


def test_the_owner_of_a_case_hears_why_it_was_ended(story: Story) -> None:
    story.observe()
    story.do("interrupt", as_="registry.north", reason="released")
    assert "was ended early: the person was released." in sentences(story, "coordinator.north")
    assert "Noa Basalt" in sentences(story, "coordinator.north")


def test_whoever_decided_last_hears_why_a_case_was_ended(story: Story) -> None:
    story.up_to_grids()
    story.grids(grid("G1"), grid("G2"), grid("G3"))
    decide(story, "close_unfounded")
    story.do("interrupt", as_="registry.north", reason="died")
    assert "was ended early: the person has died." in sentences(story, "director.north")
    assert "Basalt" not in sentences(story, "director.north")


def test_a_further_reason_is_told_to_the_owner_and_named(story: Story) -> None:
    story.observe()
    story.do("interrupt", as_="registry.north", reason="released")
    story.do("interrupt", as_="registry.north", reason="court_order")
    said = sentences(story, "coordinator.north")
    assert "which was ended early: a court orders otherwise." in said


def test_whoever_was_called_to_a_danger_hears_that_the_step_is_gone(story: Story) -> None:
    raised(story)
    story.do("interrupt", as_="registry.north", reason="died")
    assert "“Answer the danger” is no longer needed" in sentences(story, "governor.north")


def test_a_superior_whose_time_is_over_hears_whose_it_is_now(story: Story) -> None:
    story.observe()
    story.do("wait", until="P2WD after due:detection_first_look")
    story.do("wait", until="P3WD")
    assert "escalation_act_2" in story.open_elements()
    said = sentences(story, "management.north")
    assert (
        "“Get the task moving” for “First look” is no longer yours: its time is over. Governor has"
        " been asked now."
    ) in said
    story.do("wait", until="P6WD")
    said = sentences(story, "governor.north")
    assert "“See that it is done” for “First look” is no longer yours" in said
    assert "Oversight has been asked now." in said


def test_a_superior_whose_late_step_was_done_is_not_told_that_it_passed_on(story: Story) -> None:
    story.observe()
    story.do("wait", until="P2WD after due:detection_first_look")
    story.complete("detection_first_look", "lead.north", first_look="open", reasons=REASONS)
    assert "passed_up" not in {notice.code for notice in told(story, "management.north")}


def test_nobody_is_told_that_a_step_passed_on_when_the_case_was_ended(story: Story) -> None:
    story.observe()
    story.do("wait", until="P2WD after due:detection_first_look")
    story.do("interrupt", as_="registry.north", reason="released")
    assert "passed_up" not in {notice.code for notice in told(story, "management.north")}
