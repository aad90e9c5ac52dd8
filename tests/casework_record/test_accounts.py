"""Accounts, passwords, sign-in, and roles held at places."""

from __future__ import annotations

from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from casework import accounts
from casework.accounts import AccountRefused, PasswordRefused
from casework.tables import AuditRow, RoleHolding, UserAccount
from tests.casework_record.world import REAL, TODAY, World

PASSWORD = "a quiet harbour town"


def create(world: World, login: str = "Robin", **changes) -> UserAccount:
    fields = {
        "login": login,
        "password": PASSWORD,
        "display_name": "Robin Invented",
        "function": "Custody officer",
        "service_number": "S-17",
        **changes,
    }
    return accounts.create_user(world.platform, world.session, world.acting(), **fields)


def sign_in(world: World, login: str, password: str) -> UserAccount | None:
    proof = accounts.prove(login, accounts.kept_hash(world.session, login), password)
    return accounts.authenticate(world.platform, world.session, proof, REAL)


def acts(world: World) -> list[str]:
    query = select(AuditRow.act).where(AuditRow.chain_id == world.agency.id)
    return list(world.session.scalars(query.order_by(AuditRow.position)))


def cover(world: World, user: UserAccount, on=TODAY) -> dict[str, set]:
    held = accounts.holdings(world.session, user.id, on)
    return {holding.role: set(holding.covers) for holding in held}


@pytest.fixture
def robin(world) -> UserAccount:
    return create(world)


def test_the_right_password_signs_in(both):
    account = create(both)
    assert sign_in(both, "robin", PASSWORD) is account


def test_a_password_with_more_behind_it_does_not_sign_in(world):
    longest = "quiet harbour " * 18 + "town"
    create(world, "harbour", password=longest)
    assert sign_in(world, "harbour", longest) is not None
    assert sign_in(world, "harbour", longest + "x" * 100) is None


@pytest.mark.parametrize("login", ["ROBIN", " robin ", "Robin"])
def test_a_login_is_found_however_it_is_typed(world, robin, login):
    assert sign_in(world, login, PASSWORD) is robin


def test_a_wrong_password_does_not_sign_in(world, robin):
    assert sign_in(world, "robin", "a quiet harbour tow") is None


def test_an_unknown_login_costs_a_whole_hash_like_a_known_one(world, robin, monkeypatch):
    verified = []
    honest = PasswordHasher.verify

    def counting(self, stands, password):
        verified.append(stands)
        return honest(self, stands, password)

    monkeypatch.setattr(PasswordHasher, "verify", counting)
    assert sign_in(world, "nobody", PASSWORD) is None
    assert sign_in(world, "robin", "wrong") is None
    unknown, known = (stands.rpartition("$")[0].rpartition("$")[0] for stands in verified)
    assert unknown == known  # the same algorithm and the same costs


def test_a_closed_account_does_not_sign_in(world, robin):
    accounts.deactivate(world.platform, world.session, world.acting(), robin)
    assert sign_in(world, "robin", PASSWORD) is None


def test_a_password_set_anew_while_the_old_one_is_proved_does_not_let_the_old_one_in(world, robin):
    proof = accounts.prove("robin", robin.password_hash, PASSWORD)
    acting = world.acting()
    accounts.set_password(world.platform, world.session, acting, robin, "another quiet town")
    assert accounts.authenticate(world.platform, world.session, proof, REAL) is None


def test_an_account_whose_hash_is_damaged_does_not_sign_in(world, robin):
    robin.password_hash = "damaged"
    assert sign_in(world, "robin", PASSWORD) is None


def test_sign_ins_and_refused_ones_are_audited_without_login_or_password(world, robin):
    sign_in(world, "robin", PASSWORD)
    sign_in(world, "robin", "wrong")
    assert acts(world) == ["account.created", "account.signed_in", "account.sign_in_refused"]
    rows = world.session.scalars(select(AuditRow).order_by(AuditRow.position)).all()
    assert rows[1].actor_id == robin.id
    assert rows[2].actor_id is None
    assert {row.subject_id for row in rows} == {robin.id}
    assert all(row.codes == {} for row in rows)


def test_a_password_typed_on_another_keyboard_is_the_same(world):
    create(world, "emile", password="\u00e9te au bord de l'eau")
    assert sign_in(world, "emile", "e\u0301te au bord de l'eau") is not None


def test_a_weak_hash_is_renewed_at_sign_in(world, robin):
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    robin.password_hash = weak.hash(PASSWORD)
    assert sign_in(world, "robin", PASSWORD) is robin
    assert not PasswordHasher().check_needs_rehash(robin.password_hash)
    assert sign_in(world, "robin", PASSWORD) is robin


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short", "too_short"),
        ("elevensigns", "too_short"),
        ("x" * 257, "too_long"),
        ("ROBIN.WINTERS", "is_login"),
        ("aaaaaaaaaaaaaa", "one_sign"),
    ],
)
def test_a_poor_password_is_refused_with_its_reason(password, code):
    with pytest.raises(PasswordRefused) as refused:
        accounts.check_password("robin.winters", password)
    assert refused.value.code == code


def test_twelve_signs_are_enough():
    accounts.check_password("robin", "twelve signs")


