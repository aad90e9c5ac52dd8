"""Who may decide: the deployed table of competence is asked, and says in words why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from casework import sources
from casework.words import Wording
from processes.engine import EngineFault
from processes.ports import Code

COMPETENCE, REMEDY = "competence", "remedy"


@dataclass(frozen=True)
class Competence:
    """The answer of the table: the function that decides, and the row that says so."""

    authority: str
    rule: str
    words: str


@dataclass(frozen=True)
class Contestable:
    """Where and within what time a decision can be contested, as the table says on the day."""

    court: str
    limit: str  # P2M


def ask(
    names: Wording, variables: Mapping[str, Code], parameters: Mapping[str, str]
) -> Competence | None:
    """Evaluate `competence` of a deployed version; None where it has none, or cannot tell."""
    seen = _seen(variables, parameters)
    answer = answered(names, COMPETENCE, seen)
    authority = answer.get("authority")
    if not authority:
        return None
    row = names.model.decisions[COMPETENCE].row(seen) or ""
    return Competence(names.pack.role(str(authority)), row, why(names, row))


def why(names: Wording, row: str | None) -> str:
    """What the table says about its row, with its source in words."""
    known = names.model.decisions.get(COMPETENCE)
    if known is None or not row:
        return ""
    words = names.documentation(row) or known.words_of(row)
    said, source = sources.apart(words, names.speaking)
    return f"{said} ({source})" if source else said


def contestable(names: Wording, kind: str, parameters: Mapping[str, str]) -> Contestable | None:
    """Which remedy is open against a decision of this kind, with the parameters of its day."""
    answer = answered(names, REMEDY, _seen({"measure_kind": kind}, parameters))
    limit = answer.get("remedy_limit")
    return Contestable(str(answer.get("remedy_court") or ""), str(limit)) if limit else None


def answered(names: Wording, decision: str, seen: Mapping[str, Any]) -> Mapping[str, Code]:
    """What a table answers; nothing where the version has none or an input is not known."""
    known = names.model.decisions.get(decision)
    if known is None:
        return {}
    try:
        return known.decide(decision, seen)
    except EngineFault:
        return {}


def _seen(variables: Mapping[str, Code], parameters: Mapping[str, str]) -> dict[str, Any]:
    return {**variables, "param": dict(parameters)}
