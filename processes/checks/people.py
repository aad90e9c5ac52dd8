"""Checks who does what: lanes, roles, owners of answers, seats."""

from __future__ import annotations

from collections.abc import Iterator

from feel.decision_tables import Rule, Table
from processes.checks.subject import Check, Subject, at, called_name
from processes.engine.model import Problem

_NAMING = ("role", "owner")
_LAYERS = frozenset({"L0", "L1", "L2", "L3"})


def lanes_have_roles(subject: Subject) -> Iterator[Problem]:
    """A lane says which role works in it."""
    for process in subject.processes.values():
        for lane in process.info.lanes:
            if lane.role is None:
                yield Problem(
                    process.info.file, lane.id, f"The lane “{lane.name}” names no role.",
                    "Write the role in sv:role, for example fr.unit_lead.",
                )  # fmt: skip
            else:
                for words, remedy in _wrong_role(subject, lane.role):
                    yield Problem(process.info.file, lane.id, words, remedy)
            if not lane.name:
                yield Problem(
                    process.info.file, lane.id, "A lane has no name.",
                    "Give it the name of its participant.",
                )  # fmt: skip


def tasks_have_roles(subject: Subject) -> Iterator[Problem]:
    """A user task stands in a lane, and roles named elsewhere exist."""
    for element in subject.elements():
        if element.kind == "userTask" and element.role is None:
            yield at(
                subject, element, f"Nobody does {called_name(element)}: it stands in no lane "
                "with a role.", "Move it into the lane of the participant who does it.",
            )  # fmt: skip
        told = element.attributes.get("to")
        named = [element.attributes.get("role"), element.attributes.get("owner")]
        for role in (*named, None if told in subject.known_names else told):
            if role is not None:
                for words, remedy in _wrong_role(subject, role):
                    yield at(subject, element, words, remedy)


def tasks_say_their_layer(subject: Subject) -> Iterator[Problem]:
    """A step with a form says in which layer of the record it writes, and on which legal basis."""
    for element in subject.elements():
        if element.kind != "userTask" and not (element.kind == "startEvent" and element.form):
            continue
        if element.layer is None:
            yield at(
                subject, element, f"{called_name(element)} does not say its layer.",
                "Write L0, L1, L2 or L3 in sv:layer.", "warning",
            )  # fmt: skip
        elif element.layer not in _LAYERS:
            yield at(
                subject, element, f"There is no layer {element.layer}.",
                "Write L0, L1, L2 or L3 in sv:layer.",
            )  # fmt: skip
        if not element.legal_basis:
            yield at(
                subject, element, f"{called_name(element)} does not say its legal basis.",
                "Write it in sv:basis.", "warning",
            )  # fmt: skip


def seats_are_known(subject: Subject) -> Iterator[Problem]:
    """The variable that holds a seat is a reference."""
    for element in subject.elements():
        seat = element.seat
        if seat is None or seat in _items(subject):
            continue
        if subject.declared.kind(seat) != "reference":
            yield at(
                subject, element, f"{seat} is not a variable that holds a seat.",
                f"Declare [variables.{seat}] with type \"reference\" in pack.toml.",
            )  # fmt: skip


def tables_name_roles(subject: Subject) -> Iterator[Problem]:
    """Where a table answers who does something, each answer is a function of the pack."""
    asked = {name[1:].strip() for name in _named_roles(subject) if name.startswith("=")}
    asked |= {e.attributes["to"] for e in subject.elements() if "to" in e.attributes}
    for decision in subject.decisions.values():
        logic = decision.tables.decision(decision.id).logic
        if isinstance(logic, Table):
            columns = [c for c, output in enumerate(logic.outputs) if output.name in asked]
            for rule in logic.rules:
                for column in columns:
                    for words, remedy in _wrong_answer(subject, rule, column):
                        name = logic.outputs[column].name
                        yield Problem(
                            decision.file, rule.id or decision.id,
                            f"Row {rule.number}, {name}: {words}", remedy,
                        )  # fmt: skip


def _named_roles(subject: Subject) -> Iterator[str]:
    for process in subject.processes.values():
        yield from (lane.role for lane in process.info.lanes if lane.role)
    for element in subject.elements():
        yield from (element.attributes[key] for key in _NAMING if key in element.attributes)


def _wrong_answer(subject: Subject, rule: Rule, column: int) -> Iterator[tuple[str, str]]:
    answer = rule.answers[column]
    role = answer.evaluate({}) if answer.is_literal else None
    if isinstance(role, str):
        yield from _wrong_role(subject, role)


def _items(subject: Subject) -> set[str | None]:
    return {element.repeats.item for element in subject.elements() if element.repeats}


def _wrong_role(subject: Subject, role: str) -> Iterator[tuple[str, str]]:
    declared = subject.declared
    if role.startswith("="):
        if role[1:].strip() not in subject.known_names:
            yield (
                f"The role is taken from {role[1:].strip()}, which no variable is called.",
                "Declare the variable in pack.toml, or name a role.",
            )
    elif declared.role(role) not in declared.roles:
        yield (
            f"There is no role {role}.",
            "Declare it under [roles], or say in [role_alias] which role stands behind it.",
        )


CHECKS: tuple[Check, ...] = (
    lanes_have_roles,
    tasks_have_roles,
    tasks_say_their_layer,
    seats_are_known,
    tables_name_roles,
)
