"""Changes the rules of deadlines and access one at a time; the tests have to notice each change.

`python -m tests.mutants [part of a file name]` runs the tests of a file once for each small change
of it: a comparison turned, `and` for `or`, a constant changed, a `not` left out, None returned.
What no test notices survives; docs/mutants.md lists the survivors, with the reason of those that
change nothing a user could see. No file of the tree is changed: the changed module is handed to
Python as it is imported, in a process of its own.
"""

from __future__ import annotations

import ast
import importlib.abc
import importlib.machinery
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "mutants.md"
LIMIT = 180
"""Seconds for one run; a change that makes a loop endless has been noticed."""

ACCESS = (
    "tests/casework_record/test_access_danger.py",
    "tests/casework_record/test_access_record.py",
    "tests/casework_record/test_access_tasks.py",
    "tests/casework_record/test_two_agencies.py",
    "tests/mutants_kill/test_access_to_the_letter.py",
)
TESTS = {
    "processes/deadlines.py": (
        "tests/processes/test_deadlines.py",
        "tests/mutants_kill/test_deadlines_to_the_second.py",
    ),
    "casework/access.py": ACCESS,
    "casework/access_policy.py": ACCESS,
    "casework/blind.py": ACCESS,
}

ONE_IS_ENOUGH = "Whether there is any row is asked: the second would change nothing."
A_NAME = "A name used on both sides, stored nowhere: any other would do."
EQUIVALENT: dict[tuple[str, str], str] = {
    ("return session.scalar(query.limit(1)) is not None", "1 to 2"): ONE_IS_ENOUGH,
    ("move = session.scalars(last.limit(1)).first()", "1 to 2"): ONE_IS_ENOUGH,
    ('if task.state != "open" and viewer.user_id == task.ended_by:', "'open' to another text"): (
        "An open task was ended by nobody, so the second half answers alone."
    ),
}
EQUIVALENT |= {
    ('ALWAYS, WITH_TASK, OWN = "always", "with_task", "own"', f"{name!r} to another text"): A_NAME
    for name in ("always", "with_task", "own")
}
"""Survivors that change nothing, by the line's text and the change: why."""


@dataclass(frozen=True)
class Mutant:
    """One change of one file."""

    file: str
    line: int
    text: str
    change: str
    tree: ast.Module

    @property
    def reason(self) -> str | None:
        return EQUIVALENT.get((self.text, self.change))


# -- changes --------------------------------------------------------------------------------

TURNED: dict[type[ast.AST], tuple[type[ast.AST], str]] = {
    ast.Lt: (ast.LtE, "< to <="),
    ast.LtE: (ast.Lt, "<= to <"),
    ast.Gt: (ast.GtE, "> to >="),
    ast.GtE: (ast.Gt, ">= to >"),
    ast.Eq: (ast.NotEq, "== to !="),
    ast.NotEq: (ast.Eq, "!= to =="),
    ast.Is: (ast.IsNot, "is to is not"),
    ast.IsNot: (ast.Is, "is not to is"),
    ast.In: (ast.NotIn, "in to not in"),
    ast.NotIn: (ast.In, "not in to in"),
    ast.And: (ast.Or, "and to or"),
    ast.Or: (ast.And, "or to and"),
    ast.Add: (ast.Sub, "+ to -"),
    ast.Sub: (ast.Add, "- to +"),
    ast.Mult: (ast.Add, "* to +"),
    ast.BitOr: (ast.BitAnd, "| to &"),
    ast.BitAnd: (ast.BitOr, "& to |"),
}
NAMES = {"any": "all", "all": "any", "min": "max", "max": "min"}


def mutants(file: str) -> Iterator[Mutant]:
    """Every change of a file, one at a time."""
    source = (ROOT / file).read_text("utf-8")
    tree, lines = ast.parse(source), source.splitlines()
    for number, node in enumerate(_changeable(tree)):
        for change in _changes(node):
            copied = deepcopy(tree)
            twin = _changeable(copied)[number]
            _apply(copied, twin, change)
            line = getattr(node, "lineno", 0)
            yield Mutant(file, line, lines[line - 1].strip(), change, copied)


