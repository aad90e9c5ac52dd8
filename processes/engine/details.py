"""Reads what stands inside a shape of a BPMN file: its event, repetition, name, documentation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lxml import etree

from processes.engine.model import Repeats

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
SV = "{urn:samverkan:bpmn:1}"
EVENTS = "EventDefinition"

Roots = Mapping[str, etree._Element]
"""The messages, errors and escalations of a file, by id."""

Event = tuple[str | None, str | None, str | None, str | None]


def event_of(
    node: etree._Element, roots: Roots
) -> tuple[str | None, str | None, str | None, str | None]:
    """What the event is about: (kind, code, message name, timer text)."""
    definitions = [child for child in children_of(node) if tag_of(child).endswith(EVENTS)]
    if not definitions:
        return None, None, None, None
    if len(definitions) > 1:
        return "multiple", None, None, None
    definition = definitions[0]
    kind = tag_of(definition).removesuffix(EVENTS)
    if kind == "timer":
        return kind, None, None, _timer(definition)
    if kind == "message":
        return kind, None, _referred(roots, definition, "messageRef", "name"), None
    if kind in {"error", "escalation"}:
        return kind, _referred(roots, definition, f"{kind}Ref", f"{kind}Code"), None, None
    return kind, None, None, None


def _referred(
    roots: Roots, definition: etree._Element, reference: str, attribute: str
) -> str | None:
    wanted = definition.get(reference)
    if wanted is None:
        return None
    root = roots.get(wanted.rsplit(":", 1)[-1])
    value = None if root is None else (root.get(attribute) or "").strip()
    return value or wanted


def _timer(definition: etree._Element) -> str | None:
    for tag in ("timeDuration", "timeDate"):
        found = definition.find(BPMN + tag)
        if found is not None:
            return "".join(found.itertext()).strip() or None
    return None


def repeats_of(node: etree._Element) -> Repeats | None:
    """How the activity is repeated for each item of a list, if it is."""
    loop = node.find(BPMN + "multiInstanceLoopCharacteristics")
    if loop is None:
        return None

    def text(tag: str) -> str | None:
        found = loop.find(BPMN + tag)
        return None if found is None else "".join(found.itertext()).strip() or None

    def item(tag: str) -> str | None:
        found = loop.find(BPMN + tag)
        return None if found is None else found.get("name") or found.get("id")

    return Repeats(
        collection=loop.get(SV + "collection") or text("loopDataInputRef") or "",
        item=loop.get(SV + "element") or item("inputDataItem"),
        sequential=loop.get("isSequential") == "true",
        output=loop.get(SV + "outputs") or text("loopDataOutputRef"),
        output_item=loop.get(SV + "output") or item("outputDataItem"),
        until=text("completionCondition"),
    )


def children_of(node: etree._Element) -> Iterator[etree._Element]:
    """The BPMN elements directly inside."""
    return (child for child in node if isinstance(child.tag, str) and child.tag.startswith(BPMN))


def tag_of(node: etree._Element) -> str:
    """The BPMN name of an element."""
    return str(node.tag)[len(BPMN) :]


def name_of(node: etree._Element) -> str:
    """The name, on one line."""
    return " ".join((node.get("name") or "").split())


def documentation_of(node: etree._Element) -> str:
    """Its documentation, paragraph by paragraph."""
    parts = ("".join(part.itertext()).strip() for part in node.iterchildren(BPMN + "documentation"))
    return "\n".join(part for part in parts if part)
