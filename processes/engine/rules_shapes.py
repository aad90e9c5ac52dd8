"""Rules about the shapes of a process: which are understood, and what each must say."""

from __future__ import annotations

from collections.abc import Iterator

from processes.engine.details import BPMN
from processes.engine.drawing import Drawn
from processes.engine.rules import Found, Rule, Surroundings, called_name

_OTHER_SHAPES = {
    "scriptTask": ("A script task would run a program from the diagram.",
                   "Use a service task with sv:effect, or a decision table."),
    "task": ("A plain task does not say who does it.",
             "Make it a user task with a form, or a service task with an effect."),
    "manualTask": ("A manual task leaves no trace.", "Make it a user task with a form."),
    "sendTask": ("A send task is not used here.", "Use a throwing message event."),
    "receiveTask": ("A receive task is not used here.", "Use a catching message event."),
    "complexGateway": ("A complex gateway has no agreed meaning.",
                       "Use exclusive, inclusive or parallel gateways."),
    "transaction": ("A transaction is not understood.", "Use a plain sub-process."),
    "adHocSubProcess": ("An ad-hoc sub-process is not understood.",
                        "Draw the order of the steps, or use a called process."),
}  # fmt: skip

_UNDERSTOOD = frozenset(
    {
        "startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent",
        "boundaryEvent", "userTask", "serviceTask", "businessRuleTask", "exclusiveGateway",
        "parallelGateway", "inclusiveGateway", "eventBasedGateway", "callActivity", "subProcess",
    }
)  # fmt: skip
_REPEATABLE = frozenset({"userTask", "serviceTask", "callActivity", "subProcess"})

_WITH_EFFECT = frozenset(
    {
        ("endEvent", None),
        ("endEvent", "message"),
        ("intermediateCatchEvent", "timer"),
        ("userTask", None),
    }
)
"""The shapes, beside service tasks, whose effect is carried out before they are come to."""


def is_executable(process: Drawn, around: Surroundings) -> Iterator[Found]:
    """Only a process that says so is run."""
    del around
    if not process.executable:
        yield (
            None, f"The process {called_process(process)} is not marked as executable.",
            "Tick “executable” in the modeller, or draw the pool without its inside.",
        )  # fmt: skip


def is_understood(process: Drawn, around: Surroundings) -> Iterator[Found]:
    """Every shape is one that is run as it is drawn."""
    del around
    for element in process.elements.values():
        if element.kind not in _UNDERSTOOD:
            words, remedy = _OTHER_SHAPES.get(
                element.kind,
                (f"The shape {element.kind} is not understood.", "Use one that is."),
            )
            yield element, words, remedy
        raw = process.raw[element.id]
        if raw.get("triggeredByEvent") == "true":
            yield (
                element, "A sub-process that is started by an event does not interrupt reliably.",
                "Put a boundary event on a sub-process around the steps it concerns.",
            )  # fmt: skip
        if raw.get("isForCompensation") == "true":
            yield element, "Compensation is not understood.", "Draw the way back as steps."


def repeats_well(process: Drawn, around: Surroundings) -> Iterator[Found]:
    """Repetition goes over a list of references."""
    del around
    for element in process.elements.values():
        raw = process.raw[element.id]
        if raw.find(BPMN + "standardLoopCharacteristics") is not None:
            yield (
                element, "A standard loop is not understood.",
                "Draw the loop with an exclusive gateway.",
            )  # fmt: skip
        repeats = element.repeats
        if repeats is None:
            continue
        if element.kind not in _REPEATABLE:
            yield (
                element, f"{called_name(element)} cannot be repeated for each item of a list.",
                "Repeat a user task, a sub-process or a called process.",
            )  # fmt: skip
        if not repeats.collection:
            yield (
                element, f"{called_name(element)} does not say for each item of which list.",
                "Name the variable that holds the list in sv:collection.",
            )  # fmt: skip
        if repeats.output_item and not repeats.output:
            yield (
                element, "The answers are collected nowhere.",
                "Name the variable for the list of answers in sv:outputs.",
            )  # fmt: skip


