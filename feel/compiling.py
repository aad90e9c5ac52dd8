"""Turns the parts of an expression into closures that Python can call at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from feel import calling, loops, testing
from feel import nodes as n
from feel.errors import EvaluationError, FeelError
from feel.limits import MAX_DEPTH
from feel.operations import COMPARE, arithmetic, negate
from feel.reading import entry, item_entry, local, outside
from feel.testing import equals_constant
from feel.values import Frame, Range, kind

Run = Callable[[Frame], Any]


class Compiler:
    """One expression being compiled: the variables in sight and how much it weighs."""

    def __init__(self, functions: frozenset[str]) -> None:
        self.functions = functions
        self.sight: list[tuple[str | None, int]] = []  # (variable or None for a filter, slot)
        self.slots = 0
        self.weight = 0
        self.depth = 0
        self.tested = 0  # how often ? was read
        self.read: set[int] = set()  # slots that some part reads
        self.names: set[str] = set()
        self.names_in_filters: set[str] = set()

    def compile(self, node: n.Node) -> Run:
        """The closure of a part."""
        self.depth += 1
        self.weight += 1
        if self.depth > MAX_DEPTH:
            raise FeelError(node.position, "Too many operations wait on each other: split it.")
        run = _COMPILE[type(node)](self, node)
        self.depth -= 1
        return run

    def weigh(self, node: n.Node) -> tuple[Run, int]:
        """The closure of a part that will run often, and what one run costs."""
        before = self.weight
        return self.compile(node), self.weight - before + 1

    def slot(self) -> int:
        """A place for a variable of the expression's own."""
        self.slots += 1
        return self.slots - 1

    @contextmanager
    def seeing(self, *variables: tuple[str | None, int]) -> Iterator[None]:
        """The part compiled inside sees these variables too."""
        before = len(self.sight)
        self.sight.extend(variables)
        yield
        del self.sight[before:]

    # -- values and names

    def literal(self, node: n.Literal) -> Run:
        """A constant."""
        value = node.value
        return lambda _: value

    def name(self, node: n.Name) -> Run:
        """A variable: of the expression, an entry of the filtered item, or of the outside."""
        filters: list[int] = []
        for variable, slot in reversed(self.sight):
            if variable is None:
                filters.append(slot)
            elif variable == node.name:
                self.tested += node.name == "?"
                self.read.add(slot)
                return item_entry(node.name, filters, local(slot))
        if node.name == "?":
            raise FeelError(node.position, "? stands for the tested value, in table cells only.")
        (self.names_in_filters if filters else self.names).add(node.name)
        return item_entry(node.name, filters, outside(node.name))

    def path(self, node: n.Path) -> Run:
        """An entry or a part."""
        of, key = self.compile(node.of), node.key
        return lambda frame: entry(of(frame), key, frame)

    def list_of(self, node: n.ListOf) -> Run:
        """A list."""
        items = [self.compile(item) for item in node.items]
        return lambda frame: [item(frame) for item in items]

    def context_of(self, node: n.ContextOf) -> Run:
        """A context."""
        entries: list[tuple[str, int, Run]] = []
        before = len(self.sight)
        for key, value in node.entries:
            run = self.compile(value)
            slot = self.slot()
            entries.append((key, slot, run))
            self.sight.append((key, slot))
        del self.sight[before:]

        def context(frame: Frame) -> dict[str, Any]:
            found = {}
            for key, slot, run in entries:
                found[key] = frame.locals[slot] = run(frame)
            return found

        return context

    def range_of(self, node: n.RangeOf) -> Run:
        """An interval; worked out once if its ends are constants."""
        start, end = self.compile(node.start), self.compile(node.end)
        included = node.start_included, node.end_included
        if isinstance(node.start, n.Literal) and isinstance(node.end, n.Literal):
            constant = _range(node.start.value, node.end.value, *included)
            if constant is None:
                raise FeelError(node.position, "The two ends of this range are of different kinds.")
            return lambda _: constant
        return lambda frame: _range(start(frame), end(frame), *included)

    # -- operations

    def operation(self, node: n.Operation) -> Run:
        """Arithmetic or comparison."""
        left = self.compile(node.left)
        if node.sign in COMPARE:
            return self._comparison(node, left)
        right, operate = self.compile(node.right), arithmetic(node.sign)
        if node.sign == "+":
            return lambda frame: frame.made(operate(left(frame), right(frame)))
        if node.sign == "**":
            return _costly(left, right, operate)
        return lambda frame: operate(left(frame), right(frame))

    def _comparison(self, node: n.Operation, left: Run) -> Run:
        right, compare = self.compile(node.right), COMPARE[node.sign]
        if isinstance(node.right, n.Literal) and node.sign == "=":
            return equals_constant(left, node.right.value)
        return lambda frame: compare(left(frame), right(frame), frame)

    def negation(self, node: n.Negation) -> Run:
        """A minus sign."""
        operand = self.compile(node.operand)
        if isinstance(node.operand, n.Literal):
            constant = negate(node.operand.value)
            return lambda _: constant
        return lambda frame: negate(operand(frame))

    def junction(self, node: n.Junction) -> Run:
        """`and` and `or` with three truth values: an unknown operand leaves the rest to decide."""
        operands = [self.compile(operand) for operand in node.operands]
        decisive = node.word == "or"

        def junction(frame: Frame) -> bool | None:
            known = True
            for operand in operands:
                value: bool | None = operand(frame)
                if value is decisive:
                    return decisive
                if value is not (not decisive):
                    known = False
            return (not decisive) if known else None

        return junction

    def between(self, node: n.Between) -> Run:
        """`between`."""
        value, low, high = (self.compile(part) for part in (node.value, node.low, node.high))

        def between(frame: Frame) -> bool | None:
            v = value(frame)
            above = COMPARE[">="](v, low(frame), frame)
            below = COMPARE["<="](v, high(frame), frame)
            if above is False or below is False:
                return False
            return None if above is None or below is None else True

        return between

    def if_(self, node: n.If) -> Run:
        """A choice; null is neither true nor false, so it is refused."""
        condition, then = self.compile(node.condition), self.compile(node.then)
        otherwise = self.compile(node.otherwise)

        def choose(frame: Frame) -> Any:
            value = condition(frame)
            if value is True:
                return then(frame)
            if value is False:
                return otherwise(frame)
            raise EvaluationError(f"if needs true or false, and got {kind(value)}.")

        return choose

    def instance_of(self, node: n.InstanceOf) -> Run:
        """`instance of`."""
        value, wanted = self.compile(node.value), node.type_name
        if wanted == "Any":
            return lambda frame: value(frame) is not None
        return lambda frame: kind(value(frame)) == wanted.replace("Null", "null")


