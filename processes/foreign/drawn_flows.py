"""Adds shapes and arrows to a model, with their place in lane and drawing."""

from __future__ import annotations

from lxml import etree

from processes.engine.details import BPMN, tag_of
from processes.foreign.sheet import Sheet, place_after, remove

_CALLED = {
    "startEvent": "start", "endEvent": "end", "parallelGateway": "split",
    "inclusiveGateway": "split",
}  # fmt: skip
_BEFORE_FLOWS = ("documentation", "extensionElements", "auditing", "monitoring", "categoryValueRef")


def add_shape(
    sheet: Sheet,
    beside: etree._Element,
    tag: str,
    *,
    before: bool,
    size: float,
    stem: str | None = None,
) -> etree._Element:
    """A new shape beside another, in its lane, drawn to the left or right of it."""
    sheet.added += 1
    node = etree.Element(BPMN + tag)
    new = sheet.new_id(f"{stem or beside.get('id')}_{_CALLED[tag]}")
    node.set("id", new)
    place_after(beside, node)
    in_lane_of(sheet, beside, node)
    put = sheet.canvas.put_before if before else sheet.canvas.put_behind
    put(str(beside.get("id")), new, size)
    return node


def in_lane_of(sheet: Sheet, shape: etree._Element, new: etree._Element) -> None:
    """Name the new shape in every lane that names the other, once."""
    for ref in list(sheet.root.iter(BPMN + "flowNodeRef")):
        lane = ref.getparent()
        if (ref.text or "").strip() != shape.get("id") or lane is None:
            continue
        if not any((r.text or "").strip() == new.get("id") for r in lane):
            added = etree.Element(BPMN + "flowNodeRef")
            added.text = new.get("id")
            place_after(ref, added)


def add_flow(sheet: Sheet, source: etree._Element, target: etree._Element) -> etree._Element:
    """A new arrow, in the XML and in the drawing."""
    flow = etree.Element(BPMN + "sequenceFlow")
    ends = {"sourceRef": str(source.get("id")), "targetRef": str(target.get("id"))}
    flow.set("id", sheet.new_id(f"{ends['sourceRef']}_{ends['targetRef']}"))
    for name, value in ends.items():
        flow.set(name, value)
    place_after(source if source.getparent() is target.getparent() else target, flow)
    refer(source, "outgoing", str(flow.get("id")))
    refer(target, "incoming", str(flow.get("id")))
    sheet.canvas.connect(str(flow.get("id")), **_ends(ends))
    return flow


def lead_from(sheet: Sheet, flow: etree._Element, old: etree._Element, new: etree._Element) -> None:
    """Let an arrow begin at another shape."""
    for ref in old.findall(BPMN + "outgoing"):
        if (ref.text or "").strip() == flow.get("id"):
            remove(ref)
    refer(new, "outgoing", str(flow.get("id")))
    flow.set("sourceRef", str(new.get("id")))
    target = str(flow.get("targetRef"))
    sheet.canvas.connect(str(flow.get("id")), str(new.get("id")), target)


def refer(node: etree._Element, tag: str, flow: str) -> None:
    """Name an arrow in a shape, where the standard puts it."""
    known = node.findall(BPMN + tag)
    if any((ref.text or "").strip() == flow for ref in known):
        return
    ref = etree.Element(BPMN + tag)
    ref.text = flow
    before = [*known] or ([*node.findall(BPMN + "incoming")] if tag == "outgoing" else [])
    before = before or [child for child in node if _stands_before(child)]
    if before:
        place_after(before[-1], ref)
        return
    parent = node.getparent()
    lead = _lead(node) if parent is not None else ""
    ref.tail = node.text if len(node) else lead
    node.text = (lead + "  ") if lead and not len(node) else node.text
    node.insert(0, ref)


def _stands_before(child: etree._Element) -> bool:
    return (
        isinstance(child.tag, str) and child.tag.startswith(BPMN) and tag_of(child) in _BEFORE_FLOWS
    )


def _lead(node: etree._Element) -> str:
    before = node.getprevious()
    parent = node.getparent()
    text = before.tail if before is not None else (parent.text if parent is not None else None)
    return text if text and not text.strip() else ""


def _ends(ends: dict[str, str]) -> dict[str, str]:
    return {"source": ends["sourceRef"], "target": ends["targetRef"]}
