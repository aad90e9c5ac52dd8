"""Regular expressions that take time in proportion to the text, whoever wrote them.

Python's own can be made to run for years by nested quantifiers; here no place of the text is tried
twice in the same state, so a pattern costs at most its size times the text's length.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from feel.errors import EvaluationError
from feel.limits import MAX_PATTERN
from feel.pattern_parser import PatternParser
from feel.values import Frame

_MAX_PROGRAM = 2_000


@lru_cache(maxsize=512)
def pattern(text: str, flags: str) -> Pattern:
    """The pattern written in the text; flags are i, s, m and x."""
    if len(text) > MAX_PATTERN:
        raise EvaluationError(f"A pattern may have {MAX_PATTERN} characters: make it shorter.")
    if not set(flags) <= set("ismx"):
        raise EvaluationError(f"The flags of a pattern are i, s, m and x, not {flags}.")
    parser = PatternParser(text, flags)
    return Pattern(parser.parse(), parser.groups)


class Pattern:
    """A program of instructions: take a character, branch, mark a group, look at a border."""

    def __init__(self, tree: Any, groups: int) -> None:
        self.program: list[tuple[Any, ...]] = []
        self.groups = groups
        self._add("save", 0)
        self._compile(tree)
        self._add("save", 1)
        self._add("match")

    def _add(self, *instruction: Any) -> int:
        if len(self.program) >= _MAX_PROGRAM:
            raise EvaluationError("The pattern repeats too much: use smaller numbers in {...}.")
        self.program.append(instruction)
        return len(self.program) - 1

    def _compile(self, tree: Any) -> None:
        word = tree[0]
        if word in ("take", "border"):
            self._add(word, tree[1])
        elif word == "sequence":
            for part in tree[1]:
                self._compile(part)
        elif word == "group":
            self._add("save", tree[1] * 2)
            self._compile(tree[2])
            self._add("save", tree[1] * 2 + 1)
        elif word == "choice":
            self._choice(tree[1])
        else:
            self._repeat(*tree[1:])

    def _choice(self, options: list[Any]) -> None:
        exits = []
        for option in options[:-1]:
            branch = self._add("branch", 0, 0)
            self._compile(option)
            exits.append(self._add("jump", 0))
            self.program[branch] = ("branch", branch + 1, len(self.program))
        self._compile(options[-1])
        for exit_ in exits:
            self.program[exit_] = ("jump", len(self.program))

    def _repeat(self, tree: Any, least: int, most: int | None, greedy: bool) -> None:
        for _ in range(least):
            self._compile(tree)
        if most is None:
            branch = self._add("branch", 0, 0)
            self._compile(tree)
            self._add("jump", branch)
            self._leave(branch, greedy=greedy)
            return
        branches = []
        for _ in range(most - least):
            branches.append(self._add("branch", 0, 0))
            self._compile(tree)
        for branch in branches:
            self._leave(branch, greedy=greedy)

    def _leave(self, branch: int, *, greedy: bool) -> None:
        ways = (branch + 1, len(self.program))
        self.program[branch] = ("branch", *(ways if greedy else reversed(ways)))

    def search(self, text: str, start: int, frame: Frame) -> tuple[int, ...] | None:
        """The borders of the first match and of its groups (-1 where a group took no part)."""
        tried: set[int] = set()
        marks = [-1] * (2 * self.groups + 2)
        for at in range(start, len(text) + 1):
            frame.spend(1)
            found = self._run(text, at, marks, tried, frame)
            if found is not None:
                return found
        return None

    def every(self, text: str, frame: Frame) -> Iterator[tuple[int, ...]]:
        """All matches, one after the other, without empty ones."""
        at = 0
        while at < len(text):
            found = self.search(text, at, frame)
            if found is None:
                return
            if found[1] > found[0]:
                yield found
            at = max(found[1], at + 1)

    def _run(
        self, text: str, start: int, marks: list[int], tried: set[int], frame: Frame
    ) -> tuple[int, ...] | None:
        size, program = len(self.program), self.program
        waiting: list[tuple[int, int, tuple[int, ...]]] = [(0, start, tuple(marks))]
        while waiting:
            step, at, borders = waiting.pop()
            state = at * size + step
            if state in tried:
                continue
            tried.add(state)
            frame.spend(1)
            instruction = program[step]
            word = instruction[0]
            if word == "match":
                return borders
            if word == "take":
                if at < len(text) and instruction[1](text[at]):
                    waiting.append((step + 1, at + 1, borders))
            elif word == "branch":
                waiting.append((instruction[2], at, borders))
                waiting.append((instruction[1], at, borders))
            elif word == "jump":
                waiting.append((instruction[1], at, borders))
            elif word == "save":
                place = instruction[1]
                waiting.append((step + 1, at, (*borders[:place], at, *borders[place + 1 :])))
            elif instruction[1](text, at):
                waiting.append((step + 1, at, borders))
        return None
