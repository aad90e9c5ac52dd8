"""FEEL conditions and decision tables, compiled and asked."""

from __future__ import annotations

from benchmarks.prepared import Worlds
from benchmarks.tables import show
from benchmarks.timing import CELLS, sample
from feel import compile_expression
from feel.decisions import load_decisions
from processes import packs

TIMES = RULES = 100
CONDITION = 'first_look = "open" and not(urgent) and count(seats) >= 2'
CONTEXT = {"first_look": "open", "urgent": False, "seats": ["a", "b", "c"]}
TABLE = packs.MODELS / "france" / "escalation-route.dmn"


def run(_worlds: Worlds) -> None:
    """Print the table; each run is a hundred of them, so that the clock is fine enough."""
    expression = compile_expression(CONDITION)
    raw = TABLE.read_bytes()
    table = load_decisions(raw, TABLE.name)
    large = load_decisions(_large(), "rules.dmn")
    native = compile(CONDITION_IN_PYTHON, "condition", "eval")
    rows = [
        ("evaluate a condition", *_hundred(lambda: expression.evaluate(CONTEXT))),
        ("the same in Python, for comparison", *_hundred(lambda: eval(native, {}, dict(CONTEXT)))),
        ("compile a condition, never seen before", *_hundred(_compile)),
        ("compile it again", *_hundred(lambda: compile_expression(CONDITION))),
        ("ask the decision table `escalation-route`",
         *_hundred(lambda: table.evaluate("escalation-route", {"role": "fr.spip_officer"}))),
        (f"ask a table of {RULES} rules for the last of them",
         *_hundred(lambda: large.evaluate("rules", {"days": RULES - 1, "kind": "b"}))),
        ("load its file", *_hundred(lambda: load_decisions(raw, TABLE.name))),
    ]  # fmt: skip
    show("A hundred expressions", ("what is done 100 times", *CELLS), rows)


CONDITION_IN_PYTHON = 'first_look == "open" and not urgent and len(seats) >= 2'


def _large() -> bytes:
    """A table in which one rule of a hundred holds: a number in a range, and a word."""
    rules = "".join(
        f'<rule id="r{n}"><inputEntry id="i{n}"><text>[{n}..{n + 1})</text></inputEntry>'
        f'<inputEntry id="j{n}"><text>"a", "b"</text></inputEntry>'
        f'<outputEntry id="o{n}"><text>{n}</text></outputEntry></rule>'
        for n in range(RULES)
    )
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" '
        'namespace="t"><decision id="rules" name="rules"><variable name="rules"/>'
        '<decisionTable id="t" hitPolicy="UNIQUE"><input id="days"><inputExpression id="e1" '
        'typeRef="number"><text>days</text></inputExpression></input><input id="kind">'
        '<inputExpression id="e2" typeRef="string"><text>kind</text></inputExpression></input>'
        f'<output id="out" name="rules" typeRef="number"/>{rules}</decisionTable></decision>'
        "</definitions>"
    ).encode()


def _hundred(act: object) -> tuple[str, str, str, str]:
    assert callable(act)

    def hundred() -> None:
        for _ in range(TIMES):
            act()

    return sample(hundred, 20).cells()


def _compile() -> None:
    compile_expression.cache_clear()
    compile_expression(CONDITION)
