"""Answers go to their layers, closed codes to the engine, and come back to be read."""

from __future__ import annotations

import json
from datetime import date

import pytest
from werkzeug.datastructures import MultiDict

from forms import Choice, FormError, build
from tests.forms.making_forms import form_of, plain

ANSWERS = {
    "observed": "hearsay",
    "told_by": "The night guard",
    "seen_on": "2026-03-02",
    "statements": [
        {"what": "A threat", "when": "2026-03-01T22:15", "source": "document", "reference": "No 4"},
        {"what": "Another", "when": None, "source": "own"},
    ],
    "urgent": True,
    "themes": ["violence", "influence"],
    "days": 12,
    "at_time": "22:15",
    "first_look": "open",
    "adult": False,
    "raters": ["a1", "b2"],
}


def test_answers_are_split_by_layer(everything):
    by_layer = everything.split(ANSWERS).by_layer
    assert by_layer["L0"] == {"adult": False}
    assert by_layer["L1"] == {"statements": [{"reference": "No 4"}, {}]}
    assert by_layer["L3"] == {"told_by": "The night guard"}
    assert by_layer["L2"]["statements"][1] == {"what": "Another", "when": None, "source": "own"}


def test_layers_put_together_give_the_answers(everything):
    by_layer = everything.split(ANSWERS).by_layer
    assert everything.join(by_layer) == ANSWERS
    assert everything.join({"L3": by_layer["L3"]}) == {"told_by": "The night guard"}


def test_only_marked_codes_reach_the_engine(everything):
    assert everything.split(ANSWERS).variables == {
        "seen_on": date(2026, 3, 2),
        "urgent": True,
        "contact_days": 12,
        "first_look": "open",
        "adult": False,
    }


def test_hidden_answers_are_dropped_again_at_the_split(everything):
    made = everything.split(ANSWERS | {"observed": "nothing", "first_look": "support"})
    assert "L3" not in made.by_layer
    assert "statements" not in made.by_layer["L2"]
    assert "raters" not in made.by_layer["L2"]


def test_an_unanswered_or_hidden_variable_is_none():
    form = form_of(
        {"type": "checkbox", "key": "a", "label": "A"},
        {
            "type": "checkbox",
            "key": "b",
            "label": "B",
            "conditional": {"hide": "a"},
            "properties": {"variable": "b"},
        },
        {"type": "number", "key": "c", "label": "C", "properties": {"variable": "c"}},
    )
    assert form.split({"a": True, "b": True, "c": None}).variables == {"b": None, "c": None}
    assert form.split({"a": False, "b": True, "c": 1}).variables == {"b": True, "c": 1}


def test_answers_of_a_bound_form_split_whole(everything):
    form = build(everything, plain, data=ANSWERS, choices={"raters": [Choice("a1", "A")]})
    assert form.answers() == ANSWERS | {"raters": None}
    whole = {"raters": [Choice("a1", "A"), Choice("b2", "B")]}
    assert build(everything, plain, data=ANSWERS, choices=whole).answers() == ANSWERS


def test_answers_are_described_for_reading(everything):
    choices = {"raters": [Choice("a1", "Function A")]}
    described = everything.describe(ANSWERS, plain, choices)
    assert described[0] == (
        "What happened",
        [
            ("Did you see it yourself?", "No, somebody told me"),
            ("Who told you", "The night guard"),
            ("When it happened", "2 March 2026"),
            (
                "Statements",
                [
                    [
                        ("What was said or done", "A threat"),
                        ("When it was", "1 March 2026, 22:15"),
                        ("Source", "Document"),
                        ("Which document", "No 4"),
                    ],
                    [
                        ("What was said or done", "Another"),
                        ("When it was", "Not answered"),
                        ("Source", "Own observation"),
                    ],
                ],
            ),
        ],
    )
    rows = dict(described[1][1])
    assert rows["This cannot wait until tomorrow"] == "Ticked"
    assert rows["What it is about"] == "Violence, Pressure on others"
    assert rows["Days of contact"] == "12"
    assert rows["Time of day"] == "22:15"
    assert rows["Is the person an adult?"] == "No"
    assert rows["Raters"] == "Function A, b2"


def test_only_what_a_reader_may_see_is_described(everything):
    assert everything.describe({"told_by": "x"}, plain) == [
        ("What happened", [("Who told you", "x")])
    ]
    assert everything.describe({"statements": []}, plain)[0][1] == [("Statements", "Not answered")]
    assert everything.describe({}, plain) == []


def test_dates_can_be_shown_in_the_readers_way(everything):
    rows = everything.describe(
        {"seen_on": "2026-03-02"}, plain, show_date=lambda d: f"{d:%d/%m/%Y}"
    )
    assert rows[0][1] == [("When it happened", "02/03/2026")]


def test_two_readers_of_one_definition_share_it(everything):
    first = build(everything, plain, MultiDict([("observed", "own")]))
    second = build(everything, plain)
    assert first.answers()["observed"] == "own"
    assert second.answers()["observed"] is None


EVIDENCE = {
    "type": "dynamiclist",
    "path": "evidence",
    "label": "Evidence",
    "properties": {"item": "Fact", "layer": "L1"},
    "components": [
        {
            "type": "textarea",
            "key": "what",
            "label": "What?",
            "properties": {"keptBack": "open"},
        },
        {
            "type": "radio",
            "key": "open",
            "label": "May the person read it?",
            "values": [
                {"label": "Yes", "value": "open"},
                {"label": "Gist", "value": "gist"},
                {"label": "No", "value": "withheld"},
            ],
        },
        {
            "type": "textarea",
            "key": "gist",
            "label": "Gist",
            "conditional": {"hide": '=open != "gist"'},
        },
    ],
}


def test_a_fact_that_the_person_may_not_read_is_kept_apart_from_the_open_ones():
    form = form_of(EVIDENCE)
    answers = {
        "evidence": [
            {"what": "Seen by all.", "open": "open"},
            {"what": "Told in confidence.", "open": "gist", "gist": "Somebody is afraid."},
            {"what": "A source.", "open": "withheld"},
            {"what": "Not said yet."},
        ]
    }
    by_layer = form.split(answers).by_layer
    assert by_layer["L1"]["evidence"] == [
        {"what": "Seen by all.", "open": "open"},
        {"open": "gist", "gist": "Somebody is afraid."},
        {"open": "withheld"},
        {},
    ]
    kept_back = [item.get("what") for item in by_layer["L2"]["evidence"]]
    assert kept_back == [None, "Told in confidence.", "A source.", "Not said yet."]
    assert form.join(by_layer) == answers
    assert form.layers == {"L1", "L2"}


def test_where_all_is_open_nothing_is_kept_apart():
    form = form_of(EVIDENCE)
    made = form.split({"evidence": [{"what": "Seen by all.", "open": "open"}]})
    assert set(made.by_layer) == {"L1"}


@pytest.mark.parametrize("named", ["nobody", "gist"])
def test_who_may_read_a_fact_is_asked_beside_it(named):
    asked = json.loads(json.dumps(EVIDENCE).replace('"keptBack": "open"', f'"keptBack": "{named}"'))
    with pytest.raises(FormError, match="who may read the item"):
        form_of(asked)


def test_an_item_that_can_be_withheld_keeps_all_that_it_says_back():
    asked = json.loads(json.dumps(EVIDENCE).replace('"keptBack": "open"', '"unknown": ""', 1))
    with pytest.raises(FormError, match="stands in the open file even where"):
        form_of(asked)
