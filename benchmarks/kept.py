"""Keeps what was measured in a document, each section in its own place."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path


class NoPlace(Exception):
    """The document has no place for a section."""


class Heard(io.StringIO):
    """What is printed, shown at once and remembered."""

    def write(self, text: str) -> int:
        """Show and remember."""
        sys.__stdout__.write(text)  # type: ignore[union-attr]
        return super().write(text)


@contextmanager
def keeping(document: Path | None, section: str) -> Iterator[None]:
    """Put what is printed meanwhile between the section's marks in the document."""
    if document is None:
        yield
        return
    with redirect_stdout(Heard()) as heard:
        yield
    document.write_text(placed(document.read_text("utf-8"), section, heard.getvalue()), "utf-8")


def placed(text: str, section: str, shown: str) -> str:
    """The text with what was shown between the marks of the section."""
    begin, end = f"<!-- {section} -->", f"<!-- end of {section} -->"
    if begin not in text or end not in text:
        raise NoPlace(f"write {begin} and {end} where the tables of {section} belong")
    before, rest = text.split(begin, 1)
    after = rest.split(end, 1)[1]
    return f"{before}{begin}\n{shown.strip()}\n{end}{after}"
