"""`samverkan verify-audit`: 0 when the audit is whole, 1 when it was touched."""

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
