"""An alternate takes the seat of a member who cannot come."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy.orm import Session

from casework import access, moving
from casework.access import Viewer
from casework.commission import found, opinions
from casework.refusals import Refused
from casework.tables import Seat
from casework.words import ENGLISH, Speaking
from processes import advance
from processes.acting import Acting
from processes.tables import HumanTask

if TYPE_CHECKING:
    from casework.platform import Platform


def stand_in(
    platform: Platform,
    session: Session,
    acting: Acting,
    viewer: Viewer,
    task_id: UUID,
    speaking: Speaking = ENGLISH,
) -> HumanTask:
    """The alternate takes the seat, with its open step; who sat there before is kept."""
    task = session.get(HumanTask, task_id)
    seat = session.get(Seat, task.seat_id) if task is not None and task.seat_id else None
    if task is None or seat is None or seat.alternate_id != viewer.user_id:
        raise access.NotVisible("task", task_id)
    access.require_task(session, viewer, task)
    if viewer.user_id in opinions.readers(session, found.seats_of(session, seat.instance_id)):
        raise Refused(
            speaking.say(
                "You have read another member's opinion on this item: you cannot give one unseen."
            )
        )
    try:
        moving.move(session, platform.ports, acting, task, viewer.user_id)
    except advance.AlreadyDone as late:
        raise Refused(speaking.say("The opinions on this item are closed, or given.")) from late
    return task
