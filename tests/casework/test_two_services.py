"""Two services in one installation: each has its pack, its people and its cases; one can rest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import access, casefile, demo_people, setup, work
from casework.agency_filter import bind_agency
from casework.casepages import CaseFilters
from casework.demo.world import WORLDS, find_world
from casework.hands import hands
from casework.player import Player
from casework.scenarios import Scenario, ScenarioError, ScenarioStep, read_scenario
from casework.settings import Settings, SettingsError
from casework.tables import Case, UserAccount
from casework.trial import BEGIN, Trials
from processes.packs import MODELS
from processes.tables import Message, ProcessInstance, ProcessVersion

SWEDISH = MODELS / "sweden" / "scenarios"
FRENCH = MODELS / "france" / "scenarios"


@pytest.fixture
def both(trials: Trials) -> Iterator:
    """Both worlds in one database."""
    with trials.world() as (sessions, _):
        with sessions() as session:
            worlds = {name: find_world(session, path) for name, path in WORLDS.items()}
        yield sessions, worlds


def played(trials, sessions, world, path, steps: int) -> Player:
    whole = read_scenario(path)
    player = Player(trials.platform, sessions, world, BEGIN)
    player.play(Scenario(whole.name, whole.title, None, (), whole.person, whole.steps[:steps]))
    return player


def viewer(session: Session, world, login: str, now) -> access.Viewer:
    return access.viewer(session, session.get_one(UserAccount, world.users[login]), now.date())


def test_each_service_sees_its_own_cases_and_tasks_only(trials, both):
    sessions, worlds = both
    swedish = played(
        trials, sessions, worlds["sweden"], SWEDISH / "separation-to-placement.toml", 1
    )
    french = played(trials, sessions, worlds["france"], FRENCH / "threat-without-faith.toml", 1)
    for world, login, own, other in (
        (worlds["sweden"], "manager.bjork", swedish, french),
        (worlds["france"], "coordinator.north", french, swedish),
    ):
        with sessions() as session:
            bind_agency(session, world.agency_id)
            asks = viewer(session, world, login, own.played.now)
            acting = own.acting(asks.user_id)
            listed = casefile.cases(
                trials.platform, session, asks, acting.now, CaseFilters(state="all")
            )
            assert {row.case_id for row in listed.rows} <= {own.played.case_id}
            assert session.get(Case, other.played.case_id) is None
            mine = work.my_work(trials.platform, session, asks, acting.now)
            rows = session.scalars(select(ProcessInstance)).all()
            assert {row.case_id for row in rows} == {own.played.case_id}
            assert "someone" not in str(mine)
        with sessions() as session:  # not even where nobody bound the session
            asks = viewer(session, world, login, own.played.now)
            case = session.get_one(Case, other.played.case_id)
            assert not access.may_see_case(session, asks, case)


def test_each_service_has_the_models_of_its_own_pack(both):
    sessions, worlds = both
    with sessions() as session:
        packs = {
            name: set(
                session.scalars(
                    select(ProcessVersion.pack).where(ProcessVersion.agency_id == world.agency_id)
                )
            )
            for name, world in worlds.items()
        }
    assert packs == {"france": {"france"}, "sweden": {"sweden"}}


def test_the_people_of_the_demo_are_told_agency_by_agency(both):
    sessions, _ = both
    with sessions() as session:
        people = demo_people.people(session, BEGIN.date())
    agencies = [person.agency for person in people]
    assert agencies == sorted(agencies)
    assert set(agencies) == {"Demo prison service", "Demo prison service Sweden"}


def switched(trials: Trials, *off: str):
    settings = replace(trials.platform.settings, packs_off=frozenset(off))
    return replace(trials.platform, settings=settings, real_now=lambda: BEGIN)


def load(trials, sessions, *off: str) -> None:
    with hands(trials.platform, sessions).writing() as session:
        problems = setup.load_packs(switched(trials, *off), session)
        assert [p for p in problems if p.is_error] == []


@pytest.mark.parametrize("off", ["sweden", "sweden@Demo prison service Sweden"])
def test_in_a_pack_that_is_off_nothing_begins_and_what_runs_goes_on(trials, both, off):
    sessions, worlds = both
    path = SWEDISH / "background-alone.toml"
    player = played(trials, sessions, worlds["sweden"], path, 3)  # until the notice is written
    load(trials, sessions, off)
    whole = read_scenario(path).steps
    for step in whole[3:5]:  # what runs goes on to its end
        player.step(step)
    with sessions() as session:
        kept = session.scalars(select(Message).where(Message.state == "kept")).all()
        assert [message.name for message in kept] == ["assessmentOpened"]
        assert session.get_one(Case, player.played.case_id).state == "open"
    other = read_scenario(SWEDISH / "separation-to-placement.toml")
    with pytest.raises(ScenarioError):
        Player(trials.platform, sessions, worlds["sweden"], BEGIN).play(
            replace(other, steps=other.steps[:1])
        )
    french = played(trials, sessions, worlds["france"], FRENCH / "threat-without-faith.toml", 2)
    assert french.played.case_id is not None  # the other service works on
    load(trials, sessions)  # on again: what was sent is taken up
    player.do_what_is_due()
    player.step(whole[5])
    player.step(ScenarioStep("expect", {"open": ["assess_background"]}))


@pytest.mark.parametrize("value", ["norway", "sweden, norway@Somewhere", "common"])
def test_an_unknown_pack_cannot_be_switched_off(value):
    with pytest.raises(SettingsError, match=r"PACKS_OFF.*write packs by name: france, sweden"):
        Settings.from_environment({"SAMVERKAN_PACKS_OFF": value})


@pytest.mark.parametrize("off", ["sweden@Nowhere", "france@Demo prison service Sweden"])
def test_an_unknown_agency_is_named_in_words(trials, both, off):
    sessions, _ = both
    with pytest.raises(SettingsError, match="there is no"):
        load(trials, sessions, off)
