"""Draws the gateways that were left out, and names the default way where it is clear."""

from __future__ import annotations

from collections import defaultdict

from lxml import etree

from processes.engine.details import BPMN, tag_of
from processes.foreign.canvas import GATEWAY
from processes.foreign.drawn_flows import add_flow, add_shape, lead_from
from processes.foreign.sheet import Sheet, flows_of, shapes_of, shown

XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
_CONDITION = BPMN + "conditionExpression"


def mend_splits(sheet: Sheet) -> None:
    """Gateways where a way divides without one; the one way without a condition is the default."""
    for scope in sheet.scopes():
        leaving: dict[str, list[etree._Element]] = defaultdict(list)
        for flow in flows_of(scope):
            leaving[str(flow.get("sourceRef"))].append(flow)
        shapes = [node for node in shapes_of(scope) if node.get("id")]
        ids = [str(node.get("id")) for node in shapes]
        known = set(ids)
        if len(known) != len(ids):
            continue
        for node in shapes:
            _mend_way(sheet, node, leaving[str(node.get("id"))], known)


def _mend_way(
    sheet: Sheet, node: etree._Element, flows: list[etree._Element], ids: set[str]
) -> None:
    kind = tag_of(node)
    whole = all(flow.get("targetRef") in ids and flow.get("id") for flow in flows)
    if kind.endswith("Gateway"):
        _default_of_gateway(sheet, node, flows, kind)
    elif len(flows) > 1 and whole and kind != "endEvent" and sheet.may_add(len(flows)):
        _divide(sheet, node, flows)
    elif node.get("default") and not any(_has_condition(flow) for flow in flows):
        del node.attrib["default"]
        _told_default(sheet, node)


def _divide(sheet: Sheet, node: etree._Element, flows: list[etree._Element]) -> None:
    """Without conditions every way is taken; with them, each whose condition holds."""
    default = node.get("default")
    conditional = [flow for flow in flows if _has_condition(flow)]
    always = [f for f in flows if not _has_condition(f) and f.get("id") != default]
    if default and always and conditional:
        return  # whether the default is then ever taken, its author must say
    gateway = add_shape(
        sheet, node, "inclusiveGateway" if conditional else "parallelGateway", before=False,
        size=GATEWAY,
    )  # fmt: skip
    for flow in flows:
        lead_from(sheet, flow, node, gateway)
    add_flow(sheet, node, gateway)
    if default:
        del node.attrib["default"]
        if conditional:
            gateway.set("default", default)
    if conditional:
        for flow in always:
            _hold_always(flow)
    kind = (
        "an inclusive gateway: each way whose condition holds"
        if conditional
        else ("a parallel gateway: every way")
    )
    words = f"More than one flow left {shown(node)} without a gateway."
    sheet.note("mended", node, words, f"They leave {kind} is taken.")


def _default_of_gateway(
    sheet: Sheet, node: etree._Element, flows: list[etree._Element], kind: str
) -> None:
    default = node.get("default")
    if kind in {"parallelGateway", "eventBasedGateway"}:
        if default:
            del node.attrib["default"]
            _told_default(sheet, node)
        return
    if default and default not in {flow.get("id") for flow in flows}:
        del node.attrib["default"]
        sheet.note("mended", node, f"The default of {shown(node)} did not leave it.", "Taken away.")
        default = None
    without = [flow for flow in flows if not _has_condition(flow)]
    if kind == "exclusiveGateway" and not default and len(flows) > 1 and len(without) == 1:
        node.set("default", str(without[0].get("id")))
        words = f"One way from {shown(node)} has no condition."
        sheet.note("mended", without[0], words, "It is the default: taken if no other can be.")


def _told_default(sheet: Sheet, node: etree._Element) -> None:
    sheet.note("mended", node, f"A default at {shown(node)} chose nothing.", "Taken away.")


def _has_condition(flow: etree._Element) -> bool:
    """Also one that its author left empty: what it is to say is not for us to guess."""
    return flow.find(_CONDITION) is not None


def _hold_always(flow: etree._Element) -> None:
    """A way that is always taken says so."""
    node = etree.SubElement(flow, _CONDITION)
    prefix = next((p for p, uri in flow.nsmap.items() if uri == BPMN[1:-1]), None)
    node.set(XSI + "type", f"{prefix}:tFormalExpression" if prefix else "tFormalExpression")
    node.text = "true"
