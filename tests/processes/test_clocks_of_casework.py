"""A clock that guards no step and no message: its moment is handed to casework, instance or not."""

from datetime import timedelta
from uuid import uuid4

from processes import messages
from processes.tables import Clock, Incident, Message, Timer


def clock_without_instance(world, guards="measure"):
    guarded = uuid4()
    with world.writing() as session:
        acting = world.acting()
        clock = Clock(
            id=uuid4(),
            agency_id=world.agency_id,
            case_id=world.case_id,
            instance_id=None,
            establishment_id=world.place_id,
            guards=guards,
            guarded_id=guarded,
            name="What it guards",
            element_id=None,
            base_at=acting.now,
            zone="Europe/Paris",
            state="running",
        )
        session.add(clock)
        session.flush()
        session.add(
            Timer(
                id=uuid4(),
                agency_id=world.agency_id,
                clock_id=clock.id,
                instance_id=None,
                kind="due",
                expression="P1D",
                due_at=acting.now + timedelta(days=1),
                state="pending",
            )
        )
    return guarded


def test_the_moment_of_a_clock_without_an_instance_is_handed_over_once(world):
    guarded = clock_without_instance(world)
    world.sweep()
    assert world.doubles.came == []
    world.now += timedelta(days=2)
    assert world.sweep().fired == 1
    world.sweep()
    assert world.doubles.came == [("measure", guarded, "due")]
    assert [timer.state for timer in world.rows(Timer)] == ["fired"]


def test_what_fails_when_it_comes_due_is_an_incident_and_tried_again(world):
    clock_without_instance(world)

    def fail(session, acting, clock, timer):
        raise LookupError("nobody knows it")

    world.doubles.came_due = fail
    world.now += timedelta(days=2)
    assert world.sweep().failed == 1
    assert [row.words for row in world.rows(Incident)] == ["LookupError"]
    assert [timer.state for timer in world.rows(Timer)] == ["pending"]


def test_a_message_that_a_use_case_sends_twice_is_one(world):
    for _ in range(2):
        with world.writing() as session:
            messages.send(
                session,
                world.acting(),
                name="told",
                case_id=world.case_id,
                place_id=world.place_id,
                sender_key="once",
                payload={},
            )
    assert [row.name for row in world.rows(Message)] == ["told"]
