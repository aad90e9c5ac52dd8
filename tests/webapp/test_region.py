"""What ends when, on one page for a region: the next to end first, names for those who signed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, select

from casework import access
from casework.player import Player
from casework.scenarios import Scenario
from casework.supervision import region
from casework.tables import Case, Decision, Measure, UserAccount
from tests.supervision.playing import scenario, until
from tests.webapp.pages import check_page
from tests.webapp.world import House


def play(house: House, story: Scenario) -> Player:
    """A story in the house, told today."""
    player = Player(house.platform, house.sessions, house.world, house.platform.real_now())
    player.play(story)
    return player


@pytest.fixture
def two(house: House) -> House:
    """One programme that the region signed, one that the Minister did, which ends first."""
    play(house, _first())
    story = until("unit-individual", "individual_supervision_admit")
    play(house, story)
    return house


def _first() -> Scenario:
    whole = scenario("unit-transferred")
    return replace(whole, steps=whole.steps[:4])


def many(house: House, count: int) -> None:
    """As many measures of one decision, each in a case of its own."""
    player = play(house, _first())
    with player.hands.writing() as session:
        case = session.get_one(Case, player.played.case_id)
        decision = session.scalars(select(Decision)).first()
        assert decision is not None
        facts = {c.name: getattr(case, c.name) for c in Case.__table__.columns}
        for number in range(count):
            new = Case(**{**facts, "id": house.platform.new_id()})
            session.add(new)
            session.flush()
            session.add(
                Measure(
                    id=house.platform.new_id(),
                    agency_id=case.agency_id,
                    case_id=new.id,
                    instance_id=None,
                    decision_id=decision.id,
                    kind="qpr_collective",
                    code="qpr_collective",
                    state="in_force",
                    effective_on=datetime.now(UTC).date(),
                    review_on=None,
                    expires_on=datetime.now(UTC).date() + timedelta(days=400 - number),
                )
            )


@pytest.mark.parametrize(("language", "words"), [("en", "in a group"), ("fr", "en groupe")])
def test_a_region_sees_what_ends_when_and_the_names_of_those_it_decided_on(two, language, words):
    reader = two.sign_in("region", language)
    check_page(reader.get("/region"))
    assert words in reader.text
    assert "Ilan Heron (N-1206)" in reader.text
    assert "Whimbrel" not in reader.text  # the Minister decided
    assert "/region" in [a.get("href") for a in reader.tree.iter("a")]
    minister = two.sign_in("ministry", language)
    check_page(minister.get("/region"))
    assert "Whimbrel" in minister.text
    assert "Heron" not in minister.text


def test_only_one_kind_is_shown_where_one_is_asked_for(two):
    reader = two.sign_in("oversight", "en")
    check_page(reader.get("/region?kind=qpr_individual"))
    assert "Whimbrel" in reader.text
    assert "Heron" not in reader.text
    check_page(reader.get("/region?kind=isolation"))
    assert "No measure runs" in reader.text
    check_page(reader.get("/region?kind=nonsense&page=77"))
    assert "2 cases with a measure" in reader.text


@pytest.mark.parametrize("login", ["custody.north", "governor.north", "coordinator.north"])
def test_the_page_is_not_there_for_others(house, login):
    reader = house.sign_in(login, "en")
    assert reader.get("/region").status_code == 404


def test_a_page_takes_six_statements_however_many_cases_there_are(house):
    many(house, 120)
    with house.sessions() as session:
        account = session.get_one(UserAccount, house.world.users["region"])
        viewer = access.viewer(session, account, house.platform.real_now().date())
        said: list[str] = []
        event.listen(session.get_bind(), "before_cursor_execute", lambda *a: said.append(a[2]))
        page = region.region_page(session, viewer, house.platform.real_now(), 2)
    assert len([s for s in said if s.startswith("SELECT")]) == 6
    assert (len(page.lines), page.total, page.pages) == (50, 121, 3)
    ends = [line.ends_on for line in page.lines]
    assert ends == sorted(ends)
    [place] = [row for row in page.places if row.measured]
    assert place.measured == 121
