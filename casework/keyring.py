"""The installation's keys: made once, checked at start, used to wrap, encrypt and seal."""

from __future__ import annotations

import hashlib
import hmac
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import NamedTemporaryFile

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy.orm import Session

from casework.settings import Settings
from casework.tables.record import KeyCheck

KEY_BYTES = 32
NONCE_BYTES = 12
KEY_ID_CHARS = 8
KINDS = ("main", "audit")


class KeyProblem(RuntimeError):
    """A key is missing, malformed or not the one this record was written with."""


class Unreadable(RuntimeError):
    """A sealed text that does not open: altered, moved to another row, or of another key."""


def key_id(key: bytes) -> str:
    """The public name of a key: tells keys apart and reveals nothing of them."""
    return hmac.new(key, b"samverkan key id", hashlib.sha256).hexdigest()[:KEY_ID_CHARS]


def encode_key(key: bytes) -> str:
    """A key as it stands in a file or a setting."""
    return urlsafe_b64encode(key).decode("ascii")


def decode_key(text: str, where: str) -> bytes:
    """A key from its text; the words name the place, never the text."""
    try:
        key = urlsafe_b64decode(text.strip().encode("ascii"))
    except (NotBase64, UnicodeEncodeError):
        key = b""
    if len(key) != KEY_BYTES:
        raise KeyProblem(f"{where} does not hold a key: it must be 32 bytes in base64 (44 signs)")
    return key


@dataclass(frozen=True)
class Keyring:
    """Keys by id; the current one seals what is new, the older ones only open what stands."""

    main: dict[str, bytes] = field(repr=False)
    audit: dict[str, bytes] = field(repr=False)
    session_secret: str = field(repr=False)
    outside_file: Path | None = None
    random_bytes: Callable[[int], bytes] = field(default=os.urandom, repr=False)

    @classmethod
    def of(
        cls,
        main: list[bytes],
        audit: list[bytes],
        session_secret: str = "",
        outside_file: Path | None = None,
        random_bytes: Callable[[int], bytes] = os.urandom,
    ) -> Keyring:
        """A keyring of these keys, each list with the current one first."""
        by_id = [{key_id(key): key for key in keys} for keys in (main, audit)]
        return cls(by_id[0], by_id[1], session_secret, outside_file, random_bytes)

    # -- the record ---------------------------------------------------------------------

    def new_key(self) -> bytes:
        """A fresh key for one entry."""
        return self.random_bytes(KEY_BYTES)

    def wrap(self, entry_key: bytes, bound_to: bytes) -> bytes:
        """An entry's key under the current main key; opens only with the same `bound_to`."""
        current = next(iter(self.main))
        return current.encode("ascii") + self.encrypt(self.main[current], entry_key, bound_to)

    def unwrap(self, wrapped: bytes, bound_to: bytes) -> bytes:
        """An entry's key back; Unreadable when it was altered or its main key is not here."""
        name = wrapped[:KEY_ID_CHARS].decode("ascii", "replace")
        if name not in self.main:
            raise Unreadable("the main key of this text is not in the keyring: add it as an older")
        return self.decrypt(self.main[name], wrapped[KEY_ID_CHARS:], bound_to)

    def encrypt(self, key: bytes, plain: bytes, bound_to: bytes) -> bytes:
        """Seal a text so that it opens only in its own place."""
        nonce = self.random_bytes(NONCE_BYTES)
        return nonce + AESGCM(key).encrypt(nonce, plain, bound_to)

    def decrypt(self, key: bytes, sealed: bytes, bound_to: bytes) -> bytes:
        """Open a sealed text; Unreadable when it, or where it stands, was altered."""
        try:
            return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound_to)
        except (InvalidTag, ValueError):
            raise Unreadable("the text was altered or moved: verify the audit") from None

    # -- the audit ----------------------------------------------------------------------

    @property
    def audit_key_id(self) -> str:
        """The id of the key that seals what is written now."""
        return next(iter(self.audit))

    def mac(self, message: bytes, name: str) -> str | None:
        """The keyed hash under the audit key of that id; None when there is no such key."""
        key = self.audit.get(name)
        return None if key is None else hmac.new(key, message, hashlib.sha256).hexdigest()

    def seal(self, message: bytes) -> str:
        """The keyed hash under the current audit key."""
        return hmac.new(self.audit[self.audit_key_id], message, hashlib.sha256).hexdigest()

    def digest(self, purpose: str, value: str) -> str:
        """A salted digest that stands for a value in the audit; equal for equal values."""
        message = f"digest\0{purpose}\0{value}".encode()
        return self.seal(message)[:32]


