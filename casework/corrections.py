"""Handing back: a message to an author becomes a task of its own, which he or she must open.

A correction is a human task without a step in the engine: the process stands where it stands, its
clocks run on, and whoever asked goes on with the corrected answers. What already led the case on
(a field that is an engine variable) cannot be changed here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from casework import material, notifying, record, submissions, taskpage
from casework.grid_rules import Finding
from casework.material import HAND_BACK, Looking, Request
from casework.pages import Completed
from casework.refusals import Refused
from casework.submissions import Given
from casework.supervision import contact
from casework.tables import UserAccount
from casework.worklist import task_title
from forms import FormDefinition, Submission
from processes import calendars, clocks, messages
from processes.acting import Acting
from processes.ports import JournalEntry
from processes.tables import Establishment, HumanTask

DUE = "P5WD"
LONGEST = 2000


class _Message:
    """The form of a hand-back message: known to the record by its id alone, it has no file."""

    id, digest = HAND_BACK, ""


def ask(looking: Looking, message: str, entry_id: UUID | None) -> UUID:
    """Make the task 'Correct ...' for the author of a submission shown with this task."""
    text = message.strip()
    say = looking.speaking.say
    if not text:
        raise Refused(say("Write what is to be corrected: the author sees your message."))
    if len(text) > LONGEST:
        raise Refused(say("Shorten the message to {most} characters.", most=LONGEST))
    given = _target(looking, entry_id)
    _refuse_twice(looking, given)
    task = _open(looking, given)
    answers = {"message": text, "corrects": str(given.first.id)}
    record.write_submission(
        looking.platform,
        looking.session,
        looking.acting,
        looking.case.id,
        looking.instance.id,
        task,
        _Message(),
        Submission(by_layer={"L2": answers}),
    )
    _journal(looking, "task.hand_back", task)
    notifying.tell_holder(looking.session, looking.acting, task, "correction_asked")
    return task.id


def _target(looking: Looking, entry_id: UUID | None) -> Given:
    readable = material.needed(looking)
    offered = [t.entry_id for t in taskpage.targets(looking, readable)]
    by_entry = {given.first.id: given for given in readable}
    if entry_id is None and offered:
        entry_id = offered[-1]
    if entry_id not in offered:
        raise Refused(
            looking.speaking.say(
                "Nothing shown here can be handed back to its author. Write to a supervisor."
            )
        )
    return by_entry[entry_id]


def _refuse_twice(looking: Looking, given: Given) -> None:
    """One correction of a submission is asked for at a time, however often the button is hit."""
    open_ones = {task.id for task in taskpage.open_corrections(looking.session, looking.task.id)}
    unread = replace(looking.acting, user_id=None)
    about = {
        str(record.read_entry(looking.platform, looking.session, unread, g.first).get("corrects"))
        for g in submissions.of_case(looking.session, looking.case.id)
        if g.form == HAND_BACK and g.first.task_id in open_ones
    }
    if about & {str(entry.id) for entry in given.entries}:
        raise Refused(
            looking.speaking.say(
                "A correction of this has been asked for already: wait for the answer, or go on"
                " without it."
            )
        )


def _open(looking: Looking, given: Given) -> HumanTask:
    session, acting, case = looking.session, looking.acting, looking.case
    earlier = session.get(HumanTask, given.first.task_id) if given.first.task_id else None
    element_id = given.first.element_id or _start_element(looking, given.form)
    element = looking.names.model.elements.get(element_id)
    if element is None or not _is_asked(looking, given.form):
        raise Refused(
            looking.speaking.say(
                "The process was changed since and has no such step any more: write what has to"
                " be put right in your own answers."
            )
        )
    place = session.get_one(
        Establishment, earlier.establishment_id if earlier else case.establishment_id
    )
    task = HumanTask(
        id=acting.new_id(),
        agency_id=case.agency_id,
        instance_id=looking.instance.id,
        case_id=case.id,
        engine_task_id=acting.new_id(),
        element_id=element_id,
        name=_title(looking, given),
        form=given.form,
        role=given.first.author_role or looking.names.pack.role(element.role or ""),
        establishment_id=place.id,
        holder_id=_still_here(session, given.first.author_id),
        layer=element.layer or given.first.layer,
        legal_basis=element.legal_basis or looking.task.legal_basis,
        state="open",
        created_at=acting.now,
        claimed_at=acting.now,
        handed_back_from=looking.task.id,
        escalation_level=0,
    )
    task.due_at = calendars.due_at(session, place, DUE, base=acting.now, dates={})
    session.add(task)
    session.flush()
    clock = clocks.start_clock(session, acting, looking.instance, place, "task", task.id, element)
    for kind in ("due", "escalate"):
        clocks.start_timer(session, acting, clock, kind, DUE, task.due_at)
    return task


def _title(looking: Looking, given: Given) -> str:
    """The form's own title, in the language in which forms are written."""
    models = looking.platform.models
    return submissions.definition_of(models, looking.session, given).title


