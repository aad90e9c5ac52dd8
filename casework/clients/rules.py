"""Rules of the forms of release, consent and sharing (SE-7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from casework import grid_rules
from casework.clients import consents
from casework.grid_rules import Finding, RuleContext
from casework.measures.words import span_words

if TYPE_CHECKING:
    from forms import FormDefinition


def release(
    _definition: FormDefinition, answers: Mapping[str, Any], context: RuleContext
) -> Iterable[Finding]:
    """The sentence is not over before it is planned."""
    began = grid_rules.day_of(answers.get("began_on"))
    months = answers.get("sentence_months")
    if began is None or months in (None, ""):
        return
    if grid_rules.months_after(began, int(str(months))) <= context.today:
        yield "sentence_months", context.speaking.say("This sentence is over. Look at both again.")


def cells(
    _definition: FormDefinition, answers: Mapping[str, Any], context: RuleContext
) -> Iterable[Finding]:
    """Each cell is asked once, and a yes has an end [OSL 10 kap. 1 §]."""
    rows = [row for row in answers.get("cells") or () if row.get("partner")]
    named = [consents.key(r.get("partner"), r.get("category"), r.get("purpose")) for r in rows]
    if len(set(named)) < len(named):
        yield "cells", context.speaking.say("One row stands twice. Ask each once.")
    ends = context.variables.get(consents.ENDS)
    latest = consents.last_day(context.today, context.parameters, ends)
    given = [r for r in rows if r.get("given") in (True, "true")]
    if any((grid_rules.day_of(r.get("until")) or latest) > latest for r in given):
        term = context.parameters.get(consents.TERM, consents.OTHERWISE)
        yield (
            "cells",
            context.speaking.say(
                "A yes holds for {term} at the latest and not beyond the end of supervision: until"
                " {day}. Ask again before that day.",
                term=span_words(term, context.speaking),
                day=context.speaking.day(latest),
            ),
        )


def consented(
    _definition: FormDefinition, answers: Mapping[str, Any], context: RuleContext
) -> Iterable[Finding]:
    """Nothing leaves without a given cell of partner, data and purpose [SE fn 2; OSL 10 kap.]."""
    asked = consents.key(answers.get("partner"), answers.get("category"), answers.get("purpose"))
    if context.variables.get(asked) is not True:
        yield (
            "partner",
            context.speaking.say(
                "The client has not consented to this: partner, data and purpose must stand in one"
                " row with a yes that has not ended. Ask the client first."
            ),
        )


def invited(
    _definition: FormDefinition, answers: Mapping[str, Any], context: RuleContext
) -> Iterable[Finding]:
    """Whom the client has not consented to does not sit at the table."""
    present = [str(code) for code in answers.get("present") or ()]
    if any(context.variables.get(consents.PREFIX + code) is not True for code in present):
        yield (
            "present",
            context.speaking.say("Name only partners to whom the client has consented."),
        )


def withdrawn(
    _definition: FormDefinition, answers: Mapping[str, Any], context: RuleContext
) -> Iterable[Finding]:
    """There is something to take back."""
    chosen = [str(code) for code in answers.get("partners") or ()]
    if any(context.variables.get(consents.PREFIX + code) is not True for code in chosen):
        yield (
            "partners",
            context.speaking.say("No consent is in force for one of these partners."),
        )


def followed(
    _definition: FormDefinition, answers: Mapping[str, Any], context: RuleContext
) -> Iterable[Finding]:
    """A task that is not done is an open one, whatever is said of all together."""
    rows = [row for row in answers.get("followed") or () if row.get("state")]
    if answers.get("tasks_open") in (False, "false") and any(r["state"] != "done" for r in rows):
        yield "tasks_open", context.speaking.say("A task above is not done: it is still open.")


RULES: Mapping[str, grid_rules.Rule] = {
    "RELEASE": release,
    "CONSENTS": cells,
    "CONSENTED": consented,
    "INVITED": invited,
    "WITHDRAWN": withdrawn,
    "FOLLOWED": followed,
}

BY_FORM: Mapping[str, tuple[str, ...]] = {
    "F-RELEASE": ("RELEASE",),
    "F-CONSENTS": ("CONSENTS",),
    "F-CLIENT-SHARE": ("CONSENTED",),
    "F-MEETING": ("INVITED",),
    "F-WITHDRAW": ("WITHDRAWN",),
    "F-FOLLOW": ("FOLLOWED",),
}
"""Rules that hold for a form whatever its definition says: sharing is gated by them."""

grid_rules.register(RULES, BY_FORM)
