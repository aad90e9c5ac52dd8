"""`samverkan check`: read a pack, or any folder of models, and say what would go wrong."""

from __future__ import annotations

import argparse
import io
import sys
import tomllib
from pathlib import Path
from typing import Any

from casework.effects import CaseworkEffects
from casework.setup import check_pack
from processes import checks
from processes.packs import Pack, PackError, read_pack
from webapp.cli import foreign_files, mended_copies


def add(commands: Any) -> None:
    """Register the command."""
    check = commands.add_parser(
        "check",
        help="check packs, models, tables and forms before they are loaded",
        description="Reads packs (folders with a pack.toml), folders or single .bpmn, .dmn and "
        ".form files. A pack of common parts is checked with each pack that extends it. Each "
        "finding names file, element and what to do. The forms of TREE/processes/packs/NAME are "
        "those in TREE/forms/packs/NAME, else the product's own. Nothing is loaded. "
        "Models that other tools made are read too; what --mend would make of a finding stands "
        "behind it. Exit code 0: may be loaded; 1: would be refused; 2: there was nothing to "
        "check, or mended files could not be put where they should.",
    )
    check.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    check.add_argument("--forms", type=Path, help="the folder of a pack's forms, kept elsewhere")
    check.add_argument("--quiet", action="store_true", help="errors only, no remarks")
    check.add_argument(
        "--mend", action="store_true",
        help="write mended copies into the folder --out, and say what is left to do",
    )  # fmt: skip
    check.add_argument("--out", type=Path, metavar="FOLDER", help="a new or empty folder")
    check.set_defaults(run=_check)


def _check(given: argparse.Namespace) -> int:
    _let_any_name_be_printed()
    reason = mended_copies.refusal(given.paths, given.mend, given.out)
    for path in given.paths:
        reason = reason or _nothing_to_check(path, given.forms)
    if reason:
        print(f"samverkan check: {reason}", file=sys.stderr)
        return 2
    if given.mend:
        return _mend(given)
    found: list[checks.Problem] = []
    for path in given.paths:
        found += _problems(path, given.forms)
    return _say(found, given)


def _mend(given: argparse.Namespace) -> int:
    loose = checks.LooseFiles()
    done = mended_copies.write(loose, given.paths[0], given.out)
    for name, note in [] if given.quiet else loose.done():
        print(one_line(str(checks.told(name, note))))
    print(f"{done} of {loose.models} models mended, written to {given.out}; what is left:")
    return _say(loose.problems_left(), given)


def _say(found: list[checks.Problem], given: argparse.Namespace) -> int:
    errors = [problem for problem in found if problem.is_error]
    for problem in errors if given.quiet else found:
        print(one_line(str(problem)))
    words = "may be loaded" if not errors else f"{len(errors)} errors: would be refused"
    mended = sum(bool(problem.mend) for problem in found)
    by = f"; --mend --out FOLDER mends {mended} of {len(found)} findings" if mended else ""
    print(f"{one_line(', '.join(str(p) for p in given.paths))}: {words}{by}")
    return 1 if errors else 0


def _let_any_name_be_printed() -> None:
    """File names and ids may hold anything; a terminal may know few letters."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def one_line(text: str) -> str:
    """Without the signs that would move the cursor or break the line."""
    return "".join(sign if sign.isprintable() else " " for sign in text)


def _nothing_to_check(path: Path, forms: Path | None) -> str | None:
    """Why nothing would be looked at: a mistyped path must not read like a pass."""
    if not path.exists():
        return f"there is no {path}"
    if forms is not None and not forms.is_dir():
        return f"there is no folder {forms} with forms"
    if (path / "pack.toml").is_file() or next(foreign_files.models_in(path), None):
        return None
    return f"nothing to check in {path}: no pack.toml, .bpmn, .dmn or .form"


def _problems(path: Path, forms: Path | None) -> list[checks.Problem]:
    if (path / "pack.toml").is_file():
        packs = _to_check(path, forms)
        for pack in packs:
            _say_where_forms_are(pack)
        return [p for pack in packs for p in check_pack(CaseworkEffects().names(), pack)]
    loose = checks.LooseFiles()
    for kind, place in foreign_files.models_in(path):
        loose.add(str(place), foreign_files.read(place), kind)
    return loose.problems()


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
