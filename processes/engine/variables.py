"""Who sees which variables: one set per process, shared by all its tokens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from processes.engine.model import EngineFault
from processes.engine.tokens import Instance, Scope, Token
from processes.engine.values import Code


def visible(token: Token) -> dict[str, Code]:
    """Everything a condition or a form at this token may read."""
    seen: dict[str, Code] = {}
    for layer in reversed(list(_layers(token))):
        seen.update(layer)
    return seen


def write(token: Token, values: Mapping[str, Code]) -> None:
    """Set variables where they live: in the repetition, if it brought them, else in the process."""
    element_id = token.task_spec.bpmn_id
    own = [step.internal_data["local"] for step in _chain(token) if "local" in step.internal_data]
    owner = _owner_of_variables(token)
    for name, value in values.items():
        checked = check_value(element_id, name, value)
        for local in own:
            if name in local:
                local[name] = checked
                break
        else:
            owner.data[name] = checked
            owner.written.add(name)


def check_value(element_id: str | None, name: str, value: Any) -> Code:
    """The value, if it is one of the closed kinds; a fault otherwise."""
    if value is None or isinstance(value, (bool, str, Decimal, int, date)):
        if isinstance(value, datetime) and value.tzinfo is None:
            raise EngineFault(element_id, f"The moment in {name} has no time zone.")
        return value
    if isinstance(value, (list, tuple)) and all(isinstance(item, str) for item in value):
        return list(value)
    raise EngineFault(
        element_id,
        f"{name} is a {type(value).__name__}; a variable holds a code, true or false, a date, "
        "a number, a reference or a list of these codes.",
    )


def _chain(token: Token) -> Iterator[Token]:
    """The token and the activities around it, out to where variables end."""
    yield token
    scope = token.workflow
    while isinstance(scope, Scope) and scope.shares_variables:
        owner = scope.owner
        yield owner
        scope = owner.workflow


def _layers(token: Token) -> Iterator[dict[str, Code]]:
    for step in _chain(token):
        if "local" in step.internal_data:
            yield step.internal_data["local"]
    yield _owner_of_variables(token).data


def _owner_of_variables(token: Token) -> Scope | Instance:
    scope = token.workflow
    while isinstance(scope, Scope) and scope.shares_variables:
        scope = scope.owner.workflow
    return scope
