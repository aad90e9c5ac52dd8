"""What the engine refuses to run, because it could only be run wrongly."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from processes.engine.decisions import KnownDecision
from processes.engine.drawing import Drawn
from processes.engine.model import Element, Flow, Problem

Found = tuple[Element | Flow | None, str, str]
"""(where, what is wrong, what to do)"""

_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_.\-]*\Z")
MOST_ID = 80


@dataclass(frozen=True)
class Surroundings:
    """What a process may refer to."""

    processes: Mapping[str, Drawn]
    decisions: Collection[str] | Mapping[str, KnownDecision]
    called: frozenset[str] | None = None
    """The processes that some other calls, where that is known already."""

    def is_called(self, process_id: str) -> bool:
        """Whether some process calls it."""
        if self.called is not None:
            return process_id in self.called
        shapes = (e for other in self.processes.values() for e in other.elements.values())
        return any(e.kind == "callActivity" and e.called == process_id for e in shapes)


Rule = Callable[[Drawn, Surroundings], Iterator[Found]]


def find_refusals(
    processes: Mapping[str, Drawn], decisions: Mapping[str, KnownDecision]
) -> list[Problem]:
    """Everything that is wrong with these processes, in the order of their files."""
    around = Surroundings(processes, decisions)
    problems = list(_shared_ids(processes))
    for process in processes.values():
        problems += broken_rules(all_rules(), process, around)
    return problems


def find_own_refusals(processes: Mapping[str, Drawn]) -> list[Problem]:
    """What is wrong with the processes of one file, whatever stands in others."""
    from processes.engine.rules_shapes import AMONG_OTHERS

    own = tuple(rule for rule in all_rules() if rule not in AMONG_OTHERS)
    around = Surroundings(processes, {})
    problems = list(_shared_ids(processes))
    for process in processes.values():
        problems += broken_rules(own, process, around)
    return problems


def find_refusals_among(process: Drawn, around: Surroundings) -> list[Problem]:
    """What is wrong with a process because of what it calls, or of what calls it."""
    from processes.engine.rules_shapes import AMONG_OTHERS

    return broken_rules(AMONG_OTHERS, process, around)


def broken_rules(rules: Iterable[Rule], process: Drawn, around: Surroundings) -> list[Problem]:
    """What these rules find in the process."""
    return [
        problem_at(process, where, words, remedy)
        for rule in rules
        for where, words, remedy in rule(process, around)
    ]


def problem_at(process: Drawn, where: Element | Flow | None, words: str, remedy: str) -> Problem:
    """A problem with its place."""
    if where is None:
        info = process.info
        return Problem(info.file, info.id, words, remedy, name=info.name)
    return Problem(process.info.file, where.id, words, remedy, where.line, name=where.name)


def all_rules() -> tuple[Rule, ...]:
    """The rules about shapes, events, flows and the whole process."""
    from processes.engine import rules_events, rules_flows, rules_shapes

    return (*rules_shapes.RULES, *rules_events.RULES, *rules_flows.RULES)


def can_be_id(text: str) -> bool:
    """Whether files, tables and addresses can carry the id."""
    return bool(_ID.match(text)) and len(text) <= MOST_ID


def called_name(shape: Element | Flow) -> str:
    """How a shape is called in a sentence."""
    return f"“{shape.name}”" if shape.name else shape.id


def _shared_ids(processes: Mapping[str, Drawn]) -> Iterator[Problem]:
    """Ids must be told apart over all processes that run together."""
    seen: dict[str, Drawn] = {}
    for process in processes.values():
        shapes: list[Element | Flow] = [*process.elements.values(), *process.flows.values()]
        for shape in shapes:
            other = seen.setdefault(shape.id, process)
            if other is not process or shape.id in processes:
                yield problem_at(
                    process, shape,
                    f"The id {shape.id} is used in {other.info.file} too.",
                    f"Begin it with the name of the process: {process.info.id}_...",
                )  # fmt: skip
            if not can_be_id(shape.id):
                yield problem_at(
                    process, shape, f"The id {shape.id[:MOST_ID]} cannot be used.",
                    f"Use up to {MOST_ID} letters without accents, digits, “_”, “-” and “.”.",
                )  # fmt: skip
