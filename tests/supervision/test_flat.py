"""A programme that lasts for years costs a task as much as on its first day: in stored bytes."""

from __future__ import annotations

from sqlalchemy import func, select

from benchmarks.years import Years
from casework.trial import BEGIN, Trials
from processes.tables import Clock, HumanTask, Subscription, Timer

TALK = "supervision_programme_talk"


def test_the_state_of_a_programme_does_not_grow_with_its_weeks(tmp_path):
    trials = Trials(tmp_path)
    with trials.world() as (sessions, world):
        years = Years(trials.platform, sessions, world, BEGIN)
        done = years.live(37)
        talks = [one for one in done if one.element == TALK]
        assert len(talks) >= 9
        assert talks[-1].stored <= talks[0].stored * 1.15
        with sessions() as session:  # and nothing is left behind by the tasks that are done
            pending = select(func.count()).select_from(Timer).where(Timer.state == "pending")
            running = select(func.count()).select_from(Clock).where(Clock.state == "running")
            waits = select(func.count()).where(Subscription.instance_id.is_not(None))
            assert session.scalar(pending) <= 30
            assert session.scalar(running) <= 20
            assert session.scalar(waits) <= 6
            left = select(func.count()).where(
                HumanTask.case_id == years.played.case_id, HumanTask.state == "open"
            )
            assert session.scalar(left) <= 2
