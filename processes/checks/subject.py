"""What is checked together: drawn processes, decisions, forms, and what the pack declares."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from processes.engine.decisions import KnownDecision
from processes.engine.drawing import Drawn
from processes.engine.model import Element, Flow, Level, Problem


@dataclass(frozen=True)
class Declared:
    """What a pack says about its world."""

    roles: frozenset[str]
    alias: Mapping[str, str]
    variables: Mapping[str, Mapping[str, Any]]
    sets: Mapping[str, tuple[str, ...]]
    """By effect, the variables it sets."""

    def role(self, name: str) -> str:
        """The role behind an alias of a common part."""
        return self.alias.get(name, name)

    def codes(self, variable: str) -> frozenset[str] | None:
        """The closed list of a code variable, where one is given."""
        codes = self.variables.get(variable, {}).get("codes")
        return frozenset(map(str, codes)) if codes else None

    def kind(self, variable: str) -> str | None:
        """boolean, date, number, code or reference; None if the pack does not know it."""
        kind = self.variables.get(variable, {}).get("type")
        return None if kind is None else str(kind)


@dataclass(frozen=True)
class Subject:
    """Everything that is checked together. Of loose files nothing is known that a pack declares."""

    processes: Mapping[str, Drawn]
    decisions: Mapping[str, KnownDecision]
    forms: Mapping[str, Any]
    broken_forms: frozenset[str]
    declared: Declared
    effects: frozenset[str]
    parameters: Collection[str]
    labels: Mapping[str, Mapping[str, Mapping[str, str]]] = field(default_factory=dict)
    """By language and section."""
    loose: bool = False

    @cached_property
    def known_names(self) -> frozenset[str]:
        """What a condition may speak of."""
        names = {"param", *self.declared.variables}
        for sets in self.declared.sets.values():
            names.update(sets)
        for form in self.forms.values():
            names.update(form.variables)
        for decision in self.decisions.values():
            names.update(name for name, _ in decision.outputs)
        for element in self.elements():
            repeats = element.repeats
            if repeats is not None:
                added = (repeats.item, repeats.output, repeats.output_item)
                names.update(name for name in added if name)
        return frozenset(names)

    def elements(self) -> Iterator[Element]:
        """Every shape of every process."""
        for process in self.processes.values():
            yield from process.elements.values()

    def file_of(self, process_id: str) -> str:
        """The file a process stands in."""
        return self.processes[process_id].info.file


Check = Callable[[Subject], Iterator[Problem]]


def at(
    subject: Subject,
    shape: Element | Flow,
    words: str,
    remedy: str,
    level: Level = "error",
) -> Problem:
    """A problem of a shape."""
    file = subject.file_of(shape.process)
    return Problem(file, shape.id, words, remedy, shape.line, level, shape.name)


def called_name(shape: Element | Flow) -> str:
    """How a shape is called in a sentence."""
    return f"“{shape.name}”" if shape.name else shape.id
