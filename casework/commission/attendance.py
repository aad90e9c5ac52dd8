"""Who was present for an item, and whether that was a quorum, by the deployed table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.commission import found, standing
from casework.commission.functions import OFFICES, presences
from casework.refusals import Refused
from casework.tables import AgendaItem, Attendance, CommissionSession
from casework.unseen import NotVisible
from casework.words import ENGLISH, Speaking
from feel.decisions import Decisions, load_decisions
from processes.acting import Acting
from processes.ports import JournalEntry
from processes.tables import ProcessInstance

if TYPE_CHECKING:
    from casework.access import Viewer
    from casework.platform import Platform

TABLE = "quorum"


def note(
    platform: Platform,
    session: Session,
    acting: Acting,
    viewer: Viewer,
    session_id: UUID,
    present: Mapping[str, bool],
    *,
    item_id: UUID | None = None,
    speaking: Speaking = ENGLISH,
) -> None:
    """Note which offices are present, for one item or for all that are still open; offices that
    `present` does not name stay as they were noted. NotVisible for an item of another session."""
    row = standing.session_to_lead(session, viewer, session_id)
    standing.require_sitting(session, row, acting.now, speaking)
    items = [i for i in found.items_of(session, row.id) if item_id in (None, i.id)]
    if item_id is not None:
        if not items:
            raise NotVisible("item", item_id)
        for item in items:
            standing.require_on_agenda(item, speaking)
    row.state = "held"
    for item in items:
        if item.state == found.ON_AGENDA:
            _note(session, acting, item, present)
            item.quorum = has_quorum(platform, session, row, item, speaking)
            entry = JournalEntry(
                "attendance.note", item.case_id, "item", item.id, {"quorum": item.quorum}
            )
            platform.ports.journal.write(session, acting, entry)
    session.flush()


@lru_cache(maxsize=16)
def _table(raw: bytes) -> Decisions:
    return load_decisions(raw, f"{TABLE}.dmn")


def _note(
    session: Session,
    acting: Acting,
    item: AgendaItem,
    present: Mapping[str, bool],
) -> None:
    known = {a.office: a for a in of_item(session, item.id)}
    people = {seat.office or "": seat.user_id for seat in found.seats_of(session, item.instance_id)}
    for office in offices(people):
        if office not in present:
            continue
        if office in known:
            known[office].present, known[office].user_id = present[office], people.get(office)
            continue
        known[office] = Attendance(
            id=acting.new_id(),
            agency_id=item.agency_id,
            item_id=item.id,
            office=office,
            user_id=people.get(office),
            present=present[office],
        )
        session.add(known[office])
    session.flush()


def of_item(session: Session, item_id: UUID) -> list[Attendance]:
    """Who was noted for an item."""
    wanted = select(Attendance).where(Attendance.item_id == item_id).order_by(Attendance.office)
    return list(session.scalars(wanted))


def has_quorum(
    platform: Platform,
    session: Session,
    row: CommissionSession,
    item: AgendaItem,
    speaking: Speaking = ENGLISH,
) -> bool:
    """What the table says of those present; a consultative member is never counted."""
    here = {a.office for a in of_item(session, item.id) if a.present}
    return evaluate(platform, session, row, item, presences(here), speaking)


def offices(named: Iterable[str]) -> tuple[str, ...]:
    """The offices to be noted for an item: those with a seat, and whoever chairs in any case."""
    here = {"chair", *named}
    return tuple(office for office in OFFICES if office in here)


def evaluate(
    platform: Platform,
    session: Session,
    row: CommissionSession,
    item: AgendaItem,
    inputs: Mapping[str, bool],
    speaking: Speaking = ENGLISH,
) -> bool:
    """The quorum table of the version in which the session runs, else of the item's."""
    runs = found.instance_of(session, row.case_id)
    for instance_id in (runs.id if runs else None, item.instance_id):
        if instance_id is None:
            continue
        version_id = session.get_one(ProcessInstance, instance_id).version_id
        raw = platform.models.files(session, version_id).get(f"{TABLE}.dmn")
        if raw is not None:
            return _table(raw).variables(TABLE, dict(inputs))[TABLE] is True
    raise Refused(
        speaking.say("No quorum table is deployed with this process. Load its pack again.")
    )
