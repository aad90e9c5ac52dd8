"""Consent cell by cell: nothing leaves without one, and taking it back is no breach."""

from __future__ import annotations

import json
from datetime import timedelta

from sqlalchemy import select

from casework import hindrances
from casework.clients import consents, sharing
from casework.scenarios import ScenarioStep
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


NEEDS = {"partner": "employment", "category": "needs", "purpose": "work", "until": "@today+90D"}
ASKED = {"how": "read_out", "copy_given": True, "no_sanction": True}


def answer(standing, given: str) -> None:
    """The client answers on the same cell once more, as the form writes it."""
    player = standing.player
    with player.hands.writing() as session:
        case = session.get_one(Case, standing.case_id)
        today = player.played.now.date()
        row = {**NEEDS, "given": given, "until": (today + timedelta(days=90)).isoformat()}
        sharing._answer(
            standing.trials.platform, session, player.acting(None), case, {"cells": [row]}
        )


def state_of(standing) -> dict[str, str]:
    with standing.sessions() as session:
        return {row.partner: row.state for row in session.scalars(select(Sharing))}


def test_a_no_after_a_withdrawal_and_a_new_yes_leaves_no_yes_standing(before):
    standing = before(STORY, "F-WITHDRAW", do="begin")
    standing.go_on(1)
    answer(standing, "true")
    answer(standing, "false")
    with standing.sessions() as session:
        today = standing.player.played.now.date()
        assert "consent_employment_needs_work" not in consents.known(
            session, standing.case_id, today
        )
        shown = [
            c.state
            for c in consents.of_case(session, standing.case_id)
            if c.partner == "employment"
        ]
    assert shown == ["refused"]


def test_a_renewed_yes_lets_a_sharing_under_way_leave(before):
    standing = before(STORY, "F-WITHDRAW", do="begin")
    answer(standing, "true")
    standing.step(
        "complete",
        task="share_with_partner_prepare",
        **{"as": "probation.bjork"},
        answers={"words": "He looks for a course.", "least": True, "way": "secure"},
    )
    assert state_of(standing)["employment"] == "sent"


def test_a_no_stops_a_sharing_under_way_as_a_withdrawal_does(before):
    standing = before(STORY, "F-WITHDRAW", do="begin")
    answer(standing, "false")
    states = state_of(standing)
    assert (states["employment"], states["municipality"]) == ("stopped", "open")


def test_taking_a_renewed_yes_back_stops_what_the_first_yes_had_opened(before):
    standing = before(STORY, "F-WITHDRAW", do="begin")
    answer(standing, "true")
    standing.go_on(1)
    assert state_of(standing)["employment"] == "stopped"


def ask_again(standing, until: str, **refused: str) -> None:
    row = {**NEEDS, "given": "true", "until": until}
    standing.step(
        "begin",
        **{"as": "probation.bjork"},
        form="F-CONSENTS",
        answers={"cells": [row], **ASKED},
        **refused,
    )


def test_in_supervision_a_yes_that_was_never_asked_can_be_given(before):
    standing = before("breach-and-statute", "F-BREACH", do="begin")
    ask_again(standing, "@today+90D")
    with standing.sessions() as session:
        today = standing.player.played.now.date()
        assert consents.known(session, standing.case_id, today)["consent_employment_needs_work"]


def test_a_yes_holds_no_longer_than_a_year(before):
    standing = before("breach-and-statute", "F-BREACH", do="begin")
    ask_again(standing, "@today+366D", because="cells")


def test_a_yes_ends_with_supervision_where_that_ends_sooner(before):
    standing = before("breach-and-statute", "F-BREACH", do="begin")
    standing.player.step(ScenarioStep("wait", {"until": "P650D"}))
    ask_again(standing, "@today+60D", because="cells")
    ask_again(standing, "@today+40D")


def test_a_yes_given_while_a_release_is_planned_has_the_same_bound(before):
    standing = before(STORY, "release_planning_consent")
    row = {**NEEDS, "given": "true", "until": "2199-12-31"}
    standing.step(
        "refused",
        **{"as": "contact.bjork"},
        task="release_planning_consent",
        answers={"cells": [row], **ASKED},
        because="cells",
    )


def test_consent_is_not_asked_where_nothing_is_shared_by_it(before):
    standing = before("breach-and-statute", "F-PROBATION", do="begin")
    with standing.sessions() as session:
        case = session.get_one(Case, standing.case_id)
        assert hindrances.words(session, case, "F-CONSENTS") is not None
    standing.go_on(1)
    with standing.sessions() as session:
        case = session.get_one(Case, standing.case_id)
        assert hindrances.words(session, case, "F-CONSENTS") is None
