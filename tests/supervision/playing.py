"""Scenarios of the care units, played up to a step, and rules asked directly."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from casework import grid_rules
from casework.grid_rules import RuleContext
from casework.scenarios import Scenario, ScenarioStep, read_scenario
from forms import FormDefinition, load_form
from processes.packs import MODELS

TODAY = date(2026, 3, 2)
FORMS = MODELS.parent.parent / "forms" / "packs" / "france"
PARAMETERS = {
    "qpr_term": "P6M",
    "security_term": "P1M",
    "unit_why_not_ordinary": "P12M",
}


def form(name: str) -> FormDefinition:
    """A form of the French pack as it stands in the tree."""
    return load_form((FORMS / f"{name}.form").read_bytes(), f"{name}.form")


def refused(name: str, answers: dict[str, Any], **variables: Any) -> set[str]:
    """The fields that the rules of a form name."""
    definition = form(name)
    context = RuleContext(TODAY, parameters=PARAMETERS, variables=variables)
    rules = grid_rules.rules_of(name, definition.rules)
    return {key for key, _ in grid_rules.check(rules, definition, answers, context)}


def scenario(name: str) -> Scenario:
    """A scenario of the French pack."""
    return read_scenario(MODELS / "france" / "scenarios" / f"{name}.toml")


def until(name: str, element: str, *more: ScenarioStep, nth: int = 1) -> Scenario:
    """A scenario up to before the step that completes the element for the nth time, and more."""
    whole, kept = scenario(name), []
    for step in whole.steps:
        if step.do == "complete" and step.given.get("task") == element:
            nth -= 1
            if nth == 0:
                return replace(whole, steps=(*kept, *more))
        kept.append(step)
    raise AssertionError(f"{name} never comes to {element}")


def answers_of(name: str, element: str) -> dict[str, Any]:
    """What a scenario answers at a step, the first time it is accepted."""
    for step in scenario(name).steps:
        if step.do == "complete" and step.given.get("task") == element:
            return dict(step.given["answers"])
    raise AssertionError(f"{name} never completes {element}")
