"""The checks of a pack or of loose files, from reading to the last label."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import partial
from pathlib import PurePosixPath
from typing import Any

from forms import FormDefinition, FormError, load_form
from processes import packs
from processes.checks import (
    form_checks,
    name_checks,
    people,
    time_checks,
    way_checks,
    word_checks,
)
from processes.checks.subject import Check, Declared, Subject
from processes.engine.decisions import KnownDecision, read_decisions
from processes.engine.drawing import Drawn, draw
from processes.engine.model import Problem
from processes.engine.rules import find_refusals

_CHECKS: tuple[Check, ...] = (
    *people.CHECKS,
    *form_checks.CHECKS,
    *time_checks.CHECKS,
    *name_checks.CHECKS,
    *way_checks.CHECKS,
    *word_checks.CHECKS,
)
_ALSO_LOOSE: tuple[Check, ...] = (*time_checks.CHECKS, name_checks.messages_are_addressed)


def check_pack(pack: packs.Pack, effects: frozenset[str]) -> list[Problem]:
    """Everything that would make the pack run wrongly, each with element and remedy."""
    declared = Declared(frozenset(pack.roles), pack.alias, pack.variables, dict(pack.effects))
    labels = {} if pack.language == "en" else {pack.language: packs.labels(pack.id, pack.language)}
    parameters = {parameter.name: parameter.value for parameter in pack.parameters}
    forms = {n: raw for n, raw in pack.files.items() if n.endswith(".form")}
    return _check(_used(pack), forms, declared, effects, parameters, labels)


def _used(pack: packs.Pack) -> dict[str, bytes]:
    """The pack's own files, and of the inherited models those that it deploys or calls: a part of
    another country's law needs tables that this one does not have."""
    inherited = {name for name in pack.files if name.endswith(".bpmn")} - pack.own
    wanted = [f"{top}.bpmn" for top in (*pack.starts, *pack.also)] + sorted(pack.own)
    used: set[str] = set()
    while wanted:
        name = wanted.pop()
        if name in used or name not in pack.files:
            continue
        used.add(name)
        if name.endswith(".bpmn"):
            wanted += [f"{called}.bpmn" for called in _called(name, pack.files[name])]
    return {name: raw for name, raw in pack.files.items() if name not in inherited - used}


def _called(name: str, raw: bytes) -> set[str]:
    """The processes that a file calls; none where it cannot be read, which is found elsewhere."""
    drawn: list[Drawn] = []
    _gather([], name, partial(_draw, name, raw, drawn))
    elements = (element for process in drawn for element in process.elements.values())
    return {element.called for element in elements if element.called}


def check_files(
    files: Mapping[str, bytes],
    *,
    forms: Mapping[str, Any],
    pack: Mapping[str, Any] | None,
    effects: frozenset[str],
    parameters: Collection[str],
) -> list[Problem]:
    """The same for files by name; `forms` by id, loaded or raw; `pack` as pack.toml reads.

    Files named labels/LANGUAGE.json are taken as labels.
    """
    declared = None if pack is None else _declared(pack)
    return _check(files, forms, declared, effects, parameters, _labels(files))


def check_loose(files: Mapping[str, bytes]) -> list[Problem]:
    """What can be said of models, tables and forms without knowing their pack."""
    forms = {name: raw for name, raw in files.items() if name.endswith(".form")}
    return _check(files, forms, None, frozenset(), (), {})


def _check(
    files: Mapping[str, bytes],
    forms: Mapping[str, Any],
    declared: Declared | None,
    effects: frozenset[str],
    parameters: Collection[str],
    labels: Mapping[str, Mapping[str, Mapping[str, str]]],
) -> list[Problem]:
    problems: list[Problem] = []
    processes = _read_models(files, problems, strict=declared is not None)
    decisions = _read_tables(files, problems)
    loaded, broken = _read_forms(forms, problems)
    subject = Subject(
        processes, decisions, loaded, broken, declared or _declared({}), effects, parameters,
        labels, loose=declared is None,
    )  # fmt: skip
    _gather(problems, "the models", partial(find_refusals, processes, decisions))
    for check in _ALSO_LOOSE if subject.loose else _CHECKS:
        _gather(problems, "the models", partial(check, subject))
    return sorted(set(problems), key=_order)


