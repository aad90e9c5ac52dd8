"""Random models through the one door, on both databases, against the independent interpreter.

Every command is a transaction of its own: the state is read from its row, moved, pruned, stored,
and its tasks, timers and subscriptions are rows that must say the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from random import Random
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from processes import advance, messages
from processes.engine import Snapshot
from processes.step import open_step
from processes.tables import Clock, HumanTask, ProcessInstance, Subscription, Timer
from tests.engine.blocks import FLAGS, Block, Writer, random_model
from tests.engine.interpreter import Effect, Whole
from tests.processes.world import World

MOST_COMMANDS = 30
MINUTE = timedelta(minutes=1)


class Stored:
    """One instance in a database, beside what the interpreter says of it."""

    def __init__(self, world: World, top: Block, values: Mapping[str, object]) -> None:
        self.world = world
        world.doubles.sets["serve"] = {}
        world.deploy(Writer().write(top), ["p"])
        self.whole = Whole(top, values)
        self.id = world.start("p", "S", values)
        self.serve()

    def serve(self) -> None:
        """What an effect does happens in the command that reaches it."""
        while due := [at for at in self.whole.waits if isinstance(at, Effect)]:
            self.whole.act(due[0], {})

    def looked_at(self) -> tuple[Snapshot, ProcessInstance]:
        """The instance as it is stored."""
        with self.world.reading() as session:
            instance = session.get_one(ProcessInstance, self.id)
            step = open_step(session, self.world.platform, self.world.acting(), instance)
            snapshot = advance.looked_at(step)
            session.expunge(instance)
        return snapshot, instance

    def rows(self) -> list[tuple[str, UUID]]:
        """What is open by the rows that people and sweeps read: element, engine's task."""
        tasks = select(HumanTask.element_id, HumanTask.engine_task_id).where(
            HumanTask.instance_id == self.id, HumanTask.state == "open"
        )
        timers = (
            select(Clock.element_id, Timer.engine_task_id)
            .join(Timer, Timer.clock_id == Clock.id)
            .where(Timer.instance_id == self.id, Timer.state == "pending", Timer.kind == "drawn")
        )
        waiting = select(Subscription.element_id, Subscription.engine_task_id).where(
            Subscription.instance_id == self.id
        )
        with self.world.reading() as session:
            return [
                tuple(row) for wanted in (tasks, timers, waiting) for row in session.execute(wanted)
            ]

    def do(self, at: str, values: Mapping[str, bool]) -> None:
        """Complete, fire or deliver what is open there, as an entrance would."""
        world = self.world
        world.now += MINUTE
        engine_id = next(id_ for element, id_ in sorted(self.rows()) if element == at)
        with world.writing() as session:
            given = (session, world.platform, world.acting())
            advance.lock_instance(session, self.id)
            mine = (HumanTask.engine_task_id == engine_id, HumanTask.instance_id == self.id)
            task_id = session.scalar(select(HumanTask.id).where(*mine, HumanTask.state == "open"))
            timer = session.scalars(
                select(Timer).where(Timer.engine_task_id == engine_id, Timer.instance_id == self.id)
            ).first()
            if task_id is not None:
                advance.complete_task(*given, task_id, values)
            elif timer is not None:
                advance.fire_timer(*given, timer)
            else:
                message = messages.send(
                    session,
                    world.acting(),
                    name="go",
                    case_id=world.case_id,
                    place_id=world.place_id,
                    sender_key=str(uuid4()),
                    payload=dict(values),
                )
                advance.deliver_message(*given, message, self.id, engine_id)


def compare(world: World, seed: int, size: int) -> None:
    random = Random(seed)
    top = random_model(random, size)

    def flags() -> dict[str, bool]:
        return {flag: random.random() < 0.4 for flag in FLAGS}

    stored = Stored(world, top, {**flags(), "items": [["a"], ["a", "b"], []][seed % 3]})
    whole = stored.whole
    for command in range(MOST_COMMANDS):
        told = f"seed {seed}, size {size}, command {command}"
        snapshot, instance = stored.looked_at()
        rows = stored.rows()
        assert sorted(element for element, _ in rows) == whole.waits, told
        assert {id_ for _, id_ in rows} == {
            *(task.id for task in snapshot.tasks),
            *(timer.task_id for timer in snapshot.timers),
            *(message.task_id for message in snapshot.messages),
        }, told
        assert snapshot.variables == whole.room.values, told
        assert (instance.state == "completed") == whole.done, told
        if whole.done:
            return
        at, given = random.choice(whole.waits), flags()
        whole.act(at, given)
        stored.do(at, given)
        stored.serve()


@pytest.mark.parametrize("seed", range(30))
def test_a_stored_random_model_runs_as_an_independent_interpreter_says(world, seed):
    compare(world, seed, 5 + seed % 18)


@pytest.mark.prove
@pytest.mark.parametrize("block", range(20))
def test_many_stored_random_models_run_as_an_independent_interpreter_says(world, block):
    for seed in range(5000 + 25 * block, 5025 + 25 * block):
        compare(world, seed, 4 + seed % 22)
