"""The French pack as it stands in the tree, and its processes driven step by step."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from feel.decisions import load_decisions
from processes.deadlines import parse
from processes.packs import MODELS, read_pack
from tests.engine.driving import NOW, Driver

PACK = read_pack(MODELS / "france")
PARAMETERS = {parameter.name: parameter.value for parameter in PACK.parameters}


def decide(file: str, decision: str, **facts: Any) -> dict[str, Any]:
    """What a table of the pack answers."""
    tables = load_decisions(PACK.files[file], file)
    return dict(tables.variables(decision, {**facts, "param": PARAMETERS}))


def moment(text: str, variables: Mapping[str, Any]) -> datetime:
    """Every timer of the pack can be read, and the date that it counts from is there."""
    rule = parse(text)
    assert rule.parameter is None or rule.parameter in PARAMETERS, text
    assert rule.anchor is None or isinstance(variables[rule.anchor], date), text
    return NOW + timedelta(hours=1)


def driven(process: str, start: str, **variables: Any) -> Driver:
    """An instance of a process of the pack, just begun."""
    return Driver(PACK.files, process, start, variables, PARAMETERS, moment)


def not_taken(process: str, *instances: Driver) -> set[str]:
    """The flows of the process that none of these has taken."""
    flows = {f.id for f in instances[0].model.flows.values() if f.process == process}
    return flows - {flow for instance in instances for flow in instance.taken}
