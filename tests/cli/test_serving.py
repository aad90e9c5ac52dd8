"""`samverkan serve` answers, says where, fires no traceback when the port is taken, and ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import closing
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from tests.servers import free_port

COMMAND = [sys.executable, "-c", "import sys; from webapp.cli import main; sys.exit(main())"]


@pytest.fixture
def serve(installation):
    """Start `samverkan` in processes of their own; each is ended by its id."""
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str, **settings: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [*COMMAND, *arguments],
            env={"PATH": os.environ["PATH"], "SAMVERKAN_DATA": str(installation), **settings},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


def answer(process: subprocess.Popen[str], address: str) -> str:
    for _ in range(600):
        assert process.poll() is None, process.communicate()
        try:
            with closing(urlopen(address, timeout=5)) as got:
                return got.read().decode()
        except URLError:
            time.sleep(0.1)
    raise AssertionError("no answer within a minute")


def test_serve_answers_names_its_address_and_ends_when_told(serve):
    port = str(free_port())
    process = serve("serve", "--port", port)
    assert answer(process, f"http://127.0.0.1:{port}/health/live") == '{"status":"ok"}\n'
    assert '"clock":"ok"' in answer(process, f"http://127.0.0.1:{port}/health/ready")
    second = serve("serve", "--port", port)
    _, words = second.communicate(timeout=60)
    assert second.returncode == 2
    assert "choose another port" in words
    assert "Traceback" not in words
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0
    assert f"http://127.0.0.1:{port}" in out
    assert "Traceback" not in err


def test_web_and_clock_run_apart(serve):
    port = str(free_port())
    web = serve("web", "--processes", "1", SAMVERKAN_PORT=port)
    clock = serve("clock")
    assert answer(web, f"http://127.0.0.1:{port}/health/live") == '{"status":"ok"}\n'
    for process in (web, clock):
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=60)
        assert process.returncode == 0, err
