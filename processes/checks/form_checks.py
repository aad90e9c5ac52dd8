"""Checks that every form that is asked for is there, and gives only declared codes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from processes.checks.subject import Check, Declared, Subject, at, called_name
from processes.engine.model import Problem

_KINDS = {
    "boolean": frozenset({"boolean"}),
    "tick": frozenset({"boolean"}),
    "date": frozenset({"date"}),
    "number": frozenset({"number"}),
    "one": frozenset({"code", "reference", "boolean"}),
}


def forms_are_there(subject: Subject) -> Iterator[Problem]:
    """A user task names a form, and a named form exists."""
    for element in subject.elements():
        if element.kind == "userTask" and not element.form:
            yield at(
                subject, element, f"{called_name(element)} has no form.",
                "Name one in sv:form, for example F-TRIAGE.",
            )  # fmt: skip
        elif element.form and not _has(subject, element.form):
            yield at(
                subject, element, f"There is no form {element.form}.",
                f"Add {element.form}.form to the forms of the pack, or correct sv:form.",
            )  # fmt: skip


def forms_give_declared_codes(subject: Subject) -> Iterator[Problem]:
    """What a form hands to the process is declared in the pack, with the same closed codes."""
    for name, form in subject.forms.items():
        for variable, asked in form.variables.items():
            for words, remedy in _wrong_variable(subject.declared, variable, asked):
                yield Problem(f"{name}.form", getattr(asked, "key", variable), words, remedy)


def _wrong_variable(declared: Declared, variable: str, asked: Any) -> Iterator[tuple[str, str]]:
    kind = declared.kind(variable)
    if kind is None:
        yield (
            f"The form sets {variable}, which the pack does not declare.",
            f"Declare [variables.{variable}] in pack.toml, as a closed code, boolean or date.",
        )
        return
    fitting = _KINDS.get(str(getattr(asked, "kind", "")))
    if fitting is not None and kind not in fitting:
        yield (
            f"The field gives another kind of value than {variable}, which is a {kind}.",
            "Use a field of that kind, or another variable.",
        )
    codes = declared.codes(variable)
    choices = {str(choice.value) for choice in getattr(asked, "choices", ())}
    if codes is not None and choices - codes:
        yield (
            f"{variable} cannot be {', '.join(sorted(choices - codes))}.",
            f"Offer only: {', '.join(sorted(codes))}; or extend the list in pack.toml.",
        )


def _has(subject: Subject, form: str) -> bool:
    return form in subject.forms or form in subject.broken_forms


CHECKS: tuple[Check, ...] = (forms_are_there, forms_give_declared_codes)
