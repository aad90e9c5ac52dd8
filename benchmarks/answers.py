"""What the measured people answer."""

from __future__ import annotations

from casework.demo.play import CASES
from casework.scenarios import as_posted, read_scenario
from forms import FormDefinition

FIRST_LOOK = {
    "first_look": "open",
    "reasons": "A threat of violence against staff, heard by two. It should be looked at together.",
}


def grid(definition: FormDefinition) -> dict[str, str]:
    """A whole custody grid as Basalt's rater answers it: one item observed, the others not."""
    basalt = read_scenario(CASES / "basalt.toml")
    given = next(step.given for step in basalt.steps if "others" in step.given)
    items = {key: given["others"] for key in definition.fields if key.endswith("_observed")}
    posted = dict(as_posted({**items, **given["answers"]}))
    return {key: _dated(value) for key, value in posted.items()}


def _dated(value: str) -> str:
    return "2026-01-05" if value.startswith("@today") else value
