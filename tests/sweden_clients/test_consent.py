"""Consent cell by cell: nothing leaves without one, and taking it back is no breach."""

from __future__ import annotations

import json

from sqlalchemy import select

from casework.clients import consents
from casework.tables import AuditRow, Case, ConsentCell, Decision, Sharing
from processes.tables import Message, ProcessInstance

STORY = "consent-taken-back"


def test_a_withdrawal_stops_the_sharings_of_that_partner_and_no_other(before):
    standing = before(STORY, "F-WITHDRAW", do="begin")
    with standing.sessions() as session:
        states = {row.partner: row.state for row in session.scalars(select(Sharing))}
    assert (states["employment"], states["municipality"]) == ("open", "open")
    standing.go_on(1)
    with standing.sessions() as session:
        states = {row.partner: row.state for row in session.scalars(select(Sharing))}
        assert (states["employment"], states["municipality"]) == ("stopped", "open")
        assert session.scalars(select(Message).where(Message.state == "kept")).all() == []


def test_taking_consent_back_writes_no_decision_and_begins_no_breach(before):
    standing = before(STORY, "F-WITHDRAW", do="begin")
    standing.go_on(1)
    with standing.sessions() as session:
        assert session.scalars(select(Decision)).all() == []
        models = session.scalars(select(ProcessInstance.outcome)).all()
        assert not any("breach" in str(model) for model in models)


def test_the_audit_keeps_codes_of_what_was_shared_and_no_words(before):
    standing = before(STORY, "share_with_partner_answer")
    with standing.sessions() as session:
        rows = session.scalars(select(AuditRow).where(AuditRow.act == "sharing.send")).all()
        assert rows
        told = json.dumps([row.codes for row in rows])
    assert "welding" not in told
    assert "housing" in told


def test_a_later_answer_to_the_same_cell_takes_the_place_of_the_first(before):
    standing = before(STORY, "F-WITHDRAW", do="begin")
    player = standing.player
    row = {"partner": "employment", "category": "needs", "purpose": "work", "given": "false"}
    with player.hands.writing() as session:
        case = session.get_one(Case, standing.case_id)
        consents.write(session, player.acting(None), case, [row])
    with standing.sessions() as session:
        today = player.played.now.date()
        known = consents.known(session, standing.case_id, today)
        assert "consent_employment_needs_work" not in known
        states = sorted(
            cell.state
            for cell in session.scalars(select(ConsentCell))
            if cell.partner == "employment"
        )
    assert states == ["refused", "replaced"]


def test_after_erasure_nothing_is_kept_of_consent_and_sharing(before):
    standing = before(STORY, "F-WITHDRAW", do="begin")
    with standing.player.hands.writing() as session:
        consents.forget(session, standing.case_id)
    with standing.sessions() as session:
        assert session.scalars(select(ConsentCell)).all() == []
        assert session.scalars(select(Sharing)).all() == []
