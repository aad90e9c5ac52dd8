"""Checks that every time can be read, and that its parameter and its date exist."""

from __future__ import annotations

from collections.abc import Iterator

from processes.checks.subject import Check, Subject, at
from processes.engine.model import Element, Problem

_OF_TASKS = ("due", "remind", "escalate")


def times_can_be_read(subject: Subject) -> Iterator[Problem]:
    """Every deadline and drawn timer follows the one grammar."""
    for element in subject.elements():
        for attribute in _OF_TASKS:
            text = element.attributes.get(attribute)
            if text is not None:
                yield from _wrong_time(subject, element, text, f"sv:{attribute}", True)
        if element.timer is not None:
            yield from _wrong_time(subject, element, element.timer, "The timer", False)


def _wrong_time(
    subject: Subject, element: Element, text: str, what: str, of_task: bool
) -> Iterator[Problem]:
    from processes import deadlines

    try:
        rule = deadlines.parse(text)
    except ValueError:
        yield at(
            subject, element, f"{what} “{text[:60]}” is not a time.",
            "Write PT72H, P3M, P10WD or param:NAME, if wanted with “before DATE” or “after DATE”.",
        )  # fmt: skip
        return
    if subject.loose:
        return
    if rule.parameter is not None and rule.parameter not in subject.parameters:
        yield at(
            subject, element, f"{what} asks for the parameter {rule.parameter}, which nobody set.",
            "Add a [[parameters]] row with value and source to pack.toml.",
        )  # fmt: skip
    if rule.anchor is None or (of_task and rule.anchor == "due"):
        return
    if subject.declared.kind(rule.anchor) != "date":
        yield at(
            subject, element, f"{what} counts from {rule.anchor}, which is not a date.",
            "Name a date variable of the pack, or “due” in a reminder or escalation.",
        )  # fmt: skip


CHECKS: tuple[Check, ...] = (times_can_be_read,)
