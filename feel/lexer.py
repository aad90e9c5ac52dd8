"""Cuts the text of an expression into tokens."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal, DecimalException
from functools import lru_cache
from typing import Any, NamedTuple

from feel.errors import FeelError
from feel.limits import MAX_NAME, MAX_TEXT
from feel.values import NUMBERS

KEYWORDS = frozenset(
    [
        "and",
        "or",
        "if",
        "then",
        "else",
        "for",
        "in",
        "return",
        "some",
        "every",
        "satisfies",
        "between",
        "true",
        "false",
        "null",
        "function",
    ]
)


class Token(NamedTuple):
    """One word, sign or literal, and where it stands."""

    kind: str  # number, string, moment (@"..."), name, keyword, sign, end
    text: str
    value: Any
    position: int


_TOKEN = re.compile(
    r"""(?P<space>\s+|//[^\n]*|/\*.*?\*/)
      | (?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
      | (?P<string>@?"(?:[^"\\\n]|\\.)*")
      | (?P<name>[^\W\d]\w*|\?)
      | (?P<sign>\*\*|\.\.|<=|>=|!=|->|[-+*/=<>()\[\]{},.:])""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(
    r"\\(u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"  # one character as two halves
    r"|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{6}|.)",
    re.DOTALL,
)
_PLAIN_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\", "'": "'", "/": "/"}
_HINTS = {
    "'": 'Texts stand in double quotes: "open".',
    '"': "This text has no closing double quote.",
    "&": "Write the word and.",
    "|": "Write the word or.",
    "!": "Write not(...) or !=.",
    "%": "Write modulo(a, b).",
    ";": "One expression only: take away the semicolon.",
    "@": 'A date or time literal is written @"2026-03-01".',
}


class Phrases:
    """Names of several words or with signs in them, as a tree of their words and signs.

    So one place of a text takes as long as the longest name there, however many names there are.
    """

    def __init__(self, names: Iterable[str], *, called: bool) -> None:
        self._called = called
        self._tree: dict[str, Any] = {}
        for name in names:
            node = self._tree
            for piece in _PIECE.findall(name):
                node = node.setdefault(" " if piece.isspace() else piece, {})
            node[""] = " ".join(name.split())

    def at(self, text: str, position: int) -> tuple[str, int] | None:
        """The longest name that begins here, and where it ends."""
        node, found, match = self._tree, None, _PIECE.match(text, position)
        while match is not None:
            piece = match.group()
            node = node.get(" " if piece.isspace() else piece, {})
            if "" in node and (not self._called or _OPENING.match(text, match.end())):
                found = node[""], match.end()
            match = _PIECE.match(text, match.end()) if node else None
        return found


_PIECE = re.compile(r"\s+|\w+|[^\w\s]")
_OPENING = re.compile(r"\s*\(")
_WORD = re.compile(r"[^\W\d]\w*")


@lru_cache(maxsize=256)
def phrases(names: frozenset[str], *, called: bool) -> Phrases | None:
    """A finder of those names that are not one word; of functions only where they are called."""
    odd = [name for name in names if not _WORD.fullmatch(name) and len(name) <= MAX_NAME]
    return Phrases(odd, called=called) if odd else None


def tokens(text: str, known: Iterable[Phrases | None]) -> list[Token]:
    """All tokens of the text, with an end token; `known` finds names of several words."""
    if len(text) > MAX_TEXT:
        raise FeelError(MAX_TEXT, f"An expression may have {MAX_TEXT} characters: make it shorter.")
    finders = [finder for finder in known if finder is not None]
    found: list[Token] = []
    position = 0
    while position < len(text):
        token, position = _next(text, position, finders)
        if token is not None:
            found.append(token)
    found.append(Token("end", "the end", None, len(text)))
    return found


def _next(text: str, position: int, finders: list[Phrases]) -> tuple[Token | None, int]:
    for finder in finders:
        phrase = finder.at(text, position)
        if phrase is not None:
            return Token("name", phrase[0], phrase[0], position), phrase[1]
    match = _TOKEN.match(text, position)
    if match is None:
        sign = text[position]
        hint = _HINTS.get(sign, "Take it away or put it in double quotes.")
        raise FeelError(position, f"The sign {sign} means nothing here. {hint}")
    kind = str(match.lastgroup)
    if kind == "space":
        return None, match.end()
    return _token(kind, match.group(), position), match.end()


def _token(kind: str, text: str, position: int) -> Token:
    if kind == "number":
        return Token(kind, text, _number(text, position), position)
    if kind == "string":
        opening = text.index('"') + 1
        value = _unescape(text[opening:-1], position + opening)
        return Token("moment" if text[0] == "@" else kind, text, value, position)
    if text in KEYWORDS:
        return Token("keyword", text, text, position)
    return Token(kind, text, text, position)


def _number(text: str, position: int) -> Decimal:
    try:
        return NUMBERS.create_decimal(text)
    except DecimalException:
        raise FeelError(position, "This number is too large to be calculated with.") from None


def _unescape(body: str, position: int) -> str:
    def one(match: re.Match[str]) -> str:
        code = match.group(1)
        if len(code) > 7:
            halves = int(code[1:5], 16), int(code[7:], 16)
            return chr(0x10000 + (halves[0] - 0xD800) * 0x400 + halves[1] - 0xDC00)
        if len(code) > 1:
            point = int(code[1:], 16)
            if point > 0x10FFFF or 0xD800 <= point < 0xE000:
                raise FeelError(position + match.start(), f"\\{code} is no character.")
            return chr(point)
        if code not in _PLAIN_ESCAPES:
            raise FeelError(position + match.start(), f"\\{code} is unknown: write \\\\ for \\.")
        return _PLAIN_ESCAPES[code]

    return _ESCAPE.sub(one, body) if "\\" in body else body
