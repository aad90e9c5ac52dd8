"""The one door: every change of a running instance is a command that passes through here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import null, update
from sqlalchemy.orm import Session

from processes import calendars, mirror, parameters
from processes.acting import Acting
from processes.engine import EngineFault, Run, Snapshot
from processes.ports import Code, EffectCall, JournalEntry
from processes.step import Platform, Step, open_step
from processes.tables import HumanTask, InstanceMigration, Message, ProcessInstance, Timer
from processes.values import decode

EFFECT_ROUNDS = 200
RUNNING = ("running", "incident")


class AlreadyDone(Exception):
    """The task is no longer open: somebody or something was quicker."""

    def __init__(self, task: HumanTask) -> None:
        """Keep what the page tells: in which state, by whom, when."""
        super().__init__(f"task {task.id} is {task.state}")
        self.task_id = task.id
        self.state = task.state
        self.ended_by = task.ended_by
        self.ended_at = task.ended_at


@dataclass(frozen=True)
class Start:
    """Begin an instance at one of the model's start events."""

    version_id: UUID
    case_id: UUID
    establishment_id: UUID
    start_id: str
    variables: Mapping[str, Code]
    guarded_task_id: UUID | None = None


@dataclass(frozen=True)
class Advanced:
    """What a command led to: the instance, and the tasks it opened."""

    instance: ProcessInstance
    opened: tuple[HumanTask, ...]


def start_instance(session: Session, platform: Platform, acting: Acting, start: Start) -> Advanced:
    """Start a process instance of a case and run it to its first waiting points."""
    instance = ProcessInstance(
        id=acting.new_id(),
        agency_id=acting.agency_id,
        version_id=start.version_id,
        case_id=start.case_id,
        establishment_id=start.establishment_id,
        state="running",
        engine_state=b"",
        revision=0,
        guarded_task_id=start.guarded_task_id,
        started_at=acting.now,
    )
    session.add(instance)
    session.flush()
    step = open_step(session, platform, acting, instance)
    run = Run.start(step.model, start.start_id, start.variables, **_surroundings(step))
    return _finish(step, run, "instance.start")


def complete_task(
    session: Session,
    platform: Platform,
    acting: Acting,
    task_id: UUID,
    variables: Mapping[str, Code],
) -> Advanced:
    """Complete a human task with its variables; AlreadyDone when it is no longer open."""
    task = lock_task(session, task_id)
    return complete_locked(session, platform, acting, task, variables)


def complete_locked(
    session: Session,
    platform: Platform,
    acting: Acting,
    task: HumanTask,
    variables: Mapping[str, Code],
) -> Advanced:
    """Complete a human task that the caller has locked with `lock_task`."""
    step = open_step(session, platform, acting, session.get_one(ProcessInstance, task.instance_id))
    task.state, task.ended_at, task.ended_by = "completed", acting.now, acting.user_id
    run = _resume(step)
    run.complete(task.engine_task_id, variables)
    return _finish(step, run, "task.complete", task=task)


def fire_timer(session: Session, platform: Platform, acting: Acting, timer: Timer) -> Advanced:
    """Let a drawn timer of the model fire; the caller has locked instance and timer."""
    instance = session.get_one(ProcessInstance, _there(timer.instance_id))
    timer.state, timer.fired_at = "fired", acting.now
    step = open_step(session, platform, acting, instance)
    run = _resume(step)
    run.fire(_there(timer.engine_task_id))
    return _finish(step, run, "timer.fire")


def deliver_message(
    session: Session,
    platform: Platform,
    acting: Acting,
    message: Message,
    instance_id: UUID,
    engine_task_id: UUID,
) -> Advanced:
    """Hand a message to the waiting point of an instance."""
    step = open_step(session, platform, acting, lock_instance(session, instance_id))
    run = _resume(step)
    run.deliver(engine_task_id, decode(message.payload))
    return _finish(step, run, "message.deliver")


def cancel_instance(
    session: Session, platform: Platform, acting: Acting, instance: ProcessInstance, outcome: str
) -> None:
    """End an instance from outside; the caller has locked it. History says where it stood.

    No end of its model is reached and `Effects.ended` is not called: whoever cancels says what
    follows.
    """
    step = open_step(session, platform, acting, instance)
    run = _resume(step)
    run.cancel()
    snapshot = run.snapshot()
    _write_state(step, snapshot)
    instance.state, instance.outcome = "cancelled", outcome
    mirror.mirror(step, snapshot, None)
    stood = [passed.element_id for passed in snapshot.passed if passed.kind == "cancelled"]
    codes = {"outcome": outcome, "stood": stood}
    entry = JournalEntry("instance.cancel", instance.case_id, "instance", instance.id, codes)
    platform.ports.journal.write(session, acting, entry)
    session.flush()


