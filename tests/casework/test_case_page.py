"""My work, the case list and page, oversight, notifications."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from casework import access, casefile, notifications, observations, oversight, staff, work
from casework.casefile import CaseFilters
from casework.scenarios import as_posted
from casework.tables import Case, Draft, Notification, RecordEntry, Seat, Tally, UserAccount
from processes.tables import Installation
from tests.casework.story import BASIS, NOTICE, OBSERVATION, PERSON, REASONS, Story, grid
from tests.casework.test_ahead import french

TRIAGE = "detection_first_look"
OPEN = {"first_look": "open", "reasons": REASONS}


def mine(story: Story, session, login: str, **filters):
    viewer = story.viewer(session, login)
    now = story.player.played.now
    return work.my_work(story.platform, session, viewer, now, work.Filters(**filters))


# -- my work --------------------------------------------------------------------------------


def test_my_work_shows_overdue_first_and_says_who_it_is_about(story: Story) -> None:
    story.observe()
    with story.reading() as session:
        (row,) = mine(story, session, "lead.north").rows
        assert (row.title, row.person_name, row.person_number) == (
            "First look",
            "Noa Basalt",
            "N-2041",
        )
        assert (row.urgency, row.held_by) == ("later", "nobody")
    story.do("wait", until="PT73H")
    with story.reading() as session:
        found = mine(story, session, "lead.north")
        assert found.overdue == found.rows[:1]
        assert found.rows[0].urgency == "overdue"


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        ({}, 1),
        ({"whose": "mine"}, 0),
        ({"whose": "groups"}, 1),
        ({"due": "overdue"}, 0),
        ({"due": "today"}, 0),
        ({"due": "week"}, 1),
        ({"role": "fr.custody"}, 0),
        ({"role": "fr.unit_lead"}, 1),
        ({"form": "F-TRIAGE"}, 1),
        ({"form": "G1"}, 0),
        ({"search": "basal"}, 1),
        ({"search": "N-2041"}, 1),
        ({"search": "100%"}, 0),
        ({"search": "N_2041"}, 0),
    ],
)
def test_my_work_is_filtered(story: Story, filters: dict, count: int) -> None:
    story.observe()
    with story.reading() as session:
        assert len(mine(story, session, "lead.north", **filters).rows) == count


def test_a_place_can_be_asked_for(story: Story) -> None:
    story.observe()
    with story.reading() as session:
        place = mine(story, session, "lead.north").establishments[0]
        assert place.label == "Demo prison North"
        assert mine(story, session, "lead.north", establishment_id=uuid4()).rows == ()


# -- the case list and page -----------------------------------------------------------------


def cases(story: Story, session, login: str, **filters):
    viewer = story.viewer(session, login)
    now = story.player.played.now
    return casefile.cases(story.platform, session, viewer, now, CaseFilters(**filters))


def test_the_case_list_shows_what_the_viewer_may_see(story: Story) -> None:
    story.observe()
    with story.reading() as session:
        (row,) = cases(story, session, "coordinator.north").rows
        assert (row.title, row.stage_words, row.overdue) == (
            "Noa Basalt",
            "Observation received",
            False,
        )
        assert cases(story, session, "coordinator.south").rows == ()
        assert cases(story, session, "coordinator.north", search="nobody").rows == ()
        assert cases(story, session, "coordinator.north", state="closed").rows == ()
        assert len(cases(story, session, "coordinator.north", state="all").rows) == 1
        assert cases(story, session, "coordinator.north", stage="opened").rows == ()
        place = row.case_id and story.case(session).establishment_id
        assert len(cases(story, session, "coordinator.north", establishment_id=place).rows) == 1


def page(story: Story, session, login: str = "coordinator.north") -> casefile.CasePage:
    return casefile.case_page(*story.asking(session, login), story.case_id)


def test_the_case_page_tells_the_way_newest_first(story: Story) -> None:
    story.observe()
    story.do("wait", until="PT1H")
    story.complete(TRIAGE, "lead.north", **OPEN)
    with story.reading() as session:
        told = page(story, session)
        times = [event.at for event in told.timeline]
        assert times == sorted(times, reverse=True)
        titles = [event.title for event in told.timeline]
        assert titles[-1] == "Case opened"
        assert "Write down basis and purpose" in titles
        answers = [e for e in told.timeline if e.kind == "answers"]
        assert [e.who for e in answers] == [
            "Unit lead, wing A (N-110)",
            "Custody officer, wing A (N-101)",
        ]
        assert all(e.entry_id for e in answers)
        assert told.where[0] == "Detection open."
        assert [task.title for task in told.tasks] == ["Write down basis and purpose"]
        assert told.tasks[0].mine
        assert {clock.name for clock in told.clocks} == {"Write down basis and purpose"}
        parts = {person.who: person.part for person in told.people}
        assert parts["Unit lead, wing A (N-110)"] == "First look"
        (main, inner) = told.diagrams
        assert (main.model, main.active) == ("detection", ("detection_basis",))
        assert inner.active == ("basis_and_age_ground",)


def test_a_running_clock_tells_its_due_date_and_who_is_told_after_it(story: Story) -> None:
    story.observe()
    with story.reading() as session:
        (clock,) = page(story, session).clocks
    assert [m.kind for m in clock.moments] == ["remind", "due", "escalate"]
    assert not any(moment.is_past for moment in clock.moments)
    assert [m.words for m in clock.moments[1:]] == ["it is due", "the superior is told"]
    ahead = clock.moments[1].at - story.player.played.now
    story.do("wait", until=f"PT{int(ahead.total_seconds()) // 3600 + 1}H")
    with story.reading() as session:
        (clock,) = page(story, session).clocks
    assert [(m.words, m.is_past) for m in clock.moments] == [
        ("it was due", True),
        ("the superior is told", False),
    ]


def test_what_may_not_be_read_has_no_link(story: Story) -> None:
    story.up_to_grids()
    story.complete("blind_grids_custody", **grid("G1"))
    with story.reading() as session:
        told = page(story, session, "registry.north")
        linked = {event.title for event in told.timeline if event.entry_id}
        assert "Grid of the officer (G1)" not in linked
        assert "Grid of the officer (G1)" in {event.title for event in told.timeline}


def test_a_case_of_others_does_not_exist(story: Story) -> None:
    story.observe()
    with story.reading() as session:
        for login in ("coordinator.south", "custody2.north"):
            with pytest.raises(access.NotVisible):
                page(story, session, login)
        with pytest.raises(access.NotVisible):
            casefile.case_page(*story.asking(session, "coordinator.north"), uuid4())


def test_an_entry_opens_with_its_answers_in_words(story: Story) -> None:
    story.observe()
    with story.writing() as session:
        entry = session.scalars(select(RecordEntry).where(RecordEntry.form == "F-OBS")).one()
        shown = casefile.entry_page(*story.asking(session, "coordinator.north"), entry.id)
        assert shown.author == "Custody officer, wing A (N-101)"
        assert OBSERVATION["what"] in dict(shown.sections[0][1]).values()
        assert not shown.superseded
        with pytest.raises(access.NotVisible):
            casefile.entry_page(*story.asking(session, "coordinator.south"), entry.id)
        with pytest.raises(access.NotVisible):
            casefile.entry_page(*story.asking(session, "coordinator.north"), uuid4())


def test_people_chosen_in_a_form_are_shown_by_function(story: Story) -> None:
    story.up_to_grids()
    with story.writing() as session:
        entry = session.scalars(select(RecordEntry).where(RecordEntry.form == "F-RATERS")).one()
        shown = casefile.entry_page(*story.asking(session, "coordinator.north"), entry.id)
        values = dict(shown.sections[0][1]).values()
        assert "Custody officer, wing B (N-102)" in values


def test_a_hand_back_message_can_be_read_in_the_case(story: Story) -> None:
    story.observe()
    with story.writing() as session:
        task = story.task(session, TRIAGE)
        work.hand_back(*story.asking(session, "lead.north"), task.id, "Which day?")
        entry = session.scalars(select(RecordEntry).where(RecordEntry.form == "HAND-BACK")).one()
        shown = casefile.entry_page(*story.asking(session, "coordinator.north"), entry.id)
        assert shown.title.startswith("Correction asked for: ")
        assert shown.sections[0][1] == (("Message", "Which day?"),)


def test_the_timeline_tells_a_correction_from_an_ordinary_answer(story: Story) -> None:
    story.observe()
    with story.writing() as session:
        task = story.task(session, TRIAGE)
        asking = story.asking(session, "lead.north")
        correction = work.hand_back(*asking, task.id, "Which day?")
    story.do("wait", until="PT1H")
    with story.writing() as session:
        asking = story.asking(session, "custody.north")
        answers = MultiDict(as_posted({**OBSERVATION, "where": "Yard, at noon"}))
        done = work.complete(*asking, correction, answers)
        assert isinstance(done, work.Completed)
    with story.reading() as session:
        told = [e for e in page(story, session).timeline if e.kind == "answers"]
    assert [(event.title, event.is_correction) for event in told] == [
        ("Correction: Something worrying seen or heard", True),
        ("Correction asked for: Something worrying seen or heard", True),
        ("Something worrying seen or heard", False),
    ]


# -- oversight ------------------------------------------------------------------------------


def overview(story: Story, session, login: str) -> oversight.Oversight:
    viewer = story.viewer(session, login)
    return oversight.overview(story.platform, session, viewer, story.player.played.now)


def test_a_superior_sees_state_and_never_content(story: Story) -> None:
    story.up_to_grids()
    with story.reading() as session:
        seen = overview(story, session, "lead.north")
        (row,) = [r for r in seen.open if r.role == "fr.custody"]
        assert row.title == "Grid of the officer (G1)"
        assert row.holder == "Custody officer, wing B (N-102)"
        load = {(load.role, load.open, load.unclaimed) for load in seen.by_role}
        assert ("fr.custody", 1, 0) in load
        assert not story.may_see("blind_grids_custody", "lead.north")
        assert not overview(story, session, "custody.north").may_oversee
        assert overview(story, session, "lead.south").open == ()


def test_what_is_late_is_seen_with_its_days(story: Story) -> None:
    story.observe()
    story.do("wait", until="P7D")
    with story.reading() as session:
        seen = overview(story, session, "management.north")
        late = [row for row in seen.overdue if row.title == "First look"]
        assert [row.days_overdue for row in late] == [4]
        assert [row.days_waiting for row in late] == [7]
        assert [row.escalation_level for row in seen.escalated if row.title == "First look"]


def reassign(story: Story, session, login: str, to: str, reason: str = "Ill this week") -> None:
    task = story.task(session, "blind_grids_custody")
    oversight.reassign(*story.asking(session, login), task.id, story.user(to), reason)


def test_a_task_moves_with_its_seat_and_both_are_told_why(story: Story) -> None:
    story.up_to_grids()
    with story.writing() as session:
        task = story.task(session, "blind_grids_custody")
        viewer = story.viewer(session, "lead.north")
        asked = oversight.reassign_page(
            story.platform, session, viewer, task.id, story.player.played.now
        )
        assert [c.label for c in asked.candidates] == ["Custody officer, workshops (N-103)"]
        reassign(story, session, "lead.north", "custody3.north")
        assert task.holder_id == story.user("custody3.north")
        seats = {s.state: s.user_id for s in session.scalars(select(Seat).where(Seat.form == "G1"))}
        assert seats["asked"] == story.user("custody3.north")
        assert seats["replaced"] == story.user("custody2.north")
        for login, part in (("custody3.north", "moved to you"), ("custody2.north", "a colleague")):
            (notice,) = notifications.visible(story.platform, session, story.viewer(session, login))
            assert part in notice.words
            assert "Ill this week" in notice.words
    assert not story.may_see("blind_grids_custody", "custody2.north")
    story.complete("blind_grids_custody", "custody3.north", **grid("G1"))


def test_a_task_is_not_moved_without_reason_right_or_an_able_colleague(story: Story) -> None:
    story.up_to_grids()
    with story.writing() as session:
        with pytest.raises(work.Refused, match="Say why"):
            reassign(story, session, "lead.north", "custody3.north", " ")
        with pytest.raises(work.Refused, match="Shorten"):
            reassign(story, session, "lead.north", "custody3.north", "x" * 501)
        with pytest.raises(work.Refused, match="holds this function"):
            reassign(story, session, "lead.north", "custody.south")
        with pytest.raises(work.Refused, match="wrote the observation"):
            reassign(story, session, "lead.north", "custody.north")
        for login in ("custody3.north", "lead.south", "probation.north"):
            with pytest.raises(access.NotVisible):
                reassign(story, session, login, "custody3.north")


def test_a_task_that_is_done_is_not_moved(story: Story) -> None:
    story.up_to_grids()
    story.complete("blind_grids_custody", **grid("G1"))
    with story.writing() as session, pytest.raises(work.AlreadyDone):
        reassign(story, session, "lead.north", "custody3.north")


def test_a_superior_takes_an_overdue_step_in_hand(story: Story) -> None:
    story.observe()
    story.complete(TRIAGE, "lead.north", **OPEN)
    story.do("wait", until="P5D")
    assert "escalation_act" in story.open_elements()
    with story.reading() as session:
        task = story.task(session, "escalation_act")
        asked = story.page(session, "escalation_act", "director.north")
        labels = {fact.label: fact.shown for fact in asked.facts}
        assert labels["Overdue step"] == "Write down basis and purpose"
        assert task.role == "fr.spip_director"
        row = next(row for row in mine(story, session, "director.north").rows if row.is_escalated)
        assert row.asks_about is not None
        assert row.asks_about.startswith("“Write down basis and purpose” (Coordinator (DPIP-MLRV)")
        assert "late since" in row.asks_about
        told = [e.words for e in page(story, session).timeline if e.kind == "notification"]
        assert told
        assert all("(Coordinator (DPIP-MLRV)) is overdue. " in words for words in told)
        assert any("A superior has been asked" in words for words in told)
    story.complete("escalation_act", "director.north", overdue_act="reminded", reasons=REASONS)
    with story.reading() as session:
        codes = set(session.scalars(select(Notification.code)))
        assert {"task_remind", "task_due", "escalated", "reminded_by_superior"} <= codes
    story.complete("basis_and_age_ground", **BASIS)
    assert story.open_elements() == {"inform_or_defer_notice"}


def test_a_superior_moves_an_overdue_step_to_a_colleague(story: Story) -> None:
    story.up_to_grids()
    story.complete("blind_grids_custody", **grid("G1"))
    story.complete("blind_grids_management", **grid("G3"))
    story.do("wait", until="P13WD")
    with story.reading() as session:
        asked = story.page(session, "escalation_act", "director.north")
        options = asked.form.views()
        assert options
    story.complete(
        "escalation_act",
        "director.north",
        overdue_act="reassigned",
        to_colleague=str(story.user("probation2.north")),
        reasons=REASONS,
    )
    with story.reading() as session:
        task = story.task(session, "blind_grids_interview")
        assert task.holder_id == story.user("probation2.north")
        assert session.get_one(Seat, task.seat_id).user_id == task.holder_id
    assert not story.may_see("blind_grids_interview", "probation.north")


# -- notifications --------------------------------------------------------------------------


def test_danger_is_told_to_the_governor_at_once_and_the_flow_goes_on(story: Story) -> None:
    story.observe()
    story.complete(TRIAGE, "lead.north", **OPEN, urgent=True, danger="He has named a day.")
    assert story.open_elements() == {"basis_and_age_ground", "detection_answer_danger"}
    with story.reading() as session:
        page = casefile.case_page(*story.asking(session, "coordinator.north"), story.case_id)
        assert [event.title for event in page.timeline if event.kind == "way"] == []
    with story.writing() as session:
        viewer = story.viewer(session, "governor.north")
        (notice,) = notifications.visible(story.platform, session, viewer)
        assert (notice.code, notice.level) == ("urgent", 1)
        assert notice.task_id == story.task(session, "detection_answer_danger").id
        acting = story.acting("governor.north")
        notifications.put_away(session, acting, viewer, notice.notification_id)
        notifications.put_away(session, acting, viewer, notice.notification_id)
        assert notifications.visible(story.platform, session, viewer) == ()
        other = story.viewer(session, "custody.north")
        with pytest.raises(access.NotVisible):
            notifications.put_away(session, acting, other, notice.notification_id)


def test_every_code_of_a_notification_has_words() -> None:
    for code in ("task_remind", "task_due", "escalated", "urgent", "answer_owed", "minor_found"):
        assert "_" not in notifications.words(code, "Governor", "First look", "Unit lead")
    assert notifications.words("new_code", "", "", "") == "new code"


def test_an_escalation_names_the_function_that_was_told() -> None:
    say = partial(notifications.words, "escalated", step="First look", role="Unit lead")
    late = "“First look” (Unit lead) is overdue."
    assert say(told="SPIP director") == f"{late} The SPIP director has been told."
    assert say(told="Prison management") == f"{late} The prison management has been told."


def test_the_functions_of_a_demo_are_said_in_the_readers_language(story: Story) -> None:
    """A service's own functions are shown as the service wrote them."""
    with story.reading() as session:
        wanted = select(UserAccount).where(UserAccount.login == "lead.north")
        user = session.scalars(wanted).one()
        assert staff.shown(user, french()).startswith("Chef de bâtiment")
        assert staff.shown(user).startswith("Unit lead")
        assert (staff.name_of(session, user.id, french()) or "").startswith("Chef de bâtiment")
        session.get_one(Installation, 1).demo = False
        assert staff.shown(user, french()).startswith("Unit lead")


