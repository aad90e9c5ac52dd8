"""Two agencies in one database: neither ever meets a row of the other."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import aliased

import casework.tables as tables
from casework.access import bind_agency
from casework.agency_filter import bound_agency
from casework.audit import seal, verify, write
from casework.tables import AuditHead, Case, Person, RecordEntry, UserAccount
from casework.tables.marks import AgencyMarked
from processes.tables import AgencyOwned, Base, Establishment
from tests.casework_record.world import REAL, World, act


class Two:
    """One case in each agency; the session is bound to the first."""

    def __init__(self, world: World) -> None:
        self.world, self.session = world, world.session
        self.own = world.case()
        self.foreign = world.case(world.elsewhere, world.other)
        for case in (self.own, self.foreign):
            acting = world.acting(agency_id=case.agency_id)
            write(self.session, world.keyring, acting, act(case.id))
        self.session.commit()
        self.ids = (self.own.id, self.foreign.id)
        self.session.expunge_all()
        bind_agency(self.session, world.agency.id)


@pytest.fixture
def two(both) -> Two:
    return Two(both)


def test_a_bound_session_knows_its_agency(two):
    assert bound_agency(two.session) == two.world.agency.id


def test_a_query_gives_rows_of_the_own_agency_only(two):
    assert set(two.session.scalars(select(Case.id))) == {two.ids[0]}
    assert two.session.scalar(select(func.count()).select_from(Person)) == 1


def test_a_row_of_another_agency_is_not_found_by_its_id(two):
    assert two.session.get(Case, two.ids[0]) is not None
    assert two.session.get(Case, two.ids[1]) is None
    assert two.session.get(AuditHead, two.ids[1]) is None


def test_joins_aliases_and_subqueries_are_kept_to_the_agency(two):
    other = aliased(Case)
    joined = select(Person.id).join(other, other.person_id == Person.id)
    assert len(two.session.scalars(joined).all()) == 1
    inner = select(Person.id).where(Person.id.in_(select(Case.person_id)))
    assert len(two.session.scalars(inner).all()) == 1
    assert two.session.scalar(select(select(func.count(Case.id)).scalar_subquery())) == 1


def test_changes_and_deletions_stay_within_the_agency(two):
    two.session.execute(update(Case).values(stage="other"))
    two.session.execute(delete(RecordEntry))
    wide = {"across_agencies": True}
    stages = select(Case.stage).order_by(Case.stage)
    assert two.session.scalars(stages, execution_options=wide).all() == ["detection", "other"]


def test_another_session_is_bound_to_its_own_agency(two):
    bind_agency(two.session, two.world.other.id)
    assert set(two.session.scalars(select(Case.id))) == {two.ids[1]}
    assert {p.name for p in two.session.scalars(select(Establishment))} == {"Demo prison"}


def test_verification_and_seals_see_all_agencies_also_from_a_bound_session(two):
    assert seal(two.session, two.world.keyring, REAL) == 2
    two.session.commit()
    result = verify(two.session, two.world.keyring)
    assert (result.stands, result.chains) == (True, 2)


def test_an_unbound_session_sees_all(world):
    Two(world)
    world.session.info.clear()
    assert world.session.scalar(select(func.count()).select_from(Case)) == 2


def test_every_table_with_an_agency_is_kept_to_it():
    owned = {
        mapper.class_
        for mapper in Base.registry.mappers
        if "agency_id" in mapper.columns and not issubclass(mapper.class_, AgencyOwned)
    }
    assert {table.__name__ for table in owned if not issubclass(table, AgencyMarked)} == set()
    assert issubclass(UserAccount, AgencyOwned)
    assert tables.Case.__table__.c.agency_id.index
