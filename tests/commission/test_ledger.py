"""Answers owed: an opinion leaves by itself, is answered or stays unanswered, and is counted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from casework.commission import ledger
from casework.tables import Notification, Opinion
from processes.tables import Clock
from tests.commission.sitting import SESSION_DAY


def opined(sitting, outcome="qer", number="N-1", day=SESSION_DAY):
    """A case on which the commission has opined, in a session of that day."""
    case_id = sitting.refer(number)
    sitting.prepare(case_id)
    session_id = sitting.plan(day)
    sitting.convene(session_id, case_id)
    sitting.go_to(day)
    sitting.settled(session_id, case_id, outcome)
    sitting.hold(session_id)
    return case_id


def opinion(sitting, case_id):
    with sitting.reading() as session:
        wanted = (
            select(Opinion).where(Opinion.case_id == case_id).order_by(Opinion.issued_at.desc())
        )
        found = session.scalars(wanted).first()
    assert found is not None
    return found


def told(sitting, code):
    with sitting.reading() as session:
        return {
            n.role for n in session.scalars(select(Notification).where(Notification.code == code))
        }


def position(sitting, case_id, given="not_follow"):
    answers = [
        {
            "point": "All of it",
            "reasons": "He has kept every rule since and works daily, so nothing more is needed now than before.",  # noqa: E501
        }
    ]
    extra = (
        {"answers": answers, "instead": "Work, looked at in May."} if given == "not_follow" else {}
    )
    sitting.complete(
        case_id, "commission_position", "governor.north", governor_position=given, **extra
    )


def test_an_opinion_owes_an_answer_from_its_issue_on(both):
    case_id = opined(both)
    found = opinion(both, case_id)
    assert (found.state, found.outcome, found.favourable) == ("issued", "qer", False)
    assert (found.owner_role, found.repeat) == ("fr.disp", 1)
    assert found.entry_id is not None
    assert found.item_id is not None


@pytest.mark.parametrize("given", ["follow", "not_follow"])
def test_it_leaves_by_itself_after_five_working_days_whatever_the_governor_says(sitting, given):
    case_id = opined(sitting)
    position(sitting, case_id, given)
    sitting.go_to(SESSION_DAY + timedelta(days=7))
    assert opinion(sitting, case_id).state == "issued"
    sitting.go_to(SESSION_DAY + timedelta(days=8))
    found = opinion(sitting, case_id)
    assert (found.state, found.sent_how, found.owner_role) == ("sent", "by_itself", "fr.disp")
    assert found.answer_due_at is not None
    assert told(sitting, "opinion_left_by_itself") == {"fr.governor"}


def test_the_region_owes_first_and_then_the_ministry_counted_from_the_sending(sitting):
    case_id = opined(sitting)
    position(sitting, case_id)
    sitting.go_to(SESSION_DAY + timedelta(days=8))
    sent = opinion(sitting, case_id)
    assert sent.owner_role == "fr.disp"
    answers = {"region_opinion": "favourable", "reasons": "It answers.", "unknowns": "None."}
    sitting.pass_days(3)
    sitting.complete(case_id, "carry_upward_region", "region", **answers)
    owed = opinion(sitting, case_id)
    assert owed.owner_role == "fr.central"
    with sitting.reading() as session:
        guarding = select(Clock.guards).where(Clock.guarded_id == owed.id, Clock.state == "running")
        assert session.scalars(guarding).all() == ["opinion"], "the region's own clock has ended"
    assert owed.answer_due_at > sent.answer_due_at


def test_a_silent_region_holds_nothing_back(sitting):
    case_id = opined(sitting)
    sitting.go_to(SESSION_DAY + timedelta(days=8))
    sitting.pass_days(25)
    sitting.sweep()
    assert opinion(sitting, case_id).owner_role == "fr.central"


def test_who_does_not_follow_answers_every_point(sitting):
    points = [{"point": "He works and learns."}, {"point": "He speaks with nobody."}]
    session_id, (case_id,) = sitting.convened("N-1")
    sitting.attend(session_id, case_id)
    sitting.close_opinions(case_id)
    sitting.complete(
        case_id, "commission_collective", "secretary.north",
        cpu1_outcome="qer", person_heard="none", points=points,
    )  # fmt: skip
    reasons = "He has kept every rule since and works daily, so nothing more is needed than before."
    one = {"governor_position": "not_follow", "instead": "Work, looked at in May."}
    answers = [{"point": "The first", "reasons": reasons}]
    found = sitting.refused(
        case_id, "commission_position", "governor.north", **one, answers=answers
    )
    assert "2 points" in found["answers"]
    both = [*answers, {"point": "The second", "reasons": reasons}]
    sitting.complete(case_id, "commission_position", "governor.north", **one, answers=both)


def test_it_leaves_by_itself_when_the_governor_says_nothing(sitting):
    case_id = opined(sitting)
    sitting.go_to(SESSION_DAY + timedelta(days=9))
    assert opinion(sitting, case_id).sent_how == "by_itself"


def test_sent_by_hand_it_does_not_leave_a_second_time(sitting):
    case_id = opined(sitting)
    position(sitting, case_id)
    sitting.complete(
        case_id,
        "carry_upward_send",
        "secretary.north",
        package=["collective_opinion"],
        sent_by="paper",
        sent_on=sitting.now.date(),
    )
    sitting.pass_days(12)
    sitting.sweep()
    found = opinion(sitting, case_id)
    assert (found.state, found.sent_how) == ("sent", "by_hand")
    assert told(sitting, "opinion_left_by_itself") == set()


def test_after_ninety_days_it_is_unanswered_and_a_fresh_opinion_is_due(both):
    case_id = opined(both)
    position(both, case_id)
    both.go_to(SESSION_DAY + timedelta(days=8))
    for _ in range(12):
        both.pass_days(10)
        both.sweep()
    assert opinion(both, case_id).state == "unanswered"
    assert "commission_prepare" in both.elements(case_id)
    assert told(both, "opinion_unanswered") == {"fr.disp", "fr.central"}


def test_an_answer_is_entered_once(sitting):
    case_id = opined(sitting)
    with sitting.writing() as session:
        found = session.get_one(Opinion, opinion(sitting, case_id).id)
        ledger.answer(session, sitting.acting("region"), found, "refuse")
        ledger.answer(session, sitting.acting("region"), found, "place_qer")
        ledger.unanswered(session, sitting.acting(None), sitting.platform.ports.directory, found)
    found = opinion(sitting, case_id)
    assert (found.state, found.answer) == ("answered", "refuse")


def test_what_the_governor_decides_he_answers_himself(sitting):
    case_id = opined(sitting, "support_only")
    found = opinion(sitting, case_id)
    assert (found.owner_role, found.favourable) == ("fr.governor", True)
    position(sitting, case_id, "not_follow")
    found = opinion(sitting, case_id)
    assert (found.state, found.answer) == ("answered", "not_follow")


def test_a_position_that_is_never_given_leaves_a_favourable_opinion_unanswered(sitting):
    case_id = opined(sitting, "support_only")
    sitting.pass_days(9)
    sitting.sweep()
    assert opinion(sitting, case_id).state == "unanswered"


def test_the_second_same_opinion_asks_the_region_and_the_third_tells_centre_and_oversight(both):
    opined(both)
    assert told(both, "opinion_repeated") == set()
    second = opined(both, day=SESSION_DAY + timedelta(days=7))
    assert opinion(both, second).repeat == 2
    assert told(both, "opinion_repeated") == {"fr.disp"}
    third = opined(both, day=SESSION_DAY + timedelta(days=14))
    assert opinion(both, third).repeat == 3
    assert told(both, "opinion_repeated_again") == {"fr.central", "x.oversight"}


def test_an_opinion_that_was_followed_or_is_another_is_no_repetition(sitting):
    first = opined(sitting)
    with sitting.writing() as session:
        row = session.get_one(Opinion, opinion(sitting, first).id)
        ledger.answer(session, sitting.acting("region"), row, "place_qer")
    assert opinion(sitting, opined(sitting, day=SESSION_DAY + timedelta(days=7))).repeat == 1
    other = opined(sitting, "support_only", day=SESSION_DAY + timedelta(days=14))
    assert opinion(sitting, other).repeat == 1


def test_an_adjournment_is_no_opinion(sitting):
    case_id = sitting.refer("N-1")
    sitting.prepare(case_id)
    session_id = sitting.plan()
    sitting.convene(session_id, case_id)
    sitting.go_to(SESSION_DAY)
    sitting.attend(session_id)
    sitting.close_opinions(case_id)
    sitting.opine(
        case_id,
        "adjourn",
        adjourn_question="What did the school see?",
        adjourn_until=SESSION_DAY + timedelta(days=20),
    )
    with sitting.reading() as session:
        assert session.scalars(select(Opinion)).all() == []
