"""`samverkan verify-audit`: 0 when the audit is whole, 1 when touched, 2 when it cannot tell."""

from __future__ import annotations

import sqlite3

import pytest

from tests.cli.test_setup_and_users import added


@pytest.fixture
def audited(samverkan, installation):
    """An installation whose audit has some rows; gives a way to spoil its database."""
    added(samverkan)
    for role in ("fr.custody", "fr.unit_lead", "x.dpo"):
        assert samverkan("user", "grant", "a.officer", role, "Prison North").code == 0

    def spoil(statement: str) -> None:
        connection = sqlite3.connect(installation / "samverkan.db")
        assert connection.execute(statement).rowcount > 0
        connection.commit()
        connection.close()

    return spoil


def test_a_whole_audit_is_said_to_be_whole(samverkan, audited):
    said = samverkan("verify-audit")
    assert said.code == 0, said.out
    assert "whole" in said.out


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_row SET act = 'nothing.happened' WHERE position = 2",
        "DELETE FROM audit_row WHERE position = 2",
        "DELETE FROM audit_row WHERE position = (SELECT max(position) FROM audit_row)",
        "DELETE FROM audit_row",
        "UPDATE audit_head SET position = position - 1",
    ],
    ids=["changed", "removed", "cut off", "emptied", "head"],
)
def test_a_touched_audit_is_found(samverkan, audited, statement):
    audited(statement)
    said = samverkan("verify-audit")
    assert said.code == 1
    assert "was touched" in said.out
    assert "Problem(" not in said.out, "findings are words"


def test_seals_that_are_not_there_are_not_taken_for_whole(samverkan, audited, tmp_path):
    said = samverkan("verify-audit", "--seals", tmp_path / "none.jsonl")
    assert said.code == 2
    assert "none.jsonl" in said.err


@pytest.mark.parametrize("held", ["", "\n\n", "no checkpoint\n", '["position"]\n', '{"mac": 1}\n'])
def test_seals_without_a_checkpoint_are_told_and_prove_no_tampering(
    samverkan, audited, tmp_path, held
):
    (tmp_path / "copy.jsonl").write_text(held, "utf-8")
    said = samverkan("verify-audit", "--seals", tmp_path / "copy.jsonl")
    assert (said.code, said.out) == (2, "")
    assert "holds no sealed checkpoint" in said.err
    assert "kept elsewhere" in said.err


def test_seals_of_which_one_line_was_spoiled_are_held_against_the_audit(
    samverkan, audited, installation, tmp_path
):
    with sqlite3.connect(installation / "samverkan.db") as connection:
        assert connection.execute("SELECT count(*) FROM audit_checkpoint").fetchone() == (0,)
    forged = '{"position": 1, "heads": {}, "mac": ""}\nspoiled\n'
    (tmp_path / "copy.jsonl").write_text(forged, "utf-8")
    said = samverkan("verify-audit", "--seals", tmp_path / "copy.jsonl")
    assert said.code == 1
    assert "rolled_back" in said.out


def test_verifying_where_there_is_no_installation_makes_none(samverkan, tmp_path):
    said = samverkan("verify-audit")
    assert (said.code, said.out) == (2, "")
    assert "SAMVERKAN_DATA" in said.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["main.key", "audit.key"])
def test_verifying_without_a_key_makes_no_other(samverkan, audited, installation, name):
    for path in (installation / "keys").glob(f"{name.removesuffix('.key')}.*"):
        path.unlink()
    before = sorted((installation / "keys").iterdir())
    said = samverkan("verify-audit")
    assert (said.code, said.out) == (2, "")
    assert f"there is no key {installation / 'keys' / name}" in said.err
    assert sorted((installation / "keys").iterdir()) == before


def kept(installation) -> list:
    """What stands in the folder, without what SQLite keeps while a connection is open."""
    passing = (".db-wal", ".db-shm")
    return sorted(path for path in installation.rglob("*") if not path.name.endswith(passing))


def test_verifying_changes_nothing_of_the_installation(samverkan, audited, installation):
    (installation / "keys" / "audit.check").unlink()
    (installation / "keys" / "secret.key").unlink()
    before = kept(installation)
    assert samverkan("verify-audit").code == 0
    assert kept(installation) == before