def _costly(left: Run, right: Run, operate: Callable[[Any, Any], Any]) -> Run:
    """A power takes as long as ten other operations."""

    def run(frame: Frame) -> Any:
        frame.spend(10)
        return operate(left(frame), right(frame))

    return run


def _range(start: Any, end: Any, start_included: bool, end_included: bool) -> Range | None:
    if start is None and end is None:
        return None
    if start is not None and end is not None and kind(start) != kind(end):
        return None
    return Range(start, end, start_included, end_included)


_COMPILE: dict[type, Callable[[Compiler, Any], Run]] = {
    n.Literal: Compiler.literal,
    n.Name: Compiler.name,
    n.Path: Compiler.path,
    n.ListOf: Compiler.list_of,
    n.ContextOf: Compiler.context_of,
    n.RangeOf: Compiler.range_of,
    n.Operation: Compiler.operation,
    n.Negation: Compiler.negation,
    n.Junction: Compiler.junction,
    n.Between: Compiler.between,
    n.If: Compiler.if_,
    n.InstanceOf: Compiler.instance_of,
    n.In: testing.in_,
    n.Test: testing.test,
    n.Call: calling.call,
    n.FunctionOf: calling.function_of,
    n.Application: calling.application,
    n.Loop: loops.loop,
    n.Filter: loops.filtered,
}
