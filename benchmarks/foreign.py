"""`samverkan check` over many models of other tools: models a second, and the share of mending."""

from __future__ import annotations

import re
from random import Random

from benchmarks.prepared import Worlds
from benchmarks.tables import say, show
from benchmarks.timing import PROCESSOR, WALL, Clock, ms
from processes.checks import LooseFiles
from processes.foreign import mend
from processes.packs import MODELS

MANY = 300
ASKED = 20
"""Models a second that are asked for."""


def run(_worlds: Worlds) -> None:
    """Print the table."""
    ours = [path.read_bytes() for path in sorted(MODELS.glob("*/*.bpmn"))]
    random = Random(1)
    sets = {
        "models of the packs, as they are": [ours[n % len(ours)] for n in range(MANY)],
        "the same with the words of another engine": [
            theirs(random, ours[n % len(ours)]) for n in range(MANY)
        ],
    }
    rows = []
    for title, models in sets.items():
        wall, processor, found, mended = _checked(models)
        rows.append(
            (
                title, f"{len(models)}", f"{sum(map(len, models)) // len(models) // 1000} kB",
                f"{found}", f"{mended}", f"{len(models) / wall:.0f}",
                f"{len(models) / processor:.0f}", f"{len(models) / wall / ASKED:.1f}",
            )
        )  # fmt: skip
    show("Models that others made", COLUMNS, rows)
    alone = _mending(sets["the same with the words of another engine"])
    say(f"Mending alone takes {ms(alone / MANY)} of processor time for each model.")


COLUMNS = (
    "what is checked", "models", "size", "findings", "models to mend", "models/s",
    "models/s of processor time", f"ratio to {ASKED} models/s",
)  # fmt: skip


def _checked(models: list[bytes]) -> tuple[float, float, int, int]:
    began, worked = WALL(), PROCESSOR()
    loose = LooseFiles()
    mended = 0
    for number, raw in enumerate(models):
        found = loose.add(f"{number}.bpmn", raw)
        mended += found is not None and found.raw is not raw
    problems = len(loose.problems())
    return WALL() - began, PROCESSOR() - worked, problems, mended


def _mending(models: list[bytes], clock: Clock = PROCESSOR) -> float:
    began = clock()
    for raw in models:
        mend("model.bpmn", raw)
    return clock() - began


def theirs(random: Random, raw: bytes) -> bytes:
    """A model of ours as another engine's modeller might have written it."""
    text = raw.decode()
    text = text.replace("<bpmn:definitions ", f"<bpmn:definitions {SPACE} ", 1)
    text = re.sub(r' sv:form="([^"]*)"', r' camunda:formKey="\1" camunda:assignee="demo"', text)
    text = re.sub(r' sv:(?:due|remind|escalate)="[^"]*"', ' camunda:dueDate="P3D"', text, count=1)
    text = re.sub(r' sv:\w+="[^"]*"', "", text)
    text = re.sub(r">([a-z_]+) = \"(\w+)\"<", r">${\1 == '\2'}<", text)
    if random.random() < 0.5:
        text = text.replace('isExecutable="true"', 'isExecutable="false"')
        text = text.replace("bpmn:serviceTask", "bpmn:task")
    return text.encode()


SPACE = 'xmlns:camunda="http://camunda.org/schema/1.0/bpmn"'
