"""The parts an expression is made of, as the parser finds them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Node:
    """Any part of an expression, and where it begins."""

    position: int


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A number, text, boolean, null, date, time or duration."""

    value: Any


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A variable."""

    name: str


@dataclass(frozen=True, slots=True)
class Path(Node):
    """An entry of a context, or a part of a date: `of.key`."""

    of: Node
    key: str


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A call by name; `labels` are the parameter names when the arguments are named."""

    name: str
    arguments: tuple[Node, ...]
    labels: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Application(Node):
    """A call of what an expression answers: `context.function(1)`, `(function(a) a)(1)`."""

    function: Node
    arguments: tuple[Node, ...]
    labels: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Operation(Node):
    """Arithmetic or comparison of two operands."""

    sign: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Negation(Node):
    """A minus sign before an operand."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Junction(Node):
    """Operands joined by `and`, or by `or`."""

    word: str
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Between(Node):
    """`value between low and high`, both ends included."""

    value: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class Test(Node):
    """A unary test: a sign with an operand, or (sign None) a value, range or condition on `?`."""

    sign: str | None
    operand: Node


@dataclass(frozen=True, slots=True)
class Tests(Node):
    """Alternatives of which one must hold, or none if `negated`; no items is a dash."""

    items: tuple[Node, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class In(Node):
    """`value in tests`."""

    value: Node
    tests: Tests


@dataclass(frozen=True, slots=True)
class If(Node):
    """A choice between two values."""

    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Iterator(Node):
    """One `name in list`, or `name in start..end`, of a loop."""

    name: str
    source: Node
    end: Node | None


@dataclass(frozen=True, slots=True)
class Loop(Node):
    """`for`, `some` or `every` over iterators, with what is returned or must be satisfied."""

    word: str
    iterators: tuple[Iterator, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class ListOf(Node):
    """A list."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ContextOf(Node):
    """A context; each entry sees those before it."""

    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class Filter(Node):
    """`list[condition]` or `list[number]`."""

    of: Node
    condition: Node


@dataclass(frozen=True, slots=True)
class RangeOf(Node):
    """An interval."""

    start: Node
    end: Node
    start_included: bool
    end_included: bool


@dataclass(frozen=True, slots=True)
class FunctionOf(Node):
    """A function written in the expression."""

    parameters: tuple[str, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class InstanceOf(Node):
    """`value instance of type`."""

    value: Node
    type_name: str
