"""Checkpoints and their copy outside the database."""

from __future__ import annotations

import json
import stat
from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select

from casework import seals
from casework.audit import seal, verify, write
from casework.database import open_engine, session_factory
from casework.seals import SealRefused
from casework.tables import AuditCheckpoint, AuditHead
from tests.casework_record.world import REAL, World, act


def chain(world: World, length: int = 2):
    case = world.case()
    for _ in range(length):
        write(world.session, world.keyring, world.acting(), act(case.id))
    return case


def checkpoints(world: World) -> int:
    return world.session.scalar(select(func.count()).select_from(AuditCheckpoint))


def lines(world: World) -> list[bytes]:
    path = world.keyring.outside_file
    return path.read_bytes().splitlines(keepends=True) if path.exists() else []


def test_a_seal_holds_the_heads_that_moved_since_the_last(both):
    first, second = chain(both), chain(both, 3)
    assert seal(both.session, both.keyring, REAL) == 2
    write(both.session, both.keyring, both.acting(), act(first.id))
    assert seal(both.session, both.keyring, REAL + timedelta(hours=1)) == 1
    rows = both.session.scalars(select(AuditCheckpoint).order_by(AuditCheckpoint.position)).all()
    assert {name: place[0] for name, place in rows[0].heads.items()} == {
        first.id.hex: 2,
        second.id.hex: 3,
    }
    assert [place[0] for place in rows[1].heads.values()] == [3]


def test_nothing_is_sealed_when_nothing_moved(world):
    chain(world)
    seal(world.session, world.keyring, REAL)
    assert seal(world.session, world.keyring, REAL) == 0
    assert checkpoints(world) == 1


def test_a_checkpoint_keeps_real_time(world):
    chain(world)
    seal(world.session, world.keyring, REAL)
    assert world.session.scalar(select(AuditCheckpoint.at)) == REAL


def test_many_heads_make_several_checkpoints(world, monkeypatch):
    monkeypatch.setattr(seals, "HEADS_PER_CHECKPOINT", 2)
    for _ in range(5):
        chain(world, 1)
    assert seal(world.session, world.keyring, REAL) == 5
    world.session.commit()
    assert checkpoints(world) == len(lines(world)) == 3
    assert verify(world.session, world.keyring).stands


def test_the_file_outside_gets_its_line_when_the_seal_is_committed(both):
    chain(both)
    seal(both.session, both.keyring, REAL)
    assert lines(both) == []
    both.session.commit()
    [line] = lines(both)
    assert json.loads(line)["position"] == 1


def test_a_seal_that_is_rolled_back_leaves_no_line(world):
    chain(world)
    world.session.commit()
    seal(world.session, world.keyring, REAL)
    world.session.rollback()
    write(world.session, world.keyring, world.acting(), act(None))
    world.session.commit()
    assert lines(world) == []


def test_a_seal_of_a_session_that_is_closed_leaves_no_line(world):
    chain(world)
    acting = world.acting()
    world.session.commit()
    seal(world.session, world.keyring, REAL)
    world.session.close()
    write(world.session, world.keyring, acting, act(None))
    world.session.commit()
    assert lines(world) == []


def test_the_release_of_a_savepoint_writes_no_line_yet(world):
    chain(world)
    with world.session.begin_nested():
        seal(world.session, world.keyring, REAL)
    assert lines(world) == []
    world.session.commit()
    assert len(lines(world)) == 1


def test_a_line_lost_in_a_crash_is_written_by_the_next_seal(world):
    case = chain(world)
    seal(world.session, world.keyring, REAL)
    world.session.commit()
    world.keyring.outside_file.unlink()
    write(world.session, world.keyring, world.acting(), act(case.id))
    seal(world.session, world.keyring, REAL)
    world.session.commit()
    assert len(lines(world)) == 2
    assert verify(world.session, world.keyring).stands


@pytest.mark.parametrize("kept", [1, 30])
def test_a_line_torn_by_a_crash_is_written_whole_by_the_next_seal(world, kept):
    for _ in range(2):
        chain(world)
        seal(world.session, world.keyring, REAL)
        world.session.commit()
    path = world.keyring.outside_file
    first, second = lines(world)
    path.write_bytes(first + second[:kept])
    seal(world.session, world.keyring, REAL)
    assert lines(world) == [first, second]


