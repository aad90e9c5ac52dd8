"""The command line as a person uses it: arguments in; exit code, words and errors out."""

from __future__ import annotations

import io
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from webapp.cli import main

PLACES = """
[agency]
name = "Prison service"
country = "FR"
zone = "Europe/Paris"

[[place]]
key = "region"
kind = "region"
name = "Region East"

[[place]]
key = "north"
kind = "prison"
name = "Prison North"
parent = "region"
"""


@dataclass(frozen=True)
class Said:
    """How a command ended, and what it wrote."""

    code: int
    out: str
    err: str


Command = Callable[..., Said]


@pytest.fixture
def samverkan(monkeypatch: pytest.MonkeyPatch, capsys, tmp_path) -> Command:
    """Runs a command with the settings of an empty folder; `typed` is what stdin holds."""
    for name in os.environ:
        if name.startswith("SAMVERKAN_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("SAMVERKAN_DATA", str(tmp_path / "data"))

    def run(*arguments: object, typed: str = "") -> Said:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        capsys.readouterr()
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as ended:
            code = int(ended.code or 0)
        wrote = capsys.readouterr()
        assert "Traceback" not in wrote.out + wrote.err
        return Said(code, wrote.out, wrote.err)

    return run


@pytest.fixture(scope="session")
def set_up_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation with one agency, made by the command and copied for each test."""
    folder = tmp_path_factory.mktemp("set-up")
    (folder / "places.toml").write_text(PLACES, "utf-8")
    before = os.environ.get("SAMVERKAN_DATA")
    os.environ["SAMVERKAN_DATA"] = str(folder / "data")
    try:
        assert main(["setup", "--places", str(folder / "places.toml")]) == 0
    finally:
        os.environ.pop("SAMVERKAN_DATA")
        if before is not None:
            os.environ["SAMVERKAN_DATA"] = before
    return folder


@pytest.fixture
def installation(set_up_once: Path, tmp_path: Path) -> Path:
    """The data folder of an installation of one's own."""
    shutil.copytree(set_up_once / "data", tmp_path / "data")
    shutil.copy(set_up_once / "places.toml", tmp_path)
    return tmp_path / "data"
