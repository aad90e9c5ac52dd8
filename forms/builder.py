"""Binds a form definition to what was typed: errors, answers, the draft and what is shown."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from jinja2 import Environment, pass_environment
from markupsafe import Markup

from forms import words
from forms.definition import Choice, Repeated, Section
from forms.faults import FieldError, outside_error, section_faults, too_many
from forms.form import FormDefinition
from forms.painting import paint
from forms.standing import Circumstances, Question, Standing
from forms.typed import Post, Posted, Typed, from_draft, merge, new_item, to_draft
from forms.values import to_json
from forms.views import SectionView, section_views
from forms.words import Translate, in_language

_ITEM = re.compile(r"([a-z][a-z0-9_]*)-(\d{1,4})\Z", re.ASCII)
TEMPLATE = "forms/sections.html"
_LABELS = {"error": words.ERROR, "proceed": words.CONTINUE}


@dataclass(frozen=True, slots=True)
class Change:
    """What an add or remove button did, and where the reader should be taken."""

    list_key: str
    index: int
    field_id: str


@dataclass(frozen=True, slots=True)
class SectionState:
    """How far a shown section is: not_started, started or complete."""

    key: str
    title: str
    state: str


def build(
    definition: FormDefinition,
    translate: Translate,
    formdata: Posted | None = None,
    data: Mapping[str, Any] | None = None,
    section: str | None = None,
    *,
    choices: Mapping[str, Sequence[Choice]] | None = None,
    today: date | None = None,
) -> BoundForm:
    """The form with what was typed: `data` is a draft or earlier answers, `formdata` the post.

    With `section` the post speaks of that section only (KeyError if there is none). `choices`
    fill fields that have a valuesKey, or shorten a list under its field's key; `today`, the local
    day, holds dates to past or future.
    """
    if section is not None:
        definition.section(section)
    circumstances = Circumstances(translate, choices or {}, today)
    before = from_draft(definition, data)
    if formdata is None:
        return BoundForm(definition, circumstances, before, section)
    post = Post(definition, formdata)
    after, unsent = merge(definition, before, post, section)
    form = BoundForm(definition, circumstances, after, section, post)
    form.keep_hidden(before, unsent)
    return form


class BoundForm:
    """One form as one person sees it now."""

    def __init__(
        self,
        definition: FormDefinition,
        circumstances: Circumstances,
        typed: Typed,
        section: str | None,
        post: Post | None = None,
    ) -> None:
        self.definition = definition
        self.section = section
        self.errors: tuple[FieldError, ...] = ()
        self.unknown = post.unknown if post else ()
        self.translate = circumstances.translate
        self._circumstances = circumstances
        self._post = post
        self._sent: Mapping[str, list[int]] = post.indices if post else {}
        self.standing = Standing(definition, typed, circumstances)

    def keep_hidden(self, before: Typed, unsent: Mapping[str, list[str]]) -> None:
        """Give hidden questions back what stood in them: the page could not send it."""
        self.standing.keep_hidden(unsent)
        if self._post is None or self._post.shown is not None:
            return
        for key, repeated in self.definition.lists.items():
            emptied = before.items[key] and not self.standing.typed.items[key]
            if emptied and not self.standing.seen.shows_list(repeated):
                self._rebind(repeated, before.items[key])

    @property
    def wtform(self) -> Any:
        """The WTForms form inside, one field for each question put now."""
        return self.standing.wtform

    @property
    def faults(self) -> tuple[tuple[str, str], ...]:
        """Conditions that could not be evaluated (their fields are shown), with the reason."""
        return tuple(self.standing.seen.faults)

    @property
    def sections(self) -> tuple[Section, ...]:
        """The sections asked now."""
        hidden = self.standing.seen.is_hidden
        return tuple(part for part in self.definition.sections if not hidden(part.hide))

    @property
    def opened(self) -> tuple[str, ...]:
        """Names asked now that the posted page did not show: the answers have opened them."""
        if self._post is None or self._post.shown is None:
            return ()
        shown, before = self.shown_names(self.section), self._post.shown
        return tuple(name for name in shown if name not in before)

    def shown_names(self, section: str | None = None) -> tuple[str, ...]:
        """The posted names of the questions asked now, of one section or of all."""
        return tuple(
            question.name
            for question in self.standing.questions.values()
            if section in (None, question.field.section) and self.standing.shows(question)
        )

    def validate(self, draft: bool = False) -> bool:
        """Check the section (or all): a draft for what is typed, else also for what is missing."""
        sections = [s for s in self.definition.sections if self.section in (None, s.key)]
        self.errors = tuple(
            fault
            for part in sections
            for fault in section_faults(self.standing, part, self._sent, draft=draft)
        )
        return not self.errors

    def add_error(self, key: str, fault: str) -> None:
        """A finding of a rule outside the form, shown at a field, list or item of it.

        `key` is a posted name ("what", "statements", "statements-0-what", counted over the
        items of answers()) or a path ("statements.what": its first item).
        """
        self.errors = (*self.errors, outside_error(self.standing, key, fault))

    def answers(self) -> dict[str, Any]:
        """The typed answers of what is shown, as JSON holds them; blank items are left out."""
        found: dict[str, Any] = {}
        for section in self.definition.sections:
            for part in self.standing.walk(section):
                if isinstance(part, Repeated):
                    if self.standing.seen.shows_list(part):
                        found[part.key] = [self._item(part, at) for at in self.standing.kept(part)]
                elif part.index is None and self.standing.shows(part):
                    found[part.name] = to_json(self.standing.answer(part).data)
        return found

    def _item(self, repeated: Repeated, index: int) -> dict[str, Any]:
        questions = (
            Question(f"{repeated.key}-{index}-{field.key}", field, index)
            for field in repeated.fields
        )
        return {
            question.field.key: to_json(self.standing.answer(question).data)
            for question in questions
            if self.standing.shows(question)
        }

    def raw(self) -> dict[str, Any]:
        """What was typed, valid or not, for a draft; build(data=raw) brings it back."""
        return to_draft(self.definition, self.standing.typed)

    def apply_button(self, formdata: Posted) -> Change | None:
        """Carry out a pressed "add" or "remove" of a repeated part; None if none was pressed."""
        added, removed = (next(iter(formdata.getlist(n)), "") for n in ("_add", "_remove"))
        if added in self.definition.lists:
            return self._add(self.definition.lists[added])
        match = _ITEM.match(removed) if removed else None
        if match and match[1] in self.definition.lists:
            return self._remove(self.definition.lists[match[1]], int(match[2]))
        return None

    def _add(self, repeated: Repeated) -> Change:
        items = [*self.standing.typed.items[repeated.key]]
        if len(items) >= repeated.most:
            self.errors = (too_many(self.standing, repeated),)
            return Change(repeated.key, len(items) - 1, f"f-{repeated.key}")
        self._sent = {}
        self._rebind(repeated, [*items, new_item(repeated)])
        return Change(repeated.key, len(items), f"f-{repeated.key}-{len(items)}")

    def _remove(self, repeated: Repeated, index: int) -> Change:
        items = [*self.standing.typed.items[repeated.key]]
        sent = self._sent.get(repeated.key, list(range(len(items))))
        place = sent.index(index) if index in sent else len(items)
        self._sent = {}
        del items[place : place + 1]
        items += [new_item(repeated) for _ in range(repeated.least - len(items))]
        self._rebind(repeated, items)
        return Change(repeated.key, place, f"f-{repeated.key}")

    def _rebind(self, repeated: Repeated, items: list[dict[str, list[str]]]) -> None:
        typed = self.standing.typed
        changed = Typed(typed.top, {**typed.items, repeated.key: items})
        self.errors = ()
        self.standing = Standing(self.definition, changed, self._circumstances)

    def states(self) -> tuple[SectionState, ...]:
        """For each section asked now, how far it is."""
        return tuple(
            SectionState(part.key, in_language(self.translate, part.title), self._state(part))
            for part in self.sections
        )

    def _state(self, section: Section) -> str:
        shown = (self.standing.questions[name] for name in self.shown_names(section.key))
        if all(self.standing.answer(question).is_blank() for question in shown):
            return "not_started"
        faults = section_faults(self.standing, section, self._sent, draft=False)
        return "started" if any(faults) else "complete"

    def error_list(self) -> list[dict[str, str]]:
        """The errors as the error summary component takes them."""
        return [{"text": error.words, "href": f"#{error.field_id}"} for error in self.errors]

    @property
    def summary_title(self) -> str:
        """The title of the error summary."""
        return in_language(self.translate, words.SUMMARY_TITLE)

    def views(self, section: str | None = None) -> tuple[SectionView, ...]:
        """The shown sections, or one, as the templates take them."""
        chosen = [part for part in self.sections if section in (None, part.key)]
        return section_views(self.standing, chosen, {e.key: e.words for e in self.errors})

    @pass_environment
    def render(self, environment: Environment, section: str | None = None) -> Markup:
        """The fields of a section (or of all, each under its title) as HTML.

        In a template: form.render("section") ; in Python the Jinja environment comes first.
        """
        views = self.views(section)
        page = environment.get_template(TEMPLATE)
        titled = section is None and len(self.definition.sections) > 1
        say = {name: in_language(self.translate, text) for name, text in _LABELS.items()}
        brush = partial(paint, environment)
        return Markup(  # noqa: S704 - the template escapes
            page.render(views=views, titled=titled, labels=say, paint=brush)
        )
