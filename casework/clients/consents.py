"""A client's consent: cells given, refused, replaced, taken back; which stand on a day."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from casework import grid_rules
from casework.tables import Case, ConsentCell, Sharing
from processes import advance, reading
from processes.acting import Acting
from processes.ports import Code

GIVEN, REFUSED, WITHDRAWN, REPLACED = "given", "refused", "withdrawn", "replaced"
PREFIX = "consent_"
FORM = "F-CONSENTS"
ASKED_BY = frozenset({"F-MEETING", FORM})
"""Steps whose rules ask what the client has consented to, and until when supervision runs."""

TERM, OTHERWISE, MONTHS = "consent_term", "P12M", 12
ENDS = "supervision_ends"
PLANNED = ("release-planning", "probation")
"""Processes that know the day on which supervision ends."""


def key(partner: Any, category: Any, purpose: Any) -> str:
    """A cell by its name, as rules of a start form know it."""
    return f"{PREFIX}{partner}_{category}_{purpose}"


def standing(session: Session, case_id: UUID, on: date) -> list[ConsentCell]:
    """The cells by which something may leave on a day."""
    wanted = select(ConsentCell).where(
        ConsentCell.case_id == case_id,
        ConsentCell.state == GIVEN,
        or_(ConsentCell.until.is_(None), ConsentCell.until >= on),
    )
    return list(session.scalars(wanted.order_by(ConsentCell.partner, ConsentCell.category)))


def known(session: Session, case_id: UUID, on: date) -> dict[str, Code]:
    """The same for the rules of a form: each standing cell is true."""
    found: dict[str, Code] = {}
    for cell in standing(session, case_id, on):
        found[key(cell.partner, cell.category, cell.purpose)] = True
        found[f"{PREFIX}{cell.partner}"] = True
    ends = supervision_ends(session, case_id)
    return found | ({ENDS: ends} if ends else {})


def supervision_ends(session: Session, case_id: UUID) -> date | None:
    """The last day of the supervision that runs or is planned; None while no day is known."""
    days = {
        day
        for instance in reading.instances_of(session, case_id, PLANNED, advance.RUNNING)
        for day in reading.values_kept(instance, "trial_until")
        if isinstance(day, date)
    }
    return max(days, default=None)


def last_day(today: date, parameters: Mapping[str, str], ends: Code) -> date:
    """Until when a yes may hold: a consent without an end is none."""
    months = grid_rules.months_of(parameters.get(TERM, OTHERWISE)) or MONTHS
    latest = grid_rules.months_after(today, months)
    return min(latest, ends) if isinstance(ends, date) else latest


def of_case(session: Session, case_id: UUID) -> list[ConsentCell]:
    """What the client answered last, cell by cell: taken back only where no answer came after."""
    wanted = select(ConsentCell).where(
        ConsentCell.case_id == case_id, ConsentCell.state != REPLACED
    )
    newest: dict[str, ConsentCell] = {}
    for cell in session.scalars(wanted.order_by(ConsentCell.asked_at, ConsentCell.id)):
        before = newest.get(named(cell))
        if before is None or cell.state != WITHDRAWN or before.state == WITHDRAWN:
            newest[named(cell)] = cell
    return sorted(newest.values(), key=lambda c: (c.partner, c.category, c.purpose))


def named(row: ConsentCell | Sharing) -> str:
    """The key of the cell that a row stands for."""
    return key(row.partner, row.category, row.purpose)


def write(
    session: Session, acting: Acting, case: Case, rows: Iterable[Mapping[str, Any]]
) -> list[ConsentCell]:
    """The cells of an answer as rows; a later answer to the same cell takes the place of every
    earlier one that stands, whatever was taken back beside it."""
    wanted = select(ConsentCell).where(
        ConsentCell.case_id == case.id, ConsentCell.state.in_((GIVEN, REFUSED))
    )
    standing_ones = list(session.scalars(wanted.order_by(ConsentCell.id).with_for_update()))
    found = []
    for row in rows:
        asked = key(row["partner"], row["category"], row["purpose"])
        for old in standing_ones:
            if named(old) == asked:
                old.state, old.ended_at = REPLACED, acting.now
        given = row.get("given") in (True, "true")
        cell = ConsentCell(
            id=acting.new_id(),
            agency_id=case.agency_id,
            case_id=case.id,
            partner=str(row["partner"]),
            category=str(row["category"]),
            purpose=str(row["purpose"]),
            state=GIVEN if given else REFUSED,
            until=grid_rules.day_of(row.get("until")) if given else None,
            asked_at=acting.now,
            asked_by=acting.user_id,
        )
        session.add(cell)
        found.append(cell)
    session.flush()
    return found


def withdraw(
    session: Session, acting: Acting, case_id: UUID, partners: Collection[str]
) -> list[ConsentCell]:
    """Take back every given cell of these partners."""
    wanted = select(ConsentCell).where(
        ConsentCell.case_id == case_id,
        ConsentCell.state == GIVEN,
        ConsentCell.partner.in_(list(partners)),
    )
    cells = list(session.scalars(wanted.order_by(ConsentCell.id).with_for_update()))
    for cell in cells:
        cell.state, cell.ended_at = WITHDRAWN, acting.now
    session.flush()
    return cells


def forget(session: Session, case_id: UUID) -> None:
    """After a case was erased nothing is kept of whom its person trusted [LED art. 16(2)]."""
    session.execute(delete(Sharing).where(Sharing.case_id == case_id))
    session.execute(delete(ConsentCell).where(ConsentCell.case_id == case_id))
