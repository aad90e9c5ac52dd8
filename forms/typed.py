"""What was typed into a form: read from a post or a draft, never judged, never lost."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from forms.definition import Field, Repeated
from forms.limits import MAX_UNKNOWN
from forms.values import PARTS, SINGLE_CHOICES, boxes_of, iso_boxes

if TYPE_CHECKING:
    from forms.form import FormDefinition

Boxes = dict[str, list[str]]
"""What stands in the boxes of each field, by the field's key."""

SHOWN = "_shown"
MAX_REPEATED = 2
"""Of a single choice that is sent twice so many are kept: enough to refuse it."""
_ITEM_NAME = re.compile(r"([a-z][a-z0-9_]*)-(\d{1,4})-([a-z][a-z0-9_]*)(?:-([a-z]+))?\Z", re.ASCII)
_TOP_NAME = re.compile(r"([a-z][a-z0-9_]*)(?:-([a-z]+))?\Z", re.ASCII)


class Posted(Protocol):
    """What a web framework hands over of a post."""

    def keys(self) -> Iterable[str]:
        """All names posted."""

    def getlist(self, key: str) -> list[str]:
        """All values posted under a name."""


@dataclass
class Typed:
    """The boxes of the whole form, at the top and for each item of its repeated parts."""

    top: Boxes = field(default_factory=dict)
    items: dict[str, list[Boxes]] = field(default_factory=dict)


def empty_boxes(asked: Field) -> list[str]:
    """The boxes of a field before anything is typed."""
    return [""] * len(PARTS.get(asked.kind, ("one",))) if asked.kind != "many" else []


def from_draft(definition: FormDefinition, data: Mapping[str, Any] | None) -> Typed:
    """What a draft, or earlier answers, put into the boxes; with no draft the defaults."""
    given = data or {}
    typed = Typed()
    for asked in definition.fields.values():
        if asked.list_key is None:
            value = given.get(asked.key, asked.default if data is None else None)
            typed.top[asked.key] = boxes_of(asked, value)
    for key, repeated in definition.lists.items():
        items = given.get(key)
        if isinstance(items, list):
            kept = [item if isinstance(item, Mapping) else {} for item in items]
            typed.items[key] = [item_boxes(repeated, item) for item in kept[: repeated.most]]
        else:
            typed.items[key] = [new_item(repeated) for _ in range(repeated.initial)]
    return typed


def item_boxes(repeated: Repeated, item: Mapping[str, Any]) -> Boxes:
    """The boxes of one stored item."""
    return {asked.key: boxes_of(asked, item.get(asked.key)) for asked in repeated.fields}


def new_item(repeated: Repeated) -> Boxes:
    """The boxes of an item that was just added."""
    return {asked.key: boxes_of(asked, asked.default) for asked in repeated.fields}


def to_draft(definition: FormDefinition, typed: Typed) -> dict[str, Any]:
    """The boxes as a draft keeps them: exactly what was typed, blanks left out."""
    fields = definition.fields
    draft: dict[str, Any] = {
        key: _kept(fields[key], boxes) for key, boxes in typed.top.items() if any(boxes)
    }
    for key, items in typed.items.items():
        draft[key] = [
            {
                name: _kept(fields[f"{key}.{name}"], boxes)
                for name, boxes in item.items()
                if any(boxes)
            }
            for item in items
        ]
    return draft


def _kept(asked: Field, boxes: Sequence[str]) -> Any:
    if asked.kind in PARTS:
        return dict(zip(PARTS[asked.kind], boxes, strict=False))
    return list(boxes) if asked.kind == "many" or len(boxes) > 1 else boxes[0]


