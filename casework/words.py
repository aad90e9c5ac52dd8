"""Sentences for people, made from the model and from closed codes, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


def _unchanged(text: str) -> str:
    return text


@dataclass(frozen=True)
class Speaking:
    """The reader's language. `translate` takes a source sentence (English) and gives it in that
    language; sentences for the catalogue are found at the calls of `say`."""

    language: str = "en"
    translate: Callable[[str], str] = _unchanged

    def say(self, sentence: str, **values: object) -> str:
        """Translate the sentence, then put the values into its {named} places."""
        return self.translate(sentence).format(**values)


ENGLISH = Speaking()
