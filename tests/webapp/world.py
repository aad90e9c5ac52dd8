"""The people of the tests, and a reader who goes through pages as a browser without script does."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit
from uuid import UUID

import html5lib
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from casework import accounts
from casework.demo.world import PASSWORD, World, register_person
from casework.platform import Platform
from casework.tables import Person, UserAccount
from processes.acting import Acting
from processes.tables import Agency, Establishment, HumanTask

PEOPLE = (
    {
        "number": "N-9001",
        "family_name": "Briar",
        "given_name": "Ira",
        "born_on": date(1991, 3, 2),
    },
    {"number": "N-9002", "family_name": "Larch", "given_name": "Dov", "born_on": date(1985, 9, 9)},
    {
        "number": "S-9003",
        "family_name": "Slate",
        "given_name": "Uma",
        "born_on": date(1979, 1, 5),
        "establishment": "south",
    },
)


def people(platform: Platform, session: Session, world: World) -> None:
    """Three invented persons, one of them at another prison."""
    acting = platform.acting(session, world.agency_id, None)
    for facts in PEOPLE:
        register_person(session, acting, world, facts)


def strangers(platform: Platform, session: Session) -> None:
    """Another agency with one member of staff, who must see nothing of the first."""
    agency = Agency(id=platform.new_id(), name="Other service", country="XX")
    session.add(agency)
    session.flush()
    place = Establishment(
        id=platform.new_id(),
        agency_id=agency.id,
        kind="prison",
        name="Elsewhere",
        zone="Europe/Paris",
        country="FR",
    )
    session.add(place)
    session.flush()
    acting = platform.acting(session, agency.id, None)
    account = _account(platform, session, acting)
    accounts.grant_role(
        platform, session, acting, account.id, "fr.mlrv", place.id, date(2020, 1, 1)
    )


def _account(platform: Platform, session: Session, acting: Acting) -> UserAccount:
    return accounts.create_user(
        platform,
        session,
        acting,
        login="stranger",
        password=PASSWORD,
        display_name="Invented stranger",
        function="Coordinator elsewhere",
        service_number="E-1",
    )


@dataclass
class House:
    """The running application, and its database to look into."""

    app: Flask
    platform: Platform
    sessions: Callable[[], Session]
    world: World

    def sign_in(self, login: str, language: str | None = None) -> Reader:
        reader = Reader(self, self.app.test_client())
        reader.get("/sign-in")
        reader.send({"login": login, "password": PASSWORD})
        if language:
            reader.client.post("/language", data={"csrf_token": reader.token, "language": language})
        return reader

    def person(self, number: str) -> UUID:
        with self.sessions() as session:
            return session.scalars(select(Person.id).where(Person.number == number)).one()

    def task(self, form: str) -> UUID:
        """The open task with this form; there is just one."""
        with self.sessions() as session:
            query = select(HumanTask.id).where(HumanTask.form == form, HumanTask.state == "open")
            return session.scalars(query).one()


class Reader:
    """A browser without script: keeps the page, its one form and the token."""

    def __init__(self, house: House, client: FlaskClient) -> None:
        self.house = house
        self.client = client
        self.answer: TestResponse
        self.address = "/"

    def get(self, address: str) -> TestResponse:
        return self._take(self.client.get(address))

    def post(self, address: str, **data: str) -> TestResponse:
        return self._take(self.client.post(address, data={"csrf_token": self.token, **data}))

    def send(
        self,
        changes: Mapping[str, str | list[str]] | None = None,
        press: str | None = None,
        action: str | None = None,
        form: int | str = "answers",
    ) -> TestResponse:
        """Fill the form of the page and press a button of it, as a browser would."""
        found = self._form(form)
        typed = _typed(found)
        for name, value in (changes or {}).items():
            typed.setlist(name, value if isinstance(value, list) else [value])
        target = found.get("action") or self.address
        if press:
            name, _, value = press.partition("=")
            button = next(
                b
                for b in _all(found, "button")
                if b.get("name") == name and (not value or b.get("value") == value)
            )
            typed.setlist(name, [button.get("value", "")])
            target = button.get("formaction") or target
        return self._take(self.client.post(action or target, data=typed))

    @property
    def tree(self):
        return html5lib.parse(self.answer.text, namespaceHTMLElements=False)

    @property
    def token(self) -> str:
        found = re.search(r'name="csrf-token" content="([^"]+)"', self.answer.text)
        assert found, self.answer.text
        return found.group(1)

    @property
    def h1(self) -> str:
        return words(next(iter(_all(self.tree, "h1"))))

    @property
    def text(self) -> str:
        return words(next(iter(_all(self.tree, "main"))))

    def _form(self, which: int | str):
        main = next(iter(_all(self.tree, "main")))
        forms = [form for form in _all(main, "form") if form.get("method") == "post"]
        named = [form for form in forms if form.get("id") == which]
        return named[0] if named else forms[which if isinstance(which, int) else 0]

    def _take(self, answer: TestResponse) -> TestResponse:
        while answer.status_code in {302, 303}:
            answer = self.client.get(_path(answer.headers["Location"]))
        self.answer = answer
        self.address = answer.request.path
        return answer


def words(element) -> str:
    return " ".join("".join(element.itertext()).split())


def _all(element, tag: str):
    return element.iter(tag)


def _path(address: str) -> str:
    parts = urlsplit(address)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _typed(form) -> MultiDict[str, str]:
    typed: MultiDict[str, str] = MultiDict()
    for element in form.iter():
        name = element.get("name")
        if not name:
            continue
        if element.tag == "input":
            kind = element.get("type", "text")
            if kind in {"radio", "checkbox"} and element.get("checked") is None:
                continue
            typed.add(name, element.get("value", "on" if kind == "checkbox" else ""))
        elif element.tag == "textarea":
            typed.add(name, (element.text or "").removeprefix("\n"))
        elif element.tag == "select":
            chosen = [o for o in element.iter("option") if o.get("selected") is not None]
            first = chosen or list(element.iter("option"))[:1]
            typed.add(name, first[0].get("value", "") if first else "")
    return typed
