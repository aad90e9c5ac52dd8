"""The anonymous tally of ordinary practice."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy import select

from casework import tally
from casework.tables import AuditRow, Tally
from tests.casework_record.world import World

MARCH = date(2026, 3, 1)


def add(world: World, times: int, **changes) -> None:
    for _ in range(times):
        tally.add(world.session, world.acting(world.user(), **changes), world.north.id)


def test_each_ordinary_practice_adds_one_to_the_month(both):
    add(both, 6)
    [row] = both.session.scalars(select(Tally)).all()
    assert (row.month, row.count, row.establishment_id) == (MARCH, 6, both.north.id)


def test_fewer_than_five_are_not_shown(world):
    add(world, 4)
    assert tally.shown(world.session, world.north.id, MARCH) is None
    add(world, 1)
    assert tally.shown(world.session, world.north.id, date(2026, 3, 17)) == 5


def test_a_month_without_any_is_not_shown(world):
    assert tally.shown(world.session, world.north.id, MARCH) is None


def test_the_month_is_that_of_the_establishments_own_day(world):
    add(world, 1, now=datetime(2026, 3, 31, 22, 30, tzinfo=UTC))
    assert world.session.scalar(select(Tally.month)) == date(2026, 4, 1)


def test_months_and_establishments_are_counted_apart(world):
    add(world, 5)
    tally.add(world.session, world.acting(), world.south.id)
    assert tally.shown(world.session, world.north.id, MARCH) == 5
    assert tally.shown(world.session, world.south.id, MARCH) is None


def test_nobody_is_named_by_the_tally(world):
    add(world, 1)
    assert world.session.scalar(select(AuditRow.id)) is None
    columns = {column.name for column in Tally.__table__.columns}
    assert columns == {"id", "agency_id", "establishment_id", "month", "count"}