def _is_asked(looking: Looking, form: str) -> bool:
    files = looking.platform.models.files(looking.session, looking.instance.version_id)
    return f"{form}.form" in files


def _start_element(looking: Looking, form: str) -> str:
    starts = [start.id for start in looking.names.model.starts if start.form == form]
    return starts[0] if starts else looking.task.element_id


def _still_here(session: Session, user_id: UUID | None) -> UUID | None:
    user = session.get(UserAccount, user_id) if user_id else None
    return user.id if user is not None and user.active else None


def changed_course(
    looking: Looking, definition: FormDefinition, answers: Mapping[str, Any], request: Request
) -> list[Finding]:
    """Answers that already led the case on are not changed by a correction."""
    before = material.read_corrected(looking, request)
    if before is None:
        return []
    then = definition.split(before.answers).variables
    now = definition.split(answers).variables
    words = looking.speaking.say(
        "This answer has already led the case on and cannot be changed here. Put back what it"
        " was, and tell the colleague who asked."
    )
    return [
        (field.path, words)
        for name, field in definition.variables.items()
        if field.path in answers and then.get(name) != now.get(name)
    ]


def complete(
    looking: Looking, definition: FormDefinition, answers: Mapping[str, Any], request: Request
) -> Completed:
    """Write the corrected answers over the earlier ones and end the task; the process stands."""
    session, acting, task = looking.session, looking.acting, looking.task
    record.write_submission(
        looking.platform,
        session,
        acting,
        task.case_id,
        task.instance_id,
        task,
        definition,
        definition.split(answers),
        correcting=request.corrects.entries if request.corrects else (),
    )
    contact.correct(looking, request, answers)
    record.drop_draft(looking.platform, session, looking.viewer.user_id, task.id)
    task.state, task.ended_at, task.ended_by = "completed", acting.now, acting.user_id
    clocks.end_clocks(session, task.id, "completed")
    messages.tell_guards(session, acting, task)
    _journal(looking, "task.correct", task)
    asked_from = session.get(HumanTask, task.handed_back_from)
    if asked_from is not None and asked_from.state == "open":
        notifying.tell_holder(session, acting, asked_from, "correction_made")
    title = task_title(task, looking.names)
    words = looking.speaking.say("Corrected. The colleague who asked has been told.")
    return Completed(task.id, task.case_id, title, (words,), ())


def withdraw(session: Session, acting: Acting, asked_from: HumanTask) -> None:
    """The step from which corrections were asked is done: they are no longer waited for."""
    for task in taskpage.open_corrections(session, asked_from.id):
        task.state, task.ended_at = "cancelled", acting.now
        clocks.end_clocks(session, task.id, "cancelled")


def _journal(looking: Looking, act: str, task: HumanTask) -> None:
    entry = JournalEntry(act, task.case_id, "task", task.id, {"form": task.form})
    looking.platform.ports.journal.write(looking.session, looking.acting, entry)
