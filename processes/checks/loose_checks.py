"""Checks of models that belong to no pack: what a reader of the drawing would ask its author."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from processes.checks.subject import Check, Subject, at, called_name
from processes.engine.model import Element, Flow, Problem

_TOGETHER = frozenset({"parallelGateway", "inclusiveGateway"})
MOST_FLOWS = 500
"""In larger processes nobody looks where ways meet: every split would walk through all of it."""
_DONE = frozenset({"userTask", "serviceTask", "businessRuleTask", "callActivity", "subProcess"})


def steps_are_named(subject: Subject) -> Iterator[Problem]:
    """What people do has a name: it is what they read in their list of work."""
    for element in subject.elements():
        if element.kind == "userTask" and not element.name:
            yield at(
                subject, element, f"{element.id} has no name.",
                "Name it in words that a reader of the diagram understands.", "warning",
            )  # fmt: skip


def starts_are_told_apart(subject: Subject) -> Iterator[Problem]:
    """Of several starts without a trigger, whoever begins picks one."""
    for process in subject.processes.values():
        starts = [
            element
            for element in process.elements.values()
            if (element.kind, element.event, element.scope) == ("startEvent", None, None)
        ]
        for start in starts[1:]:
            yield at(
                subject, start,
                f"The process has {len(starts)} starts without a trigger; only one of them begins "
                "a case.",
                "If all are meant, draw one start and a gateway behind it; if each is a way to "
                "begin, name them as people will choose between them.", "warning",
            )  # fmt: skip


def choices_have_a_default(subject: Subject) -> Iterator[Problem]:
    """Where every way has a condition, all of them can fail."""
    for process in subject.processes.values():
        ways: dict[str, list[Flow]] = {}
        for flow in process.flows.values():
            ways.setdefault(flow.source, []).append(flow)
        for element in process.elements.values():
            flows = ways.get(element.id, [])
            if element.kind not in {"exclusiveGateway", "inclusiveGateway"} or len(flows) < 2:
                continue
            texts = {flow.condition or "" for flow in flows}
            sure = any(flow.is_default or not flow.condition for flow in flows) or "true" in texts
            if not sure and not any(f"not({text})" in texts for text in texts):
                yield at(
                    subject, element,
                    f"If no condition behind {called_name(element)} holds, the case stands still.",
                    "Make one of its ways the default.", "warning",
                )  # fmt: skip


def meetings_are_drawn(subject: Subject) -> Iterator[Problem]:
    """Where ways that run at the same time lead into a step, it is done for each of them."""
    for process in subject.processes.values():
        ways: dict[str, list[str]] = {}
        entering: Counter[str] = Counter()
        for flow in process.flows.values():
            ways.setdefault(flow.source, []).append(flow.target)
            entering[flow.target] += 1
        joins = {
            element.id
            for element in process.elements.values()
            if element.kind in _TOGETHER and entering[element.id] > 1
        }
        met: dict[str, Element] = {}
        splits = [e for e in process.elements.values() if e.kind in _TOGETHER]
        for split in splits if len(process.flows) <= MOST_FLOWS else ():
            if len(ways.get(split.id, ())) > 1:
                branches = [_reached(start, ways, joins) for start in ways[split.id]]
                often = Counter(name for branch in branches for name in branch)
                for name, count in often.items():
                    step = process.elements.get(name)
                    if count > 1 and entering[name] > 1 and step and step.kind in _DONE:
                        met[name] = step
        for step in met.values():
            yield at(
                subject, step,
                f"Ways that run at the same time meet in {called_name(step)}: it is done once for "
                "each.",
                "Draw a gateway before it where the ways join, if it is to be done once.",
                "warning",
            )  # fmt: skip


def _reached(start: str, ways: dict[str, list[str]], joins: set[str]) -> set[str]:
    """What can be come to before the ways are joined."""
    seen: set[str] = set()
    ahead = [start]
    while ahead:
        name = ahead.pop()
        if name not in seen and name not in joins:
            seen.add(name)
            ahead += ways.get(name, ())
    return seen


CHECKS: tuple[Check, ...] = (
    steps_are_named,
    starts_are_told_apart,
    choices_have_a_default,
    meetings_are_drawn,
)
