"""`samverkan verify-audit`: prove that the audit was not touched."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from casework import verification
from casework.seals import is_checkpoint, lines_outside
from webapp.cli.opening import existing_installation


def add(commands: Any) -> None:
    """Register the command."""
    verify = commands.add_parser(
        "verify-audit",
        help="find changed, missing, re-ordered, cut-off or recomputed audit rows",
        description="Reads every chain of the audit and holds it against the sealed checkpoints in "
        "the database and in the file outside it. Prints each finding with its chain and position. "
        "Nothing is made or changed. Exit code 0: whole; 1: something was found; 2: could not be "
        "verified, because the installation, its keys or the given checkpoints are not there.",
    )
    verify.add_argument(
        "--seals", type=Path, help="a copy of the sealed checkpoints kept elsewhere"
    )
    verify.set_defaults(run=_verify)


def _verify(given: argparse.Namespace) -> int:
    if given.seals is not None and (why := _why_unusable(given.seals)):
        print(f"samverkan verify-audit: {why}", file=sys.stderr)
        return 2
    with existing_installation() as (session, keyring, settings):
        found = verification.verify(session, keyring, given.seals or settings.outside_file)
    for problem in found.problems:
        print(f"{problem.kind}: {problem.words}")
    read = f"{found.rows} rows in {found.chains} chains, {found.checkpoints} sealed checkpoints"
    if not found.stands:
        findings = len(found.problems) + found.more_problems
        print(f"{findings} findings in {read}: the audit was touched.")
        return 1
    print(f"The audit is whole: {read}.")
    return 0


def _why_unusable(path: Path) -> str | None:
    """Why a file proves nothing either way: not there, or without one sealed checkpoint."""
    if not path.is_file():
        return f"there is no file {path}"
    if any(is_checkpoint(line) for line in lines_outside(path)):
        return None
    return (
        f"{path} holds no sealed checkpoint, so nothing can be held against it: give the copy of "
        "seals/checkpoints.jsonl that is kept elsewhere, or leave --seals out to verify against "
        "the installation's own"
    )
