"""The rules of the forms about measures: what each refuses, and in which words."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from casework.grid_rules import RuleContext, check, rules_of
from casework.scenarios import as_posted
from forms import FormDefinition, build, load_form
from processes.packs import FORMS
from tests.casework.measures import DAY, TODAY, criteria, decision, evidence
from tests.casework.story import filled

KNOWN = {"term_limit": "P3M", "total_limit": "P12M"}


def form(name: str) -> FormDefinition:
    return load_form((FORMS / "common" / f"{name}.form").read_bytes(), f"{name}.form")


def found(name: str, answers: dict[str, Any], **variables: Any) -> dict[str, str]:
    """What the rules of a form find in answers that the form itself would take."""
    definition = form(name)
    context = RuleContext(TODAY, variables={**KNOWN, **variables})
    return dict(check(rules_of(name, definition.rules), definition, answers, context))


@pytest.mark.parametrize(
    ("name", "answers"),
    [
        ("F-CRIT", criteria()),
        ("F-REV", {**criteria("F-REV"), "review": "renew"}),
        ("F-DEC", decision()),
    ],
)
def test_what_is_complete_passes(name, answers):
    definition = form(name)
    posted = MultiDict(as_posted(filled(definition, answers)))
    bound = build(definition, str, posted, today=TODAY)
    assert bound.validate(), [e.words for e in bound.errors]
    assert found(name, bound.answers()) == {}


@pytest.mark.parametrize("name", ["F-CRIT", "F-REV"])
def test_no_criterion_is_left_blank(name):
    answers = {**criteria(name), "influence_holds": ""}
    assert "Say whether it holds today" in found(name, answers)["influence_holds"]


def test_every_criterion_of_a_review_says_what_has_happened_since():
    answers = {**criteria("F-REV"), "duties_since": "  "}
    assert "since the last decision" in found("F-REV", answers)["duties_since"]


@pytest.mark.parametrize(
    ("changes", "key", "words"),
    [
        ({"violence_evidence": []}, "violence_evidence", "one fact with its day"),
        (
            {"violence_evidence": [evidence(when=None)]},
            "violence_evidence",
            "one fact with its day",
        ),
        (
            {"violence_evidence": [evidence(special=True)]},
            "violence_holds",
            "religion or opinion",
        ),
        (
            {"violence_evidence": [evidence(open="withheld")]},
            "violence_holds",
            "may read nothing",
        ),
        ({"violence_contrary": " "}, "violence_contrary", "what speaks against it"),
    ],
    ids=["no fact", "no day", "religion alone", "nothing open", "nothing against it"],
)
def test_a_criterion_that_holds_rests_on_open_dated_facts_seen_from_both_sides(changes, key, words):
    assert words in found("F-CRIT", {**criteria(), **changes})[key]


def test_where_no_criterion_holds_only_the_end_is_open():
    answers = criteria("F-REV", violence_holds="does_not_hold")
    assert "cannot be renewed" in found("F-REV", {**answers, "review": "renew"})["review"]
    assert found("F-REV", {**answers, "review": "end"}) == {}


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"attestation": "no_measure"}, "measure_decision"),
        ({"attestation": "no_lesser"}, "lesser_measures"),
        ({"measures": []}, "measures"),
        ({"measures": [{"measure": "mail"}, {"measure": "mail"}]}, "measures"),
        ({"reasons": "Because."}, "reasons"),
        ({"effective_on": TODAY - DAY}, "effective_on"),
        ({"measure_until": TODAY}, "measure_until"),
        ({"review_on": TODAY + 61 * DAY}, "review_on"),
        ({"measure_until": date(2026, 6, 3)}, "measure_until"),
    ],
)
def test_a_decision_names_measures_singly_on_open_grounds_within_the_longest_term(changes, key):
    assert key in found("F-DEC", decision(**changes))


def test_the_last_day_the_table_allows_is_allowed():
    assert found("F-DEC", decision(measure_until=date(2026, 6, 2))) == {}


def test_without_a_fresh_assessment_renewals_end_with_the_longest_time_in_all():
    since = date(2025, 3, 20)
    words = found("F-DEC", decision(), since=since)["measure_until"]
    assert "12 months" in words
    assert "20 March 2026" in words


def test_nothing_is_asked_of_what_is_sent_back():
    answers = {"measure_decision": "returned", "returned_why": "A fact has no day."}
    assert found("F-DEC", answers) == {}


def test_a_hearing_is_put_off_once():
    assert found("F-HEAR", {"hearing": "adjourned"}) == {}
    assert "hearing" in found("F-HEAR", {"hearing": "adjourned"}, adjourned=True)
    assert found("F-HEAR", {"hearing": "done"}, adjourned=True) == {}


def test_no_ruling_comes_before_the_remedy():
    answers = {"ruled_on": TODAY - DAY}
    assert "ruled_on" in found("F-RULING", answers, lodged_on=TODAY)
    assert found("F-RULING", {"ruled_on": TODAY}, lodged_on=TODAY) == {}


def test_a_pause_ends_after_it_began_on_the_ground_it_began_with():
    answers = {"pause_ground": "hospital", "paused_on": TODAY, "resumed_on": TODAY - DAY}
    assert set(found("F-PAUSE", answers)) == {"resumed_on"}
    answers |= {"resumed_on": TODAY}
    assert found("F-PAUSE", answers, pause_ground="hospital") == {}
    assert set(found("F-PAUSE", answers, pause_ground="escape")) == {"pause_ground"}


@pytest.mark.parametrize(("ago", "refused"), [(0, False), (1, False), (2, True), (14, True)])
def test_an_urgent_measure_is_written_down_within_a_day(ago, refused):
    day = (TODAY - ago * DAY).isoformat()
    assert ("since" in found("F-URGENT", {"since": day, "at_time": "10:00"})) is refused


def test_an_urgent_measure_counts_from_a_real_hour_whatever_its_form_takes():
    assert found("F-URGENT", {"at_time": "23:59"}) == {}
    assert "no such time" in found("F-URGENT", {"at_time": "25:00"})["at_time"]


def test_being_kept_alone_is_named_and_said_or_neither():
    alone, other = [{"measure": "alone"}], [{"measure": "observation"}]
    at = {"at_time": "10:00"}
    assert found("F-URGENT", {**at, "measures": alone, "kept_alone": True}) == {}
    assert found("F-URGENT", {**at, "measures": other, "kept_alone": False}) == {}
    assert set(found("F-URGENT", {**at, "measures": alone})) == {"kept_alone"}
    assert set(found("F-URGENT", {**at, "measures": other, "kept_alone": True})) == {"kept_alone"}