def test_holders_on_french_pages_are_shown_in_french(story: Story) -> None:
    story.observe()
    story.do("claim", **{"task": TRIAGE, "as": "lead.north"})
    with story.reading() as session:
        viewer, now = story.viewer(session, "lead.north"), story.player.played.now
        (row,) = work.my_work(story.platform, session, viewer, now, speaking=french()).rows
        assert (row.holder or "").startswith("Chef de bâtiment")
        asking = story.asking(session, "coordinator.north")
        (task,) = casefile.case_page(*asking, story.case_id, speaking=french()).tasks
        assert (task.holder or "").startswith("Chef de bâtiment")


# -- the start ------------------------------------------------------------------------------


def test_only_persons_of_ones_own_places_can_be_observed(story: Story) -> None:
    with story.reading() as session:
        viewer = story.viewer(session, "custody.north")
        start = observations.start_page(story.platform, session, viewer)
        assert start.may_observe
        assert [person.name for person in start.persons] == ["Noa Basalt"]
        assert start.starts == (("F-OBS", "Something worrying seen or heard"),)
        nobody = observations.start_page(story.platform, session, viewer, search="zz")
        assert nobody.persons == ()
        south = story.viewer(session, "custody.south")
        assert observations.start_page(story.platform, session, south).persons == ()
        asking = story.asking(session, "custody.south")
        with pytest.raises(access.NotVisible):
            observations.observation_page(*asking, start.persons[0].person_id)
        with pytest.raises(access.NotVisible):
            observations.start_page(story.platform, session, viewer, form_id="F-NONE")


