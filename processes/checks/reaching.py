"""Follows a process from its starts: which answers can still be there where a shape is reached."""

from __future__ import annotations

from collections.abc import Iterable

from processes.checks.answers import Values, narrowed
from processes.checks.subject import Subject
from processes.engine.drawing import Drawn
from processes.engine.model import Element, Flow
from processes.engine.values import Code

CHOOSING = frozenset({"exclusiveGateway", "inclusiveGateway"})
_SPLITTING = frozenset({"parallelGateway", "inclusiveGateway"})


def arriving(subject: Subject, process: Drawn) -> dict[str, Values]:
    """By shape that can be reached, what is known of the variables there.

    Known is what the ways before it let by and nothing has set since; never what may be set at the
    same time elsewhere, nor what is set in a way that the models do not show.
    """
    walk = _Walk(subject, process)
    for element in process.elements.values():
        if element.kind == "startEvent":
            walk.reach(element.id, {})
    while walk.waiting:
        walk.leave(process.elements[walk.waiting.pop()])
    return walk.known


class _Walk:
    def __init__(self, subject: Subject, process: Drawn) -> None:
        self.subject = subject
        self.process = process
        self.known: dict[str, Values] = {}
        self.waiting: list[str] = []
        self.flows: dict[str, list[Flow]] = {}
        for flow in process.flows.values():
            self.flows.setdefault(flow.source, []).append(flow)
        everywhere = {name for p in subject.processes.values() for name in _set_in(subject, p)}
        self.shown = everywhere - self._set_meanwhile()

    def reach(self, element_id: str, values: Values) -> None:
        if element_id not in self.process.elements:
            return
        before = self.known.get(element_id)
        now = dict(values) if before is None else _either(before, values)
        if before is None or now != before:
            self.known[element_id] = now
            self.waiting.append(element_id)

    def leave(self, element: Element) -> None:
        values = self._after(element)
        for other in self.process.elements.values():
            if other.attached_to == element.id:
                self.reach(other.id, values)
        leaving = self.flows.get(element.id, [])
        texts = [flow.condition for flow in leaving if flow.condition and not flow.is_default]
        for flow in leaving:
            behind: Values | None = values
            if element.kind in CHOOSING and len(leaving) > 1:
                text = "" if flow.is_default else flow.condition or "true"
                behind = narrowed(self.subject.declared, values, text, texts)
            if behind is not None:
                kept = {name: of for name, of in behind.items() if name in self.shown}
                self.reach(flow.target, kept)

    def _after(self, element: Element) -> Values:
        if element.message or element.repeats or element.kind == "subProcess":
            return {}
        sets = _set_by(self.subject, element)
        return {name: of for name, of in self.known[element.id].items() if name not in sets}

    def _set_meanwhile(self) -> set[str]:
        """What is set behind a split, where more than one step goes on at a time."""
        elements = self.process.elements
        behind: list[str] = []
        for element in elements.values():
            leaving = [flow.target for flow in self.flows.get(element.id, [])]
            splits = element.kind in _SPLITTING and len(leaving) > 1
            if splits or (element.attached_to and not element.interrupting):
                behind += leaving
        seen: set[str] = set()
        while behind:
            at = behind.pop()
            if at in seen or at not in elements:
                continue
            seen.add(at)
            behind += [flow.target for flow in self.flows.get(at, [])]
            behind += [other.id for other in elements.values() if other.attached_to == at]
        return {name for at in seen for name in _set_by(self.subject, elements[at])}


def _either(one: Values, other: Values) -> dict[str, frozenset[Code]]:
    return {name: one[name] | other[name] for name in one if name in other}


def _set_by(
    subject: Subject, element: Element, calling: frozenset[str] = frozenset()
) -> frozenset[str]:
    """The variables that a step sets, and what it calls."""
    names: set[str] = set(subject.declared.sets.get(element.effect or "", ()))
    form = subject.forms.get(element.form or "")
    if form is not None:
        names.update(form.variables)
    decision = subject.decisions.get(element.decision or "")
    if decision is not None:
        names.update(name for name, _ in decision.outputs)
    called = subject.processes.get(element.called or "")
    if called is not None and called.info.id not in calling:
        names.update(_set_in(subject, called, calling | {called.info.id}))
    return frozenset(names)


def _set_in(
    subject: Subject, process: Drawn, calling: frozenset[str] = frozenset()
) -> Iterable[str]:
    for element in process.elements.values():
        yield from _set_by(subject, element, calling)
