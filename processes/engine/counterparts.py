"""What takes the place of an element in another version, and whether it can."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from processes.engine.model import Element, Flow, Model
from processes.engine.rules import called_name

_KINDS = {
    "userTask": "a step for a person",
    "serviceTask": "a service",
    "businessRuleTask": "a decision table",
    "subProcess": "a part with an inside",
    "callActivity": "a called process",
    "boundaryEvent": "an event on an edge",
    "intermediateCatchEvent": "an event that is waited for",
    "intermediateThrowEvent": "an event that is told",
    "parallelGateway": "a parallel gateway",
    "inclusiveGateway": "an inclusive gateway",
    "exclusiveGateway": "a choice",
    "eventBasedGateway": "a gateway of events",
    "startEvent": "a start",
    "endEvent": "an end",
}


class Counterparts:
    """The elements of one version beside those of another."""

    def __init__(self, old: Model, new: Model, mapping: Mapping[str, str]) -> None:
        self.old, self.new, self.mapping = old, new, mapping
        self._arrows: dict[str, dict[str, str]] = {}

    def of(self, name: str) -> str:
        """The id that takes the place of an id: the one that was named, else the same."""
        return self.mapping.get(name, name)

    def judge(self, element: Element, way: str) -> tuple[str | None, str]:
        """The counterpart of an open element in a way of the new version, and why it cannot go."""
        to = self.of(element.id)
        target = self.new.elements.get(to)
        if target is None:
            return None, (
                "is open and has no counterpart in the new version. Name the element that takes "
                f"the place of {element.id}, or wait until it is done."
            )
        for words in self._differences(element, target, way):
            return to, f"{words}. Wait until it is done, or draw it as it was."
        return to, ""

    def _differences(self, element: Element, target: Element, way: str) -> Iterator[str]:
        if element.kind != target.kind:
            yield (
                f"is {_KINDS.get(element.kind, element.kind)}, and {called_name(target)} is "
                f"{_KINDS.get(target.kind, target.kind)}"
            )
        if (target.scope or target.process) != way:
            yield "stands in another process or part of it in the new version"
        if element.event != target.event or element.interrupting != target.interrupting:
            yield "waits for something of another kind, or interrupts where it did not"
        if _shape(element) != _shape(target):
            yield "is done for the items of a list in another manner in the new version"
        if element.called and self.of(element.called) != target.called:
            yield (
                f"calls {target.called} in the new version and runs {element.called} now. If they "
                "are the same process under another id, name the one as the counterpart of the "
                "other"
            )
        yield from self._surroundings(element, target)

    def _surroundings(self, element: Element, target: Element) -> Iterator[str]:
        edges = {self.of(name) for name in _edges(self.old, element.id)}
        if edges != _edges(self.new, target.id):
            yield from _said("events on its edge", edges, _edges(self.new, target.id))
        if element.attached_to and self.of(element.attached_to) != target.attached_to:
            yield "stands on the edge of another step in the new version"
        if element.kind == "eventBasedGateway":
            after = {self.of(flow.target) for flow in _leaving(self.old, element.id)}
            now = {flow.target for flow in _leaving(self.new, target.id)}
            if after != now:
                yield from _said("events to wait for", after, now)

    def arrow(self, join: Element, target: Element, via: str) -> str | None:
        """The flow by which a token that has come to a join would have come in the new version."""
        if join.id not in self._arrows:
            old = [flow for flow in self.old.flows.values() if flow.target == join.id]
            new = [flow for flow in self.new.flows.values() if flow.target == target.id]
            self._arrows[join.id] = self._pair(old, new)
        return self._arrows[join.id].get(via)

    def _pair(self, old: list[Flow], new: list[Flow]) -> dict[str, str]:
        """Pair flows by name, then by where they come from, then the one left over on each side."""
        renamed = [replace(flow, id=self.of(flow.id), source=self.of(flow.source)) for flow in old]
        names = dict(zip((flow.id for flow in renamed), (flow.id for flow in old), strict=True))
        paired: dict[str, str] = {}
        left, right = renamed, new
        for alike in (_same, _same_source, _same_name, _any):
            found = [
                (one, other)
                for one in left
                for other in right
                if alike(one, other)
                and sum(alike(one, each) for each in right) == 1
                and sum(alike(each, other) for each in left) == 1
            ]
            paired |= {names[one.id]: other.id for one, other in found}
            left = [flow for flow in left if names[flow.id] not in paired]
            right = [flow for flow in right if flow.id not in paired.values()]
        return paired


def _same(one: Flow, other: Flow) -> bool:
    return _same_name(one, other) and _same_source(one, other)


def _same_source(one: Flow, other: Flow) -> bool:
    return one.source == other.source


def _same_name(one: Flow, other: Flow) -> bool:
    return one.id == other.id


def _any(_one: Flow, _other: Flow) -> bool:
    return True


def _shape(element: Element) -> object:
    """How an activity is repeated; when enough is known may change, it is asked anew each time."""
    return element.repeats and replace(element.repeats, until=None)


def _edges(model: Model, host: str) -> set[str]:
    return {e.id for e in model.elements.values() if e.attached_to == host}


def _leaving(model: Model, source: str) -> list[Flow]:
    return [flow for flow in model.flows.values() if flow.source == source]


def _said(what: str, before: set[str], now: set[str]) -> Iterator[str]:
    gone, come = ", ".join(sorted(before - now)), ", ".join(sorted(now - before))
    told = [f"without {gone}" if gone else "", f"with {come} beside" if come else ""]
    yield f"has other {what} in the new version: {' and '.join(part for part in told if part)}"
