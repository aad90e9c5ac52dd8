"""What every answer forbids, and who gets in."""

from __future__ import annotations

import pytest
from flask import Blueprint

from casework.access import NotVisible
from casework.tables import AuditRow
from tests.webapp_shell.conftest import post, token
from webapp.access import access, declared, require_declarations


def test_every_page_forbids_foreign_and_inline_script_and_frames(shell):
    policy = shell.client().get("/sign-in").headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


def test_pages_use_no_inline_script_or_style(demo):
    client = demo.signed_in()
    for address in ("/sign-in", "/demo/tour", "/demo/clock", "/nothing-here"):
        page = client.get(address).text
        assert "<script>" not in page
        assert " style=" not in page
        assert " onclick=" not in page


def test_a_page_is_kept_by_no_cache_and_told_to_no_other_site(shell):
    headers = shell.client().get("/sign-in").headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "Strict-Transport-Security" not in headers


def test_a_secure_installation_asks_for_https_for_a_year(make_shell):
    shell = make_shell(secure=True)
    answer = shell.client().get("/sign-in", base_url="https://samverkan.example")
    assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]
    assert "; Secure" in answer.headers["Set-Cookie"]


def test_the_cookie_is_out_of_reach_of_script_and_of_other_sites(shell):
    cookie = shell.client().get("/sign-in").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_every_route_says_who_may_open_it(shell):
    for rule in shell.app.url_map.iter_rules():
        assert declared(shell.app, rule.endpoint), rule


def test_an_application_with_a_silent_route_does_not_start(shell):
    blueprint = Blueprint("silent", __name__)
    blueprint.add_url_rule("/silent", "page", lambda: "open to all")
    shell.app._got_first_request = False
    shell.app.register_blueprint(blueprint)
    with pytest.raises(RuntimeError, match=r"silent\.page"):
        require_declarations(shell.app)


def test_a_declaration_names_somebody():
    with pytest.raises(ValueError, match="say who"):
        access()


def test_a_page_for_a_role_does_not_exist_for_others_and_the_attempt_is_audited(shell):
    blueprint = Blueprint("trial", __name__)

    @blueprint.get("/trial")
    @access("fr.unit_lead")
    def page() -> str:
        return "for the unit lead"

    shell.app._got_first_request = False
    shell.app.register_blueprint(blueprint)
    assert shell.signed_in("lead").get("/trial").text == "for the unit lead"
    refused = shell.signed_in("officer").get("/trial")
    assert refused.status_code == 404
    assert "Page not found" in refused.text
    with shell.sessions() as session:
        row = session.query(AuditRow).filter_by(act="access.refused").one()
        assert row.actor_id == shell.users["officer"]


def test_what_one_may_not_see_and_what_is_not_there_look_alike(shell):
    client = shell.signed_in()
    blueprint = Blueprint("trial", __name__)

    @blueprint.get("/trial")
    @access("signed-in")
    def page() -> str:
        raise NotVisible("case", shell.users["lead"])

    shell.app._got_first_request = False
    shell.app.register_blueprint(blueprint)
    hidden, absent = client.get("/trial"), client.get("/never")
    assert hidden.status_code == absent.status_code == 404
    plain = [answer.text.split("<main")[1].split("</main>")[0] for answer in (hidden, absent)]
    assert plain[0] == plain[1]


def test_a_post_without_the_token_changes_nothing(shell):
    answer = shell.client().post("/sign-in", data={"login": "officer", "password": "x"})
    assert answer.status_code == 400
    assert "please send again" in answer.text


def test_a_stale_page_gives_back_what_was_typed_but_no_password(shell):
    client = shell.client()
    answer = client.post(
        "/language",
        data={
            "note": "a long observation that nobody wants to type again",
            "password": "swordfish-9",
        },
        headers={"Origin": "http://localhost"},
    )
    assert answer.status_code == 400
    assert "a long observation that nobody wants to type again" in answer.text
    assert "swordfish-9" not in answer.text


def test_another_site_cannot_have_its_words_sent_again(shell):
    answer = shell.client().post(
        "/language", data={"note": "planted by a stranger"}, headers={"Origin": "http://evil"}
    )
    assert "planted" not in answer.text


def test_more_than_a_megabyte_is_not_taken(shell):
    client = shell.client()
    big = {"csrf_token": token(client), "login": "x" * 1_100_000}
    answer = client.post("/sign-in", data=big)
    assert answer.status_code == 413
    assert "one megabyte" in answer.text


def test_a_fault_shows_a_number_and_no_detail(shell):
    blueprint = Blueprint("broken", __name__)

    @blueprint.get("/broken")
    @access("public")
    def page() -> str:
        raise KeyError("secret detail")

    shell.app._got_first_request = False
    shell.app.register_blueprint(blueprint)
    answer = shell.client().get("/broken")
    assert answer.status_code == 500
    assert "secret detail" not in answer.text
    assert "tell your administrator this number" in answer.text


def test_guessing_one_account_is_slowed_down_and_others_are_not(shell):
    client = shell.client()
    tries = [post(client, "/sign-in", login="officer", password="wrong") for _ in range(9)]
    assert [answer.status_code for answer in tries] == [422] * 8 + [429]
    assert "Wait 15 minutes" in tries[-1].text
    assert post(client, "/sign-in", login="lead", password="wrong").status_code == 422
