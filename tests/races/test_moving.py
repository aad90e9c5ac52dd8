"""A case that is moved while something happens in it: nothing is left behind at the old place."""

from __future__ import annotations

from functools import partial
from uuid import uuid4

from processes import rerouting
from processes.advance import Advanced
from processes.rerouting import Moved
from processes.tables import Clock, Establishment
from tests.races.contest import Contest, expiring, two_steps
from tests.races.racing import race


def elsewhere(contest: Contest):
    """A second establishment of the same agency."""
    with contest.writing() as session:
        place = Establishment(
            id=uuid4(),
            agency_id=contest.agency_id,
            kind="prison",
            name="Elsewhere",
            zone="Europe/Paris",
            country="FR",
        )
        session.add(place)
        return place.id


def move(contest: Contest, case_id, place_id) -> Moved:
    with contest.writing() as session:
        return rerouting.move_case(session, contest.platform, contest.acting(), case_id, place_id)


def test_a_completion_and_a_move_leave_every_open_step_at_the_new_place(contest, rounds):
    contest.deploy({"steps.bpmn": two_steps(due="P5D")}, ["steps"])
    there = elsewhere(contest)
    for _ in rounds:
        instance_id = contest.begin()
        task_id = contest.tasks_of(instance_id)["first"].id
        done, moved = race(
            partial(contest.complete, task_id), partial(move, contest, contest.case_id, there)
        )
        assert isinstance(done, Advanced), done
        assert isinstance(moved, Moved), moved
        second = contest.tasks_of(instance_id)["second"]
        assert (second.state, second.establishment_id) == ("open", there)
        assert contest.instances()[instance_id].establishment_id == there


def test_a_deadline_and_a_move_leave_every_running_clock_at_the_new_place(contest, rounds):
    contest.deploy({"steps.bpmn": expiring()}, ["steps"])
    there = elsewhere(contest)
    for _ in rounds:
        instance_id = contest.begin()
        contest.pass_time(hours=2)
        swept, moved = race(contest.sweep, partial(move, contest, contest.case_id, there))
        assert not isinstance(swept, Exception), swept
        assert isinstance(moved, Moved), moved
        contest.sweep()  # a sweep leaves what somebody holds to the next one
        other = contest.tasks_of(instance_id)["other"]
        assert (other.state, other.establishment_id) == ("open", there)
        with contest.reading() as session:
            clocks = session.query(Clock).filter_by(instance_id=instance_id, state="running")
            assert {clock.establishment_id for clock in clocks} <= {there}