def unfinished(story: Story, session) -> list[str]:
    viewer = story.viewer(session, "custody.north")
    start = observations.start_page(story.platform, session, viewer)
    return [draft.person for draft in start.unfinished]


def test_an_unfinished_observation_waits_for_its_author(story: Story) -> None:
    with story.writing() as session:
        asking = story.asking(session, "custody.north")
        person_id = story.player.played.person_id
        assert person_id is not None
        empty = observations.observation_page(*asking, person_id)
        assert empty.draft_revision == 0
        assert empty.place.element_id == "detection_observed"
        revision = observations.save_draft(*asking, person_id, {"what": "Half"}, 0)
        again = observations.observation_page(*asking, person_id)
        assert (again.form.raw()["what"], again.draft_revision) == ("Half", revision)
        assert unfinished(story, session) == ["Noa Basalt"]
    story.do("ordinary", as_="custody.north")
    with story.reading() as session:
        assert unfinished(story, session) == []


def two_begun(story: Story, session) -> tuple:
    """Two observations of one officer, begun and not sent."""
    first = story.player.played.person_id
    story.player.register(session, {**PERSON, "number": "N-2042", "family_name": "Cobalt"})
    second = story.player.played.person_id
    asking = story.asking(session, "custody.north")
    for person_id, what in ((first, "Half of one"), (second, "Half of two")):
        observations.save_draft(*asking, person_id, {"what": what}, 0)
    return first, second


