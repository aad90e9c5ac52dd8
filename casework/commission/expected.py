"""What a scenario may expect of collective opinions, items, sessions and seats."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.scenarios import ScenarioError
from casework.tables import AgendaItem, CommissionSession, Opinion, Seat

if TYPE_CHECKING:
    from casework.stage import Played

Check = Callable[[Session, "Played", Any], None]


def _opinions(session: Session, played: Played, wanted: list[str]) -> None:
    """Every collective opinion of the case, in the order of issue: `qer: unanswered`."""
    found = [f"{row.outcome}: {row.state}" for row in _issued(session, played)]
    if found != wanted:
        raise ScenarioError(f"opinions are {found}, not {wanted}")


def _opinion(session: Session, played: Played, wanted: Mapping[str, Any]) -> None:
    """The newest collective opinion: its state, how it was sent, its repeat, the answer."""
    rows = _issued(session, played)
    _columns("opinion", rows[-1] if rows else None, wanted)


def _issued(session: Session, played: Played) -> list[Opinion]:
    wanted = select(Opinion).where(Opinion.case_id == played.case_id)
    return list(session.scalars(wanted.order_by(Opinion.issued_at)))


def _item(session: Session, played: Played, wanted: Mapping[str, Any]) -> None:
    """The case on the agenda on which it stood last: state, quorum, outcome."""
    rows = session.scalars(
        select(AgendaItem)
        .join(CommissionSession, CommissionSession.id == AgendaItem.session_id)
        .where(AgendaItem.case_id == played.case_id)
        .order_by(CommissionSession.planned_at.desc())
    )
    _columns("item", rows.first(), wanted)


def _session(session: Session, played: Played, wanted: Mapping[str, Any]) -> None:
    """The session planned last: its state, the number of its minutes."""
    found = played.session_id
    _columns("session", session.get(CommissionSession, found) if found else None, wanted)


def _seats(session: Session, played: Played, wanted: list[str]) -> None:
    """The seats on the case's item as they stand: `chair: missing`."""
    rows = session.scalars(
        select(Seat).where(
            Seat.case_id == played.case_id, Seat.office.is_not(None), Seat.state != "replaced"
        )
    )
    found = sorted(f"{seat.office}: {seat.state}" for seat in rows)
    if found != sorted(wanted):
        raise ScenarioError(f"seats are {found}, not {sorted(wanted)}")


def _columns(what: str, row: Any, wanted: Mapping[str, Any]) -> None:
    """Every column that is named holds what is wanted."""
    if row is None:
        raise ScenarioError(f"there is no {what}")
    for name, value in wanted.items():
        if name not in row.__table__.columns:
            known = sorted(row.__table__.columns.keys())
            raise ScenarioError(f"“{name}” is nothing of this {what}; write one of: {known}")
        found = getattr(row, name)
        if found != value:
            raise ScenarioError(f"{name} of the {what} is {found}, not {value}")


CHECKS: Mapping[str, Check] = {
    "opinions": _opinions,
    "opinion": _opinion,
    "item": _item,
    "session": _session,
    "seats": _seats,
}
