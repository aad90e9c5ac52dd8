"""Makes a decision table of its XML, gathering everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from feel.decision_tables import AGGREGATIONS, POLICIES, Input, Output, Rule, Table
from feel.decision_types import ANY, Types, ValueType
from feel.dmn_xml import DecisionProblem, Tag
from feel.errors import EvaluationError, FeelError
from feel.expressions import Expression, UnaryTests, compile_expression, compile_unary_tests

_T = TypeVar("_T")
_MAX_RULES, _MAX_COLUMNS = 2_000, 60


class Findings:
    """The problems found in one file, and the names known in it."""

    def __init__(self, file: str, types: Types) -> None:
        self.file = file
        self.types = types
        self.problems: list[DecisionProblem] = []
        self.names: frozenset[str] = frozenset()
        self.functions: frozenset[str] = frozenset()

    def add(self, tag: Tag | None, words: str, remedy: str) -> None:
        """Note a problem at an element."""
        place = (tag.id, tag.line) if tag is not None else (None, None)
        self.problems.append(DecisionProblem(self.file, place[0], words, remedy, place[1]))

    def expression(self, tag: Tag | None, text: str, place: str) -> Expression | None:
        """Compile, or note why not."""
        return self._compiled(compile_expression, tag, text, place)

    def tests(self, tag: Tag | None, text: str, place: str) -> UnaryTests | None:
        """Compile a cell, or note why not; an empty cell takes anything."""
        return self._compiled(compile_unary_tests, tag, text or "-", place)

    def _compiled(
        self, compiler: Callable[..., _T], tag: Tag | None, text: str, place: str
    ) -> _T | None:
        language = tag.get("expressionLanguage") if tag is not None else ""
        if language and "feel" not in language.lower():
            self.add(tag, f"{place} is written in {language}.", "Write it in FEEL.")
            return None
        try:
            return compiler(text, self.names, self.functions)
        except FeelError as error:
            shown = text if len(text) <= 80 else text[:77] + "..."
            self.add(tag, f"{place} cannot be read: {error}.", f"Correct the text {shown!r}.")
            return None

    def type_of(self, tag: Tag | None, reference: str, place: str) -> ValueType:
        """The type a column names."""
        try:
            return self.types.find(reference)
        except FeelError as error:
            self.add(tag, f"{place}: {error.words}", "Correct the type.")
            return ANY


def read_table(tag: Tag, title: str, result: str, findings: Findings) -> Table | None:
    """The table, or None when problems were noted."""
    before = len(findings.problems)
    policy = tag.get("hitPolicy") or "UNIQUE"
    aggregation = tag.get("aggregation")
    inputs = [_input(t, title, at, findings) for at, t in enumerate(tag.all("input"), 1)]
    rows = list(tag.all("rule"))
    outputs = list(tag.all("output"))
    wanted = len(inputs), len(outputs)
    rules = [_rule(t, title, at, wanted, findings) for at, t in enumerate(rows[:_MAX_RULES], 1)]
    read = _outputs(outputs, rules, title, result, findings)
    _check_shape(tag, title, policy, aggregation, findings)
    if len(findings.problems) > before:
        return None
    table = Table(
        title,
        tag.id,
        policy,
        aggregation,
        tuple(column for column in inputs if column),
        tuple(column for column in read if column),
        tuple(rule for rule in rules if rule),
    )
    _check_order(table, tag, findings)
    _check_answers(table, rows, findings)
    return table if len(findings.problems) == before else None


def _check_shape(tag: Tag, title: str, policy: str, aggregation: str, findings: Findings) -> None:
    outputs, rules = list(tag.all("output")), list(tag.all("rule"))
    table = f"Table {title}"
    if policy not in POLICIES:
        findings.add(tag, f"{table}: there is no hit policy {policy}.", _choose(POLICIES))
    if aggregation not in AGGREGATIONS:
        findings.add(tag, f"{table}: there is no aggregation {aggregation}.", _choose(AGGREGATIONS))
    if aggregation and policy != "COLLECT":
        findings.add(tag, f"{table} aggregates, but does not collect.", "Use hit policy COLLECT.")
    if aggregation and len(outputs) > 1:
        findings.add(tag, f"{table} aggregates several outputs.", "Keep one output column.")
    if not outputs:
        findings.add(tag, f"{table} has no output column.", "Add one.")
    if not rules:
        findings.add(tag, f"{table} has no rule.", "Add one.")
    if len(rules) > _MAX_RULES or len(outputs) + len(list(tag.all("input"))) > _MAX_COLUMNS:
        words = f"{table} has more than {_MAX_RULES} rules or {_MAX_COLUMNS} columns."
        findings.add(tag, words, "Split it into several tables.")
    names = [column.get("name") for column in outputs]
    if len(outputs) > 1 and (not all(names) or len(set(names)) < len(names)):
        findings.add(tag, f"{table}: the outputs have no names of their own.", "Name each output.")


def _choose(words: frozenset[str]) -> str:
    return f"Use one of {', '.join(sorted(filter(None, words)))}."


def _input(tag: Tag, title: str, number: int, findings: Findings) -> Input | None:
    asked = tag.first("inputExpression")
    text = asked.text() if asked is not None else ""
    label = tag.get("label") or text or str(number)
    place = f"Table {title}, input column {number} ({label})"
    if asked is None or not text:
        findings.add(tag, f"{place} asks nothing.", "Write the variable it tests.")
        return None
    expression = findings.expression(asked, text, place)
    value_type = findings.type_of(asked, asked.get("typeRef"), place)
    allowed = _allowed(tag, "inputValues", place, findings)
    return Input(label, expression, value_type, allowed) if expression else None


def _allowed(tag: Tag, name: str, place: str, findings: Findings) -> UnaryTests | None:
    values = tag.first(name)
    if values is None or not values.text():
        return None
    return findings.tests(values, values.text(), f"{place}, allowed values")


def _rule(
    tag: Tag, title: str, number: int, wanted: tuple[int, int], findings: Findings
) -> Rule | None:
    tests, answers = list(tag.all("inputEntry")), list(tag.all("outputEntry"))
    place = f"Table {title}, rule {number}"
    if (len(tests), len(answers)) != wanted:
        words = f"{place} has {len(tests)} conditions and {len(answers)} outputs"
        remedy = f"The table has {wanted[0]} and {wanted[1]} columns: give the rule as many."
        findings.add(tag, f"{words}.", remedy)
        return None
    cells = [
        findings.tests(cell, cell.text(), f"{place}, input column {at}")
        for at, cell in enumerate(tests, 1)
    ]
    entries = [
        findings.expression(cell, cell.text(), f"{place}, output column {at}")
        for at, cell in enumerate(answers, 1)
    ]
    known = tuple(cell for cell in cells if cell), tuple(entry for entry in entries if entry)
    return Rule(number, tag.id, *known, tag.text("description"))


def _outputs(
    tags: list[Tag], rules: list[Rule | None], title: str, result: str, findings: Findings
) -> list[Output | None]:
    columns: list[Output | None] = []
    for at, tag in enumerate(tags):
        name = tag.get("name") or result
        place = f"Table {title}, output column {at + 1} ({name})"
        value_type = findings.type_of(tag, tag.get("typeRef"), place)
        allowed = _allowed(tag, "outputValues", place, findings)
        given = tag.first("defaultOutputEntry")
        default = None
        if given is not None and given.text():
            default = findings.expression(given, given.text(), f"{place}, default")
        entries = [rule.answers[at] for rule in rules if rule and at < len(rule.answers)]
        values = closed_values([*entries, *([default] if default else [])])
        columns.append(Output(name, value_type, allowed, default, values))
    return columns


def closed_values(entries: list[Expression]) -> frozenset[str] | None:
    """The texts that these entries can answer, or None when one of them is not a plain text."""
    values: set[str] = set()
    for entry in entries:
        constant: Any = entry.evaluate({}) if entry.is_literal else None
        if not isinstance(constant, str):
            return None
        values.add(constant)
    return frozenset(values)


def _check_order(table: Table, tag: Tag, findings: Findings) -> None:
    """What ranks answers by their values needs one column at least that lists them in order."""
    if table.policy not in ("PRIORITY", "OUTPUT ORDER"):
        return
    if all(column.order is None for column in table.outputs):
        words = f"Table {table.title}: {table.policy} needs an order of values."
        findings.add(tag, words, "List the output values, the most important first.")


def _check_answers(table: Table, rows: list[Tag], findings: Findings) -> None:
    for at, column in enumerate(table.outputs):
        place = f"output column {at + 1} ({column.name})"
        for rule, row in zip(table.rules, rows, strict=True):
            entry = rule.answers[at]
            value = entry.evaluate({}) if entry.is_literal else None
            refusal = None if value is None else _refusal(column, value)
            if refusal:
                cell = list(row.all("outputEntry"))[at]
                words = f"Table {table.title}, rule {rule.number}, {place} is {entry.text}"
                findings.add(cell, f"{words}, but {refusal}.", "Correct the cell or the list.")


def _refusal(column: Output, value: Any) -> str | None:
    try:
        refusal = column.type.refusal(column.type.settled(value))
        if column.allowed is not None and not _is_allowed(column.allowed, value):
            refusal = f"it is not among the allowed values {column.allowed.text}"
    except EvaluationError as error:
        return error.words
    return refusal


def _is_allowed(allowed: UnaryTests, value: Any) -> bool:
    if allowed.names:
        return True  # known only when the decision is made
    return allowed.matches(value, {})
