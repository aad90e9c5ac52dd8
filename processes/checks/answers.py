"""The answers that closed variables can have, and which of them a way lets by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from math import prod

from feel import EvaluationError, FeelError, compile_expression
from processes.checks.subject import Declared
from processes.engine.values import Code

MOST = 512
"""Combinations that are tried."""

Answers = Mapping[str, Code]
Values = Mapping[str, frozenset[Code]]
"""By variable, the values it can have."""


def possible(declared: Declared, texts: Iterable[str], known: Values) -> dict[str, list[Code]]:
    """By variable that the conditions read, every value it can have where they are reached.

    Raises LookupError if a variable is not closed, or a condition cannot be read.
    """
    values: dict[str, list[Code]] = {}
    for text in texts:
        try:
            names = compile_expression(text).names
        except FeelError as error:
            raise LookupError(text) from error  # told elsewhere, with what is wrong in it
        for name in sorted(names):
            every = known.get(name, _all(declared, name))
            values[name] = sorted(every, key=str)
    return values


def _all(declared: Declared, name: str) -> frozenset[Code]:
    if declared.kind(name) == "boolean":
        return frozenset({True, False})
    codes = declared.codes(name)
    if declared.kind(name) != "code" or not codes:
        raise LookupError(name)
    return frozenset(codes)


def are_too_many(values: Mapping[str, list[Code]]) -> bool:
    """Whether the combinations are more than are tried."""
    return prod(map(len, values.values())) > MOST


def each(values: Mapping[str, list[Code]]) -> Iterator[Answers]:
    """Every combination."""
    for chosen in product(*values.values()):
        yield dict(zip(values, chosen, strict=True))


def holds(text: str, answers: Answers) -> bool:
    """Whether the condition is true for these answers."""
    try:
        return compile_expression(text).evaluate(answers) is True
    except EvaluationError:
        return False


def narrowed(declared: Declared, known: Values, text: str, others: list[str]) -> Values | None:
    """What can be behind a way with this condition, or behind the default (no text) of the others;
    None if nothing can."""
    try:
        values = possible(declared, [text] if text else others, known)
    except LookupError:
        return known
    if are_too_many(values):
        return known
    let_by = [
        given
        for given in each(values)
        if (holds(text, given) if text else not any(holds(other, given) for other in others))
    ]
    if not let_by:
        return None
    return {**known, **{name: frozenset(given[name] for given in let_by) for name in values}}
