"""The revisions make, on both databases, exactly the tables that the code declares."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from casework import schema
from casework.database import open_engine, session_factory
from casework.tables import Unit
from processes.tables import (
    Agency,
    Base,
    Establishment,
    Installation,
    InstanceMigration,
    ProcessInstance,
)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request, tmp_path):
    """An engine on a database without any table."""
    if request.param == "sqlite":
        engine = open_engine(f"sqlite:///{tmp_path}/empty.db")
    else:
        engine = open_engine(request.getfixturevalue("postgresql_url"))
        Base.metadata.drop_all(engine)
    yield engine
    engine.dispose()


def differences(engine) -> list:
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        return compare_metadata(context, Base.metadata)


def shape(engine) -> dict:
    """What a database holds, as it tells itself."""
    seen = inspect(engine)
    return {
        name: (
            sorted((c["name"], str(c["type"]), c["nullable"]) for c in seen.get_columns(name)),
            sorted((i["name"], i["column_names"], i["unique"]) for i in seen.get_indexes(name)),
            sorted((u["name"], u["column_names"]) for u in seen.get_unique_constraints(name)),
            sorted(
                (f["name"], f["constrained_columns"], f["referred_table"])
                for f in seen.get_foreign_keys(name)
            ),
            seen.get_pk_constraint(name)["constrained_columns"],
        )
        for name in seen.get_table_names()
        if name != "alembic_version"
    }


def test_the_revisions_make_the_tables_that_the_code_declares(empty):
    schema.upgrade(empty)
    assert differences(empty) == []


def test_the_revisions_make_the_same_as_creating_all_tables_at_once(empty):
    schema.upgrade(empty)
    by_revisions = shape(empty)
    Base.metadata.drop_all(empty)
    Base.metadata.create_all(empty)
    assert by_revisions == shape(empty)
    assert by_revisions.keys() == Base.metadata.tables.keys()


def test_bringing_forward_once_more_keeps_what_is_there(empty):
    schema.upgrade(empty)
    agency_id = uuid4()
    with session_factory(empty)() as session, session.begin():
        session.add(Installation(id=1, demo=False, created_at=datetime(2026, 3, 2, tzinfo=UTC)))
        session.add(Agency(id=agency_id, name="Test service", country="FR"))
    schema.upgrade(empty)
    command.upgrade(schema.configuration(empty), "head")
    with session_factory(empty)() as session:
        assert session.get_one(Agency, agency_id).name == "Test service"
        assert session.get_one(Installation, 1).demo is False


def test_every_later_revision_follows_one_other_and_there_is_one_newest(empty):
    revisions = list(ScriptDirectory.from_config(schema.configuration(empty)).walk_revisions())
    assert [r.down_revision for r in revisions] == [r.revision for r in revisions[1:]] + [None]


def test_a_database_without_tables_is_refused_with_what_to_run(empty):
    with pytest.raises(schema.SchemaProblem, match="samverkan setup"):
        schema.check(empty)


def test_a_database_of_a_newer_release_is_refused(empty):
    schema.upgrade(empty)
    schema.check(empty)
    with empty.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(schema.SchemaProblem, match="9999"):
        schema.check(empty)


def test_a_revision_that_fails_leaves_nothing_behind(empty):
    with empty.begin() as connection:
        connection.execute(text("CREATE TABLE timer (id integer)"))
    with pytest.raises(Exception, match="timer"):
        schema.upgrade(empty)
    assert set(inspect(empty).get_table_names()) <= {"timer", "alembic_version"}
    assert schema.current(empty) is None


def test_foreign_keys_hold_on_sqlite_after_the_revisions(tmp_path):
    engine = open_engine(f"sqlite:///{tmp_path}/main.db")
    schema.upgrade(engine)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    engine.dispose()


def test_a_database_before_special_units_is_brought_forward_and_keeps_its_places(empty):
    command.upgrade(schema.configuration(empty), "0004")
    agency_id, place_id = uuid4(), uuid4()
    with session_factory(empty)() as session, session.begin():
        session.add(Agency(id=agency_id, name="Test service", country="FR"))
        session.flush()
        session.add(
            Establishment(
                id=place_id,
                agency_id=agency_id,
                kind="prison",
                name="Here",
                zone="Europe/Paris",
                country="FR",
            )
        )
    schema.upgrade(empty)
    with session_factory(empty)() as session, session.begin():
        unit = Unit(
            id=uuid4(),
            agency_id=agency_id,
            establishment_id=place_id,
            kind="qer",
            name="Here",
            capacity=2,
            active=True,
        )
        session.add(unit)
    with session_factory(empty)() as session:
        assert session.get_one(Unit, unit.id).establishment_id == place_id


def test_instances_that_ran_before_they_could_be_migrated_run_on(empty):
    command.upgrade(schema.configuration(empty), "0010")
    now = datetime(2026, 3, 2, tzinfo=UTC)
    agency_id, place_id, version_id, instance_id = (uuid4() for _ in range(4))
    rows = {
        "agency": {"id": agency_id, "name": "Test service", "country": "FR"},
        "establishment": {
            "id": place_id, "agency_id": agency_id, "kind": "prison", "name": "Here",
            "zone": "Europe/Paris", "country": "FR",
        },
        "process_version": {
            "id": version_id, "agency_id": agency_id, "pack": "france", "model": "detection",
            "title": "Detection", "digest": "0" * 64, "deployed_at": now, "active": True,
        },
        "process_instance": {
            "id": instance_id, "agency_id": agency_id, "version_id": version_id,
            "case_id": uuid4(), "establishment_id": place_id, "state": "running",
            "engine_state": b"as it was", "revision": 7, "started_at": now,
        },
    }  # fmt: skip
    with empty.begin() as connection:
        for name, row in rows.items():
            connection.execute(Base.metadata.tables[name].insert().values(row))
    schema.upgrade(empty)
    with session_factory(empty)() as session, session.begin():
        instance = session.get_one(ProcessInstance, instance_id)
        assert (instance.engine_state, instance.revision) == (b"as it was", 7)
        assert instance.migrated_revision is None
        session.add(
            InstanceMigration(
                id=uuid4(), agency_id=agency_id, instance_id=instance_id,
                from_version_id=version_id, to_version_id=version_id, at=now, actor_id=None,
                revision=8, state_before=b"as it was", rows_before=[],
            )
        )  # fmt: skip
