"""Who holds a task: claim, release, hand back, and the draft of whoever works on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy.orm import Session

from casework import completing, corrections, record, staff, taskpage
from casework.access import Viewer
from casework.material import Looking
from casework.refusals import AlreadyDone, Refused
from casework.tables import Draft
from casework.words import ENGLISH, Speaking
from processes import advance, tasks
from processes.acting import Acting

if TYPE_CHECKING:
    from casework.platform import Platform


def claim(
    platform: Platform,
    session: Session,
    acting: Acting,
    viewer: Viewer,
    task_id: UUID,
    *,
    speaking: Speaking = ENGLISH,
) -> None:
    """Take the task; `AlreadyDone` when it is no longer open, `Refused` when another holds it."""
    looking = _mine(platform, session, acting, viewer, task_id, speaking)
    try:
        tasks.claim(session, platform.ports, acting, task_id)
    except advance.AlreadyDone as late:
        raise _late(session, late, speaking) from late
    except tasks.HeldByAnother as held:
        raise _held(looking, held) from held


def release(
    platform: Platform,
    session: Session,
    acting: Acting,
    viewer: Viewer,
    task_id: UUID,
    *,
    speaking: Speaking = ENGLISH,
) -> None:
    """Give the task back to the group; the draft stays the author's. A rater's seat is not given
    back this way: the coordinator replaces a rater."""
    looking = taskpage.look(platform, session, acting, viewer, task_id, speaking)
    completing.require_open(looking)
    if looking.task.seat_id is not None or looking.task.handed_back_from is not None:
        raise Refused(
            speaking.say("This task was given to you by name. Ask the coordinator to move it.")
        )
    try:
        tasks.release(session, platform.ports, acting, task_id)
    except advance.AlreadyDone as late:
        raise _late(session, late, speaking) from late
    except tasks.HeldByAnother as held:
        raise _held(looking, held) from held


def hand_back(
    platform: Platform,
    session: Session,
    acting: Acting,
    viewer: Viewer,
    task_id: UUID,
    message: str,
    *,
    entry_id: UUID | None = None,
    speaking: Speaking = ENGLISH,
) -> UUID:
    """Ask the author of an earlier submission (`entry_id`, else the last one) to correct it: makes
    a task 'Correct ...' that only its author must open, and gives its id. `Refused` without a
    message or when there is nobody to hand back to."""
    looking = _mine(platform, session, acting, viewer, task_id, speaking)
    looking = replace(looking, acting=replace(acting, role=looking.task.role))
    return corrections.ask(looking, message, entry_id)


def save_draft(
    platform: Platform,
    session: Session,
    acting: Acting,
    viewer: Viewer,
    task_id: UUID,
    typed: Any,
    revision: int | None = None,
    *,
    section: str | None = None,
    speaking: Speaking = ENGLISH,
) -> Draft:
    """Keep what is typed: a post (of one `section` or of all), the plain lists of one, or a form's
    `raw()`. Nothing is checked. With a `revision`, a newer draft stands: `record.NewerDraft`."""
    looking = _mine(platform, session, acting, viewer, task_id, speaking)
    raw = typed
    if hasattr(typed, "getlist") or _is_post(typed):
        posted = typed if hasattr(typed, "getlist") else _Lists(typed)
        definition = taskpage.definition_of(looking)
        raw = taskpage.bind(looking, definition, {}, formdata=posted, section=section).raw()
    return record.save_draft(platform, session, acting, task_id, raw, revision)


def _is_post(typed: Mapping[str, Any]) -> bool:
    return bool(typed) and all(
        isinstance(values, list) and all(isinstance(value, str) for value in values)
        for values in typed.values()
    )


@dataclass(frozen=True)
class _Lists:
    """The lists of a post, read as a post is."""

    lists: Mapping[str, list[str]]

    def keys(self) -> Iterable[str]:
        """All names."""
        return self.lists.keys()

    def getlist(self, key: str) -> list[str]:
        """All values of a name."""
        return self.lists.get(key, [])


def _mine(
    platform: Platform,
    session: Session,
    acting: Acting,
    viewer: Viewer,
    task_id: UUID,
    speaking: Speaking,
) -> Looking:
    looking = taskpage.look(platform, session, acting, viewer, task_id, speaking)
    completing.require_open(looking)
    completing.require_mine(looking)
    return looking


def _late(session: Session, late: advance.AlreadyDone, speaking: Speaking) -> AlreadyDone:
    return AlreadyDone(
        late.task_id, staff.name_of(session, late.ended_by, speaking), late.ended_at, late.state
    )


def _held(looking: Looking, held: tasks.HeldByAnother) -> Refused:
    return Refused(
        looking.speaking.say(
            "{who} has just taken this task.",
            who=staff.name_of(looking.session, held.holder_id, looking.speaking),
        )
    )
