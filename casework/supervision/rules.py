"""Rules of the forms of a care unit: goals never on belief, nothing stricter without new facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from casework import grid_rules
from casework.grid_rules import Finding, RuleContext
from casework.measures import criteria, rules
from casework.measures.words import span_words
from processes.deadlines import parse_span

if TYPE_CHECKING:
    from forms import FormDefinition

BELIEF = "belief"
INDIVIDUAL = "qpr_individual"
HARMFUL = frozenset({"violence", "pressure", "preparation"})
STRICTER = frozenset({"violence", "pressure"})
"""What carries a step up: violence or pressure. To refuse the programme does not."""

WITH_DECISION = frozenset({"maintain", "to_individual", "step_down_collective"})
FROM_INDIVIDUAL = frozenset({"step_down_collective", "isolation_procedure"})
FROM_COLLECTIVE = frozenset({"to_individual"})
OTHER_SIDES = frozenset({"victims", "formers"})
REASONS_AT_LEAST = grid_rules.REASONS_AT_LEAST


def programme(
    _definition: FormDefinition, answers: Mapping[str, Any], context: RuleContext
) -> Iterable[Finding]:
    """No goal on belief, religion or opinion; a way down from the first day; nobody is met who has
    not agreed [freedom of thought: RAN practice paper, Stockholm 2016; R. 224-16]."""
    say = context.speaking.say
    if any(part.get("kind") == BELIEF for part in _parts(answers, "goals")):
        yield (
            "goals",
            say(
                "No goal is about belief, religion or opinion. Name what the person does to"
                " others, learns or plans, or leave the goal out."
            ),
        )
    for part in _parts(answers, "activities"):
        if part.get("activity") in OTHER_SIDES and not _is_yes(part.get("all_consent")):
            yield (
                "activities",
                say("A meeting needs the written consent of all sides. Ask for it first."),
            )
    if _is_individual(context) and not str(answers.get("step_down") or "").strip():
        yield (
            "step_down",
            say(
                "Individual supervision has a way down from the first day. Say on which conditions"
                " the person goes to the collective programme or to ordinary detention."
            ),
        )


def arrival(
    _definition: FormDefinition, answers: Mapping[str, Any], context: RuleContext
) -> Iterable[Finding]:
    """The person has a single cell there [code pénitentiaire, R. 224-15]."""
    if answers.get("single_cell") in (False, "false"):
        yield (
            "single_cell",
            context.speaking.say(
                "In this unit everybody has a single cell. Give the person one, then send this."
            ),
        )


def safety(
    _definition: FormDefinition, answers: Mapping[str, Any], context: RuleContext
) -> Iterable[Finding]:
    """Each security measure once, and for a month at most."""
    if not _is_yes(answers.get("any_needed")):
        return
    say, named = context.speaking.say, _parts(answers, "measures")
    codes = [str(part.get("measure") or "") for part in named]
    if not any(codes):
        yield "measures", say("Name the measure, or say that none is needed.")
    if len(set(codes)) < len(codes):
        yield "measures", say("One measure is named twice. Name each once.")
    term = context.parameters.get("security_term", "P1M")
    latest = rules.end_of(context.today, term)
    for part in named:
        last = grid_rules.day_of(part.get("until"))
        if last is not None and latest is not None and last > latest:
            yield (
                "measures",
                say(
                    "A security measure lasts at most {term}: until {day}. Then it is looked at"
                    " again.",
                    term=span_words(term, context.speaking),
                    day=context.speaking.day(latest),
                ),
            )
            return


def evaluation(
    _definition: FormDefinition, answers: Mapping[str, Any], context: RuleContext
) -> Iterable[Finding]:
    """An evaluation rests on several disciplines [code pénitentiaire, R. 224-16]."""
    if len(set(answers.get("disciplines") or ())) < 2:
        yield (
            "disciplines",
            context.speaking.say(
                "An evaluation rests on at least two disciplines. Wait for another view."
            ),
        )


def unit_review(
    definition: FormDefinition, answers: Mapping[str, Any], context: RuleContext
) -> Iterable[Finding]:
    """Every criterion afresh; a step up needs new violence or pressure; from a year on the opinion
    says why ordinary detention would not do [rule 10; R. 224-20; R. 224-23]."""
    yield from criteria.criteria(definition, answers, context)
    yield from grid_rules.reasoned(definition, answers, context)
    proposed, say = answers.get("supervision_review"), context.speaking.say
    individual = _is_individual(context)
    if proposed in WITH_DECISION and not criteria.any_holds(definition, answers):
        yield (
            "supervision_review",
            say("No criterion holds today, so the programme cannot go on. Propose its end."),
        )
    if proposed == "to_individual":
        yield from _stricter(answers, context, individual)
    if proposed in FROM_INDIVIDUAL and not individual:
        yield (
            "supervision_review",
            say("This follows individual supervision only. Choose another proposal."),
        )
    said = len(str(answers.get("why_not_ordinary") or "").strip())
    if proposed in WITH_DECISION and _a_year(context) and said < REASONS_AT_LEAST:
        yield (
            "why_not_ordinary",
            say(
                "From a year on: say in at least {least} characters why ordinary detention would"
                " not do.",
                least=REASONS_AT_LEAST,
            ),
        )


def not_from(kind: str) -> frozenset[str]:
    """What cannot be proposed from where the person is."""
    return FROM_COLLECTIVE if kind == INDIVIDUAL else FROM_INDIVIDUAL


def _is_individual(context: RuleContext) -> bool:
    return context.variables.get("measure_kind") == INDIVIDUAL


def _stricter(
    answers: Mapping[str, Any], context: RuleContext, individual: bool
) -> Iterable[Finding]:
    say, since = context.speaking.say, context.variables.get("in_force_since")
    if individual:
        yield (
            "supervision_review",
            say("The person is in individual supervision already. Propose to go on, or its end."),
        )
        return
    facts = [part for part in _parts(answers, "new_facts") if part.get("nature") in STRICTER]
    new = [part for part in facts if _is_new(part, since) and part.get("special") is not True]
    if not new:
        yield (
            "new_facts",
            say(
                "A step to individual supervision needs a new fact of violence or pressure, dated"
                " after the last decision. To refuse the programme is no ground for it."
            ),
        )


def _is_new(part: Mapping[str, Any], since: Any) -> bool:
    when = grid_rules.day_of(part.get("when"))
    return when is not None and (not isinstance(since, date) or when >= since)


def _a_year(context: RuleContext) -> bool:
    """Whether a new term goes beyond the year from which ordinary detention must be answered."""
    since, last = (context.variables.get(name) for name in ("since", "measure_until"))
    if not isinstance(since, date) or not isinstance(last, date):
        return False
    year = rules.end_of(since, context.parameters.get("unit_why_not_ordinary", "P12M")) or since
    longest = months_in_all(since, last, context.parameters.get("qpr_term", "P6M"))
    return longest > months_between(since, year)


def months_in_all(since: date, last: date, term: str) -> int:
    """The months of all terms that follow each other, with the one that is proposed."""
    following = rules.end_of(last, term) or last
    return months_between(since, last) + months_between(last, following)


def months_between(first: date, last: date) -> int:
    """How many months are over on a day; a term of six months counts as six."""
    months = (last.year - first.year) * 12 + last.month - first.month
    reached = rules.end_of(first, f"P{months}M") if months > 0 else first
    return months if reached is not None and reached <= last else months - 1


def answered(
    _definition: FormDefinition, answers: Mapping[str, Any], context: RuleContext
) -> Iterable[Finding]:
    """Who keeps a measure against the person's request names a fact of today."""
    if answers.get("end_answer") != "keep":
        return
    facts = _parts(answers, "facts_today")
    if not any(f.get("nature") in HARMFUL and f.get("special") is not True for f in facts):
        yield (
            "facts_today",
            context.speaking.say(
                "To keep the measure, name at least one fact of violence, pressure or preparation"
                " with its day; else end it."
            ),
        )