def test_a_torn_line_that_was_never_a_checkpoint_stops_sealing(world):
    for _ in range(2):
        chain(world)
        seal(world.session, world.keyring, REAL)
        world.session.commit()
    path = world.keyring.outside_file
    path.write_bytes(lines(world)[0] + b"something else")
    with pytest.raises(SealRefused, match="never a checkpoint"):
        seal(world.session, world.keyring, REAL)


def test_a_torn_line_behind_all_checkpoints_stops_sealing(world):
    chain(world)
    seal(world.session, world.keyring, REAL)
    world.session.commit()
    with world.keyring.outside_file.open("ab") as file:
        file.write(b'{"at"')
    with pytest.raises(SealRefused, match="belongs to no checkpoint"):
        seal(world.session, world.keyring, REAL)


def test_a_database_behind_its_file_is_not_sealed_on(world):
    chain(world)
    seal(world.session, world.keyring, REAL)
    world.session.commit()
    world.session.execute(delete(AuditCheckpoint))
    with pytest.raises(SealRefused, match="move the file aside"):
        seal(world.session, world.keyring, REAL)


def test_a_file_with_another_last_line_is_not_written_on(world):
    chain(world)
    seal(world.session, world.keyring, REAL)
    world.session.commit()
    line = json.loads(lines(world)[0])
    line["mac"] = "0" * 64
    world.keyring.outside_file.write_text(json.dumps(line) + "\n")
    with pytest.raises(SealRefused, match="has otherwise"):
        seal(world.session, world.keyring, REAL)


def test_a_file_whose_last_line_is_unreadable_is_not_written_on(world):
    chain(world)
    world.keyring.outside_file.write_text("nonsense\n")
    with pytest.raises(SealRefused, match="cannot be read"):
        seal(world.session, world.keyring, REAL)


def test_the_last_line_of_a_large_file_is_found_from_its_end(world, monkeypatch):
    monkeypatch.setattr(seals, "TAIL_BYTES", 64)
    for _ in range(4):
        chain(world)
        seal(world.session, world.keyring, REAL)
        world.session.commit()
    assert len(lines(world)) == 4
    assert verify(world.session, world.keyring).stands


def test_the_file_outside_is_for_its_owner_alone(world):
    chain(world)
    seal(world.session, world.keyring, REAL)
    world.session.commit()
    assert stat.S_IMODE(world.keyring.outside_file.stat().st_mode) == 0o600


def test_a_head_that_a_writer_holds_is_sealed_the_next_time(postgresql_url, tmp_path):
    engine = open_engine(postgresql_url)
    sessions = session_factory(engine)
    with sessions() as first, sessions() as second:
        world = World(first, tmp_path / "outside.jsonl")
        held, free = chain(world), chain(world)
        first.commit()
        write(first, world.keyring, world.acting(), act(held.id))
        assert seal(second, world.keyring, REAL) == 1
        second.commit()
        first.commit()
        assert seal(second, world.keyring, REAL) == 1
        second.commit()
        assert verify(second, world.keyring).stands
        assert second.get_one(AuditHead, free.id).sealed_in == 1
    engine.dispose()


def test_two_first_acts_of_one_chain_at_once_both_stand(postgresql_url, tmp_path):
    from threading import Thread

    engine = open_engine(postgresql_url)
    sessions = session_factory(engine)
    with sessions() as first:
        world = World(first, tmp_path / "outside.jsonl")
        case = world.case()
        first.commit()
        write(first, world.keyring, world.acting(), act(case.id))

        def write_too() -> None:
            with sessions() as second:
                write(second, world.keyring, world.acting(), act(case.id))
                second.commit()

        other = Thread(target=write_too)
        other.start()
        first.commit()
        other.join(10)
        assert not other.is_alive()
        result = verify(first, world.keyring)
        assert (result.stands, result.rows) == (True, 2)
    engine.dispose()
