"""The commission's forms: few questions, reasons where somebody is bound, and no way round them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from forms import BoundForm, Choice, FormDefinition, build, load_form
from tests.forms.making_forms import plain

FOLDER = Path(__file__).parents[2] / "forms" / "packs" / "france"
TODAY = date(2026, 11, 23)
LONG = "The opinion rests on one report of last spring, and three later ones say the contrary."
CHOICES = {
    "commission_members": [Choice("u1", "Member one"), Choice("u2", "Member two")],
    "waiting_items": [Choice("i1", "Dune"), Choice("i2", "Ember")],
}
COMMISSION = (
    "F-CPU-REQ", "F-ITEM", "F-VOICE", "F-CPU-OP", "F-CPU-MIN", "F-GOV-POS", "F-SESSION",
    "F-AGENDA", "F-HOLD", "F-MINUTES", "F-TRANSMIT", "F-JOINT", "F-REGION-OP", "F-JUDGES",
    "F-QER", "F-MORE",
)  # fmt: skip


def form(name: str) -> FormDefinition:
    return load_form((FOLDER / f"{name}.form").read_bytes(), f"{name}.form")


def filled(name: str, **answers: Any) -> BoundForm:
    return build(form(name), plain, data=answers, choices=CHOICES, today=TODAY)


def missing(name: str, **answers: Any) -> set[str]:
    """The fields that keep these answers from being sent."""
    bound = filled(name, **answers)
    bound.validate()
    return {error.key for error in bound.errors}


@pytest.mark.parametrize("name", COMMISSION)
def test_a_form_of_the_commission_binds_and_is_not_sent_empty(name) -> None:
    assert missing(name)


@pytest.mark.parametrize("name", COMMISSION)
def test_a_form_of_the_commission_is_answered_in_minutes(name) -> None:
    assert form(name).minutes


def test_a_member_says_what_he_or_she_does_not_know() -> None:
    opinion = {"proposed": "support_only", "reasons": "Calm since June."}
    assert missing("F-CPU-OP", **opinion) == {"unknowns"}
    assert missing("F-CPU-OP", **opinion, unknowns="Nothing of the nights.") == set()
    assert form("F-CPU-OP").variables == {}, "one member's view never steers the process"


def test_a_governor_who_follows_gives_no_reasons() -> None:
    assert missing("F-GOV-POS", governor_position="follow") == set()


def test_a_governor_who_does_not_follow_answers_point_by_point() -> None:
    answer = {"governor_position": "not_follow", "instead": "Support, looked at again in May."}
    short = missing("F-GOV-POS", **answer, answers=[{"point": "First", "reasons": "No."}])
    assert any("reasons" in key for key in short)
    reasoned = [{"point": "First", "reasons": LONG}, {"point": "Second", "reasons": LONG}]
    assert missing("F-GOV-POS", **answer, answers=reasoned) == set()


def test_an_adjournment_needs_one_question_and_a_day() -> None:
    told = {"person_heard": "none"}
    assert missing("F-CPU-MIN", cpu1_outcome="adjourn", **told) == {
        "adjourn_question",
        "adjourn_until",
    }
    assert {"opinion", "unknowns"} <= missing("F-CPU-MIN", cpu1_outcome="qer", **told)


def test_dissents_are_named_by_function_and_may_be_none() -> None:
    opinion = {
        "cpu1_outcome": "qer", "opinion": "For an evaluation.", "unknowns": "The family.",
        "points": [{"point": "Threats in May."}], "person_heard": "none",
    }  # fmt: skip
    assert missing("F-CPU-MIN", **opinion) == set()
    one = {"office": "psychologist", "proposed": "support_only", "reasons": "It would harm."}
    assert missing("F-CPU-MIN", **opinion, dissents=[one]) == set()
    nameless = missing("F-CPU-MIN", **opinion, dissents=[one | {"office": None}])
    assert any("office" in key for key in nameless)


def test_the_new_day_of_a_session_is_asked_only_without_a_quorum() -> None:
    assert missing("F-HOLD", session_held="yes") == set()
    assert missing("F-HOLD", session_held="no_quorum") == {"next_on", "next_time"}
    later = filled("F-HOLD", session_held="no_quorum", next_on="2026-11-27", next_time="09:30")
    assert form("F-HOLD").split(later.answers()).variables == {"session_held": "no_quorum"}


def test_a_seat_names_its_function_and_a_person() -> None:
    item = {"question": "Is an evaluation needed?", "needs_only": True}
    assert missing("F-ITEM", **item, seats=[{"office": "chair", "member": "u1"}]) == set()
    assert any("member" in key for key in missing("F-ITEM", **item, seats=[{"office": "chair"}]))


def test_items_of_the_agenda_are_chosen_from_those_that_wait() -> None:
    assert missing("F-AGENDA", items=["i2"], recall=True) == set()
    assert missing("F-AGENDA", items=["elsewhere"], recall=True) == {"items"}


def test_a_placement_says_where_how_long_and_what_milder_way_there_was() -> None:
    asked = missing("F-QER", central_decision="place_qer")
    assert asked == {
        "unit", "from_on", "until_on", "reasons", "answered_points", "milder", "attestation",
    }  # fmt: skip
    assert "alternative" in missing("F-QER", central_decision="refuse")
    assert missing("F-QER", central_decision="ask_more") == {"more_question", "reasons"}
