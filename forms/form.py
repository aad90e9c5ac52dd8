"""A whole form definition, and what can be done with answers to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import Any

from forms.blank import Blank, blank_of
from forms.crosscheck import asked
from forms.definition import KEPT_BACK, Choice, Field, Repeated, Section, conditions_of
from forms.describing import Row, describe_answers
from forms.submission import Submission, join_layers, split_answers
from forms.words import Translate


@dataclass(frozen=True, eq=False)
class FormDefinition:
    """What a form asks. Immutable; one may serve every request."""

    id: str
    title: str
    sections: tuple[Section, ...]
    rules: tuple[str, ...] = ()
    outcome: str | None = None
    is_wide: bool = False
    minutes: int | None = None
    properties: Mapping[str, str] = field(default_factory=dict)
    digest: str = ""  # SHA-256 of the file, in hex; empty for one made without a file

    @cached_property
    def fields(self) -> Mapping[str, Field]:
        """Every question by its path: "what", or "statements.what" in a repeated part."""
        return MappingProxyType({f.path: f for s in self.sections for f in s.fields})

    @cached_property
    def lists(self) -> Mapping[str, Repeated]:
        """Every repeated part by its key."""
        return MappingProxyType({r.key: r for s in self.sections for r in s.lists})

    @cached_property
    def variables(self) -> Mapping[str, Field]:
        """The fields that become engine variables, by the name of the variable."""
        return MappingProxyType({f.variable: f for f in self.fields.values() if f.variable})

    @cached_property
    def steering(self) -> frozenset[str]:
        """The paths some condition asks: a change there may show or hide other questions."""
        found: set[str] = set()
        for section in self.sections:
            for _, condition, repeated in conditions_of(section):
                found.update(asked(condition, repeated.key if repeated else None, self.fields))
        inside = {f.path for key in found & set(self.lists) for f in self.lists[key].fields}
        return frozenset((found | inside) - set(self.lists))

    @cached_property
    def ambiguous_labels(self) -> frozenset[str]:
        """Labels that several fields bear: messages about them say the group too."""
        times = Counter(f.label for f in self.fields.values() if f.list_key is None)
        return frozenset(label for label, count in times.items() if count > 1)

    @cached_property
    def groups_to_say(self) -> Mapping[str, str]:
        """For each repeated part whose name others bear too, the group it stands in."""
        labels = Counter(repeated.label for repeated in self.lists.values())
        items = Counter(repeated.item_label for repeated in self.lists.values())
        return {
            key: repeated.group_label
            for key, repeated in self.lists.items()
            if labels[repeated.label] > 1 or items[repeated.item_label] > 1
        }

    @cached_property
    def layers(self) -> frozenset[str]:
        """The layers the answers go to."""
        kept_back = {KEPT_BACK for f in self.fields.values() if f.kept_back_by}
        return frozenset(f.layer for f in self.fields.values()) | kept_back

    def section(self, key: str) -> Section:
        """The section of that key; KeyError if there is none."""
        return {section.key: section for section in self.sections}[key]

    def split(self, answers: Mapping[str, Any]) -> Submission:
        """The answers by layer, and the engine variables; what is hidden is dropped."""
        return split_answers(self, answers)

    def join(self, by_layer: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
        """Answers put together again from the layers a reader may see."""
        return join_layers(self, by_layer)

    def blank(self, translate: Translate) -> Blank:
        """The form as a sheet to print, for the macro in forms/blank.html."""
        return blank_of(self, translate)

    def describe(
        self,
        answers: Mapping[str, Any],
        translate: Translate,
        choices: Mapping[str, Sequence[Choice]] | None = None,
        show_date: Callable[[date], str] | None = None,
    ) -> list[tuple[str, list[Row]]]:
        """The given answers for reading, by section."""
        return describe_answers(self, answers, translate, choices or {}, show_date)
