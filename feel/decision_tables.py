"""Decision tables: which rules match, and what the hit policy makes of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from feel.builtins import BUILTINS
from feel.decision_types import ValueType
from feel.errors import DecisionError, EvaluationError
from feel.expressions import Expression, UnaryTests
from feel.functions.strings import shown
from feel.operations import equal
from feel.values import Frame

POLICIES = frozenset(
    {"UNIQUE", "ANY", "PRIORITY", "FIRST", "RULE ORDER", "OUTPUT ORDER", "COLLECT"}
)
AGGREGATIONS = frozenset({"", "SUM", "MIN", "MAX", "COUNT"})


@dataclass(frozen=True)
class Input:
    """A column that is tested."""

    label: str
    expression: Expression
    type: ValueType
    allowed: UnaryTests | None


@dataclass(frozen=True)
class Output:
    """A column that is answered; `values` is its closed set, if every entry is a text."""

    name: str
    type: ValueType
    allowed: UnaryTests | None
    default: Expression | None
    values: frozenset[str] | None

    @property
    def order(self) -> tuple[Any, ...] | None:
        """The values it lists, or its type lists, the most important first; None without a list."""
        allowed = self.allowed or self.type.allowed
        return allowed.literals if allowed is not None else None


@dataclass(frozen=True)
class Rule:
    """A row: what must hold, and what follows."""

    number: int
    id: str | None
    tests: tuple[UnaryTests, ...]
    answers: tuple[Expression, ...]
    words: str = ""
    """What the author of the table says about the row."""

    def __str__(self) -> str:
        return f"{self.number} ({self.id})" if self.id else str(self.number)


@dataclass(frozen=True)
class Table:
    """A decision table, ready to be asked."""

    title: str
    id: str | None
    policy: str
    aggregation: str
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]

    @property
    def names(self) -> frozenset[str]:
        """The variables that its cells read."""
        names = {name for column in self.inputs for name in column.expression.names}
        for rule in self.rules:
            names.update(*(test.names for test in rule.tests))
            names.update(*(answer.names for answer in rule.answers))
        names.update(*(column.default.names for column in self.outputs if column.default))
        return frozenset(names)

    def evaluate(self, context: Mapping[str, Any], within: Frame | None = None) -> Any:
        """The answer: a value, a context if there are several outputs, or a list of these."""
        frame = Frame(context, 0, within)
        frame.spend(len(self.rules))
        values = [self._input(column, context, frame) for column in self.inputs]
        hits = self._hits(values, context, frame)
        if not hits:
            return self._gap(values, context, frame)
        answers = [(rule, self._answer(rule, context, frame)) for rule in hits]
        return _POLICY[self.policy](self, answers, frame)

    def first_hit(self, context: Mapping[str, Any]) -> Rule | None:
        """The first row that matches, to say why the table answers as it does."""
        frame = Frame(context, 0)
        values = [self._input(column, context, frame) for column in self.inputs]
        return next(iter(self._hits(values, context, frame)), None)

    def fail(self, words: str, element_id: str | None = None) -> DecisionError:
        """An error that names the table."""
        return DecisionError(f"Table {self.title}: {words}", element_id or self.id)

    # -- inputs

    def _input(self, column: Input, context: Mapping[str, Any], within: Frame) -> Any:
        try:
            value = column.type.settled(column.expression.evaluate(context, within))
            refusal = column.type.refusal(value, within)
            if column.allowed and not column.allowed.matches(value, context, within):
                refusal = f"it is not among the allowed values {column.allowed.text}"
        except EvaluationError as error:
            raise self.fail(f"the input {column.label} cannot be read. {error.words}") from None
        if refusal:
            raise self.fail(
                f"the input {column.label} is {shown(value)}, but {refusal}. "
                "Correct the value, or allow it in the table."
            )
        return value

    def _hits(self, values: list[Any], context: Mapping[str, Any], within: Frame) -> list[Rule]:
        hits = []
        for rule in self.rules:
            if self._is_hit(rule, values, context, within):
                hits.append(rule)
                if self.policy == "FIRST":
                    break
        return hits

    def _is_hit(
        self, rule: Rule, values: list[Any], context: Mapping[str, Any], within: Frame
    ) -> bool:
        for test, value, column in zip(rule.tests, values, self.inputs, strict=True):
            try:
                if not test.matches(value, context, within):
                    return False
            except EvaluationError as error:
                raise self.fail(
                    f"rule {rule}, input {column.label}: {error.words}", rule.id
                ) from None
        return True

    # -- outputs

    def _answer(self, rule: Rule, context: Mapping[str, Any], within: Frame) -> tuple[Any, ...]:
        pairs = zip(self.outputs, rule.answers, strict=True)
        return tuple(
            self._output(column, entry, f"rule {rule}", context, within) for column, entry in pairs
        )

    def _output(
        self,
        column: Output,
        entry: Expression,
        place: str,
        context: Mapping[str, Any],
        within: Frame,
    ) -> Any:
        try:
            value = column.type.settled(entry.evaluate(context, within))
            refusal = column.type.refusal(value, within)
            if column.allowed and not column.allowed.matches(value, context, within):
                refusal = f"it is not among the allowed values {column.allowed.text}"
        except EvaluationError as error:
            raise self.fail(f"{place}, output {column.name}: {error.words}") from None
        if refusal:
            raise self.fail(f"{place}, output {column.name} is {shown(value)}, but {refusal}.")
        return value

    def _gap(self, values: list[Any], context: Mapping[str, Any], within: Frame) -> Any:
        if all(column.default is not None for column in self.outputs):
            answer = self._whole(
                tuple(
                    self._output(column, column.default, "the default", context, within)
                    for column in self.outputs
                    if column.default is not None
                )
            )
            several = self.policy in ("RULE ORDER", "OUTPUT ORDER", "COLLECT")
            is_one = not several or self.aggregation or isinstance(answer, list)
            return answer if is_one else [answer]
        if self.aggregation == "COUNT":
            return Decimal(0)
        pairs = zip(self.inputs, values, strict=True)
        given = ", ".join(f"{column.label} = {shown(value)}" for column, value in pairs)
        raise self.fail(f"no rule matches {given}. Add a rule for it, or a default output entry.")

    def _whole(self, answer: tuple[Any, ...]) -> Any:
        if len(self.outputs) == 1:
            return answer[0]
        return {column.name: value for column, value in zip(self.outputs, answer, strict=True)}


_Answers = list[tuple[Rule, tuple[Any, ...]]]


def _unique(table: Table, answers: _Answers, _: Frame) -> Any:
    if len(answers) > 1:
        raise table.fail(
            f"rules {_listed(answers)} match at once, and only one may (UNIQUE). "
            "Make their conditions exclude each other, or choose another hit policy.",
            answers[1][0].id,
        )
    return table._whole(answers[0][1])


def _any(table: Table, answers: _Answers, frame: Frame) -> Any:
    first = answers[0][1]
    for rule, answer in answers[1:]:
        if equal(list(answer), list(first), frame) is not True:
            raise table.fail(
                f"rules {answers[0][0]} and {rule} match at once and answer differently (ANY). "
                "Give them the same outputs, or conditions that exclude each other.",
                rule.id,
            )
    return table._whole(first)


def _first(table: Table, answers: _Answers, _: Frame) -> Any:
    return table._whole(answers[0][1])


def _by_priority(table: Table, answers: _Answers) -> _Answers:
    orders = [column.order or () for column in table.outputs]

    def rank(answer: tuple[Rule, tuple[Any, ...]]) -> tuple[int, ...]:
        pairs = zip(answer[1], orders, strict=True)
        return tuple(order.index(value) if value in order else len(order) for value, order in pairs)

    return sorted(answers, key=rank)


def _priority(table: Table, answers: _Answers, _: Frame) -> Any:
    return table._whole(_by_priority(table, answers)[0][1])


def _output_order(table: Table, answers: _Answers, _: Frame) -> Any:
    return [table._whole(answer) for _, answer in _by_priority(table, answers)]


def _rule_order(table: Table, answers: _Answers, _: Frame) -> Any:
    return [table._whole(answer) for _, answer in answers]


def _collect(table: Table, answers: _Answers, frame: Frame) -> Any:
    found = [table._whole(answer) for _, answer in answers]
    if not table.aggregation:
        return found
    if table.aggregation == "COUNT":
        return Decimal(len(found))
    value = BUILTINS[table.aggregation.lower()].run(frame, found)
    if value is None:
        raise table.fail(
            f"the outputs of rules {_listed(answers)} cannot be put together by "
            f"{table.aggregation}: they are not values of one kind. Correct the outputs."
        )
    return value


_POLICY: dict[str, Callable[[Table, _Answers, Frame], Any]] = {
    "UNIQUE": _unique,
    "ANY": _any,
    "FIRST": _first,
    "PRIORITY": _priority,
    "OUTPUT ORDER": _output_order,
    "RULE ORDER": _rule_order,
    "COLLECT": _collect,
}


def _listed(answers: _Answers) -> str:
    return " and ".join(str(rule) for rule, _ in answers)
