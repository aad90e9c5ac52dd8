"""The audit chain as it is written."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import func, select

from casework import audit
from casework.audit import ChainJournal, end_chain, verify, write, write_all
from casework.tables import AuditHead, AuditRow, ChainEnd
from tests.casework_record.world import NOW, REAL, World, act


def rows_of(world: World, chain: UUID) -> list[AuditRow]:
    query = select(AuditRow).where(AuditRow.chain_id == chain).order_by(AuditRow.position)
    return list(world.session.scalars(query))


def test_acts_of_a_case_stand_in_one_chain_in_order(both):
    case = both.case()
    for name in ("first", "second", "third"):
        write(both.session, both.keyring, both.acting(), act(case.id, name))
    rows = rows_of(both, case.id)
    assert [(row.position, row.act) for row in rows] == [(1, "first"), (2, "second"), (3, "third")]
    assert verify(both.session, both.keyring).stands


def test_many_acts_written_together_stand_each_in_its_own_chain(both):
    one, new, ended = (both.case() for _ in range(3))
    write(both.session, both.keyring, both.acting(), act(one.id, "before"))
    end_chain(both.session, both.keyring, both.agency.id, ended.id, "retention", REAL)
    acts = [act(c, n) for c, n in ((one.id, "a"), (new.id, "b"), (ended.id, "c"), (one.id, "d"))]
    write_all(both.session, both.keyring, both.acting(), [*acts, act(None, "e")])
    write(both.session, both.keyring, both.acting(), act(one.id, "after"))
    written = {c: [row.act for row in rows_of(both, c)] for c in (one.id, new.id, ended.id)}
    assert written == {one.id: ["before", "a", "d", "after"], new.id: ["b"], ended.id: []}
    assert [row.act for row in rows_of(both, both.agency.id)] == ["e"]
    assert verify(both.session, both.keyring).stands


def test_an_act_without_a_case_stands_in_the_chain_of_the_agency(world):
    write(world.session, world.keyring, world.acting(), act(None, "account.created"))
    assert [row.act for row in rows_of(world, world.agency.id)] == ["account.created"]


def test_a_row_keeps_real_time_and_case_time(world):
    case = world.case()
    write(world.session, world.keyring, world.acting(), act(case.id))
    row = rows_of(world, case.id)[0]
    assert (row.at, row.case_at) == (REAL, NOW)


def test_the_journal_of_the_platform_writes_into_the_chain(world):
    case = world.case()
    ChainJournal(world.keyring).write(world.session, world.acting(), act(case.id))
    assert len(rows_of(world, case.id)) == 1


def test_the_row_holds_who_acted_and_in_which_function(world):
    case, user = world.case(), world.user()
    write(world.session, world.keyring, world.acting(user, role="fr.mlrv"), act(case.id))
    row = rows_of(world, case.id)[0]
    assert (row.actor_id, row.actor_role) == (user.id, "fr.mlrv")


@pytest.mark.parametrize("words", ["he prays daily", "Robin Alder", "a@b.example", "é", "x" * 201])
def test_words_are_refused_as_a_code(world, words):
    with pytest.raises(ValueError, match="not an id or a closed code"):
        write(world.session, world.keyring, world.acting(), act(None, note=words))


def test_ids_dates_numbers_and_lists_are_codes(world):
    codes = {
        "id": UUID(int=5),
        "day": date(2026, 3, 1),
        "moment": datetime(2026, 3, 1, 10, tzinfo=timezone(timedelta(hours=1))),
        "amount": Decimal("2.50"),
        "several": ["a", True, None, 3],
        "roles": {"fr.mlrv", "fr.custody"},
        "inner": {"outcome": "open"},
    }
    write(world.session, world.keyring, world.acting(), act(None, **codes))
    assert rows_of(world, world.agency.id)[0].codes == {
        "id": str(UUID(int=5)),
        "day": "2026-03-01",
        "moment": "2026-03-01T09:00:00.000000+00:00",
        "amount": "2.50",
        "several": ["a", True, None, 3],
        "roles": ["fr.custody", "fr.mlrv"],
        "inner": {"outcome": "open"},
    }


def test_a_code_needs_a_plain_name(world):
    with pytest.raises(ValueError, match="cannot name a code"):
        write(world.session, world.keyring, world.acting(), act(None, **{"the name": 1}))


def test_a_binary_fraction_is_refused_as_a_code(world):
    with pytest.raises(ValueError, match="not an id or a closed code"):
        write(world.session, world.keyring, world.acting(), act(None, share=0.5))


def test_the_lawful_end_of_a_chain_leaves_month_and_reason_only(both):
    case = both.case()
    write(both.session, both.keyring, both.acting(), act(case.id))
    end_chain(both.session, both.keyring, both.agency.id, case.id, "discarded", REAL)
    end = both.session.get_one(ChainEnd, case.id)
    assert (end.reason, end.month) == ("discarded", "2026-02")
    assert rows_of(both, case.id) == []
    assert both.session.get(AuditHead, case.id) is None


def test_a_chain_that_ended_takes_no_more_rows(world):
    case = world.case()
    write(world.session, world.keyring, world.acting(), act(case.id))
    end_chain(world.session, world.keyring, world.agency.id, case.id, "retention", REAL)
    write(world.session, world.keyring, world.acting(), act(case.id, "later"))
    assert world.session.scalar(select(func.count()).select_from(AuditRow)) == 0


def test_a_chain_ends_once(world):
    case = world.case()
    end_chain(world.session, world.keyring, world.agency.id, case.id, "retention", REAL)
    later = datetime(2027, 1, 1, tzinfo=UTC)
    end_chain(world.session, world.keyring, world.agency.id, case.id, "discarded", later)
    assert world.session.get_one(ChainEnd, case.id).reason == "retention"


def test_equal_values_give_equal_digests_and_another_key_others(world):
    from casework.keyring import Keyring

    other = Keyring.of([b"x" * 32], [b"y" * 32])
    digest = world.keyring.digest("login", "somebody")
    assert digest == world.keyring.digest("login", "somebody")
    assert digest != world.keyring.digest("name", "somebody")
    assert digest != other.digest("login", "somebody")


def test_the_audit_offers_verification_and_sealing_by_its_own_name():
    assert {"verify", "seal", "write"} <= set(audit.__all__)
