"""Checks that conditions, decisions and effects speak only of what exists."""

from __future__ import annotations

import re
from collections.abc import Iterator

from feel import FeelError, compile_expression
from feel.decision_tables import Table
from processes.checks.literals import compared_texts, lone_name
from processes.checks.subject import Check, Subject, at, called_name
from processes.engine.model import Element, Flow, Problem
from processes.messages import INTERRUPTED


def conditions_are_known(subject: Subject) -> Iterator[Problem]:
    """A condition speaks of known variables and of their codes."""
    for process in subject.processes.values():
        for flow in process.flows.values():
            if flow.condition:
                yield from _wrong_condition(subject, flow, flow.condition)
        for element in process.elements.values():
            if element.repeats is not None and element.repeats.until:
                yield from _wrong_condition(subject, element, element.repeats.until)


def _wrong_condition(subject: Subject, where: Element | Flow, text: str) -> Iterator[Problem]:
    declared = subject.declared
    try:
        expression = compile_expression(text)
    except FeelError:
        return  # told already, with what is wrong in it
    for name in sorted(expression.names - subject.known_names):
        yield at(
            subject, where, f"The condition “{text}” speaks of {name}, which nothing sets.",
            "Correct the name, or declare the variable in pack.toml.",
        )  # fmt: skip
    for name, code in compared_texts(text):
        codes = declared.codes(name)
        if codes is not None and code not in codes:
            yield at(
                subject, where, f"{name} can never be “{code}”.",
                f"It is one of: {', '.join(sorted(codes))}.",
            )  # fmt: skip
    alone = lone_name(text)
    kind = None if alone is None else declared.kind(alone)
    if kind not in {None, "boolean"}:
        yield at(
            subject, where, f"{alone} is a {kind}, neither true nor false.",
            "Compare it with one of its codes or values.",
        )  # fmt: skip
    for name in sorted(_parameters(text) - set(subject.parameters)):
        yield at(
            subject, where, f"There is no parameter {name}.",
            "Add a [[parameters]] row to pack.toml.",
        )  # fmt: skip


def _parameters(text: str) -> set[str]:
    return set(re.findall(r"\bparam\.([A-Za-z_]\w*)", text))


def repetitions_are_known(subject: Subject) -> Iterator[Problem]:
    """The list that is gone through exists."""
    for element in subject.elements():
        repeats = element.repeats
        if repeats is not None and repeats.collection not in subject.known_names:
            yield at(
                subject, element, f"Nothing sets the list {repeats.collection}.",
                "Name a variable that holds a list of references.",
            )  # fmt: skip


def effects_are_known(subject: Subject) -> Iterator[Problem]:
    """A service task or event asks for an effect that is registered and declared."""
    declared = subject.declared
    for element in subject.elements():
        if not element.effect:
            continue
        if element.effect not in subject.effects:
            yield at(
                subject, element, f"There is no effect {element.effect}.",
                "Use one of: " + ", ".join(sorted(subject.effects)) + ".",
            )  # fmt: skip
        elif element.effect not in declared.sets:
            yield at(
                subject, element, f"The pack does not say what {element.effect} sets.",
                f'Add [effects."{element.effect}"] with sets = [...] to pack.toml.',
            )  # fmt: skip


def effects_set_declared_variables(subject: Subject) -> Iterator[Problem]:
    """What an effect sets is a declared variable."""
    declared = subject.declared
    for effect, names in declared.sets.items():
        for name in names:
            if declared.kind(name) is None:
                yield Problem(
                    "pack.toml", effect, f"The effect sets {name}, which is not declared.",
                    f"Declare [variables.{name}].",
                )  # fmt: skip


def decisions_are_known(subject: Subject) -> Iterator[Problem]:
    """A decision reads known variables, and what it compares and gives are their codes."""
    declared = subject.declared
    for decision in subject.decisions.values():
        for name in sorted(decision.names - subject.known_names):
            yield Problem(
                decision.file, decision.id, f"The decision reads {name}, which nothing sets.",
                "Correct the name, or declare the variable in pack.toml.",
            )  # fmt: skip
        for name, values in decision.outputs:
            codes = declared.codes(name)
            if codes is not None and values is not None and values - codes:
                yield Problem(
                    decision.file, decision.id,
                    f"{name} can never be {', '.join(sorted(values - codes))}.",
                    f"It is one of: {', '.join(sorted(codes))}.",
                )  # fmt: skip
        logic = decision.tables.decision(decision.id).logic
        if isinstance(logic, Table):
            yield from _wrong_cells(subject, decision.file, decision.id, logic)


def _wrong_cells(subject: Subject, file: str, decision_id: str, table: Table) -> Iterator[Problem]:
    declared = subject.declared
    for column, asked in enumerate(table.inputs):
        name = asked.expression.text.strip()
        codes = declared.codes(name)
        if codes is None:
            continue
        for rule in table.rules:
            for literal in rule.tests[column].literals or ():
                if isinstance(literal, str) and literal not in codes:
                    yield Problem(
                        file, rule.id or decision_id,
                        f"Row {rule.number}: {name} can never be “{literal}”.",
                        f"It is one of: {', '.join(sorted(codes))}.",
                    )  # fmt: skip


def messages_are_addressed(subject: Subject) -> Iterator[Problem]:
    """A message is matched by case or by guarded task."""
    for element in subject.elements():
        if element.correlation not in {None, "case", "task"}:
            yield at(
                subject, element,
                f"{called_name(element)} is matched by {element.correlation}, which means nothing.",
                "Write case or task in sv:correlation.",
            )  # fmt: skip


_CATCHING = frozenset({"intermediateCatchEvent", "boundaryEvent"})


def interruptions_only_start(subject: Subject) -> Iterator[Problem]:
    """What ends a case ends this process too: it can begin with that message, never catch it."""
    for element in subject.elements():
        if element.kind in _CATCHING and element.message == INTERRUPTED:
            yield at(
                subject, element,
                f"{called_name(element)} would wait in vain: {INTERRUPTED} ends whatever runs.",
                "Remove it; draw what follows in a process that starts with this message.",
            )  # fmt: skip


CHECKS: tuple[Check, ...] = (
    conditions_are_known,
    repetitions_are_known,
    effects_are_known,
    effects_set_declared_variables,
    decisions_are_known,
    messages_are_addressed,
    interruptions_only_start,
)
