"""Decision files (DMN 1.1 to 1.5): loaded whole or refused, then asked decision by decision."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from feel.decision_parts import Decision, InputData
from feel.decision_reading import Contents, read_contents
from feel.decision_tables import Rule, Table
from feel.dmn_xml import DecisionProblem
from feel.errors import DecisionError, EvaluationError
from feel.expressions import checked
from feel.values import Frame

__all__ = [
    "Decision",
    "DecisionError",
    "DecisionProblem",
    "Decisions",
    "load_decisions",
    "problems",
]


class Decisions:
    """The decisions of one file."""

    def __init__(self, file: str, contents: Contents) -> None:
        self.file = file
        self.all: Mapping[str, Decision] = {found.id: found for found in contents.decisions}
        self.inputs: Mapping[str, InputData] = {given.id: given for given in contents.inputs}
        self.services = contents.services
        self._functions: dict[str, Any] = {}
        for model in contents.knowledge:
            self._functions[model.name] = model.evaluate(self._functions)

    @property
    def functions(self) -> frozenset[str]:
        """The names of the functions that the file's knowledge models are."""
        return frozenset(self._functions)

    def __contains__(self, decision_id: str) -> bool:
        return decision_id in self.all

    def decision(self, decision_id: str) -> Decision:
        """The decision of this id, or DecisionError."""
        if decision_id not in self.all:
            known = ", ".join(sorted(self.all))
            raise DecisionError(f"{self.file} has no decision {decision_id}. It has {known}.")
        return self.all[decision_id]

    def first_to_last(self, decision_ids: Iterable[str]) -> list[Decision]:
        """These decisions and all they require, each after those it requires."""
        found: dict[str, Decision] = {}
        waiting = [(self.decision(decision_id), False) for decision_id in decision_ids][::-1]
        while waiting:
            decision, is_ready = waiting.pop()
            if decision.id in found:
                continue
            if is_ready:
                found[decision.id] = decision
                continue
            waiting.append((decision, True))
            waiting += [(self.all[other], False) for other in reversed(decision.required)]
        return list(found.values())

    def names(self, decision_id: str) -> frozenset[str]:
        """The variables to hand over for a decision, and for those it requires."""
        needed: set[str] = set()
        for decision in self.first_to_last([decision_id]):
            made = {name for other in decision.required for name in self.all[other].makes}
            needed |= decision.logic.names - made - self._functions.keys()
        return frozenset(needed)

    def evaluate(self, decision_id: str, context: Mapping[str, Any]) -> Any:
        """The answer of a decision; DecisionError says which table, rule and input is at fault."""
        answer = self.answers([decision_id], context)[decision_id]
        if isinstance(answer, DecisionError):
            raise answer
        return answer

    def answers(self, decision_ids: Iterable[str], context: Mapping[str, Any]) -> dict[str, Any]:
        """The answers of decisions and of those they require, by id; in place of one that cannot
        be made, its DecisionError, which those that require it have too."""
        frame = Frame({**context, **self._functions}, 0)
        found: dict[str, Any] = {}
        for decision in self.first_to_last(decision_ids):
            try:
                found[decision.id] = self._made(decision, found, frame)
            except DecisionError as error:
                found[decision.id] = error
        return found

    def _made(self, decision: Decision, found: Mapping[str, Any], frame: Frame) -> Any:
        names = dict(frame.names)
        for other in decision.required:
            required, answer = self.all[other], found[other]
            if isinstance(answer, DecisionError):
                raise answer
            names |= required.named(answer) | {required.result: answer}
        try:
            return decision.typed(checked(decision.logic.evaluate(names, frame), frame), frame)
        except EvaluationError as error:
            raise DecisionError(f"Decision {decision.name}: {error.words}", decision.id) from None
        except RecursionError:
            words = f"Decision {decision.name}: its boxes are nested too deeply. Take them apart."
            raise DecisionError(words, decision.id) from None

    def variables(self, decision_id: str, context: Mapping[str, Any]) -> dict[str, Any]:
        """The answer as variables: one for each output, by its name."""
        decision = self.decision(decision_id)
        return decision.named(self.evaluate(decision_id, context))

    def rules(self, decision_id: str) -> tuple[Rule, ...]:
        """The rows of a decision that is a table."""
        logic = self.decision(decision_id).logic
        return logic.rules if isinstance(logic, Table) else ()

    def rule_for(self, decision_id: str, context: Mapping[str, Any]) -> Rule | None:
        """The row of a table that answers; None for an expression, or where no row matches."""
        logic = self.decision(decision_id).logic
        if not isinstance(logic, Table):
            return None
        return logic.first_hit({**context, **self._functions})


def load_decisions(raw: bytes, name: str = "decisions.dmn") -> Decisions:
    """The decisions of a file, or DecisionError with all its problems."""
    contents = read_contents(raw, name)
    found = contents.problems
    if found:
        more = f" And {len(found) - 1} more problems." if len(found) > 1 else ""
        raise DecisionError(f"{found[0]}{more}", found[0].element_id, found[0].line, found)
    return Decisions(name, contents)


def problems(raw: bytes, name: str = "decisions.dmn") -> list[DecisionProblem]:
    """Everything that keeps a file from being loaded; empty for a sound file."""
    try:
        return list(read_contents(raw, name).problems)
    except DecisionError as error:
        return [DecisionProblem(name, error.element_id, error.words, "", error.line)]
