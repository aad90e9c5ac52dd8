"""An installation for real people: places from a file, accounts, roles, and their end."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from casework.database import open_engine, session_factory
from casework.tables import AuditRow, UserAccount
from tests.cli.conftest import PLACES

PHRASE = "a long enough phrase\n"


def added(samverkan, login="a.officer", typed=PHRASE):
    return samverkan(
        *("user", "add", login, "--name", "Ada Moss", "--function", "Custody officer"),
        *("--number", "4711"),
        typed=typed,
    )


def in_database(installation, wanted):
    engine = open_engine(f"sqlite:///{installation}/samverkan.db")
    with session_factory(engine)() as session:
        found = list(session.scalars(wanted))
    engine.dispose()
    return found


def test_setup_with_places_makes_them_once(samverkan, installation):
    first = samverkan("user", "places").out
    assert "Prison North" in first
    again = samverkan("setup", "--places", installation.parent / "places.toml")
    assert again.code == 0
    assert "is there already" in again.out
    assert samverkan("user", "places").out == first


def test_setup_alone_makes_an_empty_installation(samverkan):
    assert samverkan("setup").code == 0
    assert samverkan("user", "list").out == ""
    refused = added(samverkan)
    assert refused.code == 2
    assert "none yet" in refused.err


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("agency = 3", "[agency]"),
        ("[agency]\nname = 'x'", "[agency] needs country"),
        (PLACES.replace("Paris", "Mars"), "Europe/Mars"),
        (PLACES.replace('kind = "prison"', 'kind = "castle"'), "kind is one of"),
        (PLACES.replace('parent = "region"', 'parent = "moon"'), "must stand above"),
        (PLACES.replace('kind = "prison"', ""), "needs kind"),
        (PLACES.split("[[place]]", maxsplit=1)[0], "at least one"),
        ("[[[", "places.toml"),
    ],
)
def test_a_wrong_places_file_is_refused_and_changes_nothing(samverkan, tmp_path, text, words):
    (tmp_path / "places.toml").write_text(text, "utf-8")
    said = samverkan("setup", "--places", tmp_path / "places.toml")
    assert said.code == 2
    assert words in said.err
    assert not (tmp_path / "data" / "samverkan.db").exists()


def test_a_places_file_that_is_not_there_is_named(samverkan, tmp_path):
    said = samverkan("setup", "--places", tmp_path / "none.toml")
    assert said.code == 2
    assert "none.toml" in said.err


def test_an_account_is_made_given_a_role_and_ended(samverkan, installation):
    assert added(samverkan).code == 0
    granted = samverkan("user", "grant", "a.officer", "fr.custody", "Prison North")
    assert granted.code == 0
    assert "fr.custody" in samverkan("user", "list").out
    assert samverkan("user", "deactivate", "a.officer").code == 0
    assert "(ended)" in samverkan("user", "list").out
    acts = set(in_database(installation, select(AuditRow.act)))
    assert {"account.created", "role.granted"} <= acts


def test_a_new_password_is_the_one_that_signs_in(samverkan, installation):
    added(samverkan)
    before = in_database(installation, select(UserAccount.password_hash))
    assert samverkan("user", "password", "a.officer", typed="another long phrase\n").code == 0
    [after] = in_database(installation, select(UserAccount.password_hash))
    assert [after] != before
    assert "another long phrase" not in after


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("grant", "a.officer", "fr.custod", "Prison North"), "did you mean fr.custody?"),
        (("grant", "a.officer", "warden", "Prison North"), "the roles are"),
        (("grant", "a.officer", "fr.custody", "Prison West"), "samverkan user places"),
        (("grant", "nobody", "fr.custody", "Prison North"), "samverkan user list"),
        (
            ("grant", "a.officer", "fr.custody", "Prison North", "--from", "2026-13-01"),
            "write YYYY-MM-DD",
        ),
        (
            (
                *("grant", "a.officer", "fr.custody", "Prison North"),
                *("--from", "2026-05-02", "--to", "2026-05-01"),
            ),
            "last day lies before the first",
        ),
        (("password", "nobody"), "samverkan user list"),
        (("deactivate", "nobody"), "samverkan user list"),
    ],
)
def test_what_cannot_be_done_is_said_with_what_would_help(
    samverkan, installation, arguments, words
):
    added(samverkan)
    said = samverkan("user", *arguments, typed=PHRASE)
    assert said.code == 2
    assert words in said.err


def test_a_short_password_makes_no_account(samverkan, installation):
    said = added(samverkan, typed="short\n")
    assert said.code == 2
    assert "12" in said.err
    assert samverkan("user", "list").out == ""


def test_a_login_is_given_once(samverkan, installation):
    added(samverkan)
    said = added(samverkan)
    assert said.code == 2
    assert "a.officer" in said.err


def test_the_files_of_an_installation_are_read_by_its_account_alone(samverkan, installation):
    assert samverkan("user", "places").code == 0
    database = installation / "samverkan.db"
    assert database.stat().st_mode & 0o077 == 0
