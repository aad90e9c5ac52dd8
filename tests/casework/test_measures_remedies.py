"""Remedies: against which decision, what was ruled, and what it ends."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from casework import access, beginning, casefile
from casework.measures import contesting
from casework.refusals import Refused
from casework.tables import Decision, RecordEntry, Remedy
from casework.words import ENGLISH
from processes.engine import EngineFault
from processes.tables import Message, ProcessInstance
from tests.casework.measures import (
    DAY,
    TODAY,
    URGENT,
    begin,
    contested,
    decided,
    decisions,
    in_place,
    measures,
    pass_time,
    rows,
)
from tests.casework.story import Story


def ruled(story: Story, ruling: str) -> None:
    documents = [{"document": "Decision of 2 March"}]
    story.complete("remedy_watch_bundle", documents=documents, open_only=True, copy_given=True)
    story.complete("remedy_watch_ruling", ruling=ruling, ruled_on=TODAY)


def test_a_remedy_is_a_row_against_the_decision_that_stood(story):
    decided(story)
    contested(story)
    [remedy] = rows(story, Remedy)
    [signed] = decisions(story, "reinforced_supervision")
    assert (remedy.kind, remedy.state, remedy.decision_id) == ("court", "open", signed.id)


def test_a_remedy_is_against_the_decision_that_was_chosen_and_annuls_no_other(story):
    in_place(story)
    pass_time(story, story.player.played.now + 3 * DAY)
    today = story.player.played.now.date()
    again = {**URGENT, "since": today, "danger": "Another thing was said to two officers."}
    begin(story, "governor.north", "F-URGENT", **{**again, "at_time": "08:00"})
    with story.reading() as session:
        offered = contesting.options(session, story.case(session), ENGLISH)[contesting.SOURCE]
    assert offered[0].label == "Urgent measure: measures taken, 5 March 2026, 10:00"
    assert {choice.label for choice in offered[1:]} == {
        "Reinforced supervision: measures taken, 2 March 2026, 10:00",
        "Urgent measure: measures taken, 2 March 2026, 10:00",
    }
    contested(story, contested="reinforced_supervision")
    [remedy] = rows(story, Remedy)
    [signed] = decisions(story, "reinforced_supervision")
    assert remedy.decision_id == signed.id
    ruled(story, "annulled")
    undone = [{"what": "Both measures", "undone_on": TODAY, "undone_by": "Unit lead"}]
    story.complete("remedy_watch_execute", undone=undone, nothing_left=True)
    assert {m.end_reason for m in measures(story, "reinforced_supervision")} == {"annulled"}
    assert [m.state for m in measures(story, "urgent")].count("in_force") == 1


def test_what_was_contested_is_read_by_its_day(story):
    decided(story)
    contested(story)
    with story.reading() as session:
        entry = session.scalars(select(RecordEntry).where(RecordEntry.form == "F-APPEAL")).one()
        asking = story.asking(session, "registry.north")
        page = casefile.entry_page(*asking, entry.id)
    assert "Reinforced supervision: measures taken, 2 March 2026, 10:00" in str(page)


def test_a_placement_can_be_contested_though_no_measure_runs_by_it(story):
    story.observe()
    with story.writing() as session:
        case = story.case(session)
        with pytest.raises(Refused, match="No decision has been taken"):
            beginning.page(*story.asking(session, "registry.north"), case.id, "F-APPEAL")
        assert not access.may_see_case(session, story.viewer(session, "registry.north"), case)
        instance = session.scalars(
            select(ProcessInstance).where(ProcessInstance.case_id == case.id)
        ).first()
        placed = Decision(
            id=story.platform.new_id(),
            agency_id=case.agency_id,
            case_id=case.id,
            instance_id=instance.id,
            task_id=story.platform.new_id(),
            kind="qer",
            outcome="place_qer",
            decided_by=story.user("governor.north"),
            decided_at=story.player.played.now,
        )
        session.add(placed)
        placed_id = placed.id
    with story.reading() as session:
        case = story.case(session)
        assert access.may_see_case(session, story.viewer(session, "registry.north"), case)
    contested(story, contested="qer")
    [remedy] = rows(story, Remedy)
    assert remedy.decision_id == placed_id


def test_what_is_annulled_must_be_known_or_nothing_ends(story):
    in_place(story)
    contested(story)
    with story.writing() as session:
        session.scalars(select(Remedy)).one().decision_id = None
    ruled(story, "annulled")
    undone = [{"what": "Both measures", "undone_on": TODAY, "undone_by": "Unit lead"}]
    with pytest.raises(EngineFault, match="names no decision"):
        story.complete("remedy_watch_execute", undone=undone, nothing_left=True)
    assert {m.state for m in measures(story, "reinforced_supervision")} == {"in_force"}


def test_an_annulled_measure_ends_when_the_ruling_is_carried_out(story):
    in_place(story)
    contested(story)
    ruled(story, "annulled")
    assert {m.state for m in measures(story, "reinforced_supervision")} == {"in_force"}
    undone = [{"what": "Both measures", "undone_on": TODAY, "undone_by": "Unit lead"}]
    story.complete("remedy_watch_execute", undone=undone, nothing_left=True)
    assert {m.end_reason for m in measures(story, "reinforced_supervision")} == {"annulled"}
    [remedy] = rows(story, Remedy)
    assert (remedy.state, remedy.ruling) == ("closed", "annulled")
    assert remedy.executed_at is not None
    stopped = [m for m in rows(story, Message) if m.name == "measureStopped"]
    assert [m.state for m in stopped] == ["consumed"]


def test_a_decision_that_stands_ends_nothing(story):
    decided(story)
    contested(story)
    ruled(story, "upheld")
    assert {m.state for m in measures(story, "reinforced_supervision")} == {"in_force"}
    [remedy] = rows(story, Remedy)
    assert (remedy.state, remedy.executed_at) == ("closed", None)


def test_an_interruption_leaves_the_remedy_known_as_open(story):
    decided(story)
    contested(story)
    story.do("interrupt", as_="registry.north", reason="released")
    assert [r.state for r in rows(story, Remedy)] == ["interrupted"]


def test_nobody_contests_a_decision_before_it_was_taken(story):
    decided(story)
    for days, refused in ((1, True), (0, False)):
        lodged = story.player.played.now.date() - days * DAY
        done = contested(story, lodged_on=lodged)
        assert isinstance(done, beginning.BeginningPage) is refused
    assert len(rows(story, Remedy)) == 1
