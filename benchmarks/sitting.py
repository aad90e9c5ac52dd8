"""A session with a long agenda and full seats, told through the use cases; and answers owed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import cycle, islice
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from casework import accounts
from casework.demo.world import HELD_FROM, PASSWORD, find_world, register_person
from casework.player import Player
from casework.scenarios import ScenarioStep
from casework.tables import Case, CommissionSession, Opinion, Person
from processes import advance, versions
from processes.tables import ProcessInstance
from webapp.cli.opening import Opened

SECRETARY, MEMBER, REGION = "secretary.north", "work.north", "region"
SEATS = {
    "chair": "governor.north",
    "spip_director": "director.north",
    "detention": "lead.north",
    "psychologist": "psychologist.north",
    "support_pair": "support.north",
    "work": MEMBER,
    "training": "training.north",
    "education": "education.north",
    "health": "health.north",
}
MORE_MEMBERS = {"training.north": "Vocational training", "health.north": "Care team"}
CASES, OWED = 14, 2000
OPINION = {
    "proposed": "support_only",
    "reasons": "He asks for work and keeps to what was agreed. Nobody here has seen more.",
    "unknowns": "What he says to those whom he trusts.",
}


class Sitting:
    """The session, on its day; opinions are given when they are asked for."""

    def __init__(self, opened: Opened) -> None:
        """Convene it."""
        with opened.writing() as session:
            _add_members(opened, session)
        with opened.sessions() as session:
            world = find_world(session)
        now = opened.platform.real_now() - timedelta(minutes=10)
        self._player = Player(opened.platform, opened.sessions, world, now)
        self._cases = [self._referred(number) for number in range(CASES)]
        self.session_id = self._convened()

    def give(self, *logins: str) -> None:
        """These members give their opinions on every item."""
        for case_id in self._cases:
            self._player.played.case_id = case_id
            for login in logins:
                self._complete("commission_opinion", login, **OPINION)

    def _referred(self, number: int) -> UUID:
        """A case that was referred, prepared, and waits for an agenda."""
        played = self._player.played
        played.now += timedelta(seconds=1)  # cases that wait have an order
        with self._player.hands.writing() as session:
            played.case_id = self._begun(session, number)
        seats = [{"office": office, "member": member} for office, member in SEATS.items()]
        question = "Does anything beyond ordinary work follow from this?"
        wanted = {"question": question, "seats": seats, "needs_only": True}
        self._complete("commission_prepare", SECRETARY, **wanted)
        self._complete("commission_observations", "registry.north", how="none", made_on="@today")
        return self._player.case()

    def _begun(self, session: Session, number: int) -> UUID:
        player, acting = self._player, self._player.acting(None)
        facts = {
            "number": f"S-{number:04}",
            "family_name": f"Measured {number}",
            "given_name": "Item",
            "born_on": date(1990, 1, 1),
        }
        person = register_person(session, acting, player.world, facts)
        player.played.place_id = person.establishment_id
        columns = _case(acting.new_id(), person.id, person.establishment_id, acting)
        session.execute(insert(Case), [columns])
        version = versions.active_version(session, acting.agency_id, "commission")
        start = advance.Start(
            version.id, columns["id"], person.establishment_id, "commission_referred", {}
        )
        advance.start_instance(session, player.platform, acting, start)
        return UUID(str(columns["id"]))

    def _convened(self) -> UUID:
        """Planned for today, with all the cases on its agenda."""
        where = {"session_on": "@today", "session_time": "23:00", "place": "Room 3"}
        planned = {"act": "plan", "as": SECRETARY, "answers": {**where, "chair": "governor"}}
        self._player.step(ScenarioStep("session", planned))
        with self._player.hands.reading() as session:
            wanted = select(ProcessInstance.id).where(ProcessInstance.case_id.in_(self._cases))
            items = [str(found) for found in session.scalars(wanted)]
        self._complete("commission_session_agenda", SECRETARY, items=items, recall=True)
        found = self._player.played.session_id
        assert found is not None
        return found

    def _complete(self, task: str, login: str, **answers: Any) -> None:
        given = {"task": task, "as": login, "answers": answers}
        self._player.step(ScenarioStep("complete", given))


def _add_members(opened: Opened, session: Session) -> None:
    """Nine different people sit; the demo has seven who may."""
    world = find_world(session)
    acting = opened.platform.acting(session, world.agency_id, None)
    kept = accounts.hashed(PASSWORD)
    for number, (login, function) in enumerate(MORE_MEMBERS.items(), 1):
        account = accounts.create_user(
            opened.platform,
            session,
            acting,
            login=login,
            password=PASSWORD,
            password_hash=kept,
            display_name=f"Measured {number}",
            function=function,
            service_number=f"B-{number}",
        )
        place, role = world.places["north"], "fr.cpu_member"
        accounts.grant_role(opened.platform, session, acting, account.id, role, place, HELD_FROM)


def _case(case_id: UUID, person_id: UUID, place: UUID, acting: Any) -> dict[str, Any]:
    return {
        "id": case_id,
        "agency_id": acting.agency_id,
        "kind": "person",
        "person_id": person_id,
        "establishment_id": place,
        "pack": "france",
        "state": "open",
        "stage": "referred",
        "owner_role": "fr.mlrv",
        "purpose_code": "prevent_violence",
        "legal_basis": "",
        "opened_at": acting.now,
    }


def owe_answers(opened: Opened, sitting: Sitting) -> None:
    """Rows of answers owed, each about a person and a case of its own, at both prisons."""
    with opened.writing() as session:
        world = find_world(session)
        acting = opened.platform.acting(session, world.agency_id, None)
        row = session.get_one(CommissionSession, sitting.session_id)
        instance = select(ProcessInstance.id).where(ProcessInstance.case_id == row.case_id)
        instance_id = session.scalars(instance.limit(1)).one()
        places = islice(cycle((world.places["north"], world.places["south"])), OWED)
        made = list(_owed(acting, instance_id, places))
        for table, place in ((Person, 0), (Case, 1), (Opinion, 2)):
            session.execute(insert(table), [rows[place] for rows in made])


def _owed(acting: Any, instance_id: UUID, places: Iterator[UUID]) -> Iterator[tuple[Any, ...]]:
    for number, place in enumerate(places):
        person = {
            "id": acting.new_id(),
            "agency_id": acting.agency_id,
            "number": f"O-{number:04}",
            "family_name": f"Owed {number}",
            "given_name": "Answer",
            "born_on": date(1990, 1, 1),
            "establishment_id": place,
            "unit": "Wing A",
            "penal_status": "convicted",
            "language": "fr",
        }
        case = _case(acting.new_id(), person["id"], place, acting)
        issued = acting.now - timedelta(days=number % 80, minutes=number)
        opinion = {
            "id": acting.new_id(),
            "agency_id": acting.agency_id,
            "case_id": case["id"],
            "instance_id": instance_id,
            "establishment_id": place,
            "outcome": "qer",
            "favourable": False,
            "issued_at": issued,
            "sent_at": issued + timedelta(days=1),
            "sent_how": "by_hand" if number % 2 else "by_itself",
            "owner_role": "fr.central" if number % 3 else "fr.disp",
            "answer_due_at": issued + timedelta(days=30),
            "state": "sent",
            "repeat": 1 + number % 3,
        }
        yield person, case, opinion
