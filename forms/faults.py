"""Finds what must be mended in a form, in page order, and where on the page to mend it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from forms import words
from forms.definition import Repeated, Section
from forms.standing import Standing
from forms.values import PARTS
from forms.words import about

_ITEM = re.compile(r"([a-z][a-z0-9_]*)-(\d{1,4})(?:-([a-z][a-z0-9_]*))?\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class FieldError:
    """One message; `key` is the posted name, `field_id` an id on the page of the section."""

    key: str
    field_id: str
    section: str
    words: str


def section_faults(
    standing: Standing, section: Section, sent: Mapping[str, list[int]], *, draft: bool
) -> Iterator[FieldError]:
    """The messages of one section; a draft is not asked for what is missing.

    `sent` are the item numbers of each repeated part as the post brought them.
    """
    for part in standing.walk(section):
        if isinstance(part, Repeated):
            if standing.seen.shows_list(part):
                yield from _count_faults(standing, part, sent, draft=draft)
        elif standing.shows(part) and not standing.is_spare(part):
            answer = standing.answer(part)
            fault = answer.first_fault(standing.wtform, must_be_given=not draft)
            if fault:
                yield _error(standing, part.name, part.field.section, fault)


def _count_faults(
    standing: Standing, repeated: Repeated, sent: Mapping[str, list[int]], *, draft: bool
) -> Iterator[FieldError]:
    if len(sent.get(repeated.key, ())) > repeated.most:
        yield too_many(standing, repeated)
    elif not draft and _lacks_items(standing, repeated):
        yield _list_error(standing, repeated, words.TOO_FEW_ITEMS)


def _lacks_items(standing: Standing, repeated: Repeated) -> bool:
    items = len(standing.typed.items[repeated.key])
    asks = any(field.bounds.required for field in repeated.fields)
    return (items if asks else len(standing.kept(repeated))) < repeated.least


def too_many(standing: Standing, repeated: Repeated) -> FieldError:
    """There is no room for another item."""
    return _list_error(standing, repeated, words.TOO_MANY_ITEMS)


def _list_error(standing: Standing, repeated: Repeated, template: str) -> FieldError:
    bounds = {"least": repeated.least, "most": repeated.most}
    translate = standing.circumstances.translate
    fault = about(translate, template, repeated.label, **bounds)
    named = standing.within_group(repeated, fault)
    return _error(standing, repeated.key, repeated.section, named)


def _error(standing: Standing, name: str, section: str, fault: str) -> FieldError:
    return FieldError(name, field_id(standing, name), section, fault)


def field_id(standing: Standing, name: str) -> str:
    """The id on the page that a message about this name links to."""
    question = standing.questions.get(name)
    parts = PARTS.get(question.field.kind) if question else None
    return f"f-{name}-{parts[0]}" if parts else f"f-{name}"


def outside_error(standing: Standing, key: str, fault: str) -> FieldError:
    """A message of a rule outside the form; see BoundForm.add_error."""
    name = _posted_name(standing, key)
    question = standing.questions.get(name)
    repeated = standing.definition.lists.get(name.split("-")[0])
    if question is not None:
        section = question.field.section
    else:
        section = repeated.section if repeated else standing.definition.sections[0].key
    return _error(standing, name, section, fault)


def _posted_name(standing: Standing, key: str) -> str:
    key = key.replace(".", "-0-", 1)
    match = _ITEM.match(key)
    if match is None or match[1] not in standing.definition.lists:
        return key
    kept = standing.kept(standing.definition.lists[match[1]])
    at = int(match[2])
    place = kept[at] if at < len(kept) else at
    name = f"{match[1]}-{place}" + (f"-{match[3]}" if match[3] else "")
    return name if place < len(standing.typed.items[match[1]]) else match[1]
