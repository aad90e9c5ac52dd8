"""The words of measures: kinds, ends, grounds, remedies; closed codes in the reader's language."""

from __future__ import annotations

from casework.words import Speaking, Wording
from processes.deadlines import DeadlineError, parse_span

CARE_UNITS = ("qpr_collective", "qpr_individual")
"""Placements in a care unit (QPR)."""

KINDS = (
    "reinforced_supervision",
    "qer",
    "qpr",
    *CARE_UNITS,
    "unit_security",
    "isolation",
    "urgent",
    "placement",
)
"""Kinds of measure that somebody signs."""

DELEGABLE = ("reinforced_supervision", *CARE_UNITS, "isolation")
"""The acts that a delegation names: an urgent measure is for whoever is on duty, a placement for
the Minister alone."""


def family(kind: str) -> tuple[str, ...]:
    """The kinds of measure that follow one another: both programmes of a care unit."""
    return CARE_UNITS if kind in CARE_UNITS else (kind,)


def kind_words(code: str, speaking: Speaking, names: Wording | None = None) -> str:
    """A kind of measure, in the words of the pack where it has some."""
    say = speaking.say
    known = {
        "reinforced_supervision": say("Reinforced supervision"),
        "qer": say("Placement in an evaluation unit (QER)"),
        "qpr": say("Placement in a care unit (QPR)"),
        "qpr_collective": say("Placement in a care unit (QPR), in a group"),
        "qpr_individual": say("Placement in a care unit (QPR), singly"),
        "unit_security": say("Individual security measures"),
        "isolation": say("Isolation"),
        "urgent": say("Urgent measure"),
        "review": say("Review of a measure"),
        "placement": say("Placement"),
    }
    return known.get(code) or (names.code("measure_kind", code) if names else _plain(code))


def decided_words(kind: str, outcome: str, speaking: Speaking) -> str | None:
    """What was decided about a measure, named with its kind; None for other decisions."""
    if kind not in KINDS:
        return None
    say, what = speaking.say, kind_words(kind, speaking)
    known = {
        "decided": say("{kind}: measures taken", kind=what),
        "no_measure": say("{kind}: no measure", kind=what),
        "place_qer": say("{kind}: decided", kind=what),
        "refuse": say("{kind}: refused", kind=what),
        "extended": say("{kind}: made longer", kind=what),
        "not_extended": say("{kind}: not made longer", kind=what),
    }
    return known.get(outcome)


def end_words(reason: str | None, speaking: Speaking) -> str:
    """Why a measure has ended."""
    say = speaking.say
    known = {
        "lapsed": say("ended by itself: its last day passed"),
        "ended": say("ended after review"),
        "annulled": say("annulled"),
        "lifted": say("lifted"),
        "released": say("ended: the person was released"),
        "died": say("ended: the person has died"),
        "replaced": say("replaced by a new decision"),
        "changed": say("ended after reconsideration"),
        "stayed": say("stayed by the court"),
    }
    return known.get(reason or "", _plain(reason or ""))


def withheld_words(ground: str, speaking: Speaking) -> str:
    """The legal ground on which something is withheld."""
    say = speaking.say
    known = {
        "safety_person": say("It would endanger a person"),
        "safety_prison": say("It would endanger the prison"),
        "third_person": say("It is about somebody else"),
    }
    return known.get(ground, _plain(ground))


def pause_words(ground: str, speaking: Speaking) -> str:
    """Why the time to prepare stands still."""
    say = speaking.say
    known = {
        "hospital": say("Hospital"),
        "escape": say("Escape"),
        "no_interpreter": say("No interpreter found"),
        "no_counsel": say("Counsel cannot come"),
    }
    return known.get(ground, _plain(ground))


def remedy_words(kind: str, speaking: Speaking) -> str:
    """What kind of remedy was lodged."""
    say = speaking.say
    known = {
        "reconsideration": say("Request to the authority itself"),
        "hierarchical": say("Request to the authority above"),
        "court": say("Action before a court"),
        "interim": say("Interim proceedings"),
        "oversight": say("Complaint to an oversight body"),
    }
    return known.get(kind, _plain(kind) or say("Remedy"))


def ruling_words(ruling: str, speaking: Speaking) -> str:
    """What was ruled."""
    say = speaking.say
    known = {
        "upheld": say("the decision stands"),
        "annulled": say("the decision is annulled"),
        "remitted": say("it must be decided anew"),
        "suspended": say("the measure is suspended"),
        "withdrawn": say("the remedy was withdrawn"),
        "dismissed": say("the court let the decision stand"),
        "stayed": say("the court has stayed the decision"),
        "changed": say("the decision was changed"),
        "partly": say("the decision was changed in part"),
        "late": say("dismissed: it came too late"),
    }
    return known.get(ruling, _plain(ruling))


def court_words(code: str, speaking: Speaking) -> str:
    """Where a decision can be contested."""
    if code == "administrative_court":
        return speaking.say("the administrative court")
    if code == "reconsideration_first":
        return speaking.say("the service itself, then the administrative court")
    return _plain(code)


def span_words(text: str, speaking: Speaking) -> str:
    """A length of time such as P2M, as a reader says it; what is no length stands as it is."""
    try:
        span = parse_span(text)
    except DeadlineError:
        return _plain(text)
    say, hours = speaking.say, span.seconds // 3600
    parts = (
        (span.months, say("1 month"), say("{number} months", number=span.months)),
        (
            span.working_days,
            say("1 working day"),
            say("{number} working days", number=span.working_days),
        ),
        (span.days, say("1 day"), say("{number} days", number=span.days)),
        (hours, say("1 hour"), say("{number} hours", number=hours)),
    )
    return ", ".join(one if count == 1 else several for count, one, several in parts if count)


def _plain(code: str) -> str:
    return code.replace("_", " ")
