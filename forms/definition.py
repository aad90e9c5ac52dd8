"""A form as its definition tells it: sections, fields, repeated parts and their conditions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

Kind = Literal["line", "lines", "number", "tick", "one", "many", "date", "time", "datetime"]
"""How an answer is given: radio and select give one code, checklist and taglist many."""

MOMENTS: frozenset[Kind] = frozenset({"date", "datetime"})
READABLE, WITHHELD, KEPT_BACK = "open", "withheld", "L2"
"""The answers with which an item of a list is open to the person, and is not; and the layer of what
is not."""

SHOWN_INSTEAD = frozenset({"gist"})
"""What the person reads in place of an item that is withheld."""

CHOOSING: frozenset[Kind] = frozenset({"one", "many"})


@dataclass(frozen=True, slots=True)
class Choice:
    """One closed answer."""

    value: str
    label: str


@dataclass(frozen=True, slots=True, eq=False)
class Condition:
    """FEEL that hides what carries it when it is true."""

    text: str
    expression: Any
    names: frozenset[str]


@dataclass(frozen=True, slots=True, eq=False)
class Bounds:
    """What an answer must keep to."""

    required: bool = False
    min_length: int = 0
    max_length: int = 0
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    decimals: int = 0
    pattern: str | None = None
    pattern_words: str | None = None
    when: Literal["past", "future"] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """One question. `path` is its key, with its list's before it when it is asked repeatedly."""

    key: str
    path: str
    type: str
    kind: Kind
    label: str
    layer: str
    section: str
    hint: str = ""
    list_key: str | None = None
    variable: str | None = None
    statement_type: str | None = None
    special: str | None = None
    kept_back_by: str | None = None  # the question beside it that says who may read the item
    properties: Mapping[str, str] = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()
    choices_from: str | None = None
    is_yes_no: bool = False
    bounds: Bounds = field(default_factory=Bounds)
    default: Any = None
    hides: tuple[Condition, ...] = ()
    group_label: str = ""
    missing_words: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Note:
    """Words between the questions, in a small markdown."""

    text: str
    hide: Condition | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Break:
    """A line or a space between the questions."""

    is_line: bool
    hide: Condition | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Questions that belong together under one legend."""

    key: str
    label: str
    hint: str
    parts: tuple[Part, ...]
    hide: Condition | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Repeated:
    """Questions asked again for each item of a list."""

    key: str
    label: str
    item_label: str
    hint: str
    parts: tuple[Part, ...]
    section: str
    least: int
    most: int
    initial: int
    hides: tuple[Condition, ...] = ()
    group_label: str = ""

    @property
    def fields(self) -> tuple[Field, ...]:
        """The questions of one item, in order."""
        return tuple(fields_of(self.parts))


Part = Field | Note | Break | Group | Repeated


@dataclass(frozen=True, slots=True, eq=False)
class Section:
    """One page of the form."""

    key: str
    title: str
    parts: tuple[Part, ...]
    hide: Condition | None = None
    hint: str = ""

    @property
    def fields(self) -> tuple[Field, ...]:
        """All questions of the section, those of repeated parts too, in order."""
        return tuple(fields_of(self.parts))

    @property
    def lists(self) -> tuple[Repeated, ...]:
        """The repeated parts of the section, in order."""
        return tuple(lists_of(self.parts))


def fields_of(parts: tuple[Part, ...]) -> Iterator[Field]:
    """The questions among these parts, however deep."""
    for part in parts:
        if isinstance(part, Field):
            yield part
        elif isinstance(part, Group | Repeated):
            yield from fields_of(part.parts)


def lists_of(parts: tuple[Part, ...]) -> Iterator[Repeated]:
    """The repeated parts among these parts."""
    for part in parts:
        if isinstance(part, Repeated):
            yield part
        elif isinstance(part, Group):
            yield from lists_of(part.parts)


def conditions_of(section: Section) -> Iterator[tuple[str, Condition, Repeated | None]]:
    """Every condition of the section, once: what carries it, and the repeated part it is in."""
    if section.hide:
        yield section.key, section.hide, None
    yield from _conditions_inside(section.parts, None, section.hide)


def _conditions_inside(
    parts: tuple[Part, ...], within: Repeated | None, inherited: Condition | None
) -> Iterator[tuple[str, Condition, Repeated | None]]:
    for part in parts:
        own = part.hides[-1] if isinstance(part, Field | Repeated) and part.hides else None
        if isinstance(part, Note | Break | Group):
            own = part.hide
        if own is not None and own is not inherited:
            yield getattr(part, "key", "text"), own, within
        if isinstance(part, Group):
            yield from _conditions_inside(part.parts, within, own or inherited)
        elif isinstance(part, Repeated):
            yield from _conditions_inside(part.parts, part, None)
