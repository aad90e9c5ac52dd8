"""What decisions are written as besides tables: boxes of expressions inside each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from feel.calling import invoke
from feel.decision_types import ValueType
from feel.errors import EvaluationError
from feel.expressions import Expression
from feel.loops import span
from feel.values import Frame, Function, bounded_list, kind

Names = Mapping[str, Any]


class Logic(Protocol):
    """An expression, a table or a box."""

    @property
    def names(self) -> frozenset[str]:
        """The variables it reads."""

    def evaluate(self, context: Names, within: Frame | None = None) -> Any:
        """Its value; `within` is the evaluation that it is a part of."""


def names_of(*parts: Logic, made: frozenset[str] = frozenset()) -> frozenset[str]:
    """What several parts read, without what the box itself makes."""
    return frozenset[str]().union(*(part.names for part in parts)) - made


@dataclass(frozen=True)
class Parameter:
    """A parameter of a function: its name and type."""

    name: str
    type: ValueType

    def taken(self, value: Any, within: Frame) -> Any:
        """An argument as the function sees it; EvaluationError if it is of the wrong type."""
        settled = self.type.settled(value)
        if refusal := self.type.refusal(settled, within):
            raise EvaluationError(f"The argument {self.name} does not fit: {refusal}.")
        return settled


@dataclass(frozen=True)
class FunctionBox:
    """A function: of a knowledge model, or written inside a decision."""

    name: str
    parameters: tuple[Parameter, ...]
    body: Logic

    @property
    def names(self) -> frozenset[str]:
        """What its body reads, without its parameters."""
        return names_of(self.body, made=frozenset(p.name for p in self.parameters))

    def evaluate(self, context: Names, within: Frame | None = None) -> Function:  # noqa: ARG002
        """The function as a value."""

        def run(caller: Frame, arguments: list[Any]) -> Any:
            inner = caller.enter([], {})  # counts how deep the calls go
            pairs = zip(self.parameters, arguments, strict=True)
            given = {parameter.name: parameter.taken(value, inner) for parameter, value in pairs}
            return self.body.evaluate({**context, **given}, inner)

        return Function(tuple(parameter.name for parameter in self.parameters), run)


@dataclass(frozen=True)
class InvocationBox:
    """A function called with bindings by name."""

    called: Expression
    bindings: tuple[tuple[str, Logic], ...]

    @property
    def names(self) -> frozenset[str]:
        """The function and what the bindings read."""
        return names_of(self.called, *(logic for _, logic in self.bindings))

    def evaluate(self, context: Names, within: Frame | None = None) -> Any:
        """What the function answers."""
        frame = Frame(context, 0, within)
        function = self.called.evaluate(context, frame)
        arguments = [logic.evaluate(context, frame) for _, logic in self.bindings]
        labels = tuple(name for name, _ in self.bindings)
        return invoke(function, arguments, labels, self.called.text, frame)


@dataclass(frozen=True)
class ContextBox:
    """Entries of which each sees those before it; with a result, that alone is the value."""

    entries: tuple[tuple[str, Logic], ...]
    result: Logic | None

    @property
    def names(self) -> frozenset[str]:
        """What the entries read, without those that stand before them."""
        read: frozenset[str] = frozenset()
        made: frozenset[str] = frozenset()
        for name, logic in (*self.entries, *((("", self.result),) if self.result else ())):
            read |= logic.names - made
            made |= {name}
        return read

    def evaluate(self, context: Names, within: Frame | None = None) -> Any:
        """A context, or the result."""
        frame, found, seen = Frame(context, 0, within), dict[str, Any](), dict(context)
        for name, logic in self.entries:
            found[name] = seen[name] = logic.evaluate(seen, frame)
        return found if self.result is None else self.result.evaluate(seen, frame)


@dataclass(frozen=True)
class ListBox:
    """A list."""

    items: tuple[Logic, ...]

    @property
    def names(self) -> frozenset[str]:
        """What the items read."""
        return names_of(*self.items)

    def evaluate(self, context: Names, within: Frame | None = None) -> Any:
        """The list."""
        frame = Frame(context, 0, within)
        return [item.evaluate(context, frame) for item in self.items]


@dataclass(frozen=True)
class ChoiceBox:
    """If, then, else; null is neither true nor false, so it is refused."""

    condition: Logic
    then: Logic
    otherwise: Logic

    @property
    def names(self) -> frozenset[str]:
        """What the three read."""
        return names_of(self.condition, self.then, self.otherwise)

    def evaluate(self, context: Names, within: Frame | None = None) -> Any:
        """One of the two."""
        frame = Frame(context, 0, within)
        truth = self.condition.evaluate(context, frame)
        if not isinstance(truth, bool):
            raise EvaluationError(f"if needs true or false, and got {kind(truth)}.")
        return (self.then if truth else self.otherwise).evaluate(context, frame)


@dataclass(frozen=True)
class LoopBox:
    """`for`, `some`, `every` or `filter` over a list."""

    word: str
    variable: str
    source: Logic
    body: Logic

    @property
    def names(self) -> frozenset[str]:
        """What source and body read; names in a filter may be entries of the items."""
        if self.word == "filter":
            return self.source.names
        made = {self.variable, *(("partial",) if self.word == "for" else ())}
        return names_of(self.source) | names_of(self.body, made=frozenset(made))

    def evaluate(self, context: Names, within: Frame | None = None) -> Any:
        """A list, or whether some or every item satisfies the body."""
        frame = Frame(context, 0, within)
        items = span(self.source.evaluate(context, frame))
        if items is None:
            return None
        kept: list[Any] = []
        results: list[Any] = []
        for item in bounded_list(list(items)):
            frame.spend(1)
            results.append(self.body.evaluate(self._seen(context, item, results, frame), frame))
            if results[-1] is True:
                kept.append(item)
        if self.word in ("for", "filter"):
            return results if self.word == "for" else kept
        decisive = self.word == "some"
        if any(value is decisive for value in results):
            return decisive
        return None if any(not isinstance(value, bool) for value in results) else not decisive

    def _seen(self, context: Names, item: Any, results: list[Any], frame: Frame) -> Names:
        if self.word == "for" and "partial" in self.body.names:
            return {**context, "partial": frame.made(results.copy()), self.variable: item}
        entries = item if self.word == "filter" and isinstance(item, dict) else {}
        return {**context, **entries, self.variable: item}
