"""Converts what other engines wrote on a shape into our own attributes, word by word."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

from lxml import etree

from processes.engine.details import BPMN, SV
from processes.foreign.dialects import MACHINERY, instead, local, prefix_of, word_of
from processes.foreign.expressions import convert_expressions
from processes.foreign.moments import moment_of
from processes.foreign.sheet import Sheet, owner_of, remove

_CODE = re.compile(r"^[A-Za-z_][A-Za-z0-9_.\-]*$")
_NAME = re.compile(r"^(?:[$#]\{\s*(?P<java>[A-Za-z_]\w*)\s*\}|=?\s*(?P<plain>[A-Za-z_]\w*))$")
_FORM = re.compile(
    r"^(?:camunda-forms:(?:app|bpmn|deployment):|bpmn:)?(?P<id>[A-Za-z_][\w.\-]*?)(?:\.form)?$"
)
_GROUP = re.compile(r"^group\(\s*(?P<group>[^()]*)\)$")
MOST_SHOWN = 80

Reading = Callable[[str], str | None]


def role_of(text: str) -> str | None:
    """One role code, or `=NAME` where a variable holds it."""
    text = text.strip()
    if _CODE.match(text):
        return text
    variable = name_of(text)
    return f"={variable}" if variable else None


def name_of(text: str) -> str | None:
    """The variable, where the text is nothing else."""
    match = _NAME.match(text.strip())
    return (match["java"] or match["plain"]) if match else None


def form_of(text: str) -> str | None:
    """The id of a form; pages and programs have none."""
    match = _FORM.match(text.strip())
    inside = match["id"] if match else ""
    return None if not inside or inside.endswith((".html", ".jsp", ".xhtml")) else inside


def code_of(text: str) -> str | None:
    """An id written as it is."""
    return text.strip() if _CODE.match(text.strip()) else None


ATTRIBUTES: dict[str, tuple[str, Reading]] = {
    "candidateGroups": (SV + "role", role_of),
    "formKey": (SV + "form", form_of),
    "formRef": (SV + "form", form_of),
    "formId": (SV + "form", form_of),
    "dueDate": (SV + "due", moment_of),
    "followUpDate": (SV + "remind", moment_of),
    "decisionRef": (SV + "decision", code_of),
    "decisionId": (SV + "decision", code_of),
    "collection": (SV + "collection", name_of),
    "inputCollection": (SV + "collection", name_of),
    "elementVariable": (SV + "element", name_of),
    "inputElement": (SV + "element", name_of),
    "outputCollection": (SV + "outputs", name_of),
    "outputElement": (SV + "output", name_of),
    "processId": ("calledElement", code_of),
}
"""By word, the attribute that takes its place and how its value is read."""

_CARRIERS = frozenset(
    {
        "assignmentDefinition", "formDefinition", "taskSchedule", "loopCharacteristics",
        "calledElement", "calledDecision", "subscription",
    }
)  # fmt: skip
"""The elements whose attributes are words of their own."""


def convert(sheet: Sheet) -> None:
    """Everything foreign in the file: converted, or left with a note of what to do."""
    idle: Counter[str] = Counter()
    for node in list(sheet.root.iter(etree.Element)):
        if prefix_of(node.tag):
            _element(sheet, node, idle)
            continue
        for key in [str(key) for key in node.attrib]:
            if prefix_of(key):
                _attribute(sheet, node, node, key, idle)
    _resources(sheet)
    convert_expressions(sheet)
    if idle:
        words = ", ".join(f"{word} ({count})" for word, count in sorted(idle.items()))
        sheet.note(
            "left", sheet.root, f"Only the other engine's machinery reads {words}.",
            "Nothing takes its place, and nothing is missed.",
        )  # fmt: skip


def _attribute(
    sheet: Sheet, node: etree._Element, goal: etree._Element, key: str, idle: Counter[str]
) -> None:
    """One attribute of `node`, which speaks about `goal`."""
    word = local(key)
    shown = word_of(key) if prefix_of(key) else f"{word_of(node.tag)} {word}"
    value = str(node.get(key))
    if word in MACHINERY:
        idle[shown] += 1
        return
    target, read = ATTRIBUTES.get(word, ("", _nothing))
    found = read(value)
    if found is None or (word == "elementVariable" and goal.get(SV + "element")):
        said = f"{shown}=“{_short(value)}” is not read here."
        sheet.note("left", node if goal is node else goal, said, instead(word))
        return
    del node.attrib[key]
    told = target.replace(SV, "sv:")
    kept = goal.get(target)
    if kept is None:
        goal.set(target, found)
    sheet.note(
        "converted", goal, f"{shown}=“{_short(value)}” is not read here.",
        f"It becomes {told}=“{found}”." if kept is None else f"{told}=“{kept}” says it already.",
    )  # fmt: skip


def _element(sheet: Sheet, node: etree._Element, idle: Counter[str]) -> None:
    """An element inside extensionElements; what stands deeper belongs to it."""
    holder = node.getparent()
    goal = None if holder is None else holder.getparent()
    if holder is None or goal is None or holder.tag != BPMN + "extensionElements":
        return
    word = local(node.tag)
    if word in _CARRIERS:
        for key in [str(key) for key in node.attrib]:
            _attribute(sheet, node, goal, key, idle)
        if not node.attrib and not len(node):
            _take_out(node)
        return
    if word in MACHINERY:
        idle[word_of(node.tag)] += 1
        return
    if word in {"in", "out"} and _is_the_same_name(node):
        _take_out(node)
        sheet.note(
            "converted", goal, f"{word_of(node.tag)} hands over a variable under its own name.",
            "It is left out: a called process shares the variables of its caller.",
        )  # fmt: skip
        return
    sheet.note("left", goal, _said(node), _form_fields(node) or instead(word))


def _said(node: etree._Element) -> str:
    inside = [str(child.get("name") or child.get("id") or "") for child in node.iter(etree.Element)]
    named = ", ".join(dict.fromkeys(name for name in inside if name))
    return f"{word_of(node.tag)}{f' ({_short(named)})' if named else ''} is not read here."


def _form_fields(node: etree._Element) -> str | None:
    """For fields that were written on the shape itself: which the form must have."""
    if local(node.tag) not in {"formData", "formProperty"}:
        return None
    fields = [node] if node.get("id") else [child for child in node if child.get("id")]
    told = ", ".join(f"{f.get('label') or f.get('name') or f.get('id')}" for f in fields[:12])
    return f"Draw a form with these fields and name it in sv:form: {_short(told)}."


def _is_the_same_name(node: etree._Element) -> bool:
    source, target = node.get("source"), node.get("target")
    whole = node.get("variables") == "all" or node.get("businessKey") is not None
    return whole or (source is not None and source == target)


def _take_out(node: etree._Element) -> None:
    holder = node.getparent()
    remove(node)
    if holder is not None and not len(holder):
        remove(holder)


def _resources(sheet: Sheet) -> None:
    """The standard's own way of saying who does a step."""
    for tag in ("potentialOwner", "humanPerformer", "performer"):
        for node in list(sheet.root.iter(BPMN + tag)):
            step = node.getparent()
            text = "".join(node.itertext()).strip()
            if step is None or owner_of(step) is not step or not text:
                continue
            group = _GROUP.match(text)
            role = role_of(group["group"] if group else text) if tag == "potentialOwner" else None
            words = f"{tag} “{_short(text)}” is not read here."
            if role is None or step.get(SV + "role"):
                sheet.note("left", step, words, instead("assignee"))
                continue
            step.set(SV + "role", role)
            remove(node)
            sheet.note("converted", step, words, f"It becomes sv:role=“{role}”.")


def _nothing(_: str) -> None:
    return None


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= MOST_SHOWN else text[: MOST_SHOWN - 1] + "…"
