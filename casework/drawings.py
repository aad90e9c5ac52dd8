"""A model's drawing with its words in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from lxml import etree

from processes import packs

NAMED_IN = {
    "lane": "lanes",
    "messageFlow": "flows",
    "participant": "models",
    "process": "models",
    "sequenceFlow": "flows",
}
"""In which section of the labels the name of an element stands; all others under `elements`."""


@lru_cache(maxsize=128)
def in_language(raw: bytes, pack_id: str, language: str) -> bytes:
    """The drawing with every name that the pack's labels know; the model itself is unchanged."""
    labels = packs.labels(pack_id, language)
    if not labels:
        return raw
    root = etree.fromstring(raw, etree.XMLParser(resolve_entities=False, no_network=True))
    for element in root.iter(etree.Element):
        name = _label(element, labels)
        if name is not None:
            element.set("name", name)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _label(element: etree._Element, labels: Mapping[str, Mapping[str, str]]) -> str | None:
    if element.get("name") is None:
        return None
    kind = etree.QName(element).localname
    section = labels.get(NAMED_IN.get(kind, "elements"), {})
    if kind == "participant" and element.get("processRef"):
        return section.get(element.get("processRef", ""))
    if kind == "participant":  # somebody outside, drawn as an empty pool
        return labels.get("lanes", {}).get(element.get("id", ""))
    return section.get(element.get("id", ""))
