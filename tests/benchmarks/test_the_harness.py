"""The benchmarks run and print their tables; no test asserts a time."""

import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

import pytest

from benchmarks import engine, expressions, foreign, sessions
from benchmarks.__main__ import SECTIONS, main
from benchmarks.kept import NoPlace, placed
from benchmarks.timing import Samples


def test_samples_tell_median_and_the_slowest_twentieth():
    samples = Samples([number / 1000 for number in range(1, 101)])
    assert samples.cells() == ("50.5 ms", "95.0 ms", "1.0 ms", "100")


def test_engine_and_expressions_print_their_tables(capsys):
    engine.run(None)
    expressions.run(None)
    shown = capsys.readouterr().out
    assert "| complete a step, from stored state to stored state |" in shown
    assert "| evaluate a condition " in shown


def test_the_check_of_foreign_models_prints_models_a_second(capsys, monkeypatch):
    monkeypatch.setattr(foreign, "MANY", 4)
    foreign.run(None)
    shown = capsys.readouterr().out
    assert "| the same with the words of another engine |" in shown
    assert "ratio to 20 models/s" in shown


def test_tables_are_kept_between_the_marks_of_their_section():
    text = "before <!-- feel --> old <!-- end of feel --> after"
    assert placed(text, "feel", "new") == ("before <!-- feel -->\nnew\n<!-- end of feel --> after")
    with pytest.raises(NoPlace, match="where the tables of engine belong"):
        placed(text, "engine", "new")


def test_the_document_has_a_place_for_every_section():
    text = Path("docs/benchmarks.md").read_text("utf-8")
    for section in ("machine", *SECTIONS):
        assert placed(text, section, "shown") != text


def test_without_a_server_the_section_of_sessions_says_so(capsys, monkeypatch):
    measured = []
    monkeypatch.setattr(sessions, "_measure", lambda *given: measured.append(given[0]))
    monkeypatch.setattr(sessions, "empty_postgresql", lambda: nullcontext(None))
    sessions.run(None)
    assert measured == ["SQLite"]
    assert "PostgreSQL was not measured: give TEST_DATABASE_URL" in capsys.readouterr().out


def test_an_unknown_section_is_refused_with_a_hint(capsys, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["benchmarks", "pagse"])
    with pytest.raises(SystemExit):
        main()
    assert "there is no section pagse; see --help" in capsys.readouterr().err


@pytest.mark.prove
def test_every_section_runs_from_the_command():
    command = [sys.executable, "-m", "benchmarks", "--cases", "24", "--grids", "11"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.count("\n### ") == len(SECTIONS) + 6
