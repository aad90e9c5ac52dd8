"""A session begins, is bound to its account, and ends."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from argon2 import PasswordHasher
from sqlalchemy import text

from casework import accounts
from casework.database import begin_writing
from casework.tables import UserAccount
from processes.clock import real_now
from tests.webapp_shell.conftest import PASSWORD, post
from webapp.account.pages import local_path

INSIDE = "/demo/clock"


def test_signing_in_needs_the_right_password(demo):
    client = demo.client()
    answer = post(client, "/sign-in", login="officer", password="not the password")
    assert answer.status_code == 422
    assert "do not match" in answer.text
    assert client.get(INSIDE).status_code == 302


@pytest.mark.parametrize("login", ["officer", "nobody"])
def test_others_write_while_a_password_is_being_verified(demo, monkeypatch, login):
    honest, written = PasswordHasher.verify, []

    def meanwhile(self, stands, password):
        with demo.sessions() as session:
            session.execute(text("PRAGMA busy_timeout=0"))
            session.rollback()
            begin_writing(session)
            session.get_one(UserAccount, demo.users["lead"]).language = "fr"
            session.commit()
        written.append(login)
        return honest(self, stands, password)

    monkeypatch.setattr(PasswordHasher, "verify", meanwhile)
    answer = post(demo.client(), "/sign-in", login=login, password=PASSWORD)
    assert answer.status_code == (302 if login == "officer" else 422)
    assert written == [login]


def test_an_unknown_login_is_answered_like_a_wrong_password(demo):
    first = post(demo.client(), "/sign-in", login="officer", password="wrong")
    second = post(demo.client(), "/sign-in", login="nobody", password="wrong")
    words = [answer.text.split("<main")[1].count("do not match") for answer in (first, second)]
    assert words[0] == words[1] == 2


def test_a_signed_in_member_of_staff_is_named_by_function(demo):
    page = demo.signed_in().get(INSIDE).text
    assert "Function officer" in page
    assert "Invented officer" not in page


def test_whoever_is_not_signed_in_is_asked_and_led_back(demo):
    client = demo.client()
    asked = client.get(INSIDE)
    assert asked.headers["Location"] == "/sign-in?next=/demo/clock"
    answer = post(client, "/sign-in", login="officer", password=PASSWORD, next=INSIDE)
    assert answer.headers["Location"] == INSIDE


def test_a_script_is_told_that_nobody_is_signed_in(demo):
    answer = demo.client().get(INSIDE, headers={"Accept": "application/json"})
    assert answer.status_code == 401
    swapped = demo.client().get(INSIDE, headers={"HX-Request": "true"})
    assert swapped.status_code == 401
    assert swapped.headers["HX-Redirect"].startswith("/sign-in")


@pytest.mark.parametrize("target", ["https://evil.example", "//evil", "/\\evil", "", "/a\nb"])
def test_nobody_is_led_to_another_site(target):
    assert local_path(target) is None


def test_the_token_of_posts_changes_at_sign_in(demo):
    client = demo.client()
    client.get("/sign-in")
    with client.session_transaction() as before:
        old = before["csrf_token"]
    post(client, "/sign-in", login="officer", password=PASSWORD)
    with client.session_transaction() as after:
        assert after.get("csrf_token") != old


def test_a_session_ends_when_its_account_is_deactivated(demo):
    client = demo.signed_in()
    assert client.get(INSIDE).status_code == 200
    with demo.sessions() as session:
        begin_writing(session)
        account = session.get_one(UserAccount, demo.users["officer"])
        acting = demo.platform.acting(session, account.agency_id, None)
        accounts.deactivate(demo.platform, session, acting, account)
        session.commit()
    assert client.get(INSIDE).status_code == 302


def test_a_new_session_mark_ends_every_session_of_the_account(demo):
    client = demo.signed_in()
    with demo.sessions() as session:
        begin_writing(session)
        session.get_one(UserAccount, demo.users["officer"]).session_mark = "another"
        session.commit()
    assert client.get(INSIDE).status_code == 302


def test_a_session_nobody_uses_ends_by_itself(demo):
    client = demo.signed_in()
    with time_machine.travel(real_now() + timedelta(minutes=61), tick=False):
        assert client.get(INSIDE).status_code == 302


def test_a_session_in_use_outlives_no_shift(demo):
    client = demo.signed_in()
    start = real_now()
    for half_hours in range(1, 24):
        with time_machine.travel(start + timedelta(minutes=30 * half_hours), tick=False):
            assert client.get(INSIDE).status_code == 200, half_hours
    with time_machine.travel(start + timedelta(hours=12, minutes=1), tick=False):
        assert client.get(INSIDE).status_code == 302


def test_a_cookie_kept_from_before_signing_out_opens_nothing(demo):
    client = demo.signed_in()
    kept = client.get_cookie("samverkan").value
    post(client, "/sign-out")
    assert client.get(INSIDE).status_code == 302
    client.set_cookie("samverkan", kept)
    assert client.get(INSIDE).status_code == 302


def test_a_damaged_cookie_is_no_session_and_no_fault(demo):
    client = demo.client()
    with client.session_transaction() as session:
        session["_user_id"] = "not-an-id:mark"
    assert client.get(INSIDE).status_code == 302