def typed(story: Story, session, person_id) -> str:
    asking = story.asking(session, "custody.north")
    return observations.observation_page(*asking, person_id).form.raw().get("what", "")


def test_an_author_keeps_one_unfinished_form_for_each_person(story: Story) -> None:
    with story.writing() as session:
        first, second = two_begun(story, session)
        assert typed(story, session, first) == "Half of one"
        assert typed(story, session, second) == "Half of two"
        assert sorted(unfinished(story, session)) == ["Noa Basalt", "Noa Cobalt"]


def test_ordinary_practice_ends_the_observation_at_hand_and_no_other(story: Story) -> None:
    with story.writing() as session:
        _, second = two_begun(story, session)
        asking = story.asking(session, "custody.north")
        observations.ordinary_practice(*asking)
        assert len(unfinished(story, session)) == 2
        observations.ordinary_practice(*asking, person_id=second)
        assert unfinished(story, session) == ["Noa Basalt"]


def test_ordinary_practice_leaves_nothing_in_the_files_of_the_database(story: Story) -> None:
    with story.writing() as session:
        first, _ = two_begun(story, session)
    with story.reading() as session:
        sealed = [draft.ciphertext for draft in session.scalars(select(Draft))]
    with story.writing() as session:
        observations.ordinary_practice(*story.asking(session, "custody.north"), person_id=first)
    with story.reading() as session:
        (kept,) = [draft.ciphertext for draft in session.scalars(select(Draft))]
        name = session.get_bind().engine.url.database
    files = b"".join(path.read_bytes() for path in Path(name).parent.glob(f"{Path(name).name}*"))
    assert [text in files for text in sealed] == [text == kept for text in sealed]


