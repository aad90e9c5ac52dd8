"""The real application on a free port, and people who sit before it in a real Chromium."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from werkzeug.serving import BaseWSGIServer, make_server

from tests.browser import chromium
from tests.browser.desk import Desk
from tests.pages.conftest import estate  # noqa: F401  the shared database
from tests.pages.estate import House, open_house

HERE = Path(__file__).parent
logging.getLogger("werkzeug").setLevel(logging.ERROR)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of these drive Chromium; the checks of accessibility run beside the journeys."""
    for item in items:
        if HERE in item.path.parents:
            group = "browser-axe" if item.path.stem.startswith("test_axe") else "browser"
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group(group))


class Served:
    """A house that is open to browsers; it can be closed and opened again on the same port."""

    def __init__(self, house: House) -> None:
        self.house = house
        self._server = self._open(0)
        self.port = self._server.port

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def _open(self, port: int) -> BaseWSGIServer:
        server = make_server("127.0.0.1", port, self.house.app, threaded=True)
        self._thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()
        return server

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def reopen(self, house: House) -> None:
        self.house = house
        self._server = self._open(self.port)


@pytest.fixture(scope="module")
def served(estate: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:  # noqa: F811
    """The application for the tests of one file."""
    chromium.path()
    with open_house(estate, tmp_path_factory.mktemp("served") / "data") as house:
        served = Served(house)
        yield served
        served.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """One Chromium for the tests of one file."""
    where = chromium.path()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=where, args=list(chromium.ARGUMENTS))
        yield opened
        opened.close()


@pytest.fixture
def sit_down(served: Served, browser: Any) -> Iterator[Callable[..., Desk]]:
    """Gives desks: each is somebody's own browser; at the end no page may have complained."""
    desks: list[Desk] = []

    def sit(login: str | None = None, **context: Any) -> Desk:
        context.setdefault("locale", "en-GB")
        language = context["locale"][:2]
        opened = browser.new_context(base_url=served.address, **context)
        opened.set_default_timeout(15_000)
        script = context.get("java_script_enabled", True)
        desks.append(Desk(served.house, opened, script=script, language=language))
        if login:
            desks[-1].act_as(login)
        return desks[-1]

    yield sit
    for desk in desks:
        desk.context.close()
    assert [complaint for desk in desks for complaint in desk.complaints] == []


@pytest.fixture
def desk(sit_down: Callable[..., Desk]) -> Desk:
    """One browser."""
    return sit_down()