def entry(
    _definition: FormDefinition, answers: Mapping[str, Any], context: RuleContext
) -> Iterable[Finding]:
    """Individual supervision begins on dated evidence of a risk, never on reluctance alone."""
    if answers.get("entry") != "carried":
        return
    facts = _parts(answers, "facts")
    if not any(f.get("nature") in HARMFUL and f.get("special") is not True for f in facts):
        yield (
            "facts",
            context.speaking.say(
                "Name at least one dated fact of violence, pressure or preparation. Reluctance"
                " alone is no ground for supervision apart from the others."
            ),
        )


def quarter(
    definition: FormDefinition, answers: Mapping[str, Any], context: RuleContext
) -> Iterable[Finding]:
    """Inside the term every criterion is tested afresh; where none holds, the end is asked for."""
    yield from criteria.criteria(definition, answers, context)
    yield from grid_rules.reasoned(definition, answers, context)
    if answers.get("quarter") == "goes_on" and not criteria.any_holds(definition, answers):
        yield (
            "quarter",
            context.speaking.say("No criterion holds today. Ask the authority to end it."),
        )


def contact(
    _definition: FormDefinition, answers: Mapping[str, Any], context: RuleContext
) -> Iterable[Finding]:
    """A day that has come; one of less contact than the floor says why."""
    on = grid_rules.day_of(answers.get("contact_on"))
    if on is not None and on > context.today:
        yield (
            "contact_on",
            context.speaking.say("The day lies in the future. Give the day on which it happened."),
        )
    floor = parse_span(context.parameters.get("contact_floor", "PT2H")).seconds // 60
    minutes = answers.get("contact_minutes")
    if minutes in (None, "") or int(minutes) >= floor:
        return
    if not str(answers.get("less_because") or "").strip():
        yield (
            "less_because",
            context.speaking.say(
                "This is under the floor of {floor}. Say why, and what was tried.",
                floor=span_words(context.parameters.get("contact_floor", "PT2H"), context.speaking),
            ),
        )


