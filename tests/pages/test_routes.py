"""Each route for each function of both agencies: open where policy says so, else not there."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from casework.tables import AuditRow, UserAccount
from tests.pages import matrix
from tests.pages.estate import EAST_STAFF, House
from tests.webapp.pages import faults

NORTH = (
    "custody.north",
    "custody2.north",
    "lead.north",
    "probation.north",
    "director.north",
    "coordinator.north",
    "management.north",
    "governor.north",
    "support.north",
    "registry.north",
    "chaplaincy.north",
    "secretary.north",
    "coordinator.south",
    "region",
    "reader",
    "records",
    "dpo",
    "oversight",
    "lead.qer",
    "judge.sentences",
    "judge.inquiry",
)
EVERYBODY = (*NORTH, *(login for login, _ in EAST_STAFF))
NOTHING = {"Accept": "application/json"}
"""For a program the page that is not found is short."""

CHECKED: set[tuple[str, str]] = set()
"""Pages found valid, without what differs between readers: HTML is parsed once for each."""


@pytest.mark.parametrize("login", EVERYBODY)
def test_each_route_opens_as_its_declaration_and_the_policy_say(house, login):
    client, wrong, refused = sign_in(house, login), [], set()
    with house.reading() as session:
        wanted = list(matrix.asked(house, session, login))
    for asked in wanted:
        answer = client.get(asked.address, headers=NOTHING if asked.expected == 404 else None)
        if answer.status_code != asked.expected:
            wrong.append(f"{asked.address}: {answer.status_code}, not {asked.expected}")
        elif answer.status_code == 404 and asked.subject:
            refused.add(asked.subject)
        elif answer.mimetype == "text/html" and answer.status_code == 200:
            wrong += _faults(asked, answer.text)
    assert not wrong, "\n".join(wrong)
    assert refused <= audited(house, login)


@pytest.mark.parametrize("login", EVERYBODY)
def test_nothing_can_be_done_to_a_row_of_another_agency(house, login):
    client, wrong, tried = sign_in(house, login), [], set()
    with house.reading() as session:
        agency_id = session.get_one(UserAccount, house.user(login)).agency_id
        theirs = {word: matrix.foreign(session, agency_id, word) for word in matrix.SUBJECTS}
    csrf = token(client)
    for rule in matrix.acts(house):
        word = next(word for word in sorted(rule.arguments) if word in matrix.SUBJECTS)
        for row in theirs[word][:2]:
            with house.app.test_request_context():
                others = rule.arguments - {word}
                parts = {word: row, **{w: theirs[w][0] if w in theirs else "a" for w in others}}
                address = house.app.url_for(rule.endpoint, **parts)
            answer = client.post(address, data=_whatever(csrf, theirs))
            tried.add(row)
            if answer.status_code != 404:
                wrong.append(f"POST {address}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)
    assert tried <= audited(house, login)


def test_no_two_pages_stand_at_one_address(house):
    """The first would answer for both, and refuse those for whom the second is."""
    addresses = [str(rule) for rule in matrix.pages(house)]
    assert sorted(addresses) == sorted(set(addresses))


def test_without_signing_in_every_page_asks_for_it(house):
    client = house.app.test_client()
    with house.reading() as session:
        addresses = {asked.endpoint: asked for asked in matrix.asked(house, session, "dpo")}
    for endpoint, asked in addresses.items():
        answer = client.get(asked.address)
        if "public" in (matrix.declared(house.app, endpoint) or ()):
            assert answer.status_code in {200, 302}, asked.address
        else:
            assert answer.status_code == 302, asked.address
            assert answer.headers["Location"].startswith("/sign-in?next="), asked.address


def test_the_matrix_meets_every_kind_of_answer(house):
    """Else it would prove nothing: every page is open to somebody, every row closed to somebody."""
    met: dict[str, set[int]] = {}
    with house.reading() as session:
        for login in EVERYBODY:
            for asked in matrix.asked(house, session, login):
                met.setdefault(asked.endpoint, set()).add(asked.expected)
    abroad = {endpoint for endpoint in met if _is_of_another_country(house, endpoint)}
    assert {e for e, seen in met.items() if not seen & {200, 302}} == abroad
    by_row = {rule.endpoint for rule in matrix.pages(house) if rule.arguments - {"form"}}
    assert {endpoint for endpoint in by_row if 404 not in met[endpoint]} == set()


def _is_of_another_country(house: House, endpoint: str) -> bool:
    """A page for functions that no agency of this estate has; `test_two_countries` opens it."""
    return all(role.startswith("se.") for role in matrix.declared(house.app, endpoint) or {"x"})


def sign_in(house: House, login: str) -> FlaskClient:
    client = house.app.test_client()
    data = {"csrf_token": token(client), "user_id": str(house.user(login)), "next": "/work"}
    assert client.post("/demo/act-as", data=data).status_code == 302
    return client


def token(client: FlaskClient) -> str:
    found = re.search(r'name="csrf-token" content="([^"]+)"', client.get("/demo/tour").text)
    assert found
    return found.group(1)


def audited(house: House, login: str) -> set[UUID]:
    """What the log says that somebody was refused."""
    with house.reading() as session:
        rows = select(AuditRow.subject_id).where(
            AuditRow.act == "access.refused", AuditRow.actor_id == house.user(login)
        )
        return set(session.scalars(rows))


def _faults(asked: matrix.Asked, text: str) -> list[str]:
    main = re.sub(r'name="csrf[^>]*>', "", text[text.index("<main") :])
    if (asked.endpoint, main) in CHECKED:
        return []
    CHECKED.add((asked.endpoint, main))
    found = [f"{asked.address}: {fault}" for fault in faults(text)]
    inline = re.search(r"<style|<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=\"", text)
    return found + ([f"{asked.address}: inline {inline.group()}"] if inline else [])


def _whatever(csrf: str, theirs: dict[str, list[UUID]]) -> dict[str, str]:
    """A post that would do something if the row were one's own."""
    return {
        "csrf_token": csrf,
        "message": "What yard was it?",
        "reason": "request",
        "entry_id": str(theirs["entry_id"][0]),
        "to_user": str(theirs["person_id"][0]),
        "item": "a",
        "what": "x",
    }
