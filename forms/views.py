"""What the templates draw: for each shown part its macro and the macro's parameters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from forms import words
from forms.controls import Control, control_of
from forms.definition import Break, Field, Group, Note, Part, Repeated, Section
from forms.markdown import to_html
from forms.standing import Question, Standing
from forms.words import in_language, say


@dataclass(frozen=True, slots=True)
class NoteView:
    """Words between the questions, as safe HTML."""

    html: str
    draw: str = "note"


@dataclass(frozen=True, slots=True)
class BreakView:
    """A line or a space."""

    is_line: bool
    draw: str = "break"


@dataclass(frozen=True, slots=True)
class GroupView:
    """Questions under one legend."""

    id: str
    legend: str
    hint: str
    parts: tuple[Any, ...]
    draw: str = "group"


@dataclass(frozen=True, slots=True)
class ItemView:
    """One item of a repeated part, with its remove button."""

    id: str
    name: str
    legend: str
    parts: tuple[Any, ...]
    remove: str


@dataclass(frozen=True, slots=True)
class ListView:
    """A repeated part with its items and its add button (none when it is full)."""

    id: str
    key: str
    legend: str
    hint: str
    error: str
    items: tuple[ItemView, ...]
    add: str
    context: str
    draw: str = "list"


@dataclass(frozen=True, slots=True)
class SectionView:
    """One shown section; `shown` are the names the page must send back under _shown."""

    key: str
    title: str
    hint: str
    parts: tuple[Any, ...]
    shown: str
    has_lists: bool


def section_views(
    standing: Standing, sections: Sequence[Section], errors: Mapping[str, str]
) -> tuple[SectionView, ...]:
    """The views of these sections as they stand."""
    return tuple(Drawing(standing, errors, section).view() for section in sections)


class Drawing:
    """Makes the views of one section."""

    def __init__(self, standing: Standing, errors: Mapping[str, str], section: Section) -> None:
        self._standing = standing
        self._errors = errors
        self._section = section
        self._shown: list[str] = []
        self._has_lists = False
        self._translate = standing.circumstances.translate

    def view(self) -> SectionView:
        """The section with everything shown in it."""
        parts = tuple(self._parts(self._section.parts, None, None))
        return SectionView(
            key=self._section.key,
            title=self._(self._section.title),
            hint=self._(self._section.hint),
            parts=parts,
            shown=" ".join(self._shown),
            has_lists=self._has_lists,
        )

    def _parts(
        self, parts: tuple[Part, ...], list_key: str | None, index: int | None
    ) -> Iterator[Any]:
        for number, part in enumerate(parts, 1):
            if isinstance(part, Field):
                yield from self._control(part, index)
            elif isinstance(part, Repeated):
                if self._standing.seen.shows_list(part):
                    yield self._list(part)
            elif not self._standing.seen.is_hidden(part.hide, list_key, index):
                yield self._plain(part, list_key, index, number)

    def _control(self, field: Field, index: int | None) -> Iterator[Control]:
        name = field.key if index is None else f"{field.list_key}-{index}-{field.key}"
        question = Question(name, field, index)
        if self._standing.shows(question):
            self._shown.append(name)
            yield control_of(self._standing, question, self._errors.get(name, ""))

    def _plain(
        self, part: Note | Break | Group, list_key: str | None, index: int | None, number: int
    ) -> Any:
        if isinstance(part, Note):
            return NoteView(to_html(self._(part.text)))
        if isinstance(part, Break):
            return BreakView(part.is_line)
        place = f"{list_key}-{index}-" if list_key else f"{self._section.key}-"
        inside = tuple(self._parts(part.parts, list_key, index))
        return GroupView(f"g-{place}{number}", self._(part.label), self._(part.hint), inside)

    def _list(self, repeated: Repeated) -> ListView:
        self._has_lists = True
        self._shown.append(repeated.key)
        count = len(self._standing.typed.items[repeated.key])
        item_label = self._(repeated.item_label)
        add = say(self._translate, words.ADD, label=item_label)
        return ListView(
            id=f"f-{repeated.key}",
            key=repeated.key,
            legend=self._(repeated.label),
            hint=self._(repeated.hint),
            error=self._errors.get(repeated.key, ""),
            items=tuple(self._item(repeated, item_label, index) for index in range(count)),
            add=add if count < repeated.most else "",
            context=self._(self._standing.definition.groups_to_say.get(repeated.key, "")),
        )

    def _item(self, repeated: Repeated, label: str, index: int) -> ItemView:
        name = f"{repeated.key}-{index}"
        return ItemView(
            id=f"f-{name}",
            name=name,
            legend=say(self._translate, words.ITEM, label=label, number=index + 1),
            parts=tuple(self._parts(repeated.parts, repeated.key, index)),
            remove=say(self._translate, words.REMOVE, label=label, number=index + 1),
        )

    def _(self, text: str) -> str:
        return in_language(self._translate, text)
