"""Asks the decision tables of a bundle and turns what they give into variables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from feel import DecisionError, EvaluationError, FeelError
from processes.engine.model import EngineFault
from processes.engine.tables import DecisionSource
from processes.engine.values import Code
from processes.engine.variables import check_value

Decide = Callable[[str, Mapping[str, Any]], dict[str, Code]]
"""(element id, what FEEL sees) -> the variables the decision sets."""


def decider(source: DecisionSource) -> Decide:
    """A function that asks this decision; DecisionError if the table itself is wrong."""
    from feel.decisions import load_decisions

    tables = load_decisions(source.raw)

    def decide(element_id: str, seen: Mapping[str, Any]) -> dict[str, Code]:
        try:
            value = tables.evaluate(source.id, dict(seen))
        except (DecisionError, EvaluationError, FeelError) as error:
            raise EngineFault(
                element_id, f"The decision {source.id} gives no answer: {error}"
            ) from error
        return _as_variables(element_id, source, value)

    return decide


def _as_variables(element_id: str, source: DecisionSource, value: Any) -> dict[str, Code]:
    if isinstance(value, Mapping):
        given = {str(name): item for name, item in value.items()}
    elif len(source.outputs) == 1:
        given = {source.outputs[0]: value}
    elif value is None:
        given = dict.fromkeys(source.outputs)
    else:
        raise EngineFault(element_id, f"The decision {source.id} gives several rows at once.")
    return {name: check_value(element_id, name, item) for name, item in given.items()}