def _changeable(tree: ast.Module) -> list[ast.AST]:
    """Nodes in order, without annotations, docstrings, words of errors, and `__all__`."""
    found: list[ast.AST] = []

    def walk(node: ast.AST) -> None:
        if isinstance(node, ast.JoinedStr | ast.Raise) or _is_docstring(node) or _is_all(node):
            return
        found.append(node)
        for name, value in ast.iter_fields(node):
            if name in {"annotation", "returns", "decorator_list"}:
                continue
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST):
                    walk(child)

    walk(tree)
    return found


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_all(node: ast.AST) -> bool:
    return isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"


def _changes(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Compare):
        return [TURNED[type(op)][1] for op in node.ops]
    if isinstance(node, ast.BoolOp | ast.BinOp | ast.AugAssign) and type(node.op) in TURNED:
        return [TURNED[type(node.op)][1]]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return ["not left out"]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return ["minus left out"]
    if isinstance(node, ast.Name) and node.id in NAMES:
        return [f"{node.id} to {NAMES[node.id]}"]
    if isinstance(node, ast.If | ast.While | ast.IfExp):
        return [] if _is_turned_by_itself(node.test) else ["condition turned"]
    if isinstance(node, ast.Return) and not _is_constant(node.value):
        return ["None returned"]
    return _changes_of_constant(node)


def _is_turned_by_itself(test: ast.expr) -> bool:
    """`if a == b` and `if not a` are turned where the comparison or the `not` is changed."""
    if isinstance(test, ast.Compare):
        return isinstance(test.ops[0], ast.Eq | ast.NotEq | ast.Is | ast.IsNot | ast.In | ast.NotIn)
    return isinstance(test, ast.UnaryOp)


def _changes_of_constant(node: ast.AST) -> list[str]:
    if not isinstance(node, ast.Constant) or node.value is None:
        return []
    if isinstance(node.value, bool):
        return [f"{node.value} to {not node.value}"]
    if isinstance(node.value, int):
        return [f"{node.value} to {node.value + 1}"]
    return [f"{node.value!r} to another text"] if isinstance(node.value, str) else []


def _is_constant(value: ast.expr | None) -> bool:
    """A constant that is returned is changed by itself: None for False is the same to an `if`."""
    return value is None or isinstance(value, ast.Constant)


def _apply(tree: ast.Module, node: ast.AST, change: str) -> None:
    if isinstance(node, ast.Compare):
        node.ops = [
            TURNED[type(op)][0]() if TURNED[type(op)][1] == change else op for op in node.ops
        ]
    elif isinstance(node, ast.BoolOp | ast.BinOp | ast.AugAssign):
        node.op = TURNED[type(node.op)][0]()
    elif isinstance(node, ast.UnaryOp):
        _replace(tree, node, node.operand)
    elif isinstance(node, ast.Name):
        node.id = NAMES[node.id]
    elif isinstance(node, ast.If | ast.While | ast.IfExp):
        node.test = ast.UnaryOp(ast.Not(), node.test)
    elif isinstance(node, ast.Return):
        node.value = ast.Constant(None)
    elif isinstance(node, ast.Constant):
        node.value = _other(node.value)
    ast.fix_missing_locations(tree)


def _other(value: object) -> object:
    if isinstance(value, bool):
        return not value
    return value + 1 if isinstance(value, int) else f"{value}-changed"


def _replace(tree: ast.Module, old: ast.AST, new: ast.AST) -> None:
    for parent in ast.walk(tree):
        for name, value in ast.iter_fields(parent):
            if value is old:
                setattr(parent, name, new)
            elif isinstance(value, list) and old in value:
                value[value.index(old)] = new


# -- runs -----------------------------------------------------------------------------------


