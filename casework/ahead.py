"""What comes after a step, read from the model: who does what, and what each outcome does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from casework.words import Wording
from processes.engine import Element, Flow

STEPS_AHEAD = 80
SENTENCES = 12
CHOOSING = frozenset({"exclusiveGateway", "inclusiveGateway"})
JOINING = frozenset({"inclusiveGateway", "parallelGateway"})


@dataclass(frozen=True)
class Condition:
    """A question drawn on a gateway, and the answers after which something comes."""

    question: str
    answers: tuple[str, ...]


@dataclass(frozen=True)
class Ahead:
    """What may come next, and under which conditions."""

    elements: tuple[Element, ...]
    """The step, end or event; several where the case waits for whichever comes first."""
    conditions: tuple[Condition, ...] = ()
    after_others: bool = False
    """Whether steps that run beside this one must be done first."""
    beside: bool = False
    """Whether it comes beside other steps, which go on."""


def next_in_words(
    wording: Wording, element_id: str, inside: frozenset[str] = frozenset()
) -> tuple[str, ...]:
    """Sentences on what follows the step; conditions are the names drawn on gateways and flows.

    `inside` are the calls in which the instance stands now, where a part is called from several.
    """
    found = _Walk(wording, inside).leaving(element_id)
    told = dict.fromkeys(_sentence(wording, ahead) for ahead in found)
    return tuple(told)[:SENTENCES]


# --- sentences ----------------------------------------------------------------------------------


def _sentence(wording: Wording, ahead: Ahead) -> str:
    say, what = wording.speaking.say, _what(wording, ahead)
    conditions = _conditions(wording, ahead.conditions)
    if ahead.after_others and conditions:
        return say(
            "Once the steps beside this one are done: if {conditions}, {what}.",
            conditions=conditions,
            what=what,
        )
    if ahead.after_others:
        return say("Once the steps beside this one are done, {what}.", what=what)
    if conditions:
        return say("If {conditions}, {what}.", conditions=conditions, what=what)
    return f"{what[0].upper()}{what[1:]}."


def _what(wording: Wording, ahead: Ahead) -> str:
    say, element = wording.speaking.say, ahead.elements[0]
    names = _or(wording, [wording.element(e.id) for e in ahead.elements])
    if element.kind == "userTask":
        role = wording.role_of(element)
        if (element.role or "").startswith("="):  # “the superior”: no name of a function
            return say("the next step is {step}, for {person}", step=names, person=role)
        if ahead.beside:
            return say("{step} for {role} comes beside the other steps", step=names, role=role)
        return say("the next step is {step}, for {role}", step=names, role=role)
    if element.kind == "intermediateCatchEvent":
        return say("the case waits: {events}", events=names)
    if ahead.beside:
        return say("{end} follows, beside the other steps", end=names)
    return say("the process ends: {end}", end=names)


def _conditions(wording: Wording, conditions: Sequence[Condition]) -> str:
    say = wording.speaking.say
    told: list[str] = []
    for condition in conditions:
        question, answer = condition.question, _or(wording, condition.answers)
        if told:
            told.append(say("to “{question}” {answer}", question=question, answer=answer))
        else:
            told.append(
                say("the answer to “{question}” is {answer}", question=question, answer=answer)
            )
    if len(told) < 2:
        return "".join(told)
    return say("{list} and {last}", list=", ".join(told[:-1]), last=told[-1])


def _or(wording: Wording, names: Sequence[str]) -> str:
    say = wording.speaking.say
    quoted = [say("“{name}”", name=name) for name in dict.fromkeys(names)]
    if len(quoted) == 1:
        return quoted[0]
    return say("{list} or {last}", list=", ".join(quoted[:-1]), last=quoted[-1])


# --- the walk -----------------------------------------------------------------------------------


class _Walk:
    """Follows the flows, into called processes and out of them again, until somebody must act."""

    def __init__(self, wording: Wording, inside: frozenset[str]) -> None:
        self.wording = wording
        self.inside = inside
        self.model = wording.model
        self.known: dict[str, list[Ahead]] = {}

    def leaving(self, element_id: str) -> list[Ahead]:
        """Everything that can come after the element."""
        element = self.model.elements[element_id]
        flows = [flow for flow in self.model.flows.values() if flow.source == element_id]
        if not flows:
            return [] if element.kind == "endEvent" else self._ended(element)
        if element.kind == "eventBasedGateway":
            return [Ahead(tuple(self.model.elements[flow.target] for flow in flows))]
        found = [(flow, self._at(flow.target)) for flow in flows]
        if element.kind in CHOOSING and len(flows) > 1:
            told = self._chosen(element, found)
        else:
            told = [ahead for _, part in found for ahead in part]
        if self._joins(element):
            told = [replace(ahead, after_others=True) for ahead in told]
        return told

    def _joins(self, element: Element) -> bool:
        into = [flow for flow in self.model.flows.values() if flow.target == element.id]
        return element.kind in JOINING and len(into) > 1

    def _chosen(self, gateway: Element, found: list[tuple[Flow, list[Ahead]]]) -> list[Ahead]:
        """After which answers what comes; a question that changes nothing is not told."""
        groups: list[tuple[list[Flow], list[Ahead]]] = []
        for flow, part in found:
            alike = next((flows for flows, other in groups if other == part), None)
            if alike is None:
                groups.append(([flow], part))
            else:
                alike.append(flow)
        certain = any(is_certain(flow) for flow, _ in found)
        question = self.wording.element(gateway.id) if gateway.name else ""
        told: list[Ahead] = []
        for flows, part in groups:
            if len(groups) == 1 or any(is_certain(flow) for flow in flows):
                told += part
                continue
            answers = tuple(self.wording.flow(flow) for flow in flows)
            condition = Condition(question or self.wording.speaking.say("What follows?"), answers)
            told += [
                replace(
                    ahead,
                    conditions=(condition, *ahead.conditions),
                    beside=certain or ahead.beside or comes_beside(flows, found),
                )
                for ahead in part
            ]
        return told

    def _at(self, element_id: str) -> list[Ahead]:
        """What comes first from here on; each place is looked at once."""
        if element_id in self.known or len(self.known) > STEPS_AHEAD:
            return self.known.get(element_id, [])
        self.known[element_id] = []
        self.known[element_id] = self._found(self.model.elements[element_id])
        return self.known[element_id]

    def _found(self, element: Element) -> list[Ahead]:
        if element.kind in {"userTask", "intermediateCatchEvent"}:
            return [Ahead((element,))]
        if element.kind == "callActivity":
            return self._into(element)
        if element.kind == "subProcess":
            starts = [e.id for e in self.model.elements.values() if e.scope == element.id]
            return self._from(starts)
        return self._ended(element) if element.kind == "endEvent" else self.leaving(element.id)

    def _into(self, caller: Element) -> list[Ahead]:
        inner = (e for e in self.model.elements.values() if e.process == caller.called)
        starts = [e.id for e in inner if not e.scope and not e.event]
        return self._from(starts) or self.leaving(caller.id)

    def _from(self, among: list[str]) -> list[Ahead]:
        starts = [i for i in among if self.model.elements[i].kind == "startEvent"]
        return [ahead for start in starts for ahead in self._at(start)]

    def _ended(self, element: Element) -> list[Ahead]:
        """An end: of the whole process, or of a part, which goes on where it was called."""
        outer = self._outer(element)
        if not outer:
            return [Ahead((element,))]
        if element.event is None and self._ends_otherwise(element):
            return [Ahead((element,), beside=True)]
        if element.event in {"error", "escalation"}:
            outer = [
                e.id
                for e in self.model.elements.values()
                if e.attached_to in outer
                and e.event == element.event
                and e.code in {None, element.code}
            ]
        return [ahead for place in outer for ahead in self.leaving(place)]

    def _ends_otherwise(self, element: Element) -> bool:
        """Whether another end, drawn for it, ends the part while branches run beside each other."""
        return element.kind == "endEvent" and any(
            other.event == "terminate"
            and (other.process, other.scope) == (element.process, element.scope)
            for other in self.model.elements.values()
        )

    def _outer(self, element: Element) -> list[str]:
        if element.scope:
            return [element.scope]
        return callers_of(self.wording, element.process, self.inside)


def is_certain(flow: Flow) -> bool:
    """Whether the way is taken whatever is answered."""
    return (flow.condition or "").strip() == "true"


def comes_beside(flows: Sequence[Flow], found: Sequence[tuple[Flow, object]]) -> bool:
    """Whether a way is taken only together with another: its condition is the other's and more."""
    others = [flow.condition for flow, _ in found if flow not in flows and flow.condition]
    return all(
        any((flow.condition or "").startswith(f"{other} and ") for other in others)
        for flow in flows
    )


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
