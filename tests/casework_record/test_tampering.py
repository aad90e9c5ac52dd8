"""What somebody with the database, or the key, or the file can do, and how it is found."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete, insert, select, update

from casework.audit import end_chain, seal, verify, write
from casework.chain_text import head_text, row_text
from casework.keyring import Keyring
from casework.tables import AuditCheckpoint, AuditHead, AuditRow, Case, ChainEnd
from casework.verification import PROBLEMS_KEPT, Verification
from tests.casework_record.world import MAIN, OTHER, REAL, World, act


def chain(world: World, length: int = 5) -> Case:
    case = world.case()
    for number in range(1, length + 1):
        write(world.session, world.keyring, world.acting(), act(case.id, f"act{number}", n=number))
    return case


def sealed(world: World, length: int = 5) -> Case:
    case = chain(world, length)
    seal(world.session, world.keyring, REAL)
    world.session.commit()
    return case


def checked(world: World) -> Verification:
    world.session.flush()
    world.session.expire_all()
    return verify(world.session, world.keyring)


def kinds(world: World) -> set[str]:
    return {problem.kind for problem in checked(world).problems}


def at(case: Case, position: int):
    return (AuditRow.chain_id == case.id) & (AuditRow.position == position)


def recompute(world: World, case: Case, keyring: Keyring) -> None:
    """Write a chain anew, as somebody who holds this key would."""
    previous = ""
    columns = AuditRow.__table__.columns
    rows = world.session.execute(
        select(*columns).where(AuditRow.chain_id == case.id).order_by(AuditRow.position)
    ).all()
    for row in rows:
        fields = {**row._mapping, "key_id": keyring.audit_key_id}
        previous = keyring.seal(row_text(previous, fields))
        world.session.execute(
            update(AuditRow)
            .where(AuditRow.id == row.id)
            .values(mac=previous, key_id=keyring.audit_key_id)
        )
    last = rows[-1].position
    world.session.execute(
        update(AuditHead)
        .where(AuditHead.chain_id == case.id)
        .values(
            position=last,
            mac=previous,
            key_id=keyring.audit_key_id,
            seal=keyring.seal(head_text(world.agency.id, case.id, last, previous)),
        )
    )


def test_an_untouched_audit_stands(both):
    for _ in range(3):
        sealed(both)
    result = checked(both)
    assert result.stands
    assert (result.rows, result.chains, result.checkpoints) == (15, 3, 3)


def test_an_empty_audit_stands(world):
    result = checked(world)
    assert (result.stands, result.rows, result.checkpoints) == (True, 0, 0)


@pytest.mark.parametrize(
    "change",
    [
        {"act": "other"},
        {"codes": {"n": 99}},
        {"actor_role": "fr.mlrv"},
        {"actor_id": UUID(int=9)},
        {"at": REAL + timedelta(microseconds=1)},
        {"case_at": REAL},
        {"subject_id": UUID(int=9)},
        {"subject_kind": "other"},
    ],
)
def test_a_changed_row_is_found(world, change):
    case = chain(world)
    world.session.execute(update(AuditRow).where(at(case, 3)).values(**change))
    [problem] = checked(world).problems
    assert (problem.kind, problem.chain_id, problem.position) == ("changed", case.id, 3)
    assert problem.words == f"chain {case.id}: row 3 was changed"


def test_a_changed_row_is_found_on_both_databases(both):
    case = chain(both)
    both.session.execute(update(AuditRow).where(at(case, 2)).values(codes={"n": 7}))
    assert [(p.kind, p.position) for p in checked(both).problems] == [("changed", 2)]


def test_a_changed_hash_is_found_at_its_row_and_at_the_next(world):
    case = chain(world)
    world.session.execute(update(AuditRow).where(at(case, 2)).values(mac="0" * 64))
    assert [p.position for p in checked(world).problems] == [2, 3]


def test_a_missing_row_is_found(both):
    case = chain(both)
    both.session.execute(delete(AuditRow).where(at(case, 3)))
    [problem] = checked(both).problems
    assert (problem.kind, problem.position) == ("missing", 3)
    assert problem.words == f"chain {case.id}: row 3 is missing"


def test_several_missing_rows_are_told_as_one_gap(world):
    case = chain(world)
    gap = (AuditRow.chain_id == case.id) & AuditRow.position.in_([1, 2, 3])
    world.session.execute(delete(AuditRow).where(gap))
    [problem] = checked(world).problems
    assert problem.words == f"chain {case.id}: rows 1 to 3 are missing"


def test_rows_moved_up_over_a_removed_one_are_found(world):
    case = chain(world)
    world.session.execute(delete(AuditRow).where(at(case, 2)))
    for position in (3, 4, 5):
        world.session.execute(
            update(AuditRow).where(at(case, position)).values(position=position - 1)
        )
    assert {"changed", "cut_off"} <= kinds(world)


def test_exchanged_rows_are_found_as_reordered(both):
    case = chain(both)
    for old, new in ((2, 99), (3, 2), (99, 3)):
        both.session.execute(update(AuditRow).where(at(case, old)).values(position=new))
    problems = checked(both).problems
    assert (problems[0].kind, problems[0].position) == ("reordered", 2)
    assert problems[0].words.endswith("row 2 was moved: the row that belongs here stands at 3")


def test_a_cut_off_last_row_is_found(both):
    case = chain(both)
    both.session.execute(delete(AuditRow).where(at(case, 5)))
    [problem] = checked(both).problems
    assert (problem.kind, problem.position) == ("cut_off", 5)
    assert problem.words == f"chain {case.id}: row 5 is cut off at the end"


def test_several_cut_off_rows_are_found(world):
    case = chain(world)
    cut = (AuditRow.chain_id == case.id) & (AuditRow.position > 2)
    world.session.execute(delete(AuditRow).where(cut))
    [problem] = checked(world).problems
    assert problem.words == f"chain {case.id}: rows 3 to 5 are cut off at the end"


def test_a_cut_off_row_with_a_matching_head_is_found_by_the_heads_seal(world):
    case = chain(world)
    world.session.execute(delete(AuditRow).where(at(case, 5)))
    mac = world.session.scalar(select(AuditRow.mac).where(at(case, 4)))
    head = update(AuditHead).where(AuditHead.chain_id == case.id)
    world.session.execute(head.values(position=4, mac=mac))
    assert kinds(world) == {"head_changed"}


def test_a_head_put_back_to_an_older_one_is_found_once_it_was_sealed(world):
    case = chain(world, 4)
    old = world.session.execute(
        select(AuditHead.position, AuditHead.mac, AuditHead.seal).where(
            AuditHead.chain_id == case.id
        )
    ).one()
    write(world.session, world.keyring, world.acting(), act(case.id, "act5"))
    seal(world.session, world.keyring, REAL)
    world.session.commit()
    world.session.execute(delete(AuditRow).where(at(case, 5)))
    world.session.execute(
        update(AuditHead).where(AuditHead.chain_id == case.id).values(**old._mapping)
    )
    [problem] = checked(world).problems
    assert (problem.kind, problem.position) == ("cut_off", 5)
    assert "sealed in checkpoint 1" in problem.words


def test_all_rows_removed_with_the_head_standing_is_found(world):
    case = chain(world)
    world.session.execute(delete(AuditRow).where(AuditRow.chain_id == case.id))
    [problem] = checked(world).problems
    assert (problem.kind, problem.position) == ("cut_off", 1)


def test_a_removed_head_is_found(world):
    case = chain(world)
    world.session.execute(delete(AuditHead).where(AuditHead.chain_id == case.id))
    assert "head_missing" in kinds(world)


def test_a_head_that_names_another_row_is_found(world):
    case = chain(world)
    head = update(AuditHead).where(AuditHead.chain_id == case.id)
    world.session.execute(head.values(mac="0" * 64))
    assert kinds(world) == {"head_differs", "head_changed"}


def test_a_row_added_behind_the_head_is_found(world):
    case = chain(world, 2)
    fields = dict(
        world.session.execute(select(*AuditRow.__table__.columns).where(at(case, 2))).one()._mapping
    )
    fields |= {"id": world.new_id(), "position": 3}
    world.session.execute(insert(AuditRow), [fields])
    assert {"changed", "head_differs"} <= kinds(world)


def test_a_whole_chain_removed_without_an_end_is_found(both):
    case = sealed(both)
    both.session.execute(delete(AuditRow).where(AuditRow.chain_id == case.id))
    both.session.execute(delete(AuditHead).where(AuditHead.chain_id == case.id))
    both.session.execute(delete(Case).where(Case.id == case.id))
    [problem] = checked(both).problems
    assert (problem.kind, problem.chain_id) == ("removed", case.id)
    assert "without a signed end" in problem.words


def test_a_chain_removed_before_any_seal_is_found_while_its_case_stands(world):
    case = chain(world)
    world.session.execute(delete(AuditRow).where(AuditRow.chain_id == case.id))
    world.session.execute(delete(AuditHead).where(AuditHead.chain_id == case.id))
    [problem] = checked(world).problems
    assert problem.words == f"case {case.id} stands, its whole chain is missing"


def test_a_chain_ended_lawfully_leaves_the_audit_standing(both):
    case = sealed(both)
    both.session.execute(delete(Case).where(Case.id == case.id))
    end_chain(both.session, both.keyring, both.agency.id, case.id, "discarded", REAL)
    assert checked(both).stands


@pytest.mark.parametrize("change", [{"reason": "retention"}, {"month": "2020-01"}, {"mac": "0"}])
def test_a_changed_end_is_found(world, change):
    case = sealed(world)
    world.session.execute(delete(Case).where(Case.id == case.id))
    end_chain(world.session, world.keyring, world.agency.id, case.id, "discarded", REAL)
    world.session.execute(update(ChainEnd).values(**change))
    assert kinds(world) == {"end_changed"}


def test_the_end_of_one_chain_does_not_serve_for_another(world):
    case, other = sealed(world), sealed(world)
    end_chain(world.session, world.keyring, world.agency.id, case.id, "discarded", REAL)
    world.session.execute(delete(Case))
    world.session.execute(delete(AuditRow).where(AuditRow.chain_id == other.id))
    world.session.execute(delete(AuditHead).where(AuditHead.chain_id == other.id))
    world.session.execute(update(ChainEnd).values(chain_id=other.id))
    assert {"end_changed", "removed"} <= kinds(world)


def test_an_end_signed_with_another_key_is_found(world):
    case = sealed(world)
    world.session.execute(delete(Case))
    end_chain(
        world.session, Keyring.of([MAIN], [OTHER]), world.agency.id, case.id, "discarded", REAL
    )
    assert kinds(world) == {"end_changed"}


def test_a_signed_end_beside_a_standing_chain_is_found(world):
    case, other = chain(world), world.case()
    end_chain(world.session, world.keyring, world.agency.id, other.id, "discarded", REAL)
    world.session.execute(update(ChainEnd).values(chain_id=case.id))
    words = [p.words for p in checked(world).problems]
    assert f"chain {case.id} has a signed end and still stands" in words


def test_a_chain_recomputed_with_another_key_is_found(both):
    case = chain(both)
    recompute(both, case, Keyring.of([MAIN], [OTHER]))
    problems = checked(both).problems
    assert {p.kind for p in problems} == {"other_key", "head_changed"}
    assert [p.position for p in problems if p.kind == "other_key"] == [1, 2, 3, 4, 5]


def test_a_long_chain_of_another_key_is_told_in_few_words(world):
    case = chain(world, 9)
    recompute(world, case, Keyring.of([MAIN], [OTHER]))
    words = [p.words for p in checked(world).problems]
    assert f"chain {case.id}: 9 rows in all do not fit" in words
    assert len(words) == 7


def test_a_chain_recomputed_with_the_right_key_is_found_by_the_seal_before(both):
    case = sealed(both)
    both.session.execute(update(AuditRow).where(at(case, 3)).values(act="other"))
    recompute(both, case, both.keyring)
    [problem] = checked(both).problems
    assert (problem.kind, problem.chain_id, problem.position) == ("recomputed", case.id, 5)


def test_a_recomputed_chain_is_found_even_after_it_was_sealed_again(world):
    case = sealed(world)
    world.session.execute(update(AuditRow).where(at(case, 3)).values(act="other"))
    recompute(world, case, world.keyring)
    write(world.session, world.keyring, world.acting(), act(case.id, "act6"))
    seal(world.session, world.keyring, REAL)
    world.session.commit()
    assert kinds(world) == {"recomputed"}


def test_a_changed_checkpoint_is_found(both):
    sealed(both)
    both.session.execute(update(AuditCheckpoint).values(at=REAL + timedelta(hours=1)))
    assert kinds(both) == {"checkpoint_changed", "outside_differs"}


def test_a_removed_checkpoint_is_found(world):
    for _ in range(3):
        sealed(world)
    world.session.execute(delete(AuditCheckpoint).where(AuditCheckpoint.position == 2))
    found = kinds(world)
    assert {"checkpoint_missing", "outside_differs"} <= found


def test_checkpoints_rewritten_with_the_right_key_differ_from_the_file_outside(world):
    case = sealed(world)
    world.session.execute(update(AuditRow).where(at(case, 3)).values(act="other"))
    recompute(world, case, world.keyring)
    world.session.execute(delete(AuditCheckpoint))
    world.session.execute(update(AuditHead).values(sealed_position=0, sealed_in=0))
    silent = replace(world.keyring, outside_file=None)
    seal(world.session, silent, REAL)
    assert kinds(world) == {"outside_differs", "recomputed"}


def test_a_database_rolled_back_is_found_by_the_file_outside(both):
    case = sealed(both)
    before = {
        table: [dict(r._mapping) for r in both.session.execute(select(*table.__table__.columns))]
        for table in (AuditRow, AuditHead, AuditCheckpoint)
    }
    write(both.session, both.keyring, both.acting(), act(case.id, "act6"))
    seal(both.session, both.keyring, REAL)
    both.session.commit()
    for table, rows in before.items():
        both.session.execute(delete(table))
        both.session.execute(insert(table), rows)
    problems = checked(both).problems
    assert [p.kind for p in problems] == ["rolled_back", "cut_off"]
    assert problems[0].position == 2
    assert (problems[1].chain_id, problems[1].position) == (case.id, 6)


def test_lines_cut_off_the_file_outside_are_found(world):
    sealed(world)
    sealed(world)
    path = world.keyring.outside_file
    path.write_bytes(path.read_bytes().splitlines(keepends=True)[0])
    [problem] = checked(world).problems
    assert (problem.kind, problem.position) == ("outside_missing", 2)


def test_a_missing_file_outside_is_found(world):
    sealed(world)
    world.keyring.outside_file.unlink()
    assert kinds(world) == {"outside_missing"}


def test_a_changed_line_outside_is_found(world):
    sealed(world)
    path = world.keyring.outside_file
    line = json.loads(path.read_bytes())
    chain_id = next(iter(line["heads"]))
    line["heads"][chain_id][1] = "0" * 64
    path.write_text(json.dumps(line) + "\n")
    assert kinds(world) == {"outside_differs", "recomputed"}


@pytest.mark.parametrize("line", [b"not json\n", b"[]\n", b'{"heads": {"x": 1}}\n', b'{"a": 1}\n'])
def test_an_unreadable_line_outside_is_told(world, line):
    sealed(world)
    world.keyring.outside_file.write_bytes(line)
    assert kinds(world) == {"outside_differs", "outside_unreadable"}


def test_a_line_too_many_outside_is_told_as_a_rolled_back_database(world):
    sealed(world)
    with world.keyring.outside_file.open("ab") as file:
        file.write(b"{}\n")
    assert kinds(world) == {"rolled_back", "outside_unreadable"}


def test_without_a_file_outside_the_seals_inside_are_still_compared(world):
    world.keyring = replace(world.keyring, outside_file=None)
    case = sealed(world)
    assert checked(world).stands
    world.session.execute(update(AuditRow).where(at(case, 3)).values(act="other"))
    recompute(world, case, world.keyring)
    assert kinds(world) == {"recomputed"}


def test_a_head_said_to_be_sealed_further_than_it_is_is_found(world):
    case = sealed(world)
    write(world.session, world.keyring, world.acting(), act(case.id, "act6"))
    world.session.execute(update(AuditHead).values(sealed_position=6))
    assert kinds(world) == {"sealed_differs"}


def test_a_head_said_to_be_sealed_in_a_checkpoint_that_is_not_there_is_found(world):
    chain(world)
    world.session.execute(update(AuditHead).values(sealed_position=5, sealed_in=9))
    assert kinds(world) == {"sealed_differs"}


def test_a_file_given_by_name_is_compared_instead(world, tmp_path):
    sealed(world)
    other = tmp_path / "copy.jsonl"
    result = verify(world.session, world.keyring, other)
    assert [p.kind for p in result.problems] == ["outside_missing"]


def test_findings_past_a_bound_are_only_counted():
    result = Verification()
    for number in range(PROBLEMS_KEPT + 3):
        result.found("changed", f"row {number}")
    assert (len(result.problems), result.more_problems) == (PROBLEMS_KEPT, 3)


def test_a_key_that_was_replaced_still_verifies_what_it_sealed(world):
    case = sealed(world)
    world.keyring = Keyring.of([MAIN], [OTHER, b"a" * 32], outside_file=world.keyring.outside_file)
    write(world.session, world.keyring, world.acting(), act(case.id, "act6"))
    seal(world.session, world.keyring, REAL)
    world.session.commit()
    assert checked(world).stands


def test_many_heads_are_looked_up_in_parts(world, monkeypatch):
    import casework.checkpoint_walk as walk

    monkeypatch.setattr(walk, "LOOKUP", 2)
    for _ in range(5):
        chain(world, 1)
    seal(world.session, world.keyring, REAL)
    world.session.commit()
    assert checked(world).stands
