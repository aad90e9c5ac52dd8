"""`samverkan scenario`: play scenario files in a world of their own."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from casework.scenarios import ScenarioError, read_scenario
from casework.trial import Flow, Trials, not_taken, trials
from processes.packs import MODELS


def add(commands: Any) -> None:
    """Register the command."""
    scenario = commands.add_parser(
        "scenario",
        help="play scenarios: what people do, and what must come of it",
        description="Plays scenario files through the same use cases as the pages, each in a fresh "
        "world on a clock that its steps move. Touches no installation. Exit code 0: all went as "
        "written; 1: one did not, and which step.",
    )
    scenario.add_argument("paths", nargs="*", type=Path, metavar="FILE", help="default: all packs'")
    scenario.add_argument(
        "--coverage", action="store_true", help="also print the flows taken, by model"
    )
    scenario.set_defaults(run=_run)


def _run(given: argparse.Namespace) -> int:
    paths = given.paths or sorted(MODELS.glob("*/scenarios/*.toml"))
    for path in paths:
        if not path.is_file():
            print(f"samverkan scenario: there is no scenario file {path}", file=sys.stderr)
            return 2
    with trials() as on_trial:
        for problem in on_trial.problems:
            if problem.is_error:
                print(problem)
        failed, taken = _play(on_trial, paths)
        if given.coverage:
            _print_coverage(on_trial.all_flows(), taken)
    print(f"{len(paths) - failed} scenarios went as written, {failed} did not.")
    return 1 if failed else 0


def _play(on_trial: Trials, paths: Iterable[Path]) -> tuple[int, set[Flow]]:
    failed, taken = 0, set[Flow]()
    for path in paths:
        try:
            scenario = read_scenario(path)
            _, flows = on_trial.play(scenario)
        except (ScenarioError, OSError) as error:
            failed += 1
            print(f"FAILED  {error}")
            continue
        except KeyError as missing:
            failed += 1
            print(f"FAILED  {path.name}: {missing} is missing, or names nothing in this world")
            continue
        taken |= flows
        print(f"ok      {path.stem}: {scenario.title}")
    return failed, taken


def _print_coverage(flows: dict[Flow, str], taken: set[Flow]) -> None:
    models = sorted({flow.model for flow in flows})
    missing = not_taken(flows, taken)
    for model in models:
        total = sum(flow.model == model for flow in flows)
        left = missing.get(model, [])
        print(f"{model}: {total - len(left)} of {total} flows taken")
        for flow_id in left:
            print(f"    not taken: {flow_id} {flows[Flow(model, flow_id)]}")
