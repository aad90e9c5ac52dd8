"""Grids side by side, per theme and per conclusion: both texts, never a number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from casework import grids
from casework.grids import Answered
from casework.words import ENGLISH, Speaking

if TYPE_CHECKING:
    from forms import FormDefinition

THEMES = (
    "violence",
    "influence",
    "being_influenced",
    "preparation",
    "support_need",
    "protective",
)
STRONGEST_FIRST = ("observed", "unclear", "not_observed", "no_opportunity")
CONCERN = "concern_refer"


@dataclass(frozen=True)
class Grid:
    """A rater's grid as answered; `rater` is the function that gave it."""

    rater: str
    answered: tuple[Answered, ...]
    conclusion: str
    reasons: str

    @classmethod
    def of(cls, rater: str, definition: FormDefinition, answers: Mapping[str, Any]) -> Grid:
        """From a submission."""
        return cls(
            rater=rater,
            answered=grids.answered(definition, answers),
            conclusion=str(answers.get("conclusion") or ""),
            reasons=str(answers.get("reasons") or answers.get("conclusion_reasons") or "").strip(),
        )

    def on(self, theme: str) -> tuple[str, tuple[str, ...]]:
        """The position on a theme and what was written about it; "" when the grid never asks."""
        asked = [a for a in self.answered if a.item.theme == theme]
        taken = {a.position for a in asked}
        position = next((p for p in STRONGEST_FIRST if p in taken), "")
        return position, tuple(text for a in asked if a.position == "observed" for text in a.texts)


@dataclass(frozen=True)
class Cell:
    """What one rater left on a theme."""

    rater: str
    position: str
    texts: tuple[str, ...]


@dataclass(frozen=True)
class ThemeRow:
    """One theme, or the conclusion, as each rater left it."""

    theme: str
    cells: tuple[Cell, ...]

    @property
    def is_same(self) -> bool:
        """Whether those who could say something say the same; nobody looked is no position."""
        said = {c.position for c in self.cells} - {"", "no_opportunity"}
        return len(said) <= 1


def compare(given: Sequence[Grid]) -> tuple[ThemeRow, ...]:
    """The concordance list: themes that any grid asks about, then the conclusion [domain.md 5.8].

    The three grids share no items, so they meet in their themes [domain.md 0.1].
    """
    rows = [ThemeRow(theme, tuple(Cell(g.rater, *g.on(theme)) for g in given)) for theme in THEMES]
    asked = [row for row in rows if any(cell.position for cell in row.cells)]
    conclusion = ThemeRow(
        "conclusion",
        tuple(Cell(g.rater, g.conclusion, (g.reasons,) if g.reasons else ()) for g in given),
    )
    return (*asked, conclusion)


def any_concern(given: Iterable[Grid]) -> bool:
    """Whether any rater concludes that the commission should look."""
    return any(g.conclusion == CONCERN for g in given)


def conclusions_differ(given: Sequence[Grid]) -> bool:
    """Whether the raters conclude differently: then a third reader is asked [domain.md 5.8]."""
    return len({g.conclusion for g in given}) > 1


def is_referable(given: Iterable[Grid]) -> bool:
    """Whether a referral is open: a harmful act observed, resting on an own observation or a
    document [domain.md FR-1: refer_cpu1 needs V1 and V3]."""
    return any(
        a.position == "observed" and a.item.is_harm and a.has_direct_source
        for g in given
        for a in g.answered
    )


def theme_title(theme: str, speaking: Speaking = ENGLISH) -> str:
    """The words of a theme."""
    say = speaking.say
    return {
        "violence": say("Violence"),
        "influence": say("Influence on others"),
        "being_influenced": say("Being influenced"),
        "preparation": say("Preparation and contacts"),
        "support_need": say("Need of support"),
        "protective": say("What protects"),
        "conclusion": say("Conclusion"),
    }.get(theme, theme)


def position_title(position: str, speaking: Speaking = ENGLISH) -> str:
    """The words of a rater's position."""
    say = speaking.say
    return {
        "observed": say("observed"),
        "not_observed": say("looked, not observed"),
        "no_opportunity": say("no opportunity to observe"),
        "unclear": say("unclear"),
        "no_concern": say("no concern"),
        "support_need": say("ordinary need for support"),
        "insufficient_basis": say("insufficient basis, ordinary observation goes on"),
        "concern_refer": say("concern: refer"),
        "": say("not asked in this grid"),
    }.get(position, position)
