"""Closures of unary tests: `in`, and the cells of decision tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from feel import nodes as n
from feel.operations import COMPARE, contains, equal, is_member
from feel.reading import local
from feel.values import Frame, Range, bounded_list

if TYPE_CHECKING:
    from feel.compiling import Compiler

Run = Callable[[Frame], Any]


def in_(compiler: Compiler, node: n.In) -> Run:
    """`in`."""
    value, slot = compiler.compile(node.value), compiler.slot()
    with compiler.seeing(("?", slot)):
        run = tests(compiler, node.tests)

    def is_in(frame: Frame) -> bool | None:
        frame.locals[slot] = value(frame)
        return run(frame)

    return is_in


def tests(compiler: Compiler, node: n.Tests) -> Callable[[Frame], bool | None]:
    """Alternatives: true if one holds, else null if one cannot be said."""
    runs = [compiler.compile(item) for item in node.items]
    negated = node.negated
    if not runs:
        return lambda _: True
    if len(runs) == 1 and not negated:
        return runs[0]

    def some(frame: Frame) -> bool | None:
        found: bool | None = False
        for run in runs:
            value = run(frame)
            if value is True:
                return not negated
            if value is None:
                found = None
        return found if found is None else negated

    return some


def test(compiler: Compiler, node: n.Test) -> Run:
    """One unary test on `?`."""
    before = compiler.tested
    operand = compiler.compile(node.operand)
    slot = next(slot for variable, slot in reversed(compiler.sight) if variable == "?")
    if node.sign is not None:
        compare = COMPARE[node.sign]
        return lambda frame: compare(frame.locals[slot], operand(frame), frame)
    if compiler.tested > before:
        return lambda frame: _truth(operand(frame))
    if isinstance(node.operand, n.Literal):
        return equals_constant(local(slot), node.operand.value)
    return lambda frame: matches(frame.locals[slot], operand(frame), frame)


def equals_constant(left: Run, constant: Any) -> Run:
    """Whether a value is a constant, in the fewest steps."""
    given = type(constant)

    def equals(frame: Frame) -> bool | None:
        value = left(frame)
        if type(value) is given:
            return bool(value == constant)
        return equal(value, constant, frame)

    return equals


def _truth(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def matches(value: Any, wanted: Any, frame: Frame) -> bool | None:
    """Whether a value is the wanted one, or lies in the wanted range or list."""
    if isinstance(wanted, Range):
        return contains(wanted, value, frame)
    if not isinstance(wanted, list):
        return equal(value, wanted, frame)
    if isinstance(value, list) and equal(value, wanted, frame):
        return True
    for item in bounded_list(wanted):
        if isinstance(item, Range) and contains(item, value, frame):
            return True
    return is_member(value, wanted, frame)
