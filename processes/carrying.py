"""The rows of an instance that is put onto another version: what changes in them, and back.

Ids, holders, drafts and moments are not touched. A row takes the names of the element that it
stands at now; a step goes to another function only where the new version asks another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes import advance, mirror
from processes.engine import Carried, Element, OpenTask
from processes.packs import Pack
from processes.step import Platform, Step
from processes.tables import Clock, HumanTask, Incident, Subscription

Row = HumanTask | Clock | Subscription | Incident
TABLES: dict[str, type[Row]] = {
    "task": HumanTask,
    "clock": Clock,
    "subscription": Subscription,
    "incident": Incident,
}
WHOSE = ("role", "establishment_id", "seat_id")


@dataclass(frozen=True)
class Change:
    """What becomes other in one row."""

    kind: str
    row_id: UUID
    was: Mapping[str, Any]
    now: Mapping[str, Any]


class Changes:
    """Works out what changes in the rows of an instance, and what is to be said of it."""

    def __init__(
        self,
        step: Step,
        platform: Platform,
        version_id: UUID,
        carried: Carried,
        mapping: Mapping[str, str],
    ) -> None:
        models, session = platform.models, step.session
        self.step, self.mapping = step, mapping
        self.later = replace(
            step, model=models.model(session, version_id), pack=models.pack(session, version_id)
        )
        self._before = models.files(session, step.instance.version_id)
        self._after = models.files(session, version_id)
        self._elements = {
            fate.element_id: self.later.model.elements[fate.to]
            for fate in carried.fates
            if fate.to is not None
        }
        self._carried = carried
        self.found: list[Change] = []
        self.refusals: list[str] = []
        self.notes: dict[str, list[str]] = {}

    def gather(self) -> None:
        """Look at every row that says where the instance stands."""
        if self._carried.refused:
            return
        for element_id, later in self._elements.items():
            self._remark(self.step.model.elements[element_id], later)
        self._tasks()
        self._corrections()
        self._named(Clock, Clock.state == "running", Clock.guards.in_(("task", "element")))
        self._named(Incident, Incident.state == "open")
        self._subscriptions()

    def _note(self, element: Element, words: str) -> None:
        known = self.notes.setdefault(element.id, [])
        if words not in known:
            known.append(words)

    def _remark(self, element: Element, later: Element) -> None:
        """Say what the new version has otherwise, and that what runs keeps its moments."""
        if element.timer != later.timer:
            self._note(element, "its moment stays; the new time counts when it is next begun")
        times = (element.due, element.remind, element.escalate)
        if times != (later.due, later.remind, later.escalate):
            self._note(element, "its due date and reminders stay as they are")
        if element.message != later.message:
            self._note(element, f"waits for the message {later.message} from now on")
        if self._form(self._before, element) != self._form(self._after, later):
            words = "its form is another; what was typed is kept, but shown only where it is asked"
            self._note(element, words)

    @staticmethod
    def _form(files: Mapping[str, bytes], element: Element) -> bytes:
        return files.get(f"{element.form}.form", b"")

    # --- tasks ----------------------------------------------------------------------------------

    def _tasks(self) -> None:
        waiting = {task.id: task for task in advance.looked_at(self.step).tasks}
        for row in self._rows(HumanTask, HumanTask.state == "open"):
            if row.handed_back_from is None and row.engine_task_id in waiting:
                self._task(row, waiting[row.engine_task_id])

    def _task(self, row: HumanTask, waiting: OpenTask) -> None:
        later = self._elements[waiting.element.id]
        now: dict[str, Any] = {
            "element_id": later.id,
            "name": later.name,
            "form": later.form or "",
            "layer": later.layer or "L1",
            "legal_basis": later.legal_basis or "",
        }
        if _asked(self.step.pack, waiting.element) != _asked(self.later.pack, later):
            now |= self._whose(row, waiting, later)
        self._change("task", row, now)

    def _whose(self, row: HumanTask, waiting: OpenTask, later: Element) -> dict[str, Any]:
        """Another function is asked: whoever holds the step keeps it only if it is theirs too."""
        asked_role = later.role or ""
        needed = asked_role[1:].strip() if asked_role.startswith("=") else ""
        if needed and not waiting.variables.get(needed):
            self.refusals.append(
                f"“{later.name or later.id}” goes to the function named by {needed}, which this "
                "instance does not know. Wait until the step is done."
            )
            return {}
        asked = OpenTask(waiting.id, later, waiting.variables)
        role, place_id, seat_id, holder_id = mirror.whose(self.later, asked)
        if (role, seat_id) == (row.role, row.seat_id):
            return {}
        now = self.step.acting.now
        if row.holder_id is not None and self.step.ports.directory.may_hold(
            self.step.session, row.holder_id, role, place_id, now.date()
        ):
            holder_id = row.holder_id
        claimed = now if holder_id else None
        if holder_id == row.holder_id:
            claimed = row.claimed_at
        before, after = (
            pack.roles.get(code, code)
            for pack, code in ((self.step.pack, row.role), (self.later.pack, role))
        )
        self._note(waiting.element, f"goes to {after} instead of {before}")
        return {
            "role": role,
            "establishment_id": place_id,
            "seat_id": seat_id,
            "holder_id": holder_id,
            "claimed_at": claimed,
        }

    def _corrections(self) -> None:
        """What was handed back is no step of the model, but is shown and asked by its element."""
        for row in self._rows(HumanTask, HumanTask.state == "open"):
            if row.handed_back_from is None:
                continue
            later = self.later.model.elements.get(self.mapping.get(row.element_id, row.element_id))
            if later is None or f"{row.form}.form" not in self._after:
                self.refusals.append(
                    f"A correction of “{row.name}” is open, and the new version has no such step "
                    "or form. Wait until it is answered, or name its counterpart."
                )
            else:
                self._change("task", row, {"element_id": later.id})

    # --- other rows -----------------------------------------------------------------------------

    def _named(self, table: type[Clock] | type[Incident], *where: Any) -> None:
        kind = "clock" if table is Clock else "incident"
        for row in self._rows(table, *where):
            later = self._elements.get(row.element_id or "")
            if later is not None:
                named = {"name": later.name or later.id} if isinstance(row, Clock) else {}
                self._change(kind, row, {"element_id": later.id, **named})

    def _subscriptions(self) -> None:
        instance = self.step.instance
        for row in self._rows(Subscription):
            later = self._elements[row.element_id]
            guarded = instance.guarded_task_id if later.correlation == "task" else None
            now = {
                "element_id": later.id,
                "name": later.message or "",
                "key": str(guarded or instance.case_id),
            }
            self._change("subscription", row, now)

    def _rows(self, table: type[Any], *where: Any) -> list[Any]:
        mine = select(table).where(table.instance_id == self.step.instance.id, *where)
        fresh = mine.order_by(table.id).execution_options(populate_existing=True)
        return list(self.step.session.scalars(fresh))

    def _change(self, kind: str, row: Row, now: Mapping[str, Any]) -> None:
        was = {name: getattr(row, name) for name in now}
        other = {name: value for name, value in now.items() if was[name] != value}
        if other:
            before = {name: was[name] for name in other}
            self.found.append(Change(kind, row.id, before, other))


def apply(session: Session, changes: Iterable[Change]) -> list[str]:
    """Make the changes; gives the messages that are waited for from now on."""
    waited = []
    for change in changes:
        _set(session, change.kind, change.row_id, change.now)
        if change.kind == "subscription" and {"name", "key"} & change.now.keys():
            waited.append(session.get_one(Subscription, change.row_id).name)
    session.flush()
    return waited


def undoable(changes: Iterable[Change]) -> list[dict[str, Any]]:
    """The changes as they are kept until the instance moves on."""
    return [
        {
            "kind": change.kind,
            "id": str(change.row_id),
            "was": {name: _out(value) for name, value in change.was.items()},
            "now": {name: _out(value) for name, value in change.now.items()},
        }
        for change in changes
    ]


def are_elsewhere(session: Session, kept: Iterable[Mapping[str, Any]]) -> bool:
    """Whether a step that went to another function was moved on from there since."""
    return any(
        name in change["now"] and _out(getattr(_row(session, change), name)) != change["now"][name]
        for change in kept
        for name in WHOSE
    )


def _row(session: Session, change: Mapping[str, Any]) -> Any:
    return session.get_one(TABLES[change["kind"]], UUID(change["id"]), populate_existing=True)


def taken_back(kept: Iterable[Mapping[str, Any]]) -> list[Change]:
    """The kept changes the other way round."""
    found = []
    for change in kept:
        table = TABLES[change["kind"]]
        was, now = (
            {name: _in(table, name, value) for name, value in change[side].items()}
            for side in ("was", "now")
        )
        found.append(Change(change["kind"], UUID(change["id"]), now, was))
    return found


def _set(session: Session, kind: str, row_id: UUID, values: Mapping[str, Any]) -> None:
    row = session.get_one(TABLES[kind], row_id)
    for name, value in values.items():
        setattr(row, name, value)


def _asked(pack: Pack, element: Element) -> tuple[str, str | None]:
    """Which function a step asks: a role, the variable that names one, or a seat."""
    return pack.role(element.role or ""), element.seat


def _out(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def _in(table: type[Row], name: str, value: Any) -> Any:
    kind = table.__table__.columns[name].type.python_type
    if value is None or kind is str:
        return value
    return UUID(value) if kind is UUID else datetime.fromisoformat(value)
