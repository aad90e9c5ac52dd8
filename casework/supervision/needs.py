"""What the steps of a programme in a care unit and of the hand-over are done from, by form."""

from __future__ import annotations

from collections.abc import Mapping

RENEWED = ("F-QPR-REV", "F-QPR-FACTS", "F-QPR-OP")
"""What a renewal rests on: the commission's view, the facts of competence, two opinions."""

NEEDS: Mapping[str, tuple[str, ...]] = {
    "F-QPR-WAIT": ("F-DEC", "F-QPR-WAIT"),
    "F-QPR-ENTRY": ("F-DEC", "F-QPR-REV"),
    "F-QPR-IN": ("F-DEC",),
    "F-QPR-PLAN": ("F-DEC", "F-QPR-IN", "F-QPR-EVAL", "F-QPR-PLAN"),
    "F-QPR-SAFE": ("F-DEC", "F-QPR-SAFE", "F-QPR-MONTH"),
    "F-QPR-TALK": ("F-QPR-PLAN", "F-QPR-TALK"),
    "F-QPR-MONTH": ("F-QPR-PLAN", "F-QPR-TALK", "F-QPR-MONTH"),
    "F-QPR-VIEW": ("F-QPR-PLAN", "F-QPR-TALK", "F-QPR-MONTH"),
    "F-QPR-EVAL": ("F-QPR-PLAN", "F-QPR-MONTH", "F-QPR-VIEW", "F-QPR-EVAL"),
    "F-QPR-REV": ("F-DEC", "F-QPR-PLAN", "F-QPR-MONTH", "F-QPR-EVAL", "F-QPR-SAFE"),
    "F-QPR-FACTS": ("F-QPR-REV",),
    "F-QPR-OP": ("F-DEC", "F-QPR-EVAL", "F-QPR-REV", "F-QPR-FACTS"),
    "F-QPR-FLOOR": ("F-QPR-CONTACT",),
    "F-QPR-VISIT": ("F-QPR-CONTACT", "F-QPR-VISIT"),
    "F-QPR-QUARTER": ("F-DEC", "F-QPR-ENTRY", "F-QPR-MONTH", "F-QPR-CONTACT", "F-QPR-VISIT"),
    "F-QPR-MED": ("F-DEC",),
    "F-END-ANSWER": ("F-END-ASK", "F-DEC", "F-QPR-EVAL", "F-QPR-MONTH"),
    "F-LEAVE-PLAN": ("F-DEC", "F-QPR-PLAN", "F-QPR-EVAL"),
    "F-LEAVE-HOME": ("F-LEAVE-PLAN",),
    "F-LEAVE-HELP": ("F-LEAVE-HOME",),
    "F-LEAVE-EVAL": ("F-LEAVE-PLAN", "F-QPR-EVAL"),
    "F-LEAVE-CLOSE": ("F-DEC", "F-QPR-SAFE"),
    "F-LEAVE-TAKE": ("F-LEAVE-PLAN",),
    "F-LEAVE-ANSWER": ("F-LEAVE-TAKE", "F-LEAVE-PLAN"),
}

AS_MANY: Mapping[str, int] = {
    "F-QPR-TALK": 8,
    "F-QPR-VIEW": 4,
    "F-QPR-MONTH": 2,
    "F-QPR-CONTACT": 7,
}
"""How many of a form are shown, the newest; of every other, one: a programme lasts for years."""
