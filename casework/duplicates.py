"""Several cases about one person: a younger one may join an older one that is still open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from casework.grid_rules import Finding
from casework.tables import Case
from casework.words import Speaking
from processes.tables import HumanTask

FORM, CHOICE, JOIN = "F-DUPLICATE", "duplicate_choice", "join"


def older_open_case(session: Session, case: Case, *, lock: bool = False) -> Case | None:
    """The oldest open case about the same person in the same agency that is older than this one.

    Only older ones count: two young cases can never join each other. With `lock` the case found
    stays open until the transaction ends.
    """
    if case.person_id is None:
        return None
    at_once = and_(Case.opened_at == case.opened_at, Case.id != case.id, ~_is_asked())
    before = or_(Case.opened_at < case.opened_at, at_once)
    wanted = (
        select(Case)
        .where(Case.agency_id == case.agency_id, Case.person_id == case.person_id)
        .where(Case.state == "open", Case.at_end.is_(None), before)
        .order_by(Case.opened_at, Case.id)
        .limit(1)
    )
    if lock:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    return session.scalars(wanted).first()


def why_not_join(
    session: Session, case: Case, form: str, answers: Mapping[str, Any], speaking: Speaking
) -> list[Finding]:
    """Joining is refused when the older case was closed while the question was open."""
    if form != FORM or answers.get(CHOICE) != JOIN:
        return []
    if older_open_case(session, case, lock=True) is not None:
        return []
    words = speaking.say("The other case has been closed meanwhile: keep this one apart.")
    return [(CHOICE, words)]


def _is_asked() -> ColumnElement[bool]:
    """Of two cases opened at one moment, the one that was asked first may join the other."""
    return exists().where(
        HumanTask.case_id == Case.id, HumanTask.form == FORM, HumanTask.state == "open"
    )
