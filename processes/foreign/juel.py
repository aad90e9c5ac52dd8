"""Turns the simple conditions of other engines, `${...}`, into FEEL."""

from __future__ import annotations

import re

from feel import FeelError, compile_expression

MOST = 2_000
MOST_NESTED = 40
_TOKEN = re.compile(
    r"""\s*(?:
    (?P<number>\d+(?:\.\d+)?)
    |(?P<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")
    |(?P<name>[A-Za-z_]\w*)
    |(?P<sign>==|!=|<=|>=|&&|\|\||[<>!()?:+\-*/%.,])
    )""",
    re.VERBOSE,
)
_WORDS = {
    "eq": "==", "ne": "!=", "lt": "<", "gt": ">", "le": "<=", "ge": ">=",
    "and": "&&", "or": "||", "not": "!", "div": "/", "mod": "%",
}  # fmt: skip
_COMPARE = {"==": "=", "!=": "!=", "<": "<", ">": ">", "<=": "<=", ">=": ">="}
_LITERALS = frozenset({"true", "false", "null"})
_VARIABLE = re.compile(r"""\s*execution\s*\.\s*getVariable\(\s*(["'])([A-Za-z_]\w*)\1\s*\)""")


class NotSimple(Exception):
    """The expression does what FEEL cannot say, or calls a program."""


def feel_of(text: str) -> str:
    """The same in FEEL; NotSimple where it is more than comparison, logic and arithmetic.

    `=...` is FEEL already; `${...}` and `#{...}` are read as the expression language of Java.
    """
    wanted, names = _translated(text.strip())
    try:
        read = compile_expression(wanted)
    except FeelError as error:
        raise NotSimple(text) from error
    if names is not None and not read.names <= names:
        raise NotSimple(text)  # a name that FEEL takes for something else
    return wanted


def _translated(text: str) -> tuple[str, frozenset[str] | None]:
    if text.startswith("="):
        return text[1:].strip(), None
    inner = text[2:-1]
    if len(text) > MOST or text[:2] not in {"${", "#{"} or text[-1:] != "}" or "{" in inner:
        raise NotSimple(text)
    reader = _Reader(_VARIABLE.sub(r" \2", inner))
    written = reader.choice()
    if reader.sign is not None or reader.at < len(reader.tokens):
        raise NotSimple(text)
    return written, frozenset(reader.names)


class _Reader:
    """Reads from left to right, one level of binding after the other, and writes FEEL."""

    def __init__(self, text: str) -> None:
        self.tokens = list(_tokens(text))
        self.at = 0
        self.depth = 0
        self.names: set[str] = set()

    @property
    def sign(self) -> str | None:
        kind, text = self.tokens[self.at] if self.at < len(self.tokens) else ("end", "")
        return text if kind == "sign" else None

    def take(self, *signs: str) -> str | None:
        found = self.sign
        if found not in signs:
            return None
        self.at += 1
        return found

    def choice(self) -> str:
        self.depth += 1
        if self.depth > MOST_NESTED:
            raise NotSimple
        condition = self.either()
        if self.take("?"):
            yes = self.choice()
            if not self.take(":"):
                raise NotSimple
            condition = f"if {condition} then {yes} else {self.choice()}"
        self.depth -= 1
        return condition

    def either(self) -> str:
        parts = [self.both()]
        while self.take("||"):
            parts.append(self.both())
        return " or ".join(parts)

    def both(self) -> str:
        parts = [self.compared()]
        while self.take("&&"):
            parts.append(self.compared())
        return " and ".join(parts)

    def compared(self) -> str:
        left = self.sum()
        sign = self.take(*_COMPARE)
        if sign is None:
            return left
        left = f"{left} {_COMPARE[sign]} {self.sum()}"
        if self.sign in _COMPARE:
            raise NotSimple
        return left

    def sum(self) -> str:
        left = self.product()
        while sign := self.take("+", "-"):
            left = f"{left} {sign} {self.product()}"
        return left

    def product(self) -> str:
        left = self.alone()
        while sign := self.take("*", "/", "%"):
            right = self.alone()
            left = f"modulo({left}, {right})" if sign == "%" else f"{left} {sign} {right}"
        return left

    def alone(self) -> str:
        if self.take("!"):
            return f"not({self.denied()})"
        if self.take("-"):
            return f"-{self.alone()}"
        if self.take("("):
            inner = self.choice()
            if not self.take(")"):
                raise NotSimple
            return f"({inner})"
        return self.value()

    def denied(self) -> str:
        """What stands behind a “not”; brackets of its own are not doubled."""
        self.depth += 1
        if self.depth > MOST_NESTED:
            raise NotSimple
        inner = self.alone()
        self.depth -= 1
        whole = inner.startswith("(") and _closes(inner) == len(inner) - 1
        return inner[1:-1] if whole else inner

    def value(self) -> str:
        if self.at >= len(self.tokens):
            raise NotSimple
        kind, text = self.tokens[self.at]
        self.at += 1
        if kind == "text":
            return '"' + re.sub(r"\\(.)", r"\1", text[1:-1]).replace('"', '\\"') + '"'
        if kind == "sign" or self.sign in {".", "("}:
            raise NotSimple  # a call, or a part of an object: variables are flat here
        if kind == "name" and text not in _LITERALS:
            if text == "empty":
                raise NotSimple
            self.names.add(text)
        return text


def _tokens(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    at, end = 0, len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if match is None:
            raise NotSimple(text)
        kind = str(match.lastgroup)
        word = match[kind]
        sign = _WORDS.get(word) if kind == "name" else None
        found.append(("sign", sign) if sign else (kind, word))
        at = match.end()
    return found


def _closes(text: str) -> int:
    """Where the bracket closes that the text begins with."""
    depth = 0
    quoted = False
    for at, letter in enumerate(text):
        if letter == '"' and text[at - 1] != "\\":
            quoted = not quoted
        elif not quoted and letter in "()":
            depth += 1 if letter == "(" else -1
            if depth == 0:
                return at
    return -1
