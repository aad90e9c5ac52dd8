"""The words of consent and sharing: closed codes in the reader's language."""

from __future__ import annotations

from casework.words import Speaking


def partner(code: str, speaking: Speaking) -> str:
    """Who gets something."""
    say = speaking.say
    known = {
        "municipality": say("Municipality, social services"),
        "employment": say("Employment agency"),
        "treatment": say("Treatment or health care"),
        "housing": say("Housing provider"),
        "debt": say("Debt counselling"),
        "chaplaincy": say("Faith community"),
        "exit": say("Disengagement organisation"),
        "family": say("Family or friend"),
        "police": say("Police"),
        "social": say("Social services"),
        "health": say("Health care"),
    }
    return known.get(code, code)


def category(code: str, speaking: Speaking) -> str:
    """Which data."""
    say = speaking.say
    known = {
        "contact": say("Name and contact"),
        "release": say("Day and place of release"),
        "needs": say("Needs and plan"),
        "conditions": say("Conditions of supervision"),
        "progress": say("What has gone well"),
        "safety": say("The client’s own safety"),
        "statute": say("By statute"),
    }
    return known.get(code, code)


def purpose(code: str, speaking: Speaking) -> str:
    """For what."""
    say = speaking.say
    known = {
        "housing": say("Housing"),
        "work": say("Work or study"),
        "treatment": say("Treatment"),
        "economy": say("Money and debt"),
        "support": say("Support"),
        "safety": say("Safety of the client"),
        "danger": say("Imminent danger"),
        "duty_to_report": say("A duty to report"),
        "crime": say("A serious crime is to be prevented"),
    }
    return known.get(code, code)


def cell_state(state: str, speaking: Speaking) -> str:
    """How a cell of the consent stands."""
    say = speaking.say
    known = {
        "given": say("Yes"),
        "refused": say("No"),
        "withdrawn": say("Taken back"),
        "expired": say("Its day has passed"),
    }
    return known.get(state, state)


def sharing_state(state: str, speaking: Speaking) -> str:
    """How a sharing stands."""
    say = speaking.say
    known = {
        "open": say("Being prepared"),
        "sent": say("Shared"),
        "answered": say("Shared, closed"),
        "stopped": say("Stopped"),
    }
    return known.get(state, state)
