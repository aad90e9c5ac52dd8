"""What the engine refuses to run, because it could only be run wrongly."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
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
    decisions: Mapping[str, KnownDecision]


Rule = Callable[[Drawn, Surroundings], Iterator[Found]]


def find_refusals(
    processes: Mapping[str, Drawn], decisions: Mapping[str, KnownDecision]
) -> list[Problem]:
    """Everything that is wrong with these processes, in the order of their files."""
    around = Surroundings(processes, decisions)
    problems = list(_shared_ids(processes))
    for process in processes.values():
        for rule in all_rules():
            for where, words, remedy in rule(process, around):
                problems.append(problem_at(process, where, words, remedy))
    return problems


def problem_at(process: Drawn, where: Element | Flow | None, words: str, remedy: str) -> Problem:
    """A problem with its place."""
    if where is None:
        return Problem(process.info.file, process.info.id, words, remedy)
    return Problem(process.info.file, where.id, words, remedy, where.line)


def all_rules() -> tuple[Rule, ...]:
    """The rules about shapes, events, flows and the whole process."""
    from processes.engine import rules_events, rules_flows, rules_shapes

    return (*rules_shapes.RULES, *rules_events.RULES, *rules_flows.RULES)


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
            if not _ID.match(shape.id) or len(shape.id) > MOST_ID:
                yield problem_at(
                    process, shape, f"The id {shape.id[:MOST_ID]} cannot be used.",
                    f"Use up to {MOST_ID} letters without accents, digits, “_”, “-” and “.”.",
                )  # fmt: skip
