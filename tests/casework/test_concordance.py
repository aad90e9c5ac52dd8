"""Grids side by side: per theme and per conclusion, both texts, never a number."""

from __future__ import annotations

from typing import Any

from casework.concordance import (
    Grid,
    any_concern,
    compare,
    conclusions_differ,
    is_referable,
    position_title,
    theme_title,
)
from tests.casework.story import grid, observed
from tests.casework.test_grid_rules import form


def of(name: str, conclusion: str = "no_concern", **answers: Any) -> Grid:
    return Grid.of(name, form(name), grid(name, conclusion, **answers))


def rows(*grids: Grid) -> dict[str, Any]:
    return {row.theme: row for row in compare(grids)}


def test_grids_that_share_no_item_meet_in_their_themes() -> None:
    found = rows(of("G1", **observed("violence")), of("G2", **observed("g2_violence")), of("G3"))
    violence = found["violence"]
    assert [cell.position for cell in violence.cells] == ["observed", "observed", "not_observed"]
    assert [cell.texts for cell in violence.cells] == [
        ("What was seen of violence.",),
        ("What was seen of g2_violence.",),
        (),
    ]
    assert not violence.is_same


def test_nobody_looked_differs_from_looked_and_is_no_disagreement() -> None:
    blind = of("G2", g2_violence_observed="no_opportunity", g2_enemy_observed="no_opportunity")
    found = rows(of("G1", **observed("violence")), blind)
    assert found["violence"].is_same
    assert found["violence"].cells[1].position == "no_opportunity"


def test_unclear_stands_beside_observed() -> None:
    found = rows(of("G1", violence_observed="unclear"), of("G3", **observed("g3_incidents")))
    assert not found["violence"].is_same


def test_the_conclusion_comes_last_with_the_reasons() -> None:
    found = compare([of("G1", "concern_refer"), of("G3")])
    assert found[-1].theme == "conclusion"
    assert [cell.position for cell in found[-1].cells] == ["concern_refer", "no_concern"]
    assert found[-1].cells[0].texts


def test_any_concern_and_differing_conclusions_are_yes_or_no() -> None:
    quiet, worried = of("G1"), of("G2", "concern_refer")
    assert any_concern([quiet, worried])
    assert not any_concern([quiet])
    assert conclusions_differ([quiet, worried])
    assert not conclusions_differ([quiet, of("G3")])


def test_a_referral_needs_a_harmful_act_with_a_direct_source() -> None:
    assert is_referable([of("G1", **observed("violence"))])
    assert not is_referable([of("G1", **observed("violence", source="prisoner"))])
    assert not is_referable([of("G1", **observed("influenced"))])
    assert not is_referable([of("G1", violence_observed="unclear")])


def test_nothing_in_the_list_is_a_number() -> None:
    found = compare([of("G1", **observed("violence")), of("G2"), of("G3", "concern_refer")])
    for row in found:
        for cell in row.cells:
            assert isinstance(cell.position, str)
            assert all(isinstance(text, str) for text in cell.texts)


def test_themes_and_positions_have_words() -> None:
    assert theme_title("influence") == "Influence on others"
    assert theme_title("unknown") == "unknown"
    assert position_title("no_opportunity") == "no opportunity to observe"
    assert position_title("") == "not asked in this grid"
    assert position_title("strange") == "strange"
