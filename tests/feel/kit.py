"""Runs a conformance kit of DMN from a folder: `python -m tests.feel.kit FOLDER`.

The kit is that of the DMN community (dmn-tck/tck on GitHub, folder TestCases/compliance-level-2),
which is not part of this repository. Prints a table by case; exit code 1 if anything failed.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from lxml import etree

from feel.decision_inputs import taken
from feel.decisions import DecisionError, Decisions, load_decisions
from feel.errors import InputProblem
from feel.functions.strings import show
from feel.operations import equal
from feel.values import Frame, kind

CLOSE = Decimal("0.00000001")
"""Expected numbers are written with about fifteen digits, ours have up to thirty-four."""


@dataclass
class Outcome:
    """What came of one case."""

    name: str
    tests: int = 0
    passed: int = 0
    failed: list[str] = field(default_factory=list)


def run_folder(folder: Path) -> list[Outcome]:
    """Every case below the folder, in the order of their names."""
    found = sorted(path for path in folder.rglob("*-test-*.xml"))
    outcomes: dict[str, Outcome] = {}
    for path in found:
        outcome = outcomes.setdefault(path.parent.name, Outcome(path.parent.name))
        _run_file(path, outcome)
    return list(outcomes.values())


def _run_file(path: Path, outcome: Outcome) -> None:
    root = etree.parse(path).getroot()
    model = path.parent / (root.findtext("{*}modelName") or "").strip()
    try:
        decisions = load_decisions(model.read_bytes(), model.name)
    except DecisionError as error:
        outcome.failed.append(error.words)
        return
    for test in root.iterfind("{*}testCase"):
        outcome.tests += 1
        for words in _run_test(test, decisions):
            if words is None:
                outcome.passed += 1
            else:
                outcome.failed.append(f"test {test.get('id')}: {words}")


def _run_test(test: Any, decisions: Decisions) -> Iterator[str | None]:
    """For each expected result None, or why it did not come."""
    given = {node.get("name"): _plain(node) for node in test.iterfind("{*}inputNode")}
    for node in test.iterfind("{*}resultNode"):
        name = node.get("name")
        ids = [decision.id for decision in decisions.all.values() if decision.name == name]
        if not ids:
            yield f"there is no decision {name}"
            continue
        expected = node.find("{*}expected")
        expected = node.find("{*}computed") if expected is None else expected
        try:
            answer = decisions.evaluate(ids[0], taken(decisions, ids, given))
        except (DecisionError, InputProblem) as error:
            yield None if node.get("errorResult") == "true" else f"{name}: {error}"
            continue
        yield _difference(name, answer, _plain(expected))


def _difference(name: str, answer: Any, expected: Any) -> str | None:
    if _same(answer, expected):
        return None
    frame = Frame({}, 0)
    return f"{name} is {show(frame, answer)}, expected is {show(frame, expected)}"


def _same(answer: Any, expected: Any) -> bool:
    if isinstance(answer, list) and isinstance(expected, list) and len(answer) == len(expected):
        return all(map(_same, answer, expected))
    if isinstance(answer, dict) and isinstance(expected, dict) and answer.keys() == expected.keys():
        return all(_same(answer[key], expected[key]) for key in answer)
    if kind(answer) == kind(expected) == "number":
        return abs(answer - expected) <= CLOSE * max(1, abs(expected))
    if isinstance(expected, str) and not isinstance(answer, str | None):
        return show(Frame({}, 0), answer) == expected
    return equal(answer, expected, Frame({}, 0)) is True


def _plain(node: Any) -> Any:
    """What a node of the kit says, as JSON would say it."""
    if node is None:
        return None
    parts = node.findall("{*}component")
    if parts:
        return {part.get("name"): _plain(part) for part in parts}
    items = node.find("{*}list")
    if items is not None:
        return [_plain(item) for item in items.iterfind("{*}item")]
    value = node.find("{*}value")
    return None if value is None else _simple(value)


def _simple(value: Any) -> Any:
    attributes = {etree.QName(name).localname: text for name, text in value.attrib.items()}
    text = value.text or ""
    if attributes.get("nil") == "true" or (not attributes and not text):
        return None
    wanted = attributes.get("type", "").partition(":")[2]
    if wanted in ("decimal", "double", "integer"):
        return Decimal(text)
    if wanted == "boolean" or (not wanted and text in ("true", "false")):
        return text.strip() == "true"
    if not wanted and _NUMBER.fullmatch(text):
        return Decimal(text)  # older files of the kit say no types
    return text


_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")


def table(outcomes: list[Outcome]) -> str:
    """The table of docs/conformance.md."""
    lines = [
        "| Case | Tests | Results expected | As expected | Not |",
        "| --- | --: | --: | --: | --: |",
    ]
    for outcome in outcomes:
        bad = len(outcome.failed)
        counted = outcome.passed + bad
        lines.append(f"| {outcome.name} | {outcome.tests} | {counted} | {outcome.passed} | {bad} |")
    tests, passed = sum(o.tests for o in outcomes), sum(o.passed for o in outcomes)
    bad = sum(len(o.failed) for o in outcomes)
    lines.append(f"| all {len(outcomes)} | {tests} | {passed + bad} | {passed} | {bad} |")
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    """Print the table, and what failed."""
    if len(arguments) != 1 or not Path(arguments[0]).is_dir():
        print("Give the folder of a kit: python -m tests.feel.kit FOLDER", file=sys.stderr)
        return 2
    outcomes = run_folder(Path(arguments[0]))
    print(table(outcomes))
    failed = [f"{outcome.name}: {words}" for outcome in outcomes for words in outcome.failed]
    print("\n".join(["", *failed]) if failed else "", end="")
    return 1 if failed or not outcomes else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
