"""What was answered last on a form within a process, read by the platform itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy.orm import Session

from casework import submissions
from casework.submissions import Given
from processes.acting import Acting

if TYPE_CHECKING:
    from casework.platform import Platform


def last(session: Session, case_id: UUID, instance_id: UUID, form: str) -> Given | None:
    """The newest submission of a form in an instance, as it stands after corrections."""
    fitting = [
        given
        for given in submissions.in_force(submissions.of_case(session, case_id))
        if given.form == form and given.first.instance_id == instance_id
    ]
    return fitting[-1] if fitting else None


def answers(
    platform: Platform, session: Session, acting: Acting, given: Given | None
) -> Mapping[str, Any]:
    """Its answers; nobody becomes a reader by this. Nothing where there is none."""
    if given is None or any(entry.ciphertext is None for entry in given.entries):
        return {}
    return submissions.read(platform, session, replace(acting, user_id=None), given)