def test_a_login_is_taken_once_over_all_agencies(world, robin):
    with pytest.raises(AccountRefused, match="is taken"):
        accounts.create_user(
            world.platform,
            world.session,
            world.acting(agency_id=world.other.id),
            login="ROBIN",
            password=PASSWORD,
            display_name="Other",
            function="Other",
            service_number="S-2",
        )


def test_an_account_needs_a_login(world):
    with pytest.raises(AccountRefused, match="needs a login"):
        create(world, "  ")


def test_a_new_password_ends_open_sessions(world, robin):
    before = robin.session_mark
    acting = world.acting(robin)
    accounts.set_password(world.platform, world.session, acting, robin, "another quiet town")
    assert robin.session_mark != before
    assert sign_in(world, "robin", "another quiet town") is robin
    assert sign_in(world, "robin", PASSWORD) is None


def test_a_refused_new_password_changes_nothing(world, robin):
    before = (robin.password_hash, robin.session_mark)
    with pytest.raises(PasswordRefused):
        accounts.set_password(world.platform, world.session, world.acting(), robin, "short")
    assert (robin.password_hash, robin.session_mark) == before


def test_closing_an_account_ends_open_sessions(world, robin):
    before = robin.session_mark
    accounts.deactivate(world.platform, world.session, world.acting(), robin)
    assert (robin.active, robin.session_mark != before) == (False, True)


def test_a_role_reaches_all_places_below(both):
    user = both.user("fr.disp", both.region)
    assert cover(both, user) == {"fr.disp": {both.region.id, both.north.id, both.south.id}}


def test_a_role_never_reaches_upwards_or_sideways(world):
    assert cover(world, world.user("fr.custody", world.north)) == {"fr.custody": {world.north.id}}


def test_the_same_role_at_two_places_is_two_holdings(world):
    user = world.user("fr.custody", world.north)
    world.hold(user, "fr.custody", world.south)
    held = accounts.holdings(world.session, user.id, TODAY)
    assert {holding.establishment_id for holding in held} == {world.north.id, world.south.id}


def test_a_role_is_held_from_its_first_to_its_last_day_inclusive(world):
    user = world.user()
    world.hold(user, "fr.custody", world.north, TODAY, TODAY + timedelta(days=2))
    days = [TODAY + timedelta(days=n) for n in (-1, 0, 2, 3)]
    assert [bool(cover(world, user, day)) for day in days] == [False, True, True, False]


def test_a_closed_account_holds_nothing(world):
    user = world.user("fr.custody")
    user.active = False
    assert cover(world, user) == {}


def test_places_in_a_ring_end_nevertheless(world):
    user = world.user("fr.disp", world.region)
    world.ministry.parent_id = world.north.id
    world.session.flush()
    assert world.ministry.id in cover(world, user)["fr.disp"]


def test_granting_and_ending_a_role_is_audited(world):
    user = world.user()
    granted = accounts.grant_role(
        world.platform, world.session, world.acting(), user.id, "fr.mlrv", world.north.id, TODAY
    )
    assert cover(world, user) == {"fr.mlrv": {world.north.id}}
    accounts.end_role(world.platform, world.session, world.acting(), granted, TODAY)
    assert cover(world, user, TODAY + timedelta(days=1)) == {}
    assert acts(world) == ["role.granted", "role.ended"]
    row = world.session.scalars(select(AuditRow).where(AuditRow.act == "role.granted")).one()
    assert row.codes == {
        "role": "fr.mlrv",
        "place": str(world.north.id),
        "from": str(TODAY),
        "to": None,
    }


def test_a_role_that_ends_before_it_begins_is_removed(world):
    user = world.user()
    holding = world.hold(user, "fr.mlrv", world.north, TODAY)
    yesterday = TODAY - timedelta(days=1)
    accounts.end_role(world.platform, world.session, world.acting(), holding, yesterday)
    assert world.session.scalars(select(RoleHolding)).all() == []


def test_a_role_cannot_be_held_at_a_place_of_another_agency(world):
    with pytest.raises(AccountRefused, match="must both be of this agency"):
        accounts.grant_role(
            world.platform,
            world.session,
            world.acting(),
            world.user().id,
            "fr.mlrv",
            world.elsewhere.id,
            TODAY,
        )


@pytest.mark.parametrize("which", ["user", "place"])
def test_a_role_needs_an_account_and_a_place_that_exist(world, which):
    user = world.new_id() if which == "user" else world.user().id
    place = world.new_id() if which == "place" else world.north.id
    with pytest.raises(AccountRefused):
        accounts.grant_role(
            world.platform, world.session, world.acting(), user, "fr.mlrv", place, TODAY
        )


def test_a_role_cannot_end_before_it_begins(world):
    with pytest.raises(AccountRefused, match="last day lies before the first"):
        accounts.grant_role(
            world.platform,
            world.session,
            world.acting(),
            world.user().id,
            "fr.mlrv",
            world.north.id,
            TODAY,
            TODAY - timedelta(days=1),
        )


def test_an_unknown_login_leaves_a_refusal_that_names_nobody(world):
    assert sign_in(world, "nobody", PASSWORD) is None
    row = world.session.scalars(select(AuditRow)).one()
    assert (row.act, row.actor_id) == ("account.sign_in_refused", None)
