"""`samverkan migrate`: put running instances of a model onto another version of it, or back."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from processes import migration
from processes.advance import RUNNING
from processes.engine import EngineFault
from processes.migration import MigrationRefused, Plan
from processes.tables import ProcessInstance, ProcessVersion
from webapp.cli.opening import Opened, open_installation

SHORT = 12
"""So many digits of a version's digest are shown; fewer may be given, if they name one version."""


class CannotDo(Exception):
    """What was asked cannot be begun; the words say why."""


@dataclass(frozen=True)
class Asked:
    """Whom to put onto which version."""

    instance_id: UUID
    agency_id: UUID
    to_version_id: UUID | None


def add(commands: Any) -> None:
    """Register the command."""
    migrate = commands.add_parser(
        "migrate",
        help="put running instances onto another version of their model, or back",
        description="Puts every running instance of MODEL onto its version in force, each in a "
        "transaction of its own. What is open goes on exactly: steps keep holder, draft and due "
        "date, timers their moments. An instance is refused, and stays where it was, where an open "
        "element is gone, changed its kind or the events on its edge, or would stand among other "
        "parallel ways. Try it first with --dry-run; --undo puts back what has not moved on since. "
        "Exit code 0: all were carried over; 1: some were refused; 2: nothing was begun.",
    )
    migrate.add_argument("model", metavar="MODEL", help="for example detection")
    migrate.add_argument("--to", metavar="VERSION", help="default: the version in force")
    migrate.add_argument("--from", dest="from_", metavar="VERSION", help="only what runs by this")
    migrate.add_argument(
        "--map", nargs="+", default=[], type=_pair, metavar="OLD=NEW", help="what was renamed"
    )
    migrate.add_argument("--list", action="store_true", help="the versions, and what runs by each")
    migrate.add_argument("--dry-run", action="store_true", help="say what would happen, do nothing")
    migrate.add_argument("--undo", action="store_true", help="put back to the version before")
    migrate.set_defaults(run=_run)


def _pair(text: str) -> tuple[str, str]:
    old, equals, new = text.partition("=")
    if not (old and equals and new):
        raise argparse.ArgumentTypeError(f"{text} names no pair: write OLD=NEW")
    return old, new


def _run(given: argparse.Namespace) -> int:
    opened = open_installation()
    try:
        if given.list:
            return _list(opened, given.model)
        with opened.sessions() as session:
            asked = list(_asked(session, given))
            session.rollback()
    except CannotDo as problem:
        print(f"samverkan migrate: {problem}", file=sys.stderr)
        return 2
    outcomes = [_each(opened, one, given) for one in asked]
    done = "would be" if given.dry_run else "were"
    what = "put back" if given.undo else "carried over"
    refused = outcomes.count(False)
    print(f"{len(asked)} instances: {len(asked) - refused} {done} {what}, {refused} refused.")
    return 1 if refused else 0


def _list(opened: Opened, model: str) -> int:
    with opened.sessions() as session:
        for version in _versions(session, model):
            mine = select(func.count()).where(
                ProcessInstance.version_id == version.id, ProcessInstance.state.in_(RUNNING)
            )
            force = ", in force" if version.active else ""
            print(
                f"{version.digest[:SHORT]}  {version.deployed_at:%Y-%m-%d %H:%M}  "
                f"{session.scalar(mine)} running{force}"
            )
        session.rollback()
    return 0


def _versions(session: Session, model: str) -> list[ProcessVersion]:
    mine = select(ProcessVersion).where(ProcessVersion.model == model)
    found = list(session.scalars(mine.order_by(ProcessVersion.deployed_at)))
    if not found:
        known = sorted(set(session.scalars(select(ProcessVersion.model))))
        raise CannotDo(f"there is no model {model} here; there are {', '.join(known) or 'none'}")
    return found


def _asked(session: Session, given: argparse.Namespace) -> Iterator[Asked]:
    versions = _versions(session, given.model)
    to, from_ = _named(versions, given.to), _named(versions, given.from_)
    running = (
        select(ProcessInstance)
        .where(ProcessInstance.state.in_(RUNNING))
        .where(ProcessInstance.version_id.in_([version.id for version in from_ or versions]))
        .order_by(ProcessInstance.started_at, ProcessInstance.id)
    )
    targets = {version.agency_id: version.id for version in to or versions if to or version.active}
    for instance in session.scalars(running):
        target = targets.get(instance.agency_id)
        if given.undo:
            if instance.migrated_revision is not None:
                yield Asked(instance.id, instance.agency_id, None)
        elif target is not None and target != instance.version_id:
            yield Asked(instance.id, instance.agency_id, target)


def _named(versions: list[ProcessVersion], name: str | None) -> list[ProcessVersion]:
    """The version of this digest (or its beginning, or its id), in each agency that has it."""
    if name is None:
        return []
    found = [v for v in versions if v.digest.startswith(name) or str(v.id) == name]
    if len({version.digest for version in found}) != 1:
        there = "no" if not found else "more than one"
        raise CannotDo(f"there is {there} version {name}; `--list` shows the versions")
    return found


def _each(opened: Opened, asked: Asked, given: argparse.Namespace) -> bool:
    """One instance in a transaction of its own; says what came of it."""
    try:
        plan = _plan(opened, asked, given) if given.dry_run else _do(opened, asked, given)
        reasons: tuple[str, ...] = plan.reasons if plan else ()
    except MigrationRefused as refused:
        plan, reasons = None, refused.reasons
    except EngineFault as fault:
        plan, reasons = None, (str(fault),)
    if reasons:
        print(f"{asked.instance_id}: refused")
        for reason in reasons:
            print(f"  {reason}")
        return False
    _say(asked, plan, given)
    return True


def _say(asked: Asked, plan: Plan | None, given: argparse.Namespace) -> None:
    would = "would be " if given.dry_run else ""
    if plan is None:
        print(f"{asked.instance_id}: {would}put back")
        return
    steps = ", ".join(
        f"{s.element_id} {s.fate}{f' to {s.to}' if s.fate == 'renamed' else ''}" for s in plan.steps
    )
    print(f"{asked.instance_id}: {would}carried over ({steps})")
    for step in plan.steps:
        for note in step.notes:
            print(f"  {step.name or step.element_id}: {note}")


def _plan(opened: Opened, asked: Asked, given: argparse.Namespace) -> Plan | None:
    with opened.sessions() as session:
        acting = opened.platform.acting(session, asked.agency_id, None)
        instance = session.get_one(ProcessInstance, asked.instance_id)
        try:
            if asked.to_version_id is None:
                migration.undoable_one(session, instance)
                return None
            version = session.get_one(ProcessVersion, asked.to_version_id)
            mapping = dict(given.map)
            return migration.plan(session, opened.platform, acting, instance, version, mapping)
        finally:
            session.rollback()


def _do(opened: Opened, asked: Asked, given: argparse.Namespace) -> Plan | None:
    with opened.writing() as session:
        platform, mapping = opened.platform, dict(given.map)
        acting = platform.acting(session, asked.agency_id, None)
        if asked.to_version_id is None:
            migration.undo(session, platform, acting, asked.instance_id)
            return None
        version = session.get_one(ProcessVersion, asked.to_version_id)
        return migration.migrate(session, platform, acting, asked.instance_id, version, mapping)