def closing(
    _definition: FormDefinition, answers: Mapping[str, Any], context: RuleContext
) -> Iterable[Finding]:
    """What runs before release is closed: nobody leaves under a measure of the prison."""
    say, runs = context.speaking.say, context.variables.get("unit_runs") is True
    longest, day = context.variables.get("unit_until"), context.variables.get("release_on")
    chosen = answers.get("closing")
    if chosen == "none_runs" and runs:
        yield "closing", say("A measure runs in this case. End it, or say that it ends before.")
    late = isinstance(longest, date) and isinstance(day, date) and longest >= day
    if chosen == "before_release" and late:
        yield (
            "closing",
            say("A measure would last beyond the day of release. End it today."),
        )


def _parts(answers: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    return [part for part in answers.get(key) or () if isinstance(part, Mapping)]


def _is_yes(value: Any) -> bool:
    return value in (True, "true")


RULES: Mapping[str, grid_rules.Rule] = {
    "PROGRAMME": programme,
    "ARRIVAL": arrival,
    "SAFETY": safety,
    "UNIT_EVALUATION": evaluation,
    "UNIT-REVIEW": unit_review,
    "END-ANSWER": answered,
    "ENTRY": entry,
    "QUARTER": quarter,
    "CONTACT": contact,
    "CLOSING": closing,
}

BY_FORM: Mapping[str, tuple[str, ...]] = {
    "F-QPR-IN": ("ARRIVAL",),
    "F-QPR-PLAN": ("PROGRAMME",),
    "F-QPR-SAFE": ("SAFETY",),
    "F-QPR-EVAL": ("UNIT_EVALUATION",),
    "F-QPR-REV": ("UNIT-REVIEW",),
    "F-QPR-ENTRY": ("ENTRY", "REASONS"),
    "F-QPR-QUARTER": ("QUARTER",),
    "F-QPR-CONTACT": ("CONTACT",),
    "F-LEAVE-CLOSE": ("CLOSING",),
    "F-END-ANSWER": ("REASONS", "END-ANSWER"),
}
"""Rules that hold for a form whatever its definition says."""

grid_rules.register(RULES, BY_FORM)
