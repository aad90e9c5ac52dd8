"""One task: take it, answer it, check it, send it; and when somebody else was first."""

from __future__ import annotations

import pytest

from tests.webapp.pages import check_page
from tests.webapp.walk import observe
from tests.webapp.world import words

OPEN = {"first_look": "open", "reasons": "A threat for gain; it could also be bravado."}


@pytest.fixture
def triage(house):
    """The unit lead, in front of a first look; its address."""
    observe(house)
    return house.sign_in("lead.north", "en"), f"/tasks/{house.task('F-TRIAGE')}"


def test_a_decision_is_shown_once_more_before_it_counts(triage):
    lead, address = triage
    check_page(lead.get(address))
    check_page(lead.send({"first_look": "open"}))
    assert "more questions" in lead.text
    check_page(lead.send(OPEN))
    assert lead.h1 == "Check before you decide"
    assert "bravado" in lead.text
    check_page(lead.send(form="send"))
    assert lead.h1.startswith("Done:")
    assert "What happens next" in lead.text


def test_missing_answers_are_named_and_linked(triage):
    lead, address = triage
    lead.get(address)
    check_page(lead.send({"reasons": "Only half"}), 422)
    assert any(a.get("href", "").startswith("#f-") for a in lead.tree.iter("a"))
    assert "Only half" in lead.text


def test_a_tampered_answer_is_refused_and_nothing_typed_is_lost(triage):
    lead, address = triage
    lead.get(address)
    lead.send({**OPEN, "first_look": "convict"})
    assert lead.answer.status_code == 422
    assert "bravado" in lead.text


def test_of_two_tabs_one_wins_and_the_other_is_told_who_and_when(triage, house):
    lead, address = triage
    other = house.sign_in("lead.north", "en")
    for reader in (other, lead):
        reader.get(address)
        while reader.h1 != "Check before you decide":
            reader.send(OPEN)
    check_page(lead.send(form="send"))
    check_page(other.send(form="send"), 409)
    assert "already been done" in other.h1
    assert "N-110" in other.text
    assert "your answers count" in other.text
    assert "do not count" not in other.text


def test_what_was_typed_for_a_task_that_is_done_is_kept_and_shown(triage, house):
    lead, address = triage
    other = house.sign_in("lead.north", "en")
    other.get(address)
    lead.get(address)
    while lead.h1 != "Check before you decide":
        lead.send(OPEN)
    lead.send(form="send")
    check_page(other.send({**OPEN, "reasons": "Typed too late."}), 409)
    assert "Not sent" in other.h1
    assert "N-110" in other.text
    check_page(other.get(address))
    assert "Typed too late." in other.text


def test_a_task_is_taken_and_given_back(triage):
    lead, address = triage
    lead.get(address)
    check_page(lead.post(f"{address}/claim"))
    assert "You hold this task." in lead.text
    check_page(lead.post(f"{address}/release"))
    assert "back with your group" in lead.text


def test_the_author_is_asked_for_a_correction(triage, house):
    lead, address = triage
    lead.get(f"{address}/hand-back")
    check_page(lead.send({"message": ""}, form=0), 422)
    check_page(lead.send({"message": "Which yard was it?"}, form=0))
    officer = house.sign_in("custody.north", "en")
    officer.get("/work")
    assert "Correct" in officer.text


def test_a_task_of_another_agency_does_not_exist(triage, house):
    _, address = triage
    stranger = house.sign_in("stranger", "en")
    for path in ("", "/check", "/page"):
        assert stranger.get(address + path).status_code == 404
    for path in ("", "/draft", "/claim", "/release", "/hand-back", "/page", "/attach"):
        assert stranger.post(address + path, message="x", item="a").status_code in {400, 404}


def test_a_section_that_the_form_lacks_does_not_exist(triage):
    lead, address = triage
    lead.get(address)
    assert lead.post(f"{address}/elsewhere", reasons="x").status_code == 404
    assert lead.post(f"{address}/fields/elsewhere", reasons="x").status_code == 404


def test_the_draft_is_kept_while_typing_and_an_older_window_is_told(triage):
    lead, address = triage
    lead.get(address)
    first = lead.client.post(
        f"{address}/draft", data={"csrf_token": lead.token, "reasons": "Draft", "revision": "0"}
    )
    assert (first.status_code, first.json["revision"]) == (200, 1)
    stale = lead.client.post(
        f"{address}/draft", data={"csrf_token": lead.token, "reasons": "Old", "revision": "0"}
    )
    assert stale.status_code == 409
    lead.get(address)
    assert "Draft" in lead.text


