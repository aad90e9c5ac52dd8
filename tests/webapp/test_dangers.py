"""A danger on the pages: who sent it, about whom, where it leads, and that it was seen."""

from __future__ import annotations

import pytest

from tests.webapp.pages import check_page
from tests.webapp.walk import THREAT, observe
from tests.webapp.world import House, Reader, words

ALARM = {
    "first_look": "open",
    "reasons": "Two officers heard the same threat, and it names a place and a day.",
    "urgent": "true",
    "danger": "He named a day.",
}

ANSWERED = {
    "danger_act": "nothing_needed",
    "acted_at": "09:15",
    "reasons": "He was moved to hospital before anybody could be hurt.",
}


@pytest.fixture
def governor(house: House) -> Reader:
    """The governor, after a unit lead has found danger in what was observed."""
    observe(house)
    lead = house.sign_in("lead.north", "en")
    lead.get(f"/tasks/{house.task('F-TRIAGE')}")
    while lead.h1 != "Check before you decide":
        lead.send(ALARM)
    lead.send(form="send")
    return house.sign_in("governor.north", "en")


def _notice(reader: Reader):
    items = [i for i in reader.tree.iter("li") if i.get("class") == "app-notices__item"]
    return items[0]


def test_a_danger_says_who_sent_it_about_whom_and_leads_there(governor: Reader) -> None:
    check_page(governor.get("/work"))
    notice = _notice(governor)
    told = words(notice)
    assert [words(tag) for tag in notice.iter("strong")] == ["Danger"]
    assert "Danger now: Ira Briar (N-9001)" in told
    assert "Unit lead asks for action at once" in told
    links = {words(a).split(" (")[0]: a.get("href") for a in notice.iter("a")}
    assert set(links) == {"Open the task", "Open the case", "Read the observation"}
    for address in links.values():
        check_page(governor.client.get(address))
    assert THREAT in governor.client.get(links["Read the observation"]).text


def test_a_danger_is_answered_with_i_have_seen_this(governor: Reader) -> None:
    governor.get("/work")
    button = next(iter(_notice(governor).iter("button")))
    assert words(button).startswith("I have seen this")
    action = next(iter(_notice(governor).iter("form"))).get("action")
    check_page(governor.post(action))
    assert "Noted that you have seen it." in governor.text
    governor.get("/work")
    assert "Danger now" not in governor.text


def test_the_danger_is_a_step_with_a_clock_and_leads_to_its_form(governor: Reader) -> None:
    governor.get("/work")
    link = next(a for a in _notice(governor).iter("a") if words(a).startswith("Open the task"))
    check_page(governor.get(link.get("href")))
    assert governor.h1 == "Answer the danger"
    assert "He named a day." in governor.text
    assert THREAT in governor.text


def test_an_empty_list_points_to_the_danger_above_it(governor: Reader) -> None:
    now = governor.house.platform.real_now()
    today = {f"acted_on-{part}": str(getattr(now, part)) for part in ("day", "month", "year")}
    governor.get(f"/tasks/{governor.house.task('F-DANGER')}")
    while governor.h1 != "Check before you decide":
        governor.send({**ANSWERED, **today})
    governor.send(form="send")
    governor.get("/work")
    assert "Nothing waits for you." not in governor.text
    assert "No step waits for you, but see the notices above." in governor.text
