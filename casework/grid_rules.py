"""Rules V1 to V6 and those of the decision: functions over answers that give field errors.

V4 (blind) is kept elsewhere: what must not be seen is not shown (`access`, `seats`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from casework import grids, lending
from casework.words import ENGLISH, Speaking
from processes.ports import Code

if TYPE_CHECKING:
    from forms import FormDefinition

Finding = tuple[str, str]
"""A field's key, and what the reader can do."""

REASONS_AT_LEAST = 80
MONITOR_MONTHS = 3
STALE_MONTHS = 12
CONCERN = "concern_refer"
BEYOND_SUPPORT = frozenset({CONCERN, "insufficient_basis"})


@dataclass(frozen=True)
class RuleContext:
    """What a rule may know beside the answers: the day, parameters, the instance's variables."""

    today: date
    speaking: Speaking = ENGLISH
    parameters: Mapping[str, str] = field(default_factory=dict)
    variables: Mapping[str, Code] = field(default_factory=dict)


Rule = Callable[["FormDefinition", Mapping[str, Any], RuleContext], Iterable[Finding]]


def check(
    rules: Iterable[str],
    definition: FormDefinition,
    answers: Mapping[str, Any],
    context: RuleContext,
) -> list[Finding]:
    """What the named rules find; an unknown name is an error of the form, never passed over."""
    return [finding for name in rules for finding in RULES[name](definition, answers, context)]


def religion_filter(
    definition: FormDefinition, answers: Mapping[str, Any], context: RuleContext
) -> Iterable[Finding]:
    """V1: practice or opinion without a harmful act is never a concern.

    Prayer, dress, diet, reading, conversion, opinion, origin are no indicators by themselves
    [domain.md 5.2; CNCDH opinion 18 May 2017; LED (EU) 2016/680 art. 10].
    """
    if "conclusion" not in definition.fields:
        if "origin" in definition.fields:
            return _report_filter(answers, context)
        return _observation_filter(definition, answers, context)
    if answers.get("conclusion") not in BEYOND_SUPPORT:
        return ()
    seen = grids.observed(definition, answers)
    if not seen or any(a.item.is_harm for a in seen) or not all(a.special for a in seen):
        return ()
    say = context.speaking.say
    return [
        (
            "conclusion",
            say(
                "Everything observed is about religion or opinion, and no harmful act was observed."
                " This cannot be a concern. Choose “no concern”, or support if the person wants it."
            ),
        )
    ]


def _observation_filter(
    definition: FormDefinition, answers: Mapping[str, Any], context: RuleContext
) -> Iterable[Finding]:
    if "harm" not in definition.fields:
        return ()
    say = context.speaking.say
    harm = answers.get("harm")
    if harm == "none":
        return [
            (
                "harm",
                say(
                    "Without an act that harms or threatens somebody, and without distress, there"
                    " is nothing to record. Use “Ordinary practice, nothing to record”."
                ),
            )
        ]
    if answers.get("special") is True and harm == "duties":
        return [
            (
                "special",
                say(
                    "Religion or opinion without violence, pressure on others, preparation or"
                    " distress is not recorded. Say what harmful act there was, or use “Ordinary"
                    " practice, nothing to record”."
                ),
            )
        ]
    return ()


def _report_filter(answers: Mapping[str, Any], context: RuleContext) -> Iterable[Finding]:
    """A report from outside opens a case only with a harmful act or distress; an offence is one."""
    if answers.get("origin") != "report":
        return ()
    say, harm, special = context.speaking.say, answers.get("harm"), answers.get("special") is True
    if harm in (None, "", "none"):
        words = say(
            "Without an act that harms or threatens somebody, and without distress, no case is"
            " opened. Do not send this form; return the report to its sender."
        )
        return [("harm", words)]
    if special and harm == "duties":
        words = say(
            "Religion or opinion without violence, pressure on others, preparation or distress is"
            " not recorded. Say what harmful act there was, or return the report to its sender."
        )
        return [("special", words)]
    return ()


def concrete(
    definition: FormDefinition, answers: Mapping[str, Any], context: RuleContext
) -> Iterable[Finding]:
    """V2: nothing observed without a dated statement, and what was observed is seen from both
    sides [domain.md 5.2: alternative explanation and contrary facts are part of an item]."""
    say = context.speaking.say
    for seen in grids.observed(definition, answers):
        key = seen.item.key
        if not any(day_of(s.get("when")) for s in seen.statements):
            yield (
                f"{key}_statements",
                say(
                    "“{item}” is marked as observed: add at least one statement with its date.",
                    item=seen.item.label,
                ),
            )
        for part, words in _both_sides(seen, context):
            if f"{key}_{part}" in definition.fields:
                yield f"{key}_{part}", words
    yield from _dated_observation(definition, answers, context)


