"""A programme of a care unit lived week by week, each task answered on its day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from time import perf_counter
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from casework.demo.world import World
from casework.platform import Platform
from casework.player import Player
from casework.scenarios import ScenarioStep, read_scenario
from casework.stage import Played
from processes.packs import MODELS
from processes.tables import HumanTask, ProcessInstance, ProcessVersion

STORY = MODELS / "france" / "scenarios" / "unit-two-terms.toml"
MODEL = "collective-supervision"
LONGEST = 4_000
"""Days after which a life that does not come to its tasks is given up."""


@dataclass(frozen=True)
class Done:
    """One task that was completed: how long it took, and how large the case's state is then."""

    element: str
    seconds: float
    stored: int


class Years:
    """One case from the decision on, renewed as long as it is asked for."""

    def __init__(
        self,
        platform: Platform,
        sessions: sessionmaker[Session],
        world: World,
        now: datetime,
        number: str = "Y-0001",
    ) -> None:
        """Decide the programme; its answers are those of the scenario of two terms."""
        self._player = Player(platform, sessions, world, now)
        whole = read_scenario(STORY)
        self._answers = dict(_answers(whole.steps))
        with self._player.hands.writing() as session:
            self._player.register(session, {**whole.person, "number": number})
        for verb in ("decided", "transfer"):
            self._player.step(next(step for step in whole.steps if step.do == verb))

    @property
    def played(self) -> Played:
        """Where the story stands."""
        return self._player.played

    def live(self, tasks: int) -> list[Done]:
        """Complete as many tasks, day by day."""
        done: list[Done] = []
        for _ in range(LONGEST):
            while len(done) < tasks and (one := self.one_task()) is not None:
                done.append(one)
            if len(done) >= tasks:
                return done
            self.next_day()
        raise AssertionError(f"only {len(done)} tasks came")

    def one_task(self) -> Done | None:
        """Complete the oldest open task, if there is one."""
        task = self._next()
        return self._complete(*task) if task else None

    def next_day(self) -> None:
        """Let a day pass, and what falls due in it happen."""
        self._player.step(ScenarioStep("wait", {"until": "P1D", "hour": 10}))

    def _complete(self, element: str, role: str) -> Done:
        given = {"task": element, "as": role, "answers": self._answers[element]}
        step = ScenarioStep("complete", given)
        began = perf_counter()
        self._player.step(step)
        return Done(element, perf_counter() - began, self.stored())

    def stored(self) -> int:
        """The bytes of the state of the programme's instance."""
        wanted = (
            select(func.length(ProcessInstance.engine_state))
            .join(ProcessVersion, ProcessVersion.id == ProcessInstance.version_id)
            .where(ProcessInstance.case_id == self.played.case_id, ProcessVersion.model == MODEL)
        )
        with self._player.hands.reading() as session:
            return int(session.scalar(wanted) or 0)

    def _next(self) -> tuple[str, str] | None:
        """The oldest open task that the story knows an answer to."""
        wanted = (
            select(HumanTask.element_id, HumanTask.role)
            .where(HumanTask.case_id == self.played.case_id, HumanTask.state == "open")
            .where(HumanTask.element_id.in_(self._answers))
            .order_by(HumanTask.created_at, HumanTask.id)
        )
        with self._player.hands.reading() as session:
            row = session.execute(wanted.limit(1)).first()
        return (row.element_id, row.role) if row else None


def side_by_side(old: Years, young: Years, element: str, wanted: int) -> list[list[Done]]:
    """The same step as often in both cases, day by day in turns, so that a busy machine is fair."""
    done: list[list[Done]] = [[], []]
    for _ in range(LONGEST):
        while tasks := [
            (of, one) for of, life in enumerate((old, young)) if (one := life.one_task())
        ]:
            for of, one in tasks:
                if one.element == element:
                    done[of].append(one)
        if all(len(part) >= wanted for part in done):
            return [part[:wanted] for part in done]
        for life in (old, young):
            life.next_day()
    raise AssertionError(f"only {[len(part) for part in done]} of {element} came")


def _answers(steps: tuple[ScenarioStep, ...]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The last accepted answers to each step, but for the end: what goes on is renewed."""
    for step in steps:
        answers = step.given.get("answers", {})
        if step.do == "complete" and answers.get("supervision_review") != "end_to_ordinary":
            yield str(step.given["task"]), answers
