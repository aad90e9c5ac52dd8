"""The checks of a pack or of loose files, from reading to the last label."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from functools import partial
from pathlib import PurePosixPath
from typing import Any

from processes import packs
from processes.checks import (
    form_checks,
    name_checks,
    people,
    time_checks,
    way_checks,
    word_checks,
)
from processes.checks.gathering import (
    draw_file,
    gather,
    in_order,
    read_forms,
    read_models,
    read_tables,
)
from processes.checks.loose import remark
from processes.checks.subject import Check, Declared, Subject
from processes.engine.drawing import Drawn
from processes.engine.model import Problem
from processes.engine.rules import find_refusals
from processes.foreign import MARKS, mend

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
    gather([], name, partial(draw_file, name, raw, drawn))
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


def _check(
    files: Mapping[str, bytes],
    forms: Mapping[str, Any],
    declared: Declared | None,
    effects: frozenset[str],
    parameters: Collection[str],
    labels: Mapping[str, Mapping[str, Mapping[str, str]]],
) -> list[Problem]:
    problems: list[Problem] = []
    models = {name: raw for name, raw in files.items() if name.endswith(".bpmn")}
    tables = {name: raw for name, raw in files.items() if name.endswith(".dmn")}
    processes = read_models(models, problems, strict=declared is not None)
    decisions = read_tables(tables, problems)
    loaded, broken = read_forms(forms, problems)
    subject = Subject(
        processes, decisions, loaded, broken, declared or _declared({}), effects, parameters,
        labels, loose=declared is None,
    )  # fmt: skip
    gather(problems, "the models", partial(find_refusals, processes, decisions))
    for check in _ALSO_LOOSE if subject.loose else _CHECKS:
        gather(problems, "the models", partial(check, subject))
    for name, raw in models.items():
        gather(problems, name, partial(_foreign, name, raw))
    return in_order(problems)


def _foreign(name: str, raw: bytes) -> list[Problem]:
    """Remarks on what another engine's modeller wrote, and nobody reads here."""
    if not any(mark in raw for mark in MARKS):
        return []
    return [remark(name, note) for note in mend(name, raw).notes if note.kind != "mended"]


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
