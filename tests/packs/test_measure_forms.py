"""The forms of a measure ask what a decision owes the person, and let nothing be left blank."""

from __future__ import annotations

from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from forms import BoundForm, FormDefinition, build, load_form
from tests.forms.making_forms import plain
from tests.packs.french import PACK

FORMS = [
    "F-CRIT", "F-EYES", "F-DEC", "F-GROUNDS", "F-PAUSE", "F-HEAR", "F-ANSWER", "F-REV",
    "F-BEGIN", "F-WEEK", "F-APPEAL", "F-BUNDLE", "F-RULING", "F-EXECUTE", "F-TRANSMIT-J",
    "F-RECEIPT-J", "F-URGENT", "F-URGENT-WHY", "F-URGENT-END", "F-ORAL",
]  # fmt: skip
CRITERIA = ("violence", "influence", "preparation", "being_influenced", "duties")
OUTCOMES = {
    "F-EYES": "eyes",
    "F-DEC": "measure_decision",
    "F-HEAR": "hearing",
    "F-REV": "review",
    "F-RULING": "ruling",
    "F-RECEIPT-J": "judicial_receipt",
    "F-URGENT-END": "urgent_end",
}


def form(name: str) -> FormDefinition:
    return load_form(PACK.files[f"{name}.form"], f"{name}.form")


def answered(name: str, **answers: str) -> BoundForm:
    bound = build(form(name), plain, MultiDict(answers))
    bound.validate()
    return bound


def missing(name: str, **answers: str) -> set[str]:
    return {error.key for error in answered(name, **answers).errors}


def codes(name: str, key: str) -> set[str]:
    return {choice.value for choice in form(name).fields[key].choices}


@pytest.mark.parametrize("name", FORMS)
def test_a_form_loads_and_binds_and_cannot_be_sent_empty(name: str) -> None:
    assert answered(name).errors


@pytest.mark.parametrize(("name", "variable"), OUTCOMES.items())
def test_a_form_offers_exactly_the_outcomes_that_the_process_knows(
    name: str, variable: str
) -> None:
    assert form(name).outcome == variable
    assert codes(name, variable) == set(PACK.variables[variable]["codes"])


@pytest.mark.parametrize("name", ["F-CRIT", "F-REV"])
def test_no_criterion_may_be_left_blank(name: str) -> None:
    assert {f"{criterion}_holds" for criterion in CRITERIA} <= missing(name)
    one_left = {f"{criterion}_holds": "does_not_hold" for criterion in CRITERIA[1:]}
    assert "violence_holds" in missing(name, **one_left)


@pytest.mark.parametrize("name", ["F-CRIT", "F-REV"])
def test_a_criterion_that_holds_needs_dated_evidence_and_what_speaks_against_it(name: str) -> None:
    asked = missing(name, violence_holds="holds")
    evidence = {"what", "when", "where_written", "rests_on", "open"}
    fields = {f.key: f for f in form(name).lists["violence_evidence"].fields}
    assert fields.keys() == {*evidence, "gist", "special"}
    kept_back = {key for key, field in fields.items() if field.kept_back_by == "open"}
    assert kept_back == {*evidence, "special"} - {"open"}
    assert "violence_contrary" in asked
    assert answered(name, violence_holds="holds").definition.lists["violence_evidence"].least == 1


def test_a_review_offers_no_unchanged() -> None:
    offered = {
        choice.value + choice.label
        for field in form("F-REV").fields.values()
        for choice in field.choices
    }
    assert not [words for words in offered if "unchanged" in words.lower()]
    assert codes("F-REV", "review") == {"renew", "change", "end"}
    since = {f"{criterion}_since" for criterion in CRITERIA}
    assert since <= missing("F-REV"), "what has happened since is asked of every criterion"


def test_only_ending_a_measure_needs_no_reason_against_ordinary_detention() -> None:
    assert "why_not_ordinary" in missing("F-REV", review="renew")
    assert "why_not_ordinary" in missing("F-REV", review="change")
    assert "why_not_ordinary" not in missing("F-REV", review="end")
    assert {"person_view", "contact_hours"} <= missing("F-REV", review="end")


def shown_lists(attestation: str) -> set[str]:
    bound = answered("F-DEC", attestation=attestation, measure_decision="decided")
    return {name.split("-")[0] for name in bound.shown_names() if "-0-" in name}


@pytest.mark.parametrize(
    ("attestation", "lists"),
    [
        ("yes", {"measures"}),
        ("no_abstract", {"lesser_measures"}),
        ("no_lesser", {"lesser_measures"}),
        ("no_measure", set()),
    ],
)
def test_anything_but_yes_leaves_only_a_lesser_measure_or_none_open(
    attestation: str, lists: set[str]
) -> None:
    assert shown_lists(attestation) == lists


def measures(key: str) -> set[str]:
    asked: Any = form("F-DEC").lists[key].fields
    return {choice.value for field in asked if field.key == "measure" for choice in field.choices}


def test_lesser_measures_restrict_nothing() -> None:
    assert measures("lesser_measures") < measures("measures")
    assert not {"searches", "cell_change", "mail", "apart_from"} & measures("lesser_measures")


def test_each_measure_has_its_own_ground_and_the_milder_way_that_was_tried() -> None:
    keys = [field.key for field in form("F-DEC").lists["measures"].fields]
    assert keys == ["measure", "how", "ground", "milder"]


def test_a_decision_names_its_days_and_its_remedy() -> None:
    wanted = {"effective_on", "review_on", "measure_until", "remedy_words", "proportionality"}
    assert wanted <= missing("F-DEC", attestation="yes", measure_decision="decided")
    assert not wanted & missing("F-DEC", attestation="no_measure", measure_decision="no_measure")


@pytest.mark.parametrize("hearing", ["waived", "refused", "absent_excused", "adjourned"])
def test_who_is_not_heard_is_noted_by_the_fact_alone(hearing: str) -> None:
    asked = missing("F-HEAR", hearing=hearing)
    assert "not_heard_why" in asked
    assert not {"statement", "way"} & asked
    assert ("adjourned_to" in asked) is (hearing == "adjourned")


def test_a_withheld_element_has_a_ground_and_a_gist_that_the_person_may_read() -> None:
    layers = {field.key: field.layer for field in form("F-GROUNDS").lists["withheld"].fields}
    assert layers == {
        "element": "L2",
        "withheld_ground": "L2",
        "approved_by": "L2",
        "next_check_on": "L2",
        "gist": "L1",
    }


def test_no_form_of_a_measure_hands_words_or_a_count_to_the_process() -> None:
    kinds = {
        PACK.variables[variable]["type"] for name in FORMS for variable in form(name).variables
    }
    assert kinds <= {"code", "boolean", "date"}
