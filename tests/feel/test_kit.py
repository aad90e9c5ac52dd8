"""The runner of the conformance kit, on a case written here in the kit's form."""

from pathlib import Path

import pytest

from tests.feel import kit
from tests.feel.dmn import box, decision, file, given, literal, table

TYPES = (
    'xmlns="urn:cases" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns:xsd="http://www.w3.org/2001/XMLSchema"'
)
COLUMNS = '<output name="Way"/><output name="Days"/>'
ROWS = ('> 3 | "unit" | 1 / 3', '- | "region" | null')


def value(text, kind):
    return f'<value xsi:type="xsd:{kind}">{text}</value>'


def item(way, days):
    return box("item", box("component", way, name="Way"), box("component", days, name="Days"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    case = tmp_path / "0001-ways"
    case.mkdir()
    ways = table("RULE ORDER", "n", *ROWS, outputs=COLUMNS)
    parts = (given("n", "number"), given("on", "date"), decision("Ways", ways))
    (case / "0001-ways.dmn").write_bytes(
        file(*parts, decision("Next", literal('on + duration("P1D")'), kind="date"))
    )
    return tmp_path


def write(folder, *results):
    inputs = box("inputNode", value("4", "decimal"), name="n")
    inputs += box("inputNode", value("2026-02-28", "date"), name="on")
    test = f'<testCase id="001">{inputs}{"".join(results)}</testCase>'
    model = "<modelName>0001-ways.dmn</modelName>"
    text = f"<testCases {TYPES}>{model}{test}</testCases>"
    (folder / "0001-ways" / "0001-ways-test-01.xml").write_text(text)


def result(name, expected):
    return box("resultNode", box("expected", expected), name=name, type="decision")


UNIT = item(value("unit", "string"), value("0.333333333333333", "decimal"))
REGION = item(value("region", "string"), '<value xsi:nil="true"/>')


def test_a_case_that_comes_as_expected_is_counted(folder, capsys):
    write(
        folder,
        result("Ways", box("list", UNIT, REGION)),
        result("Next", value("2026-03-01", "date")),
    )
    assert kit.main([str(folder)]) == 0
    assert "| 0001-ways | 1 | 2 | 2 | 0 |" in capsys.readouterr().out


def test_what_does_not_come_as_expected_is_told(folder, capsys):
    write(
        folder,
        result("Ways", box("list", REGION, UNIT)),
        result("Next", value("2026-03-02", "date")),
        result("Nowhere", value("1", "decimal")),
    )
    assert kit.main([str(folder)]) == 1
    out = capsys.readouterr().out
    assert "| all 1 | 1 | 3 | 0 | 3 |" in out
    assert "Ways is [{Way:" in out
    assert "Next is 2026-03-01, expected is" in out
    assert "there is no decision Nowhere" in out


def test_no_folder_or_an_empty_one_proves_nothing(tmp_path, capsys):
    assert kit.main([]) == 2
    assert kit.main([str(tmp_path)]) == 1
    assert "FOLDER" in capsys.readouterr().err
