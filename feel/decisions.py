"""Decision files (DMN 1.1 to 1.5): loaded whole or refused, then asked decision by decision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from feel.decision_parts import Decision, Knowledge
from feel.decision_tables import Rule, Table
from feel.decision_types import Types
from feel.dmn_xml import DecisionProblem, Tag, read
from feel.errors import DecisionError, EvaluationError
from feel.expressions import Expression
from feel.limits import MAX_STEPS
from feel.table_reading import Findings, read_table

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

    def __init__(self, file: str, found: list[Decision], knowledge: list[Knowledge]) -> None:
        self.file = file
        self.all: Mapping[str, Decision] = {decision.id: decision for decision in found}
        self._functions: dict[str, Any] = {}
        for model in knowledge:
            self._functions[model.name] = model.function(self._functions)

    def __contains__(self, decision_id: str) -> bool:
        return decision_id in self.all

    def decision(self, decision_id: str) -> Decision:
        """The decision of this id, or DecisionError."""
        if decision_id not in self.all:
            known = ", ".join(sorted(self.all))
            raise DecisionError(f"{self.file} has no decision {decision_id}. It has {known}.")
        return self.all[decision_id]

    def names(self, decision_id: str) -> frozenset[str]:
        """The variables to hand over for a decision, and for those it requires."""
        decision = self.decision(decision_id)
        made = {name for other in decision.required for name in self.all[other].makes}
        needed = set(decision.own_names - made - self._functions.keys())
        for other in decision.required:
            needed |= self.names(other)
        return frozenset(needed)

    def evaluate(self, decision_id: str, context: Mapping[str, Any]) -> Any:
        """The answer of a decision; DecisionError says which table, rule and input is at fault."""
        results: dict[str, Any] = {}
        return self._evaluate(
            self.decision(decision_id),
            {**context, **self._functions},
            results,
            [MAX_STEPS],
        )

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
        return logic.first_hit({**context, **self._functions}, [MAX_STEPS])

    def _evaluate(
        self,
        decision: Decision,
        context: Mapping[str, Any],
        results: dict[str, Any],
        purse: list[int],
    ) -> Any:
        if decision.id in results:
            return results[decision.id]
        names = dict(context)
        for other in decision.required:
            required = self.all[other]
            found = self._evaluate(required, context, results, purse)
            names |= required.named(found) | {required.result: found}
        try:
            answer = decision.logic.evaluate(names, purse)
        except EvaluationError as error:
            raise DecisionError(f"Decision {decision.name}: {error.words}", decision.id) from None
        results[decision.id] = answer
        return answer


def load_decisions(raw: bytes, name: str = "decisions.dmn") -> Decisions:
    """The decisions of a file, or DecisionError with all its problems."""
    decisions, found = _load(raw, name)
    if found:
        more = f" And {len(found) - 1} more problems." if len(found) > 1 else ""
        raise DecisionError(f"{found[0]}{more}", found[0].element_id, found[0].line, tuple(found))
    return decisions


def problems(raw: bytes, name: str = "decisions.dmn") -> list[DecisionProblem]:
    """Everything that keeps a file from being loaded; empty for a sound file."""
    try:
        return _load(raw, name)[1]
    except DecisionError as error:
        return [DecisionProblem(name, error.element_id, error.words, "", error.line)]


def _load(raw: bytes, name: str) -> tuple[Decisions, list[DecisionProblem]]:
    root = read(raw, name)
    findings = Findings(name, Types(root))
    _check_root(root, findings)
    tags = list(root.all("decision"))
    models = list(root.all("businessKnowledgeModel"))
    named = [*tags, *models, *root.all("inputData")]
    findings.names = findings.types.entry_names | {_result(tag) for tag in named} - {""}
    findings.functions = frozenset(_result(tag) for tag in models)
    knowledge = [model for tag in models if (model := _knowledge(tag, findings))]
    found = [decision for tag in tags if (decision := _decision(tag, findings))]
    _check_required(tags, findings)
    return Decisions(name, found, knowledge), findings.problems


def _result(tag: Tag) -> str:
    variable = tag.first("variable")
    return (variable.get("name") if variable is not None else "") or tag.get("name")


def _check_root(root: Tag, findings: Findings) -> None:
    language = root.get("expressionLanguage")
    if language and "feel" not in language.lower():
        findings.add(root, f"The file is written in {language}.", "Write it in FEEL.")
    for tag in root.all("import"):
        findings.add(tag, "The file imports another file.", "Put the decisions into one file.")
    if root.first("decision") is None:
        findings.add(root, "The file holds no decision.", "Add a decision table.")


def _decision(tag: Tag, findings: Findings) -> Decision | None:
    name = tag.get("name") or tag.id or ""
    if not tag.id:
        findings.add(tag, f"The decision {name} has no id.", "Give it one.")
        return None
    logic = _logic(tag, name, findings)
    required = _required(tag)
    if logic is None:
        return None
    return Decision(tag.id, name, _result(tag) or tag.id, logic, required)


def _logic(tag: Tag, name: str, findings: Findings) -> Table | Expression | None:
    table, literal = tag.first("decisionTable"), tag.first("literalExpression")
    if table is not None:
        return read_table(table, name, _result(tag) or str(tag.id), findings)
    if literal is not None:
        return findings.expression(literal, literal.text(), f"The expression of {name}")
    findings.add(
        tag,
        f"The decision {name} has neither a decision table nor a literal expression.",
        "Write it as one of the two; other boxed expressions are not run.",
    )
    return None


def _required(tag: Tag) -> tuple[str, ...]:
    found = []
    for requirement in tag.all("informationRequirement"):
        needed = requirement.first("requiredDecision")
        if needed is not None:
            found.append(needed.get("href").removeprefix("#"))
    return tuple(found)


def _check_required(tags: list[Tag], findings: Findings) -> None:
    graph: dict[str, tuple[str, ...]] = {}
    for tag in tags:
        if tag.id in graph:
            findings.add(tag, f"Two decisions have the id {tag.id}.", "Rename one.")
        graph[str(tag.id)] = _required(tag)
    for tag in tags:
        for other in graph[str(tag.id)]:
            if other not in graph:
                words = f"The decision {tag.get('name')} requires {other}, which is not there."
                findings.add(tag, words, "Add it to this file, or take the requirement away.")
        if _reaches(str(tag.id), graph):
            words = f"The decision {tag.get('name')} requires itself, by way of others."
            findings.add(tag, words, "Take one of the requirements away.")


def _reaches(start: str, graph: dict[str, tuple[str, ...]]) -> bool:
    waiting, seen = list(graph[start]), set[str]()
    while waiting:
        at = waiting.pop()
        if at == start:
            return True
        if at not in seen:
            seen.add(at)
            waiting.extend(graph.get(at, ()))
    return False


def _knowledge(tag: Tag, findings: Findings) -> Knowledge | None:
    name, logic = _result(tag), tag.first("encapsulatedLogic")
    literal = logic.first("literalExpression") if logic is not None else None
    if logic is None or literal is None:
        words = f"The knowledge model {name} has no literal expression."
        findings.add(tag, words, "Write it as one; other forms are not run.")
        return None
    parameters = tuple(parameter.get("name") for parameter in logic.all("formalParameter"))
    body = findings.expression(literal, literal.text(), f"The expression of {name}")
    return Knowledge(name, parameters, body) if body else None
