"""What can go wrong with an expression, in words its author can act on."""

from __future__ import annotations

from typing import Any


class FeelError(ValueError):
    """The text is not FEEL: refused when it is compiled. `position` counts characters from 0."""

    def __init__(self, position: int, words: str) -> None:
        super().__init__(f"{words} (at character {position + 1})")
        self.position = position
        self.words = words


class EvaluationError(ValueError):
    """The expression is sound, but cannot be evaluated with the values it was given."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


class UnknownName(EvaluationError):
    """A name, or an entry of a context, that is not there."""


class DecisionError(ValueError):
    """A decision file or a decision cannot be used; `element_id` is where to look."""

    def __init__(
        self,
        words: str,
        element_id: str | None = None,
        line: int | None = None,
        problems: tuple[Any, ...] = (),
    ) -> None:
        super().__init__(words)
        self.words = words
        self.element_id = element_id
        self.line = line
        self.problems = problems  # feel.decisions.DecisionProblem, when a file was refused


class InputProblem(ValueError):
    """What was handed over for a decision cannot be used; the words say what to do."""
