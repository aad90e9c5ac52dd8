"""A grid as its form defines it: items with domain and theme, what was answered, and the source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from forms import FormDefinition

OBSERVED = "_observed"
HARM_DOMAINS = frozenset({"A", "B", "E"})
"""Violence, influence on others, preparation [domain.md 5.2 V1, 5.3]."""
HARM_THEMES = frozenset({"violence", "influence", "preparation"})
CONCERN_THEMES = HARM_THEMES | {"being_influenced"}
DIRECT = frozenset({"own", "document"})
"""Sources that are not hearsay [domain.md 5.2 V3]."""


@dataclass(frozen=True)
class Item:
    """One item of a grid: its key in the form, its domain and its theme."""

    key: str
    code: str
    domain: str
    theme: str
    label: str
    background: bool

    @property
    def is_harm(self) -> bool:
        """Whether the item asks for harm done or prepared, whatever the cause it is done for.

        By its domain where that is a letter of 5.3; a grid with domains of its own by theme.
        """
        if self.domain.isalpha():
            return self.domain in HARM_DOMAINS
        return self.theme in HARM_THEMES


@dataclass(frozen=True)
class Answered:
    """What a rater answered to one item."""

    item: Item
    position: str  # observed, not_observed, no_opportunity, unclear
    statements: tuple[Mapping[str, Any], ...]
    special: bool
    necessity: str
    other_explanation: str
    contrary: str

    @property
    def has_direct_source(self) -> bool:
        """Whether at least one statement is an own observation or a document."""
        return any(s.get("source") in DIRECT for s in self.statements)

    @property
    def texts(self) -> tuple[str, ...]:
        """What was written, for reading side by side."""
        told = tuple(str(s.get("what") or "").strip() for s in self.statements)
        return tuple(text for text in told if text)


def items(definition: FormDefinition) -> tuple[Item, ...]:
    """The grid's items, in the form's order."""
    found = []
    for key, field in definition.fields.items():
        if not key.endswith(OBSERVED):
            continue
        marks = field.properties
        found.append(
            Item(
                key=key.removesuffix(OBSERVED),
                code=str(marks.get("item") or key.removesuffix(OBSERVED)),
                domain=str(marks.get("domain") or ""),
                theme=str(marks.get("theme") or ""),
                label=field.label,
                background=str(marks.get("background") or "").lower() in {"true", "yes", "1"},
            )
        )
    return tuple(found)


def answered(definition: FormDefinition, answers: Mapping[str, Any]) -> tuple[Answered, ...]:
    """The answers item by item."""
    return tuple(_answered(item, answers) for item in items(definition))


def observed(definition: FormDefinition, answers: Mapping[str, Any]) -> tuple[Answered, ...]:
    """The items that were observed."""
    return tuple(a for a in answered(definition, answers) if a.position == "observed")


def _answered(item: Item, answers: Mapping[str, Any]) -> Answered:
    def text(name: str) -> str:
        value = answers.get(f"{item.key}_{name}")
        return "; ".join(map(str, value)) if isinstance(value, list) else str(value or "").strip()

    statements = answers.get(f"{item.key}_statements")
    return Answered(
        item=item,
        position=str(answers.get(f"{item.key}_observed") or ""),
        statements=tuple(_filled(statements if isinstance(statements, list) else [])),
        special=answers.get(f"{item.key}_special") is True,
        necessity=text("necessity"),
        other_explanation=text("other_explanation"),
        contrary=text("contrary"),
    )


def _filled(statements: Iterable[Any]) -> Iterable[Mapping[str, Any]]:
    return (s for s in statements if isinstance(s, Mapping) and str(s.get("what") or "").strip())
