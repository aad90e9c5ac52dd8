"""The rules V1 to V6 and those of the decision, on the French forms."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from casework import grid_rules
from casework.grid_rules import RuleContext, months_after, months_before
from forms import FormDefinition, load_form
from processes.packs import FORMS
from tests.casework.story import OBSERVATION, REASONS, grid, observed

TODAY = date(2026, 3, 2)


def form(name: str, pack: str = "france") -> FormDefinition:
    return load_form((FORMS / pack / f"{name}.form").read_bytes(), name)


def found(
    name: str, answers: dict[str, Any], pack: str = "france", **context: Any
) -> dict[str, str]:
    definition = form(name, pack)
    rules = grid_rules.rules_of(name, definition.rules)
    known = RuleContext(TODAY, **context)
    return dict(grid_rules.check(rules, definition, answers, known))


def special(item: str, **changes: Any) -> dict[str, Any]:
    return {
        **observed(item, **changes),
        f"{item}_special": True,
        f"{item}_necessity": "The words were used to threaten.",
    }


@pytest.mark.parametrize("conclusion", ["concern_refer", "insufficient_basis"])
def test_religion_without_a_harmful_act_is_never_a_concern(conclusion: str) -> None:
    """V1."""
    answers = grid("G1", conclusion, **special("change"), **special("influenced"))
    assert "conclusion" in found("G1", answers)


@pytest.mark.parametrize("conclusion", ["no_concern", "support_need"])
def test_religion_alone_may_lead_to_nothing_or_to_support(conclusion: str) -> None:
    assert found("G1", grid("G1", conclusion, **special("change"))) == {}


def test_a_threat_with_religious_words_passes_with_its_necessity() -> None:
    """Scenario 2: threat and prayer."""
    assert found("G1", grid("G1", "concern_refer", **special("violence"))) == {}


def test_extremism_without_any_religion_passes_the_same_way() -> None:
    """Scenario 39."""
    assert found("G1", grid("G1", "concern_refer", **observed("violence"))) == {}


def test_a_refused_handshake_is_not_a_harm_domain() -> None:
    answers = grid("G1", "concern_refer", **special("duties"))
    assert "conclusion" in found("G1", answers)


def test_a_grid_with_domains_of_its_own_is_filtered_by_theme() -> None:
    assert found("G2", grid("G2", "concern_refer", **special("g2_plans"))) == {}
    assert "conclusion" in found("G2", grid("G2", "concern_refer", **special("g2_pressure_from")))


def test_special_answers_without_their_necessity_are_refused() -> None:
    answers = grid("G1", **observed("violence"), violence_special=True)
    assert set(found("G1", answers)) == {"violence_necessity"}


@pytest.mark.parametrize("statements", [[], [{"what": "Seen", "source": "own"}], "nonsense", None])
def test_nothing_is_observed_without_a_dated_statement(statements: Any) -> None:
    """V2."""
    answers = grid("G1", **{**observed("violence"), "violence_statements": statements})
    assert set(found("G1", answers)) == {"violence_statements"}


def test_what_is_observed_is_looked_at_from_both_sides() -> None:
    answers = grid(
        "G1", **{**observed("violence"), "violence_other_explanation": "", "violence_contrary": " "}
    )
    assert set(found("G1", answers)) == {"violence_other_explanation", "violence_contrary"}


@pytest.mark.parametrize("source", ["colleague", "person", "family", "prisoner", "external", None])
def test_no_referral_rests_on_hearsay_alone(source: str | None) -> None:
    """V3."""
    answers = grid("G1", "concern_refer", **observed("violence", source=source))
    assert "own observation or document" in found("G1", answers)["conclusion"]


@pytest.mark.parametrize("source", ["own", "document"])
def test_an_own_observation_or_a_document_carries_a_referral(source: str) -> None:
    assert found("G1", grid("G1", "concern_refer", **observed("violence", source=source))) == {}


def test_hearsay_may_stand_in_a_grid_that_refers_nobody() -> None:
    assert found("G1", grid("G1", "support_need", **observed("violence", source="prisoner"))) == {}


def test_an_old_statement_is_confirmed_again_or_marked_historical() -> None:
    """V5."""
    old = date(2025, 3, 1)
    answers = grid("G1", **observed("violence", when=old))
    assert "violence_statements" in found("G1", answers)
    for still in ("holds", "historical"):
        assert found("G1", grid("G1", **observed("violence", when=old, still=still))) == {}
    assert found("G1", grid("G1", **observed("violence", when=date(2025, 3, 2)))) == {}


def test_how_old_is_too_old_is_a_parameter() -> None:
    answers = grid("G1", **observed("violence", when=date(2025, 6, 1)))
    assert found("G1", answers) == {}
    assert "violence_statements" in found("G1", answers, parameters={"statement_stale": "P6M"})
    assert found("G1", answers, parameters={"statement_stale": "P2Y"}) == {}


@pytest.mark.parametrize("item", ["change", "distress", "openness"])
def test_background_and_protection_alone_never_lead_to_a_referral(item: str) -> None:
    """V6."""
    answers = grid("G1", "concern_refer", **observed(item))
    assert "Background" in found("G1", answers)["conclusion"]


def test_a_concern_with_nothing_observed_is_refused() -> None:
    assert "conclusion" in found("G1", grid("G1", "concern_refer"))


def test_an_observation_without_act_or_distress_is_not_recorded() -> None:
    assert "harm" in found("F-OBS", {**OBSERVATION, "harm": "none"})
    assert "harm" in found("F-OBS", {**OBSERVATION, "harm": "none", "special": True})
    assert "special" in found("F-OBS", {**OBSERVATION, "harm": "duties", "special": True})
    for harm in ("violence", "influence", "preparation", "being_influenced", "distress"):
        assert found("F-OBS", {**OBSERVATION, "harm": harm, "special": True}) == {}


def test_an_observation_says_what_and_on_which_day() -> None:
    assert set(found("F-OBS", {**OBSERVATION, "what": " ", "when": ""})) == {"what", "when"}
    assert set(found("F-OBS", {**OBSERVATION, "when": "2026-03-03"})) == {"when"}
    assert set(found("F-OBS", {**OBSERVATION, "when": "yesterday"})) == {"when"}


def test_hearsay_may_be_observed_and_is_named_as_such() -> None:
    assert found("F-OBS", {**OBSERVATION, "source": "prisoner"}) == {}


def decision(outcome: str, **answers: Any) -> dict[str, Any]:
    return {"detection_outcome": outcome, "reasons": REASONS, **answers}


READY = {"origin": "observation", "grids_complete": True, "referable": True, "monitored": False}


def test_a_referral_needs_every_grid_and_one_harmful_act() -> None:
    assert found("F-DETDEC", decision("refer_cpu1"), variables=READY) == {}
    for missing in ("grids_complete", "referable"):
        words = found("F-DETDEC", decision("refer_cpu1"), variables=READY | {missing: False})
        assert "detection_outcome" in words
    offence = {"origin": "offence", "referable": True}
    assert found("F-DETDEC", decision("refer_cpu1"), variables=offence) == {}


@pytest.mark.parametrize("until", [None, "", date(2026, 3, 2), date(2026, 6, 3)])
def test_monitoring_has_an_end_after_today_and_within_three_months(until: Any) -> None:
    words = found("F-DETDEC", decision("monitor", monitor_until=until), variables=READY)
    assert set(words) == {"monitor_until"}


def test_a_refusal_says_days_as_people_do() -> None:
    late = decision("monitor", monitor_until=date(2026, 6, 3))
    told = found("F-DETDEC", late, variables=READY)["monitor_until"]
    waits = {"assessment_result": "insufficient", "observe_until": "2027-01-01"}
    told += found("F-RESULT", waits, pack="sweden")["observe_until"]
    assert "2 June 2026" in told
    assert not re.search(r"\d{4}-\d\d", told)


def test_the_last_day_of_three_months_is_still_open() -> None:
    answers = decision("monitor", monitor_until="2026-06-02")
    assert found("F-DETDEC", answers, variables=READY) == {}
    shorter = found("F-DETDEC", answers, variables=READY, parameters={"monitor_max": "P2M"})
    assert "at most 2 months" in shorter["monitor_until"]


def test_nobody_is_monitored_twice() -> None:
    answers = decision("monitor", monitor_until="2026-06-02")
    words = found("F-DETDEC", answers, variables=READY | {"monitored": True})
    assert set(words) == {"detection_outcome"}


def test_reasons_have_at_least_eighty_characters() -> None:
    answers = decision("support_only", reasons="x" * 79)
    assert set(found("F-DETDEC", answers, variables=READY)) == {"reasons"}
    assert found("F-DETDEC", decision("support_only", reasons="x" * 80), variables=READY) == {}


def test_a_redrawn_form_cannot_drop_a_rule() -> None:
    assert grid_rules.rules_of("G1", ()) == ("V1", "V2", "V3", "V5", "V6")
    assert grid_rules.rules_of("F-ANY", ("V2",)) == ("V2",)
    assert list(grid_rules.check(["V4"], form("G1"), {}, RuleContext(TODAY))) == []


def test_an_unknown_rule_is_an_error_of_the_form() -> None:
    with pytest.raises(KeyError):
        grid_rules.check(["V9"], form("G1"), {}, RuleContext(TODAY))


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 3, 2), 12, date(2027, 3, 2)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 5, 31), 1, date(2026, 6, 30)),
    ],
)
def test_months_end_on_the_same_day_or_the_last(day: date, months: int, then: date) -> None:
    assert months_after(day, months) == then


def test_months_go_back_as_well() -> None:
    assert months_before(date(2026, 3, 31), 1) == date(2026, 2, 28)
    assert months_before(date(2026, 1, 15), 1) == date(2025, 12, 15)


@pytest.mark.parametrize("harm", [None, "none", "duties"])
def test_a_report_of_religion_without_a_harmful_act_opens_no_case(harm: str | None) -> None:
    """V1 at the other door."""
    assert found("F-REPORT", {"origin": "report", "special": True, "harm": harm}) != {}


def test_a_report_of_a_threat_with_religious_words_passes() -> None:
    assert found("F-REPORT", {"origin": "report", "special": True, "harm": "violence"}) == {}


def test_an_offence_needs_no_further_harm() -> None:
    assert found("F-REPORT", {"origin": "offence", "special": True}) == {}


@pytest.mark.parametrize("nobody", ["", "   "])
def test_a_loan_of_nobody_is_refused_without_a_reason(nobody: str) -> None:
    words = found("F-LEND", {"terms": "On site.", "nobody": nobody}, pack="common")
    assert list(words) == ["custody_rater"]
    assert "why nobody can be lent" in words["custody_rater"]


@pytest.mark.parametrize("answers", [{"management_rater": "somebody"}, {"nobody": "All are ill."}])
def test_a_loan_names_somebody_or_says_why_not(answers: dict[str, str]) -> None:
    assert found("F-LEND", answers, pack="common") == {}


def test_a_form_redrawn_without_the_rule_still_lends_somebody_or_says_why_not() -> None:
    assert "LEND" in grid_rules.rules_of("F-LEND", ())
