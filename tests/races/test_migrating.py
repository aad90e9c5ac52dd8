"""An instance that is put onto another version while somebody does its step, or takes it back."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from processes import migration, versions
from processes.advance import Advanced
from processes.migration import MigrationRefused, Plan
from processes.tables import ProcessVersion
from tests.races.contest import Contest, two_steps
from tests.races.racing import race

RENAMED = {"first": "begun"}


def two_versions(contest: Contest) -> None:
    """The renamed version is in force; what begins still begins in the earlier one."""
    renamed = two_steps().replace(b"first", b"begun")
    contest.deploy({"steps.bpmn": renamed}, ["steps"])
    contest.deploy({"steps.bpmn": two_steps()}, ["steps"])


def migrate(contest: Contest, instance_id: UUID) -> Plan:
    with contest.writing() as session:
        now = versions.active_version(session, contest.agency_id, "steps")
        [later] = [
            version
            for version in session.query(ProcessVersion).filter_by(model="steps")
            if version.id != now.id
        ]
        return migration.migrate(
            session, contest.platform, contest.acting(), instance_id, later, RENAMED
        )


def undo(contest: Contest, instance_id: UUID) -> None:
    with contest.writing() as session:
        migration.undo(session, contest.platform, contest.acting(), instance_id)


def test_a_completion_and_a_migration_at_once_both_hold(contest, rounds):
    two_versions(contest)
    for _ in rounds:
        instance_id = contest.begin()
        task_id = contest.tasks_of(instance_id)["first"].id
        done, moved = race(
            partial(contest.complete, task_id), partial(migrate, contest, instance_id)
        )
        assert isinstance(done, Advanced), done
        assert isinstance(moved, Plan), moved
        there = {element: task.state for element, task in contest.tasks_of(instance_id).items()}
        assert there.pop("second") == "open"
        assert there in ({"first": "completed"}, {"begun": "completed"})
        assert contest.instances()[instance_id].version_id == moved.to_version_id


def test_a_completion_and_an_undoing_at_once_take_nothing_back_that_was_done(contest, rounds):
    two_versions(contest)
    for _ in rounds:
        instance_id = contest.begin()
        plan = migrate(contest, instance_id)
        task_id = contest.tasks_of(instance_id)["begun"].id
        done, back = race(partial(contest.complete, task_id), partial(undo, contest, instance_id))
        assert isinstance(done, Advanced), done
        assert back is None or isinstance(back, MigrationRefused), back
        there = {element: task.state for element, task in contest.tasks_of(instance_id).items()}
        assert there == {"begun" if back else "first": "completed", "second": "open"}
        version_id = contest.instances()[instance_id].version_id
        assert version_id == (plan.to_version_id if back else plan.from_version_id)
