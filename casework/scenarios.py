"""Scenarios: what people do on a moved clock, written down, and played through the use cases."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from casework.demo.world import WORLDS

VERBS = (
    "start",
    "complete",
    "refused",
    "wait",
    "expect",
    "claim",
    "handback",
    "reassign",
    "draft",
    "ordinary",
    "hidden",
    "late",
    "interrupt",
    "session",
    "begin",
    "delegate",
    "pause",
    "places",
    "transfer",
    "decided",
    "message",
    "units",
    "file",
)


class ScenarioError(Exception):
    """A scenario that cannot be read, or a step that did not go as written."""


@dataclass(frozen=True)
class ScenarioStep:
    """One thing done or expected; `given` holds the step's other keys."""

    do: str
    given: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Scenario:
    """A scenario file."""

    name: str
    title: str
    number: int | None
    proves: tuple[str, ...]
    person: Mapping[str, Any]
    steps: tuple[ScenarioStep, ...]
    world: str = "france"
    """The pack in whose agency it is played."""


def read_scenario(path: Path) -> Scenario:
    """Read a scenario; ScenarioError names the file and what is wrong."""
    facts = _facts(path)
    own = tuple(_step(path, number, step) for number, step in enumerate(facts["step"], 1))
    return Scenario(
        name=path.stem,
        title=facts["title"],
        number=facts.get("number"),
        proves=tuple(facts.get("proves", ())),
        person=facts.get("person", {}),
        steps=(*_before(path, facts), *own),
        world=_world(path, facts),
    )


def _world(path: Path, facts: Mapping[str, Any]) -> str:
    """The world that the file names, or that of the pack it lies in; else the first of the demo."""
    named = str(facts.get("world", ""))
    if named and named not in WORLDS:
        raise ScenarioError(f"{path.name}: there is no world “{named}”: {', '.join(WORLDS)}.")
    lies_in = path.resolve().parent.parent.name
    return named or (lies_in if lies_in in WORLDS else next(iter(WORLDS)))


def _facts(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ScenarioError(f"{path.name}: {error}") from error


def _before(path: Path, facts: Mapping[str, Any]) -> tuple[ScenarioStep, ...]:
    """`after` names a file beside this one, whose story comes first: told of this one's person."""
    earlier = facts.get("after")
    if earlier is None:
        return ()
    first = path.with_name(f"{earlier}.toml")
    if not first.is_file() or "after" in _facts(first):
        raise ScenarioError(
            f"{path.name}: “after” must name a scenario beside it that begins by itself, "
            f"and “{earlier}” is none."
        )
    return read_scenario(first).steps


def _step(path: Path, number: int, facts: dict[str, Any]) -> ScenarioStep:
    verb = facts.get("do")
    if verb not in VERBS:
        raise ScenarioError(
            f"{path.name}, step {number}: “{verb}” is not something a step can do. "
            f"Write one of: {', '.join(VERBS)}."
        )
    return ScenarioStep(verb, {key: value for key, value in facts.items() if key != "do"})


def as_posted(answers: Mapping[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    """Answers as a browser would post them; repeated items are numbered."""
    posted: list[tuple[str, str]] = []
    for key, value in answers.items():
        name = f"{prefix}{key}"
        if isinstance(value, list) and value and isinstance(value[0], dict):
            for index, item in enumerate(value):
                posted += as_posted(item, f"{name}-{index}-")
        elif isinstance(value, list):
            posted += [(name, str(item)) for item in value]
        elif isinstance(value, bool):
            posted.append((name, "true" if value else "false"))
        elif isinstance(value, date):
            posted.append((name, value.isoformat()))
        else:
            posted.append((name, str(value)))
    return posted
