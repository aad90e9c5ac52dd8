"""Expressions, parsed once and kept ready to be evaluated."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import DecimalException
from functools import lru_cache
from typing import Any

from feel import nodes as n
from feel.builtins import BUILTINS
from feel.compiling import Compiler, Run
from feel.errors import EvaluationError, FeelError
from feel.lexer import phrases, tokens
from feel.parser import Parser
from feel.testing import tests
from feel.values import Frame, admit

_KEPT = 4096
_BUILTIN_PHRASES = phrases(frozenset({*BUILTINS, "is defined"}), called=True)


class Expression:
    """A compiled expression; `names` are the variables it reads."""

    __slots__ = ("_run", "_slots", "is_literal", "names", "names_in_filters", "text", "weight")

    def __init__(self, text: str, node: n.Node, functions: frozenset[str]) -> None:
        compiler = Compiler(functions)
        self.text = text
        self._run: Run = compiler.compile(node)
        self._slots = compiler.slots
        self.weight = compiler.weight
        self.is_literal = isinstance(node, n.Literal)
        self.names = frozenset(compiler.names)
        self.names_in_filters = frozenset(compiler.names_in_filters)  # or entries of the items

    def evaluate(self, context: Mapping[str, Any], within: Frame | None = None) -> Any:
        """The value with these variables; an unknown name is an EvaluationError, never null.

        `within` is the evaluation that this one is a part of: the two share one budget.
        """
        frame = Frame(context, self._slots, within)
        if within is not None:
            frame.spend(self.weight >> 3)
        value = _guarded(self._run, frame)
        return value if not isinstance(value, list | dict) else checked(value, frame)

    def __repr__(self) -> str:
        return f"Expression({self.text!r})"


class UnaryTests:
    """A compiled cell of a decision table, or the tests behind `in`."""

    __slots__ = ("_run", "_slots", "literals", "names", "text", "weight")

    def __init__(self, text: str, node: n.Tests, functions: frozenset[str]) -> None:
        compiler = Compiler(functions)
        self.text = text
        compiler.sight.append(("?", compiler.slot()))
        self._run = tests(compiler, node)
        self._slots = compiler.slots
        self.weight = compiler.weight
        self.names = frozenset(compiler.names)
        self.literals = _literals(node)

    def matches(self, value: Any, context: Mapping[str, Any], within: Frame | None = None) -> bool:
        """Whether the value passes; a value that cannot be compared does not."""
        frame = Frame(context, self._slots, within)
        if within is not None:
            frame.spend(self.weight >> 3)
        frame.locals[0] = admit(value)
        return _guarded(self._run, frame) is True

    def __repr__(self) -> str:
        return f"UnaryTests({self.text!r})"


def _guarded(run: Run, frame: Frame) -> Any:
    try:
        return run(frame)
    except RecursionError:
        raise EvaluationError("The values are nested too deeply to be read.") from None
    except DecimalException:
        raise EvaluationError("The result is too large a number.") from None


def _literals(node: n.Tests) -> tuple[Any, ...] | None:
    """The values a cell lists, in its order, if it lists nothing but constants."""
    if node.negated or not node.items:
        return None
    operands = [test.operand for test in node.items if isinstance(test, n.Test) and not test.sign]
    constants = [operand.value for operand in operands if isinstance(operand, n.Literal)]
    return tuple(constants) if len(constants) == len(node.items) else None


def checked(value: Any, frame: Frame, depth: int = 0) -> Any:
    """A result as it may leave: of bounded size, and with nothing foreign in it."""
    if depth > 50:
        raise EvaluationError("The result is nested too deeply.")
    frame.spend(1)
    if isinstance(value, list):
        return [checked(item, frame, depth + 1) for item in value]
    if isinstance(value, dict):
        return {str(key): checked(item, frame, depth + 1) for key, item in value.items()}
    return frame.made(admit(value))


@lru_cache(maxsize=_KEPT)
def compile_expression(
    text: str, names: frozenset[str] = frozenset(), functions: frozenset[str] = frozenset()
) -> Expression:
    """The expression, or FeelError saying where it is wrong.

    `names` are variables of several words that may occur; `functions` are those the context brings.
    """
    return Expression(text, _parser(text, names).whole_expression(), functions)


@lru_cache(maxsize=_KEPT)
def compile_unary_tests(
    text: str, names: frozenset[str] = frozenset(), functions: frozenset[str] = frozenset()
) -> UnaryTests:
    """The cell, or FeelError saying where it is wrong."""
    return UnaryTests(text, _parser(text, names).whole_tests(), functions)


def _parser(text: str, names: frozenset[str]) -> Parser:
    if not text.strip():
        raise FeelError(0, "There is no expression: write one, or - for anything in a cell.")
    known = [_BUILTIN_PHRASES, phrases(names, called=False)]
    return Parser(tokens(text, known))
