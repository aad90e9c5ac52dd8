"""Checks of models that belong to no pack: what a reader of the drawing would ask its author."""

from __future__ import annotations

from collections.abc import Iterator

from processes.checks.subject import Check, Subject, at, called_name
from processes.engine.model import Flow, Problem


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


CHECKS: tuple[Check, ...] = (steps_are_named, starts_are_told_apart, choices_have_a_default)
