"""Takes down what a BPMN file draws: processes, lanes, elements, flows; judges nothing."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache

from lxml import etree

from processes.engine.details import (
    BPMN,
    SV,
    children_of,
    documentation_of,
    event_of,
    name_of,
    repeats_of,
    tag_of,
)
from processes.engine.model import Element, Flow, Lane, Problem, ProcessInfo
from processes.engine.reading import UnsafeXml, read_xml

# What carries no token: everything else in a process is taken for a shape, known or not.
_NO_SHAPE = frozenset(
    {
        "artifact", "association", "auditing", "correlationSubscription", "dataObject",
        "dataObjectReference", "dataStoreReference", "documentation", "extensionElements",
        "group", "incoming", "ioSpecification", "laneSet", "monitoring", "outgoing", "property",
        "resourceRole", "potentialOwner", "performer", "humanPerformer", "supportedInterfaceRef",
        "textAnnotation", "multiInstanceLoopCharacteristics", "standardLoopCharacteristics",
        "dataInputAssociation", "dataOutputAssociation", "completionCondition",
    }
)  # fmt: skip


@dataclass
class Drawn:
    """One process as drawn. `raw` keeps the XML of each element for the checks."""

    info: ProcessInfo
    executable: bool
    elements: dict[str, Element] = field(default_factory=dict)
    flows: dict[str, Flow] = field(default_factory=dict)
    raw: dict[str, etree._Element] = field(default_factory=dict)
    placed: set[str] = field(default_factory=set)
    """The elements that some lane names."""


@dataclass
class Drawing:
    """One file: its processes, and what could not even be taken down."""

    file: str
    processes: list[Drawn] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


@dataclass
class _Place:
    """Where an element stands while its process is being read."""

    drawn: Drawn
    lanes: dict[str, tuple[Lane, str | None]]
    roots: dict[str, etree._Element]
    drawing: Drawing

    def problem(self, node: etree._Element, words: str, remedy: str) -> None:
        self.drawing.problems.append(
            Problem(self.drawing.file, node.get("id"), words, remedy, node.sourceline)
        )


@lru_cache(maxsize=256)
def draw(file: str, raw: bytes) -> Drawing:
    """What the file draws; a file that cannot be read gives a drawing with problems only.

    Drawn once by content: each model of a pack is compiled among all its files. Nobody changes a
    drawing that is given out.
    """
    return draw_once(file, raw)


def draw_once(file: str, raw: bytes) -> Drawing:
    """The same without keeping it: for files that are looked at one by one, in any number."""
    drawing = Drawing(file)
    try:
        root = read_xml(raw)
    except UnsafeXml as error:
        drawing.problems.append(Problem(file, None, error.words, error.remedy, error.line))
        return drawing
    if root.tag != BPMN + "definitions":
        words, remedy = _no_bpmn(root)
        drawing.problems.append(Problem(file, None, words, remedy))
        return drawing
    roots = {str(node.get("id")): node for node in root if isinstance(node.tag, str)}
    for node in root.iterchildren(BPMN + "process"):
        _draw_process(drawing, node, roots)
    return drawing


def _no_bpmn(root: etree._Element) -> tuple[str, str]:
    """What the file is instead, where its first tag says so."""
    space, _, name = str(root.tag).removeprefix("{").rpartition("}")
    if "CMMN" in space:
        return "This is a case model (CMMN), not a process.", "Draw its stages as a BPMN process."
    if "/DMN/" in space:
        return "This is a decision table (DMN), not a process.", "Let its name end in .dmn."
    if "BPMN" in space and name == "definitions":
        return (
            "This file was written before BPMN 2.0 was agreed.",
            "Open it in a present BPMN modeller and save it again.",
        )
    if name == "definitions" and not space:
        return (
            "The file does not say that it is BPMN: its first tag has no name space.",
            f'Write xmlns="{BPMN[1:-1]}" into it, or save it again from the modeller.',
        )
    return "This is not a BPMN file.", "Load a file made by a BPMN modeller."


def _draw_process(drawing: Drawing, node: etree._Element, roots: dict[str, etree._Element]) -> None:
    process_id = node.get("id")
    if not process_id:
        drawing.problems.append(
            Problem(
                drawing.file, None, "A process has no id.", "Give it the name of its file.",
                node.sourceline,
            )
        )  # fmt: skip
        return
    lanes, inventory = _lanes(node)
    info = ProcessInfo(
        process_id, node.get("name") or process_id, drawing.file, inventory, documentation_of(node)
    )
    drawn = Drawn(info, node.get("isExecutable") == "true", placed=set(lanes))
    drawing.processes.append(drawn)
    _draw_scope(_Place(drawn, lanes, roots, drawing), node, None, (None, None))
    for raw in drawn.raw.values():
        default = drawn.flows.get(raw.get("default") or "")
        if default is not None:
            drawn.flows[default.id] = replace(default, is_default=True)


def _lanes(
    process: etree._Element,
) -> tuple[dict[str, tuple[Lane, str | None]], tuple[Lane, ...]]:
    """By element, the innermost lane that names it, with the role that holds there."""
    by_element: dict[str, tuple[Lane, str | None]] = {}
    depth_of: dict[str, int] = {}
    inventory: list[Lane] = []
    for node in process.iter(BPMN + "lane"):
        role, depth = node.get(SV + "role"), 0
        for above in node.iterancestors(BPMN + "lane"):
            depth += 1
            role = role or above.get(SV + "role")
        lane = Lane(str(node.get("id")), (node.get("name") or "").strip(), role)
        inventory.append(lane)
        for ref in node.iterchildren(BPMN + "flowNodeRef"):
            element_id = (ref.text or "").strip()
            if depth >= depth_of.get(element_id, 0):
                by_element[element_id], depth_of[element_id] = (lane, role), depth
    return by_element, tuple(inventory)


def _draw_scope(
    place: _Place,
    container: etree._Element,
    scope: str | None,
    around: tuple[str | None, str | None],
) -> None:
    drawn = place.drawn
    for node in children_of(container):
        tag = tag_of(node)
        if tag == "sequenceFlow":
            _draw_flow(place, node)
        elif tag not in _NO_SHAPE:
            element = _draw_element(place, node, tag, scope, around)
            if element is None:
                continue
            drawn.elements[element.id] = element
            drawn.raw[element.id] = node
            if tag in {"subProcess", "transaction", "adHocSubProcess"}:
                _draw_scope(place, node, element.id, (element.lane, element.role))


def _draw_flow(place: _Place, node: etree._Element) -> None:
    flow_id, source, target = node.get("id"), node.get("sourceRef"), node.get("targetRef")
    if not flow_id or not source or not target:
        place.problem(
            node, "A flow has no id, start or end.", "Draw the arrow again between two elements."
        )
        return
    if flow_id in place.drawn.flows or flow_id in place.drawn.elements:
        _twice(place, node, flow_id)
        return
    condition = node.find(BPMN + "conditionExpression")
    text = None if condition is None else "".join(condition.itertext()).strip() or None
    place.drawn.flows[flow_id] = Flow(
        flow_id, source, target, name_of(node), text, place.drawn.info.id, line=node.sourceline
    )


def _draw_element(
    place: _Place,
    node: etree._Element,
    tag: str,
    scope: str | None,
    around: tuple[str | None, str | None],
) -> Element | None:
    element_id = node.get("id")
    if not element_id:
        place.problem(node, f"A {tag} has no id.", "Give it an id in the modeller.")
        return None
    if element_id in place.drawn.elements or element_id in place.drawn.flows:
        _twice(place, node, element_id)
        return None
    lane, role = around
    if element_id in place.lanes:
        found, role = place.lanes[element_id]
        lane = found.name
    attributes = {
        str(key)[len(SV) :]: str(value).strip()
        for key, value in node.attrib.items()
        if str(key).startswith(SV)
    }
    event, code, message, timer = event_of(node, place.roots)
    return Element(
        id=element_id,
        name=name_of(node),
        kind=tag,
        process=place.drawn.info.id,
        lane=lane,
        role=attributes.get("role", role),
        form=attributes.get("form"),
        due=attributes.get("due"),
        remind=attributes.get("remind"),
        escalate=attributes.get("escalate"),
        layer=attributes.get("layer"),
        legal_basis=attributes.get("basis"),
        seat=attributes.get("seat"),
        effect=attributes.get("effect"),
        decision=attributes.get("decision"),
        correlation=attributes.get("correlation", "case") if event == "message" else None,
        message=message,
        timer=timer,
        documentation=documentation_of(node),
        attributes=attributes,
        scope=scope,
        event=event,
        code=code,
        called=node.get("calledElement"),
        attached_to=node.get("attachedToRef"),
        interrupting=node.get("cancelActivity", "true") != "false",
        repeats=repeats_of(node),
        line=node.sourceline,
    )


def _twice(place: _Place, node: etree._Element, element_id: str) -> None:
    place.problem(
        node,
        f"The id {element_id} is used twice in this file.",
        "Give one of the two another id.",
    )
