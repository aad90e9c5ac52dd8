"""An extract that was written for one actor is that actor's alone [domain.md SE-4, step 2]."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.access_policy import EXTRACT_STEPS, OPEN
from casework.tables import RecordEntry
from processes.tables import HumanTask


def is_for(session: Session, task: HumanTask, entry: RecordEntry) -> bool:
    """Whether an entry of the open file may be opened by a step; a step that is done from an
    extract opens the newest one of its own process, not those that others were sent."""
    if task.form not in EXTRACT_STEPS or entry.layer != OPEN:
        return True
    if entry.instance_id != task.instance_id:
        return False
    newest = select(RecordEntry.written_at).where(
        RecordEntry.instance_id == task.instance_id, RecordEntry.form == entry.form
    )
    last = session.scalars(newest.order_by(RecordEntry.written_at.desc()).limit(1)).first()
    return entry.written_at == last
