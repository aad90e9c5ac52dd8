"""`samverkan scenario`: play scenario files in a world of their own."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from casework.scenarios import ScenarioError, read_scenario
from casework.trial import Flow, Trials, not_taken, trials
from processes.packs import MODELS, read_pack

_OWN = MODELS / "france"


def add(commands: Any) -> None:
    """Register the command."""
    scenario = commands.add_parser(
        "scenario",
        help="play scenarios: what people do, and what must come of it",
        description="Plays scenario files through the same use cases as the pages, each in a fresh "
        "world on a clock that its steps move. A file in PACK/scenarios plays that pack; any other "
        "plays the product's own, unless --pack names one. Touches no installation. Exit code 0: "
        "all went as written; 1: one did not, and which step; 2: there was nothing to play.",
    )
    scenario.add_argument("paths", nargs="*", type=Path, metavar="FILE", help="default: all packs'")
    scenario.add_argument("--pack", type=Path, metavar="DIR", help="play this pack")
    scenario.add_argument(
        "--coverage", action="store_true", help="also print the flows taken, by model"
    )
    scenario.set_defaults(run=_run)


def _run(given: argparse.Namespace) -> int:
    if given.pack is not None and not (given.pack / "pack.toml").is_file():
        print(f"samverkan scenario: there is no pack.toml in {given.pack}", file=sys.stderr)
        return 2
    paths = given.paths or _all_of(given.pack)
    for path in paths:
        if not path.is_file():
            print(f"samverkan scenario: there is no scenario file {path}", file=sys.stderr)
            return 2
    by_pack: dict[Path, list[Path]] = {}
    for path in paths:
        by_pack.setdefault(given.pack or _pack_of(path), []).append(path)
    failed, flows, taken = 0, dict[Flow, str](), set[Flow]()
    for pack, some in by_pack.items():
        failed += _play_pack(pack, some, flows, taken)
    if given.coverage:
        _print_coverage(flows, taken)
    print(f"{len(paths) - failed} scenarios went as written, {failed} did not.")
    return 1 if failed else 0


def _all_of(pack: Path | None) -> list[Path]:
    if pack is None:
        return sorted(MODELS.glob("*/scenarios/*.toml"))
    return sorted(pack.glob("scenarios/*.toml"))


def _pack_of(path: Path) -> Path:
    """The pack in whose folder the file lies, if it can be played; else our own."""
    folder = path.resolve().parent.parent
    return folder if (folder / "pack.toml").is_file() and read_pack(folder).starts else _OWN


def _play_pack(pack: Path, paths: Sequence[Path], flows: dict[Flow, str], taken: set[Flow]) -> int:
    """Play the files on the pack, and add its flows and those taken; gives how many files did not
    go as written."""
    print(f"Played on the pack in {pack}")
    with trials(pack) as on_trial:
        errors = [problem for problem in on_trial.problems if problem.is_error]
        for problem in errors:
            print(problem)
        if errors:
            print("FAILED  the pack would be refused: see `samverkan check`")
            return len(paths)
        flows |= on_trial.all_flows()
        return _play(on_trial, paths, taken)


def _play(on_trial: Trials, paths: Iterable[Path], taken: set[Flow]) -> int:
    failed = 0
    for path in paths:
        try:
            scenario = read_scenario(path)
            taken |= on_trial.play(scenario)[1]
        except (ScenarioError, OSError) as error:
            failed += 1
            print(f"FAILED  {error}")
            continue
        except KeyError as missing:
            failed += 1
            print(f"FAILED  {path.name}: {missing} is missing, or names nothing in this world")
            continue
        print(f"ok      {path.stem}: {scenario.title}")
    return failed


def _print_coverage(flows: dict[Flow, str], taken: set[Flow]) -> None:
    models = sorted({flow.model for flow in flows})
    missing = not_taken(flows, taken)
    for model in models:
        total = sum(flow.model == model for flow in flows)
        left = missing.get(model, [])
        print(f"{model}: {total - len(left)} of {total} flows taken")
        for flow_id in left:
            print(f"    not taken: {flow_id} {flows[Flow(model, flow_id)]}")
