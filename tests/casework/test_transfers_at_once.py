"""A transfer while something else is done about the person: whoever comes second sees the first.

On PostgreSQL, where two write at once; SQLite lets one write at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from casework import access, beginning
from casework.database import begin_writing, open_engine, session_factory
from casework.demo.world import create_world
from casework.keyring import check_keys
from casework.player import Player
from casework.setup import load_packs
from casework.tables import Case
from casework.trial import BEGIN
from processes import advance
from processes.tables import Establishment, HumanTask, ProcessInstance, ProcessVersion
from tests.casework.measures import URGENT
from tests.casework.story import OBSERVATION, REASONS, Story, filled

LOOKS = 2_000
"""How often the database is asked whether somebody waits; each look takes about a millisecond."""


class Both:
    """Stories on one PostgreSQL, and two acts of which the second begins before the first ends."""

    def __init__(self, engine: Engine, player: Callable[[], Player]) -> None:
        self.engine, self.player = engine, player
        self.persons = 0

    def story(self) -> Story:
        self.persons += 1
        return Story(self.player(), {"number": f"N-70{self.persons}"})

    def one_waits(self) -> bool:
        with self.engine.connect() as connection:
            asked = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
            for _ in range(LOOKS):
                if connection.execute(asked).scalar():
                    return True
                connection.rollback()
        return False

    def at_once(self, story: Story, first: Callable, second: Callable) -> Any:
        """What became of the second, an exception too; it must have waited for the first."""

        def later() -> Any:
            try:
                with story.writing() as session:
                    return second(session)
            except Exception as error:  # noqa: BLE001  how it ended is what is looked at
                return error

        with ThreadPoolExecutor(1) as thread:
            with story.writing() as session:
                first(session)
                session.flush()
                running = thread.submit(later)
                assert self.one_waits()
            ended = running.result(timeout=60)
        story.player.do_what_is_due()
        return ended


@pytest.fixture
def both(trials, postgresql_url) -> Iterator[Both]:
    engine = open_engine(postgresql_url)
    sessions = session_factory(engine)
    with sessions() as session:
        begin_writing(session)
        check_keys(session, trials.platform.keyring)
        world = create_world(trials.platform, session)
        load_packs(trials.platform, session)
        session.commit()
    yield Both(engine, lambda: Player(trials.platform, sessions, world, BEGIN))
    engine.dispose()


def done(story: Story, verb: str, **given: Any) -> Callable[[Session], None]:
    step = {key.rstrip("_"): value for key, value in given.items()}
    return lambda session: story.player.verbs[verb](session, step)


def moved(story: Story) -> Callable[[Session], None]:
    return done(story, "transfer", as_="registry.north", to="south")


def places(story: Story) -> set[str]:
    """Where the person's cases, their processes and open steps are."""
    with story.reading() as session:
        ids = select(Case.id).where(Case.person_id == story.player.played.person_id)
        found: set[Any] = set()
        for table, state in ((Case, "open"), (ProcessInstance, "running"), (HumanTask, "open")):
            of_case = table.id if table is Case else table.case_id
            rows = select(table).where(of_case.in_(ids), table.state == state)
            found |= {row.establishment_id for row in session.scalars(rows)}
        return {session.get_one(Establishment, at).name for at in found}


def answers(story: Story, element: str, **given: Any) -> dict[str, Any]:
    with story.reading() as session:
        task = story.task(session, element)
        instance = session.get_one(ProcessInstance, task.instance_id)
        form = story.platform.models.form(session, instance.version_id, task.form)
    return filled(form, given)


def test_what_waits_for_a_transfer_sees_where_the_person_is(both):
    observed = both.story()
    sent = done(observed, "start", as_="custody.north", answers=OBSERVATION)
    assert both.at_once(observed, moved(observed), sent) is None
    assert places(observed) == {"Demo prison South"}

    ordered = both.story()
    ordered.observe()
    asked = urgent(ordered)
    refused = both.at_once(
        ordered,
        moved(ordered),
        lambda session: beginning.send(
            *ordered.asking(session, "governor.north"), ordered.case_id, "F-URGENT", asked
        ),
    )
    assert isinstance(refused, access.NotVisible)
    assert places(ordered) == {"Demo prison South"}
    assert ordered.open_elements() == {"detection_first_look"}

    ended = both.story()
    ended.observe()
    ended.complete("detection_first_look", "lead.north", first_look="open", reasons=REASONS)
    death = done(ended, "interrupt", as_="coordinator.north", reason="died", refused=True)
    assert both.at_once(ended, moved(ended), death) is None
    assert places(ended) == {"Demo prison South"}
    assert ended.open_elements() == {"basis_and_age_ground", "arrived_take_over"}


def urgent(story: Story) -> Any:
    with story.reading() as session:
        for version in session.scalars(select(ProcessVersion).where(ProcessVersion.active)):
            model = story.platform.models.model(session, version.id)
            if any(start.form == "F-URGENT" for start in model.starts):
                form = story.platform.models.form(session, version.id, "F-URGENT")
    return story.player.posted(filled(form, {**URGENT, "since": date(2026, 3, 2)}))


def test_a_transfer_that_waits_sees_who_was_asked_and_undoes_no_completion(both):
    named = both.story()
    named.up_to_raters()
    raters = answers(named, "rate_and_hear_name", **named.raters())
    naming = done(named, "complete", task="rate_and_hear_name", answers=raters)
    assert both.at_once(named, naming, moved(named)) is None
    assert named.may_see("blind_grids_custody", "custody2.north")
    with named.reading() as session:
        task = named.task(session, "blind_grids_custody")
        assert task.holder_id == named.user("custody2.north")

    looked = both.story()
    looked.observe()
    look = answers(looked, "detection_first_look", first_look="open", reasons=REASONS)
    with looked.reading() as session:
        instance_id = looked.task(session, "detection_first_look").instance_id
    with ThreadPoolExecutor(1) as thread:
        with looked.writing() as session:
            advance.lock_instance(session, instance_id)  # as a completion begins
            running = thread.submit(move_now, looked)
            assert both.one_waits()
            done(looked, "complete", task="detection_first_look", as_="lead.north", answers=look)(
                session
            )
        running.result(timeout=60)
    looked.player.do_what_is_due()
    assert looked.open_elements() == {"basis_and_age_ground", "arrived_take_over"}
    assert places(looked) == {"Demo prison South"}


def move_now(story: Story) -> None:
    with story.writing() as session:
        moved(story)(session)
