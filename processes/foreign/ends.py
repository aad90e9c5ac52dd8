"""Draws the starts and ends that were left out: the standard says what is meant without them."""

from __future__ import annotations

from collections import Counter

from lxml import etree

from processes.engine.details import BPMN, tag_of
from processes.foreign.canvas import EVENT, GATEWAY
from processes.foreign.drawn_flows import add_flow, add_shape, in_lane_of
from processes.foreign.sheet import Sheet, flows_of, shapes_of, shown

_EDGE = frozenset({"startEvent", "endEvent", "boundaryEvent"})


def mend_ends(sheet: Sheet) -> None:
    """Every level gets a start where it has none, and every last step an end."""
    for scope in sheet.scopes():
        if scope.tag == BPMN + "adHocSubProcess" or scope.get("triggeredByEvent") == "true":
            continue
        shapes = [node for node in shapes_of(scope) if node.get("id")]
        ids = [node.get("id") for node in shapes]
        if not shapes or len(set(ids)) != len(ids):
            continue
        _start(sheet, scope, shapes)
        _ends(sheet, scope, shapes)


def _start(sheet: Sheet, scope: etree._Element, shapes: list[etree._Element]) -> None:
    if any(tag_of(node) == "startEvent" for node in shapes):
        return
    entered = {flow.get("targetRef") for flow in flows_of(scope)}
    first = [node for node in shapes if node.get("id") not in entered and _can_begin(node)]
    if not first or not sheet.may_add(len(first)):
        return
    stem = str(scope.get("id"))
    start = add_shape(sheet, first[0], "startEvent", before=True, size=EVENT, stem=stem)
    words = f"{shown(scope)} began without a start event."
    behind = start
    if len(first) > 1:
        behind = add_shape(sheet, start, "parallelGateway", before=False, size=GATEWAY)
        in_lane_of(sheet, first[0], behind)
        add_flow(sheet, start, behind)
    for node in first:
        add_flow(sheet, behind, node)
    told = ", ".join(shown(node) for node in first)
    sheet.note("mended", start, words, f"A start is drawn that leads to {told}.")


def _can_begin(node: etree._Element) -> bool:
    kind = tag_of(node)
    if kind == "intermediateCatchEvent" or kind in _EDGE:
        return False
    return node.get("triggeredByEvent") != "true" and node.get("isForCompensation") != "true"


def _ends(sheet: Sheet, scope: etree._Element, shapes: list[etree._Element]) -> None:
    leaving = Counter(flow.get("sourceRef") for flow in flows_of(scope))
    entered = Counter(flow.get("targetRef") for flow in flows_of(scope))
    for node in shapes:
        step = str(node.get("id"))
        last = entered[step] and not leaving[step] and _can_end(node)
        if not last or not sheet.may_add(1):
            continue
        end = add_shape(sheet, node, "endEvent", before=False, size=EVENT)
        add_flow(sheet, node, end)
        sheet.note("mended", node, f"Nothing followed {shown(node)}.", "An end is drawn behind it.")


def _can_end(node: etree._Element) -> bool:
    kind = tag_of(node)
    link = node.find(BPMN + "linkEventDefinition") is not None
    compensates = node.get("isForCompensation") == "true"
    return not (kind in _EDGE or kind.endswith("Gateway") or link or compensates)
