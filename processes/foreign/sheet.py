"""A model on the table to be mended: its XML, its drawing, and the notes of what was done."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from lxml import etree

from processes.engine.details import BPMN, children_of, name_of, tag_of
from processes.foreign.canvas import Canvas

Kind = Literal["converted", "mended", "left"]

SCOPES = ("process", "subProcess", "transaction", "adHocSubProcess")
MOST_ADDED, MOST_FLOWS = 100, 40
NO_ID = re.compile(r"[^A-Za-z0-9_.\-]+")


@dataclass(frozen=True)
class Note:
    """One thing that was converted, mended or left as it was, and what is then to be done."""

    kind: Kind
    element_id: str | None
    name: str
    line: int | None
    words: str
    """What stood there."""
    to_do: str
    """What to write instead, or what became of it."""


class Sheet:
    """The model of one file while it is being changed."""

    def __init__(self, root: etree._Element) -> None:
        self.root = root
        self.notes: list[Note] = []
        self.canvas = Canvas(root)
        self.added = 0
        self._counted: Counter[str] = Counter()
        self.ids = {str(node.get("id")) for node in root.iter(etree.Element) if node.get("id")}

    def note(self, kind: Kind, node: etree._Element, words: str, to_do: str) -> None:
        """Keep what happened at this place."""
        owner = owner_of(node)
        line = owner.sourceline if node.sourceline is None else node.sourceline
        self.notes.append(Note(kind, owner.get("id"), name_of(owner), line, words, to_do))

    def new_id(self, wish: str) -> str:
        """An id like the one wished for that nothing has yet."""
        stem = NO_ID.sub("_", wish)[:60]
        stem = stem if re.match(r"[A-Za-z_]", stem) else f"id_{stem}"
        name = stem
        while name in self.ids:
            self._counted[stem] += 1
            name = f"{stem}_{self._counted[stem] + 1}"
        self.ids.add(name)
        return name

    def may_add(self, flows: int) -> bool:
        """Whether one more shape with so many arrows may be drawn: each moves all behind it."""
        return self.added < MOST_ADDED and flows <= MOST_FLOWS

    def processes(self) -> list[etree._Element]:
        """The processes of the file."""
        return list(self.root.iterchildren(BPMN + "process"))

    def scopes(self) -> list[etree._Element]:
        """Every process and every sub-process."""
        found = []
        for process in self.processes():
            found += [process, *process.iter(*(BPMN + tag for tag in SCOPES[1:]))]
        return found


def owner_of(node: etree._Element) -> etree._Element:
    """The shape, flow or process that a part belongs to; the file itself has no id here."""
    for place in (node, *node.iterancestors()):
        above = place.getparent()
        if not place.get("id") or above is None:
            continue
        if above.tag in {BPMN + tag for tag in SCOPES} or above.getparent() is None:
            return place
    return node


def shapes_of(scope: etree._Element) -> Iterator[etree._Element]:
    """The shapes through which a token can go."""
    for node in children_of(scope):
        tag = tag_of(node)
        if tag.endswith(("Event", "Task", "Gateway", "Activity")) or tag in {"task", *SCOPES[1:]}:
            yield node


def flows_of(scope: etree._Element) -> list[etree._Element]:
    """The arrows of one level."""
    return list(scope.iterchildren(BPMN + "sequenceFlow"))


def shown(node: etree._Element) -> str:
    """How a shape is called in a sentence."""
    name = name_of(node)
    return f"“{name}”" if name else str(node.get("id") or tag_of(node))


def place_after(node: etree._Element, new: etree._Element) -> None:
    """Put a new element behind another, on a line of its own, indented alike."""
    lead = lead_of(node)
    new.tail, node.tail = node.tail, lead
    last = len(new) - 1
    for at, child in enumerate(new):
        child.tail = lead if at == last else lead + "  "
    if len(new):
        new.text = lead + "  "
    tail, new.tail = new.tail, None
    node.addnext(new)
    new.tail = tail


def lead_of(node: etree._Element) -> str:
    """The white space before an element."""
    before = node.getprevious()
    parent = node.getparent()
    text = before.tail if before is not None else (None if parent is None else parent.text)
    return text if text and not text.strip() else ""


def remove(node: etree._Element) -> None:
    """Take an element out, with the line it stood on."""
    parent = node.getparent()
    if parent is None:
        return
    before = node.getprevious()
    if node.tail is not None and node.getnext() is None:
        if before is not None:
            before.tail = node.tail
        else:
            parent.text = node.tail
    parent.remove(node)
    if not len(parent) and not (parent.text or "").strip():
        parent.text = None