def put_on_version(
    session: Session,
    platform: Platform,
    acting: Acting,
    instance: ProcessInstance,
    version_id: UUID,
    state: bytes,
    entry: JournalEntry,
) -> None:
    """Put an instance onto another version with a state made for it; the caller has locked it.

    Nothing moves: no task, clock or message is opened or ended. `migration` says what may be done.
    """
    _moves_on(session, instance)
    instance.version_id, instance.engine_state = version_id, state
    instance.revision += 1
    instance.migrated_revision = instance.revision
    looked_at(open_step(session, platform, acting, instance))  # a state that cannot be read faults
    platform.ports.journal.write(session, acting, entry)
    session.flush()


def looked_at(step: Step) -> Snapshot:
    """Where an instance stands and what it knows; nothing is written."""
    return _resume(step).snapshot()


def lock_task(session: Session, task_id: UUID) -> HumanTask:
    """Lock the task's instance, then the task, always in this order; refuse when not open."""
    task = session.get_one(HumanTask, task_id)
    lock_instance(session, task.instance_id)
    task = session.get_one(HumanTask, task_id, populate_existing=True, with_for_update=True)
    if task.state != "open":
        raise AlreadyDone(task)
    return task


def lock_instance(session: Session, instance_id: UUID | None) -> ProcessInstance:
    """Lock an instance; whoever changes it holds this lock."""
    return session.get_one(
        ProcessInstance, instance_id, populate_existing=True, with_for_update=True
    )


def _there(found: UUID | None) -> UUID:
    if found is None:
        raise LookupError("the row names no running instance")
    return found


def _surroundings(step: Step) -> dict[str, Any]:
    """What the engine may know beside its state: time, deadlines, parameters, ids."""
    today = calendars.local_day(step.acting.now, step.place)
    return {
        "now": step.acting.now,
        "schedule": _schedule(step),
        "new_id": step.acting.new_id,
        "parameters": parameters.Values(step.session, step.acting.agency_id, today),
    }


def _schedule(step: Step) -> Callable[[str, Mapping[str, Code]], datetime]:
    """When a drawn timer falls, by the establishment's calendar."""

    def due(text: str, variables: Mapping[str, Code]) -> datetime:
        dates = dates_in(variables)
        return calendars.due_at(step.session, step.place, text, base=step.acting.now, dates=dates)

    return due


def _resume(step: Step) -> Run:
    return Run.resume(step.model, step.instance.engine_state, **_surroundings(step))


def _finish(step: Step, run: Run, act: str, task: HumanTask | None = None) -> Advanced:
    """Carry out effects, then write state, tasks, timers, history, messages and journal."""
    _carry_out_effects(step, run)
    snapshot = run.snapshot()
    _write_state(step, snapshot)
    opened = mirror.mirror(step, snapshot, task)
    _journal(step, act, task, opened)
    if snapshot.finished:
        step.session.flush()
        step.ports.effects.ended(step.session, step.acting, step.instance)
    step.session.flush()
    return Advanced(step.instance, opened)


def _carry_out_effects(step: Step, run: Run) -> None:
    for _ in range(EFFECT_ROUNDS):
        waiting = run.effects()
        if not waiting:
            return
        request = waiting[0]  # one by one: what follows it may set, or take back, the next
        call = EffectCall(
            name=request.name,
            instance_id=step.instance.id,
            case_id=step.instance.case_id,
            establishment_id=step.instance.establishment_id,
            element_id=request.element_id,
            attributes=step.model.elements[request.element_id].attributes,
            variables=request.variables,
            guarded_task_id=step.instance.guarded_task_id,
        )
        sets = step.ports.effects.run(step.session, step.acting, call)
        run.finish_effect(request.task_id, sets)
    raise EngineFault(None, "The model asks for services without end. Look for a loop in it.")


def _moves_on(session: Session, instance: ProcessInstance) -> None:
    """A migration cannot be undone any more, and what that would take is not kept."""
    if instance.migrated_revision == instance.revision:
        mine = InstanceMigration.instance_id == instance.id
        nothing = {"state_before": None, "rows_before": null()}
        session.execute(update(InstanceMigration).where(mine).values(nothing))


def _write_state(step: Step, snapshot: Snapshot) -> None:
    _moves_on(step.session, step.instance)
    step.instance.engine_state = snapshot.state
    step.instance.revision += 1
    if snapshot.finished:
        step.instance.state = "completed"
        step.instance.ended_at = step.acting.now
        step.instance.outcome = snapshot.outcome


def _journal(step: Step, act: str, task: HumanTask | None, opened: tuple[HumanTask, ...]) -> None:
    codes = {"element": task.element_id} if task else {}
    entry = JournalEntry(
        act=act,
        case_id=step.instance.case_id,
        subject_kind="task" if task else "instance",
        subject_id=task.id if task else step.instance.id,
        codes={**codes, "opened": [t.element_id for t in opened]},
    )
    step.ports.journal.write(step.session, step.acting, entry)


def dates_in(variables: Mapping[str, Code]) -> dict[str, date | datetime]:
    """The variables that a time rule may count from."""
    return {name: value for name, value in variables.items() if isinstance(value, date)}
