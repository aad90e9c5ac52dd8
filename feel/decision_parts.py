"""What a decision file is made of: decisions, and the functions they share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from feel.decision_tables import Table
from feel.expressions import Expression
from feel.table_reading import closed_values
from feel.values import Frame, Function


@dataclass(frozen=True)
class Knowledge:
    """A business knowledge model: a function that decisions may call."""

    name: str
    parameters: tuple[str, ...]
    body: Expression

    def function(self, names: Mapping[str, Any]) -> Function:
        """The function as a value, seeing the other functions of the file."""

        def run(caller: Frame, arguments: list[Any]) -> Any:
            inner = caller.enter([], {})  # counts how deep the calls go
            given = dict(zip(self.parameters, arguments, strict=True))
            return self.body.run_inside(inner, {**names, **given})

        return Function(self.parameters, run)


@dataclass(frozen=True)
class Decision:
    """One decision: a table or an expression, and the decisions it needs first."""

    id: str
    name: str
    result: str
    logic: Table | Expression
    required: tuple[str, ...]

    @property
    def outputs(self) -> tuple[tuple[str, frozenset[str] | None], ...]:
        """Each output's name, and its closed set of values if all its entries are texts."""
        if isinstance(self.logic, Table):
            return tuple((column.name, column.values) for column in self.logic.outputs)
        return ((self.result, closed_values([self.logic])),)

    @property
    def own_names(self) -> frozenset[str]:
        """The variables that its own cells read."""
        if isinstance(self.logic, Expression):
            return self.logic.names
        table = self.logic
        names = {name for column in table.inputs for name in column.expression.names}
        for rule in table.rules:
            names.update(*(test.names for test in rule.tests))
            names.update(*(answer.names for answer in rule.answers))
        return frozenset(names)

    @property
    def makes(self) -> frozenset[str]:
        """The names under which decisions that require this one find its answer."""
        return frozenset({self.result, *(name for name, _ in self.outputs)})

    def named(self, answer: Any) -> dict[str, Any]:
        """An answer as variables, by the names of the outputs."""
        if len(self.outputs) == 1:
            return {self.outputs[0][0]: answer}
        return answer if isinstance(answer, dict) else {self.result: answer}
