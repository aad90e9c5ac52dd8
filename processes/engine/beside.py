"""Which open tokens stand beside which: two drawings may be exchanged only where this is the same.

A token that stands in one of several parallel ways is met by tokens of the other ways. Put into a
drawing with other ways around it, it would wait for tokens that never come, or a step would be done
twice, without a word: the marking would be one that the drawing cannot itself have come to.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from processes.engine.gateways import SomeOf, Together
from processes.engine.kernel import BpmnProcessSpec
from processes.engine.waits import Boundary, Guard

Parts = frozenset[frozenset[int]]
"""The tokens in each way that leaves one shape."""

Standing = Counter[tuple[str, int, Parts]]


def standing(way: BpmnProcessSpec, positions: Mapping[int, str]) -> Standing:
    """How the tokens at these shapes stand to one another; no name of a shape is in it.

    Of a parallel gateway the number of its ways counts, since all are awaited; of an inclusive one
    only those that were begun; of an event that does not interrupt, what it began beside.
    """
    found: Standing = Counter()
    for kind, number, ways in _splits(way):
        inside = [
            frozenset(token for token, name in positions.items() if name in each) for each in ways
        ]
        if any(inside):
            found[kind, number, frozenset(part for part in inside if part)] += 1
    return found


def differing(one: Standing, other: Standing) -> frozenset[int]:
    """The tokens that stand otherwise."""
    rest = (one - other) + (other - one)
    return frozenset(token for _, _, parts in rest for part in parts for token in part)


def _splits(way: BpmnProcessSpec) -> Iterator[tuple[str, int, list[frozenset[str]]]]:
    """Where one token becomes several: its kind, how many are awaited, what lies in each way."""
    for spec in way.task_specs.values():
        if isinstance(spec, (Together, SomeOf)) and len(spec.outputs) > 1:
            reached = [_reach(way, each.name, spec.name) for each in spec.outputs]
            common = frozenset.intersection(*reached)
            number = len(reached) if isinstance(spec, Together) else 0
            yield type(spec).__name__, number, [each - common for each in reached]
        elif isinstance(spec, Guard):
            main = _reach(way, spec.main, spec.name)
            for edge in spec.outputs:
                if _runs_beside(edge):
                    yield "beside", 0, [_reach(way, edge.name, spec.name) - main]


def _reach(way: BpmnProcessSpec, begin: str, but: str) -> frozenset[str]:
    """Every shape that a token can come to from here without passing that one.

    What an event begins beside its activity is awaited by nobody, and counted on its own.
    """
    seen: set[str] = set()
    ahead = [begin]
    while ahead:
        name = ahead.pop()
        if name not in seen and name != but:
            seen.add(name)
            onward = way.task_specs[name].outputs
            ahead.extend(each.name for each in onward if not _runs_beside(each))
    return frozenset(seen)


def _runs_beside(spec: Any) -> bool:
    return isinstance(spec, Boundary) and not spec.element.interrupting
