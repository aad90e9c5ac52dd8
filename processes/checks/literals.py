"""Finds in an expression which variable is compared with which text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from feel import FeelError
from feel import nodes as n
from feel.builtins import BUILTINS
from feel.lexer import phrases, tokens
from feel.parser import Parser

_PHRASES = phrases(frozenset({*BUILTINS, "is defined"}), called=True)


def compared_texts(text: str) -> list[tuple[str, str]]:
    """Every (variable, text) that the expression compares with each other."""
    root = _parse(text)
    return [] if root is None else list(_compared(root))


def lone_name(text: str) -> str | None:
    """The variable, if the expression is nothing else."""
    root = _parse(text)
    return root.name if isinstance(root, n.Name) else None


def _parse(text: str) -> n.Node | None:
    try:
        return Parser(tokens(text, [_PHRASES])).whole_expression()
    except FeelError:
        return None


def _compared(node: n.Node) -> Iterator[tuple[str, str]]:
    if isinstance(node, n.Operation) and node.sign in {"=", "!="}:
        for one, other in ((node.left, node.right), (node.right, node.left)):
            if isinstance(one, n.Name):
                yield from ((one.name, code) for code in _texts(other))
    if isinstance(node, n.In) and isinstance(node.value, n.Name):
        for test in node.tests.items:
            if isinstance(test, n.Test) and test.sign is None:
                yield from ((node.value.name, code) for code in _texts(test.operand))
    for child in _children(node):
        yield from _compared(child)


def _texts(node: n.Node) -> Iterator[str]:
    if isinstance(node, n.Literal) and isinstance(node.value, str):
        yield node.value
    if isinstance(node, n.ListOf):
        for item in node.items:
            yield from _texts(item)


def _children(node: Any) -> Iterator[n.Node]:
    for part in fields(node):
        value = getattr(node, part.name)
        for child in value if isinstance(value, tuple) else (value,):
            if isinstance(child, n.Node):
                yield child
