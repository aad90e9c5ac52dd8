"""Checks that a model explains itself: names, documentation, labels in other languages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from processes.checks.subject import Check, Subject, at, called_name
from processes.engine.model import Problem

_VOCABULARY = frozenset(
    {
        "role", "form", "due", "remind", "escalate", "layer", "basis", "seat", "effect",
        "decision", "correlation", "person", "owner", "origin", "stage", "to", "code", "level",
        "never",
    }
)  # fmt: skip
_CHOOSING = frozenset({"exclusiveGateway", "inclusiveGateway"})
_NAMELESS = frozenset({"parallelGateway", "eventBasedGateway"})


def everything_is_documented(subject: Subject) -> Iterator[Problem]:
    """Every element says in a plain sentence what it is for, and what that rests on."""
    for element in subject.elements():
        if not element.documentation:
            yield at(
                subject, element, f"{called_name(element)} is not documented.",
                "Write one plain sentence, with its source in square brackets.",
            )  # fmt: skip
        elif not element.documentation.rstrip().endswith("]"):
            yield at(
                subject, element, f"The documentation of {called_name(element)} names no source.",
                "Write it at the end in square brackets, such as [L: art. 13] or [D: our default].",
            )  # fmt: skip


def ways_are_named(subject: Subject) -> Iterator[Problem]:
    """Where something is chosen, each way has a name; under an event gateway the events have."""
    for process in subject.processes.values():
        leaving = Counter(flow.source for flow in process.flows.values())
        for flow in process.flows.values():
            source = process.elements.get(flow.source)
            if source is None or source.kind not in _CHOOSING or flow.name:
                continue
            if leaving[source.id] > 1:
                yield at(
                    subject, flow, f"A way from {called_name(source)} has no name.",
                    "Name it as people would answer the gateway's question.",
                )  # fmt: skip


def shapes_are_named(subject: Subject) -> Iterator[Problem]:
    """What people see has a name."""
    leaving = Counter(f.source for p in subject.processes.values() for f in p.flows.values())
    for element in subject.elements():
        joins = element.kind in _CHOOSING and leaving[element.id] < 2
        if not element.name and element.kind not in _NAMELESS and not joins:
            yield at(
                subject, element, f"{element.id} has no name.",
                "Name it in words that a reader of the diagram understands.", "warning",
            )  # fmt: skip


def attributes_are_known(subject: Subject) -> Iterator[Problem]:
    """An attribute that nobody reads is a slip of the pen."""
    for element in subject.elements():
        if element.effect:  # it is handed every attribute of its shape
            continue
        for attribute in sorted(set(element.attributes) - _VOCABULARY):
            yield at(
                subject, element, f"Nobody reads sv:{attribute}.",
                "Correct its name or remove it.", "warning",
            )  # fmt: skip


def labels_are_there(subject: Subject) -> Iterator[Problem]:
    """What is read in another language has a label in it."""
    for language, sections in sorted(subject.labels.items()):
        for process in subject.processes.values():
            elements = process.elements.values()
            wanted = [
                *((e.id, "elements", e.id, e.name, e.line) for e in elements),
                *((e.id, "basis", e.legal_basis, e.legal_basis, e.line) for e in elements),
                *((f.id, "flows", f.id, f.name, f.line) for f in process.flows.values()),
                *((lane.id, "lanes", lane.id, lane.name, None) for lane in process.info.lanes),
                (process.info.id, "models", process.info.id, process.info.name, None),
            ]
            for shape_id, section, key, name, line in wanted:
                if name and key not in sections.get(section, {}):
                    yield Problem(
                        process.info.file, shape_id, f"“{name}” has no label in {language}.",
                        f"Add it under {section} in labels/{language}.json.", line, "warning",
                    )  # fmt: skip


CHECKS: tuple[Check, ...] = (
    everything_is_documented,
    ways_are_named,
    shapes_are_named,
    attributes_are_known,
    labels_are_there,
)
