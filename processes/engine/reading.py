"""Reads XML that may come from anyone: bounded, without DOCTYPE, never fetching."""

from __future__ import annotations

import re
from xml.parsers import expat

from lxml import etree

MOST_BYTES = 2_000_000
MOST_DEPTH = 64
MOST_ELEMENTS = 20_000
_TWICE = re.compile(r"^not well-formed \((.*?)\)")


class UnsafeXml(Exception):
    """The bytes cannot be read as the XML of a model; says why and where."""

    def __init__(self, words: str, remedy: str, line: int | None = None) -> None:
        super().__init__(words)
        self.words = words
        self.remedy = remedy
        self.line = line


class _Guard:
    """Looks at every opening tag before anything is built."""

    def __init__(self) -> None:
        self.depth = 0
        self.elements = 0
        self.parser = expat.ParserCreate()
        self.parser.StartDoctypeDeclHandler = self.doctype
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end

    def doctype(self, *_: object) -> None:
        raise UnsafeXml(
            "The file has a DOCTYPE, through which entities and other files could be drawn in.",
            "Remove the DOCTYPE line; a BPMN or DMN file needs none.",
            self.parser.CurrentLineNumber,
        )

    def start(self, *_: object) -> None:
        self.depth += 1
        self.elements += 1
        if self.depth > MOST_DEPTH:
            raise UnsafeXml(
                f"The file is nested more than {MOST_DEPTH} levels deep.",
                "Save it again from the modeller; no diagram needs that.",
                self.parser.CurrentLineNumber,
            )
        if self.elements > MOST_ELEMENTS:
            raise UnsafeXml(
                f"The file has more than {MOST_ELEMENTS} XML elements.",
                "Split the process into called processes.",
            )

    def end(self, *_: object) -> None:
        self.depth -= 1


def read_xml(raw: bytes, *, whole: bool = False) -> etree._Element:
    """The root of the document; UnsafeXml if it is malformed, too large or hostile.

    `whole` keeps comments and CDATA, for a document that is to be written again.
    """
    if len(raw) > MOST_BYTES:
        raise UnsafeXml(
            f"The file is larger than {MOST_BYTES // 1_000_000} MB.",
            "Split the process into called processes, or remove pictures put into the file.",
        )
    guard = _Guard()
    try:
        guard.parser.Parse(raw, True)
        return etree.fromstring(raw, _parser(whole))
    except expat.ExpatError as error:
        raise _malformed(str(error), error.lineno) from error
    except etree.XMLSyntaxError as error:
        raise _malformed(error.msg or "not well-formed", error.lineno) from error
    except (ValueError, LookupError) as error:
        raise _malformed(str(error), None) from error


def _parser(whole: bool) -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=not whole,
        remove_pis=not whole,
        strip_cdata=not whole,
    )


def _malformed(detail: str, line: int | None) -> UnsafeXml:
    detail = _TWICE.sub(r"\1", detail)
    return UnsafeXml(
        f"The file is not well-formed XML ({detail}).",
        "Open it in the modeller and save it again, or load it again from where it came.",
        line,
    )