def test_an_observation_sent_leaves_the_others_unfinished(story: Story) -> None:
    with story.writing() as session:
        two_begun(story, session)
    story.observe()  # about the second
    with story.reading() as session:
        assert unfinished(story, session) == ["Noa Basalt"]


def test_an_unfinished_observation_is_deleted_without_being_counted(story: Story) -> None:
    with story.writing() as session:
        first, _ = two_begun(story, session)
        platform, _, _, viewer = story.asking(session, "custody.north")
        observations.drop_draft(platform, session, viewer, first)
        assert unfinished(story, session) == ["Noa Cobalt"]
        assert session.scalars(select(Tally)).all() == []
        with pytest.raises(access.NotVisible):
            observations.drop_draft(platform, session, viewer, uuid4())


def test_the_tally_button_counts_only_at_ones_own_place(story: Story) -> None:
    with story.writing() as session:
        asking = story.asking(session, "custody.north")
        south = story.player.world.places["south"]
        with pytest.raises(access.NotVisible):
            observations.ordinary_practice(*asking, south)
        with pytest.raises(access.NotVisible):
            observations.ordinary_practice(*story.asking(session, "governor.north"))


def test_an_offence_begins_without_grids_and_is_decided_on_its_own(story: Story) -> None:
    report = {
        "origin": "offence",
        "sender": "court",
        "reference": "2026/114",
        "received_on": "2026-03-01",
        "what": "Convicted of preparing an attack.",
    }
    story.do("start", as_="coordinator.north", form="F-REPORT", answers=report)
    story.complete("basis_and_age_ground", **BASIS)
    story.complete("inform_or_defer_notice", **NOTICE)
    story.complete("tell_receive", receipt="signed", handed_on="2026-03-02")
    assert story.open_elements() == {"detection_draft"}
    ground = {"ground": "The judgment.", "rests_on": "judgment"}
    story.complete("detection_draft", proposed="refer_cpu1", grounds=[ground])
    story.complete("detection_decide", detection_outcome="refer_cpu1", reasons=REASONS)


