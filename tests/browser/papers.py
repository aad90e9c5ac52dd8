"""Reads the words of a PDF as they stand on its pages, by what its fonts say their marks mean."""

from __future__ import annotations

import re
import zlib

OBJECT = re.compile(rb"(?:^|\n)(\d+) 0 obj\n(.*?)\nendobj", re.DOTALL)
STREAM = re.compile(rb"stream\r?\n(.*?)\nendstream", re.DOTALL)
SHOWN = re.compile(rb"/(f\d+) [\d.]+ Tf|\(((?:\\.|[^\\)])*)\)|(\bBT\b)", re.DOTALL)
MEANT = re.compile(rb"^<(\w{4})> <(\w+)>", re.MULTILINE)
RANGE = re.compile(rb"^<(\w{4})> <(\w{4})> <(\w+)>", re.MULTILINE)
ESCAPED = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
LETTERS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def words(pdf: bytes) -> str:
    """All words of all pages, with single spaces."""
    objects = {int(number): body for number, body in OBJECT.findall(pdf)}
    fonts = {name: _meanings(objects, int(at)) for name, at in _fonts(pdf)}
    said = [_page(inside, fonts) for body in objects.values() if b"Tf" in (inside := _inside(body))]
    return " ".join(" ".join(said).split())


def _fonts(pdf: bytes) -> list[tuple[bytes, bytes]]:
    return re.findall(rb"/(f\d+) (\d+) 0 R", pdf)


def _inside(body: bytes) -> bytes:
    found = STREAM.search(body)
    if found is None:
        return b""
    return zlib.decompress(found[1]) if b"FlateDecode" in body[: found.start()] else found[1]


def _meanings(objects: dict[int, bytes], font: int) -> dict[bytes, str]:
    told = re.search(rb"/ToUnicode (\d+) 0 R", objects[font])
    assert told, f"font {font} does not say what its marks mean"
    table = _inside(objects[int(told[1])])
    known = {bytes.fromhex(m.decode()): _text(text) for m, text in MEANT.findall(table)}
    for first, last, text in RANGE.findall(table):
        for step in range(int(last, 16) - int(first, 16) + 1):
            mark = (int(first, 16) + step).to_bytes(2, "big")
            known[mark] = chr(ord(_text(text)) + step)
    return known


def _text(written: bytes) -> str:
    return bytes.fromhex(written.decode()).decode("utf-16-be")


def _page(content: bytes, fonts: dict[bytes, dict[bytes, str]]) -> str:
    said, meanings = [], {}
    for font, literal, begins in SHOWN.findall(content):
        if font:
            meanings = fonts[font]
        elif begins:
            said.append(" ")
        else:
            marks = ESCAPED.sub(_letter, literal)
            pairs = (marks[at : at + 2] for at in range(0, len(marks), 2))
            said += [meanings.get(pair, "?") for pair in pairs]
    return "".join(said)


def _letter(escaped: re.Match[bytes]) -> bytes:
    if escaped[1].isdigit():
        return bytes([int(escaped[1], 8)])
    return LETTERS.get(escaped[1], escaped[1])
