"""Makes boxes, tables and expressions of their XML."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from feel.boxed import (
    ChoiceBox,
    ContextBox,
    FunctionBox,
    InvocationBox,
    ListBox,
    Logic,
    LoopBox,
    Parameter,
)
from feel.dmn_xml import Tag
from feel.table_reading import Findings, read_table

_MAX_DEPTH = 20


class Place(NamedTuple):
    """Where a box stands: what it is called, what names its result, and how deep it is."""

    words: str
    result: str
    depth: int = 0

    def inside(self, words: str) -> Place:
        """A place inside this one."""
        return Place(f"{self.words}, {words}", self.result, self.depth + 1)


_Reader = Callable[[Tag, Place, Findings], "Logic | None"]


def logic_of(tag: Tag, place: Place, findings: Findings) -> Logic | None:
    """What a decision, an entry or a function is written as; None when problems were noted."""
    for child in tag.children():
        if child.name in _READERS:
            return _read(child, place, findings)
    findings.add(
        tag,
        f"{place.words} has neither a decision table nor a literal expression.",
        f"Write it as one of {', '.join(sorted(_READERS))}.",
    )
    return None


def _read(tag: Tag, place: Place, findings: Findings) -> Logic | None:
    if place.depth > _MAX_DEPTH:
        findings.add(tag, f"{place.words} stands too deep.", "Take the boxes apart.")
        return None
    return _READERS[tag.name](tag, place, findings)


def function_of(tag: Tag, place: Place, findings: Findings) -> FunctionBox | None:
    """A function definition; those of other languages are not run."""
    other = tag.get("kind")
    if other and other != "FEEL":
        findings.add(tag, f"{place.words} is a function of {other}.", "Write it in FEEL.")
        return None
    parameters = tuple(
        Parameter(
            parameter.get("name"),
            findings.type_of(parameter, parameter.get("typeRef"), place.words),
        )
        for parameter in tag.all("formalParameter")
    )
    body = logic_of(tag, place.inside("body"), findings)
    return FunctionBox(place.result, parameters, body) if body is not None else None


def _literal(tag: Tag, place: Place, findings: Findings) -> Logic | None:
    if tag.first("importedValues") is not None:
        words = f"{place.words} takes its text from another file, which is not read."
        findings.add(tag, words, "Write the expression here.")
        return None
    return findings.expression(tag, tag.text(), f"The expression of {place.words}")


def _table(tag: Tag, place: Place, findings: Findings) -> Logic | None:
    return read_table(tag, place.words, place.result, findings)


def _function(tag: Tag, place: Place, findings: Findings) -> Logic | None:
    return function_of(tag, place, findings)


def _invocation(tag: Tag, place: Place, findings: Findings) -> Logic | None:
    called = tag.first("literalExpression")
    if called is None or not called.text():
        findings.add(tag, f"{place.words} invokes nothing.", "Name the function it calls.")
        return None
    function = findings.expression(called, called.text(), f"The call of {place.words}")
    bindings = []
    for binding in tag.all("binding"):
        parameter = binding.first("parameter")
        name = parameter.get("name") if parameter is not None else ""
        bindings.append((name, logic_of(binding, place.inside(f"argument {name}"), findings)))
    known = tuple((name, logic) for name, logic in bindings if logic is not None)
    whole = function is not None and len(known) == len(bindings)
    return InvocationBox(function, known) if function is not None and whole else None


def _context(tag: Tag, place: Place, findings: Findings) -> Logic | None:
    entries: list[tuple[str, Logic]] = []
    result: Logic | None = None
    before = len(findings.problems)
    for entry in tag.all("contextEntry"):
        variable = entry.first("variable")
        name = variable.get("name") if variable is not None else ""
        inside = place.inside(f"entry {name}" if name else "result")
        logic = logic_of(entry, inside._replace(result=name or place.result), findings)
        if logic is not None and name:
            entries.append((name, logic))
        elif logic is not None:
            result = logic
    if len({name for name, _ in entries}) < len(entries):
        findings.add(tag, f"{place.words} has two entries of one name.", "Rename one.")
    return ContextBox(tuple(entries), result) if len(findings.problems) == before else None


def _list(tag: Tag, place: Place, findings: Findings) -> Logic | None:
    items = [
        _read(child, place.inside(f"item {at}"), findings)
        for at, child in enumerate(tag.children(), 1)
        if child.name in _READERS
    ]
    known = tuple(item for item in items if item is not None)
    return ListBox(known) if len(known) == len(items) else None


def _relation(tag: Tag, place: Place, findings: Findings) -> Logic | None:
    columns = [column.get("name") for column in tag.all("column")]
    rows: list[Logic] = []
    for at, row in enumerate(tag.all("row"), 1):
        cells = _list(row, place.inside(f"row {at}"), findings)
        if not isinstance(cells, ListBox):
            return None
        if len(cells.items) != len(columns):
            words = f"{place.words}, row {at} has {len(cells.items)} cells."
            findings.add(row, words, f"Give it {len(columns)}, one for each column.")
            return None
        rows.append(ContextBox(tuple(zip(columns, cells.items, strict=True)), None))
    return ListBox(tuple(rows))


def _choice(tag: Tag, place: Place, findings: Findings) -> Logic | None:
    parts = [_part(tag, name, place, findings) for name in ("if", "then", "else")]
    known = [part for part in parts if part is not None]
    return ChoiceBox(*known) if len(known) == len(parts) else None


def _loop(tag: Tag, place: Place, findings: Findings) -> Logic | None:
    names = ("in", "match") if tag.name == "filter" else ("in", _BODY[tag.name])
    source, body = (_part(tag, name, place, findings) for name in names)
    if source is None or body is None:
        return None
    return LoopBox(tag.name, tag.get("iteratorVariable") or "item", source, body)


def _part(tag: Tag, name: str, place: Place, findings: Findings) -> Logic | None:
    part = tag.first(name)
    if part is None:
        findings.add(tag, f"{place.words} has no {name}.", "Add it.")
        return None
    return logic_of(part, place.inside(name), findings)


_BODY = {"for": "return", "some": "satisfies", "every": "satisfies"}
_READERS: dict[str, _Reader] = {
    "literalExpression": _literal,
    "decisionTable": _table,
    "invocation": _invocation,
    "context": _context,
    "list": _list,
    "relation": _relation,
    "functionDefinition": _function,
    "conditional": _choice,
    "for": _loop,
    "some": _loop,
    "every": _loop,
    "filter": _loop,
}