def test_an_earlier_own_observation_is_attached_to_a_grid_by_a_click(
    story: Story, new_story: Callable[..., Story]
) -> None:
    story.observe("custody2.north", what="Offered tobacco for silence.")
    story.complete(TRIAGE, "lead.north", first_look="support", reasons=REASONS)
    story.complete("detection_offer_support", support_result="declined", told_person=True)
    with story.reading() as session:
        assert story.case(session).state == "closed"
    story.up_to_grids()
    with story.writing() as session:
        asking = story.asking(session, "custody2.north")
        task = story.task(session, "blind_grids_custody")
        (earlier,) = work.open_task(*asking, task.id).earlier
        assert earlier.gist == "Offered tobacco for silence."
        observations.attach(*asking, task.id, earlier.entry_id, "G1-B")
        answers = work.open_task(*asking, task.id).form.answers()
        assert answers["influence_observed"] == "observed"
        assert answers["influence_statements"][0]["what"] == "Offered tobacco for silence."
        with pytest.raises(work.Refused):
            observations.attach(*asking, task.id, earlier.entry_id, "G1-Z")
        with pytest.raises(access.NotVisible):
            observations.attach(*asking, task.id, uuid4(), "G1-B")


def test_posted_answers_reach_the_form_again(story: Story) -> None:
    with story.reading() as session:
        asking = story.asking(session, "custody.north")
        person_id = story.player.played.person_id
        assert person_id is not None
        typed = MultiDict(as_posted({"what": "Typed"}))
        shown = observations.observation_page(*asking, person_id, formdata=typed)
        assert shown.form.answers()["what"] == "Typed"
        assert session.scalars(select(Case)).all() == []
