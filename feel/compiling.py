"""Turns the parts of an expression into closures that Python can call at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from feel import loops
from feel import nodes as n
from feel.builtins import BUILTINS, call_plan
from feel.errors import EvaluationError, FeelError, UnknownName
from feel.limits import MAX_DEPTH
from feel.operations import COMPARE, arithmetic, contains, equal, is_member, negate
from feel.temporal import PARTS
from feel.values import PLAIN, Frame, Function, Range, admit, bounded_list, kind

Run = Callable[[Frame], Any]
_LITERAL_CALLS = frozenset({"date", "time", "date and time", "duration", "number"})
_RANGE_PARTS: dict[str, Callable[[Range], Any]] = {
    "start": lambda r: r.start,
    "end": lambda r: r.end,
    "start included": lambda r: r.start_included,
    "end included": lambda r: r.end_included,
}


class Compiler:
    """One expression being compiled: the variables in sight and how much it weighs."""

    def __init__(self, functions: frozenset[str]) -> None:
        self.functions = functions
        self.sight: list[tuple[str | None, int]] = []  # (variable or None for a filter, slot)
        self.slots = 0
        self.weight = 0
        self.depth = 0
        self.tested = 0  # how often ? was read
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
                return _item_entry(node.name, filters, _local(slot))
        if node.name == "?":
            raise FeelError(node.position, "? stands for the tested value, in table cells only.")
        (self.names_in_filters if filters else self.names).add(node.name)
        return _item_entry(node.name, filters, _outside(node.name))

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
        return lambda frame: operate(left(frame), right(frame))

    def _comparison(self, node: n.Operation, left: Run) -> Run:
        right, compare = self.compile(node.right), COMPARE[node.sign]
        if isinstance(node.right, n.Literal) and node.sign == "=":
            return _equals_constant(left, node.right.value)
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
                value = operand(frame)
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

    # -- tests

    def in_(self, node: n.In) -> Run:
        """`in`."""
        value, slot = self.compile(node.value), self.slot()
        with self.seeing(("?", slot)):
            tests = self.tests(node.tests)

        def is_in(frame: Frame) -> bool | None:
            frame.locals[slot] = value(frame)
            return tests(frame)

        return is_in

    def tests(self, node: n.Tests) -> Callable[[Frame], bool | None]:
        """Alternatives: true if one holds, else null if one cannot be said."""
        tests = [self.compile(item) for item in node.items]
        negated = node.negated
        if not tests:
            return lambda _: True
        if len(tests) == 1 and not negated:
            return tests[0]

        def some(frame: Frame) -> bool | None:
            found: bool | None = False
            for test in tests:
                value = test(frame)
                if value is True:
                    return not negated
                if value is None:
                    found = None
            return found if found is None else negated

        return some

    def test(self, node: n.Test) -> Run:
        """One unary test on `?`."""
        before = self.tested
        operand = self.compile(node.operand)
        slot = next(slot for variable, slot in reversed(self.sight) if variable == "?")
        if node.sign is not None:
            compare = COMPARE[node.sign]
            return lambda frame: compare(frame.locals[slot], operand(frame), frame)
        if self.tested > before:
            return lambda frame: _truth(operand(frame))
        if isinstance(node.operand, n.Literal):
            return _equals_constant(_local(slot), node.operand.value)
        return lambda frame: matches(frame.locals[slot], operand(frame), frame)

    # -- calls

    def call(self, node: n.Call) -> Run:
        """A function of FEEL, or one written in the expression or handed to it."""
        local = any(variable == node.name for variable, _ in self.sight)
        if local or node.name in self.functions:
            return self._invoke(node)
        if node.name not in BUILTINS:
            raise FeelError(
                node.position, f"There is no function {node.name}. {_advice(node.name)}"
            )
        if node.name == "is defined":
            return self._is_defined(node)
        order = call_plan(node.name, len(node.arguments), node.labels)
        if isinstance(order, str):
            raise FeelError(node.position, order)
        function = BUILTINS[node.name].run
        nothing = n.Literal(node.position, None)
        ordered = [nothing if at is None else node.arguments[at] for at in order]
        arguments = [self.compile(argument) for argument in ordered]
        if node.name in _LITERAL_CALLS and all(isinstance(a, n.Literal) for a in ordered):
            return self._constant(node, function, [a(Frame({}, 0)) for a in arguments])
        return _builtin_call(function, arguments)

    def _constant(self, node: n.Call, function: Callable[..., Any], given: list[Any]) -> Run:
        value = function(Frame({}, 0), *given)
        if value is None and None not in given:
            shown = ", ".join(f'"{v}"' if isinstance(v, str) else str(v) for v in given)
            raise FeelError(node.position, f"{shown} makes no {node.name}.")
        return lambda _: value

    def _invoke(self, node: n.Call) -> Run:
        function = self.name(n.Name(node.position, node.name))
        arguments = [self.compile(argument) for argument in node.arguments]
        labels, name = node.labels, node.name
        return lambda frame: loops.invoke(
            function(frame), [argument(frame) for argument in arguments], labels, name, frame
        )

    def _is_defined(self, node: n.Call) -> Run:
        if len(node.arguments) != 1:
            raise FeelError(node.position, "is defined asks for one name: is defined(name).")
        asked, known = node.arguments[0], set(self.names)
        run = self.compile(asked)
        if not isinstance(asked, n.Name | n.Path):
            raise FeelError(node.position, "is defined asks for a name: is defined(case.adult).")
        self.names = known  # asking is no use of the name

        def is_defined(frame: Frame) -> bool:
            try:
                run(frame)
            except UnknownName:
                return False
            return True

        return is_defined

    def function_of(self, node: n.FunctionOf) -> Run:
        """A function of the expression's own."""
        places = [(name, self.slot()) for name in node.parameters]
        with self.seeing(*places):
            body, weight = self.weigh(node.body)
        slots = [slot for _, slot in places]

        def function(frame: Frame) -> Function:
            captured = frame.locals.copy()

            def run(caller: Frame, arguments: list[Any]) -> Any:
                caller.spend(weight)
                inner = caller.enter(captured, frame.names)
                for slot, argument in zip(slots, arguments, strict=True):
                    inner.locals[slot] = argument
                return body(inner)

            return Function(node.parameters, run)

        return function


