"""Nothing follows from a category that has ended: the steps that rest on it end with it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from casework.cycle import categories, words
from casework.tables import Case, Notification, SharedAction
from processes.tables import HumanTask, Message

STORY = "nothing-follows-any-more"
OVER = categories.OVER_MESSAGE


def open_steps(told) -> set[str]:
    with told.sessions() as session:
        found = select(HumanTask.element_id).where(HumanTask.state == "open")
        return set(session.scalars(found))


def end(told, reason: str) -> None:
    with told.player.hands.writing() as session:
        case = session.get_one(Case, told.played.case_id)
        acting = told.player.acting(None)
        categories.end(told.player.platform, session, acting, case, reason)


@pytest.mark.parametrize("reason", ["expired", "lifted"])
def test_a_category_that_ends_takes_the_steps_along_that_rest_on_it(told, reason):
    at = told(STORY, "contest_category_second")
    assert open_steps(at) >= {"categorise_words", "share_for_action_separation"}
    end(at, reason)
    assert not open_steps(at) & {"categorise_words", "share_for_action_separation"}


def test_a_category_that_is_replaced_leaves_what_follows_from_the_new_one(told):
    at = told(STORY, "contest_category_second")
    end(at, "replaced")
    assert open_steps(at) >= {"categorise_words", "share_for_action_separation"}


def test_whoever_was_asked_is_told_and_opens_the_extract_no_more(told):
    at = told(STORY, "contest_category_second", nth=3)
    end(at, "expired")
    with at.sessions() as session:
        rows = session.scalars(select(SharedAction).order_by(SharedAction.asked_at)).all()
        assert rows[-1].reply == words.RECALLED
        codes = select(Notification.code).where(Notification.role == rows[-1].actor_role)
        assert "action_recalled" in session.scalars(codes).all()
    assert "share_for_action_reply" not in open_steps(at)


def test_where_nothing_waits_nothing_is_kept_for_a_later_category(told):
    at = told(STORY, "monitor_frames")
    with at.sessions() as session:
        kept = select(Message).where(Message.name == OVER, Message.state == "kept")
        assert session.scalars(kept).all() == []
