"""What an installation may be told from outside, each setting in one table with its words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from processes.packs import LANGUAGES, MODELS

PREFIX = "SAMVERKAN_"
LOG_LEVELS = ("debug", "info", "warning", "error")


class SettingsError(ValueError):
    """A setting that cannot be used; the words name it and say what would do."""


@dataclass(frozen=True)
class Variable:
    """One environment variable: what it is called, what it takes, and what it does."""

    name: str
    field: str
    takes: str
    default: str
    words: str
    read: Callable[[str], Any]
    secret: bool = False


def _text(value: str) -> str:
    return value


def _yes_or_no(value: str) -> bool:
    known = {"1": True, "yes": True, "true": True, "0": False, "no": False, "false": False}
    if value.lower() not in known:
        raise ValueError("write yes or no")
    return known[value.lower()]


def _number(low: int, high: int) -> Callable[[str], int]:
    def read(value: str) -> int:
        if not value.isascii() or not value.isdigit() or not low <= int(value) <= high:
            raise ValueError(f"write a whole number from {low} to {high}")
        return int(value)

    return read


def _one_of(*allowed: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value.lower() not in allowed:
            raise ValueError("write one of " + ", ".join(allowed))
        return value.lower()

    return read


def _url(*schemes: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if urlsplit(value).scheme not in schemes:
            begins = " or ".join(f"{scheme}://" for scheme in schemes)
            raise ValueError(f"write an address that begins with {begins}")
        return value

    return read


def _database(value: str) -> str:
    """PostgreSQL through psycopg 3, however the address names it."""
    scheme, separator, rest = value.partition("://")
    if scheme in {"postgres", "postgresql", "postgresql+psycopg"} and rest:
        return f"postgresql+psycopg://{rest}"
    if scheme == "sqlite" and separator:
        return value
    raise ValueError("write sqlite:///path or postgresql://user:password@host/database")


def _packs(value: str) -> frozenset[str]:
    """Packs by name, each alone or at one agency: `sweden, france@Prison service`."""
    known = sorted({path.parent.name for path in MODELS.glob("*/pack.toml")} - {"common"})
    found = frozenset(part.strip() for part in value.split(",") if part.strip())
    for part in sorted(found):
        if part.partition("@")[0].strip() not in known:
            raise ValueError("write packs by name: " + ", ".join(known))
    return found


def _row(name: str, takes: str, default: str, words: str, read: Callable[[str], Any]) -> Variable:
    secret = name in {"SECRET_KEY", "MAIN_KEY", "AUDIT_KEY"}
    return Variable(PREFIX + name, name.lower(), takes, default, words, read, secret)


VARIABLES: tuple[Variable, ...] = (
    _row("DATA", "a folder", "data", "Where databases, keys and sealed checkpoints live.", Path),
    _row(
        "DATABASE_URL",
        "sqlite:///… or postgresql://…",
        "SQLite in the data folder",
        "The main database.",
        _database,
    ),
    _row(
        "REDIS_URL",
        "redis://… or rediss://…",
        "none",
        "Carries work to the workers and counts for the rate limits; without it one process does.",
        _url("redis", "rediss"),
    ),
    _row(
        "DEMO",
        "yes or no",
        "no",
        "Creates a new database as a demonstration with invented people and a movable clock.",
        _yes_or_no,
    ),
    _row(
        "SECRET_KEY",
        "32 random bytes, base64",
        "made once in keys/secret.key",
        "Signs the cookies of sign-in.",
        _text,
    ),
    _row(
        "MAIN_KEY",
        "32 random bytes, base64; older ones after a comma",
        "made once in keys/main.key",
        "Wraps the key of every record entry. Losing it loses the record.",
        _text,
    ),
    _row(
        "AUDIT_KEY",
        "32 random bytes, base64; older ones after a comma",
        "made once in keys/audit.key",
        "Links and seals the audit chains.",
        _text,
    ),
    _row("HOST", "an address", "127.0.0.1", "Where the web server listens.", _text),
    _row("PORT", "1 to 65535", "8000", "The port of the web server.", _number(1, 65535)),
    _row(
        "BASE_URL",
        "https://…",
        "http://host:port",
        "The address that links in mails begin with.",
        _url("https", "http"),
    ),
    _row(
        "SMTP_URL",
        "smtp://user:password@host:port",
        "none",
        "Where reminders are mailed; without it they are shown in the pages only.",
        _url("smtp", "smtps"),
    ),
    _row("MAIL_FROM", "a mail address", "samverkan@localhost", "The sender of mails.", _text),
    _row(
        "LOG_LEVEL",
        ", ".join(LOG_LEVELS),
        "info",
        "How much is logged; never contents, at any level.",
        _one_of(*LOG_LEVELS),
    ),
    _row(
        "SECURE_COOKIES",
        "yes or no",
        "yes, but no on 127.0.0.1 or localhost",
        "Sends cookies over TLS only.",
        _yes_or_no,
    ),
    _row(
        "TRUSTED_PROXIES",
        "0 to 5",
        "0",
        "How many proxies in front may tell the reader's address.",
        _number(0, 5),
    ),
    _row(
        "SESSION_MINUTES",
        "5 to 720",
        "60",
        "After how long without a request a sign-in ends.",
        _number(5, 720),
    ),
    _row(
        "SEAL_MINUTES",
        "1 to 1440",
        "5",
        "After how long at most what was added to the audit is sealed.",
        _number(1, 1440),
    ),
    _row(
        "SEAL_FILE",
        "a file",
        "seals/checkpoints.jsonl in the data folder",
        "Where sealed checkpoints are also written; best on another machine's disk.",
        Path,
    ),
    _row(
        "LANGUAGE",
        ", ".join(LANGUAGES),
        "en",
        "The language of the pages before sign-in.",
        _one_of(*LANGUAGES),
    ),
    _row(
        "PACKS_OFF",
        "packs after commas, each alone or as pack@agency",
        "none",
        "Packs in which nothing new begins; what runs goes on, and what it sends on waits.",
        _packs,
    ),
)


@dataclass(frozen=True)
class Settings:
    """The settings of one installation, complete: whoever reads one needs no default."""

    data: Path
    database_url: str
    redis_url: str | None = None
    demo: bool = False
    secret_key: str | None = field(default=None, repr=False)
    main_key: str | None = field(default=None, repr=False)
    audit_key: str | None = field(default=None, repr=False)
    host: str = "127.0.0.1"
    port: int = 8000
    base_url: str = "http://127.0.0.1:8000"
    smtp_url: str | None = field(default=None, repr=False)
    mail_from: str = "samverkan@localhost"
    log_level: str = "info"
    secure_cookies: bool = False
    trusted_proxies: int = 0
    session_minutes: int = 60
    seal_minutes: int = 5
    seal_file: Path | None = None
    language: str = "en"
    packs_off: frozenset[str] = frozenset()

    @property
    def keys_folder(self) -> Path:
        """Where key files live when the keys are not given."""
        return self.data / "keys"

    @property
    def outside_file(self) -> Path:
        """The file of sealed checkpoints outside the database."""
        return self.seal_file or self.data / "seals" / "checkpoints.jsonl"

    @classmethod
    def from_environment(
        cls, environ: Mapping[str, str], default_data: Path | None = None
    ) -> Settings:
        """Read SAMVERKAN_*; an unknown name or an unusable value is a SettingsError."""
        _refuse_unknown(environ)
        given = {
            variable.field: _read(variable, environ[variable.name].strip())
            for variable in VARIABLES
            if environ.get(variable.name, "").strip()
        }
        given.setdefault("data", default_data or Path("data"))
        given["data"] = given["data"].resolve()
        given.setdefault("database_url", f"sqlite:///{given['data'] / 'samverkan.db'}")
        host, port = given.get("host", cls.host), given.get("port", cls.port)
        given.setdefault("base_url", f"http://{host}:{port}")
        given.setdefault("secure_cookies", host not in {"127.0.0.1", "localhost", "::1"})
        return cls(**given)


def _refuse_unknown(environ: Mapping[str, str]) -> None:
    known = [variable.name for variable in VARIABLES]
    for name in sorted(environ):
        if name.startswith(PREFIX) and name not in known:
            short = [variable.removeprefix(PREFIX) for variable in known]
            near = get_close_matches(name.removeprefix(PREFIX), short, 1)
            listed = "the known ones are " + ", ".join(known)
            hint = f"did you mean {PREFIX}{near[0]}?" if near else listed
            raise SettingsError(f"{name} is not a setting: {hint}")


def _read(variable: Variable, value: str) -> Any:
    try:
        return variable.read(value)
    except ValueError as problem:
        shown = "what is given" if variable.secret or "@" in value else repr(value)
        raise SettingsError(f"{variable.name} cannot be {shown}: {problem}") from None
