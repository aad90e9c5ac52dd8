"""Decision tables of a bundle: which decisions a DMN file holds and which variables they set."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from processes.engine.reading import read_xml


@dataclass(frozen=True)
class DecisionSource:
    """One decision: where it stands, and the names of what it gives."""

    id: str
    file: str
    raw: bytes
    outputs: tuple[str, ...]
    line: int | None = None


def list_decisions(file: str, raw: bytes) -> list[DecisionSource]:
    """The decisions of a DMN file, in any version of the standard; UnsafeXml if unreadable."""
    root = read_xml(raw)
    return [
        DecisionSource(str(node.get("id")), file, raw, _outputs(node), node.sourceline)
        for node in root
        if isinstance(node.tag, str) and _local(node) == "decision" and node.get("id")
    ]


def _outputs(decision: etree._Element) -> tuple[str, ...]:
    variable = str(decision.get("name") or decision.get("id"))
    columns: list[str] = []
    for node in decision:
        if not isinstance(node.tag, str):
            continue
        if _local(node) == "variable":
            variable = node.get("name") or variable
        elif _local(node) == "decisionTable":
            columns = [
                str(column.get("name") or "")
                for column in node
                if isinstance(column.tag, str) and _local(column) == "output"
            ]
    named = tuple(column for column in columns if column)
    return named or (variable,)


def _local(node: etree._Element) -> str:
    return etree.QName(node).localname
