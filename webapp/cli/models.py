"""`samverkan check`: read a pack, or any folder of models, and say what would go wrong."""

from __future__ import annotations

import argparse
import sys
import tomllib
from pathlib import Path
from typing import Any

from casework.effects import CaseworkEffects
from casework.setup import check_pack
from processes import checks
from processes.packs import Pack, PackError, read_pack


def add(commands: Any) -> None:
    """Register the command."""
    check = commands.add_parser(
        "check",
        help="check packs, models, tables and forms before they are loaded",
        description="Reads packs (folders with a pack.toml), folders or single .bpmn, .dmn and "
        ".form files. A pack of common parts is checked with each pack that extends it. Each "
        "finding names file, element and what to do. The forms of TREE/processes/packs/NAME are "
        "those in TREE/forms/packs/NAME, else the product's own. Nothing is loaded. "
        "Exit code 0: may be loaded; 1: would be refused; 2: there was nothing to check.",
    )
    check.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    check.add_argument("--forms", type=Path, help="the folder of a pack's forms, kept elsewhere")
    check.add_argument("--quiet", action="store_true", help="errors only, no remarks")
    check.set_defaults(run=_check)


def _check(given: argparse.Namespace) -> int:
    found: list[checks.Problem] = []
    for path in given.paths:
        if missing := _nothing_to_check(path, given.forms):
            print(f"samverkan check: {missing}", file=sys.stderr)
            return 2
        found += _problems(path, given.forms)
    errors = [problem for problem in found if problem.is_error]
    for problem in errors if given.quiet else found:
        print(problem)
    words = "may be loaded" if not errors else f"{len(errors)} errors: would be refused"
    print(f"{', '.join(str(p) for p in given.paths)}: {words}")
    return 1 if errors else 0


def _nothing_to_check(path: Path, forms: Path | None) -> str | None:
    """Why nothing would be looked at: a mistyped path must not read like a pass."""
    if not path.exists():
        return f"there is no {path}"
    if forms is not None and not forms.is_dir():
        return f"there is no folder {forms} with forms"
    if (path / "pack.toml").is_file() or _ours(path):
        return None
    return f"nothing to check in {path}: no pack.toml, .bpmn, .dmn or .form"


def _ours(path: Path) -> list[Path]:
    return [p for p in ([path] if path.is_file() else sorted(path.rglob("*"))) if _is_ours(p)]


def _problems(path: Path, forms: Path | None) -> list[checks.Problem]:
    if (path / "pack.toml").is_file():
        packs = _to_check(path, forms)
        for pack in packs:
            _say_where_forms_are(pack)
        return [p for pack in packs for p in check_pack(CaseworkEffects().names(), pack)]
    return checks.check_loose({str(p): checks.read_bounded(p) for p in _ours(path)})


def _say_where_forms_are(pack: Pack) -> None:
    """Forms are not in the pack's folder: say which were judged with it."""
    for folder in pack.form_folders:
        found = "forms read from" if folder.is_dir() else "no forms in"
        print(f"{pack.id}: {found} {folder}")


def _to_check(path: Path, forms: Path | None) -> list[Pack]:
    """The pack; or, of one that only holds parts for others, those that extend it."""
    pack = _read(path, forms)
    if pack.starts:
        return [pack]
    beside = [found.parent for found in sorted(path.resolve().parent.glob("*/pack.toml"))]
    return [_read(p, None) for p in beside if _extends(p, path.name)] or [pack]


def _read(path: Path, forms: Path | None) -> Pack:
    try:
        return read_pack(path, forms)
    except (KeyError, TypeError, AttributeError) as error:
        words = f"{path.name}/pack.toml lacks something, or has it in another shape: {error}."
        raise PackError(f"{words} See processes/packs/README.md.") from error


def _extends(path: Path, name: str) -> bool:
    facts = tomllib.loads((path / "pack.toml").read_text("utf-8"))
    return name in facts.get("extends", ())


def _is_ours(path: Path) -> bool:
    return path.is_file() and path.suffix in {".bpmn", ".dmn", ".form"}
