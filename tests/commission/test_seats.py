"""Who is asked for an opinion again, and who may still sit: unseen, and in the seat's function."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select

from casework import access, moving, record
from casework.commission import found, standing_in, visible
from casework.refusals import Refused
from casework.tables import RoleHolding
from processes.tables import HumanTask
from tests.commission.sitting import SESSION_DAY
from tests.commission.test_opinions import entries, grounds, put_off


def read_opinions(sitting, case_id, login):
    """Open every opinion that is shown to somebody."""
    with sitting.writing() as session:
        viewer = sitting.viewer(session, login)
        for entry in entries(session, case_id):
            ground = access.ground_of_reading(session, viewer, entry)
            assert ground is not None
            record.read_entry(sitting.platform, session, sitting.acting(login), entry, ground)


def states(sitting, case_id):
    with sitting.reading() as session:
        seats = found.seats_of(session, sitting.instance(case_id))
        names = {user: login for login, user in sitting.world.users.items()}
        return {names[seat.user_id]: seat.state for seat in seats}


def on_the_next_agenda(sitting, case_id):
    put_off(sitting, case_id)
    day = SESSION_DAY + timedelta(days=7)
    session_id = sitting.plan(day)
    sitting.convene(session_id, case_id)
    sitting.go_to(day)
    return session_id


def test_who_has_read_an_opinion_is_not_asked_again_but_the_alternate_who_has_not(both):
    _, (case_id,) = both.convened("N-1")
    both.give(case_id, "director.north")
    both.close_opinions(case_id)
    for login in ("director.north", "lead.north", "support.north"):
        read_opinions(both, case_id, login)
    on_the_next_agenda(both, case_id)
    assert states(both, case_id) == {
        "director.north": "given",
        "governor.north": "asked",
        "management.north": "asked",  # the alternate of lead.north
        "support.north": "missing",
    }
    both.give(case_id, "management.north")
    both.give(case_id, "governor.north")
    with both.reading() as session:
        assert not both.open_tasks(session, case_id, "commission_opinion")


def test_an_item_goes_on_when_nobody_is_left_to_ask(both):
    _, (case_id,) = both.convened("N-1")
    both.give(case_id, "director.north")
    both.close_opinions(case_id)
    for login in ("governor.north", "lead.north", "management.north", "support.north"):
        read_opinions(both, case_id, login)
    session_id = on_the_next_agenda(both, case_id)
    with both.reading() as session:
        assert not both.open_tasks(session, case_id, "commission_opinion")
    both.settled(session_id, case_id)
    assert both.state(case_id) == "closed"
    assert Counter(states(both, case_id).values()) == {"given": 1, "missing": 3}


def test_an_alternate_who_has_read_an_opinion_takes_no_seat(sitting):
    _, (case_id,) = sitting.convened("N-1")
    sitting.give(case_id, "director.north")
    sitting.close_opinions(case_id)
    read_opinions(sitting, case_id, "management.north")
    on_the_next_agenda(sitting, case_id)
    with sitting.reading() as session:
        (task,) = [
            t.id
            for t in sitting.open_tasks(session, case_id, "commission_opinion")
            if t.holder_id == sitting.user("lead.north")
        ]
    with sitting.writing() as session, pytest.raises(Refused, match="unseen"):
        standing_in.stand_in(*sitting.asking(session, "management.north"), task)
    with sitting.reading() as session:  # nor is it moved to one
        row, on = session.get_one(HumanTask, task), sitting.viewer(session, "lead.north").on
        why = moving.why_not(session, row, sitting.user("management.north"), on)
        assert why is not None
        assert "unseen" in why
        assert moving.why_not(session, row, sitting.user("governor.north"), on) is None


@pytest.mark.parametrize("login", ["lead.north", "management.north"])
@pytest.mark.parametrize("change", [{"establishment_id": "south"}, {"role": "fr.custody"}])
def test_a_seat_needs_its_function_at_its_place(sitting, login, change):
    session_id, (case_id,) = sitting.convened("N-1")
    with sitting.reading() as session:
        wanted = select(HumanTask.id).where(HumanTask.form == "F-CPU-OP")
        (task_id,) = session.scalars(
            wanted.where(HumanTask.holder_id == sitting.user("lead.north"))
        )
    assert sees(sitting, session_id, case_id, task_id, login) == {True}
    with sitting.writing() as session:
        held = select(RoleHolding).where(RoleHolding.user_id == sitting.user(login))
        for holding in session.scalars(held):
            for name, value in change.items():
                setattr(holding, name, sitting.world.places.get(value, value))
    assert sees(sitting, session_id, case_id, task_id, login) == {False}


def sees(sitting, session_id, case_id, task_id, login):
    """Whether somebody sees the pack, the session and the step of a seat."""
    with sitting.reading() as session:
        row = sitting.row(session, session_id)
        on_page = bool(visible.seated_on(session, sitting.viewer(session, login), row))
    return {
        grounds(sitting, case_id, login, "F-ITEM") == {"pack"},
        sitting.may_see(task_id, login),
        on_page,
    }
