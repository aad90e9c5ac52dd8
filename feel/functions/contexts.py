"""Built-in functions on contexts."""

from __future__ import annotations

from typing import Any

from feel.signatures import Functions
from feel.values import Frame, admit

FUNCTIONS = Functions()
_add = FUNCTIONS.add


@_add("get value", "m:context, key:string", "context:context, keys:list")
def get_value(_: Frame, context: dict[str, Any], key: Any) -> Any:
    """An entry, or null if there is none: the way to ask for an entry that may be missing."""
    value: Any = context
    for step in key if isinstance(key, list) else [key]:
        if not isinstance(value, dict) or not isinstance(step, str) or step not in value:
            return None
        value = value[step]
    return admit(value)


@_add("get entries", "m:context")
def get_entries(frame: Frame, context: dict[str, Any]) -> list[dict[str, Any]]:
    """All entries, each as a context of key and value."""
    frame.spend(len(context))
    return [{"key": key, "value": admit(value)} for key, value in context.items()]


@_add(
    "context put",
    "context:context, key:string, value:any",
    "context:context, keys:list, value:any",
)
def context_put(
    frame: Frame, context: dict[str, Any], key: Any, value: Any
) -> dict[str, Any] | None:
    """The context with one entry set."""
    frame.spend(len(context))
    keys = key if isinstance(key, list) else [key]
    if not keys or not all(isinstance(step, str) for step in keys):
        return None
    if len(keys) > 1:
        inner = context.get(keys[0])
        if not isinstance(inner, dict):
            return None
        value = context_put(frame, inner, keys[1:], value)
    return {**context, keys[0]: value}


@_add("context merge", "contexts:list")
def context_merge(frame: Frame, contexts: list[Any]) -> dict[str, Any] | None:
    """Contexts laid over each other, the last on top."""
    merged: dict[str, Any] = {}
    for context in contexts:
        if not isinstance(context, dict):
            return None
        frame.spend(len(context))
        merged |= context
    return merged


@_add("context", "entries:list")
def context_of(frame: Frame, entries: list[Any]) -> dict[str, Any] | None:
    """A context made of entries with key and value."""
    made: dict[str, Any] = {}
    frame.spend(len(entries))
    for entry in entries:
        if not isinstance(entry, dict) or not {"key", "value"} <= entry.keys():
            return None
        if not isinstance(entry["key"], str) or entry["key"] in made:
            return None
        made[entry["key"]] = entry["value"]
    return made
