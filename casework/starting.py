"""Starting a process with the form of a start event, and what follows from it; by form."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy.orm import Session

from casework import record
from casework.tables import Case, RecordEntry
from casework.words import Wording
from forms import BoundForm
from processes import advance
from processes.acting import Acting
from processes.advance import Advanced
from processes.engine import Element
from processes.tables import HumanTask, ProcessInstance

if TYPE_CHECKING:
    from casework.platform import Platform


@dataclass(frozen=True)
class Begun:
    """A process that a start form began, its answers written."""

    platform: Platform
    session: Session
    acting: Acting
    case: Case
    instance: ProcessInstance
    names: Wording
    role: str
    answers: Mapping[str, Any]
    entry_id: UUID


def start(
    platform: Platform,
    session: Session,
    acting: Acting,
    case: Case,
    version_id: UUID,
    element: Element,
    names: Wording,
    form: BoundForm,
    *,
    by_form: bool = False,
) -> tuple[Advanced, list[RecordEntry]]:
    """Start the process at an event with what was answered, and write the answers.

    Variables that the event itself fixes, such as `sv:origin`, go along. `by_form` lets the answers
    go by the name of their form, not of the event: an observation is called one.
    """
    submission = form.definition.split(form.answers())
    known = names.pack.variables
    fixed = {name: value for name, value in element.attributes.items() if name in known}
    begin = advance.Start(
        version_id=version_id,
        case_id=case.id,
        establishment_id=case.establishment_id,
        start_id=element.id,
        variables={**fixed, **submission.variables},
    )
    advanced = advance.start_instance(session, platform, acting, begin)
    entries = record.write_submission(
        platform,
        session,
        acting,
        case.id,
        advanced.instance.id,
        None,
        form.definition,
        submission,
        element_id=None if by_form else element.id,
    )
    return advanced, entries


def next_steps(names: Wording, zone: str, opened: Iterable[HumanTask]) -> list[str]:
    """Who goes on with what, by when."""
    say, sentences = names.speaking.say, []
    for task in opened:
        step, role = names.element(task.element_id), names.role(task.role)
        if task.due_at is None:
            sentences.append(say("Next: {role}: “{step}”.", role=role, step=step))
            continue
        due = names.speaking.moment(task.due_at, zone)
        sentences.append(say("Next: {role}: “{step}”, by {due}.", role=role, step=step, due=due))
    return sentences


Follows = Callable[[Begun], None]
FOLLOWS: dict[str, Follows] = {}


def begins(form: str) -> Callable[[Follows], Follows]:
    """Register what follows a start form."""

    def register(function: Follows) -> Follows:
        FOLLOWS[form] = function
        return function

    return register
