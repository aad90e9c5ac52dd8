"""Submissions: the layers of one answered form together, read from the record."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import record, seats
from casework.concordance import Grid
from casework.tables import Case, RecordEntry, Round
from processes import migration
from processes.acting import Acting
from processes.tables import ProcessInstance
from processes.versions import Models

if TYPE_CHECKING:
    from casework.platform import Platform
    from forms import FormDefinition

LAYERS = 4
"""A submission has an entry for each layer it says something on: at most so many."""


@dataclass(frozen=True)
class Given:
    """One submission: its entries, one for each layer, not read yet."""

    entries: tuple[RecordEntry, ...]

    @property
    def first(self) -> RecordEntry:
        """Any of the entries: they share form, author and time."""
        return self.entries[0]

    @property
    def form(self) -> str:
        """The form that was answered."""
        return self.first.form

    @property
    def written_at(self) -> datetime:
        """When it was submitted."""
        return self.first.written_at

    @property
    def is_superseded_by(self) -> frozenset[UUID]:
        """The entries that this submission corrects."""
        return frozenset(e.supersedes_id for e in self.entries if e.supersedes_id)

    def where(self, may: Callable[[RecordEntry], bool]) -> Given | None:
        """What of it may be read; None when nothing."""
        kept = tuple(e for e in self.entries if e.erased_at is None and may(e))
        return Given(kept) if kept else None


def group(entries: Iterable[RecordEntry]) -> list[Given]:
    """Entries put together by submission, oldest first."""
    found: dict[UUID, list[RecordEntry]] = {}
    for entry in entries:
        found.setdefault(entry.submission_id or entry.id, []).append(entry)
    given = [Given(tuple(sorted(part, key=lambda e: e.layer))) for part in found.values()]
    return sorted(given, key=lambda g: g.written_at)


def of_case(session: Session, case_id: UUID) -> list[Given]:
    """All submissions of a case, corrected ones too, oldest first."""
    wanted = select(RecordEntry).where(RecordEntry.case_id == case_id)
    return group(session.scalars(wanted.order_by(RecordEntry.written_at)))


def newest(
    session: Session, case_id: UUID, forms: Mapping[str, int], inside: UUID | None = None
) -> list[Given]:
    """So many of each form, the newest of them, in the order of writing: as much to read in the
    tenth year as in the first. `inside` names a process, if only what was written there counts."""
    found: list[RecordEntry] = []
    for form, number in forms.items():
        wanted = select(RecordEntry).where(RecordEntry.case_id == case_id, RecordEntry.form == form)
        if inside is not None:
            wanted = wanted.where(RecordEntry.instance_id == inside)
        last = wanted.order_by(RecordEntry.written_at.desc()).limit(number * LAYERS)
        for given in group(session.scalars(last))[-number:]:
            found += _whole(session, given.first)
    return group(found)


def _whole(session: Session, entry: RecordEntry) -> list[RecordEntry]:
    if entry.submission_id is None:
        return [entry]
    same = select(RecordEntry).where(RecordEntry.submission_id == entry.submission_id)
    return list(session.scalars(same))


def in_force(given: Iterable[Given]) -> list[Given]:
    """Without those that a later submission corrects."""
    kept = list(given)
    corrected = {entry_id for g in kept for entry_id in g.is_superseded_by}
    return [g for g in kept if not any(e.id in corrected for e in g.entries)]


def containing(session: Session, entry: RecordEntry) -> Given:
    """The whole submission of an entry."""
    return group(_whole(session, entry))[0]


def definition_of(models: Models, session: Session, given: Given) -> FormDefinition:
    """The form as it was in the version in which it was answered."""
    instance = session.get_one(ProcessInstance, given.first.instance_id)
    return form_at(models, session, instance, given.written_at, given.form)


def form_at(
    models: Models, session: Session, instance: ProcessInstance, at: datetime, form: str
) -> FormDefinition:
    """A form of the version by which an instance ran at a moment."""
    return models.form(session, migration.version_at(session, instance, at), form)


def read(
    platform: Platform, session: Session, acting: Acting, given: Given, ground: str = "task"
) -> dict[str, Any]:
    """The answers, all layers together; the reading is audited in the reader's name."""
    return read_many(platform, session, acting, [(given, ground)])[0]


def read_many(
    platform: Platform, session: Session, acting: Acting, wanted: Sequence[tuple[Given, str]]
) -> list[dict[str, Any]]:
    """The answers of many submissions, each read on its ground."""
    entries = [(entry, ground) for given, ground in wanted for entry in given.entries]
    read_ = iter(record.read_entries(platform, session, acting, entries))
    return [
        definition_of(platform.models, session, given).join(
            {entry.layer: next(read_) for entry in given.entries}
        )
        for given, _ in wanted
    ]


def grids_of(platform: Platform, session: Session, acting: Acting, round_: Round) -> list[Grid]:
    """The grids given in a round, seat by seat."""
    found = {
        g.first.task_id: g
        for g in in_force(of_case(session, round_.case_id))
        if g.first.round == round_.number
    }
    by_entry = {e.id: g for g in found.values() for e in g.entries}
    grids = []
    for seat in seats.seats_of(session, round_):
        given = by_entry.get(seat.entry_id) if seat.entry_id else None
        if given is None or seat.state != "given":
            continue
        definition = definition_of(platform.models, session, given)
        if "conclusion" in definition.fields:
            answers = read(platform, session, acting, given)
            grids.append(Grid.of(seat.role, definition, answers))
    return grids


def copy_to(
    platform: Platform,
    session: Session,
    acting: Acting,
    source: Case,
    to: Case,
    *,
    only: Collection[str] = (),
) -> dict[UUID, UUID]:
    """Write the submissions of one case into another; the author and day are told in each.

    Gives the copy of each entry. `only` names the forms, where not all are copied.
    """
    instance = _any_instance(session, to.id)
    copies: dict[UUID, UUID] = {}
    for given in in_force(of_case(session, source.id)):
        if only and given.form not in only:
            continue
        definition = definition_of(platform.models, session, given)
        answers = read(platform, session, replace(acting, user_id=None), given)
        written = record.write_submission(
            platform,
            session,
            replace(acting, user_id=given.first.author_id, role=given.first.author_role),
            to.id,
            instance,
            None,
            definition,
            definition.split(answers),
            element_id=given.first.element_id,
        )
        by_layer = {entry.layer: entry.id for entry in written}
        copies |= {e.id: by_layer[e.layer] for e in given.entries if e.layer in by_layer}
    return copies


def _any_instance(session: Session, case_id: UUID) -> UUID:
    wanted = (
        select(ProcessInstance.id)
        .where(ProcessInstance.case_id == case_id, ProcessInstance.guarded_task_id.is_(None))
        .order_by(ProcessInstance.started_at)
    )
    return session.scalars(wanted).first() or UUID(int=0)
