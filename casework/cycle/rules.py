"""Rules of the forms of the cycle: functions over answers that give field errors [SE-2 to SE-5]."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from casework import grid_rules, grids
from casework.grid_rules import Finding, RuleContext, day_of, months_after, months_of

if TYPE_CHECKING:
    from forms import FormDefinition

VULNERABLE = "vulnerable_recipient"
OBSERVE = "observe_max"
HYPOTHESES = 2
SOURCES = 2


def expressions(
    definition: FormDefinition, answers: Mapping[str, Any], context: RuleContext
) -> Iterable[Finding]:
    """A concern rests on two sources at least [SE-2 step 1]; that one is open, V3 asks."""
    if answers.get("conclusion") != grid_rules.CONCERN:
        return
    seen = [a for a in grids.observed(definition, answers) if a.item.theme in grids.CONCERN_THEMES]
    told = [(s.get("source"), s.get("when")) for a in seen for s in a.statements]
    if len(set(told)) < SOURCES:
        yield (
            "conclusion",
            context.speaking.say(
                "A concern needs two sources, or two occasions, at least. Add the other one, or"
                " choose “not enough to say”."
            ),
        )


def hypotheses(
    _definition: FormDefinition, answers: Mapping[str, Any], context: RuleContext
) -> Iterable[Finding]:
    """At least two explanations that compete, each with both sides [SE-2 step 3]."""
    told = [part for part in answers.get("hypotheses") or () if isinstance(part, Mapping)]
    words = {str(part.get("hypothesis") or "").strip().casefold() for part in told} - {""}
    if len(words) < HYPOTHESES:
        yield (
            "hypotheses",
            context.speaking.say(
                "Write at least two explanations that differ. One alone cannot be weighed."
            ),
        )


def result(
    definition: FormDefinition, answers: Mapping[str, Any], context: RuleContext
) -> Iterable[Finding]:
    """Background alone leads to nothing; not enough is open once, for three months at most."""
    yield from grid_rules.reasoned(definition, answers, context)
    say, outcome = context.speaking.say, answers.get("assessment_result")
    if outcome == "categorise":
        if context.variables.get("expression_found") is not True:
            yield (
                "assessment_result",
                say(
                    "No expression that harms or threatens was seen or heard. Background alone"
                    " leads to nothing: choose support, not enough yet, or no basis."
                ),
            )
        elif str(answers.get("attestation")).lower() != "true":
            yield (
                "assessment_result",
                say(
                    "On the open material alone you would decide otherwise, so no category can be"
                    " weighed. Choose what the open material carries."
                ),
            )
    if outcome == "insufficient":
        yield from _observation(answers, context)


def _observation(answers: Mapping[str, Any], context: RuleContext) -> Iterable[Finding]:
    say = context.speaking.say
    if context.variables.get("observed_once") is True:
        yield (
            "assessment_result",
            say("The client was observed once already. Decide on what is known."),
        )
        return
    until = day_of(answers.get("observe_until"))
    last = months_after(context.today, months_of(context.parameters.get(OBSERVE, "P3M")) or 3)
    if until is None or not context.today < until <= last:
        yield (
            "observe_until",
            say("Give a day after today and not after {day}.", day=context.speaking.day(last)),
        )


def category(
    definition: FormDefinition, answers: Mapping[str, Any], context: RuleContext
) -> Iterable[Finding]:
    """A category rests on facts of the open file, not on religion, and never on a minor."""
    yield from grid_rules.reasoned(definition, answers, context)
    say = context.speaking.say
    if context.variables.get("adult") is False:
        yield "se_category", say("A minor is given no category. Offer support instead.")
    if answers.get("se_category") in {"neither", "undetermined", None, ""}:
        return
    told = [part for part in answers.get("evidence") or () if isinstance(part, Mapping)]
    facts = [p for p in told if str(p.get("what") or "").strip() and day_of(p.get("when"))]
    if not facts:
        yield "evidence", say("Add at least one fact with its day, or choose “undetermined”.")
    elif all(part.get("special") is True for part in facts):
        yield (
            "evidence",
            say(
                "All of it is about religion or opinion. That alone is no ground: name the act that"
                " harms, or choose “undetermined”."
            ),
        )


def consequence(
    definition: FormDefinition, answers: Mapping[str, Any], context: RuleContext
) -> Iterable[Finding]:
    """A vulnerable recipient is protected and never put worse [SE-3 step 6]."""
    yield from grid_rules.reasoned(definition, answers, context)
    yield from _nothing_follows("consequence", answers.get("consequence") == "none", context)
    if context.variables.get("category") != VULNERABLE:
        return
    if answers.get("consequence") == "separation_question":
        yield (
            "consequence",
            context.speaking.say(
                "A vulnerable recipient is protected and supported, not separated as a danger to"
                " others. Choose protection, or none."
            ),
        )
    yield from _not_worse(answers, context)


def separation(
    definition: FormDefinition, answers: Mapping[str, Any], context: RuleContext
) -> Iterable[Finding]:
    """The question of separation is a person's, with reasons; it is closed to the vulnerable."""
    yield from grid_rules.reasoned(definition, answers, context)
    yield from _nothing_follows("separation", answers.get("separation") == "none", context)
    vulnerable = context.variables.get("category") == VULNERABLE
    if vulnerable and answers.get("separation") != "none":
        yield (
            "separation",
            context.speaking.say("A vulnerable recipient is not separated. Answer no."),
        )


