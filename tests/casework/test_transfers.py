"""A person is moved to another prison: who loses what, who gets it, and what stays."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from casework import access, beginning, casefile, notifications, timeline, transferring, work
from casework.refusals import Refused
from casework.registering import Registered, RegisterPage
from casework.tables import AuditRow, Case, Draft, Notification, Person, Transfer
from casework.telling import Telling
from casework.words import ENGLISH
from processes.tables import Establishment, HumanTask, Timer
from tests.casework.measures import DAY, TODAY, begin, in_place
from tests.casework.story import Story, grid

GRID = "blind_grids_custody"
BASIS = "basis_and_age_ground"
TAKE_OVER = "arrived_take_over"


def move(story: Story, to: str = "south", by: str = "registry.north", **more) -> None:
    story.do("transfer", as_=by, to=to, **more)


def sees(story: Story, login: str) -> bool:
    with story.reading() as session:
        case = session.get_one(Case, story.case_id)
        return access.may_see_case(session, story.viewer(session, login), case)


def place_of(story: Story, element: str) -> str:
    with story.reading() as session:
        return session.get_one(Establishment, story.task(session, element).establishment_id).name


def told(story: Story, login: str) -> list[str]:
    with story.reading() as session:
        viewer = story.viewer(session, login)
        return [n.code for n in notifications.visible(story.platform, session, viewer)]


@pytest.fixture
def opened(story: Story) -> Story:
    """The first look opened a detection: the coordinator holds the next step, half written."""
    story.observe()
    story.complete("detection_first_look", first_look="open", urgent="false")
    with story.writing() as session:
        asking = story.asking(session, "coordinator.north")
        work.claim(*asking, story.task(session, BASIS).id)
    story.do("draft", task=BASIS, as_="coordinator.north", answers={"basis_ok": "true"})
    return story


def test_a_step_goes_to_the_function_of_the_new_prison_and_keeps_its_deadline(opened):
    with opened.reading() as session:
        before = opened.task(session, BASIS)
        due, holder = before.due_at, before.holder_id
        timers = {(t.id, t.due_at) for t in session.scalars(select(Timer))}
    assert holder == opened.user("coordinator.north")
    move(opened)
    with opened.reading() as session:
        after = opened.task(session, BASIS)
        assert (after.due_at, after.holder_id, after.state) == (due, None, "open")
        assert timers <= {(t.id, t.due_at) for t in session.scalars(select(Timer))}
        assert session.scalars(select(Draft)).all() == []
    assert opened.may_see(BASIS, "coordinator.south")
    assert not opened.may_see(BASIS, "coordinator.north")
    assert sees(opened, "coordinator.south")
    assert not sees(opened, "coordinator.north")


def test_who_held_the_step_and_who_owned_the_case_hear_it_without_a_name(opened):
    move(opened)
    assert told(opened, "coordinator.north").count("step_moved_away") == 1
    assert told(opened, "coordinator.north").count("case_moved_away") == 1
    with opened.reading() as session:
        viewer = opened.viewer(session, "coordinator.north")
        found = notifications.visible(opened.platform, session, viewer)
        assert not any("Basalt" in notice.words for notice in found)


def test_somebody_at_the_new_prison_says_that_the_case_goes_on(opened):
    move(opened)
    assert opened.open_elements() == {BASIS, TAKE_OVER}
    assert place_of(opened, TAKE_OVER) == "Demo prison South"
    opened.complete(TAKE_OVER, "coordinator.south")
    assert opened.open_elements() == {BASIS}


def test_an_observation_nobody_has_looked_at_is_looked_at_there_and_shown_to_nobody_else(story):
    story.observe()
    move(story)
    assert story.open_elements() == {"detection_first_look"}
    assert story.may_see("detection_first_look", "lead.south")
    assert not story.may_see("detection_first_look", "lead.north")
    assert "case_moved_away" not in told(story, "coordinator.north")


def test_a_rating_stays_with_the_one_who_knew_the_person(story):
    story.up_to_grids()
    with story.reading() as session:
        rater = story.task(session, GRID).holder_id
    move(story)
    with story.reading() as session:
        task = story.task(session, GRID)
        assert (task.state, task.holder_id) == ("open", rater)
    assert place_of(story, GRID) == "Demo prison North"
    assert story.may_see(GRID, "custody2.north")
    assert not story.may_see(GRID, "custody.south")


def test_whoever_holds_the_function_at_both_prisons_keeps_the_step(opened):
    from tests.casework.test_leaving import grant

    grant(opened, "coordinator.north", "fr.mlrv", "south")
    move(opened)
    with opened.reading() as session:
        assert opened.task(session, BASIS).holder_id == opened.user("coordinator.north")
        assert len(session.scalars(select(Draft)).all()) == 1


def test_a_closed_case_stays_where_it_was_closed(story):
    story.observe()
    story.do("interrupt", as_="coordinator.north", reason="died")
    story.complete("interrupted_inform", informed=["family"])
    with story.reading() as session:
        case = session.get_one(Case, story.case_id)
        assert case.state == "closed"
        place = case.establishment_id
    move(story)
    with story.reading() as session:
        assert session.get_one(Case, story.case_id).establishment_id == place


def test_the_move_stands_in_the_register_the_audit_and_the_timeline(opened):
    move(opened, unit="Wing 1")
    with opened.reading() as session:
        row = session.scalars(select(Transfer)).one()
        names = [session.get_one(Establishment, at).name for at in (row.from_id, row.to_id)]
        assert names == ["Demo prison North", "Demo prison South"]
        assert row.recorded_by == opened.user("registry.north")
        person = session.get_one(Person, row.person_id)
        assert (person.establishment_id, person.unit) == (row.to_id, "Wing 1")
        acts = select(AuditRow).where(AuditRow.act == "case.move")
        assert session.scalars(acts).one().codes["to"] == str(row.to_id)
        asking = opened.asking(session, "coordinator.south")
        case = session.get_one(Case, opened.case_id)
        moved = [
            e for e in timeline.events(Telling.of(*asking, case, ENGLISH)) if "Moved" in e.title
        ]
        assert "From Demo prison North to Demo prison South" in moved[0].words
        assert casefile.case_page(*asking, opened.case_id)


def answers(story: Story, to: str, **more) -> dict[str, str]:
    day = story.player.played.now
    return {
        "person_number": "N-2041",
        "to_prison": str(story.player.world.places[to]),
        "moved_on-day": str(day.day),
        "moved_on-month": str(day.month),
        "moved_on-year": str(day.year),
        **more,
    }


def send(story: Story, login: str, to: str = "south", **more):
    with story.writing() as session:
        asking = story.asking(session, login)
        posted = story.player.posted(answers(story, to, **more))
        return transferring.transfer(*asking, posted)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"to": "north"}, "to_prison"),
        ({"to": "region"}, "to_prison"),  # not a prison
        ({"person_number": "N-0000"}, "person_number"),
        ({"person_number": "S-9003"}, "person_number"),
        ({"moved_on-year": "2031"}, "moved_on"),
        ({"moved_on-day": ""}, "moved_on"),
    ],
)
def test_what_cannot_be_moves_nothing_and_says_why(opened, more, field):
    page = send(opened, "registry.north", **more)
    assert isinstance(page, RegisterPage)
    assert [error.key for error in page.form.errors] == [field]
    with opened.reading() as session:
        assert session.scalars(select(Transfer)).all() == []
    assert opened.open_elements() == {BASIS}


def test_told_twice_it_is_another_registers_person_already(opened):
    assert isinstance(send(opened, "registry.north"), Registered)
    again = send(opened, "registry.north")
    assert isinstance(again, RegisterPage)
    assert [error.key for error in again.form.errors] == ["person_number"]
    with opened.reading() as session:
        assert len(session.scalars(select(Transfer)).all()) == 1
        left = select(HumanTask).where(HumanTask.element_id == TAKE_OVER)
        assert len(session.scalars(left).all()) == 1


@pytest.mark.parametrize("login", ["coordinator.north", "governor.north", "registry.south"])
def test_only_the_register_that_has_the_person_moves_him(opened, login):
    if login == "registry.south":
        page = send(opened, login, "north")
        assert [error.key for error in page.form.errors] == ["person_number"]
        return
    with pytest.raises(access.NotVisible):
        send(opened, login)


def test_a_danger_calls_the_governor_of_the_prison_where_the_person_is(story):
    story.observe()
    story.complete("detection_first_look", first_look="open", urgent="true")
    assert sees(story, "governor.north")
    move(story)
    assert "urgent" in told(story, "governor.south")
    assert sees(story, "governor.south")
    assert not sees(story, "governor.north")
    with story.reading() as session:
        assert session.scalars(select(Notification).where(Notification.code == "urgent")).all()


def test_a_missing_grid_is_asked_of_somebody_of_the_new_prison_who_can_open_it(story):
    story.up_to_grids()
    story.complete("blind_grids_interview", **grid("G2"))
    story.complete("blind_grids_management", **grid("G3"))
    story.complete("rate_and_hear_statement", how="declined", made_on=TODAY)
    move(story)
    story.player.pass_time(story.player.played.now + 25 * DAY)
    story.player.do_what_is_due()
    other = str(story.user("custody.south"))
    chosen = {"missing_choice": "replace", "custody_rater": other, "custody_user": other}
    story.complete("rate_and_hear_missing", "coordinator.south", **chosen)
    assert place_of(story, GRID) == "Demo prison South"
    assert story.may_see(GRID, "custody.south")
    assert not story.may_see(GRID, "custody2.north")


def test_a_stale_window_is_told_that_the_step_has_moved(opened):
    move(opened)
    with opened.reading() as session:
        task = opened.task(session, BASIS).id
        with pytest.raises(Refused, match="moved to another prison"):
            work.open_task(*opened.asking(session, "coordinator.north"), task)
        with pytest.raises(access.NotVisible):
            work.open_task(*opened.asking(session, "governor.north"), task)


def test_what_was_told_of_the_past_stays_with_whom_it_was_told(opened):
    move(opened)
    move(opened, "north", "registry.south")
    assert told(opened, "coordinator.north").count("case_moved_away") == 1
    assert told(opened, "coordinator.south").count("case_moved_away") == 1
    move(opened)
    assert told(opened, "coordinator.north").count("case_moved_away") == 2
    assert told(opened, "coordinator.south").count("case_moved_away") == 1


def test_each_prison_has_its_own_time_to_take_a_case_over(opened):
    move(opened)
    with opened.reading() as session:
        first = opened.task(session, TAKE_OVER)
        first_id = first.id
        assert first.due_at - first.created_at == 2 * DAY
    opened.player.pass_time(opened.player.played.now + 7 * DAY)
    opened.player.do_what_is_due()
    move(opened, "north", "registry.south")
    with opened.reading() as session:
        second = opened.task(session, TAKE_OVER)
        assert second.id != first_id
        assert second.due_at - second.created_at == 2 * DAY
        assert session.get_one(HumanTask, first_id).state == "cancelled"


def test_a_measure_is_told_to_the_governor_and_contested_where_the_person_is(story):
    in_place(story)
    move(story)
    assert "measure_moved_here" in told(story, "governor.south")
    with story.writing() as session:
        case = story.case(session)
        case.state, case.closed_at = "closed", story.player.played.now
    move(story, "north", "registry.south")
    with pytest.raises(access.NotVisible):
        lodged(story, "registry.south")
    assert not isinstance(lodged(story, "registry.north"), beginning.BeginningPage)


def lodged(story: Story, who: str):
    given = {"remedy_kind": "court", "contested": "reinforced_supervision", "suspensive": "false"}
    given |= {"lodged_on": TODAY, "counsel": "counsel_none", "interpreter": "false"}
    return begin(story, who, "F-APPEAL", **given)


def test_a_day_before_an_earlier_move_or_long_ago_is_asked_again(opened):
    assert isinstance(send(opened, "registry.north"), Registered)
    for more in ({"moved_on-year": "1990"}, {"moved_on-day": "1"}):
        page = send(opened, "registry.south", "north", **more)
        assert isinstance(page, RegisterPage)
        assert [error.key for error in page.form.errors] == ["moved_on"]
