"""The rule of a loan: somebody is lent, or it is said why nobody can be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from casework.grid_rules import Finding, RuleContext
    from forms import FormDefinition

WHY_NOBODY = "nobody"


def somebody_or_why_not(
    definition: FormDefinition, answers: Mapping[str, Any], context: RuleContext
) -> Iterable[Finding]:
    """An empty answer would send the coordinator back to the same empty list, with no word why
    [domain.md 0.1 FR-1: the region lends one; default of the product]."""
    places = [key for key in definition.fields if key.endswith("_rater")]
    why = str(answers.get(WHY_NOBODY) or "").strip()
    if why or any(answers.get(key) for key in places):
        return
    words = context.speaking.say(
        "Choose at least one person to lend, or say below why nobody can be lent."
    )
    yield (places[0] if places else WHY_NOBODY, words)
