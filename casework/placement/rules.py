"""Rules of the forms about a placement: open grounds, least intrusive, criteria afresh (SE-6)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from casework import grid_rules
from casework.grid_rules import Finding, RuleContext
from casework.measures import criteria
from casework.measures import rules as measure_rules
from casework.measures.words import span_words

if TYPE_CHECKING:
    from forms import FormDefinition

LESSER: Mapping[str, frozenset[str]] = {
    "ordinary_unit": frozenset(),
    "other_prison": frozenset({"ordinary_unit"}),
    "separation": frozenset({"ordinary_unit", "other_prison"}),
    "security_unit": frozenset({"ordinary_unit", "other_prison"}),
}
"""What is less intrusive than what [fängelselagen 2 kap. 1 §]; by law, not by any person."""

TERMS = {"security_unit": "security_unit_term", "separation": "separation_term"}


def proposal(
    _definition: FormDefinition, answers: Mapping[str, Any], context: RuleContext
) -> Iterable[Finding]:
    """Grounds the person can read, not hearsay alone; a milder way looked at for each."""
    grounds = [row for row in answers.get("grounds") or () if row.get("ground")]
    if grounds and all(row.get("rests_on") == "hearsay" for row in grounds):
        yield (
            "grounds",
            context.speaking.say(
                "Hearsay alone carries no placement. Add at least one own observation or document."
            ),
        )


def decided(
    _definition: FormDefinition, answers: Mapping[str, Any], context: RuleContext
) -> Iterable[Finding]:
    """What was proposed or less; on half-open grounds less; with a last day where the law asks for
    one."""
    if answers.get("measure_decision") != "decided":
        return
    say, kind = context.speaking.say, str(answers.get("placement_kind") or "")
    asked = str(context.variables.get("placement_kind") or kind)
    open_enough = answers.get("attestation") == "yes"
    allowed = LESSER.get(asked, frozenset()) | (frozenset({asked}) if open_enough else frozenset())
    if kind not in allowed:
        yield (
            "placement_kind",
            say("Choose what was proposed, or something less intrusive.")
            if open_enough
            else say(
                "The open grounds do not carry what was proposed. Choose a placement that is less"
                " intrusive, or none."
            ),
        )
    yield from _term(kind, answers, context)


def _term(kind: str, answers: Mapping[str, Any], context: RuleContext) -> Iterable[Finding]:
    first, last = (grid_rules.day_of(answers.get(k)) for k in ("effective_on", "measure_until"))
    term = context.parameters.get(TERMS.get(kind, ""), "")
    latest = measure_rules.end_of(first, term) if first and term else None
    if latest is not None and last is not None and last > latest:
        yield (
            "measure_until",
            context.speaking.say(
                "It is reviewed after {term} at the latest: until {day}.",
                term=span_words(term, context.speaking),
                day=context.speaking.day(latest),
            ),
        )


def rejected(
    _definition: FormDefinition, answers: Mapping[str, Any], context: RuleContext
) -> Iterable[Finding]:
    """Nobody rejects what he or she has not been told."""
    told, said = context.variables.get("told_on"), grid_rules.day_of(answers.get("said_on"))
    if isinstance(told, date) and said is not None and said < told:
        yield (
            "said_on",
            context.speaking.say(
                "The person was told on {day}, later than that. Look again.",
                day=context.speaking.day(told),
            ),
        )


def reconsidered(
    definition: FormDefinition, answers: Mapping[str, Any], context: RuleContext
) -> Iterable[Finding]:
    """Every criterion afresh; where none holds, the decision cannot stand [SE-6-I2]."""
    yield from criteria.criteria(definition, answers, context)
    holds = [value for key, value in answers.items() if key.endswith(criteria.HOLDS)]
    if answers.get("reconsideration") == "upheld" and "holds" not in holds:
        yield (
            "reconsideration",
            context.speaking.say("No criterion holds today, so the decision cannot stand."),
        )


def ruled(
    definition: FormDefinition, answers: Mapping[str, Any], context: RuleContext
) -> Iterable[Finding]:
    """No ruling before the rejection; a stay is noted once."""
    yield from measure_rules.ruling(definition, answers, context)
    stayed = context.variables.get("court_ruling") == "stayed"
    if stayed and answers.get("court_ruling") == "stayed":
        yield (
            "court_ruling",
            context.speaking.say("The stay is noted already. Note the final ruling when it comes."),
        )


RULES: Mapping[str, grid_rules.Rule] = {
    "PLACE": proposal,
    "PLACED": decided,
    "REJECT": rejected,
    "RECON": reconsidered,
    "COURT": ruled,
}

BY_FORM: Mapping[str, tuple[str, ...]] = {
    "F-PLACE": ("PLACE",),
    "F-REJECT": ("REJECT",),
    "F-RECON": ("RECON",),
    "F-COURT-RULING": ("COURT",),
}
"""Rules that hold for a form whatever its definition says."""

grid_rules.register(RULES, BY_FORM)
