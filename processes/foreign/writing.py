"""Reads a model with all that stands in it, and writes it back so that little differs."""

from __future__ import annotations

import re

from lxml import etree

from processes.engine.details import BPMN, SV
from processes.engine.reading import UnsafeXml, read_xml

_DECLARED = re.compile(rb"^\s*<\?xml[^>]*\?>\s*")
_EMPTY = re.compile(rb"(?<=[\w\"'])/>")
_OUTSIDE = re.compile(rb"(<!--.*?-->|<!\[CDATA\[.*?\]\]>)", re.DOTALL)


class NotWhole(Exception):
    """The file is not one that could be mended."""


def read_whole(raw: bytes) -> etree._Element:
    """The definitions with comments and text as they stand; NotWhole if it is no BPMN file."""
    try:
        root = read_xml(raw, whole=True)
    except UnsafeXml as error:
        raise NotWhole from error
    if root.tag != BPMN + "definitions":
        raise NotWhole
    return root


def write(root: etree._Element, raw: bytes) -> bytes:
    """The bytes of the changed model, in the encoding and manner of the original."""
    prefixes = sorted(
        {prefix for node in root.iter(etree.Element) for prefix in node.nsmap if prefix}
    )
    top = {} if "sv" in prefixes else {"sv": SV[1:-1]}
    used = any(str(key).startswith(SV) for node in root.iter(etree.Element) for key in node.attrib)
    if used and top:
        etree.cleanup_namespaces(root, top_nsmap=top, keep_ns_prefixes=[*prefixes, "sv"])
    tree = root.getroottree()
    encoding = tree.docinfo.encoding or "UTF-8"
    written = etree.tostring(tree, encoding=encoding, xml_declaration=True)
    if encoding.upper().startswith(("UTF-16", "UCS", "UTF-32")):
        return bytes(written)
    return _in_the_manner_of(raw, bytes(written))


def _in_the_manner_of(raw: bytes, written: bytes) -> bytes:
    bom = b"\xef\xbb\xbf" if raw.startswith(b"\xef\xbb\xbf") else b""
    body = written[_end_of_declaration(written) :]
    declared = _DECLARED.match(raw[len(bom) :])
    if raw.count(b" />") > raw.count(b'"/>'):
        parts = _OUTSIDE.split(body)
        body = b"".join(p if at % 2 else _EMPTY.sub(b" />", p) for at, p in enumerate(parts))
    tail = raw[len(raw.rstrip()) :]
    head = declared[0] if declared else b""
    newline = b"\r\n" in raw[:4000]
    text = head.replace(b"\r\n", b"\n") + body.rstrip() + tail.replace(b"\r\n", b"\n")
    return bom + (text.replace(b"\n", b"\r\n") if newline else text)


def _end_of_declaration(written: bytes) -> int:
    found = _DECLARED.match(written)
    return found.end() if found else 0
