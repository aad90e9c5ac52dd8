"""Moving a demo's clock: deadlines on the way act at their own time, in their order."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from casework import demo_clock
from casework.tables import Notification
from processes.tables import Clock, HumanTask, Incident, Installation, Timer
from tests.webapp.pages import check_page
from tests.webapp.walk import observe
from webapp.session import now


@pytest.fixture
def triage(house):
    """A first look that waits, and an officer who can move the clock."""
    officer = observe(house)
    return house.task("F-TRIAGE"), officer


def move(officer, by: str = "week") -> None:
    officer.get("/demo/clock")
    officer.post("/demo/clock", by=by)
    assert officer.answer.status_code == 200, officer.text


def timers(session, guarded_id) -> dict[str, Timer]:
    wanted = select(Timer).join(Clock, Clock.id == Timer.clock_id)
    return {t.kind: t for t in session.scalars(wanted.where(Clock.guarded_id == guarded_id))}


def test_each_deadline_on_the_way_acts_at_its_own_time(house, triage):
    task_id, officer = triage
    move(officer)
    with house.sessions() as session:
        passed = timers(session, task_id)
        assert {t.state for t in passed.values()} == {"fired"}
        assert all(t.fired_at == t.due_at for t in passed.values())
        told = {
            n.code: n.created_at
            for n in session.scalars(select(Notification).where(Notification.task_id == task_id))
        }
    assert told["task_remind"] == passed["remind"].due_at
    assert told["task_due"] == passed["due"].due_at
    assert told["escalated"] == passed["escalate"].due_at


def test_what_follows_from_a_missed_deadline_counts_from_that_deadline(house, triage):
    task_id, officer = triage
    move(officer)
    with house.sessions() as session:
        missed = timers(session, task_id)["escalate"].due_at
        case_id = session.get_one(HumanTask, task_id).case_id
        wanted = select(HumanTask).where(
            HumanTask.case_id == case_id, HumanTask.form == "F-OVERDUE"
        )
        superior = session.scalars(wanted).one()
        assert superior.created_at == missed
        clock = session.scalars(select(Clock).where(Clock.guarded_id == superior.id)).one()
        assert clock.base_at == missed


def test_a_move_by_steps_ends_as_one_move_does(house, triage):
    task_id, officer = triage
    for _ in range(7):
        move(officer, "day")
    with house.sessions() as session:
        assert all(t.fired_at == t.due_at for t in timers(session, task_id).values())


def test_beyond_the_stops_the_rest_is_left_to_the_clock(house, triage, monkeypatch):
    task_id, officer = triage
    monkeypatch.setattr(demo_clock, "MOST_STOPS", 1)
    move(officer)
    with house.sessions() as session:
        assert {t.state for t in timers(session, task_id).values()} == {"pending"}
        assert session.get_one(Installation, 1).clock_offset_seconds > 0


def test_what_fails_on_the_way_is_undone_alone_and_written_down(house, triage, monkeypatch):
    task_id, officer = triage

    def fails(self, session, acting, task, moment):
        session.add(Incident(id=acting.new_id(), agency_id=acting.agency_id, words="half done"))
        raise RuntimeError("no reminder")

    monkeypatch.setattr(type(house.platform.ports.effects), "remind", fails)
    move(officer)
    with house.sessions() as session:
        passed = timers(session, task_id)
        assert (passed["remind"].state, passed["escalate"].state) == ("pending", "fired")
        words = set(session.scalars(select(Incident.words)))
        assert words == {"RuntimeError"}


def test_the_page_says_whether_a_deadline_lies_ahead(house, triage):
    _task_id, officer = triage
    none = "No deadline lies ahead: nothing waits for a time to come."
    check_page(officer.get("/demo/clock"))
    assert none not in officer.text
    assert "To the next deadline" in officer.text
    with house.sessions() as session:
        for timer in session.scalars(select(Timer).where(Timer.state == "pending")):
            timer.state = "cancelled"
        session.commit()
    check_page(officer.get("/demo/clock"))
    assert none in officer.text
    assert "To the next deadline" not in officer.text


def test_before_the_sign_in_the_time_is_that_of_the_places(house):
    with house.app.test_client() as client:
        text = client.get("/sign-in").text
        here = now().astimezone(ZoneInfo("Europe/Paris"))
    assert f"Demo time: {here:%-d %B %Y, %H:%M} (Central European" in text
