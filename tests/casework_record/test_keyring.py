"""Keys: made once, never replaced in silence, told apart at start."""

from __future__ import annotations

import stat

import pytest
from sqlalchemy import select

from casework.keyring import (
    KeyProblem,
    Keyring,
    Unreadable,
    check_keys,
    encode_key,
    open_keyring,
)
from casework.settings import Settings
from casework.tables.record import KeyCheck
from tests.casework_record.world import AUDIT, MAIN, OTHER

PLACE = b"place"


def settings(tmp_path, **environ: str) -> Settings:
    return Settings.from_environment({f"SAMVERKAN_{k}": v for k, v in environ.items()}, tmp_path)


def snapshot(folder) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_keys_are_made_once_in_files_for_their_owner_alone(tmp_path):
    first = open_keyring(settings(tmp_path))
    files = sorted((tmp_path / "keys").iterdir())
    names = ["audit.check", "audit.key", "main.check", "main.key", "secret.key"]
    assert [path.name for path in files] == names
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert open_keyring(settings(tmp_path)) == first


def test_each_installation_makes_keys_of_its_own(tmp_path):
    one, other = (open_keyring(settings(tmp_path / name)) for name in "ab")
    assert not set(one.main) & set(other.main)
    assert one.session_secret != other.session_secret


def test_keys_given_by_settings_leave_no_files(tmp_path):
    given = settings(
        tmp_path, MAIN_KEY=encode_key(MAIN), AUDIT_KEY=encode_key(AUDIT), SECRET_KEY="s"
    )
    ring = open_keyring(given)
    assert (list(ring.main.values()), list(ring.audit.values())) == ([MAIN], [AUDIT])
    assert ring.session_secret == "s"
    assert not (tmp_path / "keys").exists()


def test_the_keyring_knows_the_file_outside(tmp_path):
    ring = open_keyring(settings(tmp_path))
    assert ring.outside_file == tmp_path / "seals" / "checkpoints.jsonl"


@pytest.mark.parametrize("kind", ["main", "audit"])
def test_a_missing_key_file_is_refused_and_no_new_key_is_made(tmp_path, kind):
    open_keyring(settings(tmp_path))
    (tmp_path / "keys" / f"{kind}.key").unlink()
    before = snapshot(tmp_path / "keys")
    with pytest.raises(KeyProblem, match="put the file back"):
        open_keyring(settings(tmp_path))
    assert snapshot(tmp_path / "keys") == before


def test_a_swapped_key_file_is_refused_and_nothing_is_changed(tmp_path):
    open_keyring(settings(tmp_path))
    (tmp_path / "keys" / "main.key").write_text(encode_key(OTHER))
    before = snapshot(tmp_path / "keys")
    with pytest.raises(KeyProblem, match="not the key that was made here"):
        open_keyring(settings(tmp_path))
    assert snapshot(tmp_path / "keys") == before


def test_an_empty_key_file_is_refused(tmp_path):
    open_keyring(settings(tmp_path))
    (tmp_path / "keys" / "main.key").write_text("\n")
    with pytest.raises(KeyProblem, match="is empty"):
        open_keyring(settings(tmp_path))


@pytest.mark.parametrize("text", ["short", "é" * 44, "!" * 44, encode_key(b"x" * 31)])
def test_what_is_no_key_is_refused_without_showing_it(tmp_path, text):
    with pytest.raises(KeyProblem, match="SAMVERKAN_MAIN_KEY does not hold a key") as problem:
        open_keyring(settings(tmp_path, MAIN_KEY=text))
    assert text not in str(problem.value)


def test_a_key_is_not_shown_where_the_keyring_is_printed(tmp_path):
    ring = Keyring.of([MAIN], [AUDIT], "hidden")
    assert "mmmm" not in repr(ring)
    assert "hidden" not in repr(ring)


def test_a_new_database_keeps_what_tells_its_keys(session):
    ring = Keyring.of([MAIN], [AUDIT])
    check_keys(session, ring)
    check_keys(session, ring)
    assert set(session.scalars(select(KeyCheck.kind))) == {"main", "audit"}


