"""The command line of an installation: `samverkan`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from sqlalchemy.exc import DBAPIError

from casework.keyring import KeyProblem
from casework.places import PlacesError
from casework.schema import SchemaProblem
from casework.settings import SettingsError
from processes.packs import PackError
from webapp.cli import audits, decisions, migrating, models, scenarios, serving, users
from webapp.cli.opening import NotThere

WORDS = """\
Samverkan runs detection, assessment and supervision work around radicalised offenders as BPMN
processes. Settings come from the environment (SAMVERKAN_...); `samverkan settings` lists them.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; gives the exit code: 0 done, 1 found something, 2 could not be done."""
    parser = argparse.ArgumentParser(
        prog="samverkan", description=WORDS, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for part in (serving, models, migrating, decisions, scenarios, users, audits):
        part.add(commands)
    chosen = parser.parse_args(arguments)
    os.umask(0o077)  # the database and the seals are read by this account alone
    try:
        return int(chosen.run(chosen) or 0)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (PlacesError, SettingsError, KeyProblem, SchemaProblem, PackError, NotThere) as problem:
        return _cannot(str(problem))
    except DBAPIError as problem:
        return _cannot(f"the database does not do what is asked: {problem.orig}")
    except OSError as problem:
        return _cannot(f"{problem.filename or 'a file'}: {problem.strerror or problem}")


def _cannot(words: str) -> int:
    print(f"samverkan: {words}", file=sys.stderr)
    return 2
