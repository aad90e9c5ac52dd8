"""Who may decide, for how long, who is informed and which remedy is named: row by row."""

from __future__ import annotations

from typing import Any

import pytest

from feel import DecisionError
from processes.packs import MODELS, read_pack
from tests.packs.french import PARAMETERS, decide

PLAIN = {
    "renewal": False, "measure_months": 6, "sentence_years": 4, "years_left": 2,
    "terrorism": False, "special_register": False, "central_prison": False, "other_region": False,
}  # fmt: skip


def competence(kind: str, **facts: Any) -> tuple[Any, ...]:
    given = decide("competence.dmn", "competence", measure_kind=kind, **facts)
    return given["authority"], given["competence_rule"], given["special_reasons"]


@pytest.mark.parametrize(
    ("number", "kind", "facts", "authority"),
    [
        (1, "qer", {}, "fr.central"),
        (2, "qpr", {"renewal": True, "measure_months": 18}, "fr.central"),
        (3, "qpr", {"sentence_years": 10, "years_left": 6}, "fr.central"),
        (4, "qpr", {"terrorism": True}, "fr.central"),
        (5, "qpr", {"special_register": True}, "fr.central"),
        (6, "qpr", {"central_prison": True}, "fr.central"),
        (7, "qpr", {"other_region": True}, "fr.central"),
        (8, "qpr", {}, "fr.disp"),
        (9, "isolation", {"measure_months": 3}, "fr.governor"),
        (10, "isolation", {"measure_months": 12}, "fr.disp"),
        (11, "isolation", {"measure_months": 15}, "fr.central"),
        (12, "reinforced_supervision", {}, "fr.governor"),
        (13, "urgent", {}, "fr.governor"),
    ],
)
def test_each_row_of_competence_names_its_authority(
    number: int, kind: str, facts: dict[str, Any], authority: str
) -> None:
    found = competence(kind, **{**PLAIN, **facts})
    assert found[:2] == (authority, f"rule_{number}")


def test_an_evaluation_unit_is_the_ministers_whatever_the_sentence() -> None:
    assert competence("qer", **PLAIN)[0] == "fr.central"


def test_ten_years_with_only_five_left_stay_with_the_region() -> None:
    facts = {**PLAIN, "sentence_years": 10, "years_left": 5}
    assert competence("qpr", **facts)[:2] == ("fr.disp", "rule_8")


def test_a_renewal_up_to_one_year_stays_with_the_region() -> None:
    facts = {**PLAIN, "renewal": True, "measure_months": 12}
    assert competence("qpr", **facts)[:2] == ("fr.disp", "rule_8")


def test_of_several_rows_that_fit_the_first_is_named() -> None:
    facts = {**PLAIN, "terrorism": True, "special_register": True, "other_region": True}
    assert competence("qpr", **facts)[1] == "rule_4"


def test_beyond_one_year_in_a_unit_special_reasons_are_asked_for() -> None:
    facts = {**PLAIN, "renewal": True, "measure_months": 18}
    assert competence("qpr", **facts)[2] is True


@pytest.mark.parametrize(("months", "special"), [(13, False), (24, False), (25, True)])
def test_isolation_beyond_two_years_asks_for_special_reasons(months: int, special: bool) -> None:
    assert competence("isolation", **{**PLAIN, "measure_months": months})[2] is special


@pytest.mark.parametrize("renewal", [True, False])
def test_a_renewed_supervision_has_a_second_reader(renewal: bool) -> None:
    """A first one follows the commission's opinion; a renewal follows nobody's."""
    given = decide(
        "competence.dmn", "competence", measure_kind="reinforced_supervision", renewal=renewal
    )
    assert given["four_eyes"] is renewal


def test_supervision_asks_for_no_fact_of_the_sentence() -> None:
    """What is not needed for a decision is not read [LED art. 4(1)(c)]."""
    assert competence("reinforced_supervision", renewal=False)[1] == "rule_12"


def test_a_unit_without_the_facts_of_the_sentence_has_no_authority() -> None:
    with pytest.raises(DecisionError):
        competence("qpr", renewal=False, measure_months=6)


@pytest.mark.parametrize("kind", read_pack(MODELS / "france").variables["measure_kind"]["codes"])
def test_every_kind_of_measure_has_a_term_and_a_remedy(kind: str) -> None:
    term = decide("term.dmn", "term", measure_kind=kind)
    assert term["term_limit"] in PARAMETERS.values()
    assert term["review_lead"] in PARAMETERS.values()
    remedy = decide("remedy.dmn", "remedy", measure_kind=kind)
    assert (remedy["remedy_court"], remedy["remedy_limit"]) == ("administrative_court", "P2M")


def test_supervision_lasts_three_months_and_a_year_in_all() -> None:
    term = decide("term.dmn", "term", measure_kind="reinforced_supervision")
    assert (term["term_limit"], term["total_limit"]) == ("P3M", "P12M")


@pytest.mark.parametrize(
    ("status", "recipient"),
    [
        ("remand", "magistrate"),
        ("convicted", "jap"),
        ("probation", "jap"),
        ("conditional", "jap"),
        ("none", "none"),
    ],
)
def test_the_judicial_recipient_follows_the_penal_status(status: str, recipient: str) -> None:
    assert decide("recipient.dmn", "recipient", penal_status=status) == {"recipient": recipient}


@pytest.mark.parametrize(
    ("review", "decision", "outcome"),
    [
        ("renew", "decided", "renewed"),
        ("change", "decided", "changed"),
        ("renew", "no_measure", "ended"),
        ("change", "no_measure", "ended"),
    ],
)
def test_a_review_leads_to_what_the_authority_decided(
    review: str, decision: str, outcome: str
) -> None:
    given = decide("review.dmn", "review-outcome", review=review, measure_decision=decision)
    assert given == {"review_outcome": outcome}


def test_a_review_that_ends_a_measure_needs_no_decision() -> None:
    assert decide("review.dmn", "review-outcome", review="end") == {"review_outcome": "ended"}


def test_isolation_is_reviewed_with_its_own_time_to_prepare() -> None:
    kinds = {
        kind: decide("review.dmn", "review-frame", measure_kind=kind)["hearing_kind"]
        for kind in ("isolation", "reinforced_supervision")
    }
    assert kinds == {"isolation": "isolation", "reinforced_supervision": "ordinary"}
