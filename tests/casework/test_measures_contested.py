"""Reviews and renewals, hearings and their pauses, what is withheld, what can be begun."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from casework import beginning, casefile
from casework.access import NotVisible
from casework.measures import hearing, pausing, showing
from casework.refusals import Refused
from casework.tables import Case, ClockPause, Remedy, WithheldElement
from casework.telling import Telling
from casework.words import ENGLISH
from processes.tables import Message, Timer
from tests.casework.measures import (
    ANSWER,
    DAY,
    TODAY,
    contested,
    criteria,
    decided,
    decision,
    decisions,
    grounds,
    in_place,
    measures,
    noon,
    ordered,
    pass_time,
    rows,
    running,
    told,
)
from tests.casework.story import Story


def reviewed(story: Story, review: str) -> None:
    """The review day has come, and each criterion was answered afresh."""
    pass_time(story, noon(TODAY + 41 * DAY))
    story.complete("review_and_expiry_test", **criteria("F-REV"), review=review)


def in_force(story: Story) -> set:
    return {m.id for m in measures(story, "reinforced_supervision") if m.state == "in_force"}


def renew(story: Story, **changes) -> None:
    """The measure reviewed in time, the person heard, and renewed with reasons."""
    reviewed(story, "renew")
    story.complete("contradiction_grounds", **grounds(preparation_waived="true"))
    story.complete("contradiction_hearing", hearing="done")
    story.complete("contradiction_answer", answers=[ANSWER])
    story.complete("decide_measure_criteria", **criteria())
    if "decide_measure_eyes" in story.open_elements():
        story.complete("decide_measure_eyes", eyes="passed")
    today = TODAY + 41 * DAY
    story.complete("decide_measure_decide", "governor.north", **decision(today, **changes))


def test_what_is_renewed_replaces_what_ran_and_nothing_lapses(story):
    in_place(story)
    renew(story)
    story.complete("tell_receive", receipt="signed", handed_on=TODAY + 41 * DAY)
    before, after = (
        [m for m in measures(story, "reinforced_supervision") if m.state == state]
        for state in ("ended", "in_force")
    )
    assert {m.end_reason for m in before} == {"replaced"}
    assert {m.expires_on for m in after} == {TODAY + 101 * DAY}
    assert [d.kind for d in decisions(story, "review")] == ["review"]
    pass_time(story, noon(TODAY + 62 * DAY))
    assert in_force(story) == {m.id for m in after}
    assert running(story) >= {"reinforced-supervision"}
    assert "reinforced_supervision_begin" in story.open_elements(), "it has not stopped itself"


def test_a_renewal_stands_though_the_person_was_not_reached_before_the_first_term_ended(story):
    in_place(story)
    renew(story)
    renewed = in_force(story)
    pass_time(story, noon(TODAY + 62 * DAY))
    assert in_force(story) == renewed


def test_a_renewal_that_begins_later_lets_the_first_term_run_out_in_silence(story):
    in_place(story)
    renew(story, effective_on=TODAY + 61 * DAY, review_on=TODAY + 80 * DAY)
    assert {m.state for m in measures(story, "reinforced_supervision")} == {"in_force"}
    story.complete("tell_receive", receipt="signed", handed_on=TODAY + 41 * DAY)
    pass_time(story, noon(TODAY + 62 * DAY))
    ended = [m for m in measures(story, "reinforced_supervision") if m.state == "ended"]
    assert {m.end_reason for m in ended} == {"replaced"}
    assert len(in_force(story)) == 2
    assert not [m for m in rows(story, Message) if m.name == "measureLapsed"]


def test_a_term_that_ends_before_the_next_begins_is_told_and_the_next_still_runs(story):
    in_place(story)
    renew(
        story,
        effective_on=TODAY + 65 * DAY,
        review_on=TODAY + 80 * DAY,
        measure_until=TODAY + 100 * DAY,
    )
    story.complete("tell_receive", receipt="signed", handed_on=TODAY + 41 * DAY)
    pass_time(story, noon(TODAY + 62 * DAY))
    over = [m for m in measures(story, "reinforced_supervision") if m.state == "ended"]
    assert {m.end_reason for m in over} == {"lapsed"}
    assert [m.state for m in rows(story, Message) if m.name == "measureLapsed"] == ["consumed"]
    assert "tell_receive" in story.open_elements()
    assert running(story) >= {"measure-ended", "reinforced-supervision"}
    assert len(in_force(story)) == 2


def test_a_measure_whose_end_is_proposed_ends_and_the_person_is_told(story):
    in_place(story)
    reviewed(story, "end")
    assert {m.end_reason for m in measures(story, "reinforced_supervision")} == {"ended"}
    assert "tell_receive" in story.open_elements()


# --- the hearing --------------------------------------------------------------------------------


def preparing(story: Story) -> None:
    """An urgent measure of this morning, and the time to prepare running."""
    ordered(story)
    told(story)
    story.complete("contradiction_grounds", **grounds())


def paused(story: Story, ground: str, who: str = "registry.north") -> None:
    with story.writing() as session:
        pausing.pause(*story.asking(session, who), story.case_id, ground)
    story.player.do_what_is_due()


def test_the_time_to_prepare_stands_still_on_a_ground_and_at_most_so_long(story):
    preparing(story)
    paused(story, "hospital")
    [pause] = rows(story, ClockPause)
    assert (pause.ground, pause.until_at) == ("hospital", None)
    assert pause.max_until == datetime(2026, 3, 17, 22, 59, 59, tzinfo=UTC)
    assert "contradiction_pause" in story.open_elements()
    drawn = [t for t in rows(story, Timer) if t.clock_id == pause.clock_id]
    assert [t.state for t in drawn] == ["cancelled"]


def test_when_the_ground_has_gone_the_time_begins_anew(story):
    preparing(story)
    paused(story, "no_interpreter")
    pass_time(story, noon(TODAY + DAY))
    story.complete(
        "contradiction_pause",
        pause_ground="no_interpreter",
        paused_on=TODAY,
        resumed_on=TODAY,
        found="An interpreter comes tomorrow.",
    )
    [pause] = rows(story, ClockPause)
    assert pause.until_at == noon(TODAY + DAY)
    pass_time(story, noon(TODAY + DAY) + timedelta(hours=23))
    assert "contradiction_hearing" not in story.open_elements()
    pass_time(story, noon(TODAY + 2 * DAY) + timedelta(minutes=1))
    assert "contradiction_hearing" in story.open_elements()


def test_one_ground_stops_the_time_once(story):
    preparing(story)
    paused(story, "hospital")
    story.complete(
        "contradiction_pause", pause_ground="hospital", paused_on=TODAY, resumed_on=TODAY
    )
    with pytest.raises(Refused, match="once already on this ground"):
        paused(story, "hospital")
    paused(story, "escape")
    assert sorted(p.ground for p in rows(story, ClockPause)) == ["escape", "hospital"]


def test_a_ground_that_is_not_on_the_list_stops_nothing(story):
    preparing(story)
    with pytest.raises(Refused, match="Choose why"):
        paused(story, "holiday")


def test_where_no_time_runs_none_is_stopped(story):
    story.observe()
    with pytest.raises(NotVisible):  # who sees no case learns of none here
        paused(story, "hospital")


def test_where_no_time_runs_any_more_none_is_stopped(story):
    ordered(story)
    with pytest.raises(Refused, match="No time to prepare"):
        paused(story, "hospital")


def test_a_hearing_is_put_off_once(story):
    ordered(story)
    told(story)
    story.complete("contradiction_grounds", **grounds(preparation_waived="true"))
    put_off = {
        "hearing": "adjourned",
        "heard_on": TODAY,
        "time_given": "Waived",
        "file_seen": "whole",
        "counsel": "counsel_none",
        "interpreter": "false",
        "not_heard_why": "The visit of counsel was cut short.",
        "adjourned_to": TODAY + 5 * DAY,
    }
    story.complete("contradiction_hearing", **put_off)
    pass_time(story, noon(TODAY + DAY) + timedelta(hours=1))
    assert "contradiction_hearing" in story.open_elements()
    story.do(
        "refused",
        task="contradiction_hearing",
        answers=put_off,
        because="hearing",
    )


# --- what is withheld ---------------------------------------------------------------------------

WITHHELD = {
    "element": "A note of another prisoner",
    "withheld_ground": "safety_person",
    "approved_by": "Governor",
    "next_check_on": TODAY + 20 * DAY,
    "gist": "Somebody else said that he is afraid.",
}


def seen_by(story: Story, login: str):
    with story.reading() as session:
        platform, session, acting, viewer = story.asking(session, login)
        case = session.get_one(Case, story.case_id)
        telling = Telling.of(platform, session, acting, viewer, case, ENGLISH)
        return showing.of_case(telling).withheld


def test_what_is_withheld_is_registered_with_ground_check_and_gist(story):
    ordered(story)
    told(story)
    story.complete(
        "contradiction_grounds", **grounds(anything_withheld="true", withheld=[WITHHELD])
    )
    [row] = rows(story, WithheldElement)
    assert (row.ground, row.next_check_on) == ("safety_person", TODAY + 20 * DAY)
    assert row.gist_entry_id is not None
    [line] = seen_by(story, "governor.north")
    assert line.ground_words == "It would endanger a person"
    assert seen_by(story, "custody.north") is None
    assert seen_by(story, "lead.north") is None


# --- beginning ----------------------------------------------------------------------------------


def test_the_same_start_form_sent_twice_begins_once(story):
    decided(story)
    contested(story)
    contested(story)
    assert len(rows(story, Remedy)) == 1


def test_each_function_may_begin_what_stands_in_its_lane(story):
    decided(story)
    offered = {}
    for login in ("governor.north", "registry.north", "coordinator.north"):
        with story.reading() as session:
            page = casefile.case_page(*story.asking(session, login), story.case_id)
        offered[login] = {start.form_id for start in page.beginnings}
    assert "F-URGENT" in offered["governor.north"]
    assert "F-APPEAL" in offered["registry.north"]
    assert not offered["coordinator.north"] & {"F-APPEAL", "F-URGENT", "F-OBS", "F-INTERRUPT"}


def test_a_decision_can_be_contested_after_its_case_was_closed(story):
    decided(story)
    with story.writing() as session:
        story.case(session).state = "closed"
    contested(story)
    with story.reading() as session:
        assert story.case(session).state == "open"
    assert "remedy-watch" in running(story)
    with story.writing() as session:
        story.case(session).state = "closed"
    with story.reading() as session, pytest.raises(Refused, match="closed"):
        beginning.page(*story.asking(session, "governor.north"), story.case_id, "F-URGENT")


def test_the_hearing_that_can_be_paused_is_that_of_the_case(story):
    preparing(story)
    with story.reading() as session:
        assert hearing.waiting(session, story.case(session)) is not None
