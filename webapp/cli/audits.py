"""`samverkan verify-audit`: prove that the audit was not touched."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from casework import verification
from webapp.cli.opening import open_installation


def add(commands: Any) -> None:
    """Register the command."""
    verify = commands.add_parser(
        "verify-audit",
        help="find changed, missing, re-ordered, cut-off or recomputed audit rows",
        description="Reads every chain of the audit and holds it against the sealed checkpoints in "
        "the database and in the file outside it. Prints each finding with its chain and position. "
        "Exit code 0: whole; 1: something was found.",
    )
    verify.add_argument(
        "--seals", type=Path, help="a copy of the sealed checkpoints kept elsewhere"
    )
    verify.set_defaults(run=_verify)


def _verify(given: argparse.Namespace) -> int:
    if given.seals is not None and not given.seals.is_file():
        print(f"samverkan verify-audit: there is no file {given.seals}", file=sys.stderr)
        return 2
    opened = open_installation()
    seals = given.seals or opened.platform.settings.outside_file
    with opened.sessions() as session:
        found = verification.verify(session, opened.platform.keyring, seals)
    for problem in found.problems:
        print(f"{problem.kind}: {problem.words}")
    read = f"{found.rows} rows in {found.chains} chains, {found.checkpoints} sealed checkpoints"
    if not found.stands:
        findings = len(found.problems) + found.more_problems
        print(f"{findings} findings in {read}: the audit was touched.")
        return 1
    print(f"The audit is whole: {read}.")
    return 0
