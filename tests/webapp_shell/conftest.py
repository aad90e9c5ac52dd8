"""A small world behind the real application: two agencies, three accounts, a demo or not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from casework import accounts
from casework.database import begin_writing, open_engine, session_factory
from casework.platform import Platform, open_platform
from casework.settings import Settings
from processes.tables import Agency, Establishment, Installation
from webapp.app import create_app

AGENCIES = (
    ("Demo service", "Demo prison North", (("officer", "fr.custody"), ("lead", "fr.unit_lead"))),
    ("Other service", "Elsewhere", (("stranger", "fr.custody"),)),
)
PASSWORD = "a long enough phrase"


@dataclass(frozen=True)
class Shell:
    """The running application and a way to look into its database."""

    app: Flask
    platform: Platform
    sessions: Callable[[], Session]
    users: dict[str, UUID]

    def client(self) -> FlaskClient:
        return self.app.test_client()

    def signed_in(self, login: str = "officer") -> FlaskClient:
        client = self.client()
        answer = post(client, "/sign-in", login=login, password=PASSWORD)
        assert answer.status_code == 302, answer.text
        return client


def token(client: FlaskClient) -> str:
    text = client.get("/no-such-page").text
    found = re.search(r'name="csrf-token" content="([^"]+)"', text)
    assert found
    return found.group(1)


def post(client: FlaskClient, address: str, **data: str):
    return client.post(address, data={"csrf_token": token(client), **data})


@pytest.fixture
def make_shell(sqlite_url: str, tmp_path) -> Iterator[Callable[..., Shell]]:
    opened = []

    def make(*, demo: bool = False, secure: bool = False) -> Shell:
        settings = Settings(
            data=tmp_path, database_url=sqlite_url, demo=demo, secure_cookies=secure
        )
        platform = open_platform(settings)
        engine = open_engine(sqlite_url)
        opened.append(engine)
        sessions = session_factory(engine)
        with sessions() as session:
            begin_writing(session)
            users = _people(platform, session, demo=demo)
            session.commit()
        return Shell(create_app(platform), platform, sessions, users)

    yield make
    for engine in opened:
        engine.dispose()


@pytest.fixture
def shell(make_shell: Callable[..., Shell]) -> Shell:
    return make_shell()


@pytest.fixture
def demo(make_shell: Callable[..., Shell]) -> Shell:
    return make_shell(demo=True)


def _people(platform: Platform, session: Session, *, demo: bool) -> dict[str, UUID]:
    session.add(Installation(id=1, demo=demo, created_at=platform.real_now()))
    users = {}
    for agency_name, place_name, staff in (
        (
            "Demo service",
            "Demo prison North",
            (("officer", "fr.custody"), ("lead", "fr.unit_lead")),
        ),
        ("Other service", "Elsewhere", (("stranger", "fr.custody"),)),
    ):
        agency = Agency(id=uuid4(), name=agency_name, country="FR")
        session.add(agency)
        session.flush()
        place = Establishment(
            id=uuid4(),
            agency_id=agency.id,
            kind="prison",
            name=place_name,
            zone="Europe/Paris",
            country="FR",
        )
        session.add(place)
        session.flush()
        acting = platform.acting(session, agency.id, None)
        for login, role in staff:
            account = accounts.create_user(
                platform,
                session,
                acting,
                login=login,
                password=PASSWORD,
                display_name=f"Invented {login}",
                function=f"Function {login}",
                service_number=f"S-{login}",
            )
            accounts.grant_role(
                platform, session, acting, account.id, role, place.id, date(2020, 1, 1)
            )
            users[login] = account.id
    return users
