"""Where a case stands: open tasks, running clocks, answers owed, decisions, people, diagrams."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import and_, or_, select

from casework import access, shown, staff, timeline
from casework.casepages import (
    CaseTask,
    DecisionLine,
    Diagram,
    Moment,
    PersonByFunction,
    RunningClock,
    WaitingAnswer,
)
from casework.commission import ledger, retention, silence
from casework.measures import showing
from casework.tables import Decision, RecordEntry, UserAccount
from casework.telling import Telling
from casework.words import Speaking
from casework.worklist import task_title
from processes.tables import (
    Clock,
    Establishment,
    HistoryEvent,
    HumanTask,
    Message,
    ProcessInstance,
    Timer,
)

SHOWN_ELSEWHERE = frozenset({"measure", "retention"})
"""What clocks guard that have a place of their own on the page, or none."""


def where(telling: Telling) -> tuple[str, ...]:
    """Where the case stands, in sentences: its stage, then what it waits for."""
    say = telling.speaking.say
    found = [shown.stage_words(telling.case, telling.speaking) + "."]
    for task in _open(telling):
        names = telling.names(task.instance_id)
        if names is not None:
            step, role = task_title(task, names), names.role(task.role)
            found.append(say("Waits for {role}: “{step}”.", role=role, step=step))
    found += [answer.words for answer in waiting(telling)]
    return tuple(dict.fromkeys(found))


def _open(telling: Telling) -> list[HumanTask]:
    wanted = (
        select(HumanTask)
        .where(HumanTask.case_id == telling.case.id, HumanTask.state == "open")
        .order_by(HumanTask.due_at.is_(None), HumanTask.due_at, HumanTask.created_at)
    )
    return list(telling.session.scalars(wanted))


def tasks(telling: Telling) -> tuple[CaseTask, ...]:
    """Open tasks, the next due first."""
    return tuple(_task(telling, task) for task in _open(telling))


def _task(telling: Telling, task: HumanTask) -> CaseTask:
    names = telling.names(task.instance_id)
    place = telling.session.get_one(Establishment, task.establishment_id)
    return CaseTask(
        task_id=task.id,
        title=task_title(task, names) if names else task.name,
        role_name=telling.role(task.role),
        establishment=place.name,
        holder=staff.name_of(telling.session, task.holder_id, telling.speaking),
        due_at=task.due_at,
        overdue=task.due_at is not None and task.due_at < telling.acting.now,
        escalation_level=task.escalation_level,
        mine=task.holder_id in (None, telling.viewer.user_id)
        and access.may_see_task(telling.session, telling.viewer, task),
    )


def clocks(telling: Telling) -> tuple[RunningClock, ...]:
    """Clocks that run, each with its moments: those to come, and a due date that has passed."""
    wanted = (
        select(Timer, Clock)
        .join(Clock, Clock.id == Timer.clock_id)
        .where(Clock.case_id == telling.case.id, Clock.state == "running")
        .where(or_(Timer.state == "pending", and_(Timer.kind == "due", Timer.state == "fired")))
        .order_by(Timer.due_at)
    )
    wanted = wanted.where(Clock.guards.not_in(SHOWN_ELSEWHERE))
    running: dict[UUID, tuple[Clock, list[Timer]]] = {}
    for timer, clock in telling.session.execute(wanted):
        running.setdefault(clock.id, (clock, []))[1].append(timer)
    acting = [pair for pair in running.values() if any(t.state == "pending" for t in pair[1])]
    return tuple(_clock(telling, clock, timers) for clock, timers in acting)


def _of_casework(speaking: Speaking) -> dict[str, str]:
    """What the clocks are called that no model draws, by what they guard."""
    say = speaking.say
    return {
        retention.GUARDS: say("Individual opinions are erased"),
        silence.GUARDS: say("The answer to an opinion"),
        ledger.OF_REGION: say("The region's opinion"),
    }


def _clock(telling: Telling, clock: Clock, timers: list[Timer]) -> RunningClock:
    names = telling.names(clock.instance_id)
    known = names is not None and clock.element_id in names.model.elements
    name = names.element(clock.element_id) if names and clock.element_id and known else clock.name
    return RunningClock(
        name=_of_casework(telling.speaking).get(clock.guards, name),
        base_at=clock.base_at,
        zone=clock.zone,
        moments=tuple(_moment(telling, timer) for timer in timers),
    )


def _moment(telling: Telling, timer: Timer) -> Moment:
    say, is_past = telling.speaking.say, timer.state != "pending"
    words = {
        "remind": say("a reminder is shown"),
        "due": say("it was due") if is_past else say("it is due"),
        "escalate": say("the superior is told"),
        "drawn": say("the process goes on by itself"),
    }
    return Moment(timer.due_at, timer.kind, words.get(timer.kind, timer.kind), is_past)


def waiting(telling: Telling) -> tuple[WaitingAnswer, ...]:
    """Messages nobody has taken up yet, with who owes the answer and by when."""
    wanted = (
        select(Message)
        .where(Message.case_id == telling.case.id, Message.state == "kept")
        .where(Message.owner_role.is_not(None))
        .order_by(Message.created_at)
    )
    return tuple(_answer(telling, message) for message in telling.session.scalars(wanted))


def _answer(telling: Telling, message: Message) -> WaitingAnswer:
    speaking, zone = telling.speaking, telling.zone
    owner = telling.role(message.owner_role) if message.owner_role else None
    due = _due(telling, message.id)
    title = _message_title(telling, message)
    words = speaking.say(
        "{title}, since {since}, owner {owner}, answer due {due}.",
        title=title,
        since=speaking.moment(message.created_at, zone),
        owner=owner or speaking.say("nobody yet"),
        due=speaking.moment(due.due_at, zone) if due else speaking.say("at no set time"),
    )
    return WaitingAnswer(
        title=title,
        since=message.created_at,
        owner=owner,
        due_at=due.due_at if due else None,
        overdue=due is not None and due.due_at < telling.acting.now,
        zone=zone,
        words=words,
    )


def _message_title(telling: Telling, message: Message) -> str:
    """The name of the event that threw the message."""
    names = telling.names(message.sender_instance_id)
    if names is None:
        return message.name
    thrown = [
        element.id
        for element in names.model.elements.values()
        if element.message == message.name
        and element.kind in {"endEvent", "intermediateThrowEvent"}
    ]
    return names.element(thrown[0]) if thrown else message.name


def _due(telling: Telling, guarded_id: UUID) -> Timer | None:
    wanted = (
        select(Timer)
        .join(Clock, Clock.id == Timer.clock_id)
        .where(Clock.guarded_id == guarded_id, Timer.kind == "due")
    )
    return telling.session.scalars(wanted).first()


def decisions(telling: Telling) -> tuple[DecisionLine, ...]:
    """Decisions taken, newest first, with their reasons where the viewer may read them."""
    wanted = select(Decision).where(Decision.case_id == telling.case.id)
    rows = telling.session.scalars(wanted.order_by(Decision.decided_at.desc()))
    return tuple(
        DecisionLine(
            decided_at=row.decided_at,
            outcome=row.outcome,
            outcome_words=timeline.outcome_words(telling, row),
            who=staff.name_of(telling.session, row.decided_by, telling.speaking) or "",
            until=row.until.isoformat() if row.until else None,
            entry_id=_reasons(telling, row.task_id),
            because=showing.because(telling, row),
        )
        for row in rows
    )


def _reasons(telling: Telling, task_id: UUID) -> UUID | None:
    of_step = (RecordEntry.task_id == task_id) | (RecordEntry.id == task_id)  # or of a start form
    wanted = select(RecordEntry).where(of_step)
    found = [e.id for e in telling.session.scalars(wanted) if telling.sight.ground(e) is not None]
    return found[0] if found else None


def people(telling: Telling) -> tuple[PersonByFunction, ...]:
    """Who has worked on the case, by function and service number, and in which steps."""
    parts: dict[UUID, dict[str, None]] = {}
    wanted = (
        select(HumanTask).where(HumanTask.case_id == telling.case.id).order_by(HumanTask.created_at)
    )
    for task in telling.session.scalars(wanted):
        names = telling.names(task.instance_id)
        user_id = task.ended_by or (task.holder_id if task.state == "open" else None)
        if user_id is not None and names is not None:
            parts.setdefault(user_id, {})[names.element(task.element_id)] = None
    if telling.case.opened_by is not None:
        opened = telling.speaking.say("Opened the case")
        parts[telling.case.opened_by] = {
            opened: None,
            **parts.get(telling.case.opened_by, {}),
        }
    return tuple(_people(telling, parts))


def _people(telling: Telling, parts: dict[UUID, dict[str, None]]) -> Iterable[PersonByFunction]:
    for user_id, steps in parts.items():
        user = telling.session.get(UserAccount, user_id)
        if user is not None:
            yield PersonByFunction(staff.shown(user, telling.speaking), ", ".join(steps))


def diagrams(telling: Telling) -> tuple[Diagram, ...]:
    """The models of the case: one for each process in which it stands or has stood."""
    found: list[Diagram] = []
    for instance in telling.instances:
        found += _diagrams(telling, instance)
    return tuple(found)


def _diagrams(telling: Telling, instance: ProcessInstance) -> Iterable[Diagram]:
    names = telling.of_version(instance.version_id)
    rows = telling.session.scalars(
        select(HistoryEvent)
        .where(HistoryEvent.instance_id == instance.id)
        .order_by(HistoryEvent.position)
    )
    active: dict[str, dict[str, None]] = {}
    passed: dict[str, dict[str, None]] = {}
    for row in rows:
        here = active.setdefault(row.model, {})
        done = passed.setdefault(row.model, {})
        if row.kind == "entered":
            here[row.element_id] = None
        elif row.kind in {"completed", "cancelled", "fired", "taken", "ended"}:
            here.pop(row.element_id, None)
            done[row.element_id] = None
    for model in active:
        if model in names.model.processes:
            yield Diagram(
                instance_id=instance.id,
                version_id=instance.version_id,
                model=model,
                title=names.process(model),
                active=tuple(active[model]) if instance.state == "running" else (),
                passed=tuple(passed[model]),
                state=instance.state,
            )
