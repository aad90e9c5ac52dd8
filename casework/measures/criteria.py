"""Criteria of a measure one by one: none blank, each on a dated fact, and what speaks against it
[domain.md C-04 and C-05; rules 7 and 8]."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from casework.grid_rules import Finding, RuleContext

if TYPE_CHECKING:
    from forms import FormDefinition

HOLDS, EVIDENCE, CONTRARY, SINCE = "_holds", "_evidence", "_contrary", "_since"


def criteria(
    definition: FormDefinition, answers: Mapping[str, Any], context: RuleContext
) -> Iterable[Finding]:
    """Every criterion has an answer of its own; one that holds rests on a dated fact, and says
    what speaks against it."""
    say = context.speaking.say
    for name in _criteria(definition):
        label = _label(definition, name)
        held = answers.get(name + HOLDS)
        if held in (None, ""):
            yield (
                name + HOLDS,
                say("“{criterion}” is not answered. Say whether it holds today.", criterion=label),
            )
        if held == "holds":
            yield from _rests_on_something(definition, answers, context, name, label)
        if _is_blank(definition, answers, name + SINCE):
            yield (
                name + SINCE,
                say(
                    "“{criterion}”: say what has happened since the last decision.", criterion=label
                ),
            )


def _criteria(definition: FormDefinition) -> list[str]:
    """The criteria that a form names, by the keys of their questions."""
    return [key.removesuffix(HOLDS) for key in definition.fields if key.endswith(HOLDS)]


def _label(definition: FormDefinition, name: str) -> str:
    section = definition.fields[name + HOLDS].section
    titles = {part.key: part.title for part in definition.sections}
    return titles.get(section) or name.replace("_", " ")


def _is_blank(definition: FormDefinition, answers: Mapping[str, Any], key: str) -> bool:
    return key in definition.fields and not str(answers.get(key) or "").strip()


def _rests_on_something(
    definition: FormDefinition,
    answers: Mapping[str, Any],
    context: RuleContext,
    name: str,
    label: str,
) -> Iterable[Finding]:
    say = context.speaking.say
    evidence = [part for part in answers.get(name + EVIDENCE) or () if isinstance(part, Mapping)]
    if not any(part.get("when") and str(part.get("what") or "").strip() for part in evidence):
        yield (
            name + EVIDENCE,
            say("“{criterion}” holds: add at least one fact with its day.", criterion=label),
        )
    elif all(part.get("special") is True for part in evidence):
        yield (
            name + HOLDS,
            say(
                "Everything under “{criterion}” is about religion or opinion. That alone is no"
                " ground: name the act that harms, or say that the criterion does not hold.",
                criterion=label,
            ),
        )
    elif all(part.get("open") == "withheld" for part in evidence):
        yield (
            name + HOLDS,
            say(
                "The person may read nothing of what “{criterion}” rests on. The open grounds must"
                " carry the decision: give at least the gist of one.",
                criterion=label,
            ),
        )
    if _is_blank(definition, answers, name + CONTRARY):
        yield (
            name + CONTRARY,
            say("“{criterion}”: say what speaks against it, or that you looked.", criterion=label),
        )


def review(
    definition: FormDefinition, answers: Mapping[str, Any], context: RuleContext
) -> Iterable[Finding]:
    """A review tests each criterion afresh; where none holds, only the end is open."""
    yield from criteria(definition, answers, context)
    if answers.get("review") not in {"renew", "change"}:
        return
    if not any_holds(definition, answers):
        yield (
            "review",
            context.speaking.say(
                "No criterion holds today, so the measure cannot be renewed. Propose its end."
            ),
        )


def any_holds(definition: FormDefinition, answers: Mapping[str, Any]) -> bool:
    """Whether a criterion holds today."""
    return any(answers.get(name + HOLDS) == "holds" for name in _criteria(definition))


def care_unit(
    definition: FormDefinition, answers: Mapping[str, Any], context: RuleContext
) -> Iterable[Finding]:
    """The five criteria of a care unit, each for itself; where one does not hold, nobody is placed
    [R. 224-13; domain.md FR-4 step 2]."""
    yield from criteria(definition, answers, context)
    missing = [n for n in _criteria(definition) if answers.get(n + HOLDS) != "holds"]
    if answers.get("criteria_qpr") == "stand" and missing:
        yield (
            "criteria_qpr",
            context.speaking.say(
                "“{criterion}” does not hold, so nobody can be placed on these criteria.",
                criterion=_label(definition, missing[0]),
            ),
        )
