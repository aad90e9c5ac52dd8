"""Individual opinions: unseen before the chair closes them, missing ones recorded, then erased."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import event, select
from werkzeug.datastructures import MultiDict

from casework import access, audit, interruption, record
from casework.commission import agenda, closing, opinions, opinionspage, standing_in
from casework.refusals import AlreadyDone, Refused
from casework.tables import AuditRow, EntryKey, RecordEntry, Seat
from processes.tables import Clock
from tests.casework_record.world import FormOf
from tests.commission.sitting import OPINION, SEATS, SESSION_DAY


def entries(session, case_id, form="F-CPU-OP"):
    wanted = select(RecordEntry).where(RecordEntry.case_id == case_id, RecordEntry.form == form)
    return list(session.scalars(wanted.order_by(RecordEntry.written_at)))


def grounds(sitting, case_id, login, form="F-CPU-OP"):
    with sitting.reading() as session:
        viewer = sitting.viewer(session, login)
        return {
            access.ground_of_reading(session, viewer, e) for e in entries(session, case_id, form)
        }


@pytest.mark.parametrize(
    "login", ["lead.north", "governor.north", "secretary.north", "coordinator.north"]
)
def test_nobody_sees_an_opinion_before_the_chair_closes_them(sitting, login):
    _, (case_id,) = sitting.convened("N-1")
    sitting.give(case_id, "director.north")
    assert grounds(sitting, case_id, login) == {None}
    assert grounds(sitting, case_id, "director.north") == {"own"}


def test_whoever_sits_sees_the_opinions_from_their_closing_to_that_of_the_session(sitting):
    session_id, (case_id,) = sitting.convened("N-1")
    sitting.give(case_id, "director.north")
    sitting.attend(session_id)
    sitting.close_opinions(case_id)
    assert grounds(sitting, case_id, "lead.north") == {"opinion"}
    assert grounds(sitting, case_id, "secretary.north") == {"opinion"}
    assert grounds(sitting, case_id, "coordinator.north") == {None}
    sitting.opine(case_id)
    sitting.hold(session_id)
    assert grounds(sitting, case_id, "lead.north") == {None}
    assert grounds(sitting, case_id, "secretary.north") == {"opinion"}
    sitting.approve(session_id)
    assert grounds(sitting, case_id, "secretary.north") == {None}


def test_the_step_of_an_opinion_is_seen_by_its_seat_alone(sitting):
    _, (case_id,) = sitting.convened("N-1")
    with sitting.reading() as session:
        (task,) = [
            t
            for t in sitting.open_tasks(session, case_id, "commission_opinion")
            if t.holder_id == sitting.user("lead.north")
        ]
    assert sitting.may_see(task.id, "lead.north")
    assert sitting.may_see(task.id, "management.north")  # named to stand in
    assert not sitting.may_see(task.id, "governor.north")
    assert not sitting.may_see(task.id, "secretary.north")


def test_the_counter_tells_how_many_have_given_and_nothing_else(sitting):
    _, (case_id,) = sitting.convened("N-1")
    sitting.give(case_id, "director.north")
    with sitting.reading() as session:
        item = sitting.item(session, case_id)
        seats = list(session.scalars(select(Seat).where(Seat.item_id == item.id)))
        assert opinions.count(seats) == opinions.Count(given=1, asked=4)


def test_a_closed_item_takes_no_opinion(both):
    _, (case_id,) = both.convened("N-1")
    with both.reading() as session:
        late = both.open_tasks(session, case_id, "commission_opinion")[0]
    both.close_opinions(case_id)
    with pytest.raises(AlreadyDone):
        both.answer(late.id, login_of(both, late), **OPINION)
    with both.reading() as session:
        states = set(session.scalars(select(Seat.state).where(Seat.case_id == case_id)))
    assert states == {"missing"}


def login_of(sitting, task):
    return next(login for login, user in sitting.world.users.items() if user == task.holder_id)


def test_opinions_are_closed_once_and_by_those_who_keep_the_session(sitting):
    _, (case_id,) = sitting.convened("N-1")
    with pytest.raises(access.NotVisible):
        sitting.close_opinions(case_id, "director.north")
    sitting.close_opinions(case_id)
    with pytest.raises(Refused, match="already"):
        sitting.close_opinions(case_id)


def test_opinions_are_not_closed_before_the_day_of_the_session(sitting):
    (case_id,) = sitting.waiting("N-1")
    session_id = sitting.plan()
    sitting.convene(session_id, case_id)
    with pytest.raises(Refused, match="not begun"):
        sitting.close_opinions(case_id)


def test_one_person_sits_on_one_seat_of_an_item(sitting):
    case_id = sitting.refer("N-1")
    twice = [
        sitting.seat("chair", "governor.north", None),
        sitting.seat("detention", "lead.north", "management.north"),
        sitting.seat("spip_director", "director.north", None),
    ]
    twice[0]["alternate"] = twice[1]["alternate"]
    found = sitting.refused(
        case_id,
        "commission_prepare",
        "secretary.north",
        seats=twice,
        question="Why?",
        needs_only=True,
    )
    assert "two seats" in found["seats-1-member"]


def test_an_office_has_one_seat_held_in_a_function_that_goes_with_it(sitting):
    case_id = sitting.refer("N-1")
    seats = [
        sitting.seat("chair", "governor.north", None),
        sitting.seat("chair", "management.north", None),
        sitting.seat("spip_director", "lead.north", None),
    ]
    found = sitting.refused(
        case_id,
        "commission_prepare",
        "secretary.north",
        seats=seats,
        question="Why?",
        needs_only=True,
    )
    assert "already" in found["seats-1-member"]
    assert "no function" in found["seats-2-member"]


def test_a_consultative_seat_has_no_vote(sitting):
    case_id = sitting.refer("N-1")
    sitting.prepare(case_id, (*SEATS[:3], ("psychologist", "psychologist.north", None)))
    with sitting.reading() as session:
        votes = {s.office: s.votes for s in session.scalars(select(Seat))}
    assert votes["psychologist"] is False
    assert votes["detention"] is True


def test_an_alternate_takes_the_seat_and_gives_the_opinion(sitting):
    _, (case_id,) = sitting.convened("N-1")
    with sitting.reading() as session:
        (task,) = [
            t.id
            for t in sitting.open_tasks(session, case_id, "commission_opinion")
            if t.holder_id == sitting.user("lead.north")
        ]
    with sitting.writing() as session, pytest.raises(access.NotVisible):
        standing_in.stand_in(*sitting.asking(session, "director.north"), task)
    with sitting.writing() as session:
        standing_in.stand_in(*sitting.asking(session, "management.north"), task)
    sitting.give(case_id, "management.north")
    with sitting.reading() as session:
        seats = {
            (s.user_id, s.state)
            for s in session.scalars(select(Seat).where(Seat.office == "detention"))
        }
    assert seats == {
        (sitting.user("management.north"), "given"),
        (sitting.user("lead.north"), "replaced"),
    }


def test_a_member_reads_the_pack_only_between_convening_and_closing(sitting):
    (case_id,) = sitting.waiting("N-1")
    session_id = sitting.plan()
    assert grounds(sitting, case_id, "lead.north", "F-ITEM") == {None}
    sitting.convene(session_id, case_id)
    assert grounds(sitting, case_id, "lead.north", "F-ITEM") == {"pack"}
    assert grounds(sitting, case_id, "custody.north", "F-ITEM") == {None}
    sitting.go_to(sitting_day(sitting, session_id))
    sitting.give(case_id, "lead.north")
    assert grounds(sitting, case_id, "lead.north", "F-ITEM") == {"pack"}
    sitting.settled(session_id, case_id)
    sitting.hold(session_id)
    assert grounds(sitting, case_id, "lead.north", "F-ITEM") == {None}


def sitting_day(sitting, session_id):
    with sitting.reading() as session:
        return sitting.row(session, session_id).planned_at.date()


def test_the_pack_holds_no_first_observation(sitting):
    _, (case_id,) = sitting.convened("N-1")
    with sitting.writing() as session:
        item = entries(session, case_id, "F-ITEM")[0]
        acting = sitting.acting("custody.north")
        seen = type("Answered", (), {"by_layer": {"L2": {"what": "Seen in the yard."}}})()
        form = FormOf("F-OBS")
        record.write_submission(
            sitting.platform, session, acting, case_id, item.instance_id, None, form, seen
        )
    assert grounds(sitting, case_id, "director.north", "F-OBS") == {None}


def test_individual_opinions_are_erased_thirty_days_after_the_session(both):
    session_id, (case_id,) = both.convened("N-1")
    both.give(case_id, "director.north")
    both.settled(session_id, case_id, "qer")
    both.hold(session_id)
    both.pass_days(29)
    with both.reading() as session:
        assert [e.erased_at for e in entries(session, case_id)] == [None]
    both.pass_days(3)
    with both.reading() as session:
        (erased,) = entries(session, case_id)
        (collective, *_) = entries(session, case_id, "F-CPU-MIN")
        assert erased.erased_at is not None
        assert erased.ciphertext is None
        assert session.get(EntryKey, erased.id) is None
        assert collective.ciphertext is not None
        clock = session.scalars(select(Clock).where(Clock.guards == "opinions")).one()
        assert (clock.instance_id, clock.state) == (None, "done")


def release(sitting, case_id):
    """The person leaves prison: the case ends wherever it stands."""
    posted = {
        "interruption": "released",
        "interrupted_on": str(sitting.now.date()),
        "known_from": "register",
        "understood": "true",
    }
    with sitting.writing() as session:
        done = interruption.interrupt(
            *sitting.asking(session, "coordinator.north"), case_id, MultiDict(posted)
        )
        assert isinstance(done, interruption.Interrupted), done


def test_a_case_that_ends_early_leaves_the_agenda(sitting):
    _, (case_id,) = sitting.convened("N-1")
    sitting.give(case_id, "director.north")
    release(sitting, case_id)
    assert sitting.state(case_id) == "withdrawn"
    sitting.pass_days(32)
    with sitting.reading() as session:
        assert all(e.erased_at for e in entries(session, case_id))


@pytest.mark.parametrize("again", [False, True])
def test_opinions_of_an_item_put_off_are_erased_when_the_case_ends(sitting, again):
    _, (case_id,) = sitting.convened("N-1")
    sitting.give(case_id, "director.north")
    put_off(sitting, case_id)
    if again:  # on the next agenda, whose session is not convened yet
        session_id = sitting.plan(SESSION_DAY + timedelta(days=7))
        with sitting.writing() as session:
            row = sitting.row(session, session_id)
            agenda.choose(session, sitting.acting(None), row, [sitting.instance(case_id)])
    release(sitting, case_id)
    sitting.pass_days(29)
    with sitting.reading() as session:
        assert [e.erased_at for e in entries(session, case_id)] == [None]
    sitting.pass_days(3)
    with sitting.reading() as session:
        (erased,) = entries(session, case_id)
        assert (erased.erased_at is not None, erased.ciphertext) == (True, None)


def test_a_clock_of_opinions_is_started_once(sitting):
    session_id, (case_id,) = sitting.convened("N-1")
    sitting.give(case_id, "director.north")
    sitting.settled(session_id, case_id, "qer")
    release(sitting, case_id)
    sitting.hold(session_id)
    with sitting.reading() as session:
        item = sitting.item(session, case_id)
        clock = session.scalars(select(Clock).where(Clock.guards == "opinions")).one()
        assert (item.state, clock.guarded_id) == ("closed", item.id)


def put_off(sitting, case_id):
    with sitting.writing() as session:
        item = sitting.item(session, case_id)
        closing.put_off(*sitting.asking(session, "secretary.north"), item.id)


def test_a_member_s_page_asks_nothing_once_for_each_item(both):
    session_id, cases = both.convened("N-1", "N-2", "N-3")
    with both.writing() as session:
        asked = both.asking(session, "director.north")
        said = []
        hear = lambda *a: said.append(a[2])  # noqa: E731
        event.listen(session.get_bind(), "before_cursor_execute", hear)
        page = opinionspage.opinions_page(*asked, session_id)
        event.remove(session.get_bind(), "before_cursor_execute", hear)
        reads = select(AuditRow.chain_id, AuditRow.codes).where(
            AuditRow.act == "entry.read", AuditRow.actor_id == both.user("director.north")
        )
        read = {chain: codes["ground"] for chain, codes in session.execute(reads)}
        assert audit.verify(session, both.platform.keyring).stands
    assert {card.question for card in page.cards} == {
        "Does anything beyond ordinary work follow from this?"
    }
    assert max(Counter(said).values()) < len(cases)
    assert set(read) == set(cases)  # in each case's own chain
