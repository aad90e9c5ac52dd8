"""Running instances put onto another version: rows, clocks and people, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from processes import advance, migration, tasks, versions
from processes.migration import MigrationRefused
from processes.ports import SeatHolder
from processes.tables import (
    Base,
    Clock,
    Establishment,
    HumanTask,
    Incident,
    InstanceMigration,
    ProcessInstance,
    ProcessVersion,
    Subscription,
    Timer,
)
from tests.processes.world import FORM, flow, model, task

TIMES = {"due": "P10WD", "remind": "P3WD before due", "escalate": "P1D after due"}


def timer(text: str) -> str:
    return (
        "<bpmn:timerEventDefinition><bpmn:timeDuration>"
        f"{text}</bpmn:timeDuration></bpmn:timerEventDefinition>"
    )


def drawn(
    look: str = "look",
    *,
    wait: str = "P5D",
    message: str = "halt",
    edges: tuple[str, ...] = ("late", "halted"),
    name: str = "Look",
    role: str = "staff",
    **times: str,
) -> bytes:
    """A step with times of its own, a drawn timer and a message on its edge, then another."""
    parts = [
        '<bpmn:startEvent id="begin"/>',
        task(look, **(TIMES | times)).replace(f'name="{look}"', f'name="{name}"'),
        task("told"), task("second"),
        *(f'<bpmn:endEvent id="{end}"/>' for end in ("done", "told_end")),
        flow("begin", look), flow(look, "second"), flow("second", "done"), flow("told", "told_end"),
    ]  # fmt: skip
    nodes = f"begin {look} told second done told_end"
    late, *halted = edges
    parts += [
        (
            f'<bpmn:boundaryEvent id="{late}" attachedToRef="{look}" cancelActivity="false">'
            f"{timer(wait)}</bpmn:boundaryEvent>"
        ),
        flow(late, "told"),
    ]
    for edge in halted:
        parts += [
            (
                f'<bpmn:boundaryEvent id="{edge}" attachedToRef="{look}">'
                '<bpmn:messageEventDefinition messageRef="m"/></bpmn:boundaryEvent>'
            ),
            '<bpmn:endEvent id="halt_end"/>', flow(edge, "halt_end"),
        ]  # fmt: skip
        nodes += " halt_end"
    before = f'<bpmn:message id="m" name="{message}"/>'
    raw = model("steps", "".join(parts), " ".join((nodes, *edges)), before)
    return raw.replace(b'sv:role="staff"', f'sv:role="{role}"'.encode())


@pytest.fixture
def running(world) -> UUID:
    """An instance that has stood at its first step for a day and three hours."""
    world.deploy({"steps.bpmn": drawn()}, ["steps"])
    instance_id = world.start("steps", "begin")
    world.now += timedelta(days=1, hours=3)
    return instance_id


def later(world, raw: bytes, **facts) -> UUID:
    world.deploy({"steps.bpmn": raw}, ["steps"], **facts)
    with world.reading() as session:
        return versions.active_version(session, world.agency_id, "steps").id


def migrate(world, instance_id: UUID, raw: bytes, mapping=None, **facts) -> migration.Plan:
    version_id = later(world, raw, **facts)
    with world.writing() as session:
        version = session.get_one(ProcessVersion, version_id)
        return migration.migrate(
            session, world.platform, world.acting(), instance_id, version, mapping or {}
        )


def undo(world, instance_id: UUID) -> None:
    with world.writing() as session:
        migration.undo(session, world.platform, world.acting(), instance_id)


def complete(world, element: str) -> None:
    task_id = world.open_tasks()[element].id
    with world.writing() as session:
        advance.complete_task(session, world.platform, world.acting(), task_id, {})


def dump(world, *but: str) -> dict[str, list[str]]:
    """Every row of every table, as the database has it."""
    with world.reading() as session:
        return {
            name: sorted(str(row) for row in session.execute(select(table)))
            for name, table in Base.metadata.tables.items()
            if name not in but
        }


def moments(world) -> list[tuple]:
    with world.reading() as session:
        rows = session.execute(
            select(
                Clock.id, Clock.base_at, Clock.zone, Clock.state, Clock.guarded_id, Timer.id,
                Timer.kind, Timer.due_at, Timer.state, Timer.expression, Timer.engine_task_id,
            ).join(Timer, Timer.clock_id == Clock.id).order_by(Timer.id)
        )  # fmt: skip
        return [tuple(row) for row in rows]


def test_an_instance_goes_on_by_the_new_version_with_every_clock_as_it_was(world, running):
    before, known = moments(world), world.open_tasks()["look"]
    assert sorted(row[6] for row in before) == ["drawn", "due", "escalate", "remind"]
    plan = migrate(world, running, drawn(wait="P1D", due="P2D", name="Look closely"))
    assert moments(world) == before
    there = world.open_tasks()["look"]
    assert (there.id, there.due_at, there.engine_task_id) == (
        known.id,
        known.due_at,
        known.engine_task_id,
    )
    assert there.name == "Look closely"
    assert world.instances()[running].version_id == plan.to_version_id
    notes = {step.element_id: step.notes for step in plan.steps}
    assert notes["late"] == ("its moment stays; the new time counts when it is next begun",)
    assert notes["look"] == ("its due date and reminders stay as they are",)


def test_reminder_due_date_escalation_and_drawn_timer_come_when_they_would_have(world, running):
    due = {row[6]: row[7] for row in moments(world)}
    migrate(world, running, drawn("see", edges=("slow", "halted")), {"look": "see", "late": "slow"})
    world.now = due["drawn"] - timedelta(seconds=1)
    assert world.sweep().idle
    world.now = due["drawn"]
    assert world.sweep().fired == 1
    assert set(world.open_tasks()) == {"see", "told"}
    world.now = due["remind"]
    world.sweep()
    world.now = due["escalate"]
    world.sweep()
    assert world.doubles.reminded == [("see", "remind"), ("see", "due")]
    complete(world, "see")
    assert set(world.open_tasks()) == {"second", "told"}


def test_a_renamed_step_keeps_its_row_and_every_row_takes_the_new_name(world, running):
    known = world.open_tasks()["look"]
    plan = migrate(
        world, running, drawn("see", edges=("slow", "halted")), {"look": "see", "late": "slow"}
    )
    fates = {step.element_id: (step.fate, step.to) for step in plan.steps}
    assert fates == {
        "look": ("renamed", "see"), "late": ("renamed", "slow"), "halted": ("kept", "halted"),
    }  # fmt: skip
    assert world.open_tasks()["see"].id == known.id
    assert {clock.element_id for clock in world.rows(Clock)} == {"see", "slow"}
    complete(world, "see")
    assert set(world.open_tasks()) == {"second"}


def test_a_message_under_another_name_is_waited_for_under_that(world, running):
    plan = migrate(world, running, drawn(message="enough"))
    [waits] = [s for s in world.rows(Subscription) if s.instance_id]
    assert (waits.name, waits.element_id) == ("enough", "halted")
    notes = {step.element_id: step.notes for step in plan.steps}
    assert notes["halted"] == ("waits for the message enough from now on",)


def test_who_holds_a_step_holds_it_after(world, running):
    with world.writing() as session:
        held = world.open_tasks()["look"].id
        tasks.claim(session, world.platform.ports, world.acting(), held)
    before = world.open_tasks()["look"]
    world.now += timedelta(hours=1)
    migrate(world, running, drawn(name="Look closely"))
    there = world.open_tasks()["look"]
    assert (there.holder_id, there.claimed_at) == (before.holder_id, before.claimed_at)
    assert there.holder_id == world.user_id


def test_a_step_that_was_moved_stays_there_unless_another_function_is_asked(world, running):
    with world.writing() as session:
        moved = session.get_one(HumanTask, world.open_tasks()["look"].id)
        moved.role = "superior"
    migrate(world, running, drawn(name="Look closely"))
    assert world.open_tasks()["look"].role == "superior"


def test_another_function_is_said_and_gets_the_step(world, running):
    region = uuid4()
    with world.writing() as session:
        session.add(
            Establishment(
                id=region, agency_id=world.agency_id, kind="region", name="Region",
                zone="Europe/Paris", country="FR",
            )
        )  # fmt: skip
        tasks.claim(session, world.platform.ports, world.acting(), world.open_tasks()["look"].id)
    world.doubles.place_of_role["region"] = region
    world.doubles.may_hold = lambda *_: False  # type: ignore[method-assign]
    plan = migrate(world, running, drawn(role="region"), roles={"region": "Regional office"})
    there = world.open_tasks()["look"]
    assert (there.role, there.establishment_id, there.holder_id) == ("region", region, None)
    [look] = [step for step in plan.steps if step.element_id == "look"]
    assert look.notes == ("goes to Regional office instead of staff",)
    undo(world, running)
    back = world.open_tasks()["look"]
    assert (back.role, back.establishment_id) == ("staff", world.place_id)
    assert back.holder_id == world.user_id


def test_a_step_that_now_goes_to_a_seat_is_refused_where_no_seat_is_known(world, running):
    raw = drawn().replace(b'sv:role="staff"', b'sv:role="=chosen"')
    with pytest.raises(
        MigrationRefused, match="named by chosen, which this instance does not know"
    ):
        migrate(world, running, raw)


def test_a_step_that_goes_to_a_seat_keeps_its_seat(world):
    seat = uuid4()
    world.doubles.seats[seat] = SeatHolder("rater", world.place_id, None)
    raw = drawn(seat="chair")
    world.deploy({"steps.bpmn": raw}, ["steps"])
    instance_id = world.start("steps", "begin", {"chair": str(seat)})
    migrate(world, instance_id, drawn(seat="chair", name="Look closely"))
    assert world.open_tasks()["look"].seat_id == seat


def test_another_form_is_said(world, running):
    raw = FORM.replace(b'"Answer"', b'"Your answer"')
    with world.writing() as session:
        pack = world.pack({"steps.bpmn": drawn()}, ["steps"])
        files = {**pack.files, "F-YES.form": raw}
        versions.deploy_pack(session, world.acting(), replace(pack, files=files))
        version = versions.active_version(session, world.agency_id, "steps")
        plan = migration.migrate(session, world.platform, world.acting(), running, version, {})
    notes = {step.element_id: step.notes for step in plan.steps}
    assert "its form is another" in notes["look"][0]


def test_a_refused_instance_stays_as_it_was_to_the_last_byte(world, running):
    without = drawn(edges=("late",))
    later(world, without)
    before = dump(world)
    with pytest.raises(MigrationRefused, match="other events on its edge"):
        migrate(world, running, without)
    assert dump(world) == before


def test_a_trial_says_what_would_happen_and_changes_nothing(world, running):
    version_id = later(world, drawn("see", edges=("slow", "halted")))
    before = dump(world)
    with world.writing() as session:
        plan = migration.plan(
            session,
            world.platform,
            world.acting(),
            session.get_one(ProcessInstance, running),
            session.get_one(ProcessVersion, version_id),
            {"look": "see", "late": "slow"},
        )
    assert not plan.refused
    assert dump(world) == before
    assert world.doubles.journal_rows[-1].act == "instance.start"


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        ({}, "has no counterpart"),
        ({"look": "nowhere"}, "There is no nowhere in the new version"),
        ({"lok": "see"}, "There is no lok in the version it runs by"),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused(world, running, mapping, words):
    with pytest.raises(MigrationRefused, match=words):
        migrate(world, running, drawn("see"), mapping)


def test_the_version_it_has_another_model_and_an_ended_instance_are_refused(world, running):
    with pytest.raises(MigrationRefused, match="already"):
        migrate(world, running, drawn())
    other = drawn().replace(b'process id="steps"', b'process id="other"')
    world.deploy({"other.bpmn": other}, ["other"])
    with world.reading() as session:
        version = versions.active_version(session, world.agency_id, "other")
        plan = migration.plan(
            session,
            world.platform,
            world.acting(),
            session.get_one(ProcessInstance, running),
            version,
            {},
        )
    assert plan.reasons == ("The version is not one of “steps” in this agency. Name another.",)
    complete(world, "look")
    complete(world, "second")
    with pytest.raises(MigrationRefused, match="has ended"):
        migrate(world, running, drawn(name="Look closely"))


def test_the_journal_has_ids_and_digests_alone(world, running):
    plan = migrate(world, running, drawn("see"), {"look": "see"})
    entry = world.doubles.journal_rows[-1]
    digests = {row.id: row.digest for row in world.rows(ProcessVersion)}
    assert (entry.act, entry.case_id, entry.subject_id) == (
        "instance.migrate", world.case_id, running,
    )  # fmt: skip
    assert entry.codes == {
        "from": str(plan.from_version_id),
        "from_digest": digests[plan.from_version_id],
        "to": str(plan.to_version_id),
        "to_digest": digests[plan.to_version_id],
        "renamed": ["look"],
        "become": ["see"],
    }


def test_undone_everything_is_as_it_was(world, running):
    apart = ("instance_migration", "process_version", "version_file", "bundle_file")
    state = world.instances()[running].engine_state
    version_id = later(world, drawn("see", edges=("slow", "halted"), role="other"))
    before = dump(world, *apart, "process_instance")
    migrate(
        world,
        running,
        drawn("see", edges=("slow", "halted"), role="other"),
        {"look": "see", "late": "slow"},
    )
    assert dump(world, *apart, "process_instance") != before
    undo(world, running)
    assert dump(world, *apart, "process_instance") == before
    there = world.instances()[running]
    assert there.engine_state == state
    assert there.version_id != version_id
    complete(world, "look")
    assert set(world.open_tasks()) == {"second"}


def test_an_undone_migration_is_not_undone_twice_and_one_never_made_not_at_all(world, running):
    with pytest.raises(MigrationRefused, match="never migrated"):
        undo(world, running)
    migrate(world, running, drawn("see"), {"look": "see"})
    undo(world, running)
    with pytest.raises(MigrationRefused, match="undone already"):
        undo(world, running)


def test_once_the_case_has_moved_on_nothing_is_undone_and_nothing_kept_for_it(world, running):
    migrate(world, running, drawn("see"), {"look": "see"})
    [kept] = world.rows(InstanceMigration)
    assert kept.state_before
    assert kept.rows_before
    complete(world, "see")
    [kept] = world.rows(InstanceMigration)
    assert (kept.state_before, kept.rows_before) == (None, None)
    before = dump(world)
    with pytest.raises(MigrationRefused, match="moved on since"):
        undo(world, running)
    assert dump(world) == before


def test_a_claim_or_a_reminder_after_it_does_not_hinder_undoing(world, running):
    migrate(world, running, drawn("see"), {"look": "see"})
    with world.writing() as session:
        tasks.claim(session, world.platform.ports, world.acting(), world.open_tasks()["see"].id)
    undo(world, running)
    assert world.open_tasks()["look"].holder_id == world.user_id


def test_a_step_given_elsewhere_since_hinders_undoing(world, running):
    migrate(world, running, drawn(role="other"))
    with world.writing() as session:
        session.get_one(HumanTask, world.open_tasks()["look"].id).role = "third"
    with pytest.raises(MigrationRefused, match="moved or given to another function since"):
        undo(world, running)
    assert world.open_tasks()["look"].role == "third"


def test_of_two_migrations_the_last_can_be_undone(world, running):
    migrate(world, running, drawn("see"), {"look": "see"})
    second = migrate(world, running, drawn("watch"), {"see": "watch"})
    undo(world, running)
    assert world.instances()[running].version_id == second.from_version_id
    assert set(world.open_tasks()) == {"see"}


def test_what_was_answered_belongs_to_the_version_that_asked_it(world, running):
    first = world.instances()[running].version_id
    begun = world.now
    world.now += timedelta(hours=1)
    plan = migrate(world, running, drawn("see"), {"look": "see"})
    with world.reading() as session:
        instance = session.get_one(ProcessInstance, running)
        assert migration.version_at(session, instance, begun) == first
        after = world.now + timedelta(seconds=1)
        assert migration.version_at(session, instance, after) == plan.to_version_id


def test_an_instance_that_failed_is_carried_to_the_corrected_version_and_goes_on(world):
    def waits(condition: str) -> bytes:
        body = (
            '<bpmn:startEvent id="begin"/><bpmn:intermediateCatchEvent id="pause">'
            + timer("P1D")
            + '</bpmn:intermediateCatchEvent><bpmn:exclusiveGateway id="which" default="d"/>'
            + task("second")
            + '<bpmn:endEvent id="done"/>'
            + flow("begin", "pause")
            + flow("pause", "which")
            + flow("which", "second", condition)
            + '<bpmn:sequenceFlow id="d" name="no" sourceRef="which" targetRef="done"/>'
            + flow("second", "done")
        )
        return model("steps", body, "begin pause which second done")

    world.deploy({"steps.bpmn": waits("unheard_of")}, ["steps"])
    instance_id = world.start("steps", "begin")
    world.now += timedelta(days=3)
    assert world.sweep().failed
    assert [incident.state for incident in world.rows(Incident)] == ["open"]
    migrate(world, instance_id, waits("true"))
    world.now += timedelta(days=1)
    world.sweep()
    assert set(world.open_tasks()) == {"second"}


def test_an_open_correction_of_a_step_that_is_gone_is_refused(world, running):
    complete(world, "look")
    with world.writing() as session:
        [done] = session.scalars(select(HumanTask).where(HumanTask.state == "completed"))
        session.add(
            HumanTask(
                id=uuid4(), agency_id=done.agency_id, instance_id=running, case_id=done.case_id,
                engine_task_id=uuid4(), element_id="look", name="Look", form="F-YES", role="staff",
                establishment_id=done.establishment_id, layer="L1", legal_basis="", state="open",
                created_at=world.now, handed_back_from=done.id,
            )
        )  # fmt: skip
    with pytest.raises(MigrationRefused, match="A correction of “Look” is open"):
        migrate(world, running, drawn("see"))
    assert not migrate(world, running, drawn("watch"), {"look": "watch"}).refused
    assert set(world.open_tasks()) == {"watch", "second"}
