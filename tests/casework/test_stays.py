"""Places in special units: kept in the order of asking, free again when somebody leaves."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from casework.effects import EFFECTS
from casework.measures import force
from casework.places import PlacesError, read_places
from casework.tables import Case, Decision, Measure, Stay, Unit
from casework.units import stays
from processes.engine import EngineFault
from processes.tables import Establishment, ProcessInstance
from tests.casework.story import Story

HOUR = timedelta(hours=1)


def asked(story: Story, session, number: int, kind: str = "qer") -> tuple[Case, Stay]:
    """A case of its own that asks for a place, one hour after the one before."""
    acting = story.acting(None)
    acting = replace(acting, now=acting.now + number * HOUR)
    place = session.scalars(
        select(Establishment).where(Establishment.name == "Demo prison North")
    ).one()
    case = Case(
        id=acting.new_id(),
        agency_id=place.agency_id,
        establishment_id=place.id,
        person_id=None,
        pack="france",
        purpose_code="",
        owner_role="fr.mlrv",
        stage="open",
        state="open",
        legal_basis="",
        opened_at=acting.now,
    )
    session.add(case)
    session.flush()
    return case, stays.ask(session, acting, case, kind)


def test_places_are_kept_in_the_order_of_asking_until_none_is_left(story):
    with story.writing() as session:
        rows = [asked(story, session, number)[1] for number in range(6)]
        assert [row.unit_id is not None for row in rows] == [True] * 4 + [False] * 2
        assert stays.in_turn(session, rows[0].agency_id, "qer") == rows


def test_a_place_that_is_free_again_goes_to_whoever_waits_longest(story):
    with story.writing() as session:
        cases = [asked(story, session, number) for number in range(6)]
        stays.leave(session, story.acting(None), cases[1][0].id, stays.KINDS)
        assert cases[1][1].state == "left"
        assert cases[4][1].unit_id is not None
        assert cases[5][1].unit_id is None


def test_asking_again_keeps_the_turn(story):
    with story.writing() as session:
        cases = [asked(story, session, number) for number in range(6)]
        again = stays.ask(session, story.acting(None), cases[4][0], "qer")
        assert again is cases[4][1]
        assert again.unit_id is None


def test_a_place_in_the_own_region_comes_before_one_elsewhere(story):
    with story.writing() as session:
        far = session.scalars(select(Unit).where(Unit.kind == "qpr_individual")).one()
        far.kind, far.name = "qer", "A unit first by name"
        session.flush()
        _, stay = asked(story, session, 0)
        unit = session.get_one(Unit, stay.unit_id)
        home = session.scalars(
            select(Establishment.id).where(Establishment.name == "Demo prison North")
        ).one()
        assert stays.region_of(session, unit.establishment_id) == stays.region_of(session, home)


def test_nobody_stays_in_a_unit_when_the_measure_of_its_kind_has_ended(story):
    story.observe()
    with story.writing() as session:
        case, stay = asked(story, session, 0)
        measure = in_force(story, session, case)
        stay.state = "here"
        session.flush()
        force.end(story.platform, session, story.acting(None), [measure], "replaced")
        assert stay.state == "here"
        again = in_force(story, session, case)
        force.end(story.platform, session, story.acting(None), [again], "lapsed")
        assert stay.state == "left"


def in_force(story: Story, session, case: Case) -> Measure:
    """A placement that runs."""
    acting = story.acting(None)
    story_user = next(iter(story.player.world.users.values()))
    decision = Decision(
        id=acting.new_id(),
        agency_id=case.agency_id,
        case_id=case.id,
        instance_id=session.scalars(select(ProcessInstance.id)).one(),
        task_id=acting.new_id(),
        kind="qer",
        outcome="place_qer",
        decided_by=story_user,
        decided_at=acting.now,
    )
    measure = Measure(
        id=acting.new_id(),
        agency_id=case.agency_id,
        case_id=case.id,
        decision_id=decision.id,
        kind="qer",
        code="qer",
        state="decided",
        effective_on=acting.now.date(),
        expires_on=acting.now.date() + timedelta(days=105),
    )
    session.add(decision)
    session.flush()
    session.add(measure)
    session.flush()
    force.enter(story.platform, session, acting, case, measure)
    return measure


def test_a_place_that_nobody_keeps_is_not_taken(story):
    with story.writing() as session:
        for number in range(4):
            asked(story, session, number)
        case, _ = asked(story, session, 5)
        doing = SimpleNamespace(
            session=session,
            acting=story.acting(None),
            case=case,
            element=SimpleNamespace(id="take"),
            attribute=lambda name, otherwise="": "qer" if name == "kind" else otherwise,
        )
        with pytest.raises(EngineFault, match="ask for one first"):
            EFFECTS["place.take"](doing)


def test_a_places_file_names_its_units_or_says_what_is_wrong(tmp_path):
    text = """
[agency]
name = "Service"
country = "FR"
zone = "Europe/Paris"
[[place]]
key = "here"
kind = "prison"
name = "Here"
[[unit]]
place = "%s"
kind = "%s"
name = "Unit"
capacity = %s
"""
    file = tmp_path / "places.toml"
    file.write_text(text % ("here", "qer", 2), "utf-8")
    assert read_places(file)["unit"][0]["capacity"] == 2
    for wrong, words in (
        (("elsewhere", "qer", 2), "no place"),
        (("here", "wing", 2), "kind is one of"),
        (("here", "qer", 0), "whole number"),
    ):
        file.write_text(text % wrong, "utf-8")
        with pytest.raises(PlacesError, match=words):
            read_places(file)
