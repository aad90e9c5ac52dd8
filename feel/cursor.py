"""Walks over the tokens of an expression."""

from __future__ import annotations

from typing import NoReturn

from feel.errors import FeelError
from feel.lexer import Token
from feel.limits import MAX_NESTING

TYPES = (
    "years and months duration",
    "days and time duration",
    "date and time",
    *("number", "string", "boolean", "date", "time", "list", "context", "range", "function"),
    *("Any", "Null"),
)


class Cursor:
    """A place among the tokens, and how deep the reading is."""

    def __init__(self, found: list[Token]) -> None:
        self.found = found
        self.at = 0
        self.nesting = 0
        self.of_several_words: set[str] = set()  # names that the expression itself brings
        self.range_end = False  # in the end of a range, `[` closes and does not filter

    def _deeper(self) -> None:
        self.nesting += 1
        if self.nesting > MAX_NESTING:
            self._fail(f"More than {MAX_NESTING} parts stand inside each other: take them apart.")

    def _type(self) -> str:
        name = next((name for name in TYPES if self._reads(name.split())), None)
        if name is None:
            self._fail(f"{self._token.text} is no type. Types are {', '.join(TYPES)}.")
        self.at += len(name.split())
        if self._is("<"):
            self._fail("Types of items are not checked: write the type without <...>.")
        return name

    def _reads(self, words: list[str]) -> bool:
        return [token.text for token in self.found[self.at : self.at + len(words)]] == words

    @property
    def _token(self) -> Token:
        return self.found[self.at]

    def _ahead(self, count: int) -> Token:
        return self.found[min(self.at + count, len(self.found) - 1)]

    def _advance(self) -> Token:
        token = self._token
        self.at += 1
        return token

    def _is(self, sign: str) -> bool:
        token = self._token
        return token.text == sign and token.kind == "sign"

    def _is_instance_of(self) -> bool:
        return self._token.text == "instance" and self._ahead(1).text == "of"

    def _accept(self, sign: str) -> bool:
        if self._is(sign):
            self.at += 1
            return True
        return False

    def _take(self, sign: str) -> None:
        if not self._accept(sign):
            self._fail(f"{sign} is expected before {self._token.text}.")

    def _take_word(self, word: str, words: str) -> None:
        if self._token.kind != "keyword" or self._token.text != word:
            self._fail(words)
        self.at += 1

    def _word(self, words: str) -> str:
        if self._token.kind not in ("name", "keyword"):
            self._fail(words)
        return self._advance().text

    def _expect_end(self) -> None:
        token = self._token
        if token.kind == "end":
            return
        if self.found[self.at - 1].text == "not":
            self._fail("not needs brackets: write not(...).")
        if token.kind in ("name", "number", "string"):
            self._fail(f"{token.text} follows a value: is an and, or or a sign missing before it?")
        self._fail(f"The expression ends before {token.text}.")

    def _fail(self, words: str) -> NoReturn:
        raise FeelError(self._token.position, words)
