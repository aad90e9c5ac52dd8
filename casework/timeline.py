"""What happened in a case, newest first, in plain words and as far as the viewer may know."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from casework import notifications, shown, staff, submissions
from casework.casepages import TimelineEvent
from casework.material import HAND_BACK
from casework.measures import words as measure_words
from casework.submissions import Given
from casework.tables import Decision, Notification, Transfer
from casework.telling import Telling
from casework.words import Wording
from casework.worklist import task_title
from processes.tables import Establishment, HistoryEvent, HumanTask

STEPS = frozenset({"userTask"})
TOLD = frozenset({"escalated", "urgent", "minor_found", "answer_owed", "urgent_again"})


def events(telling: Telling) -> tuple[TimelineEvent, ...]:
    """The timeline, newest first."""
    found = [
        _opened(telling),
        *_given(telling),
        *_history(telling),
        *_decided(telling),
        *_told(telling),
        *_moved(telling),
    ]
    places = _places(telling)
    order = {"case": 0, "answers": 1, "decision": 2, "step": 3, "deadline": 4, "way": 5}

    def key(event: TimelineEvent) -> tuple[datetime, int, int]:
        place = places.get((event.at, event.element_id, event.kind), -1)
        return event.at, place, order.get(event.kind, 9)

    return tuple(sorted(found, key=key, reverse=True))


SHOWN_AS = {
    "entered": "step",
    "cancelled": "step",
    "fired": "deadline",
    "ended": "way",
    "completed": "answers",
}


def _places(telling: Telling) -> dict[tuple[datetime, str | None, str], int]:
    """In which order the model passed what happened at one moment."""
    rows = telling.session.execute(
        select(
            HistoryEvent.at, HistoryEvent.element_id, HistoryEvent.kind, HistoryEvent.position
        ).where(HistoryEvent.case_id == telling.case.id)
    )
    return {(r.at, r.element_id, SHOWN_AS.get(r.kind, "")): r.position for r in rows}


def _opened(telling: Telling) -> TimelineEvent:
    case, say = telling.case, telling.speaking.say
    return TimelineEvent(
        at=case.opened_at,
        kind="case",
        title=say("Case opened"),
        words=shown.purpose_words(case.purpose_code, telling.speaking),
        who=staff.name_of(telling.session, case.opened_by, telling.speaking),
        model=None,
        element_id=None,
        entry_id=None,
        layer=None,
    )


def _given(telling: Telling) -> Iterable[TimelineEvent]:
    """Submissions: that one was made is state; its answers open only where they may be read."""
    for given in submissions.of_case(telling.session, telling.case.id):
        readable = given.where(lambda entry: telling.sight.ground(entry) is not None)
        first = given.first
        yield TimelineEvent(
            at=given.written_at,
            kind="answers",
            title=title_of(telling, given),
            words=_given_words(telling, given),
            who=staff.name_of(telling.session, first.author_id, telling.speaking)
            or telling.role(first.author_role),
            model=None,
            element_id=first.element_id,
            entry_id=readable.first.id if readable else None,
            layer=first.layer,
            is_correction=_is_correction(given),
        )


def _is_correction(given: Given) -> bool:
    return given.form == HAND_BACK or any(entry.supersedes_id for entry in given.entries)


def _given_words(telling: Telling, given: Given) -> str:
    say = telling.speaking.say
    if given.form == HAND_BACK:
        return say("A correction was asked for.")
    if _is_correction(given):
        return say("Corrected; the earlier answers are kept.")
    return say("Answers erased.") if given.first.erased_at else say("Answers given.")


def title_of(telling: Telling, given: Given) -> str:
    """The name of the step in which something was answered, else of its form; a correction says
    that it is one."""
    step, say = _step_of(telling, given), telling.speaking.say
    if given.form == HAND_BACK:
        return say("Correction asked for: {step}", step=step)
    return say("Correction: {step}", step=step) if _is_correction(given) else step


def _step_of(telling: Telling, given: Given) -> str:
    names = telling.names(given.first.instance_id)
    if given.form == HAND_BACK:
        task = telling.session.get(HumanTask, given.first.task_id)
        return names.element(task.element_id) if task and names else telling.speaking.say("a step")
    element_id = given.first.element_id
    if names is not None and element_id and element_id in names.model.elements:
        return names.element(element_id)
    if names is not None:
        starts = [s.id for s in names.model.starts if s.form == given.form]
        if starts:
            return names.element(starts[0])
    if given.first.instance_id is None:
        return given.form
    definition = submissions.definition_of(telling.platform.models, telling.session, given)
    return telling.speaking.translate(definition.title)


def _history(telling: Telling) -> Iterable[TimelineEvent]:
    wanted = (
        select(HistoryEvent)
        .where(HistoryEvent.case_id == telling.case.id)
        .order_by(HistoryEvent.at, HistoryEvent.position)
    )
    for row in telling.session.scalars(wanted):
        names = telling.names(row.instance_id)
        event = _step(telling, row, names) if names else None
        if event is not None:
            yield event


def _step(telling: Telling, row: HistoryEvent, names: Wording) -> TimelineEvent | None:
    """A step that began, was cut off, a deadline that acted, an end; other shapes are silent."""
    element = names.model.elements.get(row.element_id)
    if element is None:
        return None
    say = telling.speaking.say
    kind, words = "step", ""
    if element.kind in STEPS and row.kind == "entered":
        words = say("Waits for {role}.", role=names.role_of(element))
    elif element.kind in STEPS and row.kind == "cancelled":
        words = say("No longer needed.")
    elif row.kind == "fired" and element.event == "timer":
        kind, words = "deadline", say("The time set in the process has come.")
    elif row.kind in {"completed", "ended"} and _ends_a_process(telling, row, names):
        kind, words = "way", say("“{process}” has ended.", process=names.process(row.model))
    if not words:
        return None
    return TimelineEvent(
        at=row.at,
        kind=kind,
        title=names.element(element.id),
        words=words,
        who=None,
        model=row.model,
        element_id=element.id,
        entry_id=None,
        layer=element.layer,
    )


def _ends_a_process(telling: Telling, row: HistoryEvent, names: Wording) -> bool:
    """Whether the whole process ended here: not a way beside it, which others outlive."""
    element = names.model.elements[row.element_id]
    if element.kind != "endEvent" or element.scope:
        return False
    outcomes = {instance.id: instance.outcome for instance in telling.instances}
    return row.model != names.model.process_id or outcomes.get(row.instance_id) == element.id


def _decided(telling: Telling) -> Iterable[TimelineEvent]:
    wanted = select(Decision).where(Decision.case_id == telling.case.id)
    for row in telling.session.scalars(wanted):
        yield TimelineEvent(
            at=row.decided_at,
            kind="decision",
            title=telling.speaking.say("Decision"),
            words=outcome_words(telling, row),
            who=staff.name_of(telling.session, row.decided_by, telling.speaking),
            model=None,
            element_id=None,
            entry_id=None,
            layer="L1",
        )


VARIABLES = {
    "detection": "detection_outcome",
    "deferral": "deferral",
    "finding": "finding",
    "review": "review",
}


def outcome_words(telling: Telling, row: Decision) -> str:
    """A decision's outcome in words."""
    names = telling.names(row.instance_id)
    code = VARIABLES.get(row.kind, row.kind)
    words = measure_words.decided_words(row.kind, row.outcome, telling.speaking)
    words = words or _as_chosen(telling, row, code)
    if words is None:
        words = names.code(code, row.outcome) if names else row.outcome
    if row.until is None:
        return words
    return telling.speaking.say(
        "{outcome}, until {day}", outcome=words, day=telling.speaking.day(row.until)
    )