def says_what_it_does(process: Drawn, around: Surroundings) -> Iterator[Found]:
    """Service, decision and call name something that exists."""
    for element in process.elements.values():
        if element.kind == "serviceTask" and not element.effect:
            yield (
                element, f"{called_name(element)} does not say which effect it has.",
                "Name a registered effect in sv:effect.",
            )  # fmt: skip
        if element.kind == "businessRuleTask" and element.decision not in around.decisions:
            yield (
                element, f"There is no decision {element.decision or '(none named)'}.",
                "Name a decision of a table of this pack in sv:decision.",
            )  # fmt: skip
        if element.kind == "callActivity" and element.called not in around.processes:
            yield (
                element, f"There is no process {element.called or '(none named)'} to call.",
                "Choose a process of this pack or of one that it extends.",
            )  # fmt: skip


def effects_stand_where_they_are_done(process: Drawn, around: Surroundings) -> Iterator[Found]:
    """An effect on a shape that does not carry it out would be passed over."""
    del around
    hasty = {
        flow.target
        for flow in process.flows.values()
        if flow.source in process.elements
        and process.elements[flow.source].kind == "eventBasedGateway"
    }
    for element in process.elements.values():
        if element.kind == "serviceTask" or "effect" not in element.attributes:
            continue
        if (element.kind, element.event) not in _WITH_EFFECT or element.id in hasty:
            yield (
                element,
                f"{called_name(element)} cannot have an effect: nobody would carry it out.",
                (
                    "Put sv:effect on a service task, on a user task, on an end without trigger or "
                    "with a message, or on a timer in the flow that does not follow an event "
                    "gateway."
                ),
            )
        elif not element.effect:
            yield (
                element, f"{called_name(element)} does not say which effect it has.",
                "Name a registered effect in sv:effect, or remove the attribute.",
            )  # fmt: skip


def calls_no_circle(process: Drawn, around: Surroundings) -> Iterator[Found]:
    """A process does not call itself, not even by way of another."""
    for element in process.elements.values():
        if element.kind != "callActivity" or element.called is None:
            continue
        seen: set[str] = set()
        ahead = [element.called]
        while ahead:
            name = ahead.pop()
            if name in seen or name not in around.processes:
                continue
            seen.add(name)
            inner = around.processes[name].elements.values()
            ahead.extend(e.called for e in inner if e.kind == "callActivity" and e.called)
        if process.info.id in seen:
            yield (
                element, f"{called_name(element)} leads back into the process it stands in.",
                "Draw the repetition as a loop.",
            )  # fmt: skip


def has_starts(process: Drawn, around: Surroundings) -> Iterator[Found]:
    """A process begins somewhere; what is called or embedded begins at one plain start."""
    starts = [e for e in process.elements.values() if e.kind == "startEvent"]
    if not any(start.scope is None for start in starts):
        yield None, "The process has no start event.", "Draw one."
    plain = [s for s in starts if s.scope is None and s.event is None]
    if len(plain) != 1 and around.is_called(process.info.id):
        yield (
            None, "A called process begins at exactly one start event without a trigger.",
            f"It has {len(plain)}; draw one.",
        )  # fmt: skip
    for element in process.elements.values():
        if element.kind == "subProcess":
            inner = [start for start in starts if start.scope == element.id]
            if len(inner) != 1 or inner[0].event is not None:
                yield (
                    element, "A sub-process begins at exactly one start event without a trigger.",
                    f"It has {len(inner)} start events; draw one plain one.",
                )  # fmt: skip


def called_process(process: Drawn) -> str:
    """The name of the process in a sentence."""
    return f"“{process.info.name}”"


RULES: tuple[Rule, ...] = (
    is_executable,
    is_understood,
    repeats_well,
    says_what_it_does,
    effects_stand_where_they_are_done,
    calls_no_circle,
    has_starts,
)

AMONG_OTHERS: tuple[Rule, ...] = (says_what_it_does, calls_no_circle, has_starts)
"""Those that look at other processes too."""
