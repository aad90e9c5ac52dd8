"""Completes a task: checked, written into the record, then one command through the one door."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import (
    apart,
    bearing,
    choosing,
    corrections,
    dangers,
    duplicates,
    grid_rules,
    hooks,
    material,
    moving,
    record,
    seats,
    shown,
    staff,
    taskpage,
)
from casework.access import Viewer
from casework.clients import consents
from casework.commission import rules as commission_rules
from casework.cycle import known as cycle
from casework.evaluation import rules as evaluation_rules
from casework.grid_rules import Finding, RuleContext
from casework.material import Looking
from casework.measures import known, signing
from casework.pages import Completed, NextStep, TaskPage
from casework.refusals import AlreadyDone, ChangedMeanwhile, Refused
from casework.supervision import contact
from casework.tables import Case, Decision, RecordEntry
from casework.words import ENGLISH, Speaking
from casework.worklist import task_title
from forms import BoundForm, FormDefinition
from processes import advance, parameters
from processes.acting import Acting
from processes.ports import Code
from processes.tables import HumanTask

if TYPE_CHECKING:
    from casework.platform import Platform

RECEIPT = "F-RECEIPT"
"""Says on which day a paper reached the person."""


def complete(
    platform: Platform,
    session: Session,
    acting: Acting,
    viewer: Viewer,
    task_id: UUID,
    formdata: Any,
    *,
    speaking: Speaking = ENGLISH,
    section: str | None = None,
    read_through: int | None = None,
) -> Completed | TaskPage:
    """Complete the task with a posted form (a werkzeug MultiDict), over the draft.

    With `section` the post speaks of that section only and the draft of the others; with no post
    at all the draft is submitted, if it is still the revision that was `read_through`. Gives the
    task page again, its form holding the errors, when the answers do not hold. Raises
    `NotVisible`, `AlreadyDone`, or `Refused`.
    """
    looking = taskpage.look(platform, session, acting, viewer, task_id, speaking)
    lock_open(looking)
    require_mine(looking)
    if read_through is not None:
        _require_unchanged(looking, read_through)
    definition = taskpage.definition_of(looking)
    form = _bound(looking, definition, formdata, section)
    request = material.request_of(looking)
    if not _holds(looking, definition, form, request):
        return taskpage.open_task(
            platform, session, acting, viewer, task_id, speaking=speaking, form=form
        )
    acting = replace(acting, role=looking.task.role)
    looking = replace(looking, acting=acting)
    if request is not None:
        return corrections.complete(looking, definition, form.answers(), request)
    return _carry_out(looking, definition, form.answers())


def require_open(looking: Looking) -> None:
    """AlreadyDone, naming who and when, unless the task is still open."""
    task = looking.task
    if task.state != "open":
        who = staff.name_of(looking.session, task.ended_by, looking.speaking)
        raise AlreadyDone(task.id, who, task.ended_at, task.state)


def lock_open(looking: Looking) -> None:
    """Lock the task before anything is written for it: of two at once, one is told."""
    try:
        advance.lock_task(looking.session, looking.task.id)
    except advance.AlreadyDone:
        require_open(looking)
        raise


def require_mine(looking: Looking) -> None:
    """Refused when a colleague holds the task, or when another pair of eyes is needed."""
    task, user_id = looking.task, looking.viewer.user_id
    if task.holder_id not in (None, user_id):
        raise Refused(
            looking.speaking.say(
                "{who} holds this task. Ask for it, or let a supervisor move it to you.",
                who=staff.name_of(looking.session, task.holder_id, looking.speaking),
            )
        )
    blocked = apart.why_not(looking.session, task.case_id, task.form, user_id, looking.speaking)
    if blocked:
        raise Refused(blocked)


def _require_unchanged(looking: Looking, read_through: int) -> None:
    draft = taskpage.draft_of(looking.session, looking.viewer.user_id, looking.task.id)
    if (draft.revision if draft else 0) != read_through:
        raise ChangedMeanwhile(
            looking.speaking.say(
                "Your answers were changed in another window. Read them once more, then send them."
            )
        )


def _bound(
    looking: Looking, definition: FormDefinition, formdata: Any, section: str | None
) -> BoundForm:
    asked = choosing.seat_choices(looking, definition)
    options = choosing.options(looking, definition, asked)
    form = taskpage.bind(looking, definition, options, formdata=formdata, section=section)
    if section is None:
        return form
    return taskpage.bind(looking, definition, options, raw=form.raw())


def _holds(
    looking: Looking,
    definition: FormDefinition,
    form: BoundForm,
    request: material.Request | None,
) -> bool:
    """Whether form and rules accept the answers; what they find stands in the form."""
    if not form.validate():
        return False
    answers, context = form.answers(), rule_context(looking, definition.id)
    rules = grid_rules.rules_of(definition.id, definition.rules)
    found = grid_rules.check(rules, definition, answers, context)
    found += signing.why_not(looking, definition.id, answers, context.variables)
    found += _same_person_twice(looking, definition, answers)
    found += commission_rules.findings(looking, definition, answers)
    found += evaluation_rules.findings(looking, definition, answers)
    found += contact.findings(looking, definition.id, answers, request)
    found += _handed_over_too_early(looking, definition, answers)
    found += _barred_from_overdue(looking, definition, answers)
    found += duplicates.why_not_join(
        looking.session, looking.case, definition.id, answers, looking.speaking
    )
    found += dangers.why_not_erase(
        looking.session, looking.case, definition.id, answers, looking.speaking
    )
    found += bearing.why_kept(
        looking.session,
        looking.case,
        looking.instance.id,
        definition.id,
        answers,
        looking.speaking,
    )
    if request is not None:
        found += corrections.changed_course(looking, definition, answers, request)
    for key, words in found:
        form.add_error(key, words)
    return not found


def rule_context(looking: Looking, form: str) -> RuleContext:
    """The day, the parameters in force, and for a decision what the round and the case say."""
    zone = shown.zone_of(looking.session, looking.task.establishment_id)
    today = shown.local_day(looking.acting.now, zone)
    return RuleContext(
        today=today,
        speaking=looking.speaking,
        parameters=parameters.Values(looking.session, looking.case.agency_id, today),
        variables=_variables(looking, form, today),
    )


def _variables(looking: Looking, form: str, today: date) -> dict[str, Code]:
    if form == "F-DETDEC":
        return _of_round(looking)
    if form in consents.ASKED_BY:
        return consents.known(looking.session, looking.case.id, today)
    if form in cycle.FORMS:
        return cycle.variables_for(looking, form) if looking.task.state == "open" else {}
    return known.variables_for(looking, form)


def _of_round(looking: Looking) -> dict[str, Code]:
    """Without a round the case began with an offence, which takes the place of the harm item
    [domain.md 0.1 FR-1]."""
    round_ = seats.current_round(looking.session, looking.case.id)
    monitored = select(Decision.id).where(
        Decision.case_id == looking.case.id,
        Decision.kind == "detection",
        Decision.outcome == "monitor",
    )
    return {
        "origin": "observation" if round_ else "offence",
        "grids_complete": round_.complete if round_ else True,
        "referable": round_.referable if round_ else True,
        "monitored": looking.session.scalars(monitored.limit(1)).first() is not None,
    }


def _handed_over_too_early(
    looking: Looking, definition: FormDefinition, answers: Mapping[str, Any]
) -> list[Finding]:
    """No time to contest runs from a day on which there was nothing to hand over."""
    handed_on = grid_rules.day_of(answers.get("handed_on"))
    ready = looking.task.created_at.date()
    if definition.id != RECEIPT or handed_on is None or handed_on >= ready:
        return []
    words = looking.speaking.say(
        "The paper was ready on {day} and cannot have been handed over before. Look again.",
        day=looking.speaking.day(ready),
    )
    return [("handed_on", words)]


def _same_person_twice(
    looking: Looking, definition: FormDefinition, answers: Mapping[str, Any]
) -> list[grid_rules.Finding]:
    """Nobody sits on two seats of a round."""
    seen: set[str] = set()
    found = []
    for plan in hooks.blind_plans(looking.names.model, looking.names.pack):
        key = hooks.seat_field(definition, plan)
        value = str(answers.get(key) or "") if key else ""
        if key and value and value in seen:
            words = looking.speaking.say(
                "One person cannot sit on two seats of a round. Choose somebody else here."
            )
            found.append((key, words))
        seen.add(value)
    return found


def _barred_from_overdue(
    looking: Looking, definition: FormDefinition, answers: Mapping[str, Any]
) -> list[grid_rules.Finding]:
    """An overdue step goes to nobody who may not do it: a blind rating stays blind."""
    guarded = looking.instance.guarded_task_id
    task = looking.session.get(HumanTask, guarded) if guarded else None
    to = hooks.overdue_taker(definition, answers, looking.viewer.user_id)
    if task is None or to is None or task.state != "open" or definition.id != "F-OVERDUE":
        return []
    words = moving.why_not(looking.session, task, to, looking.viewer.on, looking.speaking)
    return [("overdue_act", words)] if words else []


def _carry_out(
    looking: Looking, definition: FormDefinition, answers: Mapping[str, Any]
) -> Completed:
    session, task = looking.session, looking.task
    submission = definition.split(answers)
    entries = record.write_submission(
        looking.platform,
        session,
        looking.acting,
        task.case_id,
        task.instance_id,
        task,
        definition,
        submission,
    )
    submitted = _submitted(looking, definition, answers, submission.variables, entries)
    joined = duplicates.joined(session, looking.case, definition.id, answers)
    danger_joined = dangers.joined_to(session, task)
    variables = {**submission.variables, **hooks.after(submitted)}
    corrections.withdraw(session, looking.acting, task)
    record.drop_draft(looking.platform, session, looking.viewer.user_id, task.id)
    title, case_id = task_title(task, looking.names), task.case_id
    advanced = advance.complete_locked(session, looking.platform, looking.acting, task, variables)
    other = joined or (danger_joined.id if danger_joined else None)
    return _completed(looking, title, other or case_id, advanced.opened)


def _submitted(
    looking: Looking,
    definition: FormDefinition,
    answers: Mapping[str, Any],
    variables: Mapping[str, Code],
    entries: list[RecordEntry],
) -> hooks.Submitted:
    return hooks.Submitted(
        platform=looking.platform,
        session=looking.session,
        acting=looking.acting,
        case=looking.case,
        instance=looking.instance,
        task=looking.task,
        model=looking.names.model,
        pack=looking.names.pack,
        definition=definition,
        answers=answers,
        variables=variables,
        entry_id=entries[0].id if entries else None,
    )


def _completed(
    looking: Looking, title: str, case_id: UUID, opened: Iterable[HumanTask]
) -> Completed:
    session, say = looking.session, looking.speaking.say
    case = session.get(Case, case_id)
    if case is None:
        words = say("Done. Nothing of this observation was kept.")
        return Completed(looking.task.id, None, title, (words,), ())
    if case_id != looking.task.case_id:
        words = say("Done. What was observed was joined to the case that is already open.")
        return Completed(looking.task.id, case_id, title, (words,), ())
    steps = tuple(next_step(looking, task) for task in opened)
    sentences = [say("Done: “{title}”.", title=title)]
    sentences += [
        say("Next: {role}: “{step}”.", role=step.role_name, step=step.title) for step in steps
    ]
    if case.state != "open":
        sentences.append(shown.stage_words(case, looking.speaking) + ".")
    return Completed(looking.task.id, case_id, title, tuple(sentences), steps)


def next_step(looking: Looking, task: HumanTask) -> NextStep:
    """A task that opened, for the page that says what comes next."""
    viewer = looking.viewer
    held = task.holder_id == viewer.user_id
    free = task.holder_id is None and viewer.holds(task.role, task.establishment_id)
    return NextStep(
        task_id=task.id,
        title=task_title(task, looking.names),
        role_name=looking.names.role(task.role),
        due_at=task.due_at,
        mine=held or free,
    )
