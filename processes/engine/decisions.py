"""The decision tables of a bundle, and what they give as variables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from feel import DecisionError, EvaluationError, FeelError
from feel.decisions import Decisions, load_decisions, problems
from processes.engine.model import EngineFault, Problem
from processes.engine.values import Code
from processes.engine.variables import check_value

Outputs = tuple[tuple[str, frozenset[str] | None], ...]


@dataclass(frozen=True)
class KnownDecision:
    """One decision of a file: what it reads, and what it gives, with closed values if it has."""

    id: str
    file: str
    names: frozenset[str]
    outputs: Outputs
    tables: Decisions = field(repr=False)

    def decide(self, element_id: str, seen: Mapping[str, Any]) -> dict[str, Code]:
        """The variables that the decision sets."""
        try:
            given = self.tables.variables(self.id, seen)
        except (DecisionError, EvaluationError, FeelError) as error:
            raise EngineFault(
                element_id, f"The decision {self.id} gives no answer: {error}"
            ) from error
        return {name: check_value(element_id, name, value) for name, value in given.items()}

    def row(self, seen: Mapping[str, Any]) -> str | None:
        """The id of the row that answers; None where it cannot be told."""
        try:
            rule = self.tables.rule_for(self.id, seen)
        except (DecisionError, EvaluationError, FeelError):
            return None
        return rule.id if rule else None

    def words_of(self, row: str) -> str:
        """What the author of the table says about a row."""
        return next((rule.words for rule in self.tables.rules(self.id) if rule.id == row), "")


@lru_cache(maxsize=256)
def read_decisions(file: str, raw: bytes) -> tuple[tuple[KnownDecision, ...], tuple[Problem, ...]]:
    """The decisions of a DMN file; if anything is wrong with it, its problems instead.

    Read once by content, as `drawing.draw` is.
    """
    found = tuple(
        Problem(file, problem.element_id, problem.words, problem.remedy, problem.line)
        for problem in problems(raw, file)
    )
    if found:
        return (), found
    tables = load_decisions(raw, file)
    known = (
        KnownDecision(decision.id, file, tables.names(decision.id), decision.outputs, tables)
        for decision in tables.all.values()
    )
    return tuple(known), ()
