"""Takes the data of a decision from JSON, by the types that its file declares."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from difflib import get_close_matches
from typing import Any, NamedTuple

from feel import temporal
from feel.decision_tables import Table
from feel.decision_types import ANY, ValueType
from feel.decisions import Decisions
from feel.errors import EvaluationError, InputProblem
from feel.functions.strings import shown
from feel.values import admit, kind

MAX_BYTES = 2_000_000


def read_json(raw: bytes, file: str) -> dict[str, Any]:
    """The object that a JSON text holds, its numbers as decimals; or InputProblem."""
    if len(raw) > MAX_BYTES:
        raise InputProblem(f"{file} is larger than {MAX_BYTES} bytes: give less data.")
    try:
        found = json.loads(
            raw.decode("utf-8-sig"),
            parse_float=Decimal,
            parse_int=Decimal,
            parse_constant=_no_number,
            object_pairs_hook=_no_repeats,
        )
    except InputProblem as problem:
        raise InputProblem(f"{file}: {problem}") from None
    except ArithmeticError:
        raise InputProblem(f"{file} holds a number too large to be calculated with.") from None
    except RecursionError:
        raise InputProblem(f"{file} is nested too deeply: give its data flatter.") from None
    except ValueError as error:
        raise InputProblem(f"{file} is no JSON that can be read: {error}.") from None
    if not isinstance(found, dict):
        raise InputProblem(f'{file} must hold one JSON object, such as {{"Age": 18}}.')
    return found


def _no_number(word: str) -> Any:
    raise InputProblem(f"{word} is no number of JSON: write a number, or null.")


def _no_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        name = " ".join(key.split())
        if name in found:
            raise InputProblem(f"{name} stands twice in one object: keep one of them.")
        found[name] = value
    return found


class Wanted(NamedTuple):
    """What some data must be, and the first decision that reads it."""

    type: ValueType
    decision: str


def wanted(decisions: Decisions, decision_ids: Iterable[str]) -> dict[str, Wanted]:
    """The data that decisions and those they require read, by name.

    Data that is declared and read nowhere is not asked for: some tools declare it under a name
    that is only shown.
    """
    declared = {given.name: given.type for given in decisions.inputs.values()}
    found: dict[str, Wanted] = {}
    for decision in decisions.first_to_last(decision_ids):
        made = {name for other in decision.required for name in decisions.all[other].makes}
        columns = _column_types(decision.logic)
        for name in sorted(decision.logic.names - made - decisions.functions):
            of = declared.get(name, columns.get(name, ANY))
            found.setdefault(name, Wanted(of, decision.name))
    return found


def _column_types(logic: Any) -> dict[str, ValueType]:
    """The types of columns that test a variable: files of some tools declare no other."""
    if not isinstance(logic, Table):
        return {}
    return {column.expression.text.strip(): column.type for column in logic.inputs}


def taken(
    decisions: Decisions, decision_ids: Iterable[str], given: Mapping[str, Any]
) -> dict[str, Any]:
    """The variables for these decisions as FEEL values; InputProblem if any is not as it must be.

    What other decisions of the file ask for may be there too, and is checked with the rest.
    """
    needed = wanted(decisions, decision_ids)
    known = {data.name: data.type for data in decisions.inputs.values()}
    known |= {name: read.type for name, read in wanted(decisions, decisions.all).items()}
    for name in given:
        if name not in known:
            raise InputProblem(_unknown(name, decisions, known))
    missing = {name: read.decision for name, read in needed.items() if name not in given}
    if missing:
        raise InputProblem(_missing(missing, decisions))
    return {name: _value(value, known[name], name) for name, value in given.items()}


def _missing(missing: Mapping[str, str], decisions: Decisions) -> str:
    readers: dict[str, list[str]] = {}
    for name, reader in missing.items():
        readers.setdefault(reader, []).append(name)
    listed = [f"{' and '.join(names)}, read by {reader}" for reader, names in readers.items()]
    words = f"The data lack {'; '.join(listed)}: give a value, or null where there is none."
    declared = {data.name for data in decisions.inputs.values()}
    strays = [name for name in missing if name not in declared]
    if not declared or not strays:
        return words
    return f"{words} The file does not declare {' or '.join(strays)}: is the name written right?"


def _unknown(name: str, decisions: Decisions, known: Mapping[str, ValueType]) -> str:
    if any(name in (decision.name, decision.result) for decision in decisions.all.values()):
        return f"{name} is a decision of {decisions.file}: it is made, not given. Leave it out."
    close = get_close_matches(name, known, 1)
    advice = f"Is {close[0]} meant?" if close else f"It asks for {', '.join(known) or 'nothing'}."
    return f"{name} is nothing that {decisions.file} asks for. {advice}"


def _value(value: Any, wanted: ValueType, place: str) -> Any:
    """A value of JSON as the declared type."""
    if value is None:
        return None
    if wanted.base == "list" or (wanted.base == "Any" and isinstance(value, list)):
        items = _expected(value, list, wanted, place)
        of = wanted.items or ANY
        made: Any = [_value(item, of, f"{place}, item {at}") for at, item in enumerate(items, 1)]
    elif wanted.base == "context" or (wanted.base == "Any" and isinstance(value, dict)):
        made = _entries(_expected(value, dict, wanted, place), wanted, place)
    elif wanted.base in _FROM_TEXT:
        text = _expected(value, str, wanted, place)
        made = _FROM_TEXT[wanted.base](text)
        if made is None or kind(made) != wanted.base:
            raise _wrong(value, wanted, place)
    else:
        made = _plain(value, wanted, place)
    if wanted.allowed is not None and not wanted.allowed.matches(made, {}):
        raise InputProblem(
            f"{place} is {shown(made)}, but may only be one of {wanted.allowed.text}."
        )
    return made


def _entries(value: dict[str, Any], wanted: ValueType, place: str) -> dict[str, Any]:
    made = {}
    for name, entry in value.items():
        if wanted.entries and name not in wanted.entries:
            known = ", ".join(wanted.entries)
            raise InputProblem(f"{place} has no entry {name}: it has {known}.")
        made[name] = _value(entry, wanted.entries.get(name, ANY), f"{place}.{name}")
    for name in wanted.entries:
        if name not in made:
            raise InputProblem(f"{place}.{name} is missing: give it, or null if there is none.")
    return made


def _plain(value: Any, wanted: ValueType, place: str) -> Any:
    try:
        made = admit(value, place)
    except EvaluationError as error:
        raise InputProblem(error.words) from None
    if wanted.base not in ("Any", kind(made)):
        raise _wrong(value, wanted, place)
    return made


def _expected(value: Any, of: type, wanted: ValueType, place: str) -> Any:
    if isinstance(value, of):
        return value
    raise _wrong(value, wanted, place)


def _wrong(value: Any, wanted: ValueType, place: str) -> InputProblem:
    example = _EXAMPLES.get(wanted.base)
    advice = f": write it as {example}" if example else ", and cannot be given in JSON"
    text = json.dumps(value, default=str, ensure_ascii=False)
    text = str(value) if isinstance(value, Decimal) else text
    text = text if len(text) <= 80 else text[:77] + "..."
    return InputProblem(f"{place} is {text}, but a {wanted.base} is expected{advice}.")


_FROM_TEXT: dict[str, Callable[[str], Any]] = {
    "date": temporal.to_date,
    "time": temporal.to_time,
    "date and time": temporal.to_date_time,
    "days and time duration": temporal.to_duration,
    "years and months duration": temporal.to_duration,
}
_EXAMPLES = {
    "number": "18 or 0.5, without quotes",
    "string": '"a text"',
    "boolean": "true or false, without quotes",
    "date": '"2026-03-01"',
    "time": '"14:30:00"',
    "date and time": '"2026-03-01T14:30:00"',
    "days and time duration": '"P10D" or "PT72H"',
    "years and months duration": '"P1Y6M"',
    "list": "[..., ...]",
    "context": '{"name": ...}',
}
