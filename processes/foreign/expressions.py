"""Converts the conditions and timers that another engine would have computed."""

from __future__ import annotations

from lxml import etree

from processes.engine.details import BPMN
from processes.foreign.juel import NotSimple, feel_of
from processes.foreign.moments import moment_of, once_of
from processes.foreign.sheet import Sheet

_CONDITIONS = (BPMN + "conditionExpression", BPMN + "completionCondition")
_TIMES = (BPMN + "timeDuration", BPMN + "timeDate")


def convert_expressions(sheet: Sheet) -> None:
    """Conditions become FEEL, times follow the grammar of deadlines, where that is simple."""
    for node in sheet.root.iter(*_CONDITIONS):
        _condition(sheet, node)
    for node in sheet.root.iter(*_TIMES):
        _time(sheet, node)
    for node in list(sheet.root.iter(BPMN + "timeCycle")):
        _cycle(sheet, node)


def _condition(sheet: Sheet, node: etree._Element) -> None:
    text = (node.text or "").strip()
    if len(node) or not text.startswith(("${", "#{", "=")):
        return
    try:
        feel = feel_of(text)
    except NotSimple:
        return  # told by the rules, on the text as it stands
    node.text = feel
    sheet.note("converted", node, f"The condition “{text}” is not FEEL.", f"It becomes “{feel}”.")


def _time(sheet: Sheet, node: etree._Element) -> None:
    text = (node.text or "").strip()
    found = moment_of(text) if text and not len(node) else None
    if found is None or found == text:
        return
    node.text = found
    sheet.note("converted", node, f"The time “{text}” is not read here.", f"It becomes “{found}”.")


def _cycle(sheet: Sheet, node: etree._Element) -> None:
    text = (node.text or "").strip()
    found = once_of(text) if not len(node) else None
    if found is None:
        return
    node.tag = BPMN + "timeDuration"
    node.text = found
    sheet.note("converted", node, f"The cycle “{text}” runs once.", f"It becomes “{found}”.")
