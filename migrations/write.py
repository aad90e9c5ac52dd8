"""Writes a schema revision: what the tables have that the revisions so far do not make.

`python -m migrations.write "Add rooms"` adds a revision; `--first` writes the first one anew,
which is allowed only as long as no release holds it.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from alembic import command

from casework.database import open_engine
from casework.schema import configuration

VERSIONS = Path(__file__).resolve().parent / "versions"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m migrations.write", description=__doc__)
    parser.add_argument("words", nargs="?", default="The first tables")
    parser.add_argument("--first", action="store_true", help="write the first revision anew")
    given = parser.parse_args()
    known = revisions()
    if given.first:
        if len(known) > 1:
            print("There are later revisions: add one instead.", file=sys.stderr)
            return 1
        for path in known:
            path.unlink()
    before = revisions()
    write(given.words, number=len(before) + 1)
    for path in sorted(revisions() - before):
        for tidy in ("format", "check --fix", "format"):
            subprocess.run([sys.executable, "-m", "ruff", *tidy.split(), "-q", path], check=True)
        print(f"Written, to be read before it is committed: {path.name}")
    return 0


def revisions() -> set[Path]:
    return set(VERSIONS.glob("[0-9]*.py"))


def write(words: str, number: int) -> None:
    """Compare the tables of the code with those that the revisions make in an empty database."""
    with TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{folder}/empty.db")
        config = configuration(engine)
        command.upgrade(config, "head")
        command.revision(config, words, autogenerate=True, rev_id=f"{number:04}")
        engine.dispose()


if __name__ == "__main__":
    sys.exit(main())
