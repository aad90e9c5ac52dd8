"""Reads models, tables and forms to be checked, and gathers what is found in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import PurePosixPath
from typing import Any

from forms import FormDefinition, FormError, load_form
from processes.engine.decisions import KnownDecision, read_decisions
from processes.engine.drawing import Drawn, draw, draw_once
from processes.engine.model import Problem


def read_models(
    files: Mapping[str, bytes], problems: list[Problem], *, strict: bool
) -> dict[str, Drawn]:
    """The processes of these models by id; `strict` asks for one process in each file."""
    processes: dict[str, Drawn] = {}
    for name in sorted(files):
        found: list[Drawn] = []
        gather(problems, name, partial(draw_file, name, files[name], found, kept=strict))
        if strict:
            problems.extend(_wrong_name(name, found))
        for process in found:
            other = processes.setdefault(process.info.id, process)
            if other is not process:
                problems.append(
                    Problem(
                        name, process.info.id, "Another file has a process of this id: "
                        f"{other.info.file}.", "Give one of the two another id.",
                    )
                )  # fmt: skip
    return processes


def draw_file(name: str, raw: bytes, found: list[Drawn], *, kept: bool = True) -> Iterable[Problem]:
    """Add the processes of a model to those found; gives what cannot even be taken down."""
    drawing = draw(name, raw) if kept else draw_once(name, raw)
    found.extend(drawing.processes)
    if not drawing.processes and not drawing.problems:
        return [Problem(name, None, "The file holds no process.", "Draw one, or remove the file.")]
    return drawing.problems


def _wrong_name(name: str, found: list[Drawn]) -> Iterator[Problem]:
    stem = PurePosixPath(name).stem
    if len(found) > 1:
        yield Problem(
            name, None, f"The file holds {len(found)} processes.",
            "Keep one process in each file; draw other participants as empty pools.",
        )  # fmt: skip
    elif found and found[0].info.id != stem:
        yield Problem(
            name, found[0].info.id, f"The process is not called {stem}, as the file is.",
            f"Set its id to {stem}.",
        )  # fmt: skip


def read_tables(files: Mapping[str, bytes], problems: list[Problem]) -> dict[str, KnownDecision]:
    """The decisions of these files by id."""
    decisions: dict[str, KnownDecision] = {}

    def read(name: str) -> Iterable[Problem]:
        found, told = read_decisions(name, files[name])
        return *told, *(
            Problem(
                name, decision.id, "Another file has a decision of this id: "
                f"{decisions[decision.id].file}.", "Give one of the two another id.",
            )
            for decision in found
            if decisions.setdefault(decision.id, decision) is not decision
        )  # fmt: skip

    for name in sorted(files):
        gather(problems, name, partial(read, name))
    return decisions


def read_forms(
    forms: Mapping[str, Any], problems: list[Problem]
) -> tuple[dict[str, FormDefinition], frozenset[str]]:
    """The forms by id, and the ids of those that cannot be read."""
    loaded: dict[str, FormDefinition] = {}
    broken: set[str] = set()

    def read(name: str, given: Any) -> Iterable[Problem]:
        form_id = PurePosixPath(name).name.removesuffix(".form")
        broken.add(form_id)
        file = name if name.endswith(".form") else f"{name}.form"
        try:
            loaded[form_id] = load_form(given, file) if isinstance(given, bytes) else given
        except FormError as error:
            return [
                Problem(p.file, p.element_id, p.words, p.remedy, p.line) for p in error.problems
            ]
        broken.discard(form_id)
        return ()

    for name in sorted(forms):
        gather(problems, name, partial(read, name, forms[name]))
    return loaded, frozenset(broken)


def gather(problems: list[Problem], what: str, find: Callable[[], Iterable[Problem]]) -> None:
    """Run a check over input that may be anything: if the check stumbles, that is a finding too."""
    try:
        problems.extend(find())
    except Exception as error:  # noqa: BLE001 - a check never crashes on what it is to judge
        problems.append(
            Problem(
                what, None, f"It could not be checked ({type(error).__name__}).",
                "Save it again from the modeller; if that does not help, report it with the file.",
            )
        )  # fmt: skip


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Each once, by file and line."""
    return sorted(set(problems), key=_order)


def _order(problem: Problem) -> tuple[Any, ...]:
    return (
        problem.file, problem.level, problem.line or 0, problem.element_id or "", problem.words,
    )  # fmt: skip
