"""Makes a model of a bundle: the process, all it calls, its decisions, nothing unsafe."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping

from processes.engine.building import Builder
from processes.engine.decisions import KnownDecision, read_decisions
from processes.engine.drawing import Drawn, draw
from processes.engine.model import Element, Flow, Model, ModelError, Problem
from processes.engine.rules import find_refusals

MOST_MODELS = 64


def compile_model(files: Mapping[str, bytes], top: str) -> Model:
    """The model whose top-level process is `top`; ModelError with everything that is wrong.

    Compiled once per content and process; a model is shared by all its instances.
    """
    key = _digest(files, [*files]) + ":" + top
    known = _COMPILED.get(key)
    if known is None:
        known = _COMPILED.put(key, _compile(files, top))
    return known


def _compile(files: Mapping[str, bytes], top: str) -> Model:
    drawn, problems = _draw_all(files)
    decisions = _list_all(files, problems)
    closure = _closure(drawn, top)
    if top not in drawn:
        problems.append(
            Problem(
                ", ".join(sorted(files)) or "(no file)", None,
                f"There is no process {top}.",
                "Load the file that holds it; its process id is the name of the file.",
            )
        )  # fmt: skip
    problems.extend(find_refusals(closure, decisions))
    if problems:
        raise ModelError(tuple(problems))
    return _model(files, top, closure, _used_decisions(closure, decisions))


def _model(
    files: Mapping[str, bytes],
    top: str,
    closure: Mapping[str, Drawn],
    used: Mapping[str, KnownDecision],
) -> Model:
    elements: dict[str, Element] = {}
    flows: dict[str, Flow] = {}
    for process in closure.values():
        elements.update(process.elements)
        flows.update(process.flows)
    names = sorted({p.info.file for p in closure.values()} | {d.file for d in used.values()})
    return Model(
        digest=_digest(files, names),
        process_id=top,
        title=closure[top].info.name,
        elements=elements,
        flows=flows,
        starts=tuple(
            element
            for element in closure[top].elements.values()
            if element.kind == "startEvent" and element.scope is None
        ),
        processes={process_id: process.info for process_id, process in closure.items()},
        files=tuple(names),
        decisions=used,
        ways=Builder(closure, used).build(),
    )


def _draw_all(files: Mapping[str, bytes]) -> tuple[dict[str, Drawn], list[Problem]]:
    drawn: dict[str, Drawn] = {}
    problems: list[Problem] = []
    for name in sorted(files):
        if not name.endswith(".bpmn"):
            continue
        drawing = draw(name, files[name])
        problems.extend(drawing.problems)
        for process in drawing.processes:
            other = drawn.setdefault(process.info.id, process)
            if other is not process:
                problems.append(
                    Problem(
                        name, process.info.id,
                        f"The process {process.info.id} stands in {other.info.file} too.",
                        "Give one of the two another id.",
                    )
                )  # fmt: skip
    return drawn, problems


def _list_all(files: Mapping[str, bytes], problems: list[Problem]) -> dict[str, KnownDecision]:
    decisions: dict[str, KnownDecision] = {}
    for name in sorted(files):
        if not name.endswith(".dmn"):
            continue
        found, wrong = read_decisions(name, files[name])
        problems.extend(wrong)
        for decision in found:
            other = decisions.setdefault(decision.id, decision)
            if other is not decision:
                problems.append(
                    Problem(
                        name,
                        decision.id,
                        f"The decision {decision.id} stands in {other.file} too.",
                        "Give one of the two another id.",
                    )
                )
    return decisions


def _closure(drawn: Mapping[str, Drawn], top: str) -> dict[str, Drawn]:
    closure: dict[str, Drawn] = {}
    ahead = [top]
    while ahead:
        process_id = ahead.pop()
        if process_id in closure or process_id not in drawn:
            continue
        closure[process_id] = drawn[process_id]
        ahead.extend(_callees(drawn[process_id]))
    return closure


def _callees(process: Drawn) -> Iterator[str]:
    return (e.called for e in process.elements.values() if e.kind == "callActivity" and e.called)


def _used_decisions(
    closure: Mapping[str, Drawn], decisions: Mapping[str, KnownDecision]
) -> dict[str, KnownDecision]:
    wanted = {e.decision for process in closure.values() for e in process.elements.values()}
    return {name: source for name, source in decisions.items() if name in wanted}


def _digest(files: Mapping[str, bytes], names: list[str]) -> str:
    digest = hashlib.sha256()
    for name in sorted(names):
        digest.update(name.encode() + b"\0" + hashlib.sha256(files[name]).digest())
    return digest.hexdigest()


class _Compiled:
    """The models compiled lately in this process, by content."""

    def __init__(self) -> None:
        self._models: OrderedDict[str, Model] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: str) -> Model | None:
        with self._lock:
            if key in self._models:
                self._models.move_to_end(key)
            return self._models.get(key)

    def put(self, key: str, model: Model) -> Model:
        with self._lock:
            model = self._models.setdefault(key, model)
            while len(self._models) > MOST_MODELS:
                self._models.popitem(last=False)
            return model


_COMPILED = _Compiled()
