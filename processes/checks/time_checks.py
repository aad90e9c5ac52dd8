"""Checks that every time can be read, and that its parameter and its date exist."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from processes import deadlines
from processes.checks.subject import Check, Subject, at
from processes.deadlines import Span, TimeRule
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


def deadlines_come_in_their_order(subject: Subject) -> Iterator[Problem]:
    """A reminder comes after the step has opened and before it is due, an escalation not before
    it is due."""
    for element in subject.elements():
        due, remind, escalate = (_rule(subject, element, name) for name in _OF_TASKS)
        if escalate is not None and escalate.anchor == "due" and escalate.side == "before":
            yield at(
                subject, element, "sv:escalate comes before the step is due.",
                "Write it “after due”.",
            )  # fmt: skip
        if due is not None and remind is not None and _is_before_all(due, remind):
            yield at(
                subject, element, "sv:remind lies before the step has opened.",
                "Write a shorter length before due.",
            )  # fmt: skip


def _rule(subject: Subject, element: Element, name: str) -> TimeRule | None:
    """The time, its parameter replaced by the value that the pack sets."""
    text = element.attributes.get(name)
    try:
        rule = None if text is None else deadlines.parse(text)
        values = subject.parameters if isinstance(subject.parameters, Mapping) else {}
        if rule is None or rule.parameter not in values:
            return rule
        return replace(rule, span=deadlines.parse_span(values[rule.parameter]))
    except ValueError:
        return None  # told by the check above


def _is_before_all(due: TimeRule, remind: TimeRule) -> bool:
    """Both lengths are known, and the reminder's is not the shorter one."""
    if remind.anchor != "due" or remind.side != "before" or due.anchor is not None:
        return False
    if due.span is None or remind.span is None:
        return False
    return _at_least(remind.span) >= _at_most(due.span)


def _at_least(span: Span) -> float:
    """Days, the shortest reading: a working day is one day."""
    return span.working_days + span.months * 28 + span.days + span.seconds / 86400


def _at_most(span: Span) -> float:
    """Days, the longest reading: five working days are a week, with a holiday or two in it."""
    return span.working_days * 2 + span.months * 31 + span.days + span.seconds / 86400


CHECKS: tuple[Check, ...] = (times_can_be_read, deadlines_come_in_their_order)
