"""Every command explains itself; settings are listed, and wrong ones refused in words."""

from __future__ import annotations

import pytest

from casework.settings import VARIABLES

COMMANDS = (
    (),
    ("serve",),
    ("web",),
    ("clock",),
    ("setup",),
    ("settings",),
    ("check",),
    ("scenario",),
    ("user",),
    ("user", "list"),
    ("user", "places"),
    ("user", "add"),
    ("user", "grant"),
    ("user", "password"),
    ("user", "deactivate"),
    ("verify-audit",),
)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda c: " ".join(c) or "samverkan")
def test_every_command_has_help(samverkan, command):
    said = samverkan(*command, "--help")
    assert said.code == 0
    assert said.out.startswith("usage: samverkan")
    described = said.out.split("\n\n")[1]
    assert not described.startswith(("options:", "positional")), "it says what the command does"


def test_no_command_at_all_is_answered_with_the_usage(samverkan):
    said = samverkan()
    assert said.code == 2
    assert "usage: samverkan" in said.err


def test_settings_lists_every_variable_with_its_default(samverkan):
    said = samverkan("settings")
    assert said.code == 0
    for variable in VARIABLES:
        assert variable.name in said.out
        assert variable.words in said.out


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("SAMVERKAN_PORT", "eighty", "a whole number from 1 to 65535"),
        ("SAMVERKAN_PROT", "8000", "did you mean SAMVERKAN_PORT?"),
        ("SAMVERKAN_DEMO", "perhaps", "write yes or no"),
        ("SAMVERKAN_DATABASE_URL", "mysql://x/y", "postgresql://"),
        ("SAMVERKAN_REDIS_URL", "localhost", "redis://"),
        ("SAMVERKAN_MAIN_KEY", "too short", "32 bytes"),
        ("SAMVERKAN_DATA", "/dev/null/here", "/dev/null/here"),
        ("SAMVERKAN_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none", "database"),
    ],
)
def test_a_wrong_setting_stops_the_command_and_says_what_would_do(
    samverkan, monkeypatch, name, value, words
):
    monkeypatch.setenv(name, value)
    said = samverkan("user", "list")
    assert said.code == 2
    assert words in said.err
    assert "too short" not in said.err, "a secret is never repeated"


def test_a_folder_without_tables_is_refused_with_what_to_run(samverkan):
    said = samverkan("user", "list")
    assert (said.code, "samverkan setup" in said.err) == (2, True)


def test_keys_of_another_installation_are_refused(samverkan, installation):
    for key in (installation / "keys").iterdir():
        key.unlink()
    said = samverkan("user", "list")
    assert said.code == 2
    assert "key" in said.err


def test_a_broken_database_file_is_told_in_words(samverkan, installation):
    for file in installation.glob("samverkan.db*"):
        file.write_bytes(b"no database" * 1000)
    said = samverkan("user", "list")
    assert said.code == 2
    assert "database" in said.err
