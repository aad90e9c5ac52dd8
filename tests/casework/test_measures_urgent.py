"""Urgent measures do not follow each other unseen, and count from a real time of day."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from casework import beginning, notifications
from casework.measures import urgent
from casework.tables import Notification
from forms import load_form
from processes.packs import FORMS
from processes.tables import Establishment
from tests.casework.measures import (
    DAY,
    TODAY,
    URGENT,
    begin,
    confirmed,
    decided,
    measures,
    ordered,
    pass_time,
)
from tests.casework.story import Story


def order_again(story: Story, **changes: Any) -> Any:
    today = story.player.played.now.date()
    again = {"since": today, "danger": f"Said again on {today} to two officers.", **changes}
    return begin(story, "governor.north", "F-URGENT", **{**URGENT, **again})


def words_of(done: Any) -> dict[str, str]:
    assert isinstance(done, beginning.BeginningPage)
    return {error.key: error.words for error in done.form.errors}


def told(story: Story) -> set[tuple[str, int]]:
    with story.reading() as session:
        wanted = select(Notification).where(Notification.code == "urgent_again")
        return {(row.role, row.level) for row in session.scalars(wanted)}


def test_while_one_is_in_force_no_further_one_is_ordered(story):
    ordered(story)
    assert "Confirm it or lift it" in words_of(order_again(story))["measures"]
    assert len(measures(story, "urgent")) == 1


def test_nor_when_the_commission_asked_for_it(story):
    ordered(story)
    with story.writing() as session:
        task = story.task(session, "urgent_measure_reasons")
        task.form = "F-URGENT"
    story.do(
        "refused",
        task="urgent_measure_reasons",
        as_="governor.north",
        answers={**URGENT, "since": TODAY, "at_time": "09:30"},
        because="measures",
    )


def test_the_same_order_sent_twice_is_told_to_be_there(story):
    first = ordered(story)
    again = begin(story, "governor.north", "F-URGENT", **{**URGENT, "since": TODAY})
    assert (again.instance_id, again.sentences) == (
        first.instance_id,
        ("This was sent already: it was begun once, not twice.",),
    )


def test_one_that_follows_another_soon_is_told_to_region_and_oversight(story):
    ordered(story)
    pass_time(story, story.player.played.now + 4 * DAY)
    assert told(story) == set()
    assert isinstance(order_again(story), beginning.Done)
    assert told(story) == {("fr.disp", 2), ("x.oversight", 2)}
    with story.reading() as session:
        viewer = story.viewer(session, "oversight")
        seen = notifications.visible(story.platform, session, viewer)
    assert ["shortly after another had ended" in notice.words for notice in seen] == [True]


def test_so_is_one_that_follows_an_urgent_measure_that_was_confirmed(story):
    decided(story)
    order_again(story, at_time="09:59")
    assert told(story) == {("fr.disp", 2), ("x.oversight", 2)}


def test_a_long_time_after_another_nobody_is_told(story):
    ordered(story)
    pass_time(story, story.player.played.now + 20 * DAY)
    assert isinstance(order_again(story), beginning.Done)
    assert told(story) == set()


@pytest.mark.parametrize("hour", ["25:00", "29:59", "10:60", "noon"])
def test_the_hour_is_a_real_one(story, hour):
    story.observe()
    assert "14:30" in words_of(order_again(story, at_time=hour))["at_time"]
    assert measures(story) == []


def test_an_hour_that_no_day_has_is_never_passed_over(story):
    confirmed(story)
    now = story.player.played.now
    with story.reading() as session:
        place = session.get_one(Establishment, story.case(session).establishment_id)
        with pytest.raises(ValueError, match="no day has"):
            urgent._began({"since": TODAY, "at_time": "25:00"}, now, place)
        began = urgent._began({"since": TODAY - DAY, "at_time": "10:00"}, now, place)
    assert now - began == timedelta(days=1)


@pytest.mark.parametrize("name", ["F-URGENT", "F-ORAL"])
def test_forms_ask_for_a_real_time(name):
    form = load_form((FORMS / "common" / f"{name}.form").read_bytes(), f"{name}.form")
    pattern = form.fields["at_time"].bounds.pattern or ""
    taken = [t for t in ("23:59", "24:00", "09:30", "25:00") if re.fullmatch(pattern, t)]
    assert taken == ["23:59", "09:30"]
