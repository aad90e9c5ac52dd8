"""What a row keeps: variables with their kind, instants with their zone, parameters in force."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.exc import StatementError

from processes import parameters
from processes.deadlines import DeadlineError
from processes.tables import Clock, Parameter
from processes.values import decode, encode

DAY = date(2026, 3, 2)


def test_variables_come_back_from_json_with_their_kind() -> None:
    known = {"until": DAY, "amount": Decimal("2.50"), "adult": True, "code": "open", "none": None}
    back = decode(json.loads(json.dumps(encode(known))))
    assert back == known
    assert {name: type(value) for name, value in back.items()} == {
        name: type(value) for name, value in known.items()
    }


def clock(world, base_at: datetime) -> Clock:
    return Clock(
        id=uuid4(),
        agency_id=world.agency_id,
        case_id=world.case_id,
        establishment_id=world.place_id,
        guards="task",
        guarded_id=uuid4(),
        name="a clock",
        base_at=base_at,
        zone="Europe/Paris",
        state="running",
    )


def test_an_instant_comes_back_in_utc_from_either_database(world) -> None:
    paris = datetime(2026, 3, 2, 10, tzinfo=ZoneInfo("Europe/Paris"))
    with world.writing() as session:
        session.add(clock(world, paris))
    (kept,) = world.rows(Clock)
    assert kept.base_at == paris
    assert kept.base_at.tzinfo is UTC


def test_an_instant_without_a_zone_is_not_written(world) -> None:
    with world.reading() as session:
        session.add(clock(world, datetime(2026, 3, 2, 10)))
        with pytest.raises(StatementError, match="needs a time zone"):
            session.flush()


@pytest.fixture
def terms(world):
    """A parameter whose value changed on DAY, and one that ended the day before."""

    def row(name: str, value: str, since: date, until: date | None) -> Parameter:
        return Parameter(
            id=uuid4(),
            agency_id=world.agency_id,
            pack="test",
            name=name,
            value=value,
            source="a law",
            mark="D",
            jurisdiction="FR",
            valid_from=since,
            valid_to=until,
            approved_by="a lawyer",
        )

    before = DAY - timedelta(days=1)
    with world.writing() as session:
        session.add_all(
            [
                row("term", "P1D", date(2020, 1, 1), before),
                row("term", "P2D", DAY, None),
                row("ended", "P9D", date(2020, 1, 1), before),
                row("open", "P3D", date(2020, 1, 1), None),
                row("open", "P4D", DAY, DAY),
            ]
        )
    return world


@pytest.mark.parametrize(
    ("on", "term", "opened"),
    [(-1, "P1D", "P3D"), (0, "P2D", "P4D"), (1, "P2D", "P3D")],
    ids=["the day before", "the day", "the day after"],
)
def test_the_row_in_force_on_the_day_counts_and_of_two_the_newest(terms, on, term, opened) -> None:
    day = DAY + timedelta(days=on)
    with terms.reading() as session:
        rows = parameters.in_force(session, terms.agency_id, ("term", "open"), day)
        found = {name: row.value for name, row in rows.items()}
        assert found == {"term": term, "open": opened}
        values = parameters.Values(session, terms.agency_id, day)
        assert (values["term"], values["open"]) == (term, opened)
        assert ("ended" in values) is (on < 0)
        assert set(values) == {"term", "open"} | ({"ended"} if on < 0 else set())
        assert len(values) == len(set(values))


def test_a_parameter_that_is_not_in_force_is_an_error_that_names_it_and_the_day(terms) -> None:
    with terms.reading() as session:
        for agency, name in ((terms.agency_id, "ended"), (uuid4(), "term")):
            with pytest.raises(DeadlineError, match=f"“{name}” is in force on 2026-03-02"):
                parameters.in_force(session, agency, (name,), DAY)
        assert dict(parameters.Values(session, uuid4(), DAY)) == {}
