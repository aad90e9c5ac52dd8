"""Every route with every id of both agencies, and what policy says that each asker gets."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from casework import access
from casework.commission import minutes, visible
from casework.measures import hearing
from casework.supervising import overseen
from casework.tables import (
    AgendaItem,
    Case,
    CommissionSession,
    Delegation,
    Document,
    Notification,
    Person,
    RecordEntry,
    Unit,
    UserAccount,
)
from casework.units import pages as unit_pages
from processes.tables import Base, HumanTask, ProcessInstance, ProcessVersion
from tests.pages.estate import House
from webapp.access import PUBLIC, SIGNED_IN, declared

INTERRUPTING = frozenset({"fr.mlrv", "fr.spip_director", "fr.governor", "x.dpo"})
"""Who records that a case is interrupted, of those who see it."""

BEGINNING = frozenset({"fr.governor"})
"""Who begins the process of `START` on a case."""

START = "F-URGENT"
"""A start form of a process that begins on a case that is there."""

BY_FUNCTION = {
    "registry.register": frozenset({"fr.registry"}),
    "registry.transfer": frozenset({"fr.registry"}),
    "cases.begin_by_number": BEGINNING,
}
"""Pages that exist for those functions alone."""

PAUSING = frozenset({"fr.registry", "fr.mlrv"})
"""Who stops the time to prepare for a hearing."""

SUBJECTS: Mapping[str, type[Base]] = {
    "case_id": Case,
    "task_id": HumanTask,
    "entry_id": RecordEntry,
    "person_id": Person,
    "version_id": ProcessVersion,
    "notification_id": Notification,
    "session_id": CommissionSession,
    "item_id": AgendaItem,
    "delegation_id": Delegation,
    "unit_id": Unit,
    "document_id": Document,
}
"""The words of addresses that name a row."""

NOT_PAGES = frozenset({"static"})


@dataclass(frozen=True)
class Asked:
    """One address that one asker opens, and what must come of it."""

    endpoint: str
    address: str
    subject: UUID | None
    expected: int


class Policy:
    """What one asker may open, told by declarations and the access policy, not by the pages."""

    def __init__(self, house: House, session: Session, login: str) -> None:
        self.house = house
        self.session = session
        self.account = session.get_one(UserAccount, house.user(login))
        self.viewer = access.viewer(session, self.account, house.clock().date())
        self.below = overseen(house.platform, session, self.viewer)
        self._rules: Mapping[str, Callable[[Any], bool]] = {
            "case_id": lambda row: access.may_see_case(session, self.viewer, row),
            "task_id": lambda row: access.may_see_task(session, self.viewer, row),
            "entry_id": lambda row: access.may_read_entry(session, self.viewer, row),
            "person_id": lambda row: self.viewer.holds("fr.custody", row.establishment_id),
            "version_id": lambda row: row.agency_id == self.viewer.agency_id,
            "session_id": lambda row: visible.may_see(session, self.viewer, row),
            "unit_id": lambda row: unit_pages.may_see(self.viewer, row),
            "document_id": lambda row: False,  # files for courts: a Swedish service has them
        }

    def status(self, endpoint: str, named: Mapping[str, Any]) -> int:
        who = declared(self.house.app, endpoint) or frozenset()
        if endpoint in {"account.home", "account.sign_in"}:
            return 302
        if endpoint == "cases.interruption_form":
            seen = access.may_see_case(self.session, self.viewer, named["case_id"])
            return self._at_place(named["case_id"], INTERRUPTING if seen else frozenset())
        if endpoint == "cases.begin_form":
            return self._at_place(named["case_id"], BEGINNING)
        if endpoint == "cases.pause_form":
            return 200 if self._pauses(named["case_id"]) else 404
        held = {holding.role for holding in self.viewer.holdings}
        if endpoint in BY_FUNCTION:
            return 200 if held & BY_FUNCTION[endpoint] else 404
        if not (PUBLIC in who or SIGNED_IN in who or who & held):
            return 404
        for word, row in named.items():
            if word in SUBJECTS and not self._may(endpoint, word, row):
                return 404
        if endpoint == "oversight.choose_holder" and named["task_id"].state != "open":
            return 409
        return 200

    def _pauses(self, case: Any) -> bool:
        """Those who keep the hearing, while one is prepared or where they see the case anyway."""
        runs = hearing.waiting(self.session, case) is not None
        seen = runs or access.may_see_case(self.session, self.viewer, case)
        return seen and self._at_place(case, PAUSING) != 404

    def _at_place(self, case: Any, roles: frozenset[str]) -> int:
        """Those who may act on a case by their function are told when it has ended already."""
        may = self.viewer.agency_id == case.agency_id and case.kind == "person"
        if not may or not roles & self.viewer.roles_at(case.establishment_id):
            return 404
        return 200 if case.state == "open" else 409

    def _may(self, endpoint: str, word: str, row: Any) -> bool:
        if row.agency_id != self.viewer.agency_id:
            return False
        if endpoint == "oversight.choose_holder":
            return row.establishment_id in self.below.get(row.role, ())
        if endpoint in {"sessions.opinions", "sessions.pack"}:
            return bool(visible.seated_on(self.session, self.viewer, row))
        if endpoint == "sessions.minutes_pdf":
            return row.minutes_document_id is not None and minutes.may_read(self.viewer, row)
        return self._rules[word](row)


def asked(house: House, session: Session, login: str) -> Iterator[Asked]:
    """Every page of the application with every row it can be asked for."""
    policy = Policy(house, session, login)
    with house.app.test_request_context():
        for rule in pages(house):
            for named in _named(house, session, rule, policy.viewer.agency_id):
                told = {k: row.id if k in SUBJECTS else row for k, row in named.items()}
                address = house.app.url_for(rule.endpoint, **told)
                rows = [row.id for word, row in named.items() if word in SUBJECTS]
                expected = policy.status(rule.endpoint, named)
                subject = rows[0] if rows else None
                yield Asked(rule.endpoint, address, subject, expected)


def pages(house: House) -> list[Rule]:
    """Every route that answers GET, but for the files of style and script."""
    rules = house.app.url_map.iter_rules()
    found = [r for r in rules if "GET" in (r.methods or ()) and r.endpoint not in NOT_PAGES]
    return sorted(found, key=str)


def acts(house: House) -> list[Rule]:
    """Every route that takes a post about some row."""
    rules = house.app.url_map.iter_rules()
    about = frozenset(SUBJECTS)
    return sorted(
        (r for r in rules if "POST" in (r.methods or ()) and about & r.arguments), key=str
    )


def _named(house: House, session: Session, rule: Rule, agency_id: UUID) -> Iterator[dict[str, Any]]:
    words = sorted(rule.arguments)
    first = next((word for word in words if word in SUBJECTS), None)
    if first is None:
        yield {word: _others(word)[0] for word in words}
        return
    for row in _own_and_some_foreign(rows(session, first), agency_id):
        values = {word: _other(house, session, row, word) for word in words if word != first}
        yield {first: row, **values}


def _own_and_some_foreign(found: list[Any], agency_id: UUID) -> list[Any]:
    """All rows of one's own agency, but of what is done only one of a kind; two foreign ones."""
    foreign_ones = [row for row in found if row.agency_id != agency_id]
    own, seen = [], set()
    for row in found:
        kind = row.element_id if isinstance(row, HumanTask) and row.state != "open" else row.id
        if row.agency_id == agency_id and kind not in seen:
            seen.add(kind)
            own.append(row)
    return own + foreign_ones[:2]


def rows(session: Session, word: str) -> list[Any]:
    """The rows of all agencies that an address can name."""
    found = session.scalars(select(SUBJECTS[word]).order_by(SUBJECTS[word].id))  # type: ignore[attr-defined]
    return list(found)


def _others(word: str) -> tuple[str, ...]:
    return {
        "form": ("F-OBS",),
        "name": ("main.css",),
        "start": (START,),
        "year": (2026,),
        "quarter": (1,),
    }[word]


def _other(house: House, session: Session, row: Any, word: str) -> Any:
    """A part or process that the row really has."""
    if word == "process":
        return row.model
    if word == "start":
        return START
    assert word == "section", f"say what “{word}” stands for in an address"
    form = house.platform.models.form(session, _version(session, row), row.form)
    return form.sections[0].key


def _version(session: Session, task: HumanTask) -> UUID:
    return session.get_one(ProcessInstance, task.instance_id).version_id


def foreign(session: Session, agency_id: UUID, word: str) -> list[UUID]:
    """The rows of other agencies that an address could name."""
    return [row.id for row in rows(session, word) if row.agency_id != agency_id]