@pytest.mark.parametrize("kind", ["main", "audit"])
def test_a_database_of_another_key_is_refused_and_not_changed(session, kind):
    check_keys(session, Keyring.of([MAIN], [AUDIT]))
    wrong = Keyring.of([OTHER], [AUDIT]) if kind == "main" else Keyring.of([MAIN], [OTHER])
    before = [(c.kind, c.key_id, c.value) for c in session.scalars(select(KeyCheck))]
    with pytest.raises(KeyProblem, match=f"the {kind} key is not the one"):
        check_keys(session, wrong)
    session.expire_all()
    assert [(c.kind, c.key_id, c.value) for c in session.scalars(select(KeyCheck))] == before


def test_a_forged_check_of_the_right_key_is_refused(session):
    ring = Keyring.of([MAIN], [AUDIT])
    check_keys(session, ring)
    session.get_one(KeyCheck, "main").value = "0" * 64
    with pytest.raises(KeyProblem):
        check_keys(session, ring)


def test_a_new_key_in_front_opens_what_the_older_one_sealed(session):
    old = Keyring.of([MAIN], [AUDIT])
    check_keys(session, old)
    wrapped = old.wrap(b"entry key", PLACE)
    new = Keyring.of([OTHER, MAIN], [AUDIT])
    check_keys(session, new)
    assert new.unwrap(wrapped, PLACE) == b"entry key"
    assert new.wrap(b"entry key", PLACE)[:8] != wrapped[:8]


def test_older_keys_stand_after_a_comma_or_on_further_lines(tmp_path):
    both = f"{encode_key(OTHER)},{encode_key(MAIN)}"
    assert list(open_keyring(settings(tmp_path, MAIN_KEY=both)).main.values()) == [OTHER, MAIN]
    made = open_keyring(settings(tmp_path / "files"))
    path = tmp_path / "files" / "keys" / "main.key"
    path.write_text(encode_key(OTHER) + "\n" + path.read_text())
    opened = open_keyring(settings(tmp_path / "files"))
    assert list(opened.main)[1:] == list(made.main)


def test_a_wrapped_key_opens_only_in_its_place_and_with_its_main_key():
    ring = Keyring.of([MAIN], [AUDIT])
    wrapped = ring.wrap(b"entry key", PLACE)
    assert ring.unwrap(wrapped, PLACE) == b"entry key"
    with pytest.raises(Unreadable, match="altered or moved"):
        ring.unwrap(wrapped, b"another place")
    with pytest.raises(Unreadable, match="not in the keyring"):
        Keyring.of([OTHER], [AUDIT]).unwrap(wrapped, PLACE)
    with pytest.raises(Unreadable, match="not in the keyring"):
        ring.unwrap(b"\xff" * 40, PLACE)


@pytest.mark.parametrize("sealed", [b"", b"short", b"x" * 60])
def test_what_was_never_sealed_does_not_open(sealed):
    with pytest.raises(Unreadable):
        Keyring.of([MAIN], [AUDIT]).decrypt(MAIN, sealed, PLACE)


def test_no_two_sealings_of_one_text_are_alike():
    ring = Keyring.of([MAIN], [AUDIT])
    assert ring.encrypt(MAIN, b"text", PLACE) != ring.encrypt(MAIN, b"text", PLACE)


def test_given_the_same_random_bytes_sealings_are_alike():
    ring = Keyring.of([MAIN], [AUDIT], random_bytes=lambda size: b"r" * size)
    assert ring.encrypt(MAIN, b"text", PLACE) == ring.encrypt(MAIN, b"text", PLACE)


def test_of_two_processes_that_make_a_key_at_once_the_first_one_stands(tmp_path):
    from casework.keyring import _make

    path = tmp_path / "keys" / "main.key"
    assert _make(path, "first") == "first"
    assert _make(path, "second") == "first"
    assert [p.name for p in path.parent.iterdir()] == ["main.key"]
