"""Tells a model in words: what the diagram shows, step by step, for those who read or listen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import gettext as _

from casework import sources
from casework.ahead import is_certain
from casework.words import Wording
from processes.engine import Element, Flow
from webapp.models.times import time_in_words

BRANCHING = frozenset({"exclusiveGateway", "inclusiveGateway", "eventBasedGateway"})


@dataclass(frozen=True)
class Way:
    """Where it goes on from a step: under which name, to which step."""

    words: str
    target: str
    target_name: str


@dataclass(frozen=True)
class Step:
    """One element of the diagram in words."""

    id: str
    name: str
    kind: str
    who: str | None
    words: str
    source: str
    times: tuple[str, ...]
    called: str | None
    called_name: str | None
    ways: tuple[Way, ...]
    aside: tuple[Way, ...]
    """Events drawn on the step's border, and what follows them."""


@dataclass(frozen=True)
class Story:
    """One process in words, in the order in which one would walk it."""

    id: str
    title: str
    words: str
    source: str
    lanes: tuple[str, ...]
    steps: tuple[Step, ...]


def stories(wording: Wording, top: str) -> tuple[Story, ...]:
    """The top process first, then the parts it calls, in the order in which they are called."""
    order: list[str] = []
    waiting = [top]
    while waiting:
        process = waiting.pop(0)
        if process in order or process not in wording.model.processes:
            continue
        order.append(process)
        waiting += [e.called for e in _walk(wording, process) if e.called]
    return tuple(story(wording, process) for process in order)


def story(wording: Wording, process: str) -> Story:
    """One process in words."""
    info = wording.model.processes[process]
    documentation = wording.documentation(info.id) or info.documentation
    words, source = sources.apart(documentation, wording.speaking)
    lanes = dict.fromkeys(
        wording.lane(e) or "" for e in wording.model.elements.values() if e.process == process
    )
    return Story(
        id=process,
        title=wording.process(process),
        words=words,
        source=source,
        lanes=tuple(lane for lane in lanes if lane),
        steps=tuple(_step(wording, element) for element in _walk(wording, process)),
    )


def _step(wording: Wording, element: Element) -> Step:
    words, source = sources.apart(wording.documentation(element.id), wording.speaking)
    return Step(
        id=element.id,
        name=wording.element(element.id) or _kind(element),
        kind=_kind(element),
        who=_who(wording, element),
        words=words,
        source=source,
        times=tuple(_times(wording, element)),
        called=element.called if element.called in wording.model.processes else None,
        called_name=wording.process(element.called) if element.called else None,
        ways=tuple(_way(wording, flow) for flow in _leaving(wording, element.id)),
        aside=tuple(_aside(wording, element)),
    )


def _who(wording: Wording, element: Element) -> str | None:
    return wording.role_of(element) if element.kind == "userTask" else None


def _aside(wording: Wording, element: Element) -> Iterator[Way]:
    for event in wording.model.elements.values():
        if event.attached_to == element.id:
            name = wording.element(event.id) or _kind(event)
            for flow in _leaving(wording, event.id):
                yield Way(name, flow.target, wording.element(flow.target))


def _way(wording: Wording, flow: Flow) -> Way:
    several = len(_leaving(wording, flow.source)) > 1
    words = wording.flow(flow) if several and not is_certain(flow) else ""
    return Way(words, flow.target, wording.element(flow.target) or _("the next step"))


def _leaving(wording: Wording, element_id: str) -> list[Flow]:
    return [flow for flow in wording.model.flows.values() if flow.source == element_id]


def _walk(wording: Wording, process: str) -> list[Element]:
    """The elements in the order of a walk from the starts; what no way reaches comes last."""
    here = {e.id: e for e in wording.model.elements.values() if e.process == process}
    inside = [e for e in here.values() if e.kind != "boundaryEvent"]
    waiting = [e.id for e in inside if e.kind == "startEvent"] + [e.id for e in inside]
    found: dict[str, Element] = {}
    while waiting:
        element = here[waiting.pop(0)]
        if element.id in found or element.kind == "boundaryEvent":
            continue
        found[element.id] = element
        after = [flow.target for flow in _leaving(wording, element.id)]
        events = [e.id for e in here.values() if e.attached_to == element.id]
        after += [flow.target for event in events for flow in _leaving(wording, event)]
        inner = [e.id for e in inside if e.scope == element.id and e.kind == "startEvent"]
        waiting = inner + after + waiting
    return list(found.values())


def _times(wording: Wording, element: Element) -> Iterator[str]:
    told = (
        (element.due, _("Due: %(time)s")),
        (element.remind, _("Reminder: %(time)s")),
        (element.escalate, _("The superior is told: %(time)s")),
        (element.timer, _("Waits: %(time)s")),
    )
    for text, words in told:
        if text:
            yield words % {"time": time_in_words(text, wording.parameter)}


def _kind(element: Element) -> str:
    if element.kind in BRANCHING:
        return str(_("Parting of ways"))
    words = {
        "startEvent": _("Start"),
        "endEvent": _("End"),
        "userTask": _("Somebody's step"),
        "serviceTask": _("Done by the system"),
        "businessRuleTask": _("Read from a table of rules"),
        "callActivity": _("A part of its own"),
        "subProcess": _("Several steps together"),
        "parallelGateway": _("Side by side"),
        "intermediateCatchEvent": _("Waiting"),
        "intermediateThrowEvent": _("Message sent"),
        "boundaryEvent": _("Meanwhile"),
    }
    return str(words.get(element.kind, _("Step")))
