"""The way to release (FR-R): six months before the day, once, and from the day as it stands."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from casework.player import Player
from casework.scenarios import ScenarioStep
from casework.supervision import leaving
from casework.tables import Case, Person
from casework.trial import BEGIN, Trials
from processes.tables import Clock, Message, Timer
from tests.supervision.playing import scenario, until


@pytest.fixture(scope="module")
def on_trial(tmp_path_factory) -> Trials:
    return Trials(tmp_path_factory.mktemp("trial"))


def clocks(session, case_id) -> dict[str, str]:
    wanted = select(Clock).where(Clock.case_id == case_id, Clock.guards == leaving.GUARDS)
    return {row.name: row.state for row in session.scalars(wanted)}


def test_FR_R_the_clock_counts_from_the_day_of_release_and_follows_it(on_trial):
    with on_trial.world() as (sessions, world):
        player = Player(on_trial.platform, sessions, world, BEGIN)
        story = until("release-handed-over", "release_handover_prepare")
        played = player.play(type(story)(**{**vars(story), "steps": story.steps[:6]}))
        with player.hands.writing() as session:
            assert clocks(session, played.case_id) == {"2026-11-20": "running"}
            [due] = session.scalars(
                select(Timer.due_at)
                .join(Clock, Clock.id == Timer.clock_id)
                .where(Clock.guards == leaving.GUARDS)
            )
            assert due.date() in {date(2026, 5, 19), date(2026, 5, 20)}
            session.get_one(Person, played.person_id).release_on = date(2027, 1, 15)
        player.step(ScenarioStep("wait", {"until": "P32D", "hour": 10}))
        note = {
            "task": "supervision_programme_note",
            "as": "fr.qpr_team",
            "answers": {
                "goals": [{"goal": "x", "change": "y", "next": "z"}],
                "helped": "a",
                "hindered": "b",
                "person_says": "c",
            },
        }
        player.step(ScenarioStep("complete", note))
        with sessions() as session:
            assert clocks(session, played.case_id) == {
                "2026-11-20": "cancelled",
                "2027-01-15": "running",
            }


def test_FR_R_nobody_is_handed_over_twice_for_one_release(on_trial):
    with on_trial.world() as (sessions, world):
        player = Player(on_trial.platform, sessions, world, BEGIN)
        played = player.play(scenario("release-handed-over"))
        with sessions() as session:
            sent = session.scalars(
                select(Message).where(
                    Message.case_id == played.case_id, Message.name == leaving.PATH
                )
            ).all()
            assert len(sent) == 1


def test_FR_R_word_of_release_that_waits_is_not_sent_again(on_trial):
    with on_trial.world() as (sessions, world):
        player = Player(on_trial.platform, sessions, world, BEGIN)
        story = until("unit-transferred", "collective_supervision_admit")
        played = player.play(story)
        with player.hands.writing() as session:
            case = session.get_one(Case, played.case_id)
            acting = player.acting(None)
            assert leaving.begin(session, acting, case, date(2026, 9, 1)) is not None
            assert leaving.under_way(session, case)
            assert leaving.begin(session, acting, case, date(2026, 10, 1)) is None
