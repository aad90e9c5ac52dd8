"""The application over two agencies, asked without a browser."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pages import abroad
from tests.pages.estate import House, open_house, template


@pytest.fixture(scope="session")
def estate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database that is copied; test processes on one machine share it."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    return template(folder / "estate")


@pytest.fixture(scope="session")
def abroad_made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database with the agencies of two countries."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    return abroad.template(folder / "abroad")


@pytest.fixture(scope="module")
def house(estate: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house for the tests of one file."""
    with open_house(estate, tmp_path_factory.mktemp("house") / "data") as opened:
        yield opened
