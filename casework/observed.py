"""Observations that somebody wrote before about the same person, to be used in a grid."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import grids, submissions
from casework.material import Looking
from casework.pages import EarlierObservation
from casework.submissions import Given
from casework.tables import Case, RecordEntry

if TYPE_CHECKING:
    from forms import FormDefinition

OBSERVATION = "F-OBS"
GIST = 100


def earlier_observations(looking: Looking) -> tuple[EarlierObservation, ...]:
    """The viewer's own observations of the person, newest first; nobody else's are offered."""
    found = []
    for given in reversed(_own(looking.session, looking.case, looking.viewer.user_id)):
        answers = submissions.read(looking.platform, looking.session, looking.acting, given)
        found.append(
            EarlierObservation(
                entry_id=given.first.id,
                when=str(answers.get("when") or ""),
                gist=_gist(str(answers.get("what") or "")),
            )
        )
    return tuple(found)


def _own(session: Session, case: Case, user_id: UUID) -> list[Given]:
    if case.person_id is None:
        return []
    wanted = (
        select(RecordEntry)
        .join(Case, Case.id == RecordEntry.case_id)
        .where(Case.person_id == case.person_id, Case.agency_id == case.agency_id)
        .where(RecordEntry.form == OBSERVATION, RecordEntry.author_id == user_id)
        .where(RecordEntry.erased_at.is_(None))
    )
    return submissions.in_force(submissions.group(session.scalars(wanted)))


def _gist(text: str) -> str:
    return text if len(text) <= GIST else text[: GIST - 1].rstrip() + "…"


def as_statement(answers: Mapping[str, Any]) -> dict[str, Any]:
    """An observation as a statement of a grid's item."""
    kept = {name: answers.get(name) for name in ("what", "when", "where")}
    source = answers.get("source")
    return {**{k: v for k, v in kept.items() if v}, "source": source or "own"}


def item_key(definition: FormDefinition, item: str) -> str | None:
    """The key of a grid's item, asked for by its code or its key."""
    found = [i.key for i in grids.items(definition) if item in (i.code, i.key)]
    return found[0] if found else None


def with_statement(
    raw: Mapping[str, Any], key: str, statement: Mapping[str, Any]
) -> dict[str, Any]:
    """A draft with one more statement under an item, which is thereby observed."""
    name = f"{key}_statements"
    before = raw.get(name)
    statements = [s for s in before if s] if isinstance(before, list) else []
    return {**raw, f"{key}_observed": "observed", name: [*statements, dict(statement)]}


def own_observation(looking: Looking, entry_id: UUID) -> dict[str, Any] | None:
    """The answers of one of the viewer's own observations; None when it is not."""
    for given in _own(looking.session, looking.case, looking.viewer.user_id):
        if any(entry.id == entry_id for entry in given.entries):
            return submissions.read(looking.platform, looking.session, looking.acting, given)
    return None
