"""Checks that only the whole form can answer: keys, layers, variables, conditions and cycles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

from forms.definition import (
    READABLE,
    SHOWN_INSTEAD,
    WITHHELD,
    Condition,
    Field,
    Repeated,
    Section,
    conditions_of,
)
from forms.limits import MAX_CHAIN
from forms.problem import Complaints


def check_whole(sections: Sequence[Section], complaints: Complaints) -> None:
    """Complain about whatever the parts of the form do to each other."""
    fields = [field for section in sections for field in section.fields]
    lists = [repeated for section in sections for repeated in section.lists]
    _keys_once(sections, fields, lists, complaints)
    _variables_once(fields, complaints)
    _layers_together(fields, complaints)
    _kept_back_by_a_question(fields, complaints)
    _kept_back_whole(lists, complaints)
    known = frozenset({f.key for f in fields if not f.list_key} | {r.key for r in lists})
    if _names_known(sections, known, complaints):
        _no_cycles(fields, lists, complaints)


def _keys_once(
    sections: Sequence[Section],
    fields: Sequence[Field],
    lists: Sequence[Repeated],
    complaints: Complaints,
) -> None:
    paths = [field.path for field in fields if field.key]
    paths += [repeated.key for repeated in lists if repeated.key]
    for path, times in Counter(paths).items():
        if times > 1:
            complaints.add(path, f"The key is used {times} times.", "Give each its own key.")
    for key, times in Counter(section.key for section in sections).items():
        if times > 1:
            complaints.add(key, "Two sections have the same key.", "Give each its own key.")


def _variables_once(fields: Sequence[Field], complaints: Complaints) -> None:
    times = Counter(field.variable for field in fields if field.variable)
    for field in fields:
        if field.variable and times[field.variable] > 1:
            complaints.add(
                field.path,
                f"Several fields set the variable {field.variable}.",
                "Let one field set it.",
            )


def _layers_together(fields: Sequence[Field], complaints: Complaints) -> None:
    layers = {field.layer for field in fields if field.layer}
    for alone in ("L4", "L5"):
        if alone in layers and len(layers) > 1:
            complaints.add(
                None,
                f"{alone} stands beside {', '.join(sorted(layers - {alone}))} in one form.",
                f"Ask for {alone} in a form of its own.",
            )


def _kept_back_by_a_question(fields: Sequence[Field], complaints: Complaints) -> None:
    """Who may read an item is asked in the item itself, and one answer opens it."""
    by_path = {field.path: field for field in fields}
    for field in fields:
        if field.kept_back_by is None:
            continue
        asked = by_path.get(f"{field.list_key}.{field.kept_back_by}") if field.list_key else None
        if asked is None or READABLE not in {choice.value for choice in asked.choices}:
            complaints.add(
                field.path,
                f"keptBack names {field.kept_back_by!r}, which does not say who may read the item.",
                f"Name a question of the same item with the answer {READABLE!r}.",
            )


def _kept_back_whole(lists: Sequence[Repeated], complaints: Complaints) -> None:
    """Where an item can be withheld from the person, all that is said of it is."""
    for repeated in lists:
        asked = next((f for f in repeated.fields if _withholds(f)), None)
        if asked is None:
            continue
        for field in repeated.fields:
            if field is not asked and field.kept_back_by is None and field.key not in SHOWN_INSTEAD:
                complaints.add(
                    field.path,
                    f"It stands in the open file even where {asked.key!r} withholds the item.",
                    f"Set its property keptBack to {asked.key!r}, or its layer to L2.",
                )


def _withholds(field: Field) -> bool:
    return {READABLE, WITHHELD} <= {choice.value for choice in field.choices}


def _names_known(
    sections: Sequence[Section], known: frozenset[str], complaints: Complaints
) -> bool:
    fault = False
    for section in sections:
        for place, condition, repeated in conditions_of(section):
            siblings = frozenset(field.key for field in repeated.fields) if repeated else known
            for name in sorted(condition.names - known - siblings):
                fault = True
                complaints.add(
                    place,
                    f"The condition names {name!r}, which is no field of the form.",
                    "Use the key of a field, such as " + _likely(name, known | siblings) + ".",
                )
    return not fault


def _likely(name: str, known: frozenset[str]) -> str:
    ranked = sorted(known, key=lambda key: (key[:1] != name[:1], key))
    return ", ".join(ranked[:5])


def _no_cycles(fields: Sequence[Field], lists: Sequence[Repeated], complaints: Complaints) -> None:
    waits = dependencies(fields, lists)
    try:
        order = tuple(TopologicalSorter(waits).static_order())
    except CycleError as fault:
        circle: list[str] = fault.args[1]
        complaints.add(
            circle[0],
            "Its condition depends on itself: " + " -> ".join(circle) + ".",
            "Let the condition ask an earlier question.",
        )
        return
    depth: dict[str, int] = {}
    for path in order:
        depth[path] = 1 + max((depth[asked] for asked in waits.get(path, ())), default=0)
        if depth[path] == MAX_CHAIN + 1:
            complaints.add(
                path,
                f"More than {MAX_CHAIN} conditions wait for each other.",
                "Let conditions ask fewer questions in a row.",
            )


def dependencies(
    fields: Sequence[Field], lists: Sequence[Repeated]
) -> Mapping[str, frozenset[str]]:
    """For each path of a field or list, the paths its conditions ask."""
    paths = {field.path for field in fields}
    waits = {
        field.path: {path for hide in field.hides for path in asked(hide, field.list_key, paths)}
        for field in fields
    }
    for repeated in lists:
        own = {path for hide in repeated.hides for path in asked(hide, None, paths)}
        waits[repeated.key] = own | {field.path for field in repeated.fields}
        for field in repeated.fields:
            waits[field.path] |= own
    return {path: frozenset(found) for path, found in waits.items()}


def asked(condition: Condition, list_key: str | None, paths: Container[str]) -> Iterator[str]:
    """The paths a condition asks: a sibling in the item hides a field of the same key outside."""
    for name in condition.names:
        sibling = f"{list_key}.{name}"
        yield sibling if list_key and sibling in paths else name
