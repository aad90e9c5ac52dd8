"""The words of the cycle: what was decided, which category, why one has ended."""

from __future__ import annotations

from casework import shown
from casework.tables import Decision
from casework.words import Speaking, Wording

RECALLED = "recalled"
"""Instead of an answer to an action: what was asked for is not needed any more."""


def category(code: str, speaking: Speaking) -> str:
    """A category in words; it is no diagnosis."""
    say = speaking.say
    known = {
        "transmitter": say("Transmitter"),
        "vulnerable_recipient": say("Vulnerable recipient"),
        "neither": say("Neither"),
        "undetermined": say("Undetermined"),
    }
    return known.get(code, code)


def action(code: str, speaking: Speaking) -> str:
    """What was asked of a function."""
    say = speaking.say
    known = {
        "protection": say("Protection"),
        "support": say("Support"),
        "supervision": say("Closer contact with staff"),
        "allocation": say("Another cell, work or activity"),
        "safety": say("Safety of others"),
    }
    return known.get(code, code)


def end_words(reason: str | None, speaking: Speaking) -> str:
    """Why a category has ended."""
    say = speaking.say
    known = {
        "expired": say("ended by itself: its last day passed without a new assessment"),
        "lifted": say("lifted by its owner"),
        "removed": say("removed after a second reading"),
        "replaced": say("replaced after a new assessment"),
        "interrupted": say("ended with what ran in the case"),
    }
    return known.get(reason or "", "")


def decision(kind: str, speaking: Speaking) -> str:
    """What a decision of the cycle was about."""
    say = speaking.say
    known = {
        "assessment_result": say("Assessment"),
        "category_check": say("Category"),
        "consequence": say("Consequence"),
        "separation": say("Separation"),
        "action": say("Action"),
        "second_reading": say("Second reading"),
        "category_lifted": say("Category lifted"),
        "monitor_review": say("Review"),
    }
    return known.get(kind, kind)


def decided(row: Decision, names: Wording, speaking: Speaking, zone: str) -> str:
    """A decision by what was decided and when."""
    return speaking.say(
        "{what}: {outcome}, {day}",
        what=decision(row.kind, speaking),
        outcome=names.code(row.kind, row.outcome),
        day=speaking.day(shown.local_day(row.decided_at, zone)),
    )