def _both_sides(seen: grids.Answered, context: RuleContext) -> Iterable[Finding]:
    say, item = context.speaking.say, seen.item.label
    if not seen.other_explanation:
        yield "other_explanation", say("“{item}”: say how else it can be explained.", item=item)
    if not seen.contrary:
        yield (
            "contrary",
            say("“{item}”: say what speaks against it, or that you looked.", item=item),
        )
    if seen.special and not seen.necessity:
        yield (
            "necessity",
            say("“{item}”: say why religion or opinion has to be written down here.", item=item),
        )


def _dated_observation(
    definition: FormDefinition, answers: Mapping[str, Any], context: RuleContext
) -> Iterable[Finding]:
    if "harm" not in definition.fields:
        return
    say = context.speaking.say
    if not str(answers.get("what") or "").strip():
        yield "what", say("Say what was done or said, as you would to somebody who was not there.")
    when = day_of(answers.get("when"))
    if when is None:
        yield "when", say("Give the day on which it happened.")
    elif when > context.today:
        yield "when", say("The day lies in the future. Give the day on which it happened.")


def no_hearsay_referral(
    definition: FormDefinition, answers: Mapping[str, Any], context: RuleContext
) -> Iterable[Finding]:
    """V3: no referral on hearsay alone; at least one own observation or document [domain.md 5.2].

    An observation (F-OBS) refers nobody, so hearsay may be written there, named as such.
    """
    if answers.get("conclusion") != CONCERN:
        return
    seen = grids.observed(definition, answers)
    if not any(a.has_direct_source for a in seen):
        yield (
            "conclusion",
            context.speaking.say(
                "A referral needs at least one own observation or document. Add one to an item,"
                " or choose another conclusion."
            ),
        )


def blind(
    _definition: FormDefinition, _answers: Mapping[str, Any], _context: RuleContext
) -> Iterable[Finding]:
    """V4: a form cannot hold this; who has read anything of the round gets no seat in it."""
    return ()


def fresh(
    definition: FormDefinition, answers: Mapping[str, Any], context: RuleContext
) -> Iterable[Finding]:
    """V5: a statement older than the parameter `statement_stale` (P12M) is confirmed again or
    marked historical [domain.md 5.2; Belgian Appeals Commission CA/21-0087 on old facts]."""
    limit = months_before(context.today, _months(context.parameters.get("statement_stale")))
    for seen in grids.observed(definition, answers):
        for number, statement in enumerate(seen.statements, start=1):
            when = day_of(statement.get("when"))
            if when is None or when >= limit or _settled(statement):
                continue
            yield (
                f"{seen.item.key}_statements",
                context.speaking.say(
                    "“{item}”, statement {number} is from before {day}. Say whether it still"
                    " holds or is historical.",
                    item=seen.item.label,
                    number=number,
                    day=context.speaking.day(limit),
                ),
            )


def _settled(statement: Mapping[str, Any]) -> bool:
    return bool(statement.get("still")) or statement.get("type") == "historical"


def background_alone(
    definition: FormDefinition, answers: Mapping[str, Any], context: RuleContext
) -> Iterable[Finding]:
    """V6: background, need or protection alone never leads to a result [domain.md 5.6]."""
    if answers.get("conclusion") != CONCERN:
        return
    seen = grids.observed(definition, answers)
    if not any(a.item.theme in grids.CONCERN_THEMES and not a.item.background for a in seen):
        yield (
            "conclusion",
            context.speaking.say(
                "Background and needs alone are no ground for a referral. Choose “support” or"
                " “insufficient basis”, or state the conduct that you observed."
            ),
        )


def detection_decision(
    _definition: FormDefinition, answers: Mapping[str, Any], context: RuleContext
) -> Iterable[Finding]:
    """The decision on detection: what may be referred, monitored, and with what reasons
    [domain.md FR-1 GW-11: V1, V3; no second monitor without the commission; at most P3M]."""
    outcome = answers.get("detection_outcome")
    yield from reasoned(_definition, answers, context)
    if outcome == "refer_cpu1":
        yield from _may_refer(context)
    if outcome == "monitor":
        yield from _may_monitor(answers, context)