class Post:
    """One post of the form, or of a section of it."""

    def __init__(self, definition: FormDefinition, formdata: Posted) -> None:
        self._definition = definition
        self._formdata = formdata
        names = [name for name in formdata.keys() if isinstance(name, str)]  # noqa: SIM118
        self._names = frozenset(names)
        marked = " ".join(formdata.getlist(SHOWN)) if SHOWN in self._names else None
        self.shown = frozenset(marked.split()) if marked is not None else None
        self.indices = dict(self._indices())
        self.unknown = tuple(self._unknown(names))

    def boxes(self, asked: Field, name: str) -> list[str] | None:
        """What stands in the boxes of this field; None when the post does not know it."""
        parts = PARTS.get(asked.kind)
        if parts and any(f"{name}-{part}" in self._names for part in parts):
            return [clean(next(iter(self._values(f"{name}-{part}")), "")) for part in parts]
        if name not in self._names:
            return None
        values = [clean(value) for value in self._values(name)]
        if parts:
            whole = len(values) == len(parts) > 1
            return values if whole else iso_boxes(asked, values[0] if values else "")
        if asked.kind == "many":
            return values[: 2 * max(len(asked.choices), 100)]
        return values[: MAX_REPEATED if asked.kind in SINGLE_CHOICES else 1] or [""]

    def was_shown(self, name: str) -> bool:
        """Did the page show this field? Without the page's own mark it is taken to have."""
        return self.shown is None or name in self.shown

    def _values(self, name: str) -> list[str]:
        return [value for value in self._formdata.getlist(name) if isinstance(value, str)]

    def _indices(self) -> Iterator[tuple[str, list[int]]]:
        found: dict[str, set[int]] = {key: set() for key in self._definition.lists}
        for name in (*self._names, *(self.shown or ())):
            match = _ITEM_NAME.match(name)
            if match and f"{match[1]}.{match[3]}" in self._definition.fields:
                found[match[1]].add(int(match[2]))
        for key, indices in found.items():
            yield key, sorted(indices)

    def _unknown(self, names: Sequence[str]) -> Iterator[str]:
        strange = (name for name in names if name[:1] != "_" and name != "csrf_token")
        count = 0
        for name in strange:
            if not self._is_known(name):
                count += 1
                if count > MAX_UNKNOWN:
                    return
                yield clean(name)[:100]

    def _is_known(self, name: str) -> bool:
        item, top = _ITEM_NAME.match(name), _TOP_NAME.match(name)
        if item:
            path, part = f"{item[1]}.{item[3]}", item[4]
        elif top:
            path, part = top[1], top[2]
        else:
            return False
        asked = self._definition.fields.get(path)
        if asked is None or (asked.list_key is None) == bool(item):
            return False
        return part is None or part in PARTS.get(asked.kind, ())


def clean(text: str) -> str:
    """The text with what no store can hold made visible, and line ends as browsers send them."""
    plain = text.encode("utf-8", "replace").decode("utf-8").replace("\x00", "\ufffd")
    return plain.replace("\r\n", "\n").replace("\r", "\n")


def merge(
    definition: FormDefinition, before: Typed, post: Post, section: str | None
) -> tuple[Typed, dict[str, list[str]]]:
    """The form after a post, and what stood before in boxes the post does not speak of."""
    after, unsent = Typed(), dict[str, list[str]]()
    for asked in definition.fields.values():
        if asked.list_key is not None:
            continue
        if section in (None, asked.section):
            earlier = before.top[asked.key]
            after.top[asked.key] = _merged(asked, asked.key, asked.key, earlier, post, unsent)
        else:
            after.top[asked.key] = before.top[asked.key]
    for key, repeated in definition.lists.items():
        was_sent = bool(post.indices[key]) or _is_emptied(before.items[key], key, post)
        if section in (None, repeated.section) and was_sent:
            after.items[key] = _items(repeated, before.items[key], post, unsent)
        else:
            after.items[key] = before.items[key]
    return after, unsent


def _is_emptied(before: list[Boxes], key: str, post: Post) -> bool:
    """Were all items removed? Blank ones a page never showed are not."""
    if post.shown is not None:
        return key in post.shown
    return any(any(boxes) for item in before for boxes in item.values())


def _items(
    repeated: Repeated, before: list[Boxes], post: Post, unsent: dict[str, list[str]]
) -> list[Boxes]:
    items: list[Boxes] = []
    for at, index in enumerate(post.indices[repeated.key][: repeated.most]):
        earlier = before[index] if index < len(before) else {}
        items.append({})
        for asked in repeated.fields:
            sent, name = (f"{repeated.key}-{place}-{asked.key}" for place in (index, at))
            stood = earlier.get(asked.key, empty_boxes(asked))
            items[-1][asked.key] = _merged(asked, sent, name, stood, post, unsent)
    return items


def _merged(
    asked: Field,
    sent: str,
    name: str,
    earlier: list[str],
    post: Post,
    unsent: dict[str, list[str]],
) -> list[str]:
    boxes = post.boxes(asked, sent)
    if boxes is not None:
        return boxes
    if not post.was_shown(sent):
        return earlier
    if post.shown is None:
        unsent[name] = earlier
    return empty_boxes(asked)