def _read_models(
    files: Mapping[str, bytes], problems: list[Problem], *, strict: bool
) -> dict[str, Drawn]:
    processes: dict[str, Drawn] = {}
    for name in sorted(files):
        if not name.endswith(".bpmn"):
            continue
        found: list[Drawn] = []
        _gather(problems, name, partial(_draw, name, files[name], found))
        if strict:
            problems.extend(_wrong_name(name, found))
        for process in found:
            other = processes.setdefault(process.info.id, process)
            if other is not process:
                problems.append(
                    Problem(
                        name, process.info.id, "Another file has a process of this id: "
                        f"{other.info.file}.", "Give one of the two another id.",
                    )
                )  # fmt: skip
    return processes


def _draw(name: str, raw: bytes, found: list[Drawn]) -> Iterable[Problem]:
    drawing = draw(name, raw)
    found.extend(drawing.processes)
    if not drawing.processes and not drawing.problems:
        return [Problem(name, None, "The file holds no process.", "Draw one, or remove the file.")]
    return drawing.problems


def _wrong_name(name: str, found: list[Drawn]) -> Iterator[Problem]:
    stem = PurePosixPath(name).stem
    if len(found) > 1:
        yield Problem(
            name, None, f"The file holds {len(found)} processes.",
            "Keep one process in each file; draw other participants as empty pools.",
        )  # fmt: skip
    elif found and found[0].info.id != stem:
        yield Problem(
            name, found[0].info.id, f"The process is not called {stem}, as the file is.",
            f"Set its id to {stem}.",
        )  # fmt: skip


def _read_tables(files: Mapping[str, bytes], problems: list[Problem]) -> dict[str, KnownDecision]:
    decisions: dict[str, KnownDecision] = {}

    def read(name: str) -> Iterable[Problem]:
        found, told = read_decisions(name, files[name])
        return *told, *(
            Problem(
                name, decision.id, "Another file has a decision of this id: "
                f"{decisions[decision.id].file}.", "Give one of the two another id.",
            )
            for decision in found
            if decisions.setdefault(decision.id, decision) is not decision
        )  # fmt: skip

    for name in sorted(files):
        if name.endswith(".dmn"):
            _gather(problems, name, partial(read, name))
    return decisions


def _read_forms(
    forms: Mapping[str, Any], problems: list[Problem]
) -> tuple[dict[str, FormDefinition], frozenset[str]]:
    loaded: dict[str, FormDefinition] = {}
    broken: set[str] = set()

    def read(name: str, given: Any) -> Iterable[Problem]:
        form_id = PurePosixPath(name).name.removesuffix(".form")
        broken.add(form_id)
        file = name if name.endswith(".form") else f"{name}.form"
        try:
            loaded[form_id] = load_form(given, file) if isinstance(given, bytes) else given
        except FormError as error:
            return [
                Problem(p.file, p.element_id, p.words, p.remedy, p.line) for p in error.problems
            ]
        broken.discard(form_id)
        return ()

    for name in sorted(forms):
        _gather(problems, name, partial(read, name, forms[name]))
    return loaded, frozenset(broken)


def _gather(problems: list[Problem], what: str, find: Callable[[], Iterable[Problem]]) -> None:
    """Run a check over input that may be anything: if the check stumbles, that is a finding too."""
    try:
        problems.extend(find())
    except Exception as error:  # noqa: BLE001 - a check never crashes on what it is to judge
        problems.append(
            Problem(
                what, None, f"It could not be checked ({type(error).__name__}).",
                "Save it again from the modeller; if that does not help, report it with the file.",
            )
        )  # fmt: skip


def _declared(pack: Mapping[str, Any]) -> Declared:
    effects = pack.get("effects", {})
    return Declared(
        frozenset(pack.get("roles", {})),
        dict(pack.get("role_alias", {})),
        dict(pack.get("variables", {})),
        {name: tuple(facts.get("sets", ())) for name, facts in effects.items()},
    )


def _labels(files: Mapping[str, bytes]) -> dict[str, Mapping[str, Mapping[str, str]]]:
    labels: dict[str, Mapping[str, Mapping[str, str]]] = {}
    for name, raw in files.items():
        path = PurePosixPath(name)
        if path.suffix == ".json" and path.parent.name == "labels":
            try:
                words = json.loads(raw)
            except (ValueError, RecursionError):
                words = {}
            labels[path.stem] = words if isinstance(words, dict) else {}
    return labels


def _order(problem: Problem) -> tuple[Any, ...]:
    return (
        problem.file, problem.level, problem.line or 0, problem.element_id or "", problem.words,
    )  # fmt: skip
