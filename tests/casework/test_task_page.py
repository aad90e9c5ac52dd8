"""The task page and what is done on it: claim, draft, complete, hand back."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict

from casework import access, record, work
from casework.scenarios import as_posted
from casework.tables import AuditRow, Draft, EntryRead, Notification, RecordEntry
from casework.words import Speaking
from processes.tables import Clock, HumanTask
from tests.casework.story import BASIS, OBSERVATION, REASONS, Story, grid, observed

TRIAGE = "detection_first_look"
OPEN = {"first_look": "open", "reasons": REASONS}


def posted(answers: dict) -> MultiDict[str, str]:
    return MultiDict(as_posted(answers))


def test_the_page_shows_the_observation_and_says_who_it_is_about(story: Story) -> None:
    story.observe()
    with story.reading() as session:
        page = story.page(session, TRIAGE, "lead.north")
        (observation,) = page.material
        assert observation.author == "Custody officer, wing A (N-101)"
        shown = dict(observation.sections[0][1])
        assert OBSERVATION["what"] in shown.values()
        assert page.person is not None
        assert (page.person.name, page.person.age) == ("Noa Basalt", 36)
        assert page.case.stage_words == "Observation received"
        assert ("Penal status", "Convicted") in [(f.label, f.shown) for f in page.facts]


def test_reading_what_stands_beside_is_audited_once_it_is_shown(story: Story) -> None:
    story.observe()

    def readings(session) -> int:
        wanted = select(func.count()).select_from(EntryRead)
        return session.scalar(wanted) or 0

    with story.writing() as session:
        page = story.page(session, TRIAGE, "lead.north")
        assert readings(session) == 0
        assert page.material
        assert readings(session) == 1
        assert page.material is page.material
    with story.reading() as session:
        acts = select(AuditRow.act).where(AuditRow.act == "entry.read")
        assert len(session.scalars(acts).all()) == 1


def test_the_page_tells_the_step_in_words_and_in_the_diagram(story: Story) -> None:
    story.observe()
    with story.reading() as session:
        page = story.page(session, TRIAGE, "lead.north")
    assert page.title == "First look"
    assert (page.place.model, page.place.element_id) == ("detection", TRIAGE)
    assert page.place.callers == ()
    assert page.place.source == "Default of the product"
    assert "[" not in page.place.documentation
    told = " ".join(page.explanation)
    assert "Coordinator (DPIP-MLRV)" in told
    assert "the process ends: “Nothing kept”." in told


def test_the_page_tells_what_happens_at_the_deadline(story: Story) -> None:
    story.observe()
    with story.reading() as session:
        page = story.page(session, TRIAGE, "lead.north")
    assert page.deadline.due_at is not None
    assert not page.deadline.overdue
    assert any("Due on 5 March 2026, 10:00" in sentence for sentence in page.deadline.sentences)
    assert any("the superior is told" in sentence for sentence in page.deadline.sentences)


def test_a_drawn_deadline_around_the_step_is_told_too(story: Story) -> None:
    story.up_to_grids()
    with story.reading() as session:
        page = story.page(session, "blind_grids_custody", "custody2.north")
    told = " ".join(page.deadline.sentences)
    assert "“Still missing”" in told
    assert "A grid is missing: what now?" in told
    assert page.place.callers == (
        ("detection", "detection_rate"),
        ("rate-and-hear", "rate_and_hear_grids"),
    )
    assert any("No other rater" in words for words in page.readers)


def test_the_page_speaks_the_readers_language(story: Story) -> None:
    story.observe()
    french = Speaking("fr", lambda text: text.replace("Next", "Ensuite"))
    with story.reading() as session:
        task = story.task(session, TRIAGE)
        page = work.open_task(*story.asking(session, "lead.north"), task.id, speaking=french)
    assert page.title == "Premier regard"
    assert page.legal_basis == "Directive (UE) 2016/680, articles 4 et 8"
    assert page.case.legal_basis == page.legal_basis


def test_a_task_of_others_does_not_exist(story: Story) -> None:
    story.observe()
    with story.reading() as session:
        task = story.task(session, TRIAGE)
        for login in ("custody.north", "lead.south", "governor.north"):
            with pytest.raises(access.NotVisible):
                work.open_task(*story.asking(session, login), task.id)
        with pytest.raises(access.NotVisible):
            work.open_task(*story.asking(session, "lead.north"), story.case_id)


def test_the_second_of_two_completions_is_told_who_was_first_and_when(story: Story) -> None:
    story.observe()
    story.complete(TRIAGE, "lead.north", **OPEN)
    with story.writing() as session:
        task = story.task(session, TRIAGE)
        asking = story.asking(session, "lead.north")
        with pytest.raises(work.AlreadyDone) as late:
            work.complete(*asking, task.id, posted(OPEN))
        assert late.value.who == "Unit lead, wing A (N-110)"
        assert late.value.when == story.player.played.now
        with pytest.raises(work.AlreadyDone):
            work.claim(*asking, task.id)
        with pytest.raises(work.AlreadyDone):
            work.release(*asking, task.id)
        page = work.open_task(*asking, task.id)
        assert (page.state, page.may_complete) == ("completed", False)
        assert page.done_by == "Unit lead, wing A (N-110)"


def test_a_refused_form_comes_back_with_what_was_typed(story: Story) -> None:
    story.observe()
    with story.writing() as session:
        task = story.task(session, TRIAGE)
        page = work.complete(
            *story.asking(session, "lead.north"), task.id, posted({"reasons": "Typed words"})
        )
        assert isinstance(page, work.TaskPage)
        assert [error.key for error in page.form.errors] == ["first_look"]
        assert page.form.answers()["reasons"] == "Typed words"
        assert task.state == "open"
        assert (
            session.scalars(select(RecordEntry).where(RecordEntry.form == "F-TRIAGE")).all() == []
        )


def test_a_rule_that_refuses_stands_at_its_question(story: Story) -> None:
    story.up_to_grids()
    with story.writing() as session:
        task = story.task(session, "blind_grids_custody")
        answers = grid("G1", "concern_refer", **observed("violence", source="prisoner"))
        page = work.complete(*story.asking(session, "custody2.north"), task.id, posted(answers))
    assert isinstance(page, work.TaskPage)
    assert [error.key for error in page.form.errors] == ["conclusion"]


def test_who_completes_is_told_what_opens_next(story: Story) -> None:
    story.observe()
    with story.writing() as session:
        task = story.task(session, TRIAGE)
        done = work.complete(*story.asking(session, "lead.north"), task.id, posted(OPEN))
    assert isinstance(done, work.Completed)
    (step,) = done.next_steps
    assert (step.title, step.role_name) == (
        "Write down basis and purpose",
        "Coordinator (DPIP-MLRV)",
    )
    assert not step.mine
    assert done.sentences[0] == "Done: “First look”."


def test_a_draft_fills_the_form_and_goes_when_the_task_is_done(story: Story) -> None:
    story.observe()
    with story.writing() as session:
        task = story.task(session, TRIAGE)
        asking = story.asking(session, "lead.north")
        work.save_draft(*asking, task.id, posted({"reasons": "Half a th"}), 0)
        page = work.open_task(*asking, task.id)
        assert page.form.raw()["reasons"] == "Half a th"
        assert (page.draft_revision, page.draft_saved_at) == (1, story.player.played.now)
        work.save_draft(*asking, task.id, page.form.raw(), 1)
        work.save_draft(*asking, task.id, {"reasons": ["As a post"]}, 2)
        assert work.open_task(*asking, task.id).form.raw()["reasons"] == "As a post"
        row = work.my_work(*asking[:2], asking[3], story.player.played.now).rows[0]
        assert row.has_draft
    story.complete(TRIAGE, "lead.north", **OPEN)
    with story.reading() as session:
        assert session.scalars(select(Draft)).all() == []


def test_the_draft_is_sent_by_a_post_that_shows_nothing(story: Story) -> None:
    story.observe()
    with story.writing() as session:
        task = story.task(session, TRIAGE)
        asking = story.asking(session, "lead.north")
        work.save_draft(*asking, task.id, posted(OPEN), 0)
        done = work.complete(*asking, task.id, MultiDict({"_shown": ""}))
        assert isinstance(done, work.Completed)


def test_one_section_is_posted_over_the_draft_of_the_others(story: Story) -> None:
    story.up_to_grids()
    with story.writing() as session:
        task = story.task(session, "blind_grids_custody")
        asking = story.asking(session, "custody2.north")
        page = work.open_task(*asking, task.id, raw=grid("G1"))
        section = page.sections[0].key
        work.save_draft(*asking, task.id, page.form.raw(), 0)
        done = work.complete(*asking, task.id, posted(grid("G1")), section=section)
        assert isinstance(done, work.Completed)


def test_a_claimed_task_is_held_until_released(story: Story) -> None:
    story.observe()
    story.complete(TRIAGE, "lead.north", **OPEN)
    element = "basis_and_age_ground"
    with story.writing() as session:
        asking = story.asking(session, "coordinator.north")
        task = story.task(session, element)
        page = work.open_task(*asking, task.id)
        assert (page.held_by, page.may_claim, page.may_release) == ("nobody", True, False)
        work.claim(*asking, task.id)
        page = work.open_task(*asking, task.id)
        assert (page.held_by, page.may_claim, page.may_release) == ("me", False, True)
        work.release(*asking, task.id)
        assert work.open_task(*asking, task.id).held_by == "nobody"


def test_a_colleague_is_told_who_holds_the_task(story: Story) -> None:
    story.observe()
    with story.writing() as session:
        task = story.task(session, TRIAGE)
        task.holder_id = story.user("coordinator.north")
        session.flush()
        asking = story.asking(session, "lead.north")
        page = work.open_task(*asking, task.id)
        assert (page.held_by, page.may_complete) == ("other", False)
        for act in (work.claim, work.release):
            with pytest.raises(work.Refused):
                act(*asking, task.id)
        with pytest.raises(work.Refused, match="holds this task"):
            work.complete(*asking, task.id, posted(OPEN))


def test_a_rater_does_not_give_the_seat_back_alone(story: Story) -> None:
    story.up_to_grids()
    with story.writing() as session:
        task = story.task(session, "blind_grids_custody")
        with pytest.raises(work.Refused, match="by name"):
            work.release(*story.asking(session, "custody2.north"), task.id)


def test_the_advisor_sees_the_question_and_neither_name_nor_file(story: Story) -> None:
    story.up_to_raters()
    question = "What does the word mean in ordinary use?"
    story.complete(
        "rate_and_hear_name", **story.raters(ask_advisor=True, advisor_question=question)
    )
    with story.reading() as session:
        page = story.page(session, "rate_and_hear_question", "chaplaincy.north")
        assert page.person is None
        assert page.case.name is None
        assert page.material == ()
        assert [fact.shown for fact in page.facts] == [question]
        viewer = story.viewer(session, "chaplaincy.north")
        found = work.my_work(story.platform, session, viewer, story.player.played.now)
        assert [(row.person_name, row.case_name) for row in found.rows] == [(None, None)]


# -- handing back ---------------------------------------------------------------------------


def hand_back(story: Story, message: str = "On which day was it?") -> None:
    with story.writing() as session:
        task = story.task(session, TRIAGE)
        asking = story.asking(session, "lead.north")
        (target,) = work.open_task(*asking, task.id).targets
        assert target.title == "Observation"
        work.hand_back(*asking, task.id, message, entry_id=target.entry_id)


def correction(story: Story, session) -> HumanTask:
    wanted = select(HumanTask).where(HumanTask.handed_back_from.is_not(None))
    return session.scalars(wanted).one()


def test_handing_back_makes_a_named_task_that_its_author_must_open(story: Story) -> None:
    story.observe()
    hand_back(story)
    with story.writing() as session:
        task = correction(story, session)
        asking = story.asking(session, "custody.north")
        page = work.open_task(*asking, task.id)
        assert page.title == "Correct: Observation"
        assert (page.message, page.message_from) == (
            "On which day was it?",
            "Unit lead, wing A (N-110)",
        )
        assert page.form.answers()["what"] == OBSERVATION["what"]
        assert page.held_by == "me"
        (row,) = work.my_work(*asking[:2], asking[3], story.player.played.now).rows
        assert row.correction
        assert row.due_at is not None
        first = story.page(session, TRIAGE, "lead.north")
        assert len(first.corrections) == 1
        codes = session.scalars(select(Notification.code)).all()
        assert "correction_asked" in codes
        with pytest.raises(access.NotVisible):
            work.open_task(*story.asking(session, "custody.south"), task.id)


def test_a_correction_stands_over_the_earlier_answers_which_are_kept(story: Story) -> None:
    story.observe()
    hand_back(story)
    corrected = {**OBSERVATION, "what": "Said it on Sunday at ten."}
    with story.writing() as session:
        task = correction(story, session)
        done = work.complete(*story.asking(session, "custody.north"), task.id, posted(corrected))
        assert isinstance(done, work.Completed)
        clock = session.scalars(select(Clock).where(Clock.guarded_id == task.id)).one()
        assert clock.state == "done"
    with story.reading() as session:
        page = story.page(session, TRIAGE, "lead.north")
        (material,) = page.material
        assert "Said it on Sunday at ten." in dict(material.sections[0][1]).values()
        assert page.corrections == ()
        kept = session.scalars(select(RecordEntry).where(RecordEntry.form == "F-OBS")).all()
        assert len([e for e in kept if e.supersedes_id]) == 1
        assert len(kept) == 2
    story.complete(TRIAGE, "lead.north", **OPEN)


def test_a_correction_is_held_to_the_same_rules(story: Story) -> None:
    story.observe()
    hand_back(story)
    with story.writing() as session:
        task = correction(story, session)
        asking = story.asking(session, "custody.north")
        page = work.complete(*asking, task.id, posted({**OBSERVATION, "harm": "none"}))
        assert isinstance(page, work.TaskPage)
        assert [error.key for error in page.form.errors] == ["harm"]


def test_a_correction_cannot_change_what_already_led_the_case_on(story: Story) -> None:
    story.observe()
    story.complete(TRIAGE, "lead.north", **OPEN)
    with story.writing() as session:
        task = story.task(session, "basis_and_age_ground")
        asking = story.asking(session, "coordinator.north")
        targets = {t.title: t for t in work.open_task(*asking, task.id).targets}
        work.hand_back(*asking, task.id, "Say more.", entry_id=targets["First look"].entry_id)
        wanted = correction(story, session)
        lead = story.asking(session, "lead.north")
        page = work.complete(*lead, wanted.id, posted({"first_look": "support", "reasons": "No"}))
        assert isinstance(page, work.TaskPage)
        assert [error.key for error in page.form.errors] == ["first_look"]
        done = work.complete(*lead, wanted.id, posted({**OPEN, "reasons": REASONS + " More."}))
        assert isinstance(done, work.Completed)
    story.complete("basis_and_age_ground", **BASIS)


def test_a_correction_nobody_waits_for_any_more_is_withdrawn(story: Story) -> None:
    story.observe()
    hand_back(story)
    story.complete(TRIAGE, "lead.north", **OPEN)
    with story.reading() as session:
        assert correction(story, session).state == "cancelled"


def test_handing_back_needs_a_message_and_somebody_to_hand_back_to(story: Story) -> None:
    story.up_to_grids()
    with story.writing() as session:
        asking = story.asking(session, "custody2.north")
        task = story.task(session, "blind_grids_custody")
        with pytest.raises(work.Refused, match="Write what"):
            work.hand_back(*asking, task.id, "  ")
        with pytest.raises(work.Refused, match="Shorten"):
            work.hand_back(*asking, task.id, "x" * 2001)
        with pytest.raises(work.Refused, match="Nothing shown here"):
            work.hand_back(*asking, task.id, "Please look again.")


def test_a_correction_is_not_released_to_the_group(story: Story) -> None:
    story.observe()
    hand_back(story)
    with story.writing() as session:
        task = correction(story, session)
        with pytest.raises(work.Refused):
            work.release(*story.asking(session, "custody.north"), task.id)


def test_a_handed_back_message_is_in_the_record_and_sealed(story: Story) -> None:
    story.observe()
    hand_back(story, "A sentence for the record.")
    with story.writing() as session:
        entry = session.scalars(select(RecordEntry).where(RecordEntry.form == "HAND-BACK")).one()
        assert b"sentence" not in (entry.ciphertext or b"")
        answers = record.read_entry(story.platform, session, story.acting(None), entry)
        assert answers["message"] == "A sentence for the record."


def test_an_overdue_correction_is_escalated_like_any_task(story: Story) -> None:
    story.observe()
    hand_back(story)
    story.do("wait", until="P10D")
    with story.reading() as session:
        told = session.scalars(select(Notification.code)).all()
        assert "escalated" in told


def test_answers_read_through_in_one_window_and_changed_in_another_are_not_sent(
    story: Story,
) -> None:
    story.up_to_triage()
    with story.writing() as session:
        asking = story.asking(session, "lead.north")
        task = story.task(session, "detection_first_look")
        platform, _, acting, _ = asking
        read = record.save_draft(platform, session, acting, task.id, OPEN, 0).revision
        other = {"first_look": "nothing_kept", "reasons": REASONS}
        newest = record.save_draft(platform, session, acting, task.id, other, read).revision
        with pytest.raises(work.ChangedMeanwhile, match="another window"):
            work.complete(*asking, task.id, None, read_through=read)
        assert task.state == "open"
        done = work.complete(*asking, task.id, None, read_through=newest)
    assert done.sentences == ("Done. Nothing of this observation was kept.",)


def test_the_same_answers_kept_again_elsewhere_do_not_stop_what_was_read_through(
    story: Story,
) -> None:
    story.up_to_triage()
    with story.writing() as session:
        asking = story.asking(session, "lead.north")
        task = story.task(session, "detection_first_look")
        platform, _, acting, _ = asking
        read = record.save_draft(platform, session, acting, task.id, OPEN, 0).revision
        record.save_draft(platform, session, acting, task.id, OPEN, read)
        work.complete(*asking, task.id, None, read_through=read)
        assert task.state == "completed"
