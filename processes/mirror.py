"""Mirrors what the engine waits for into rows: tasks, clocks, timers, subscriptions, history."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, insert, select

from processes import messages
from processes.calendars import Times
from processes.clocks import end_clocks, start_clock, start_timer
from processes.engine import Element, OpenTask, Snapshot, WaitingTimer
from processes.step import Step
from processes.tables import (
    Clock,
    Establishment,
    HistoryEvent,
    HumanTask,
    Subscription,
    Timer,
)

OPEN = "open"
HISTORY = HistoryEvent.metadata.tables[HistoryEvent.__tablename__]


def mirror(step: Step, snapshot: Snapshot, completed: HumanTask | None) -> tuple[HumanTask, ...]:
    """Bring all rows of the instance in line with the engine; give the tasks that opened."""
    _history(step, snapshot)
    opened = _tasks(step, snapshot, completed)
    _drawn_timers(step, snapshot)
    _subscriptions(step, snapshot)
    for thrown in snapshot.thrown:
        messages.throw(step, thrown)
    step.session.flush()
    return opened


# --- tasks ------------------------------------------------------------------------------------


def _tasks(step: Step, snapshot: Snapshot, completed: HumanTask | None) -> tuple[HumanTask, ...]:
    step.session.flush()
    rows = {
        task.engine_task_id: task
        for task in step.session.scalars(
            select(HumanTask).where(
                HumanTask.instance_id == step.instance.id,
                HumanTask.state == OPEN,
                HumanTask.handed_back_from.is_(None),  # a correction is no step of the model
            )
        )
    }
    waiting = {task.id: task for task in snapshot.tasks}
    ended, taken = [completed] if completed else [], list[HumanTask]()
    for engine_id, row in rows.items():
        if engine_id not in waiting:
            row.state, row.ended_at, row.ended_by = "cancelled", step.acting.now, None
            ended.append(row)
            taken.append(row)
    if step.instance.guarded_task_id is not None and not snapshot.finished:
        for row in taken:
            step.ports.effects.passed_on(step.session, step.acting, row)
    for row in ended:
        end_clocks(step.session, row.id, row.state)
        messages.tell_guards(step.session, step.acting, row)
    return tuple(_open(step, task) for key, task in waiting.items() if key not in rows)


def _open(step: Step, waiting: OpenTask) -> HumanTask:
    element = waiting.element
    role, place_id, seat_id, holder_id = whose(step, waiting)
    task = HumanTask(
        id=step.acting.new_id(),
        agency_id=step.instance.agency_id,
        instance_id=step.instance.id,
        case_id=step.instance.case_id,
        engine_task_id=waiting.id,
        element_id=element.id,
        name=element.name,
        form=element.form or "",
        role=role,
        establishment_id=place_id,
        seat_id=seat_id,
        holder_id=holder_id,
        layer=element.layer or "L1",
        legal_basis=element.legal_basis or "",
        state=OPEN,
        created_at=step.acting.now,
        claimed_at=step.acting.now if holder_id else None,
        escalation_level=0,
    )
    times = _due(step, task, element, waiting)
    step.session.add(task)
    step.session.flush()
    _guard(step, task, element, waiting, times)
    return task


def whose(step: Step, waiting: OpenTask) -> tuple[str, UUID, UUID | None, UUID | None]:
    """Role, place, seat and preferred holder of a task."""
    element, directory = waiting.element, step.ports.directory
    seat = waiting.variables.get(element.seat) if element.seat else None
    if seat:
        holder = directory.seat(step.session, UUID(str(seat)))
        return holder.role, holder.establishment_id, UUID(str(seat)), holder.holder_id
    role = element.role or ""
    if role.startswith("="):
        role = str(waiting.variables[role[1:].strip()])
    role = step.pack.role(role)
    return role, directory.place_for(step.session, step.place.id, role), None, None


def _due(step: Step, task: HumanTask, element: Element, waiting: OpenTask) -> Times:
    """Set the due date of a task that opens."""
    times = Times(step.session, step.session.get_one(Establishment, task.establishment_id))
    if element.due:
        texts = (element.due, element.remind, element.escalate)
        times.read([text for text in texts if text], step.acting.now)
        task.due_at = times.due_at(element.due, base=step.acting.now, dates=_dates(waiting))
    return times


def _guard(step: Step, task: HumanTask, element: Element, waiting: OpenTask, times: Times) -> None:
    """Start the clock of a task: due date, reminder, escalation."""
    if not element.due or task.due_at is None:
        return
    texts = {"due": element.due}
    if element.remind:
        texts["remind"] = element.remind
    if step.instance.guarded_task_id is None:  # an escalation is not escalated again
        texts["escalate"] = element.escalate or "PT0S after due"
    dates = {**_dates(waiting), "due": task.due_at}
    moments = {"due": task.due_at} | {
        kind: times.due_at(text, base=step.acting.now, dates=dates)
        for kind, text in texts.items()
        if kind != "due"
    }
    clock = _clock(step, times.place, "task", task.id, element)
    for kind, text in texts.items():
        _timer(step, clock, kind, text, moments[kind], times)


def _dates(waiting: OpenTask) -> dict[str, date | datetime]:
    return {k: v for k, v in waiting.variables.items() if isinstance(v, date)}


# --- drawn timers -----------------------------------------------------------------------------


def _drawn_timers(step: Step, snapshot: Snapshot) -> None:
    waiting = {timer.task_id: timer for timer in snapshot.timers}
    running = step.session.execute(
        select(Timer, Clock)
        .join(Clock, Clock.id == Timer.clock_id)
        .where(
            Clock.instance_id == step.instance.id, Clock.state == "running", Timer.kind == "drawn"
        )
    )
    known = set()
    for timer, clock in running:
        if timer.engine_task_id in waiting:
            known.add(timer.engine_task_id)
            continue
        if timer.state == "pending":
            timer.state = "cancelled"
        clock.state = "done" if timer.state == "fired" else "cancelled"
    for engine_id, drawn in waiting.items():
        if engine_id not in known:
            _draw(step, drawn)


def _draw(step: Step, waiting: WaitingTimer) -> None:
    clock = _clock(step, step.place, "element", waiting.task_id, waiting.element)
    timer = _timer(step, clock, "drawn", waiting.expression, waiting.due_at)
    timer.engine_task_id = waiting.task_id


def _clock(
    step: Step, place: Establishment, guards: str, guarded_id: UUID, element: Element
) -> Clock:
    return start_clock(step.session, step.acting, step.instance, place, guards, guarded_id, element)


def _timer(
    step: Step, clock: Clock, kind: str, text: str, at: datetime, times: Times | None = None
) -> Timer:
    return start_timer(step.session, step.acting, clock, kind, text, at, times)


# --- messages waited for, history -------------------------------------------------------------


def _subscriptions(step: Step, snapshot: Snapshot) -> None:
    rows = {
        row.engine_task_id: row
        for row in step.session.scalars(
            select(Subscription).where(Subscription.instance_id == step.instance.id)
        )
    }
    waiting = {message.task_id: message for message in snapshot.messages}
    for engine_id, row in rows.items():
        if engine_id not in waiting:
            step.session.delete(row)
    for engine_id, message in waiting.items():
        if engine_id in rows:
            continue
        by_task = message.element.correlation == "task"
        step.session.add(
            Subscription(
                id=step.acting.new_id(),
                agency_id=step.instance.agency_id,
                name=message.name,
                instance_id=step.instance.id,
                engine_task_id=engine_id,
                element_id=message.element.id,
                key=str(step.instance.guarded_task_id if by_task else step.instance.case_id),
            )
        )


def _history(step: Step, snapshot: Snapshot) -> None:
    last = step.session.scalar(
        select(func.max(HistoryEvent.position)).where(HistoryEvent.instance_id == step.instance.id)
    )
    start = 0 if last is None else last + 1
    rows = [
        {
            "id": step.acting.new_id(),
            "agency_id": step.instance.agency_id,
            "instance_id": step.instance.id,
            "case_id": step.instance.case_id,
            "position": start + offset,
            "kind": passed.kind,
            "element_id": passed.element_id,
            "model": passed.process,
            "at": step.acting.now,
            "actor_id": step.acting.user_id,
        }
        for offset, passed in enumerate(snapshot.passed)
    ]
    if rows:  # at once, as plain rows: a step passes some twenty elements, and none is read again
        step.session.execute(insert(HISTORY), rows)
