"""Answers of feelin, another evaluator of FEEL: asked live, or as they were written down.

`python -m tests.feel.feelin_answers` asks anew and writes them down; it needs Node and
`npm ci` in tests/feel/feelin. The versions of both are pinned there.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.strategies import SearchStrategy

from feel import EvaluationError, FeelError, compile_expression, compile_unary_tests
from feel.functions.strings import show
from feel.values import Frame, kind
from tests.feel.expressions import CELLS, CONTEXT, EXPRESSIONS

FOLDER = Path(__file__).parent / "feelin"
WRITTEN = FOLDER / "answers.json"
CLOSE = Decimal("1e-9")
"""feelin calculates in binary floating point."""
NULL_CONDITION = "if needs true or false"
"""What we say where feelin takes null for false: the one difference that any text may bring."""


class Feelin:
    """A process that answers one expression after the other."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def ask(self, text: str, context: dict[str, Any]) -> dict[str, Any]:
        """Its value, or that it refused."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"text": text, "context": context}) + "\n")
        self._process.stdin.flush()
        return dict(json.loads(self._process.stdout.readline()))


@contextmanager
def feelin() -> Iterator[Feelin]:
    """The other evaluator at work; without it nothing is proved, so it must be there."""
    if not (FOLDER / "node_modules" / "feelin").is_dir():
        raise AssertionError(f"feelin is not installed: run npm ci in {FOLDER}")
    process = subprocess.Popen(
        ["node", "evaluate.mjs"],
        cwd=FOLDER,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield Feelin(process)
    finally:
        process.communicate()


def difference(text: str, context: dict[str, Any], theirs: dict[str, Any]) -> str | None:
    """How our answer differs from theirs, or None; with a `?` the text is a cell of a table."""
    try:
        if "?" in context:
            ours: Any = compile_unary_tests(text).matches(context["?"], context)
        else:
            ours = compile_expression(text).evaluate(context)
    except FeelError as error:
        return None if "refused" in theirs else f"{text}: we refuse it: {error}; they {theirs}"
    except EvaluationError as error:
        if error.words.startswith(NULL_CONDITION):
            return None
        return f"{text}: we end in an error: {error}; they {theirs}"
    if "value" in theirs and _same(ours, theirs["value"]):
        return None
    return f"{text}: we say {show(Frame({}, 0), ours)}; they {theirs}"


def _same(ours: Any, theirs: Any) -> bool:
    if isinstance(theirs, list):
        return isinstance(ours, list) and len(ours) == len(theirs) and all(map(_same, ours, theirs))
    if not isinstance(theirs, dict):
        return type(ours) is type(theirs) and bool(ours == theirs)
    if "number" in theirs:
        number = Decimal(theirs["number"])
        return kind(ours) == "number" and abs(ours - number) <= CLOSE * max(1, abs(number))
    if "context" in theirs:
        entries = theirs["context"]
        same_keys = isinstance(ours, dict) and ours.keys() == entries.keys()
        return same_keys and all(_same(ours[key], entries[key]) for key in entries)
    is_moment = kind(ours) not in ("string", "list", "context", "boolean", "null", "number")
    return is_moment and show(Frame({}, 0), ours) == theirs.get("written")


def generated(strategy: SearchStrategy[Any], count: int) -> list[Any]:
    """What the strategy brings, each once, the same on every day."""
    found: dict[Any, None] = {}

    @seed(2026)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def collect(value: Any) -> None:
        found[value] = None

    collect()
    return list(found)


def write_down(count: int = 600) -> None:
    """Ask for generated expressions and cells, and keep the answers beside the package."""
    asked = [(text, {}) for text in generated(EXPRESSIONS, count)]
    asked += [(text, {"?": value}) for text, value in generated(CELLS, count)]
    with feelin() as other:
        answers = [[text, put, other.ask(text, CONTEXT | put)] for text, put in asked]
    lines = ",\n".join(map(json.dumps, answers))
    WRITTEN.write_text(f"[\n{lines}\n]\n", "utf-8")


if __name__ == "__main__":
    write_down()
