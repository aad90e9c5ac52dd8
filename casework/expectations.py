"""What a scenario may expect of the database after a step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework.clients import expected as of_clients
from casework.commission import expected as of_commission
from casework.demo.world import World
from casework.measures import expected
from casework.platform import Platform
from casework.scenarios import ScenarioError
from casework.tables import AuditRow, Case, Decision, Draft, EntryKey, Notification, RecordEntry
from processes.reading import variables_of
from processes.tables import Clock, HumanTask, Message, ProcessInstance, Timer

if TYPE_CHECKING:
    from casework.stage import Played

Check = Callable[["_Seen", Any], None]


class _Seen:
    """The case as the database shows it now."""

    def __init__(self, platform: Platform, session: Session, world: World, played: Played) -> None:
        self.platform = platform
        self.session = session
        self.world = world
        self.played = played
        self.case_id = played.case_id

    def count(self, table: Any) -> int:
        """Rows of a table that belong to the case."""
        wanted = select(func.count()).select_from(table).where(table.case_id == self.case_id)
        return self.session.scalar(wanted) or 0


def check_expectation(
    platform: Platform,
    session: Session,
    world: World,
    played: Played,
    given: Mapping[str, Any],
) -> None:
    """Check every key of an `expect` step; ScenarioError says what is otherwise."""
    seen = _Seen(platform, session, world, played)
    for key, wanted in given.items():
        if key == "note":
            continue
        check = CHECKS.get(key)
        if check is None:
            raise ScenarioError(f"“{key}” cannot be expected; write one of: {sorted(CHECKS)}")
        check(seen, wanted)


def _open(seen: _Seen, wanted: list[str]) -> None:
    found = sorted(
        seen.session.scalars(
            select(HumanTask.element_id).where(
                HumanTask.case_id == seen.case_id, HumanTask.state == "open"
            )
        )
    )
    if found != sorted(wanted):
        raise ScenarioError(f"open are {found}, not {sorted(wanted)}")


def _open_among(seen: _Seen, wanted: list[str]) -> None:
    found = set(
        seen.session.scalars(
            select(HumanTask.element_id).where(
                HumanTask.case_id == seen.case_id, HumanTask.state == "open"
            )
        )
    )
    if not set(wanted) <= found:
        raise ScenarioError(f"open are {sorted(found)}; {sorted(set(wanted) - found)} is missing")


def _ended(seen: _Seen, wanted: str) -> None:
    found = list(
        seen.session.scalars(
            select(ProcessInstance.outcome).where(
                ProcessInstance.case_id == seen.case_id, ProcessInstance.state == "completed"
            )
        )
    )
    if wanted not in found:
        raise ScenarioError(f"instances ended at {found}, none at {wanted}")


def _stage(seen: _Seen, wanted: str) -> None:
    case = seen.session.get(Case, seen.case_id)
    found = case.stage if case else None
    if found != wanted:
        raise ScenarioError(f"the case stands at {found}, not at {wanted}")


def _told(seen: _Seen, wanted: list[str]) -> None:
    files = (seen.case_id, seen.played.file_id)
    rows = seen.session.execute(
        select(Notification.role, Notification.code).where(Notification.case_id.in_(files))
    )
    found = {f"{role}:{code}" for role, code in rows}
    missing = set(wanted) - found
    if missing:
        raise ScenarioError(f"told were {sorted(found)}; {sorted(missing)} is missing")


def _entries_left(seen: _Seen, wanted: int) -> None:
    readable = (
        select(func.count())
        .select_from(EntryKey)
        .join(RecordEntry, RecordEntry.id == EntryKey.entry_id)
        .where(RecordEntry.case_id == seen.case_id)
    )
    found = seen.session.scalar(readable)
    if found != wanted:
        raise ScenarioError(f"{found} readable entries are left, not {wanted}")


def _messages(seen: _Seen, wanted: list[str]) -> None:
    found = sorted(
        seen.session.scalars(
            select(Message.name).where(Message.case_id == seen.case_id, Message.state == "kept")
        )
    )
    if found != sorted(wanted):
        raise ScenarioError(f"waiting messages are {found}, not {sorted(wanted)}")


def _decided(seen: _Seen, wanted: str) -> None:
    found = list(
        seen.session.scalars(select(Decision.outcome).where(Decision.case_id == seen.case_id))
    )
    if wanted not in found:
        raise ScenarioError(f"decisions are {found}, none is {wanted}")


def _nothing_left(seen: _Seen, wanted: bool) -> None:
    """No row of the case remains anywhere: I1."""
    if not wanted:
        return
    left = {
        table.__tablename__: seen.count(table)
        for table in (RecordEntry, HumanTask, ProcessInstance, Clock, Message, Notification)
    }
    left["case_file"] = 1 if seen.case_id and seen.session.get(Case, seen.case_id) else 0
    left["audit_row"] = (
        seen.session.scalar(select(func.count()).where(AuditRow.chain_id == seen.case_id)) or 0
    )
    left["draft"] = seen.session.scalar(select(func.count()).select_from(Draft)) or 0
    remaining = {name: number for name, number in left.items() if number}
    if remaining:
        raise ScenarioError(f"rows remain: {remaining}")


def _running_timers(seen: _Seen, wanted: int) -> None:
    found = seen.session.scalar(
        select(func.count())
        .select_from(Timer)
        .join(Clock, Clock.id == Timer.clock_id)
        .where(Clock.case_id == seen.case_id, Timer.state == "pending")
    )
    if found != wanted:
        raise ScenarioError(f"{found} timers wait, not {wanted}")


def _escalated(seen: _Seen, wanted: int) -> None:
    levels = seen.session.scalars(
        select(HumanTask.escalation_level).where(HumanTask.case_id == seen.case_id)
    )
    found = max(levels, default=0)
    if found != wanted:
        raise ScenarioError(f"the highest escalation level is {found}, not {wanted}")


def _dates(seen: _Seen, wanted: list[str]) -> None:
    """Days that a running process reckoned: `release_on: 2026-09-30`."""
    acting = seen.platform.acting(seen.session, seen.world.agency_id, None)
    running = select(ProcessInstance).where(
        ProcessInstance.case_id == seen.case_id, ProcessInstance.state == "running"
    )
    found = {
        f"{name}: {value}"
        for instance in seen.session.scalars(running)
        for name, value in variables_of(seen.session, seen.platform, acting, instance).items()
    }
    if missing := sorted(set(wanted) - found):
        raise ScenarioError(f"known are {sorted(f for f in found if '_on' in f)}, not {missing}")


def _of_measures(check: expected.Check) -> Check:
    return lambda seen, wanted: check(seen.session, seen.case_id, wanted)


def _of_commission(check: of_commission.Check) -> Check:
    return lambda seen, wanted: check(seen.session, seen.played, wanted)


CHECKS: Mapping[str, Check] = {
    **{name: _of_commission(check) for name, check in of_commission.CHECKS.items()},
    **{name: _of_measures(check) for name, check in expected.CHECKS.items()},
    **{name: _of_measures(check) for name, check in of_clients.CHECKS.items()},
    "dates": _dates,
    "open": _open,
    "open_among": _open_among,
    "ended": _ended,
    "stage": _stage,
    "told": _told,
    "entries_left": _entries_left,
    "messages": _messages,
    "decided": _decided,
    "nothing_left": _nothing_left,
    "timers": _running_timers,
    "escalated": _escalated,
}
