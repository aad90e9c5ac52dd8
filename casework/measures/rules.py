"""Rules of the forms about measures: functions over answers that give field errors.

A decision with measures named singly, within the longest term; a hearing put off once
[domain.md C-03 to C-05; rules 7, 8 and 10]. Criteria one by one have a module of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from casework import grid_rules
from casework.grid_rules import Finding, RuleContext
from casework.measures.criteria import care_unit, criteria, review
from casework.measures.words import CARE_UNITS, span_words
from processes.deadlines import DeadlineError, parse_span

if TYPE_CHECKING:
    from casework.words import Speaking
    from forms import FormDefinition

PLACEMENT, A_YEAR = "placement", 12
BEGINS_WITHIN = "measure_begins_within"
DECIDED = "decided_"
"""Before the id of a decision: the variable that holds its day."""


def decision(
    definition: FormDefinition, answers: Mapping[str, Any], context: RuleContext
) -> Iterable[Finding]:
    """What is signed: measures singly, on open grounds, within the longest term."""
    outcome = answers.get("measure_decision")
    if outcome != "returned":
        yield from grid_rules.reasoned(definition, answers, context)
    if outcome == "decided":
        yield from _open_grounds(definition, answers, context)
        yield from _dates(answers, context)


def _open_grounds(
    definition: FormDefinition, answers: Mapping[str, Any], context: RuleContext
) -> Iterable[Finding]:
    """Would the decision stand on the open grounds alone? [domain.md rule 7, C-04 attestation]"""
    say, attested = context.speaking.say, answers.get("attestation")
    if attested == "no_measure":
        yield (
            "measure_decision",
            say(
                "You would take no measure on the open grounds alone, so none can be taken."
                " Choose “No measure”, or send it back."
            ),
        )
        return
    if context.variables.get("measure_kind") in CARE_UNITS and attested != "yes":
        yield (
            "measure_decision",
            say(
                "The open grounds alone would not carry the placement, so it cannot be decided."
                " Choose “No measure”, or send it back."
            ),
        )
        return
    key = "measures" if attested == "yes" else "lesser_measures"
    if key not in definition.lists:
        return
    named = [str(part.get("measure") or "") for part in answers.get(key) or ()]
    if not any(named):
        yield key, say("Name at least one measure; each stands on its own ground.")
    elif key == "measures":
        yield from _placement(named, context)
    twice = {code for code in named if code and named.count(code) > 1}
    if twice:
        yield key, say("One measure is named twice. Name each once.")


def _placement(named: list[str], context: RuleContext) -> Iterable[Finding]:
    """A placement in a care unit is named as one; nothing else is."""
    say, is_unit = context.speaking.say, context.variables.get("measure_kind") in CARE_UNITS
    if is_unit and PLACEMENT not in named:
        yield "measures", say("Name the placement in the unit itself as one of the measures.")
    if not is_unit and PLACEMENT in named:
        yield "measures", say("A placement in a unit is not decided here. Take it out.")


def special(
    _definition: FormDefinition, answers: Mapping[str, Any], context: RuleContext
) -> Iterable[Finding]:
    """Beyond one year in a care unit, opinions are specially reasoned [R. 224-20]."""
    months = context.variables.get("measure_months")
    if not isinstance(months, (int, Decimal)) or months <= A_YEAR:
        return
    if len(str(answers.get("special_reasons") or "").strip()) < grid_rules.REASONS_AT_LEAST:
        yield (
            "special_reasons",
            context.speaking.say(
                "The stay would last longer than a year: give special reasons, at least 80"
                " characters."
            ),
        )


def _dates(answers: Mapping[str, Any], context: RuleContext) -> Iterable[Finding]:
    say = context.speaking.say
    first, review_on, last = (
        grid_rules.day_of(answers.get(key))
        for key in ("effective_on", "review_on", "measure_until")
    )
    if first is None:
        return
    if first < context.today:
        yield (
            "effective_on",
            say("A measure does not begin before it is signed. Give today or a later day."),
        )
    within = context.parameters.get(BEGINS_WITHIN, "")
    latest = end_of(context.today, within)
    if latest is not None and first > latest:
        yield (
            "effective_on",
            say(
                "A measure begins at most {term} after it is signed: on {day} at the latest.",
                term=span_words(within, context.speaking),
                day=context.speaking.day(latest),
            ),
        )
    if last is None:  # an ordinary placement has no last day
        return
    if last <= first:
        yield "measure_until", say("The last day must come after the first.")
        return
    if review_on is not None and not first < review_on < last:
        yield "review_on", say("The review lies between the first and the last day.")
    yield from _longest(first, last, context)


def _longest(first: date, last: date, context: RuleContext) -> Iterable[Finding]:
    say, speaking = context.speaking.say, context.speaking
    term = str(context.variables.get("term_limit") or "")
    latest = end_of(first, term)
    if latest is not None and last > latest:
        yield (
            "measure_until",
            say(
                "A measure of this kind lasts at most {term}: until {day}.",
                term=span_words(term, speaking),
                day=speaking.day(latest),
            ),
        )
        return
    total, since = str(context.variables.get("total_limit") or ""), context.variables.get("since")
    if not isinstance(since, date):
        return
    latest = end_of(since, total)
    if latest is not None and last > latest:
        yield (
            "measure_until",
            say(
                "Without a fresh assessment such measures last at most {term} in all, since"
                " {since}: until {day}.",
                term=span_words(total, speaking),
                since=speaking.day(since),
                day=speaking.day(latest),
            ),
        )


def end_of(first: date, term: str) -> date | None:
    """The last day of a term in months and days; None for one that is not so measured."""
    try:
        span = parse_span(term)
    except DeadlineError:
        return None
    if not span.in_days or span.working_days:
        return None
    return grid_rules.months_after(first, span.months) + timedelta(days=span.days)


def one_runs(speaking: Speaking) -> str:
    """Why no urgent measure can be ordered now."""
    return speaking.say(
        "An urgent measure is in force in this case. Confirm it or lift it: while it runs,"
        " no further one can be ordered."
    )


def urgent(
    _definition: FormDefinition, answers: Mapping[str, Any], context: RuleContext
) -> Iterable[Finding]:
    """Urgent measures are not put one on the other, and count from a real time of day."""
    say = context.speaking.say
    if context.variables.get("urgent_runs") is True:
        yield (
            "measures",
            one_runs(context.speaking),
        )
    named = {part.get("measure") for part in answers.get("measures") or () if part}
    if ("alone" in named) != (answers.get("kept_alone") is True):
        yield (
            "kept_alone",
            say(
                "Being kept alone is a measure of its own: name it above and tick this, or neither."
            ),
        )
    if time_of(answers.get("at_time")) is None:
        yield "at_time", say("There is no such time of day. Write it as 14:30.")
    since = grid_rules.day_of(answers.get("since"))
    if since is not None and since < context.today - timedelta(days=1):
        yield (
            "since",
            say(
                "An urgent measure is written down within a day: give today or yesterday. What has"
                " been applied for longer needs the full procedure."
            ),
        )


def time_of(value: Any) -> time | None:
    """The time of day that was written."""
    try:
        return time.fromisoformat(str(value or ""))
    except ValueError:
        return None


def hearing(
    _definition: FormDefinition, answers: Mapping[str, Any], context: RuleContext
) -> Iterable[Finding]:
    """A hearing is put off once [domain.md 0.1: adjourned once]."""
    if answers.get("hearing") == "adjourned" and context.variables.get("adjourned") is True:
        yield (
            "hearing",
            context.speaking.say(
                "The hearing was put off once already. Hear the person now, or note why that was"
                " not possible."
            ),
        )


def ruling(
    _definition: FormDefinition, answers: Mapping[str, Any], context: RuleContext
) -> Iterable[Finding]:
    """No ruling before the remedy was lodged."""
    lodged, ruled = context.variables.get("lodged_on"), grid_rules.day_of(answers.get("ruled_on"))
    if isinstance(lodged, date) and ruled is not None and ruled < lodged:
        yield (
            "ruled_on",
            context.speaking.say(
                "The remedy was lodged on {day}, later than that. Look again.",
                day=context.speaking.day(lodged),
            ),
        )


def remedy(
    _definition: FormDefinition, answers: Mapping[str, Any], context: RuleContext
) -> Iterable[Finding]:
    """Nobody contests a decision before it was taken."""
    decided = context.variables.get(DECIDED + str(answers.get("contested")))
    lodged = grid_rules.day_of(answers.get("lodged_on"))
    if isinstance(decided, date) and lodged is not None and lodged < decided:
        yield (
            "lodged_on",
            context.speaking.say(
                "The decision was taken on {day}, later than that. Look again.",
                day=context.speaking.day(decided),
            ),
        )


def pause(
    _definition: FormDefinition, answers: Mapping[str, Any], context: RuleContext
) -> Iterable[Finding]:
    """A pause ends after it began, on the ground for which it began."""
    began, ended = (grid_rules.day_of(answers.get(k)) for k in ("paused_on", "resumed_on"))
    if began is not None and ended is not None and ended < began:
        yield "resumed_on", context.speaking.say("It ended before it began. Look at both days.")
    ground = context.variables.get("pause_ground")
    if ground and answers.get("pause_ground") not in (None, "", ground):
        yield (
            "pause_ground",
            context.speaking.say("The time stands still on another ground. Name that one."),
        )


RULES: Mapping[str, grid_rules.Rule] = {
    "CRITERIA": criteria,
    "REVIEW": review,
    "MEASURE": decision,
    "SPECIAL": special,
    "CARE_UNIT": care_unit,
    "URGENT": urgent,
    "HEARING": hearing,
    "RULING": ruling,
    "PAUSE": pause,
    "REMEDY": remedy,
}

BY_FORM: Mapping[str, tuple[str, ...]] = {
    "F-CRIT": ("CRITERIA",),
    "F-REV": ("REVIEW",),
    "F-DEC": ("MEASURE",),
    "F-GOV-OP": ("REASONS", "SPECIAL"),
    "F-DISP-OP": ("REASONS", "SPECIAL"),
    "F-CRIT-QPR": ("CARE_UNIT",),
    "F-URGENT": ("URGENT",),
    "F-HEAR": ("HEARING",),
    "F-RULING": ("RULING",),
    "F-PAUSE": ("PAUSE",),
    "F-APPEAL": ("REMEDY",),
}
"""Rules that hold for a form whatever its definition says."""

grid_rules.register(RULES, BY_FORM)
