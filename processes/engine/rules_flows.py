"""Rules about flows: splits are drawn, conditions readable, every shape reached."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from feel import FeelError, compile_expression
from processes.engine.drawing import Drawn
from processes.engine.model import Element, Flow
from processes.engine.rules import Found, Rule, Surroundings, called_name

_CHOOSING = frozenset({"exclusiveGateway", "inclusiveGateway"})
_GATEWAYS = _CHOOSING | {"parallelGateway", "eventBasedGateway"}


def leads_somewhere(process: Drawn, around: Surroundings) -> Iterator[Found]:
    """Both ends of a flow are shapes of the same process level."""
    del around
    for flow in process.flows.values():
        source, target = process.elements.get(flow.source), process.elements.get(flow.target)
        if source is None or target is None:
            yield flow, "The flow begins or ends nowhere.", "Draw it again."
        elif source.scope != target.scope:
            yield (
                flow, "The flow crosses the border of a sub-process.",
                "End the sub-process, and go on from its edge.",
            )  # fmt: skip


def ends_are_drawn(process: Drawn, around: Surroundings) -> Iterator[Found]:
    """What is not an end leads on; starts and ends stand at the edge."""
    del around
    leaving, entering = _degrees(process)
    for element in process.elements.values():
        if element.kind == "endEvent":
            if leaving[element.id]:
                yield element, "A flow leads on from an end.", "Remove it."
        elif not leaving[element.id] and element.kind != "boundaryEvent":
            yield (
                element, f"Nothing follows {called_name(element)}.",
                "Draw what follows, or an end event.",
            )  # fmt: skip
        if element.kind == "startEvent" and entering[element.id]:
            yield element, "A flow leads into a start.", "Let it lead to the step after it."


def splits_are_drawn(process: Drawn, around: Surroundings) -> Iterator[Found]:
    """Where the way divides there stands a gateway; conditions stand behind gateways."""
    del around
    leaving, _ = _degrees(process)
    for element in process.elements.values():
        if leaving[element.id] > 1 and element.kind not in _GATEWAYS:
            yield (
                element, f"More than one flow leaves {called_name(element)}.",
                "Draw the gateway that divides them.",
            )  # fmt: skip
    for flow in process.flows.values():
        source = process.elements.get(flow.source)
        if flow.condition and source is not None and source.kind not in _CHOOSING:
            yield (
                flow, "A condition stands where nothing is chosen, and would be passed over.",
                "Put an exclusive gateway before it.",
            )  # fmt: skip


def choices_can_be_made(process: Drawn, around: Surroundings) -> Iterator[Found]:
    """Every way out of a choice has a readable condition, or is the one default."""
    del around
    leaving, _ = _degrees(process)
    for element in process.elements.values():
        default = process.raw[element.id].get("default")
        if default and element.kind not in _CHOOSING:
            yield element, "A default flow has no meaning here.", "Draw an exclusive gateway."
        elif default and getattr(process.flows.get(default), "source", None) != element.id:
            yield element, "Its default flow does not leave it.", "Choose the default again."
    for flow in process.flows.values():
        source = process.elements.get(flow.source)
        if source is None or source.kind not in _CHOOSING:
            continue
        if leaving[source.id] > 1 and not flow.condition and not flow.is_default:
            yield (
                flow, f"A way from {called_name(source)} has no condition and is no default.",
                "Write the condition in FEEL, or make this way the default.",
            )  # fmt: skip
        if flow.condition:
            yield from _readable(flow, flow.condition)


def repeats_until(process: Drawn, around: Surroundings) -> Iterator[Found]:
    """The condition that ends a repetition can be read."""
    del around
    for element in process.elements.values():
        if element.repeats is not None and element.repeats.until:
            yield from _readable(element, element.repeats.until)


def waits_under_event_gateways(process: Drawn, around: Surroundings) -> Iterator[Found]:
    """Under an event gateway stand events, each for this gateway alone."""
    del around
    _, entering = _degrees(process)
    for flow in process.flows.values():
        source, target = process.elements.get(flow.source), process.elements.get(flow.target)
        if source is None or target is None or source.kind != "eventBasedGateway":
            continue
        if target.kind != "intermediateCatchEvent" or entering[target.id] > 1:
            yield (
                flow, f"{called_name(target)} is not an event that waits for this gateway alone.",
                "Let the flow lead to a timer or message event of its own.",
            )  # fmt: skip


def everything_is_reached(process: Drawn, around: Surroundings) -> Iterator[Found]:
    """Whatever is drawn can be come to."""
    del around
    after: dict[str, list[str]] = {element_id: [] for element_id in process.elements}
    for flow in process.flows.values():
        after.setdefault(flow.source, []).append(flow.target)
    for element in process.elements.values():
        if element.kind == "boundaryEvent" and element.attached_to in after:
            after[element.attached_to].append(element.id)
    seen: set[str] = set()
    ahead = [e.id for e in process.elements.values() if e.kind == "startEvent"]
    while ahead:
        name = ahead.pop()
        if name in seen:
            continue
        seen.add(name)
        ahead.extend(after.get(name, ()))
    for element in process.elements.values():
        if element.id not in seen and element.kind != "startEvent":
            yield (
                element, f"No way leads to {called_name(element)}.",
                "Connect it, or remove it.",
            )  # fmt: skip


def _readable(where: Element | Flow, text: str) -> Iterator[Found]:
    try:
        compile_expression(text)
    except FeelError as error:
        if text.startswith(("${", "#{")):
            yield (
                where, f"The expression “{text[:200]}” is written for another engine.",
                "Write it in FEEL, such as approved = true; let an effect or a table do the rest.",
            )  # fmt: skip
            return
        yield where, f"The expression “{text[:200]}” cannot be read: {error}", "Correct it (FEEL)."


def _degrees(process: Drawn) -> tuple[Counter[str], Counter[str]]:
    leaving = Counter(flow.source for flow in process.flows.values())
    entering = Counter(flow.target for flow in process.flows.values())
    return leaving, entering


RULES: tuple[Rule, ...] = (
    leads_somewhere,
    ends_are_drawn,
    splits_are_drawn,
    choices_can_be_made,
    repeats_until,
    waits_under_event_gateways,
    everything_is_reached,
)