def _may_refer(context: RuleContext) -> Iterable[Finding]:
    say = context.speaking.say
    if context.variables.get("origin") != "offence" and not context.variables.get("grids_complete"):
        yield (
            "detection_outcome",
            say(
                "A grid is missing, so a referral is not open. Choose to close, to support or to"
                " monitor."
            ),
        )
    elif not context.variables.get("referable"):
        yield (
            "detection_outcome",
            say(
                "No grid shows a harmful act that rests on an own observation or a document, so a"
                " referral is not open. Choose to close, to support or to monitor."
            ),
        )


def _may_monitor(answers: Mapping[str, Any], context: RuleContext) -> Iterable[Finding]:
    say = context.speaking.say
    if context.variables.get("monitored") is True:
        yield (
            "detection_outcome",
            say("The person has been monitored once. Close, support or refer; not monitor again."),
        )
    until = day_of(answers.get("monitor_until"))
    months = _months(context.parameters.get("monitor_max"), MONITOR_MONTHS)
    if until is None or until <= context.today:
        yield "monitor_until", say("Give the day on which monitoring ends, after today.")
    elif until > months_after(context.today, months):
        last = context.speaking.day(months_after(context.today, months))
        yield (
            "monitor_until",
            say("Monitoring lasts at most {months} months: until {day}.", months=months, day=last),
        )


def reasoned(
    definition: FormDefinition, answers: Mapping[str, Any], context: RuleContext
) -> Iterable[Finding]:
    """Reasons of a decision have at least 80 characters [domain.md 9; default of the product]."""
    if "reasons" not in definition.fields:
        return
    if len(str(answers.get("reasons") or "").strip()) < REASONS_AT_LEAST:
        yield (
            "reasons",
            context.speaking.say(
                "Give the reasons in your own words, in at least {least} characters.",
                least=REASONS_AT_LEAST,
            ),
        )


def day_of(value: Any) -> date | None:
    """A day as an answer gives it; None where it gives none."""
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


def _months(text: str | None, default: int = STALE_MONTHS) -> int:
    """Months of a parameter such as P12M or P1Y."""
    if not text or not text.startswith("P") or not text[1:-1].isdigit():
        return default
    return int(text[1:-1]) * {"M": 1, "Y": 12}.get(text[-1], 1)


def months_of(text: str) -> int | None:
    """Months of a parameter such as P6M or P1Y; None where it names none."""
    return _months(text, 0) or None


def months_before(day: date, months: int) -> date:
    """The same day some months earlier, the last of the month where it does not exist."""
    return months_after(day, -months)


def months_after(day: date, months: int) -> date:
    """The same day some months later, the last of the month where it does not exist."""
    total = day.year * 12 + day.month - 1 + months
    year, month = divmod(total, 12)
    for number in range(day.day, 27, -1):
        try:
            return date(year, month + 1, number)
        except ValueError:
            continue
    return date(year, month + 1, min(day.day, 28))


RULES: dict[str, Rule] = {
    "V1": religion_filter,
    "V2": concrete,
    "V3": no_hearsay_referral,
    "V4": blind,
    "V5": fresh,
    "V6": background_alone,
    "DETECTION": detection_decision,
    "REASONS": reasoned,
    "LEND": lending.somebody_or_why_not,
}

BY_FORM: dict[str, tuple[str, ...]] = {
    "F-OBS": ("V1", "V2", "V3"),
    "F-REPORT": ("V1",),
    "G1": ("V1", "V2", "V3", "V5", "V6"),
    "G2": ("V1", "V2", "V3", "V5", "V6"),
    "G3": ("V1", "V2", "V3", "V5", "V6"),
    "F-DETDEC": ("DETECTION",),
    "F-LEND": ("LEND",),
}
"""Rules that hold for a form whatever its definition says: a redrawn form cannot drop them."""


def register(rules: Mapping[str, Rule], by_form: Mapping[str, tuple[str, ...]]) -> None:
    """Rules of another part, by name and by form; ValueError where one has its rules already."""
    if twice := (RULES.keys() & rules.keys()) | (BY_FORM.keys() & by_form.keys()):
        raise ValueError(f"rules registered twice: {sorted(twice)}")
    RULES.update(rules)
    BY_FORM.update(by_form)


def rules_of(form: str, named: Iterable[str]) -> tuple[str, ...]:
    """The rules of a form: those it names and those it cannot do without, each once."""
    return tuple(dict.fromkeys((*named, *BY_FORM.get(form, ()))))
