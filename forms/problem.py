"""What is wrong with a form definition, in words its author can act on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from forms.limits import MAX_PROBLEMS


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding; `element_id` is the key of the component, or where it stands."""

    file: str
    element_id: str | None
    words: str
    remedy: str
    line: int | None = None

    def __str__(self) -> str:
        where = self.file + (f", line {self.line}" if self.line else "")
        return f"{where}: {self.element_id or 'form'}: {self.words} {self.remedy}"


class FormError(ValueError):
    """A form definition is refused; `problems` says why and what to do."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


class Complaints:
    """Collects the problems of one file, up to a bound."""

    def __init__(self, file: str, text: str = "") -> None:
        self.file = file
        self.problems: list[Problem] = []
        self._text = text

    def add(self, element_id: str | None, words: str, remedy: str) -> None:
        """Note one problem."""
        if len(self.problems) < MAX_PROBLEMS:
            line = self._line(element_id)
            self.problems.append(Problem(self.file, element_id, words, remedy, line))

    def _line(self, element_id: str | None) -> int | None:
        if element_id is None:
            return None
        place = self._text.find(f'"{element_id}"')
        return None if place < 0 else self._text.count("\n", 0, place) + 1
