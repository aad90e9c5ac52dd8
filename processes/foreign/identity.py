"""Mends ids, names, and the mark that a process is to be run."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import PurePosixPath

from lxml import etree

from processes.engine.details import BPMN, name_of, tag_of
from processes.engine.rules import MOST_ID, can_be_id
from processes.foreign.sheet import SCOPES, Sheet, flows_of, shapes_of

_REFERENCES = frozenset(
    {
        "id", "sourceRef", "targetRef", "default", "attachedToRef", "bpmnElement", "processRef",
        "calledElement",
    }
)  # fmt: skip
_REFERRING = frozenset({BPMN + "incoming", BPMN + "outgoing", BPMN + "flowNodeRef"})
_MADE = re.compile(r"^(?:[a-z]+[_-])?(?=\w*\d)\w{6,}$|^_|^sid-|\d{3}", re.IGNORECASE)
_SAYS_NOTHING = frozenset(
    {"activity", "business", "call", "process", "rule", "service", "step", "sub", "task", "user"}
)
_NAMED = ("userTask", "serviceTask", "businessRuleTask", "callActivity", "subProcess")
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def mend_identity(sheet: Sheet, file: str) -> None:
    """Give ids and names where they are missing, and mark the process as executable."""
    _process_ids(sheet, file)
    _missing_ids(sheet)
    _unfit_ids(sheet)
    _executable(sheet)
    _names(sheet)


def _process_ids(sheet: Sheet, file: str) -> None:
    for process in sheet.processes():
        if not process.get("id"):
            new = sheet.new_id(PurePosixPath(file).name.split(".")[0] or "process")
            process.set("id", new)
            sheet.note("mended", process, "The process had no id.", f"It is called {new}.")


def _missing_ids(sheet: Sheet) -> None:
    for scope in sheet.scopes():
        for node in [*shapes_of(scope), *flows_of(scope)]:
            if node.get("id"):
                continue
            if node.tag == BPMN + "sequenceFlow" and not (
                node.get("sourceRef") and node.get("targetRef")
            ):
                continue
            new = sheet.new_id(f"{scope.get('id')}_{tag_of(node)}")
            node.set("id", new)
            sheet.note("mended", node, f"A {tag_of(node)} had no id.", f"It is called {new}.")


def _unfit_ids(sheet: Sheet) -> None:
    """Ids that are too long or have accents are renamed wherever they are referred to."""
    known = [node for scope in sheet.scopes() for node in [*shapes_of(scope), *flows_of(scope)]]
    used = Counter(str(node.get("id")) for node in known)
    renamed: dict[str, str] = {}
    for node in known:
        old = node.get("id")
        if old and used[old] == 1 and not can_be_id(old):
            renamed[old] = sheet.new_id(old[: MOST_ID - 20])
            words = f"The id {old[:MOST_ID]} cannot be used."
            sheet.note("mended", node, words, f"It is called {renamed[old]}, wherever it stands.")
    if renamed:
        _rename(sheet, renamed)


def _rename(sheet: Sheet, renamed: dict[str, str]) -> None:
    for node in sheet.root.iter(etree.Element):
        for key in _REFERENCES & {str(key) for key in node.attrib}:
            old = str(node.get(key))
            bare = old.rsplit(":", 1)[-1] if key == "bpmnElement" else old
            if bare in renamed:
                node.set(key, old[: len(old) - len(bare)] + renamed[bare])
        if node.tag in _REFERRING and (node.text or "").strip() in renamed:
            node.text = renamed[(node.text or "").strip()]
    for old, new in renamed.items():
        sheet.canvas.rename(old, new)


def _executable(sheet: Sheet) -> None:
    """One that is marked beside it says that the others were drawn for their reader only."""
    processes = sheet.processes()
    if any(process.get("isExecutable") == "true" for process in processes):
        return
    for process in processes:
        if next(shapes_of(process), None) is not None:
            process.set("isExecutable", "true")
            sheet.note("mended", process, "It was not marked as executable.", "It is now.")


def _names(sheet: Sheet) -> None:
    """What people are to do has a name: that of its id, where that is made of words."""
    steps = sheet.root.iter(*(BPMN + tag for tag in _NAMED))
    for node in steps:
        step_id = str(node.get("id") or "")
        parent = node.getparent()
        if name_of(node) or parent is None or parent.tag not in {BPMN + tag for tag in SCOPES}:
            continue
        words = words_of(step_id)
        if words:
            node.set("name", words)
            sheet.note("mended", node, f"{step_id} had no name.", f"It is named “{words}”.")


def words_of(made: str) -> str:
    """The words of an id such as reviewRequest; nothing for one that a tool made up."""
    if _MADE.search(made):
        return ""
    words = [word if word.isupper() else word.lower() for word in _WORD.findall(made)]
    text = " ".join(words)
    telling = [word for word in words if word.isalpha() and word not in _SAYS_NOTHING]
    return text[:1].upper() + text[1:] if len(words) > 1 and telling else ""