def action(
    _definition: FormDefinition, answers: Mapping[str, Any], context: RuleContext
) -> Iterable[Finding]:
    """What is asked for lies ahead, and does not put a vulnerable recipient worse."""
    if str(answers.get("action_named")).lower() != "true":
        return
    yield from _nothing_follows("action_named", False, context)
    by = day_of(answers.get("action_by"))
    if by is not None and by < context.today:
        yield "action_by", context.speaking.say("Give a day that is not over.")
    if context.variables.get("category") == VULNERABLE:
        yield from _not_worse(answers, context)


def reply(
    _definition: FormDefinition, answers: Mapping[str, Any], context: RuleContext
) -> Iterable[Finding]:
    """Whoever acts keeps to what was asked; the request says whether it may restrict."""
    if context.variables.get("may_restrict") is False:
        yield from _not_worse(answers, context)


def _nothing_follows(key: str, is_nothing: bool, context: RuleContext) -> Iterable[Finding]:
    """A category that has ended carries nothing any more [SE-3: no renewal without SE-2]."""
    if context.variables.get("category") == "" and not is_nothing:
        yield (
            key,
            context.speaking.say(
                "No category stands in this case any more, so nothing can follow from it. Answer"
                " that nothing follows; assess anew if there is reason to."
            ),
        )


def _not_worse(answers: Mapping[str, Any], context: RuleContext) -> Iterable[Finding]:
    if str(answers.get("worse")).lower() == "true":
        yield (
            "worse",
            context.speaking.say(
                "This must not restrict the client more than before. Choose another way."
            ),
        )


def review(
    definition: FormDefinition, answers: Mapping[str, Any], context: RuleContext
) -> Iterable[Finding]:
    """After two quiet reviews only new reasons keep a case open [SE-5 step 7]; a category is
    lifted where there is one."""
    yield from grid_rules.reasoned(definition, answers, context)
    say, outcome = context.speaking.say, answers.get("monitor_review")
    new = str(answers.get("new_reasons") or "").strip()
    if outcome == "continue" and context.variables.get("two_quiet") is True:
        same = new.casefold() == str(answers.get("reasons") or "").strip().casefold()
        if len(new) < grid_rules.REASONS_AT_LEAST or same:
            yield (
                "new_reasons",
                say(
                    "Two reviews in a row were quiet. Close the case, or give new reasons, in at"
                    " least {least} characters.",
                    least=grid_rules.REASONS_AT_LEAST,
                ),
            )
    if outcome == "lift_category" and not context.variables.get("category"):
        yield "monitor_review", say("No category stands in this case. Choose another answer.")


def evaluation(
    _definition: FormDefinition, answers: Mapping[str, Any], context: RuleContext
) -> Iterable[Finding]:
    """Every decision since the last review, each once [SE-5 step 3]."""
    told = [part for part in answers.get("evaluations") or () if isinstance(part, Mapping)]
    chosen = [str(part.get("decision") or "") for part in told]
    waiting = context.variables.get("to_evaluate")
    missing = set(waiting if isinstance(waiting, list) else ()) - set(chosen)
    if missing or len(chosen) != len(set(chosen)):
        yield (
            "evaluations",
            context.speaking.say("Evaluate every decision of the list, each of them once."),
        )


RULES = {
    "EXPRESSIONS": expressions,
    "HYPOTHESES": hypotheses,
    "RESULT": result,
    "CATEGORY": category,
    "CONSEQUENCE": consequence,
    "SEPARATION": separation,
    "ACTION": action,
    "REPLY": reply,
    "MONITOR": review,
    "EVALUATION": evaluation,
}
BY_FORM = {
    "F-EXPR": ("V1", "V2", "V3", "V5", "V6", "EXPRESSIONS"),
    "F-OPEN": ("HYPOTHESES",),
    "F-RESULT": ("RESULT",),
    "F-CATEGORY": ("CATEGORY",),
    "F-CONSEQ": ("CONSEQUENCE",),
    "F-SEPARATION": ("SEPARATION",),
    "F-ACTION": ("ACTION",),
    "F-REPLY": ("REPLY",),
    "F-FRAMES": ("V1",),
    "F-MONITOR": ("MONITOR",),
    "F-EVAL": ("EVALUATION",),
}
grid_rules.register(RULES, BY_FORM)
