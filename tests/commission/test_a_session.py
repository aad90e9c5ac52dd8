"""One session from its planning to its minutes."""

from __future__ import annotations

from casework.commission import minutes
from casework.tables import CommissionSession


def test_a_session_runs_from_its_agenda_to_numbered_minutes(both):
    session_id, (first, second) = both.convened("N-1", "N-2")
    for login in ("director.north", "lead.north", "support.north"):
        both.give(first, login)
    both.attend(session_id)
    both.close_opinions(first)
    both.opine(first, "qer")
    both.hold(session_id)
    both.approve(session_id)
    assert (both.state(first), both.state(second)) == ("closed", "not_reached")
    with both.reading() as session:
        row = session.get_one(CommissionSession, session_id)
        assert (row.state, row.minutes_number) == ("closed", 1)
        asking = both.asking(session, "governor.north")
    with both.writing() as session:
        asking = both.asking(session, "governor.north")
        number, pdf = minutes.read(*asking, session_id)
    assert number == "2026-001"
    assert pdf.startswith(b"%PDF-1.7")
