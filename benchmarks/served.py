"""Runs `samverkan serve --demo` as a process of its own, and reads its pages as a browser does."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse, RemoteDisconnected
from pathlib import Path
from urllib.parse import urlencode

from casework.demo.world import PASSWORD

SAMVERKAN = Path(sys.executable).with_name("samverkan")
LONGEST_START = 120.0
_TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')


class NotServed(Exception):
    """The server did not answer as it should."""


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


@dataclass(frozen=True)
class Served:
    """The product at work: where, since how many seconds of starting, and as which process."""

    port: int
    seconds: float
    pid: int

    def processor(self) -> float:
        """Seconds of processor time it has used; unlike the wall clock, others do not add to it."""
        family = [self.pid, *_children(self.pid)]
        stats = (stat for pid in family for stat in Path(f"/proc/{pid}/task").glob("*/schedstat"))
        return sum(int(stat.read_text().split()[0]) for stat in stats) / 1e9


def _children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in found.read_text().split()] if found.exists() else []


@contextmanager
def served(data: Path, url: str | None = None) -> Iterator[Served]:
    """The product on a data folder, from its start to its end; or on a given database."""
    port = free_port()
    environment = {k: v for k, v in os.environ.items() if not k.startswith("SAMVERKAN_")}
    database = {"SAMVERKAN_DATABASE_URL": url} if url else {}
    began = time.perf_counter()
    process = subprocess.Popen(
        [SAMVERKAN, "serve", "--demo", "--port", str(port)],
        env={**environment, "SAMVERKAN_DATA": str(data), **database},
        stdout=subprocess.DEVNULL,
    )
    try:
        while not _answers(port):
            if process.poll() is not None or time.perf_counter() - began > LONGEST_START:
                raise NotServed("samverkan serve --demo did not start; run it by hand to see why")
            time.sleep(0.005)
        yield Served(port, time.perf_counter() - began, process.pid)
    finally:
        process.terminate()
        process.wait(30)


def _answers(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/health/ready")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


class Browser:
    """Keeps its connection and its cookie, as a browser does."""

    def __init__(self, port: int) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=60)
        self._cookie = ""
        self.token = ""

    def sign_in(self, login: str) -> None:
        """Through the page, with the demo's password."""
        self.get("/sign-in")
        self.post("/sign-in", {"login": login, "password": PASSWORD}, expect=302)
        self.get("/work")

    def get(self, path: str, expect: int = 200) -> str:
        """A page."""
        return self._ask("GET", path, None, expect)

    def post(self, path: str, fields: dict[str, str], expect: int = 200) -> str:
        """What a form of the page sends."""
        body = urlencode({"csrf_token": self.token, **fields}).encode()
        return self._ask("POST", path, body, expect)

    def _ask(self, method: str, path: str, body: bytes | None, expect: int) -> str:
        headers = {"Accept": "text/html", "Accept-Encoding": "gzip", "Cookie": self._cookie}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        answer = self._answer(method, path, body, headers)
        text = answer.read().decode()
        if answer.status != expect:
            raise NotServed(f"{method} {path}: {answer.status} instead of {expect}: {text[:2000]}")
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            self._cookie = cookie.split(";", 1)[0]
        found = _TOKEN.search(text)
        self.token = found[1] if found else self.token
        return text

    def _answer(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str]
    ) -> HTTPResponse:
        """The answer; a connection that the server closed while idle is opened anew."""
        try:
            self._connection.request(method, path, body, headers)
            return self._connection.getresponse()
        except (BrokenPipeError, ConnectionResetError, RemoteDisconnected):
            self._connection.close()
            self._connection.request(method, path, body, headers)
            return self._connection.getresponse()
