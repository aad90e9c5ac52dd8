"""Shows answers for reading: codes in words, days in full, people by function, cases by
name, decisions by their day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy.orm import Session

from casework import shown, staff
from casework.measures import contesting
from casework.tables import Case, Decision, RecordEntry
from casework.words import Speaking
from forms import Choice, Field
from processes.tables import ProcessInstance

if TYPE_CHECKING:
    from forms import FormDefinition


def described(
    session: Session, definition: FormDefinition, answers: Mapping[str, Any], speaking: Speaking
) -> tuple[tuple[str, tuple[tuple[str, Any], ...]], ...]:
    """Answers for reading; people chosen in a form are shown by function."""
    told = definition.describe(
        answers,
        speaking.translate,
        _chosen(session, definition, answers, speaking),
        show_date=speaking.day,
    )
    return tuple((title, tuple(rows)) for title, rows in told)


def _chosen(
    session: Session, definition: FormDefinition, answers: Mapping[str, Any], speaking: Speaking
) -> dict[str, list[Choice]]:
    """What was chosen from lists that the product makes: people by function, cases by name."""
    found: dict[str, list[Choice]] = {}
    for field in definition.fields.values():
        if field.choices_from:
            known = found.setdefault(field.choices_from, [])
            known += [Choice(v, _known_as(session, v, speaking)) for v in _values(field, answers)]
    return found


def _values(field: Field, answers: Mapping[str, Any]) -> Iterator[str]:
    rows = (answers.get(field.list_key) or ()) if field.list_key else (answers,)
    for row in rows:
        value = row.get(field.key)
        yield from (v for v in (value if isinstance(value, list) else [value]) if v)


def _known_as(session: Session, value: str, speaking: Speaking) -> str:
    try:
        wanted = UUID(value)
    except ValueError:
        return value
    instance = session.get(ProcessInstance, wanted)
    case = session.get(Case, instance.case_id) if instance else None
    if case is not None:
        return shown.reference(case, speaking)
    decision = session.get(Decision, wanted)
    if decision is not None:
        return contesting.told(session, decision, speaking)
    entry = session.get(RecordEntry, wanted)
    if entry is not None:
        day = speaking.day(entry.written_at.date())
        return speaking.say("{form} of {day}", form=entry.form, day=day)
    return staff.name_of(session, wanted, speaking) or value
