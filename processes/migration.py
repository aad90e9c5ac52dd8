"""Puts a running instance onto another version of its model, and back while it stands still.

What is open goes on exactly: tasks keep id, holder and draft, clocks and timers their moments. What
cannot go on so is refused, element by element, and the instance stays where it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes import advance, outbox
from processes.acting import Acting
from processes.carrying import Change, Changes, apply, are_elsewhere, taken_back, undoable
from processes.engine import EngineFault, Fate, carry_over
from processes.ports import JournalEntry
from processes.step import Platform, open_step
from processes.tables import InstanceMigration, ProcessInstance, ProcessVersion

ACT, UNDO = "instance.migrate", "instance.migrate_undo"


class MigrationRefused(Exception):
    """The instance stays on its version; the words say why, and what to do."""

    def __init__(self, *reasons: str) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


@dataclass(frozen=True)
class StepPlan:
    """What becomes of one element at which the instance stands."""

    element_id: str
    name: str
    to: str | None
    refusal: str = ""
    notes: tuple[str, ...] = ()

    @property
    def fate(self) -> str:
        """kept, renamed or refused."""
        if self.refusal:
            return "refused"
        return "kept" if self.to == self.element_id else "renamed"


@dataclass(frozen=True)
class Plan:
    """What a migration would do to one instance."""

    instance_id: UUID
    from_version_id: UUID
    to_version_id: UUID
    steps: tuple[StepPlan, ...] = ()
    refusals: tuple[str, ...] = ()
    state: bytes = field(default=b"", repr=False)
    changes: tuple[Change, ...] = field(default=(), repr=False)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why the instance stays where it is; empty where it can go."""
        return (*self.refusals, *(step.refusal for step in self.steps if step.refusal))

    @property
    def refused(self) -> bool:
        """Whether the instance stays where it is."""
        return bool(self.reasons)


def plan(
    session: Session,
    platform: Platform,
    acting: Acting,
    instance: ProcessInstance,
    to_version: ProcessVersion,
    mapping: Mapping[str, str],
) -> Plan:
    """What would happen; worked out on a copy of the state, nothing is written."""
    found = Plan(instance.id, instance.version_id, to_version.id)
    refusals = _beforehand(session, platform, instance, to_version, mapping)
    if refusals:
        return replace(found, refusals=refusals)
    step = open_step(session, platform, acting, instance)
    later = platform.models.model(session, to_version.id)
    try:
        carried = carry_over(step.model, later, instance.engine_state, mapping)
        changes = Changes(step, platform, to_version.id, carried, mapping)
        changes.gather()
    except EngineFault as fault:
        return replace(found, refusals=(f"{fault}",))
    return replace(
        found,
        steps=tuple(_step(fate, changes) for fate in carried.fates),
        refusals=tuple(changes.refusals),
        state=carried.state or b"",
        changes=tuple(changes.found),
    )


def migrate(
    session: Session,
    platform: Platform,
    acting: Acting,
    instance_id: UUID,
    to_version: ProcessVersion,
    mapping: Mapping[str, str],
) -> Plan:
    """Do it; MigrationRefused when the plan refuses anything, and nothing is changed."""
    instance = advance.lock_instance(session, instance_id)
    planned = plan(session, platform, acting, instance, to_version, mapping)
    if planned.refused:
        raise MigrationRefused(*planned.reasons)
    before = instance.version_id, instance.engine_state
    renamed = {s.element_id: s.to for s in planned.steps if s.fate == "renamed"}
    codes = {"renamed": list(renamed), "become": list(renamed.values())}
    entry = _entry(session, ACT, instance, to_version.id, codes)
    advance.put_on_version(session, platform, acting, instance, to_version.id, planned.state, entry)
    row = _row(session, acting, instance, before[0])
    row.state_before, row.rows_before = before[1], undoable(planned.changes)
    for name in apply(session, planned.changes):
        outbox.offer_kept(session, acting, name)
    session.flush()
    return planned


def undo(session: Session, platform: Platform, acting: Acting, instance_id: UUID) -> None:
    """Put the instance back to the version and state it had; refused once it has moved on."""
    instance = advance.lock_instance(session, instance_id)
    row = undoable_one(session, instance)
    state, left = row.state_before or b"", instance.version_id
    changes = taken_back(row.rows_before or [])
    entry = _entry(session, UNDO, instance, row.from_version_id, {})
    advance.put_on_version(session, platform, acting, instance, row.from_version_id, state, entry)
    _row(session, acting, instance, left)
    for name in apply(session, changes):
        outbox.offer_kept(session, acting, name)
    session.flush()


