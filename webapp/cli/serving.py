"""`samverkan serve`, `web`, `clock`, `setup`, `settings`: run an installation."""

from __future__ import annotations

import argparse
import signal
import socket
import time
from pathlib import Path
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from sqlalchemy import select

from casework.demo import play
from casework.demo.world import PASSWORD
from casework.places import create_agency, read_places
from casework.settings import VARIABLES, Settings, SettingsError
from casework.setup import load_packs, prepare_installation
from processes.tables import Agency
from webapp.app import create_app
from webapp.cli.opening import Opened, open_installation, settings
from webapp.clockwork import Clockwork

THREADS = 8


def add(commands: Any) -> None:
    """Register the commands."""
    serve = commands.add_parser(
        "serve",
        help="web pages and the clock in one process, on an embedded database",
        description="Creates what is missing in the data folder, then serves the pages and fires "
        "deadlines, in one process. With --demo the database is created as a demonstration: "
        "invented people, cases already under way, a clock that can be moved forward.",
    )
    serve.add_argument("--demo", action="store_true", help="create and play the demonstration")
    serve.add_argument("--port", type=_port, help="the port (default: SAMVERKAN_PORT, 8000)")
    serve.set_defaults(run=_serve)
    web = commands.add_parser(
        "web",
        help="web pages alone, beside Celery workers",
        description="Serves the pages; deadlines are fired by `celery --app workers.app worker` "
        "and `beat`, or by `samverkan clock`. The database must be set up.",
    )
    web.add_argument("--processes", type=int, default=2, help="worker processes (default 2)")
    web.set_defaults(run=_web)
    clock = commands.add_parser(
        "clock",
        help="the clock alone: fires deadlines, without Celery",
        description="Looks every second for what is due: timers, messages, seals. Of several "
        "clocks on one database one leads, and another takes over when it ends.",
    )
    clock.set_defaults(run=_clock)
    setup = commands.add_parser(
        "setup",
        help="create or bring forward the tables, load the packs",
        description="Safe to run again: tables are brought to this release's revision, packs that "
        "changed become new versions, running instances stay on theirs.",
    )
    setup.add_argument(
        "--places", type=Path, help="a file that names the agency and its establishments, once"
    )
    setup.set_defaults(run=_setup)
    listed = commands.add_parser(
        "settings",
        help="list all settings",
        description="Every setting with what it takes, its default and what it does. Settings are "
        "read from the environment; one that is unknown or cannot be used stops the start.",
    )
    listed.set_defaults(run=_settings)


def _port(text: str) -> int:
    number = int(text)
    if not 0 < number < 65536:
        raise argparse.ArgumentTypeError(f"{number} is no port: take one from 1 to 65535")
    return number


def _serve(given: argparse.Namespace) -> int:
    wanted = settings(demo=given.demo, port=given.port)
    _require_free(wanted.host, wanted.port)
    opened = _prepared(wanted)
    _say_where(opened)
    Server(opened, processes=1, with_clock=True).run()
    return 0


def _require_free(host: str, port: int) -> None:
    """Say at once that the port is taken, before a demo is played for nothing."""
    try:
        with socket.create_server((host, port)):
            return
    except OSError as problem:
        words = f"cannot listen on {host}:{port} ({problem.strerror}): choose another port"
        raise SettingsError(f"{words}, as in `make run PORT=8001`") from None


def _web(given: argparse.Namespace) -> int:
    Server(open_installation(), processes=given.processes, with_clock=False).run()
    return 0


def _clock(_given: argparse.Namespace) -> int:
    opened = open_installation()
    clockwork = Clockwork(opened.platform, opened.engine)
    signal.signal(signal.SIGTERM, lambda *_: clockwork.stop())
    clockwork.start()
    while clockwork.is_alive():
        clockwork.join(1.0)
    return 0


def _setup(given: argparse.Namespace) -> int:
    if given.places:
        _add_places(given.places)
    _prepared(settings())
    print("Ready: tables, keys and packs are in place.")
    return 0


def _add_places(path: Path) -> None:
    facts = read_places(path)
    opened = open_installation(create=True)
    with opened.writing() as session:
        prepare_installation(opened.platform, session)
        name = facts["agency"]["name"]
        if session.scalar(select(Agency.id).where(Agency.name == name)) is None:
            create_agency(opened.platform, session, facts)
            return
    print(f"{name} is there already: {path} was not read again.")


def _settings(_given: argparse.Namespace) -> int:
    for variable in VARIABLES:
        print(f"{variable.name}  ({variable.takes}; default: {variable.default})")
        print(f"    {variable.words}")
    return 0


def _prepared(wanted: Settings) -> Opened:
    opened = open_installation(wanted, create=True)
    with opened.writing() as session:
        prepare_installation(opened.platform, session)
    with opened.writing() as session:
        for problem in load_packs(opened.platform, session):
            if problem.is_error:
                print(f"  {problem}")
    if wanted.demo and play.is_wanted(opened.sessions):
        began = time.monotonic()
        print("Playing the demonstration through the product (once) ...", flush=True)
        play.play_demo(opened.platform, opened.sessions)
        print(f"  done in {time.monotonic() - began:.0f} s")
    return opened


def _say_where(opened: Opened) -> None:
    place = opened.platform.settings
    print(f"\nSamverkan is at http://{place.host}:{place.port}   (Ctrl-C ends it)\n")
    if not place.demo:
        return
    print("This is a demonstration: every person and every case is invented.")
    print(f"Sign in with any of these names; the password of all is: {PASSWORD}\n")
    for agency, people in play.sign_ins(opened.sessions).items():
        print(f"{agency}:")
        for login, function in people:
            print(f"  {login:<20} {function}")
    print("", flush=True)


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn with threads, around our application; the clock runs in the first worker."""

    def __init__(self, opened: Opened, *, processes: int, with_clock: bool) -> None:
        """Remember what to serve."""
        self._opened = opened
        self._processes = processes
        self._with_clock = with_clock
        super().__init__()

    def load_config(self) -> None:
        """Bind and thread; the access log stays silent, since addresses name cases."""
        place = self._opened.platform.settings
        self.cfg.set("bind", f"{place.host}:{place.port}")
        self.cfg.set("worker_class", "gthread")
        self.cfg.set("workers", self._processes)
        self.cfg.set("threads", THREADS)
        self.cfg.set("loglevel", "warning")
        self.cfg.set("timeout", 60)
        self.cfg.set("graceful_timeout", 5)
        if "control_socket_disable" in self.cfg.settings:  # newer gunicorns open a socket
            self.cfg.set("control_socket_disable", True)

    def load(self) -> Flask:
        """Called in each worker after the fork: open connections anew there."""
        self._opened.engine.dispose(close=False)
        app = create_app(self._opened.platform)
        if self._with_clock:
            Clockwork(self._opened.platform, self._opened.engine).start()
        return app
