"""Rules about events: which may stand where, and that each says what it waits for or does."""

from __future__ import annotations

from collections.abc import Iterator

from processes.engine.details import BPMN
from processes.engine.drawing import Drawn
from processes.engine.model import Element
from processes.engine.rules import Found, Rule, Surroundings, called_name

_ALLOWED: dict[str, tuple[str | None, ...]] = {
    "startEvent": (None, "message"),
    "endEvent": (None, "message", "error", "escalation", "terminate"),
    "intermediateCatchEvent": ("timer", "message"),
    "intermediateThrowEvent": (None, "message", "escalation"),
    "boundaryEvent": ("timer", "message", "error", "escalation"),
}
_WATCHABLE = frozenset({"userTask", "callActivity", "subProcess"})
_HAS_INSIDE = frozenset({"callActivity", "subProcess"})

_WHY = {
    "link": "Link events are passed over without a jump.",
    "compensate": "Compensation does nothing when run.",
    "signal": "Signals are not heard reliably.",
    "conditional": "Nobody would look whether the condition has become true.",
    "cancel": "Cancel events belong to transactions, which are not understood.",
    "multiple": "An event with several triggers is not understood.",
}


def is_allowed(process: Drawn, around: Surroundings) -> Iterator[Found]:
    """Every event is of a kind that is run as it is drawn."""
    del around
    for element in process.elements.values():
        allowed = _ALLOWED.get(element.kind)
        if allowed is None or element.event in allowed:
            continue
        kinds = ", ".join(kind or "no trigger" for kind in allowed)
        yield (
            element,
            _WHY.get(element.event or "", f"{called_name(element)} has a trigger it cannot have."),
            f"Here an event can have: {kinds}.",
        )


def says_what(process: Drawn, around: Surroundings) -> Iterator[Found]:
    """Timers have a moment, messages and errors a name."""
    del around
    for element in process.elements.values():
        raw = process.raw[element.id]
        if element.event == "timer" and not element.timer:
            cycle = raw.find(f"{BPMN}timerEventDefinition/{BPMN}timeCycle")
            yield (
                element,
                f"{called_name(element)} does not say when."
                if cycle is None
                else "A timer that repeats itself would fire many times after a pause.",
                "Give a duration (PT72H, P10WD, param:NAME) or a date."
                if cycle is None
                else "Give a duration, and draw the repetition as a loop.",
            )
        if element.event == "message" and not element.message:
            yield (
                element, f"{called_name(element)} does not name its message.",
                "Choose a message in the modeller.",
            )  # fmt: skip
        throws = element.kind in {"endEvent", "intermediateThrowEvent"}
        if throws and element.event in {"error", "escalation"} and not element.code:
            yield (
                element, f"{called_name(element)} has no code by which it could be caught.",
                f"Choose an {element.event} with a code.",
            )  # fmt: skip


def edges_fit(process: Drawn, around: Surroundings) -> Iterator[Found]:
    """A boundary event stands on something that takes time, and leads somewhere."""
    del around
    for element in process.elements.values():
        if element.kind != "boundaryEvent":
            continue
        host = process.elements.get(element.attached_to or "")
        if host is None or host.scope != element.scope or host.kind not in _WATCHABLE:
            yield (
                element, "A boundary event stands on a user task, sub-process or called process.",
                "Attach it to one.",
            )  # fmt: skip
            continue
        yield from _edge_events(element, host)
        if not any(flow.source == element.id for flow in process.flows.values()):
            yield (
                element, f"Nothing follows {called_name(element)}: the token would vanish.",
                "Draw what happens then.",
            )  # fmt: skip
        if any(flow.target == element.id for flow in process.flows.values()):
            yield element, "A flow leads into a boundary event.", "Remove the flow."


def _edge_events(element: Element, host: Element) -> Iterator[Found]:
    if element.event in {"error", "escalation"} and host.kind not in _HAS_INSIDE:
        yield (
            element, f"No {element.event} can come out of {called_name(host)}.",
            "Attach it to the sub-process or called process that raises it.",
        )  # fmt: skip
    if element.event == "error" and not element.interrupting:
        yield (
            element, "An error always interrupts.",
            "Make the boundary event interrupting, or use an escalation.",
        )  # fmt: skip


RULES: tuple[Rule, ...] = (is_allowed, says_what, edges_fit)