class Changed(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Hands Python the changed module instead of the file's."""

    def __init__(self, mutant: Mutant) -> None:
        self._name = mutant.file.removesuffix(".py").replace("/", ".")
        self._path = str(ROOT / mutant.file)
        self._code = compile(mutant.tree, self._path, "exec")

    def find_spec(self, name: str, path: object, target: object = None) -> object:
        if name != self._name:
            return None
        return importlib.machinery.ModuleSpec(name, self, origin=self._path)

    def exec_module(self, module: object) -> None:
        exec(self._code, module.__dict__)


def noticed(mutant: Mutant | None, tests: Sequence[str]) -> bool:
    """Whether a test fails, or does not come to an end, with this change."""
    child = os.fork()
    if child == 0:
        os._exit(_run_tests(mutant, tests))
    end = time.monotonic() + LIMIT
    while time.monotonic() < end:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return status != 0
        time.sleep(0.02)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return True


def _run_tests(mutant: Mutant | None, tests: Sequence[str]) -> int:
    """In the forked process: silent, with the change in place, tables copied instead of made."""
    import pytest

    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.dup2(silent, 2)
    if mutant is not None:
        sys.meta_path.insert(0, Changed(mutant))
    options = ["-x", "-q", "--assert=plain", "-p", "no:cacheprovider", "--hypothesis-seed=0"]
    try:
        return int(pytest.main([*options, *tests]))
    except BaseException:  # noqa: BLE001  whatever it is, it was noticed
        return 1


def main(arguments: Sequence[str]) -> int:
    """Run all, or one file; gives 1 when a change survived without a reason."""
    os.chdir(ROOT)
    with tempfile.TemporaryDirectory() as folder:
        _load_what_never_changes(folder)
        return _run(arguments)


def _run(arguments: Sequence[str]) -> int:
    files = [file for file in TESTS if not arguments or arguments[0] in file]
    results: dict[str, tuple[int, list[Mutant]]] = {}
    for file in files:
        tests = [name for name in TESTS[file] if (ROOT / name).exists()]
        if noticed(None, tests):
            print(f"The tests of {file} fail as it is: mend them first.")
            return 1
        results[file] = _survivors(file, tests)
    if not arguments:
        PAGE.write_text(page(results), "utf-8")
    left = [m for _, survivors in results.values() for m in survivors if m.reason is None]
    for mutant in left:
        print(f"{mutant.file}:{mutant.line}: {mutant.change}: {mutant.text}")
    print(f"{len(left)} changes survived without a reason.")
    return 1 if left else 0


def _survivors(file: str, tests: Sequence[str]) -> tuple[int, list[Mutant]]:
    made = list(mutants(file))
    with ThreadPoolExecutor(2) as threads:
        seen = list(threads.map(lambda mutant: noticed(mutant, tests), made))
    survivors = [mutant for mutant, found in zip(made, seen, strict=True) if not found]
    print(f"{file}: {len(made) - len(survivors)} of {len(made)} changes noticed", flush=True)
    return len(made), survivors


def _load_what_never_changes(folder: str) -> None:
    """Import what stays the same, and make the tables, once: each forked run finds them there."""
    import argon2  # noqa: F401
    import cryptography.hazmat.primitives.ciphers.aead  # noqa: F401
    import flask  # noqa: F401
    import holidays  # noqa: F401
    import hypothesis  # noqa: F401
    import lxml.etree  # noqa: F401
    import pytest  # noqa: F401

    import casework.tables  # noqa: F401
    import forms  # noqa: F401
    import processes.engine  # noqa: F401
    from casework.database import open_engine
    from processes.tables import Base

    template = f"{folder}/tables.db"
    engine = open_engine(f"sqlite:///{template}")
    Base.metadata.create_all(engine)
    engine.dispose()

    make_all = Base.metadata.create_all

    def copied(engine: Engine) -> None:
        if engine.dialect.name == "sqlite":
            shutil.copyfile(template, str(engine.url.database))
        else:
            make_all(engine)

    Base.metadata.create_all = copied  # type: ignore[method-assign]


def page(results: dict[str, tuple[int, list[Mutant]]]) -> str:
    """docs/mutants.md."""
    lines = [
        "# Changes that tests must notice",
        "",
        "Written by `make mutants`: each rule of deadlines and access is changed in one place at",
        "a time (a comparison turned, `and` for `or`, a constant changed, a `not` left out, None",
        "returned), and the tests of that file are run. A change that no test notices survives.",
        "",
        "| File | Changes | Noticed | Survived |",
        "| --- | ---: | ---: | ---: |",
    ]
    for file, (number, survivors) in results.items():
        lines.append(f"| `{file}` | {number} | {number - len(survivors)} | {len(survivors)} |")
    lines += ["", "## Survivors", ""]
    survived = [m for _, survivors in results.values() for m in survivors]
    for m in survived:
        why = m.reason or "**no test notices it yet**"
        lines.append(f"- `{m.file}`, `{m.text}`: {m.change}. {why}")
    if not survived:
        lines.append("None.")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
