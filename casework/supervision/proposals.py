"""What a commission can propose before the term: no step to where the person is already."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from casework.material import Looking
from casework.measures import known
from casework.supervision.rules import not_from
from forms import Choice

if TYPE_CHECKING:
    from forms import FormDefinition

REVIEW, PROPOSED = "F-QPR-REV", "supervision_review"


def options(looking: Looking, definition: FormDefinition) -> dict[str, Sequence[Choice]]:
    """The proposals that can follow the programme which runs."""
    if definition.id != REVIEW:
        return {}
    kind = known.variables_for(looking, REVIEW).get("measure_kind")
    if kind is None:
        return {}
    closed = not_from(str(kind))
    listed = definition.fields[PROPOSED].choices
    return {PROPOSED: [choice for choice in listed if choice.value not in closed]}
