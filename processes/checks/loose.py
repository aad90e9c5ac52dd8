"""Checks files that belong to no pack, each for itself and with those it calls, in any number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import PurePosixPath
from typing import Literal

from processes.checks import loose_checks, name_checks, time_checks
from processes.checks.gathering import gather, in_order, read_forms, read_models, read_tables
from processes.checks.subject import Declared, Subject
from processes.engine.drawing import Drawn
from processes.engine.model import Problem
from processes.engine.rules import Surroundings, find_own_refusals, find_refusals_among
from processes.foreign import Mended, Note, mend

_CHECKS = (
    *time_checks.CHECKS, name_checks.messages_are_addressed, *loose_checks.CHECKS
)  # fmt: skip
Kind = Literal["model", "table", "form"]
MOST_NAMED = 5


@dataclass
class _State:
    """What is known of all files together, in one state of theirs: as they are, or mended."""

    drawn: list[Drawn] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def add(self, other: _State) -> None:
        """What was found in one file more."""
        self.drawn += other.drawn
        self.problems += other.problems

    def among(self, decisions: frozenset[str]) -> Iterator[Problem]:
        """What is wrong between the files."""
        processes: dict[str, Drawn] = {}
        for process in self.drawn:
            processes.setdefault(process.info.id, process)
        called = frozenset(name for process in self.drawn for name in _calls(process))
        around = Surroundings(processes, decisions, called)
        for process in self.drawn:
            yield from find_refusals_among(process, around)
            yield from _shared_with_called(process, processes)
            other = processes[process.info.id]
            if other.info.file != process.info.file:
                yield Problem(
                    process.info.file, process.info.id, "Another file has a process of this id: "
                    f"{other.info.file}.", "Give one of the two another id before both are loaded.",
                    level="warning", name=process.info.name,
                )  # fmt: skip


class LooseFiles:
    """Files that are looked at one after the other; only a sketch of each is kept."""

    def __init__(self) -> None:
        self._now, self._then = _State(), _State()
        self._decisions: dict[str, str] = {}
        self._notes: list[tuple[str, Note]] = []
        self._others: list[Problem] = []
        self.models = 0

    def add(self, name: str, raw: bytes | OSError, kind: Kind = "model") -> Mended | None:
        """Look at one file, or at why it cannot be had; gives what mending makes of a model."""
        if isinstance(raw, OSError):
            words = f"The file cannot be read ({raw.strerror or 'no access'})."
            self._others.append(Problem(name, None, words, "Let its owner make it readable."))
        elif kind == "form":
            read_forms({name: raw}, self._others)
        elif kind == "table":
            self._tables(name, raw)
        else:
            return self._model(name, raw)
        return None

    def _tables(self, name: str, raw: bytes) -> None:
        for decision_id in read_tables({name: raw}, self._others):
            other = self._decisions.setdefault(decision_id, name)
            if other != name:
                self._others.append(
                    Problem(
                        name, decision_id, f"Another file has a decision of this id: {other}.",
                        "Give one of the two another id before both are loaded.", level="warning",
                    )
                )  # fmt: skip

    def _model(self, name: str, raw: bytes) -> Mended:
        self.models += 1
        now = _judged(name, raw)
        found = self._mended(name, raw, now)
        self._notes += ((name, note) for note in found.notes)
        self._now.add(now)
        self._then.add(now if found.raw is raw else _judged(name, found.raw))
        return found

    def _mended(self, name: str, raw: bytes, now: _State) -> Mended:
        found: list[Mended] = []

        def mending() -> tuple[Problem, ...]:
            found.append(mend(name, raw))
            return ()

        gather(now.problems, name, mending)
        return found[0] if found else Mended(raw, ())

    def problems(self) -> list[Problem]:
        """Everything found, each that mending would do away with marked so."""
        decisions = frozenset(self._decisions)
        now = self._all(self._now, decisions)
        left = {_key(problem) for problem in self._all(self._then, decisions)}
        done = self._done()
        found = [
            problem if _key(problem) in left else replace(problem, mend=_words(done, problem))
            for problem in now
        ]
        told = {(problem.file, problem.element_id) for problem in found if problem.mend}
        return in_order([*found, *self._others, *self._remarks(told)])

    def problems_left(self) -> list[Problem]:
        """What is still to be found in the mended files."""
        left = [note for note in self._remarks(None) if not note.mend]
        found = self._all(self._then, frozenset(self._decisions))
        return in_order([*found, *self._others, *left])

    def done(self) -> list[tuple[str, Note]]:
        """What mending changes, by file."""
        return [(name, note) for name, note in self._notes if note.kind != "left"]

    def _all(self, state: _State, decisions: frozenset[str]) -> list[Problem]:
        problems = list(state.problems)
        gather(problems, "the models", partial(state.among, decisions))
        return problems

    def _done(self) -> dict[tuple[str, str | None], list[str]]:
        done: dict[tuple[str, str | None], list[str]] = {}
        for name, note in self.done():
            done.setdefault((name, note.element_id), []).append(note.to_do)
        return done

    def _remarks(self, told: set[tuple[str, str | None]] | None) -> Iterator[Problem]:
        """What other engines wrote; left out where a finding tells already what becomes of it."""
        for name, note in self._notes:
            if note.kind == "mended":
                continue
            done = note.kind == "converted"
            if done and told is not None and (name, note.element_id) in told:
                continue
            yield remark(name, note)


def remark(file: str, note: Note) -> Problem:
    """A note about the words of another engine, as a finding."""
    done = note.kind == "converted"
    return Problem(
        file, note.element_id, note.words, "" if done else note.to_do, note.line, "warning",
        note.name, note.to_do if done else "",
    )  # fmt: skip


def told(file: str, note: Note) -> Problem:
    """What was done, as it is told after mending."""
    element, line = note.element_id, note.line
    return Problem(file, element, note.words, note.to_do, line, "warning", note.name)


def check_loose(files: Mapping[str, bytes]) -> list[Problem]:
    """What can be said of models, tables and forms without knowing their pack."""
    loose = LooseFiles()
    kinds: dict[str, Kind] = {".bpmn": "model", ".dmn": "table", ".form": "form"}
    for name in sorted(files):
        kind = kinds.get(PurePosixPath(name).suffix)
        if kind is not None:
            loose.add(name, files[name], kind)
    return loose.problems()


def _judged(name: str, raw: bytes) -> _State:
    """What can be said of one model alone; of its processes only a sketch is kept."""
    problems: list[Problem] = []
    processes = read_models({name: raw}, problems, strict=False)
    declared = Declared(frozenset(), {}, {}, {})
    subject = Subject(
        processes, {}, {}, frozenset(), declared, frozenset(), (), loose=True
    )  # fmt: skip
    gather(problems, name, partial(find_own_refusals, processes))
    for check in _CHECKS:
        gather(problems, name, partial(check, subject))
    sketches = [Drawn(p.info, p.executable, p.elements) for p in processes.values()]
    return _State(sketches, problems)


def _calls(process: Drawn) -> Iterator[str]:
    return (e.called for e in process.elements.values() if e.kind == "callActivity" and e.called)


def _shared_with_called(process: Drawn, processes: Mapping[str, Drawn]) -> Iterator[Problem]:
    """Ids are told apart over all that runs together."""
    for name in sorted(set(_calls(process)) & set(processes)):
        called = processes[name]
        shared = sorted(set(process.elements) & set(called.elements))
        if called.info.file != process.info.file and shared:
            more = "" if len(shared) <= MOST_NAMED else f" and {len(shared) - MOST_NAMED} more"
            yield Problem(
                process.info.file, process.info.id,
                f"It shares ids with {name}, which it calls: "
                f"{', '.join(shared[:MOST_NAMED])}{more}.",
                f"Begin them with the name of the process: {process.info.id}_...",
                name=process.info.name,
            )  # fmt: skip


def _key(problem: Problem) -> tuple[str, str | None, str]:
    return problem.file, problem.element_id, problem.words


def _words(done: Mapping[tuple[str, str | None], list[str]], problem: Problem) -> str:
    told = dict.fromkeys(done.get((problem.file, problem.element_id), ()))
    return " ".join(told) or "It is mended with what stands beside it."
