"""What comes after a step, read from the model: who does what, and what each outcome does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from casework.words import Wording
from processes.engine import Element, Flow

STEPS_AHEAD = 40
SENTENCES = 12
CHOOSING = frozenset({"exclusiveGateway", "inclusiveGateway", "eventBasedGateway"})


@dataclass(frozen=True)
class Ahead:
    """One thing that may come next, and the ways taken to it."""

    ways: tuple[str, ...]
    what: str


def next_in_words(
    wording: Wording, element_id: str, inside: frozenset[str] = frozenset()
) -> tuple[str, ...]:
    """Sentences on what follows the step; conditions are the names drawn on gateways and flows.

    `inside` are the calls in which the instance stands now, where a part is called from several.
    """
    told: dict[str, None] = {}
    for ahead in _Walk(wording, inside).leaving(element_id):
        told[_sentence(wording, ahead)] = None
        if len(told) == SENTENCES:
            break
    return tuple(told)


def _sentence(wording: Wording, ahead: Ahead) -> str:
    say = wording.speaking.say
    if not ahead.ways:
        return say("Next: {what}.", what=ahead.what)
    return say("{what}, if: {ways}.", ways=" · ".join(ahead.ways), what=ahead.what)


class _Walk:
    """Follows the flows, into called processes and out of them again, until somebody must act."""

    def __init__(self, wording: Wording, inside: frozenset[str]) -> None:
        self.wording = wording
        self.inside = inside
        self.model = wording.model
        self.seen: set[tuple[str, tuple[str, ...]]] = set()
        self.left = STEPS_AHEAD

    def leaving(self, element_id: str, ways: tuple[str, ...] = ()) -> Iterator[Ahead]:
        """Everything that can come after the element."""
        flows = [f for f in self.model.flows.values() if f.source == element_id]
        element = self.model.elements[element_id]
        if not flows:
            yield from self._out_of(element, ways)
        named = len(flows) > 1 and element.kind in CHOOSING
        for flow in flows:
            yield from self._at(flow.target, (*ways, *self._way(flow, named)))

    def _way(self, flow: Flow, named: bool) -> tuple[str, ...]:
        if not named:
            return ()
        answer = self.wording.flow(flow) or self.wording.element(flow.target)
        question = self.model.elements[flow.source].name and self.wording.element(flow.source)
        return (f"{question} {answer}" if question else answer,)

    def _at(self, element_id: str, ways: tuple[str, ...]) -> Iterator[Ahead]:
        self.left -= 1
        if self.left < 0 or (element_id, ways) in self.seen:
            return
        self.seen.add((element_id, ways))
        element = self.model.elements[element_id]
        what = self._what(element)
        if what is not None:
            yield Ahead(ways, what)
        elif element.kind == "callActivity":
            yield from self._into(element.called or "", element_id, ways)
        elif element.kind == "subProcess":
            yield from self._into_embedded(element, ways)
        elif element.kind == "endEvent":
            yield from self._ended(element, ways)
        else:
            yield from self.leaving(element_id, ways)

    def _what(self, element: Element) -> str | None:
        say, name = self.wording.speaking.say, self.wording.element(element.id)
        if element.kind == "userTask":
            return say("{role}: “{step}”", role=self.wording.role_of(element), step=name)
        if element.kind == "intermediateCatchEvent":
            return say("the case waits: “{step}”", step=name)
        if element.kind == "endEvent" and element.event == "terminate":
            return say("the process ends: “{step}”", step=name)
        return None

    def _into(self, process_id: str, caller: str, ways: tuple[str, ...]) -> Iterator[Ahead]:
        starts = [
            e.id
            for e in self.model.elements.values()
            if e.process == process_id and e.kind == "startEvent" and not e.event and not e.scope
        ]
        if not starts:
            yield from self.leaving(caller, ways)
        for start in starts:
            yield from self._at(start, ways)

    def _into_embedded(self, element: Element, ways: tuple[str, ...]) -> Iterator[Ahead]:
        for inner in self.model.elements.values():
            if inner.scope == element.id and inner.kind == "startEvent":
                yield from self._at(inner.id, ways)

    def _ended(self, element: Element, ways: tuple[str, ...]) -> Iterator[Ahead]:
        """An end: of the whole process, or of a part, which goes on where it was called."""
        outer = self._outer(element)
        if outer and element.event in {"error", "escalation"}:
            caught = [
                e.id
                for e in self.model.elements.values()
                if e.attached_to in outer
                and e.event == element.event
                and e.code in {None, element.code}
            ]
            for boundary in caught:
                yield from self.leaving(boundary, ways)
        elif outer:
            for caller in outer:
                yield from self.leaving(caller, ways)
        else:
            name = self.wording.element(element.id)
            yield Ahead(ways, self.wording.speaking.say("the process ends: “{step}”", step=name))

    def _out_of(self, element: Element, ways: tuple[str, ...]) -> Iterator[Ahead]:
        if element.kind != "endEvent":
            yield from self._ended(element, ways)

    def _outer(self, element: Element) -> list[str]:
        if element.scope:
            return [element.scope]
        return callers_of(self.wording, element.process, self.inside)


def callers_of(wording: Wording, process_id: str, inside: frozenset[str]) -> list[str]:
    """The call activities that call the process; only those stood in, where that is known."""
    callers = [e.id for e in wording.model.elements.values() if e.called == process_id]
    return [caller for caller in callers if caller in inside] or callers


def path_to(
    wording: Wording, process_id: str, inside: frozenset[str] = frozenset()
) -> tuple[tuple[str, str], ...]:
    """The callers of a process, outermost first, as (process id, element id)."""
    path: list[tuple[str, str]] = []
    while len(path) < STEPS_AHEAD:
        callers = callers_of(wording, process_id, inside)
        if not callers:
            break
        caller = wording.model.elements[callers[0]]
        path.insert(0, (caller.process, caller.id))
        process_id = caller.process
    return tuple(path)
