"""A danger is answered: by whom, by when, from what, and whatever becomes of its case."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from casework import access, notifications, oversight, submissions, work
from casework.player import Player
from casework.scenarios import ScenarioError, as_posted
from casework.tables import Case, Notification
from processes.ports import EffectCall
from processes.tables import ProcessInstance
from tests.casework.story import BASIS, NOTICE, REASONS, Story, grid
from tests.casework.test_detection_journey import decide

NAMED = "He has named a day and a place."
DANGER = {"first_look": "open", "reasons": REASONS, "urgent": True, "danger": NAMED}
ANSWER = {
    "danger_act": "passed_on",
    "passed_to": "The regional team",
    "acted_on": date(2026, 3, 2),
    "acted_at": "11:40",
    "reasons": "The team searched the cell before noon and found nothing.",
}


def raised(story: Story, **answers: str) -> Story:
    story.observe(**answers)
    story.complete("detection_first_look", "lead.north", **DANGER)
    return story


def answer(story: Story) -> None:
    story.complete("detection_answer_danger", "governor.north", **ANSWER)


def forms_of(story: Story, case_id) -> list[str]:
    with story.reading() as session:
        return [given.form for given in submissions.of_case(session, case_id)]


def shown_beside(story: Story) -> str:
    with story.writing() as session:
        page = story.page(session, "detection_answer_danger", "governor.north")
        return repr([section for material in page.read().material for section in material.sections])


def test_a_danger_is_named_next_after_the_first_look(story: Story) -> None:
    story.observe()
    with story.writing() as session:
        task = story.task(session, "detection_first_look")
        asking = story.asking(session, "lead.north")
        done = work.complete(*asking, task.id, MultiDict(as_posted(DANGER)))
    assert isinstance(done, work.Completed)
    assert "Next: Governor: “Answer the danger”." in done.sentences
    assert story.open_elements() == {"basis_and_age_ground", "detection_answer_danger"}


def test_the_governor_reads_the_observation_and_what_the_first_look_says_the_danger_is(
    story: Story,
) -> None:
    raised(story, what="He showed a sharpened handle.")
    read = shown_beside(story)
    assert "He showed a sharpened handle." in read
    assert NAMED in read


def test_the_danger_opens_nothing_restricted_but_what_it_is_about(story: Story) -> None:
    raised(story)
    story.complete("basis_and_age_ground", **BASIS)
    defer = {**NOTICE, "notice_choice": "defer"}
    story.complete("inform_or_defer_notice", **defer)
    story.complete("inform_or_defer_ask", until_proposed=date(2026, 3, 20))
    with story.reading() as session:
        viewer = story.viewer(session, "governor.north")
        sight = access.CaseSight(session, viewer, story.case(session))
        entries = [e for g in submissions.of_case(session, story.case_id) for e in g.entries]
        read = {(e.form, e.layer) for e in entries if sight.ground(e)}
    assert {("F-OBS", "L2"), ("F-TRIAGE", "L2")} <= read
    assert ("F-DEFER", "L2") not in read


def test_the_notice_leads_to_the_step_that_answers_it(story: Story) -> None:
    raised(story)
    with story.reading() as session:
        task = story.task(session, "detection_answer_danger")
        viewer = story.viewer(session, "governor.north")
        (notice,) = notifications.visible(story.platform, session, viewer)
        assert notice.task_id == task.id
        assert notifications.is_urgent(session, viewer)
    answer(story)
    with story.reading() as session:
        (notice,) = notifications.visible(story.platform, session, viewer)
        assert (notice.task_id, notice.level) == (None, 0)
        assert not notifications.is_urgent(session, viewer)
        assert "It was answered on" in notice.words


def test_an_unanswered_danger_goes_to_the_region_and_stands_in_oversight(story: Story) -> None:
    raised(story)
    story.do("wait", until="PT5H")
    assert "escalation_act" in story.open_elements()
    with story.reading() as session:
        task = story.task(session, "escalation_act")
        assert task.role == "fr.disp"
        platform, _, acting, viewer = story.asking(session, "region")
        shown = oversight.overview(platform, session, viewer, acting.now)
        assert "Answer the danger" in repr(shown)
    answer(story)
    assert "escalation_act" not in story.open_elements()


def test_a_danger_outlives_an_observation_of_which_nothing_is_kept(story: Story) -> None:
    raised(story)
    refused = {**BASIS, "basis_ok": "false", "legal_basis": "There is none."}
    story.complete("basis_and_age_ground", **refused)
    with story.reading() as session:
        assert story.case(session).at_end == "discard"
    assert story.open_elements() == {"detection_answer_danger"}
    assert NAMED in shown_beside(story)
    answer(story)
    with story.reading() as session:
        assert session.get(Case, story.case_id) is None


def test_the_answer_goes_where_the_danger_went(story: Story) -> None:
    story.observe()
    first = story.case_id
    story.complete("detection_first_look", "lead.north", first_look="open", reasons=REASONS)
    story.observe("custody2.north")
    second = story.case_id
    story.complete("detection_first_look", "lead.north", **DANGER)
    story.complete("basis_and_age_compare", duplicate_choice="join", reasons=REASONS)
    assert story.open_elements() == {"detection_answer_danger"}
    assert "F-DANGER" not in forms_of(story, first)
    with story.reading() as session:
        viewer = story.viewer(session, "governor.north")
        (notice,) = notifications.visible(story.platform, session, viewer)
        assert notice.case_id == first
        assert notice.task_id == story.task(session, "detection_answer_danger").id
    with story.writing() as session:
        task = story.task(session, "detection_answer_danger")
        asking = story.asking(session, "governor.north")
        done = work.complete(*asking, task.id, MultiDict(as_posted(ANSWER)))
        assert isinstance(done, work.Completed)
        assert done.case_id == first
    assert forms_of(story, first).count("F-DANGER") == 1
    with story.reading() as session:
        assert session.get(Case, second) is None
        kept = session.scalars(select(Notification).where(Notification.code == "urgent")).one()
        assert kept.case_id == first


def test_a_case_with_an_unanswered_danger_is_not_closed(story: Story) -> None:
    raised(story)
    with story.writing() as session:
        instance = session.get_one(
            ProcessInstance, story.task(session, "detection_answer_danger").instance_id
        )
        close(story.player, session, instance, "support")
        assert story.case(session).state == "open"
    answer(story)
    with story.writing() as session:
        close(story.player, session, instance, "support")
        assert story.case(session).state == "closed"


def close(player: Player, session, instance: ProcessInstance, stage: str) -> None:
    """What the end of a detection does to its case."""
    call = EffectCall(
        name="case.close",
        instance_id=instance.id,
        case_id=instance.case_id,
        establishment_id=instance.establishment_id,
        element_id="detection_supported",
        variables={},
        attributes={"stage": stage},
        guarded_task_id=None,
    )
    player.platform.ports.effects.run(session, player.acting(None), call)


def test_nothing_is_erased_before_the_danger_is_answered(story: Story) -> None:
    raised(story)
    up_to_the_list(story)
    with pytest.raises(ScenarioError, match="not been answered"):
        story.complete("close_and_erase_agree", inventory_agreed="true")
    answer(story)
    story.complete("close_and_erase_agree", inventory_agreed="true")


def up_to_the_list(story: Story) -> None:
    """Everything between the first look and the agreement to erase."""
    receipt = {"receipt": "signed", "handed_on": date(2026, 3, 2)}
    story.complete("basis_and_age_ground", **BASIS)
    story.complete("inform_or_defer_notice", **NOTICE)
    story.complete("tell_receive", **receipt)
    story.complete("rate_and_hear_name", **story.raters())
    story.grids(grid("G1"), grid("G2"), grid("G3"))
    decide(story, "close_unfounded")
    story.complete("inform_or_defer_notice", **NOTICE)
    story.complete("tell_receive", **receipt)
    found = {"finding": "unfounded", "reasons": REASONS, "not_involved": True}
    story.complete("close_and_erase_finding", **found)
    story.complete(
        "close_and_erase_sort",
        outside="None known.",
        certificate="Nothing is kept.",
        items=[{"which": "Observation", "treatment": "erase"}],
    )
