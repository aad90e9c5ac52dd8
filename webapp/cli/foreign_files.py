"""Finds the models, tables and forms in a folder of anything, by name or by how they begin."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from processes.checks import Kind, read_bounded

_BY_NAME: dict[str, Kind] = {
    ".bpmn": "model", ".bpmn2": "model", ".bpmn20.xml": "model", ".bpmn.xml": "model",
    ".cmmn": "model", ".dmn": "table", ".dmn11.xml": "table", ".dmn.xml": "table", ".form": "form",
}  # fmt: skip
_SPACES: tuple[tuple[bytes, Kind], ...] = (
    (b"http://www.omg.org/spec/BPMN/20100524/MODEL", "model"),
    (b"omg.org/spec/DMN/", "table"),
)
_FIRST = 4096


def models_in(path: Path) -> Iterator[tuple[Kind, Path]]:
    """What is to be checked in a folder, at any depth, or the one file that is given."""
    for place in [path] if path.is_file() else sorted(path.rglob("*")):
        kind = kind_of(place)
        if kind is not None:
            yield kind, place


def kind_of(place: Path) -> Kind | None:
    """Model, table or form; None for what is none of them."""
    name = place.name.lower()
    if not place.is_file():
        return None
    for ending, kind in _BY_NAME.items():
        if name.endswith(ending):
            return kind
    return _by_its_beginning(place) if name.endswith(".xml") else None


def read(place: Path) -> bytes | OSError:
    """The content, of an oversized file only the beginning; or why it cannot be had."""
    try:
        return read_bounded(place)
    except OSError as error:
        return error


def _by_its_beginning(place: Path) -> Kind | None:
    try:
        with place.open("rb") as file:
            first = file.read(_FIRST)
    except OSError:
        return None
    return next((kind for space, kind in _SPACES if space in first), None)
