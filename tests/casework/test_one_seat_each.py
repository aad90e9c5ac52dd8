"""Nobody comes to rate a second grid of a blind round, also not by taking over a late one."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from casework import access, choosing, moving, taskpage
from casework.accounts import grant_role
from casework.blind import bar_to_rating
from casework.tables import Seat, TaskMove, UserAccount
from casework.words import ENGLISH
from processes import tasks
from tests.casework.story import REASONS, Story, grid

INTERVIEW = "blind_grids_interview"


def also_holds(story: Story, login: str, role: str) -> None:
    """Somebody with two functions."""
    with story.writing() as session:
        day = story.viewer(session, login).on
        place = story.player.world.places["north"]
        acting = story.acting(None)
        grant_role(story.platform, session, acting, story.user(login), role, place, day)


@pytest.fixture
def late(story: Story) -> Story:
    """The interview grid is overdue; two raters have given theirs."""
    story.up_to_grids()
    for login in ("custody2.north", "management2.north"):
        also_holds(story, login, "fr.spip_officer")
    story.complete("blind_grids_custody", **grid("G1"))
    story.complete("blind_grids_management", **grid("G3"))
    story.do("wait", until="P13WD")
    return story


def test_a_superior_without_the_function_does_not_take_over_a_late_grid(late: Story) -> None:
    answers = {"overdue_act": "taken_over", "reasons": REASONS}
    late.do(
        "refused",
        task="escalation_act",
        as_="director.north",
        answers=answers,
        because="overdue_act",
    )
    with late.reading() as session:
        assert late.task(session, INTERVIEW).holder_id != late.user("director.north")


def test_a_superior_with_the_function_and_no_part_in_the_round_takes_the_seat_too(
    late: Story,
) -> None:
    also_holds(late, "director.north", "fr.spip_officer")
    late.complete("escalation_act", "director.north", overdue_act="taken_over", reasons=REASONS)
    with late.reading() as session:
        task = late.task(session, INTERVIEW)
        assert task.holder_id == late.user("director.north")
        assert session.get_one(Seat, task.seat_id).user_id == task.holder_id


def test_a_late_grid_is_not_offered_to_one_who_rated_in_the_round(late: Story) -> None:
    with late.reading() as session:
        task, on = late.task(session, INTERVIEW), late.viewer(session, "custody2.north").on
        assert moving.why_not(session, task, late.user("custody2.north"), on)
        assert moving.why_not(session, task, late.user("probation2.north"), on) is None
        asked = late.task(session, "escalation_act")
        looking = taskpage.look(*late.asking(session, "director.north"), asked.id, ENGLISH)
        offered = {user.id for user in choosing.colleagues(looking, task)}
    assert late.user("probation2.north") in offered
    assert late.user("custody2.north") not in offered


def test_one_who_holds_a_grid_without_being_named_on_its_seat_rates_no_other(story: Story) -> None:
    story.up_to_grids()
    with story.writing() as session:
        task = story.task(session, INTERVIEW)
        acting, ports = story.acting("director.north"), story.platform.ports
        stranger = story.user("probation2.north")
        assert bar_to_rating(session, stranger, story.case_id, 1) is None
        tasks.delegate(session, ports, acting, task.id, stranger)
        assert bar_to_rating(session, stranger, story.case_id, 1) == "other_seat"
        assert bar_to_rating(session, stranger, story.case_id, 1, task.seat_id) is None


def test_a_superior_takes_over_a_step_that_is_no_grid_and_the_move_is_kept(story: Story) -> None:
    story.observe()
    story.do("wait", until="P5D")
    with story.reading() as session:
        role = story.task(session, "escalation_act").role
    story.complete("escalation_act", role, overdue_act="taken_over", reasons=REASONS)
    with story.reading() as session:
        task = story.task(session, "detection_first_look")
        move = session.scalars(select(TaskMove).where(TaskMove.task_id == task.id)).one()
        assert move.to_user == move.moved_by == task.holder_id
        superior = access.viewer(
            session,
            session.get_one(UserAccount, task.holder_id),
            story.viewer(session, "lead.north").on,
        )
        assert not superior.holds(task.role, task.establishment_id)
        assert access.may_see_task(session, superior, task)
