"""What a decision file is made of: the data it takes, and the decisions it makes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from feel.boxed import Logic
from feel.decision_tables import Table
from feel.decision_types import ValueType
from feel.errors import DecisionError
from feel.expressions import Expression
from feel.functions.strings import shown
from feel.table_reading import closed_values
from feel.values import Frame


@dataclass(frozen=True)
class InputData:
    """A variable that is handed over, and the type it must have."""

    id: str
    name: str
    type: ValueType


@dataclass(frozen=True)
class Decision:
    """One decision: how it is made, and the decisions it needs first."""

    id: str
    name: str
    result: str
    type: ValueType
    logic: Logic
    required: tuple[str, ...]

    @property
    def outputs(self) -> tuple[tuple[str, frozenset[str] | None], ...]:
        """Each output's name, and its closed set of values if all its entries are texts."""
        if isinstance(self.logic, Table):
            return tuple((column.name, column.values) for column in self.logic.outputs)
        if isinstance(self.logic, Expression):
            return ((self.result, closed_values([self.logic])),)
        return ((self.result, None),)

    @property
    def makes(self) -> frozenset[str]:
        """The names under which decisions that require this one find its answer."""
        return frozenset({self.result, *(name for name, _ in self.outputs)})

    def named(self, answer: Any) -> dict[str, Any]:
        """An answer as variables, by the names of the outputs."""
        if len(self.outputs) == 1:
            return {self.outputs[0][0]: answer}
        return answer if isinstance(answer, dict) else {self.result: answer}

    def typed(self, answer: Any, within: Frame) -> Any:
        """The answer, which must be of the type that the decision declares."""
        settled = self.type.settled(answer)
        if refusal := self.type.refusal(settled, within):
            raise DecisionError(
                f"Decision {self.name}: its answer is {shown(settled)}, but {refusal}. "
                "Correct its logic, or the type of its variable.",
                self.id,
            )
        return settled