def undoable_one(session: Session, instance: ProcessInstance) -> InstanceMigration:
    """The migration that may be undone; MigrationRefused, and why, where there is none."""
    row = last(session, instance)
    if row is None:
        raise MigrationRefused("This instance was never migrated: there is nothing to undo.")
    if instance.migrated_revision != instance.revision:
        raise MigrationRefused(
            "The case has moved on since: the state before would take back what people did. "
            "Migrate the instance to the version it had instead."
        )
    if row.state_before is None:
        raise MigrationRefused("The last migration was undone already: there is nothing to undo.")
    if are_elsewhere(session, row.rows_before or []):
        raise MigrationRefused(
            "An open step was moved or given to another function since. Move it back first, or "
            "migrate the instance to the version it had."
        )
    return row


def last(session: Session, instance: ProcessInstance) -> InstanceMigration | None:
    """The last migration of an instance."""
    if instance.migrated_revision is None:
        return None
    mine = select(InstanceMigration).where(InstanceMigration.instance_id == instance.id)
    newest = mine.order_by(InstanceMigration.at.desc(), InstanceMigration.revision.desc()).limit(1)
    return session.scalars(newest.execution_options(populate_existing=True)).first()


def version_at(session: Session, instance: ProcessInstance, at: datetime) -> UUID:
    """The version by which an instance ran at a moment: what was answered, was asked by that."""
    if instance.migrated_revision is None:
        return instance.version_id
    later = select(InstanceMigration.from_version_id).where(
        InstanceMigration.instance_id == instance.id, InstanceMigration.at >= at
    )
    first = later.order_by(InstanceMigration.at, InstanceMigration.revision).limit(1)
    return session.scalar(first) or instance.version_id


def _beforehand(
    session: Session,
    platform: Platform,
    instance: ProcessInstance,
    to_version: ProcessVersion,
    mapping: Mapping[str, str],
) -> tuple[str, ...]:
    """What can be said without looking at where the instance stands."""
    version = session.get_one(ProcessVersion, instance.version_id)
    if instance.state not in advance.RUNNING:
        return ("The instance has ended: only one that runs can be migrated.",)
    if instance.agency_id != to_version.agency_id or version.model != to_version.model:
        return (f"The version is not one of “{version.model}” in this agency. Name another.",)
    if instance.version_id == to_version.id:
        return ("The instance runs by this version already: there is nothing to do.",)
    models = platform.models
    sides = (
        (mapping, models.model(session, version.id), "the version it runs by"),
        (mapping.values(), models.model(session, to_version.id), "the new version"),
    )
    return tuple(
        f"There is no {name} in {which}. Name an element, a flow or a process of it."
        for names, model, which in sides
        for name in sorted(names)
        if not (name in model.elements or name in model.flows or name in model.processes)
    )


def _step(fate: Fate, changes: Changes) -> StepPlan:
    notes = tuple(changes.notes.get(fate.element_id, ()))
    return StepPlan(fate.element_id, fate.name, fate.to, fate.refusal, notes)


def _row(
    session: Session, acting: Acting, instance: ProcessInstance, left: UUID
) -> InstanceMigration:
    """The note that the instance left a version for the one it has now."""
    row = InstanceMigration(
        id=acting.new_id(),
        agency_id=instance.agency_id,
        instance_id=instance.id,
        from_version_id=left,
        to_version_id=instance.version_id,
        at=acting.now,
        actor_id=acting.user_id,
        revision=instance.revision,
    )
    session.add(row)
    return row


def _entry(
    session: Session, act: str, instance: ProcessInstance, to_id: UUID, more: Mapping[str, Any]
) -> JournalEntry:
    versions = (session.get_one(ProcessVersion, i) for i in (instance.version_id, to_id))
    before, after = versions
    codes = {
        "from": str(before.id),
        "from_digest": before.digest,
        "to": str(after.id),
        "to_digest": after.digest,
        **more,
    }
    return JournalEntry(act, instance.case_id, "instance", instance.id, codes)
