"""Reads the XML of a decision file safely, and finds one's way in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from feel.errors import DecisionError

MAX_BYTES = 2_000_000
_NAMESPACES = frozenset(
    {
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "http://www.omg.org/spec/DMN/20151101/dmn11.xsd",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
        "https://www.omg.org/spec/DMN/20230324/MODEL/",
    }
)


@dataclass(frozen=True)
class DecisionProblem:
    """What is wrong in a decision file, where, and what to do about it."""

    file: str
    element_id: str | None
    words: str
    remedy: str
    line: int | None

    def __str__(self) -> str:
        place = f"{self.file}, line {self.line}" if self.line else self.file
        return f"{place}: {self.words} {self.remedy}"


class Tag:
    """An element of the file, seen without its namespace."""

    def __init__(self, element: etree._Element) -> None:
        self._element = element

    @property
    def id(self) -> str | None:
        """The id attribute."""
        return self._element.get("id")

    @property
    def line(self) -> int | None:
        """The line in the file."""
        return self._element.sourceline

    @property
    def name(self) -> str:
        """The element's own name."""
        return str(self._element.tag).rpartition("}")[2]

    def get(self, attribute: str) -> str:
        """An attribute, with its white space set right; empty if missing."""
        return " ".join((self._element.get(attribute) or "").split())

    def all(self, name: str) -> Iterator[Tag]:
        """The children of this name."""
        for child in self.children():
            if child.name == name:
                yield child

    def first(self, name: str) -> Tag | None:
        """The first child of this name."""
        return next(self.all(name), None)

    def children(self) -> Iterator[Tag]:
        """The child elements of the same standard; extensions are passed over."""
        own = str(self._element.tag).rpartition("}")[0] + "}"
        for child in self._element:
            if isinstance(child.tag, str) and child.tag.startswith(own):
                yield Tag(child)

    def within(self, *names: str) -> Iterator[Tag]:
        """All elements of these names inside this one, at any depth."""
        own = etree.QName(self._element).namespace
        for element in self._element.iterdescendants(*(f"{{{own}}}{name}" for name in names)):
            yield Tag(element)

    def text(self, name: str = "text") -> str:
        """The text inside the child of this name."""
        child = self.first(name)
        return "" if child is None else "".join(map(str, child._element.itertext())).strip()


def read(raw: bytes, file: str) -> Tag:
    """The root of a decision file, or DecisionError."""
    if len(raw) > MAX_BYTES:
        raise DecisionError(
            f"{file} is larger than {MAX_BYTES} bytes. Split it into several files."
        )
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    if b"<!DOCTYPE" in raw or b"<!ENTITY" in raw:
        raise _doctype(file)
    try:
        root = etree.fromstring(raw, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
        words = f"{file} is not well-formed XML: {error}. Give a file that was saved as DMN."
        raise DecisionError(words, None, line) from None
    if root.getroottree().docinfo.doctype:
        raise _doctype(file)
    name = etree.QName(root)
    if name.localname != "definitions" or name.namespace not in _NAMESPACES:
        raise DecisionError(
            f"{file} is no decision file of DMN 1.1 to 1.5. Save it as DMN in the studio."
        )
    return Tag(root)


def _doctype(file: str) -> DecisionError:
    return DecisionError(f"{file} declares a document type, which is not read. Remove <!DOCTYPE>.")