def test_a_grid_is_answered_section_by_section_without_script(house):
    rater = house.sign_in("probation.north", "en")
    address = f"/tasks/{house.task('G2')}"
    check_page(rater.get(address))
    assert "In progress" in rater.text
    first = _sections(rater)[0]
    check_page(rater.get(first))
    rater.send()
    check_page(rater.answer)
    assert rater.address in _sections(house.sign_in("probation.north", "en"), address)[1:]
    rater.get(f"{address}/check")
    check_page(rater.answer)
    assert "Still missing" in rater.text
    missing = [a for a in rater.tree.iter("a") if f"{address}/" in (a.get("href") or "")]
    named = [a for a in missing if "#" in a.get("href")]
    assert named, "each missing answer is named, and linked with its field"
    where = named[0].get("href")
    page, _, field = where.partition("#")
    rater.get(page)
    assert [e for e in rater.tree.iter() if e.get("id") == field]


def test_the_fields_come_back_as_the_answers_ask_them(house):
    rater = house.sign_in("probation.north", "en")
    address = f"/tasks/{house.task('G2')}"
    rater.get(address)
    section = _sections(rater)[0].removeprefix(address)
    part = rater.client.post(f"{address}/fields{section}", data={"csrf_token": rater.token})
    assert part.status_code == 200
    assert "<html" not in part.text


def _sections(reader, address: str | None = None) -> list[str]:
    """The addresses of the sections that the task's page lists."""
    if address:
        reader.get(address)
    links = [a.get("href") for a in reader.tree.iter("a")]
    task = reader.address
    return [h for h in dict.fromkeys(links) if h and h.startswith(task + "/") and "hand" not in h]


def test_a_governor_goes_from_the_notice_of_danger_to_what_was_observed(triage, house):
    lead, address = triage
    officer = house.sign_in("custody.north", "en")
    officer.get(f"/observations/new/{house.person('N-9001')}")
    assert "called to act" in officer.text
    lead.get(address)
    while lead.h1 != "Check before you decide":
        lead.send({**OPEN, "urgent": "true", "danger": "He has named a day."})
    lead.send(form="send")
    governor = house.sign_in("governor.north", "en")
    check_page(governor.get("/notifications"))
    assert "Danger now: Ira Briar" in governor.text
    check_page(governor.get(_link(governor, "/cases/", "Danger now")))
    assert "Ira Briar" in governor.text
    entries = {a.get("href") for a in governor.tree.iter("a") if "/entries/" in str(a.get("href"))}
    told = ""
    for entry in entries:
        check_page(governor.get(entry))
        told += governor.text
    assert len(entries) == 2, "the observation, and the first look that names the danger"
    assert "canteen" in told
    assert "He has named a day." in told
    for login in ("governor.south", "management.north"):
        other = house.sign_in(login, "en")
        assert other.get(governor.address).status_code == 404


def _link(reader, start: str, text: str) -> str:
    return next(
        a.get("href")
        for a in reader.tree.iter("a")
        if str(a.get("href")).startswith(start) and text in words(a)
    )


def test_an_older_window_does_not_overwrite_what_a_newer_one_kept(triage, house):
    lead, address = triage
    other = house.sign_in("lead.north", "en")
    for reader in (lead, other):
        check_page(reader.get(address))
    newer = {**OPEN, "reasons": "From the newer window."}
    older = {**OPEN, "reasons": "From the older window."}
    other.send(newer)
    check_page(lead.send(older), 409)
    assert "newer answers in another window" in lead.text
    assert "From the older window." in lead.text
    assert "data-autosave" not in lead.answer.text
    lead.get(address)
    assert "From the newer window." in lead.text


def test_who_has_seen_the_newer_answers_may_replace_them(triage, house):
    lead, address = triage
    other = house.sign_in("lead.north", "en")
    for reader in (lead, other):
        reader.get(address)
    other.send({**OPEN, "reasons": "From the newer window."})
    lead.send({**OPEN, "reasons": "From the older window."})
    check_page(lead.send({**OPEN, "reasons": "From the older window, knowing."}))
    lead.get(address)
    assert "From the older window, knowing." in lead.text


@pytest.mark.parametrize("number", ["", "x", "1.0", "-1", "\u0661", "9" * 40])
@pytest.mark.parametrize("name", ["_kept", "revision"])
def test_a_number_of_the_page_that_is_none_is_refused(triage, house, name, number):
    lead, address = triage
    lead.get(address)
    assert lead.post(address, **{**OPEN, name: number}).status_code == 400
    lead.get(address)
    assert OPEN["reasons"] not in lead.text
