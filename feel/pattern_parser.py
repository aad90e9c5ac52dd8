"""Reads a regular expression, in the dialect of XPath, into a tree."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Any, NoReturn

from feel.errors import EvaluationError

Takes = Callable[[str], bool]
_MAX_REPEAT = 200
_MAX_GROUPS = 20
_CLASSES: dict[str, Takes] = {
    "d": lambda c: unicodedata.category(c) == "Nd",
    "w": lambda c: unicodedata.category(c)[0] not in "PZC",
    "s": lambda c: c in " \t\n\r",
    "i": lambda c: c.isalpha() or c in "_:",
    "c": lambda c: c.isalnum() or c in "_:.-",
}
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}
_CATEGORIES = frozenset(
    [
        "L",
        "Lu",
        "Ll",
        "Lt",
        "Lm",
        "Lo",
        "M",
        "Mn",
        "Mc",
        "Me",
        "N",
        "Nd",
        "Nl",
        "No",
        "P",
        "Pc",
        "Pd",
        "Ps",
        "Pe",
        "Pi",
        "Pf",
        "Po",
        "Z",
        "Zs",
        "Zl",
        "Zp",
        "S",
        "Sm",
        "Sc",
        "Sk",
        "So",
        "C",
        "Cc",
        "Cf",
        "Co",
        "Cn",
    ]
)


class PatternParser:
    """One reading of one pattern."""

    def __init__(self, text: str, flags: str) -> None:
        self.text = "".join(text.split()) if "x" in flags else text
        self.ignores_case = "i" in flags
        self.dot_takes_lines = "s" in flags
        self.by_line = "m" in flags
        self.at = 0
        self.groups = 0
        self.nesting = 0

    def parse(self) -> Any:
        """The whole pattern."""
        tree = self._choice()
        if self.at < len(self.text):
            self._fail("The bracket ) has no opening bracket.")
        return tree

    def _choice(self) -> Any:
        options = [self._sequence()]
        while self._accept("|"):
            options.append(self._sequence())
        return options[0] if len(options) == 1 else ("choice", options)

    def _sequence(self) -> Any:
        parts = []
        while self.at < len(self.text) and self.text[self.at] not in "|)":
            parts.append(self._quantified(self._atom()))
        return ("sequence", parts)

    def _quantified(self, tree: Any) -> Any:
        sign = self.text[self.at : self.at + 1]
        if not sign or sign not in "*+?{":
            return tree
        if tree[0] == "border":
            self._fail("A border such as ^ or $ cannot be repeated.")
        self.at += 1
        least, most = {"*": (0, None), "+": (1, None), "?": (0, 1)}.get(sign) or self._count()
        greedy = not self._accept("?")
        if self.text[self.at : self.at + 1] in ("*", "+", "{"):
            self._fail("Two repetitions follow each other: put brackets around the first.")
        return ("repeat", tree, least, most, greedy)

    def _count(self) -> tuple[int, int | None]:
        end = self.text.find("}", self.at)
        written = self.text[self.at : max(end, self.at)]
        self.at = end + 1
        least, comma, most = written.partition(",")
        if not least.isdecimal() or (most and not most.isdecimal()) or len(written) > 9:
            self._fail("A repetition is written {2}, {2,} or {2,5}.")
        low = int(least)
        high = None if comma and not most else int(most or least)
        if max(low, high or 0) > _MAX_REPEAT or (high is not None and high < low):
            self._fail(f"A repetition counts upwards, to at most {_MAX_REPEAT}.")
        return low, high

    def _atom(self) -> Any:
        sign = self.text[self.at]
        self.at += 1
        if sign == "(":
            return self._group()
        if sign == "[":
            return ("take", self._set())
        if sign == ".":
            return (
                "take",
                (lambda _: True) if self.dot_takes_lines else (lambda c: c not in "\n\r"),
            )
        if sign in "^$":
            return ("border", self._border(sign))
        if sign == "\\":
            return ("take", self._escape())
        if sign in "*+?{":
            self._fail(f"The repetition {sign} has nothing before it to repeat.")
        return ("take", self._single(sign))

    def _group(self) -> Any:
        self.nesting += 1
        if self.nesting > _MAX_GROUPS:
            self._fail(f"At most {_MAX_GROUPS} groups stand inside each other.")
        number = 0
        if self.text.startswith("?:", self.at):
            self.at += 2
        elif self.text.startswith("?", self.at):
            self._fail("Groups that begin with (? are not supported, except (?: .")
        else:
            self.groups += 1
            number = self.groups
        inner = self._choice()
        if not self._accept(")"):
            self._fail("A bracket ( is not closed.")
        self.nesting -= 1
        return ("group", number, inner) if number else inner

    def _border(self, sign: str) -> Callable[[str, int], bool]:
        if sign == "^":
            if self.by_line:
                return lambda text, at: at == 0 or text[at - 1] == "\n"
            return lambda _, at: at == 0
        if self.by_line:
            return lambda text, at: at == len(text) or text[at] == "\n"
        return lambda text, at: at == len(text)

    def _single(self, sign: str) -> Takes:
        if self.ignores_case:
            folded = sign.casefold()
            return lambda c: c.casefold() == folded
        return lambda c: c == sign

    def _escape(self) -> Takes:
        code = self.text[self.at : self.at + 1]
        self.at += 1
        if code in ("p", "P"):
            return self._category(negated=code == "P")
        if code and code.lower() in _CLASSES:
            inside = _CLASSES[code.lower()]
            return inside if code.islower() else lambda c: not inside(c)
        return self._single(self._escaped(code))

    def _escaped(self, code: str) -> str:
        if not code or (code.isalnum() and code not in _ESCAPES):
            self._fail(f"\\{code} is not supported in a pattern.")
        return _ESCAPES.get(code, code)

    def _category(self, *, negated: bool) -> Takes:
        end = self.text.find("}", self.at)
        name = self.text[self.at + 1 : max(end, self.at)]
        if not self.text.startswith("{", self.at) or name not in _CATEGORIES:
            self._fail("A category is written \\p{L}, \\p{Lu}, \\p{N} and so on.")
        self.at = end + 1
        return lambda c: unicodedata.category(c).startswith(name) is not negated

    def _set(self) -> Takes:
        negated, members = self._accept("^"), list[Takes]()
        while not self._accept("]"):
            if self.at >= len(self.text):
                self._fail("A set [ is not closed.")
            members.append(self._member())
        if not members:
            self._fail("A set [] holds nothing.")
        return lambda c: any(member(c) for member in members) is not negated

    def _member(self) -> Takes:
        first = self._set_sign()
        if callable(first):
            return first
        dash = self.text.startswith("-", self.at)
        if not dash or self.text[self.at + 1 : self.at + 2] in ("]", ""):
            return self._single(first)
        self.at += 1
        last = self._set_sign()
        if callable(last) or last < first:
            self._fail("A range in a set goes from a lower to a higher character, as in a-z.")
        if not self.ignores_case:
            return lambda c: first <= c <= last
        return lambda c: first <= c.lower() <= last or first <= c.upper() <= last

    def _set_sign(self) -> str | Takes:
        sign = self.text[self.at : self.at + 1]
        self.at += 1
        if sign != "\\":
            return sign
        code = self.text[self.at : self.at + 1]
        if code.lower() in _CLASSES or code in ("p", "P"):
            return self._escape()
        self.at += 1
        return self._escaped(code)

    def _accept(self, sign: str) -> bool:
        if self.text.startswith(sign, self.at):
            self.at += 1
            return True
        return False

    def _fail(self, words: str) -> NoReturn:
        raise EvaluationError(f"The pattern {self.text} cannot be used. {words}")
