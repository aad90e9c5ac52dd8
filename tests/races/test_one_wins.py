"""Of those who want the same task, one gets it, and the others are told who was quicker."""

from __future__ import annotations

from functools import partial
from uuid import uuid4

from processes.advance import Advanced, AlreadyDone
from processes.tables import HumanTask
from processes.tasks import HeldByAnother
from tests.races.contest import side_by_side, two_steps
from tests.races.racing import of_kind, race


def test_of_two_completions_one_wins_and_the_other_is_told_who_and_when(contest, rounds):
    contest.deploy({"steps.bpmn": two_steps(due="P5D")}, ["steps"])
    for _ in rounds:
        instance_id = contest.begin()
        task_id = contest.tasks_of(instance_id)["first"].id
        outcomes = race(*[partial(contest.complete, task_id)] * 2)
        assert len(of_kind(outcomes, Advanced)) == 1, outcomes
        [late] = of_kind(outcomes, AlreadyDone)
        assert (late.state, late.ended_by, late.ended_at) == (
            "completed",
            contest.user_id,
            contest.now,
        )
        assert {e: t.state for e, t in contest.tasks_of(instance_id).items()} == {
            "first": "completed",
            "second": "open",
        }
        assert contest.instances()[instance_id].revision == 2


def test_of_three_claims_one_holds_the_task(contest, rounds):
    contest.deploy({"steps.bpmn": two_steps()}, ["steps"])
    for _ in rounds:
        task_id = contest.tasks_of(contest.begin())["first"].id
        users = [uuid4() for _ in range(3)]
        outcomes = race(*(partial(contest.claim_as, user, task_id) for user in users))
        [won] = of_kind(outcomes, HumanTask)
        lost = of_kind(outcomes, HeldByAnother)
        assert {error.holder_id for error in lost} == {won.holder_id}, outcomes
        assert len(lost) == 2


def test_a_claim_against_a_completion_leaves_the_task_done_whoever_came_first(contest, rounds):
    contest.deploy({"steps.bpmn": two_steps()}, ["steps"])
    for _ in rounds:
        instance_id = contest.begin()
        task_id = contest.tasks_of(instance_id)["first"].id
        claimed, done = race(
            partial(contest.claim_as, uuid4(), task_id), partial(contest.complete, task_id)
        )
        assert isinstance(done, Advanced)
        assert isinstance(claimed, HumanTask | AlreadyDone), claimed
        assert contest.tasks_of(instance_id)["first"].state == "completed"


def test_two_tasks_of_one_instance_done_at_once_join_once(contest, rounds):
    contest.deploy({"steps.bpmn": side_by_side()}, ["steps"])
    for _ in rounds:
        instance_id = contest.begin()
        open_ = contest.tasks_of(instance_id)
        outcomes = race(
            partial(contest.complete, open_["left"].id),
            partial(contest.complete, open_["right"].id),
        )
        assert len(of_kind(outcomes, Advanced)) == 2, outcomes
        assert contest.tasks_of(instance_id)["joined"].state == "open"
        entered = [
            e
            for e in contest.history_of(instance_id)
            if (e.kind, e.element_id) == ("entered", "joined")
        ]
        assert len(entered) == 1
