"""Mends shapes that mean the same as one that is run."""

from __future__ import annotations

from lxml import etree

from processes.engine.details import BPMN
from processes.foreign.sheet import Sheet, shapes_of, shown


def mend_kinds(sheet: Sheet) -> None:
    """Plain and manual tasks are done by people; a transaction that is never cancelled is a
    sub-process."""
    placed = {(ref.text or "").strip() for ref in sheet.root.iter(BPMN + "flowNodeRef")}
    for scope in sheet.scopes():
        for node in list(shapes_of(scope)):
            if node.tag == BPMN + "manualTask" or _is_drawn_for_people(node, placed):
                words = f"{shown(node)} does not say who does it."
                node.tag = BPMN + "userTask"
                sheet.note("mended", node, words, "It is a user task now; name its form.")
            elif node.tag == BPMN + "transaction" and not _is_cancelled(node):
                node.tag = BPMN + "subProcess"
                node.attrib.pop("method", None)
                words = f"{shown(node)} was a transaction that nothing cancels."
                sheet.note("mended", node, words, "It is a plain sub-process now.")


def _is_drawn_for_people(node: etree._Element, placed: set[str]) -> bool:
    """A plain task is somebody's in a lane, and in a drawing that was not made to be run; else it
    may be a step of no one, which the other engine passed over."""
    process = next(node.iterancestors(BPMN + "process"), None)
    if node.tag != BPMN + "task" or process is None:
        return False
    return node.get("id") in placed or process.get("isExecutable") != "true"


def _is_cancelled(node: etree._Element) -> bool:
    scope = node.getparent()
    return scope is None or next(scope.iter(BPMN + "cancelEventDefinition"), None) is not None