def existing_keyring(settings: Settings) -> Keyring:
    """The keys that stand, for whoever only reads: nothing is made; one missing is a KeyProblem."""
    for kind in KINDS:
        given = settings.main_key if kind == "main" else settings.audit_key
        path = settings.keys_folder / f"{kind}.key"
        if not given and not path.is_file():
            raise KeyProblem(
                f"there is no key {path}: set SAMVERKAN_DATA to the folder of the installation, or "
                f"SAMVERKAN_{kind.upper()}_KEY to its key; nothing was made"
            )
    lists = {kind: _keys(settings, kind, makes_check=False) for kind in KINDS}
    return Keyring.of(lists["main"], lists["audit"], outside_file=settings.outside_file)


def open_keyring(settings: Settings) -> Keyring:
    """The keys from the settings, else from files made once with mode 0600.

    A key file that has gone while its check stands is a KeyProblem: a new key in its place would
    make the record unreadable for good.
    """
    lists = {kind: _keys(settings, kind) for kind in KINDS}
    secret = settings.secret_key or _first_line(settings.keys_folder / "secret.key")
    if secret is None:
        secret = _make(settings.keys_folder / "secret.key", encode_key(os.urandom(KEY_BYTES)))
    return Keyring.of(lists["main"], lists["audit"], secret, settings.outside_file)


def check_keys(session: Session, keyring: Keyring) -> None:
    """Refuse to start on a database written under other keys; leave a check in a new one.

    Called once by an entrance at start, before anything is written; it changes nothing that stands.
    """
    for kind, keys in (("main", keyring.main), ("audit", keyring.audit)):
        check = session.get(KeyCheck, kind)
        if check is None:
            current = next(iter(keys))
            session.add(
                KeyCheck(kind=kind, key_id=current, value=_check_value(kind, keys[current]))
            )
        elif not _opens(kind, keys.get(check.key_id), check.value):
            raise KeyProblem(
                f"the {kind} key is not the one this database was written with (its id is "
                f"{check.key_id}): put that key back, as the first or after a comma; "
                "nothing was changed"
            )
    session.flush()


def _opens(kind: str, key: bytes | None, value: str) -> bool:
    return key is not None and hmac.compare_digest(_check_value(kind, key), value)


def _check_value(kind: str, key: bytes) -> str:
    return hmac.new(key, f"check\0{kind}".encode(), hashlib.sha256).hexdigest()


def _keys(settings: Settings, kind: str, *, makes_check: bool = True) -> list[bytes]:
    given = settings.main_key if kind == "main" else settings.audit_key
    if given:
        where = f"SAMVERKAN_{kind.upper()}_KEY"
        return [decode_key(part, where) for part in given.split(",")]
    path = settings.keys_folder / f"{kind}.key"
    check = settings.keys_folder / f"{kind}.check"
    if not path.exists() and check.exists():
        raise KeyProblem(
            f"{path} is missing, and the record was written with it: put the file back from its "
            "copy; no new key was made"
        )
    if not path.exists():
        _make(path, encode_key(os.urandom(KEY_BYTES)))
    keys = [decode_key(line, str(path)) for line in path.read_text("ascii").split()]
    if not keys:
        raise KeyProblem(f"{path} is empty: put the key back from its copy")
    return _checked(kind, path, check, keys, makes_check=makes_check)


def _checked(
    kind: str, path: Path, check: Path, keys: list[bytes], *, makes_check: bool
) -> list[bytes]:
    """The check stands beside the key, so that a swapped or damaged key is told at once."""
    stands = _first_line(check)
    if stands is None and not makes_check:
        return keys
    stands = stands or _make(check, _check_value(kind, keys[0]))
    if not any(_opens(kind, key, stands) for key in keys):
        raise KeyProblem(
            f"{path} is not the key that was made here: put the right one back from its copy; "
            "nothing was changed"
        )
    return keys


def _first_line(path: Path) -> str | None:
    return path.read_text("ascii").strip() if path.exists() else None


def _make(path: Path, text: str) -> str:
    """Write a file whole or not at all; of two processes at once, the first one's stands."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with NamedTemporaryFile("w", dir=path.parent, delete=False, encoding="ascii") as draft:
        draft.write(text + "\n")
        draft.flush()
        os.fsync(draft.fileno())  # NamedTemporaryFile makes its file with mode 0600
    try:
        os.link(draft.name, path)
    except FileExistsError:
        pass
    finally:
        Path(draft.name).unlink()
    return path.read_text("ascii").strip()
