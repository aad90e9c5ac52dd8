"""State to bytes and back: what stands open and the variables, without model or past."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import orjson

from processes.engine.model import EngineFault
from processes.engine.tokens import Instance, Scope, Token
from processes.engine.waits import groups

FORM = 1
"""The form of the stored state; a later form reads the earlier ones."""

COMPRESS_FROM = 4096
MOST_BYTES = 20_000_000

UNFIT = "The stored state does not fit this model; the instance must be migrated to it first."


def freeze(instance: Instance) -> bytes:
    """The state as bytes; equal states give equal bytes."""
    scopes = [instance, *instance.subprocesses.values()]
    state = {
        "form": FORM,
        "model": instance.model.digest,
        "numbers": instance.numbers,
        "done": instance.completed,
        "outcome": instance.outcome,
        "scopes": [_scope_out(scope) for scope in scopes],
    }
    raw = orjson.dumps(state)
    return raw if len(raw) < COMPRESS_FROM else b"z" + zlib.compress(raw, 1)


def thaw(instance: Instance, raw: bytes) -> None:
    """Fill a new instance from stored bytes."""
    fill(instance, read(raw))


def fill(instance: Instance, state: Mapping[str, Any]) -> None:
    """Fill a new instance from what stored bytes hold."""
    try:
        if state["model"] != instance.model.digest:
            raise EngineFault(None, "The instance runs by another version of this model.")
        if state["form"] != FORM:
            raise EngineFault(None, f"The stored state has the unknown form {state['form']}.")
        instance.numbers = state["numbers"]
        instance.completed = state["done"]
        instance.outcome = state["outcome"]
        top, *parts = state["scopes"]
        _scope_in(instance, top)
        for stored in parts:
            part = Scope(instance.subprocess_specs[stored["way"]], stored["owner"], instance)
            instance.subprocesses[stored["owner"]] = part
            _scope_in(part, stored)
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise EngineFault(None, UNFIT) from error


def values_of(raw: bytes, name: str) -> frozenset[Any]:
    """What stored bytes say of a variable, in every part that has it; needs no model."""
    found = (scope["data"].get(name) for scope in read(raw)["scopes"])
    return frozenset(_value_in(value) for value in found if value is not None)


def read(raw: bytes) -> dict[str, Any]:
    """What stored bytes hold, in names and values alone."""
    try:
        if raw[:1] == b"z":
            unpack = zlib.decompressobj()
            raw = unpack.decompress(raw[1:], MOST_BYTES)
        state: dict[str, Any] = orjson.loads(raw)
    except (ValueError, zlib.error) as error:
        raise EngineFault(None, UNFIT) from error
    return state


def _scope_out(scope: Scope | Instance) -> dict[str, Any]:
    return {
        "way": scope.spec.name,
        "owner": scope.parent_task_id if isinstance(scope, Scope) else None,
        "shares": scope.shares_variables,
        "written": sorted(scope.written) if isinstance(scope, Scope) else [],
        "data": {name: _value_out(value) for name, value in sorted(scope.data.items())},
        "tokens": [
            [
                token.id,
                token._parent,
                token.task_spec.name,
                token.state,
                token.triggered,
                _internal_out(token.internal_data),
            ]
            for token in scope.tasks.values()
        ],
    }


def _scope_in(scope: Scope | Instance, stored: dict[str, Any]) -> None:
    scope.shares_variables = stored["shares"]
    scope.written = set(stored["written"])
    scope.data.update({name: _value_in(value) for name, value in stored["data"].items()})
    for number, parent, name, state, triggered, internal in stored["tokens"]:
        spec = scope.spec.start if parent is None else scope.spec.task_specs[name]
        above = None if parent is None else scope.tasks[parent]
        token = Token(scope, spec, above, state, number)
        token.triggered = triggered
        token.internal_data = _internal_in(internal)
        if parent is None:
            scope.task_tree = token


def _internal_out(internal: dict[str, Any]) -> dict[str, Any]:
    return {name: _deep_out(value) for name, value in internal.items()}


def _internal_in(internal: dict[str, Any]) -> dict[str, Any]:
    return {name: _deep_in(value, name) for name, value in internal.items()}


def _deep_out(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _value_out(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_value_out(item) for item in value]
    return value


def _deep_in(value: Any, name: str) -> Any:
    if name == "local":
        return {key: _value_in(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_value_in(item) for item in value]
    return value


def _value_out(value: Any) -> Any:
    if isinstance(value, Decimal):
        return {"number": str(value)}
    if isinstance(value, datetime):
        return {"moment": value.isoformat()}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    return value


def _value_in(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    ((kind, text),) = value.items()
    if kind == "number":
        return Decimal(text)
    return datetime.fromisoformat(text) if kind == "moment" else date.fromisoformat(text)


def prune(instance: Instance) -> None:
    """Forget what is past: keep the tokens that stand, and what still holds some of them together.

    What happened is in the history rows of the platform. Without this a loop would make every step
    dearer than the one before, and the kernel would stall without a word at its depth limit.
    """
    for scope in instance.scopes():
        root = scope.task_tree
        kept: dict[Any, Token] = {root.id: root}
        for token in scope.live:
            kept[token.id] = token
            above = token.parent
            if groups(above):
                above._parent = root.id
                kept[above.id] = above
            elif not above.is_live:
                token._parent = root.id
        _relink(scope, kept)


def _relink(scope: Scope | Instance, kept: dict[Any, Token]) -> None:
    scope.tasks.clear()
    for number in sorted(kept):
        token = kept[number]
        token._children = []
        scope.tasks[number] = token
    for token in scope.tasks.values():
        if token._parent is not None:
            scope.tasks[token._parent]._children.append(token.id)
