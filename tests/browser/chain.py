"""The French chain as one story: its scenarios one after the other, about one person."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from casework.scenarios import ScenarioStep, read_scenario
from tests.pages.estate import SCENARIOS

PERSON = {
    "number": "N-1399",
    "family_name": "Tern",
    "given_name": "Jo",
    "born_on": date(1991, 4, 2),
    "establishment": "north",
    "penal_status": "convicted",
    "release_on": date(2027, 6, 1),
}
"""Convicted, so that a judge is told; released long enough after the first term in a unit."""

BEFORE = "judge-is-told"
EVALUATION = "evaluation-to-synthesis"
REGIME = "regime-on-request"
PROGRAMME = "unit-two-terms"
REVIEW = "unit-to-release"
RELEASE = "release-handed-over"

DONE = frozenset({"complete", "wait", "session", "transfer"})
"""What a story does; what a scenario only tries and expects is left to the scenario."""


def steps() -> Iterator[ScenarioStep]:
    """From the request for a first opinion to the hand-over before release."""
    yield from (one for one in _of(BEFORE) if one.do != "expect")
    yield from _done(_of(EVALUATION)[len(_of(BEFORE)) :])
    yield from (_there(one) for one in _told_once(_done(_last_round(_of(REGIME)))))
    yield from _done(
        _between(PROGRAMME, "collective_supervision_admit", "supervision_review_opinion")
    )
    yield from _done(_between(REVIEW, "supervision_review_opinion", None, upto="message"))
    yield from _handed_over()


def _of(name: str) -> tuple[ScenarioStep, ...]:
    return read_scenario(SCENARIOS / f"{name}.toml").steps


def _done(told: Iterable[ScenarioStep]) -> Iterator[ScenarioStep]:
    return (one for one in told if one.do in DONE)


def _there(one: ScenarioStep) -> ScenarioStep:
    """The step as it is done in the prison of the unit, to which the person was moved."""
    return ScenarioStep(one.do, _moved(one.given))


def _moved(given: Any) -> Any:
    if isinstance(given, Mapping):
        return {key: _moved(part) for key, part in given.items()}
    if isinstance(given, list):
        return [_moved(part) for part in given]
    return re.sub(r"^(\w+)\.north$", r"\1.fleury", given) if isinstance(given, str) else given


def _last_round(told: tuple[ScenarioStep, ...]) -> tuple[ScenarioStep, ...]:
    """The last opinion of many on one person: a care unit, in a group."""
    begins = [number for number, one in enumerate(told) if one.do == "begin"]
    return told[begins[-1] :]


def _told_once(told: Iterable[ScenarioStep]) -> Iterator[ScenarioStep]:
    """The decision is handed over; here it replaces none, of which the person would be told too."""
    handed_over = False
    for one in told:
        if task_of(one) != "tell_receive" or not handed_over:
            yield one
        handed_over = handed_over or task_of(one) == "tell_receive"


def _between(
    name: str, first: str, before: str | None, upto: str | None = None
) -> tuple[ScenarioStep, ...]:
    told = _of(name)
    start = next(n for n, one in enumerate(told) if task_of(one) == first)
    for number, one in enumerate(told[start:], start):
        if one.do == upto or (before is not None and one.given.get("task") == before):
            return told[start:number]
    return told[start:]


def _handed_over() -> Iterator[ScenarioStep]:
    """Nobody has to step in for a residence, and the open service accepts at once."""
    answers: dict[str, ScenarioStep] = {}
    for one in _of(RELEASE):
        if one.do == "complete":
            answers[str(one.given["task"])] = one
    prepare = answers["release_handover_prepare"].given
    day = {"release_on": PERSON["release_on"]}
    later = {**prepare, "answers": {**prepare["answers"], **day}}
    answers["release_handover_prepare"] = ScenarioStep("complete", later)
    for task in ("prepare", "support", "final", "residence", "close", "keep", "accept"):
        yield answers[f"release_handover_{task}"]
    yield answers["tell_receive"]


def task_of(one: ScenarioStep) -> str:
    """The step of the drawing that is done, or nothing."""
    return str(one.given.get("task", "")) if one.do == "complete" else ""


def said(one: ScenarioStep) -> dict[str, Any]:
    """What is answered."""
    return dict(one.given.get("answers", {}))
