"""A case from the observation to the decision, through the real models and forms."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select

from casework import access, work
from casework.scenarios import ScenarioError
from casework.tables import AuditRow, Case, Decision, RecordEntry, Round, Seat, Tally
from processes.tables import BundleFile, HumanTask, Message, ProcessInstance, VersionFile
from tests.casework.story import REASONS, Story, grid, observed


def concern(form: str, item: str) -> dict:
    return grid(form, "concern_refer", **observed(item))


def decide(story: Story, outcome: str, **more) -> None:
    story.complete(
        "detection_draft",
        grounds=[{"ground": "Said it twice.", "rests_on": "own_observation"}],
        against="He laughed.",
        differences="None.",
        person_says="Nothing.",
        innocent_reading="A provocation.",
        proposed=outcome,
        milder="Talking to him was tried.",
        proposal_reasons=REASONS,
    )
    story.complete("detection_decide", **decision(outcome, **more))


def decision(outcome: str, **more) -> dict:
    return {
        "detection_outcome": outcome,
        "reasons": REASONS,
        "alternatives": "Support alone was considered.",
        "followed": "They agree.",
        "rests_on_special": "false",
        **more,
    }


def second_look(story: Story) -> None:
    story.complete(
        "second_look_contrary",
        innocent="A joke among cell-mates.",
        innocent_evidence="He laughed.",
        would_decide="Whether he repeats it.",
        effect="weakens",
    )
    story.complete("second_look_check", **bias("passed"))


def bias(result: str) -> dict:
    checks = "facts dated group_words base_rate explained against_written contact involved counted"
    return {"religion": "false", **dict.fromkeys(checks.split(), "ok"), "bias": result}


def test_a_referral_is_taken_up_by_the_commission_with_a_due_date(
    story: Story,
) -> None:
    story.up_to_grids()
    story.grids(
        concern("G1", "violence"), concern("G2", "g2_violence"), concern("G3", "g3_incidents")
    )
    second_look(story)
    decide(story, "refer_cpu1")
    assert "inform_or_defer_notice" in story.open_elements()
    from tests.casework.story import NOTICE

    story.complete("inform_or_defer_notice", **NOTICE)
    story.complete("tell_receive", receipt="signed", handed_on=date(2026, 3, 2))
    with story.reading() as session:
        case = story.case(session)
        assert (case.state, case.stage) == ("open", "referred")
        (item,) = session.scalars(select(HumanTask).where(HumanTask.state == "open"))
        assert (item.element_id, item.role) == ("commission_prepare", "fr.cpu_secretary")
        assert item.due_at is not None
        row = session.scalars(select(Decision)).one()
        assert (row.kind, row.outcome) == ("detection", "refer_cpu1")


def test_an_observation_that_is_not_kept_leaves_no_row(story: Story) -> None:
    """FR-1-I1."""
    story.observe()
    case_id = story.case_id
    story.complete("detection_first_look", "lead.north", first_look="nothing_kept")
    with story.reading() as session:
        for table in (RecordEntry, HumanTask, ProcessInstance, Message):
            left = select(func.count()).select_from(table).where(table.case_id == case_id)
            assert session.scalar(left) == 0
        assert session.get(Case, case_id) is None
        rows = select(func.count()).select_from(AuditRow).where(AuditRow.chain_id == case_id)
        assert session.scalar(rows) == 0


def test_completing_says_that_nothing_was_kept(story: Story) -> None:
    story.observe()
    with story.writing() as session:
        asking = story.asking(session, "lead.north")
        task = story.task(session, "detection_first_look")
        done = work.complete(*asking, task.id, story.player.posted({"first_look": "nothing_kept"}))
    assert isinstance(done, work.Completed)
    assert done.case_id is None
    assert done.sentences == ("Done. Nothing of this observation was kept.",)


def test_ordinary_practice_leaves_nothing_but_one_in_the_tally(story: Story) -> None:
    story.do("ordinary", as_="custody.north")
    with story.reading() as session:
        assert session.scalars(select(Tally.count)).one() == 1
        assert session.scalar(select(func.count()).select_from(Case)) == 0


def test_religion_alone_cannot_be_sent_as_an_observation(story: Story) -> None:
    answers = {"harm": "none", "special": True, "necessity": "none"}
    story.do("refused", as_="custody.north", because="harm", answers=_observation(answers))
    with story.reading() as session:
        assert session.scalar(select(func.count()).select_from(Case)) == 0


def _observation(changes: dict) -> dict:
    from tests.casework.story import OBSERVATION

    return {**OBSERVATION, **changes}


def test_three_raters_work_blind_and_no_grid_is_seen_by_another(story: Story) -> None:
    """FR-1-I2."""
    story.up_to_grids()
    story.complete("blind_grids_custody", **grid("G1"))
    assert not story.may_see("blind_grids_custody", "probation.north")
    assert not story.may_see("blind_grids_interview", "custody2.north")
    with story.reading() as session:
        page = story.page(session, "blind_grids_interview", "probation.north")
        assert page.material == ()
        assert page.concordance == ()
        entry = session.scalars(select(RecordEntry).where(RecordEntry.form == "G1")).first()
        for rater in ("probation.north", "management.north"):
            viewer = story.viewer(session, rater)
            assert not access.may_read_entry(session, viewer, entry)


def test_without_concern_nobody_looks_a_second_time(story: Story) -> None:
    story.up_to_grids()
    story.grids(grid("G1"), grid("G2"), grid("G3"))
    assert story.open_elements() == {"detection_draft"}


def test_differing_conclusions_go_to_a_third_reader_who_sees_both_texts_and_no_number(
    story: Story,
) -> None:
    story.up_to_grids()
    story.grids(concern("G1", "influence"), grid("G2"), grid("G3"))
    assert story.open_elements() == {"rate_and_hear_third"}
    with story.reading() as session:
        page = story.page(session, "rate_and_hear_third", "reader")
        rows = {row.theme: row for row in page.concordance}
        assert not rows["conclusion"].same
        assert not rows["influence"].same
        told = [text for _, _, texts in rows["influence"].cells for text in texts]
        assert told == ["What was seen of influence."]
        assert rows["violence"].same
        assert not any(str(number) in str(page.concordance) for number in range(1, 10))


def test_who_rated_cannot_read_a_second_time(story: Story) -> None:
    story.up_to_grids()
    story.grids(concern("G1", "violence"), concern("G2", "g2_violence"), grid("G3"))
    with story.reading() as session:
        from casework import apart

        rater = story.user("custody2.north")
        assert apart.why_not(session, story.case_id, "F-THIRD", rater)
        assert apart.why_not(session, story.case_id, "F-BIAS", rater)
        reader = story.user("reader")
        assert apart.why_not(session, story.case_id, "F-THIRD", reader) is None


def test_a_missing_grid_keeps_a_referral_closed(story: Story) -> None:
    story.up_to_grids()
    story.complete("blind_grids_custody", **concern("G1", "violence"))
    story.complete("blind_grids_interview", **concern("G2", "g2_violence"))
    story.complete("rate_and_hear_statement", how="declined", made_on=date(2026, 3, 2))
    story.do("wait", until="P16WD")
    assert "rate_and_hear_missing" in story.open_elements()
    story.complete("rate_and_hear_missing", missing_choice="go_on", reasons=REASONS)
    second_look(story)
    with pytest.raises(ScenarioError, match="A grid is missing"):
        decide(story, "refer_cpu1")


def test_a_silent_rater_is_replaced_by_another_who_has_read_nothing(story: Story) -> None:
    story.up_to_grids()
    story.complete("blind_grids_custody", **grid("G1"))
    story.complete("blind_grids_interview", **grid("G2"))
    story.do("wait", until="P16WD")
    with story.reading() as session:
        page = story.page(session, "rate_and_hear_missing", "coordinator.north")
        (seat,) = page.seats
        assert seat.key == "management_rater"
        names = {e.label: e.eligible for e in seat.candidates}
        assert list(names.values()).count(True) == 1
    story.complete(
        "rate_and_hear_missing",
        missing_choice="replace",
        management_rater=str(story.user("management2.north")),
        reasons=REASONS,
    )
    with story.reading() as session:
        task = story.task(session, "blind_grids_management")
        assert task.holder_id == story.user("management2.north")
        states = sorted(session.scalars(select(Seat.state).where(Seat.form == "G3")))
        assert states == ["asked", "replaced"]
        assert "blind_grids_custody" not in story.open_elements()


def test_with_no_rater_for_a_seat_the_region_lends_one(story: Story) -> None:
    story.up_to_raters()
    story.complete("rate_and_hear_name", **story.raters(custody_rater=""))
    assert story.open_elements() == {"rate_and_hear_lend"}
    with story.reading() as session:
        assert session.scalars(select(Round)).first() is None
        page = story.page(session, "rate_and_hear_lend", "region")
        lendable = {seat.key: seat.candidates for seat in page.seats}["custody_rater"]
    lent = story.user("custody.south")
    assert lent in {candidate.user_id for candidate in lendable}
    story.complete("rate_and_hear_lend", custody_rater=str(lent), terms="For this case")
    story.complete("rate_and_hear_name", **story.raters(custody_rater=str(lent)))
    with story.reading() as session:
        task = story.task(session, "blind_grids_custody")
        assert task.holder_id == lent


def test_where_nobody_can_be_lent_the_coordinator_reads_why(story: Story) -> None:
    story.up_to_raters()
    story.complete("rate_and_hear_name", **story.raters(custody_rater=""))
    with pytest.raises(ScenarioError, match="why nobody can be lent"):
        story.complete("rate_and_hear_lend")
    story.complete("rate_and_hear_lend", nobody="No other prison has a trained rater this month.")
    with story.reading() as session:
        page = story.page(session, "rate_and_hear_name", "coordinator.north")
        assert "No other prison has a trained rater" in str(page.beside)


def test_the_author_of_the_observation_cannot_be_named_as_rater(story: Story) -> None:
    story.up_to_raters()
    author = str(story.user("custody.north"))
    with pytest.raises(ScenarioError, match="custody_rater"):
        story.complete("rate_and_hear_name", **story.raters(custody_rater=author))


def test_monitoring_ends_by_its_date_and_is_open_once(story: Story) -> None:
    """FR-1-I3."""
    from tests.casework.story import NOTICE

    story.up_to_grids()
    story.grids(grid("G1"), grid("G2"), grid("G3"))
    with pytest.raises(ScenarioError, match="monitor_until"):
        decide(
            story, "monitor", monitor_until=date(2026, 9, 1), monitor_what="Whether he repeats it"
        )
    story.complete(
        "detection_decide",
        **decision("monitor", monitor_until=date(2026, 5, 1), monitor_what="Repeats"),
    )
    story.complete("inform_or_defer_notice", **NOTICE)
    story.complete("tell_receive", receipt="signed", handed_on=date(2026, 3, 2))
    with story.reading() as session:
        assert story.case(session).stage == "monitored"
    story.do("wait", until="P62D")
    assert story.open_elements() == {"rate_and_hear_name"}
    with story.reading() as session:
        page = story.page(session, "rate_and_hear_name", "coordinator.north")
        assert all(e.eligible for seat in page.seats for e in seat.candidates[1:])


def test_a_decision_needs_reasons_of_its_own(story: Story) -> None:
    story.up_to_grids()
    story.grids(grid("G1"), grid("G2"), grid("G3"))
    with pytest.raises(ScenarioError, match="80 characters"):
        decide(story, "close_unfounded", reasons="Too short.")


def test_a_minor_is_not_taken_on_an_adult_path(new_story) -> None:
    story = new_story(number="N-17", born_on=date(2009, 6, 1))
    story.observe()
    case_id = story.case_id
    story.complete("detection_first_look", "lead.north", first_look="open", reasons=REASONS)
    with story.reading() as session:
        assert session.get(Case, case_id) is None


def test_a_second_observation_joins_the_open_case(story: Story) -> None:
    story.observe()
    first = story.case_id
    story.complete("detection_first_look", "lead.north", first_look="open", reasons=REASONS)
    story.observe("custody2.north", what="Said it again in the workshop.")
    second = story.case_id
    story.complete("detection_first_look", "lead.north", first_look="open", reasons=REASONS)
    story.complete("basis_and_age_compare", duplicate_choice="join", reasons=REASONS)
    with story.reading() as session:
        assert session.get(Case, second) is None
        kept = select(RecordEntry).where(RecordEntry.case_id == first, RecordEntry.form == "F-OBS")
        authors = {e.author_id for e in session.scalars(kept)}
        assert authors == {story.user("custody.north"), story.user("custody2.north")}


def test_an_unfounded_case_is_erased_and_its_person_cut_off(story: Story) -> None:
    from tests.casework.story import NOTICE

    story.up_to_grids()
    story.grids(grid("G1"), grid("G2"), grid("G3"))
    decide(story, "close_unfounded")
    story.complete("inform_or_defer_notice", **NOTICE)
    story.complete("tell_receive", receipt="signed", handed_on=date(2026, 3, 2))
    story.complete(
        "close_and_erase_finding", finding="unfounded", reasons=REASONS, not_involved=True
    )
    with story.reading() as session:
        page = story.page(session, "close_and_erase_sort", "records")
        assert any(fact.label == "First look" for fact in page.facts)
    story.complete(
        "close_and_erase_sort",
        outside="None known, asked of all raters.",
        certificate="Nothing is kept.",
        items=[{"which": "Observation", "treatment": "erase"}],
    )
    story.complete("close_and_erase_agree", inventory_agreed="true")
    story.complete("tell_receive", receipt="signed", handed_on=date(2026, 3, 2))
    with story.reading() as session:
        case = story.case(session)
        assert (case.state, case.person_id) == ("erased", None)
        assert not session.scalars(
            select(RecordEntry).where(RecordEntry.ciphertext.is_not(None))
        ).all()


def test_an_entry_names_the_deployed_file_of_the_form_that_was_answered(story: Story) -> None:
    story.observe()
    with story.reading() as session:
        deployed = (
            select(BundleFile.digest)
            .join(VersionFile, VersionFile.file_id == BundleFile.id)
            .join(ProcessInstance, ProcessInstance.version_id == VersionFile.version_id)
            .join(RecordEntry, RecordEntry.instance_id == ProcessInstance.id)
            .where(RecordEntry.form == "F-OBS", VersionFile.name == "F-OBS.form")
        )
        named = select(RecordEntry.form_digest).where(RecordEntry.form == "F-OBS")
        assert set(session.scalars(named)) == set(session.scalars(deployed)) != set()
