"""`samverkan decide`: ask the decisions of any DMN file, with data from a JSON file."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from feel.decision_inputs import MAX_BYTES, read_json, taken
from feel.decision_outputs import to_json
from feel.decisions import DecisionError, Decisions, load_decisions
from feel.errors import InputProblem


def add(commands: Any) -> None:
    """Register the command."""
    decide = commands.add_parser(
        "decide",
        help="ask the decisions of a DMN file, with data from a JSON file",
        description="Reads a decision file (DMN 1.1 to 1.5) and prints a JSON object: the name of "
        "each decision, and its answer. The data are one JSON object by the names of the inputs; "
        "dates, times and durations are ISO texts, read by the types that the file declares. "
        "Nothing is loaded or kept. Exit code 0: answered; 1: a decision ended in an error, the "
        "others are printed; 2: the file, the data or the name of the decision cannot be used.",
    )
    decide.add_argument("file", type=Path, metavar="FILE.dmn")
    decide.add_argument(
        "--input", type=Path, metavar="FILE.json", help="the data; - reads them from standard input"
    )
    decide.add_argument("--decision", metavar="NAME", help="only this decision, by name or id")
    decide.set_defaults(run=_decide)


def _decide(given: argparse.Namespace) -> int:
    try:
        decisions = _load(given.file)
        asked = _asked(decisions, given.decision)
        context = taken(decisions, asked, _data(given.input))
    except (DecisionError, InputProblem) as problem:
        return _say(str(problem), 2)
    answers = decisions.answers(asked, context)
    made = {at: answer for at, answer in answers.items() if not _failed(answer)}
    named = _names(decisions)
    print(to_json({named[at]: made[at] for at in asked if at in made}))
    told = dict.fromkeys(str(answer) for answer in answers.values() if _failed(answer))
    return max((_say(words, 1) for words in told), default=0)


def _failed(answer: Any) -> bool:
    return isinstance(answer, DecisionError)


def _say(words: str, code: int) -> int:
    print(f"samverkan decide: {words}", file=sys.stderr)
    return code


def _load(path: Path) -> Decisions:
    try:
        return load_decisions(_read(path), path.name)
    except DecisionError as error:
        if not error.problems:
            raise
        raise DecisionError("\n".join(map(str, error.problems))) from None


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        why = (error.strerror or "it cannot be opened").lower()
        words = f"{path} cannot be read, {why}: give the path of a file."
        raise InputProblem(words) from None


def _data(path: Path | None) -> dict[str, Any]:
    if path is None:
        return {}
    if str(path) == "-":
        return read_json(sys.stdin.read().encode(), "standard input")
    return read_json(_read(path), path.name)


def _asked(decisions: Decisions, name: str | None) -> list[str]:
    """The ids of the decisions to be answered, in the order of the file."""
    if name is None:
        return list(decisions.all)
    if name in decisions.all:
        return [name]
    wanted = " ".join(name.split())
    found = [decision.id for decision in decisions.all.values() if decision.name == wanted]
    if len(found) == 1:
        return found
    if found:
        words = f"{decisions.file} has several decisions {wanted}: name one by its id"
        raise InputProblem(f"{words}, {' or '.join(found)}.")
    if wanted in decisions.services:
        parts = [decisions.all[at].name for at in decisions.services[wanted] if at in decisions]
        words = f"{wanted} is a decision service, which is not called"
        raise InputProblem(f"{words}: ask for its decisions, {', '.join(parts)}.")
    known = ", ".join(decision.name for decision in decisions.all.values())
    raise InputProblem(f"{decisions.file} has no decision {wanted}. Ask for one of {known}.")


def _names(decisions: Decisions) -> dict[str, str]:
    """What each decision is called in the answer: its name, or its id where a name is shared."""
    often = Counter(decision.name for decision in decisions.all.values())
    return {
        decision.id: decision.name if often[decision.name] == 1 else decision.id
        for decision in decisions.all.values()
    }