def _as_chosen(telling: Telling, row: Decision, variable: str) -> str | None:
    """The words that stood beside the button when it was decided."""
    task = telling.session.get(HumanTask, row.task_id)
    instance = next((i for i in telling.instances if i.id == row.instance_id), None)
    if task is None or instance is None:
        return None
    models, session = telling.platform.models, telling.session
    fields = submissions.form_at(models, session, instance, row.decided_at, task.form).fields
    asked = next((f for f in fields.values() if variable in (f.variable, f.key)), None)
    chosen = (c.label for c in asked.choices if c.value == row.outcome) if asked else iter(())
    label = next(chosen, None)
    return telling.speaking.translate(label) if label else None


def _told(telling: Telling) -> Iterable[TimelineEvent]:
    wanted = select(Notification).where(
        Notification.case_id == telling.case.id, Notification.code.in_(TOLD)
    )
    for row in telling.session.scalars(wanted):
        told, (step, role) = telling.role(row.role), _step_and_role(telling, row.task_id)
        title = telling.speaking.say("{role} was told", role=told)
        yield TimelineEvent(
            at=row.created_at,
            kind="notification",
            title=title,
            words=notifications.words(row.code, told, step, role, telling.speaking),
            who=None,
            model=None,
            element_id=row.element_id,
            entry_id=None,
            layer=None,
        )


def _moved(telling: Telling) -> Iterable[TimelineEvent]:
    """The case went along when the person was moved."""
    case, say = telling.case, telling.speaking.say
    wanted = select(Transfer).where(
        Transfer.person_id == case.person_id, Transfer.recorded_at >= case.opened_at
    )
    for row in telling.session.scalars(wanted) if case.person_id else ():
        if case.closed_at is not None and row.recorded_at > case.closed_at:
            continue
        yield TimelineEvent(
            at=row.recorded_at,
            kind="case",
            title=say("Moved to another prison"),
            words=say(
                "From {before} to {after}, on {day}. The open steps are done there; no deadline"
                " changes.",
                before=telling.session.get_one(Establishment, row.from_id).name,
                after=telling.session.get_one(Establishment, row.to_id).name,
                day=telling.speaking.day(row.moved_on),
            ),
            who=None,
            model=None,
            element_id=None,
            entry_id=None,
            layer="L0",
        )


def _step_and_role(telling: Telling, task_id: UUID | None) -> tuple[str, str]:
    """The name of a step, and the function that owes it."""
    task = telling.session.get(HumanTask, task_id) if task_id else None
    names = telling.names(task.instance_id) if task else None
    if task is None or names is None:
        return telling.speaking.say("a step"), telling.speaking.say("another function")
    return task_title(task, names), names.role(task.role)