def entry(value: Any, key: str, frame: Frame) -> Any:
    """An entry of a context, a part of a date, time, duration or range; of a list, each one's."""
    if isinstance(value, dict):
        if key not in value:
            shown = ", ".join(sorted(map(str, value))[:12]) or "nothing"
            raise UnknownName(f"There is no entry {key}; there is {shown}.")
        found = value[key]
        return found if type(found) in PLAIN else admit(found, key)
    if value is None:
        return None
    if isinstance(value, list):
        frame.spend(len(value))
        return [entry(item, key, frame) for item in value]
    parts = _RANGE_PARTS if isinstance(value, Range) else PARTS.get(type(value), {})
    if key not in parts:
        raise UnknownName(f"A {kind(value)} has no part {key}. {_parts_advice(parts)}")
    return parts[key](value)


def _parts_advice(parts: dict[str, Any]) -> str:
    return f"It has {', '.join(parts)}." if parts else "Only contexts have entries."


def _local(slot: int) -> Run:
    return lambda frame: frame.locals[slot]


def _outside(name: str) -> Run:
    def read(frame: Frame) -> Any:
        try:
            value = frame.names[name]
        except KeyError:
            raise UnknownName(
                f"There is no variable {name} here. Set it before, or correct the name."
            ) from None
        return value if type(value) in PLAIN else admit(value, name)

    return read


def _item_entry(name: str, filters: list[int], otherwise: Run) -> Run:
    if not filters:
        return otherwise

    def read(frame: Frame) -> Any:
        for slot in filters:
            item = frame.locals[slot]
            if isinstance(item, dict) and name in item:
                return admit(item[name], name)
        return otherwise(frame)

    return read


def _range(start: Any, end: Any, start_included: bool, end_included: bool) -> Range | None:
    if start is None and end is None:
        return None
    if start is not None and end is not None and kind(start) != kind(end):
        return None
    return Range(start, end, start_included, end_included)


def _equals_constant(left: Run, constant: Any) -> Run:
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


def _builtin_call(function: Callable[..., Any], arguments: list[Run]) -> Run:
    if len(arguments) == 1:
        only = arguments[0]
        return lambda frame: function(frame, only(frame))
    return lambda frame: function(frame, *[argument(frame) for argument in arguments])


def _advice(name: str) -> str:
    if name in ("today", "now"):
        return "Expressions do not read the clock: use a date variable or a timer."
    return "Look for its name in the list of functions, or write it out."


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
    n.In: Compiler.in_,
    n.Test: Compiler.test,
    n.Call: Compiler.call,
    n.FunctionOf: Compiler.function_of,
    n.Loop: loops.loop,
    n.Filter: loops.filtered,
}
