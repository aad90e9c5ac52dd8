"""Quorum, collective opinions, items not reached, new days; a session closed once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from casework import transferring, work
from casework.commission import agenda, closing
from casework.refusals import Refused
from casework.registering import Registered
from casework.tables import AgendaItem, Attendance, Case, Notification, Person, Seat
from processes import advance
from processes.engine import EngineFault
from processes.tables import Message, ProcessInstance
from tests.commission.sitting import SEATS, SESSION_DAY, collective


def test_there_is_no_collective_opinion_without_a_quorum(both):
    session_id, (case_id,) = both.convened("N-1")
    both.close_opinions(case_id)
    refused = both.refused(
        case_id, "commission_collective", "secretary.north", **collective("support_only")
    )
    assert "no quorum" in refused["cpu1_outcome"]
    both.attend(session_id, case_id, spip_director=False)
    refused = both.refused(
        case_id, "commission_collective", "secretary.north", **collective("support_only")
    )
    assert "no quorum" in refused["cpu1_outcome"]
    both.attend(session_id, case_id)
    both.opine(case_id)
    assert both.state(case_id) == "closed"


def test_the_step_says_beforehand_that_there_is_no_quorum(sitting):
    session_id, (case_id,) = sitting.convened("N-1")
    sitting.close_opinions(case_id)
    assert "no quorum" in beside(sitting, case_id)
    sitting.attend(session_id, case_id)
    assert "no quorum" not in beside(sitting, case_id)


def beside(sitting, case_id) -> str:
    """What the page of the collective opinion says of the step."""
    with sitting.reading() as session:
        [task] = sitting.open_tasks(session, case_id, "commission_collective")
        page = work.open_task(*sitting.asking(session, "secretary.north"), task.id)
        return " ".join(page.explanation)


def test_a_consultative_member_is_never_counted(sitting):
    case_id = sitting.refer("N-1")
    sitting.prepare(case_id, (*SEATS[:3], ("psychologist", "psychologist.north", None)))
    session_id = sitting.plan()
    sitting.convene(session_id, case_id)
    sitting.go_to(SESSION_DAY)
    sitting.attend(session_id, psychologist=True, detention=False)
    with sitting.reading() as session:
        assert sitting.item(session, case_id).quorum is False


def test_attendance_is_noted_for_all_items_and_changed_for_one(sitting):
    session_id, (first, second) = sitting.convened("N-1", "N-2")
    sitting.attend(session_id)
    sitting.attend(session_id, second, detention=False)
    with sitting.reading() as session:
        quorum = {i.case_id: i.quorum for i in session.scalars(select(AgendaItem))}
        assert quorum == {first: True, second: False}
        noted = session.scalars(select(Attendance).where(Attendance.office == "detention"))
        assert {a.present for a in noted} == {True, False}


def test_the_collective_opinion_waits_for_the_chair_to_close_the_opinions(sitting):
    session_id, (case_id,) = sitting.convened("N-1")
    for _, login, _ in SEATS:
        sitting.give(case_id, login)
    sitting.attend(session_id)
    refused = sitting.refused(
        case_id, "commission_collective", "secretary.north", **collective("support_only")
    )
    assert "not closed" in refused["cpu1_outcome"]
    sitting.close_opinions(case_id)
    sitting.opine(case_id)
    assert sitting.state(case_id) == "closed"


def test_dissents_come_from_offices_with_a_seat(sitting):
    session_id, (case_id,) = sitting.convened("N-1")
    sitting.attend(session_id)
    sitting.close_opinions(case_id)
    dissent = {"office": "education", "proposed": "qer", "reasons": "He asked for it."}
    refused = sitting.refused(
        case_id,
        "commission_collective",
        "secretary.north",
        **collective("support_only"),
        dissents=[dissent],
    )
    assert "no seat" in refused["dissents-0-office"]


def test_an_item_not_reached_goes_to_the_next_agenda_and_nobody_is_asked_twice(both):
    first_session, (case_id,) = both.convened("N-1")
    both.give(case_id, "director.north")
    with both.writing() as session:
        item = both.item(session, case_id)
        closing.put_off(*both.asking(session, "secretary.north"), item.id)
    assert both.state(case_id) == "not_reached"
    with both.reading() as session:
        waits = agenda.candidates(session, both.row(session, first_session).establishment_id)
        assert [c.case.id for c in waits] == [case_id]
        assert waits[0].since < both.now - timedelta(days=10)
    session_id = both.plan(SESSION_DAY + timedelta(days=7))
    both.convene(session_id, case_id)
    with both.reading() as session:
        asked = both.open_tasks(session, case_id, "commission_opinion")
        assert both.user("director.north") not in {t.holder_id for t in asked}
        assert len(asked) == 3
        states = session.scalars(select(Seat.state).where(Seat.state != "replaced"))
        assert sorted(states) == ["asked", "asked", "asked", "given"]
        assert session.scalars(select(Message).where(Message.state == "kept")).all() == []


def test_an_item_is_put_off_after_its_opinions_were_closed_too(sitting):
    _, (case_id,) = sitting.convened("N-1")
    sitting.close_opinions(case_id)
    with sitting.writing() as session:
        closing.put_off(
            *sitting.asking(session, "secretary.north"), sitting.item(session, case_id).id
        )
    assert "commission_collective" not in sitting.elements(case_id)
    with sitting.writing() as session, pytest.raises(Refused, match="no longer open"):
        closing.put_off(
            *sitting.asking(session, "secretary.north"), sitting.item(session, case_id).id
        )


def test_a_session_is_closed_once_and_what_was_not_reached_waits(both):
    session_id, (first, second) = both.convened("N-1", "N-2")
    both.settled(session_id, first)
    both.hold(session_id)
    assert (both.state(first), both.state(second)) == ("closed", "not_reached")
    with both.writing() as session:
        row, acting = both.row(session, session_id), both.acting("secretary.north")
        with pytest.raises(EngineFault, match="closed already"):
            closing.close(both.platform, session, acting, row, "x")
    with pytest.raises(Refused, match="closed"):
        both.attend(session_id)


def test_a_session_without_a_quorum_is_not_held(sitting):
    session_id, _ = sitting.convened("N-1")
    sitting.attend(session_id, chair=False)
    refused = sitting.refused(
        sitting.file(session_id), "commission_session_hold", "secretary.north", session_held="yes"
    )
    assert "No item has a quorum" in refused["session_held"]


def test_without_a_quorum_the_session_meets_again_within_five_working_days(both):
    session_id, (case_id,) = both.convened("N-1")
    both.attend(session_id, chair=False)
    late = {"next_on": SESSION_DAY + timedelta(days=8), "next_time": "09:30"}
    refused = both.refused(
        both.file(session_id),
        "commission_session_hold",
        "secretary.north",
        session_held="no_quorum",
        **late,
    )
    assert "five working days" in refused["next_on"]
    soon = {"next_on": SESSION_DAY + timedelta(days=4), "next_time": "09:30"}
    both.hold(session_id, "no_quorum", **soon)
    with both.reading() as session:
        row = both.row(session, session_id)
        assert row.state == "convened"
        assert row.planned_at.date() == date(2026, 3, 20)
        item = both.item(session, case_id)
        assert (item.state, item.quorum) == ("on_agenda", None)
        assert session.scalars(select(Attendance)).all() == []
    both.give(case_id, "director.north")  # the opinions stay open
    both.go_to(date(2026, 3, 20))
    both.settled(session_id, case_id)
    both.hold(session_id)
    assert both.state(case_id) == "closed"


def test_an_item_is_adjourned_once(sitting):
    session_id, (case_id,) = sitting.convened("N-1")
    sitting.attend(session_id)
    sitting.close_opinions(case_id)
    late = sitting.refused(
        case_id,
        "commission_collective",
        "secretary.north",
        **collective("adjourn"),
        adjourn_question="What did the school see?",
        adjourn_until=SESSION_DAY + timedelta(days=40),
    )
    assert "no later than" in late["adjourn_until"]
    sitting.opine(
        case_id,
        "adjourn",
        adjourn_question="What did the school see?",
        adjourn_until=SESSION_DAY + timedelta(days=20),
    )
    sitting.hold(session_id)
    sitting.prepare(case_id)
    again = sitting.plan(SESSION_DAY + timedelta(days=14))
    sitting.convene(again, case_id)
    sitting.go_to(SESSION_DAY + timedelta(days=14))
    sitting.attend(again)
    sitting.close_opinions(case_id)
    refused = sitting.refused(
        case_id,
        "commission_collective",
        "secretary.north",
        **collective("adjourn"),
        adjourn_question="And now?",
        adjourn_until=SESSION_DAY + timedelta(days=20),
    )
    assert "once already" in refused["cpu1_outcome"]


def test_the_same_hour_planned_twice_is_one_session(sitting):
    assert sitting.plan() == sitting.plan()
    assert sitting.plan(session_time="16:00") != sitting.plan()


def test_the_file_of_a_session_is_about_no_person_and_cannot_be_interrupted(sitting):
    from casework import interruption
    from casework.tables import Case

    session_id = sitting.plan()
    with sitting.reading() as session:
        case = session.get_one(Case, sitting.file(session_id))
        assert (case.kind, case.person_id) == ("session", None)
        viewer = sitting.viewer(session, "governor.north")
        assert not interruption.may_interrupt(sitting.platform, session, viewer, case)


def test_a_case_stands_on_one_agenda_at_a_time(sitting):
    (case_id,) = sitting.waiting("N-1")
    first, second = sitting.plan(), sitting.plan(session_time="16:00")
    chosen = [sitting.instance(case_id)]
    acting = sitting.acting("secretary.north")
    with sitting.writing() as session:
        agenda.choose(session, acting, sitting.row(session, first), chosen)
    with sitting.writing() as session, pytest.raises(Refused, match="not waiting"):
        agenda.choose(session, acting, sitting.row(session, second), chosen)
    with sitting.writing() as session:
        agenda.choose(session, acting, sitting.row(session, first), [])
        agenda.choose(session, acting, sitting.row(session, second), chosen)


def test_a_case_that_ended_before_the_convening_is_withdrawn(sitting):
    first, second = sitting.waiting("N-1", "N-2")
    session_id = sitting.plan()
    acting = sitting.acting("secretary.north")
    with sitting.writing() as session:
        row = sitting.row(session, session_id)
        agenda.choose(session, acting, row, [sitting.instance(first), sitting.instance(second)])
        gone = session.get_one(ProcessInstance, sitting.instance(first), with_for_update=True)
        advance.cancel_instance(session, sitting.platform, acting, gone, "released")
        agenda.convene(sitting.platform, session, acting, row)
    assert (sitting.state(first), sitting.state(second)) == ("withdrawn", "on_agenda")


def test_a_session_whose_items_have_all_left_is_ended(sitting):
    session_id, (case_id,) = sitting.convened("N-1")
    with sitting.writing() as session:
        person = session.get_one(Case, case_id).person_id
        number = session.get_one(Person, person).number
        to = str(sitting.world.places["south"])
        day = sitting.acting(None).now.date()
        posted = {"person_number": number, "to_prison": to, "moved_on-day": str(day.day)}
        posted |= {"moved_on-month": str(day.month), "moved_on-year": str(day.year)}
        asking = sitting.asking(session, "registry.north")
        assert isinstance(transferring.transfer(*asking, MultiDict(posted)), Registered)
    assert sitting.state(case_id) == "withdrawn"
    with sitting.reading() as session:
        told = select(Notification.role).where(Notification.code == "item_left")
        assert "fr.cpu_secretary" in set(session.scalars(told))
        assert {"fr.unit_lead", "fr.spip_director"} <= set(session.scalars(told))
    sitting.go_to(SESSION_DAY)
    sitting.hold(session_id)
    with sitting.reading() as session:
        assert sitting.row(session, session_id).state == "closed"
