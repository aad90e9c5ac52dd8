"""The lines of the house: what may know what, and where things happen once."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import casework.tables  # noqa: F401  registers the tables
from casework.platform import open_platform
from casework.settings import Settings
from processes.tables import Base

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("feel", "forms", "processes", "casework", "webapp", "workers")


def sources(*packages: str) -> Iterator[tuple[str, ast.Module]]:
    for package in packages or PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if "node_modules" not in name:
                yield name, ast.parse(path.read_text("utf-8"))


def calls(tree: ast.Module) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def test_the_arrows_between_packages_point_downwards():
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout


def test_one_module_reads_the_wall_clock():
    readers = {
        name
        for name, tree in sources()
        for called, _ in calls(tree)
        if re.search(
            r"(?:^|\.)(?:datetime\.(?:now|utcnow|today)|date\.today|time\.time|time_ns)$", called
        )
    }
    assert readers == {"processes/clock.py"}


def test_transactions_end_in_three_places():
    ending = {
        name
        for name, tree in sources()
        for called, _ in calls(tree)
        if called.endswith((".commit", ".begin")) and "engine" not in called
    }
    assert ending <= {
        "webapp/database.py",
        "webapp/cli/opening.py",
        "casework/hands.py",
    }


def test_only_the_one_door_writes_the_state_of_an_instance():
    writers = {
        name
        for name, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, (ast.Assign, ast.AugAssign))
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Attribute) and target.attr in {"engine_state", "revision"}
        if ast.unparse(target).startswith(("instance.", "step.instance.", "self.instance."))
    }
    assert writers == {"processes/advance.py"}


def test_every_table_stands_in_the_glossary():
    glossary = (ROOT / "docs" / "glossary.md").read_text("utf-8")
    missing = {name for name in Base.metadata.tables if f"`{name}`" not in glossary}
    assert missing == set()


def test_every_table_but_the_installations_own_names_its_agency():
    shared = {"agency", "installation", "key_check", "audit_checkpoint"}
    without = {
        name
        for name, table in Base.metadata.tables.items()
        if "agency_id" not in table.columns and name not in shared
    }
    assert without == set()


def test_nothing_is_called_a_score_a_risk_level_or_a_probability():
    forbidden = re.compile(r"score|probabilit|risk_?level|rank", re.IGNORECASE)
    columns = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        for column in table.columns
    }
    assert not {name for name in columns if forbidden.search(name)}


def test_every_public_name_says_what_it_is_for():
    silent = [
        f"{name}:{node.name}"
        for name, tree in sources()
        for node in tree.body
        if isinstance(node, (ast.FunctionDef, ast.ClassDef))
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert silent == []


@pytest.mark.parametrize("package", PACKAGES)
def test_files_stay_short_enough_to_read(package):
    long = {
        path.relative_to(ROOT).as_posix(): lines
        for path in (ROOT / package).rglob("*.py")
        if (lines := len(path.read_text("utf-8").splitlines())) > 400
    }
    assert long == {}


def test_the_platform_opens_with_nothing_but_a_folder(tmp_path):
    platform = open_platform(Settings.from_environment({}, tmp_path))
    assert platform.ports.effects.names()
