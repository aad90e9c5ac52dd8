"""Reads a decision file: its types, data, functions and decisions, and what is wrong in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from feel.boxed import FunctionBox
from feel.boxed_reading import Place, function_of, logic_of
from feel.builtins import BUILTINS
from feel.decision_parts import Decision, InputData
from feel.decision_types import Types
from feel.dmn_xml import DecisionProblem, Tag, read
from feel.table_reading import Findings


@dataclass(frozen=True)
class Contents:
    """All that was read of a file."""

    decisions: tuple[Decision, ...]
    inputs: tuple[InputData, ...]
    knowledge: tuple[FunctionBox, ...]
    services: Mapping[str, tuple[str, ...]]
    """Decision services by name, and the ids of the decisions they give out."""
    problems: tuple[DecisionProblem, ...]


def read_contents(raw: bytes, name: str) -> Contents:
    """What a file holds, or DecisionError if it is none."""
    root = read(raw, name)
    findings = Findings(name, Types(root))
    _check_root(root, findings)
    tags = list(root.all("decision"))
    models = list(root.all("businessKnowledgeModel"))
    findings.names = _names(root)
    findings.functions = _functions(root)
    inputs = [_input(tag, findings) for tag in root.all("inputData")]
    knowledge = [model for tag in models if (model := _knowledge(tag, findings))]
    found = [decision for tag in tags if (decision := _decision(tag, findings))]
    _check_required(root, tags, findings)
    _check_names(models, [*tags, *root.all("inputData")], findings)
    services = {tag.get("name"): _given_out(tag) for tag in root.all("decisionService")}
    problems = tuple(findings.problems)
    return Contents(tuple(found), tuple(inputs), tuple(knowledge), services, problems)


_NAMED = (
    *("decision", "inputData", "businessKnowledgeModel", "variable", "parameter"),
    *("formalParameter", "itemComponent", "output", "column"),
)
_NAME = re.compile(r"(?:[^\W\d]|[^\x00-\x7f])[\w\s./\-'’+*\u0080-\U0010ffff]*")


def _names(root: Tag) -> frozenset[str]:
    """All names of the file that may stand in an expression, of one word or of several."""
    found = {tag.get("name") for tag in root.within(*_NAMED)}
    found |= {tag.get("iteratorVariable") for tag in root.within("for", "some", "every")}
    return frozenset(name for name in found if _NAME.fullmatch(name))


def _functions(root: Tag) -> frozenset[str]:
    """The names that may be called: knowledge models, functions in boxes, and parameters."""
    names = {_result(tag) for tag in root.all("businessKnowledgeModel")}
    names |= {tag.get("name") for tag in root.within("formalParameter")}
    holders = root.within("decision", "contextEntry")
    names |= {_result(tag) for tag in holders if tag.first("functionDefinition") is not None}
    return frozenset(names - BUILTINS.keys())


def _result(tag: Tag) -> str:
    variable = tag.first("variable")
    return (variable.get("name") if variable is not None else "") or tag.get("name")


def _type_reference(tag: Tag) -> str:
    variable = tag.first("variable")
    return variable.get("typeRef") if variable is not None else ""


def _check_root(root: Tag, findings: Findings) -> None:
    language = root.get("expressionLanguage")
    if language and "feel" not in language.lower():
        findings.add(root, f"The file is written in {language}.", "Write it in FEEL.")
    for tag in root.all("import"):
        findings.add(tag, "The file imports another file.", "Put the decisions into one file.")
    if root.first("decision") is None:
        findings.add(root, "The file holds no decision.", "Add a decision table.")


def _input(tag: Tag, findings: Findings) -> InputData:
    name = _result(tag)
    wanted = findings.type_of(tag, _type_reference(tag), f"The input {name}")
    return InputData(tag.id or name, name, wanted)


def _decision(tag: Tag, findings: Findings) -> Decision | None:
    name = tag.get("name") or tag.id or ""
    if not tag.id:
        findings.add(tag, f"The decision {name} has no id.", "Give it one.")
        return None
    result = _result(tag) or tag.id
    wanted = findings.type_of(tag, _type_reference(tag), f"The decision {name}")
    logic = logic_of(tag, Place(name, result), findings)
    if logic is None:
        return None
    return Decision(tag.id, name, result, wanted, logic, _required(tag))


def _knowledge(tag: Tag, findings: Findings) -> FunctionBox | None:
    name, logic = _result(tag), tag.first("encapsulatedLogic")
    if name in BUILTINS:
        words = f"The knowledge model {name} has the name of a function of the language."
        findings.add(tag, words, "Give it another name.")
    if logic is None:
        words = f"The knowledge model {name} says nothing."
        findings.add(tag, words, "Write it as an expression or a table.")
        return None
    return function_of(logic, Place(f"knowledge model {name}", name), findings)


def _check_names(models: list[Tag], others: list[Tag], findings: Findings) -> None:
    """A function would hide what else is called as it is."""
    taken = {_result(tag) for tag in others}
    for model in models:
        name = _result(model)
        if name in taken:
            findings.add(model, f"{name} is the name of two things in this file.", "Rename one.")
        taken.add(name)


def _given_out(tag: Tag) -> tuple[str, ...]:
    return tuple(_target(output) for output in tag.all("outputDecision"))


def _target(reference: Tag) -> str:
    """The id a reference points at; references into other files keep what is before #."""
    return reference.get("href").removeprefix("#")


def _required(tag: Tag) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for requirement in tag.all("informationRequirement"):
        needed = requirement.first("requiredDecision")
        if needed is not None:
            found[_target(needed)] = None
    return tuple(found)


def _check_required(root: Tag, tags: list[Tag], findings: Findings) -> None:
    graph: dict[str, tuple[str, ...]] = {}
    for tag in tags:
        if tag.id in graph:
            findings.add(tag, f"Two decisions have the id {tag.id}.", "Rename one.")
        graph[str(tag.id)] = _required(tag)
    services = {tag.id: tag.get("name") for tag in root.all("decisionService")}
    for tag in tags:
        for other in graph[str(tag.id)]:
            if other not in graph:
                words = f"The decision {tag.get('name')} requires {other}, which is not there."
                findings.add(tag, words, "Add it to this file, or take the requirement away.")
        _check_services(tag, services, findings)
    for circling in _circling(graph):
        tag = next(tag for tag in tags if tag.id == circling)
        words = f"The decision {tag.get('name')} requires itself, by way of others."
        findings.add(tag, words, "Take one of the requirements away.")


def _check_services(tag: Tag, services: Mapping[str | None, str], findings: Findings) -> None:
    for requirement in tag.all("knowledgeRequirement"):
        needed = requirement.first("requiredKnowledge")
        name = services.get(_target(needed)) if needed is not None else None
        if name is not None:
            words = f"The decision {tag.get('name')} calls the decision service {name}."
            findings.add(tag, words, "Services are not called: require its decisions instead.")


def _circling(graph: Mapping[str, tuple[str, ...]]) -> list[str]:
    """The decisions on a circle: those left when all are taken away that end or begin a chain."""
    needs = {at: {other for other in needed if other in graph} for at, needed in graph.items()}
    used: dict[str, set[str]] = {at: set() for at in graph}
    for at, needed in needs.items():
        for other in needed:
            used[other].add(at)
    for before, after in ((needs, used), (used, needs)):
        ready = [at for at, others in before.items() if not others]
        while ready:
            done = ready.pop()
            del before[done]
            for other in after.pop(done):
                before[other].discard(done)
                if not before[other]:
                    ready.append(other)
    return list(needs)
