"""Builds what the kernel runs: one way per drawn process and embedded sub-process."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from processes.engine.activities import Called, Inside, Repeating
from processes.engine.decisions import KnownDecision
from processes.engine.drawing import Drawn
from processes.engine.gateways import Choice, Condition, SomeOf, Together
from processes.engine.kernel import BpmnProcessSpec
from processes.engine.model import Element, Flow
from processes.engine.steps import (
    Arrow,
    Beforehand,
    DecisionStep,
    End,
    Root,
    ServiceStep,
    Start,
    Step,
    Throw,
    UserStep,
)
from processes.engine.waits import Boundary, EventGateway, Guard, Wait

Shape = Step | Choice | Together | SomeOf


class Builder:
    """Builds the ways of all processes of a model."""

    def __init__(self, drawn: Mapping[str, Drawn], decisions: Mapping[str, KnownDecision]) -> None:
        self.drawn = drawn
        self.decisions = decisions
        self.ways: dict[str, BpmnProcessSpec] = {}

    def build(self) -> dict[str, BpmnProcessSpec]:
        """The ways by process id and by sub-process id."""
        for process_id, process in self.drawn.items():
            self._build_way(process_id, process, None)
            for element in process.elements.values():
                if element.kind == "subProcess":
                    self._build_way(element.id, process, element.id)
        return self.ways

    def _build_way(self, name: str, process: Drawn, scope: str | None) -> None:
        way = BpmnProcessSpec(name)
        way.task_specs.clear()
        way.start = Root(way)
        elements = [shape for shape in process.elements.values() if shape.scope == scope]
        flows = [f for f in process.flows.values() if process.elements[f.source].scope == scope]
        entries: dict[str, Shape] = {}
        exits: dict[str, Shape] = {}
        for element in elements:
            if element.kind != "boundaryEvent":
                entries[element.id] = exits[element.id] = self._shape(way, process, element)
        self._wrap_repeats(way, elements, entries, exits)
        self._wrap_guards(way, elements, entries, exits)
        self._put_effects_before(way, elements, entries)
        for flow in flows:
            self._connect(way, flow, process, entries, exits)
        _find_upstream(way)
        self.ways[name] = way

    def _shape(self, way: BpmnProcessSpec, process: Drawn, element: Element) -> Shape:
        simple = _SIMPLE.get(element.kind)
        if simple is not None:
            return simple(way, element)
        if element.kind == "businessRuleTask":
            return DecisionStep(way, element, self.decisions[element.decision or ""])
        if element.kind == "callActivity":
            called = element.called or ""
            start = _plain_start(self.drawn[called].elements.values(), None)
            return Called(way, element, called, start, None)
        start = _plain_start(process.elements.values(), element.id)
        return Inside(way, element, element.id, start, None)

    def _wrap_repeats(
        self,
        way: BpmnProcessSpec,
        elements: Iterable[Element],
        entries: dict[str, Shape],
        exits: dict[str, Shape],
    ) -> None:
        for element in elements:
            if element.repeats is not None:
                each = Repeating(way, element, element.repeats)
                entries[element.id] = exits[element.id] = each

    def _wrap_guards(
        self,
        way: BpmnProcessSpec,
        elements: Iterable[Element],
        entries: dict[str, Shape],
        exits: dict[str, Shape],
    ) -> None:
        guards: dict[str, Guard] = {}
        for edge in elements:
            if edge.kind != "boundaryEvent" or edge.attached_to is None:
                continue
            inner = exits[edge.attached_to]
            if edge.attached_to not in guards:
                guard = Guard(way, inner.element, inner.name)
                guard.connect(inner)
                guards[edge.attached_to] = guard
            boundary = Boundary(way, edge)
            guards[edge.attached_to].connect(boundary)
            exits[edge.id] = boundary
        entries.update(guards)

    def _put_effects_before(
        self, way: BpmnProcessSpec, elements: Iterable[Element], entries: dict[str, Shape]
    ) -> None:
        for element in elements:
            if element.effect and element.kind != "serviceTask":
                before = Beforehand(way, element)
                before.connect(entries[element.id])
                entries[element.id] = before

    def _connect(
        self,
        way: BpmnProcessSpec,
        flow: Flow,
        process: Drawn,
        entries: Mapping[str, Shape],
        exits: Mapping[str, Shape],
    ) -> None:
        source, target = exits[flow.source], entries[flow.target]
        if isinstance(source, EventGateway):
            source.connect(target)
            source.arrows[flow.target] = flow.id
            return
        arrow = Arrow(way, flow)
        alone = sum(other.source == flow.source for other in process.flows.values()) == 1
        if isinstance(source, (Choice, SomeOf)) and flow.condition and not flow.is_default:
            source.connect_if(Condition(flow.condition), arrow)
        elif isinstance(source, Choice) and not (flow.is_default or alone):
            source.connect_if(None, arrow)
        else:
            source.connect(arrow)
        arrow.connect(target)


_SIMPLE: dict[str, type[Step] | type[Choice] | type[Together] | type[SomeOf]] = {
    "startEvent": Start,
    "endEvent": End,
    "userTask": UserStep,
    "serviceTask": ServiceStep,
    "exclusiveGateway": Choice,
    "parallelGateway": Together,
    "inclusiveGateway": SomeOf,
    "eventBasedGateway": EventGateway,
    "intermediateCatchEvent": Wait,
    "intermediateThrowEvent": Throw,
}


def _plain_start(elements: Iterable[Element], scope: str | None) -> str:
    return next(
        element.id
        for element in elements
        if element.kind == "startEvent" and element.scope == scope and element.event is None
    )


def _find_upstream(way: BpmnProcessSpec) -> None:
    """For each inclusive join, from where each of its arrows can be reached."""
    for join in list(way.task_specs.values()):
        if not isinstance(join, SomeOf) or len(join._inputs) < 2:
            continue
        for arrow in join._inputs:
            seen: set[str] = set()
            ahead = [arrow]
            while ahead:
                name = ahead.pop()
                if name in seen or name == join.name:
                    continue
                seen.add(name)
                ahead.extend(way.task_specs[name]._inputs)
            join.upstream[arrow] = frozenset(seen)
