"""Whoever leaves, or loses a role, is on no open task or rating seat any more."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import accounts, rounds
from casework.tables import AuditRow, Loan, RoleHolding, Seat, UserAccount
from tests.casework.story import Story, grid

GRID = "blind_grids_custody"


@pytest.fixture
def rated(story: Story) -> Story:
    """Three raters are named; custody2.north sits on custody's seat and holds its task."""
    story.up_to_grids()
    assert story.may_see(GRID, "custody2.north")
    return story


def end(story: Story, login: str, role: str, last_day: date | None = None) -> None:
    with story.writing() as session:
        acting = story.acting(None)
        wanted = select(RoleHolding).where(
            RoleHolding.user_id == story.user(login), RoleHolding.role == role
        )
        holding = session.scalars(wanted.order_by(RoleHolding.held_from)).first()
        assert holding is not None
        day = last_day or acting.now.date()
        accounts.end_role(story.platform, session, acting, holding, day)


def deactivate(story: Story, login: str) -> None:
    with story.writing() as session:
        account = session.get_one(UserAccount, story.user(login))
        accounts.deactivate(story.platform, session, story.acting(None), account)


def grant(story: Story, login: str, role: str, place: str, **days: Any) -> None:
    with story.writing() as session:
        at = story.player.world.places[place]
        user, acting = story.user(login), story.acting(None)
        days = {"held_from": date(2020, 1, 1), **days}
        accounts.grant_role(story.platform, session, acting, user, role, at, **days)


def seat(story: Story, session: Session) -> Seat:
    return session.get_one(Seat, story.task(session, GRID).seat_id)


def held_by(story: Story, login: str) -> list[tuple[str, date, date | None]]:
    with story.reading() as session:
        wanted = select(RoleHolding).where(RoleHolding.user_id == story.user(login))
        return [(h.role, h.held_from, h.held_to) for h in session.scalars(wanted)]


@pytest.mark.parametrize("way", ["deactivated", "role ended"])
def test_a_rating_goes_back_to_its_function_when_its_rater_leaves(rated: Story, way: str) -> None:
    if way == "deactivated":
        deactivate(rated, "custody2.north")
    else:
        end(rated, "custody2.north", "fr.custody")
    with rated.reading() as session:
        task = rated.task(session, GRID)
        assert (task.state, task.holder_id) == ("open", None)
        assert (seat(rated, session).user_id, seat(rated, session).state) == (None, "asked")
        left = session.scalars(select(Seat).where(Seat.state == "replaced")).one()
        assert left.user_id == rated.user("custody2.north")
        acts = set(session.scalars(select(AuditRow.act)))
    assert {"task.release", "seat.release", "role.ended"} <= acts


def test_another_of_the_function_can_take_the_rating_of_one_who_left(rated: Story) -> None:
    grant(rated, "chaplaincy.north", "fr.custody", "north")
    assert not rated.may_see(GRID, "chaplaincy.north")
    deactivate(rated, "custody2.north")
    assert rated.may_see(GRID, "chaplaincy.north")


def test_an_alternate_who_leaves_is_not_put_on_the_seat(rated: Story) -> None:
    with rated.writing() as session:
        seat(rated, session).alternate_id = rated.user("custody.north")
    deactivate(rated, "custody.north")
    with rated.reading() as session:
        assert seat(rated, session).alternate_id is None
        assert seat(rated, session).user_id == rated.user("custody2.north")


def test_a_rater_who_still_holds_the_role_by_another_holding_keeps_the_seat(rated: Story) -> None:
    grant(rated, "custody2.north", "fr.custody", "region", held_from=date(2021, 1, 1))
    end(rated, "custody2.north", "fr.custody")
    with rated.reading() as session:
        assert rated.task(session, GRID).holder_id == rated.user("custody2.north")
        assert seat(rated, session).user_id == rated.user("custody2.north")


def test_a_lent_rater_whose_role_ends_at_home_leaves_the_seat_elsewhere(rated: Story) -> None:
    lent = rated.user("custody.south")
    with rated.writing() as session:
        acting = rated.acting(None)
        asked = seat(rated, session)
        loan = {"case_id": asked.case_id, "role": asked.role, "lent_at": acting.now}
        session.add(Loan(id=acting.new_id(), agency_id=asked.agency_id, user_id=lent, **loan))
        rounds.take(session, acting, asked, lent)
        rated.task(session, GRID).holder_id = lent
    end(rated, "custody.south", "fr.custody")
    with rated.reading() as session:
        assert rated.task(session, GRID).holder_id is None
        assert seat(rated, session).user_id is None


def test_a_given_rating_keeps_its_rater(rated: Story) -> None:
    rated.complete(GRID, **grid("G1"))
    deactivate(rated, "custody2.north")
    with rated.reading() as session:
        assert seat(rated, session).state == "given"
        assert seat(rated, session).user_id == rated.user("custody2.north")


def test_a_deactivated_account_keeps_no_role_and_gets_none_later(story: Story) -> None:
    today = story.acting(None).now.date()
    grant(story, "custody2.north", "fr.mlrv", "south", held_from=today + timedelta(days=30))
    deactivate(story, "custody2.north")
    held = held_by(story, "custody2.north")
    assert [(role, held_to) for role, _, held_to in held] == [("fr.custody", today)]


def test_an_ended_role_does_not_begin_again_later(story: Story) -> None:
    today = story.acting(None).now.date()
    soon = today + timedelta(days=30)
    grant(story, "custody2.north", "fr.custody", "north", held_from=soon)
    grant(story, "custody2.north", "fr.mlrv", "north", held_from=soon)
    end(story, "custody2.north", "fr.custody")
    held = held_by(story, "custody2.north")
    assert sorted((role, held_to) for role, _, held_to in held if role == "fr.custody") == [
        ("fr.custody", today)
    ]
    assert ("fr.mlrv", soon, None) in held, "another role is another matter"


def test_a_role_that_ends_later_is_held_and_worked_in_until_then(rated: Story) -> None:
    end(rated, "custody2.north", "fr.custody", date(2030, 1, 1))
    with rated.reading() as session:
        assert rated.task(session, GRID).holder_id == rated.user("custody2.north")
        assert seat(rated, session).user_id == rated.user("custody2.north")
