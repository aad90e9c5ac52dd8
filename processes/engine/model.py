"""What the engine hands out about a model, and about what is wrong with one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from processes.engine.kernel import BpmnProcessSpec

if TYPE_CHECKING:
    from processes.engine.decisions import KnownDecision

Level = Literal["error", "warning"]


@dataclass(frozen=True)
class Problem:
    """Something about a file that keeps it from being deployed, and what to do about it."""

    file: str
    element_id: str | None
    words: str
    remedy: str
    line: int | None = None
    level: Level = "error"
    name: str = ""
    """What the element is called in the diagram."""
    mend: str = ""
    """What mending the file makes of it; empty where only its author can say."""

    @property
    def is_error(self) -> bool:
        """Whether it keeps the file from being loaded; a warning does not."""
        return self.level == "error"

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        element = "" if self.element_id is None else f" {self.element_id}:"
        name = f" “{self.name}”:" if self.name and f"“{self.name}”" not in self.words else ""
        mend = f"(--mend: {self.mend})" if self.mend else ""
        told = " ".join(part for part in (self.words, self.remedy, mend) if part)
        return f"{place}:{element}{name} {told}"


class ModelError(Exception):
    """The files do not make a model that can be run; says why, file by file."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


class EngineFault(Exception):
    """A step could not be made: the instance stands as before, somebody must look."""

    def __init__(self, element_id: str | None, words: str) -> None:
        super().__init__(words if element_id is None else f"{element_id}: {words}")
        self.element_id = element_id
        self.words = words


@dataclass(frozen=True)
class Lane:
    """A participant of a process: who does what is drawn in it."""

    id: str
    name: str
    role: str | None


@dataclass(frozen=True)
class Flow:
    """An arrow of the diagram."""

    id: str
    source: str
    target: str
    name: str
    condition: str | None
    process: str
    is_default: bool = False
    line: int | None = None


@dataclass(frozen=True)
class Repeats:
    """Done once for each item of a list, one after the other or all at once."""

    collection: str
    item: str | None
    sequential: bool
    output: str | None = None
    output_item: str | None = None
    until: str | None = None


@dataclass(frozen=True)
class Element:
    """A shape of the diagram; `kind` is its BPMN name (userTask, boundaryEvent, ...)."""

    id: str
    name: str
    kind: str
    process: str
    lane: str | None = None
    role: str | None = None
    form: str | None = None
    due: str | None = None
    remind: str | None = None
    escalate: str | None = None
    layer: str | None = None
    legal_basis: str | None = None
    seat: str | None = None
    effect: str | None = None
    decision: str | None = None
    correlation: str | None = None
    message: str | None = None
    timer: str | None = None
    documentation: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    scope: str | None = None
    event: str | None = None
    """What an event waits for or does: timer, message, error, escalation, terminate; else None."""
    code: str | None = None
    """The code of an error or escalation; None on a boundary event catches every code."""
    called: str | None = None
    attached_to: str | None = None
    interrupting: bool = True
    repeats: Repeats | None = None
    line: int | None = None


@dataclass(frozen=True)
class ProcessInfo:
    """One process of the closure."""

    id: str
    name: str
    file: str
    lanes: tuple[Lane, ...]
    documentation: str = ""


@dataclass(frozen=True)
class Model:
    """A top-level process with everything it calls, ready to run; never changed once made."""

    digest: str
    process_id: str
    title: str
    elements: Mapping[str, Element]
    flows: Mapping[str, Flow]
    starts: tuple[Element, ...]
    processes: Mapping[str, ProcessInfo]
    files: tuple[str, ...]
    decisions: Mapping[str, KnownDecision] = field(repr=False)
    ways: Mapping[str, BpmnProcessSpec] = field(repr=False)
    """What the kernel runs, by process id and by the id of each embedded sub-process."""
