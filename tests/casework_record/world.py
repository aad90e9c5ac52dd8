"""A small invented world: two agencies, places in a tree, staff, one case with its rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from casework.access import Viewer, viewer
from casework.keyring import Keyring
from casework.tables import Case, Loan, Person, RecordEntry, RoleHolding, Seat, UserAccount
from processes.acting import Acting
from processes.ports import JournalEntry
from processes.tables import Agency, Establishment, HumanTask, ProcessInstance, ProcessVersion

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
REAL = datetime(2026, 2, 27, 8, 30, 15, 123456, tzinfo=UTC)
TODAY = NOW.date()
MAIN, AUDIT, OTHER = b"m" * 32, b"a" * 32, b"o" * 32


class Ids:
    """Ids in order, random-looking enough, the same in every run."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def __call__(self) -> UUID:
        return UUID(int=(next(self._numbers) * 0x9E3779B97F4A7C15F39CC0605CEDC835) % 2**128)


@dataclass
class Installation:
    """What the use cases need of a platform."""

    keyring: Keyring
    new_id: Callable[[], UUID]

    def case_now(self, session: Session) -> datetime:
        return NOW


@dataclass
class Submitted:
    """A submission as forms give it."""

    by_layer: dict[str, dict[str, Any]]
    variables: dict[str, Any] = field(default_factory=dict)


@dataclass
class FormOf:
    id: str
    digest: str = "f" * 64


class World:
    """Makes rows; every method gives what it made."""

    def __init__(self, session: Session, outside: Path) -> None:
        self.session = session
        self.new_id = Ids()
        self.keyring = Keyring.of([MAIN], [AUDIT], "secret", outside)
        self.platform = Installation(self.keyring, self.new_id)
        self.agency = self._add(Agency(id=self.new_id(), name="Demo agency", country="FR"))
        self.other = self._add(Agency(id=self.new_id(), name="Other agency", country="FR"))
        self.ministry = self.place("ministry", None)
        self.region = self.place("region", self.ministry)
        self.north = self.place("prison", self.region)
        self.south = self.place("prison", self.region)
        self.elsewhere = self.place("prison", None, self.other)

    def _add(self, row: Any) -> Any:
        self.session.add(row)
        self.session.flush()
        return row

    def acting(self, user: UserAccount | None = None, **changes: Any) -> Acting:
        known = {
            "agency_id": user.agency_id if user else self.agency.id,
            "user_id": user.id if user else None,
            "now": NOW,
            "real_now": REAL,
            "new_id": self.new_id,
            "role": None,
        }
        return Acting(**{**known, **changes})

    def place(self, kind: str, parent: Establishment | None, agency: Agency | None = None) -> Any:
        return self._add(
            Establishment(
                id=self.new_id(),
                agency_id=(agency or self.agency).id,
                parent_id=parent.id if parent else None,
                kind=kind,
                name=f"Demo {kind}",
                zone="Europe/Paris",
                country="FR",
            )
        )

    def user(
        self, role: str | None = None, at: Establishment | None = None, agency: Any = None
    ) -> UserAccount:
        identity = self.new_id()
        account = self._add(
            UserAccount(
                id=identity,
                agency_id=(agency or self.agency).id,
                login=f"user-{identity.hex[:8]}",
                password_hash="none",
                display_name="Invented Name",
                function="Function",
                service_number="S-1",
                language="en",
                active=True,
                session_mark="mark",
            )
        )
        if role:
            self.hold(account, role, at or self.north)
        return account

    def hold(
        self,
        account: UserAccount,
        role: str,
        at: Establishment,
        since: date = TODAY - timedelta(days=30),
        until: date | None = None,
    ) -> RoleHolding:
        return self._add(
            RoleHolding(
                id=self.new_id(),
                agency_id=account.agency_id,
                user_id=account.id,
                role=role,
                establishment_id=at.id,
                held_from=since,
                held_to=until,
            )
        )

    def lend(self, account: UserAccount, task: HumanTask) -> Loan:
        return self._add(
            Loan(
                id=self.new_id(),
                agency_id=task.agency_id,
                case_id=task.case_id,
                role=task.role,
                user_id=account.id,
                lent_at=NOW,
            )
        )

    def viewer(self, account: UserAccount, on: date = TODAY) -> Viewer:
        return viewer(self.session, account, on)

    def case(self, at: Establishment | None = None, agency: Any = None) -> Case:
        place, owner = at or self.north, agency or self.agency
        person = self._add(
            Person(
                id=self.new_id(),
                agency_id=owner.id,
                number=self.new_id().hex[:10],
                family_name="Alder",
                given_name="Robin",
                born_on=date(1990, 1, 1),
                establishment_id=place.id,
                unit="A",
                penal_status="sentenced",
                language="fr",
            )
        )
        return self._add(
            Case(
                id=self.new_id(),
                agency_id=owner.id,
                person_id=person.id,
                establishment_id=place.id,
                pack="france",
                state="open",
                stage="detection",
                owner_role="fr.mlrv",
                purpose_code="detection",
                legal_basis="text",
                opened_at=NOW,
            )
        )

    def instance(self, case: Case) -> ProcessInstance:
        version = self._add(
            ProcessVersion(
                id=self.new_id(),
                agency_id=case.agency_id,
                pack="france",
                model="detection",
                title="Detection",
                digest=self.new_id().hex * 2,
                deployed_at=NOW,
                active=True,
            )
        )
        return self._add(
            ProcessInstance(
                id=self.new_id(),
                agency_id=case.agency_id,
                version_id=version.id,
                case_id=case.id,
                establishment_id=case.establishment_id,
                state="running",
                engine_state=b"{}",
                revision=1,
                started_at=NOW,
            )
        )

    def seat(
        self,
        instance: ProcessInstance,
        role: str,
        form: str,
        rater: UserAccount | None,
        alternate: UserAccount | None = None,
        number: int = 1,
        state: str = "asked",
    ) -> Seat:
        return self._add(
            Seat(
                id=self.new_id(),
                agency_id=instance.agency_id,
                case_id=instance.case_id,
                instance_id=instance.id,
                round=number,
                role=role,
                form=form,
                establishment_id=instance.establishment_id,
                user_id=rater.id if rater else None,
                alternate_id=alternate.id if alternate else None,
                state=state,
            )
        )

    def task(
        self,
        instance: ProcessInstance,
        role: str,
        form: str = "F-TRIAGE",
        holder: UserAccount | None = None,
        seat: Seat | None = None,
        state: str = "open",
    ) -> HumanTask:
        return self._add(
            HumanTask(
                id=self.new_id(),
                agency_id=instance.agency_id,
                instance_id=instance.id,
                case_id=instance.case_id,
                engine_task_id=self.new_id(),
                element_id="element",
                name="Step",
                form=form,
                role=role,
                establishment_id=instance.establishment_id,
                seat_id=seat.id if seat else None,
                holder_id=holder.id if holder else None,
                layer="L2",
                legal_basis="text",
                state=state,
                created_at=NOW,
            )
        )

    def entry(
        self,
        case: Case,
        author: UserAccount,
        layer: str = "L2",
        form: str = "F-TRIAGE",
        number: int | None = None,
        corrects: RecordEntry | None = None,
    ) -> RecordEntry:
        """An entry as a row only: for questions of access, which never open it."""
        return self._add(
            RecordEntry(
                id=self.new_id(),
                agency_id=case.agency_id,
                case_id=case.id,
                form=form,
                form_digest="",
                layer=layer,
                round=number,
                supersedes_id=corrects.id if corrects else None,
                ciphertext=b"sealed",
                author_id=author.id,
                author_role="role",
                written_at=NOW,
            )
        )


def act(case_id: UUID | None, name: str = "task.completed", **codes: Any) -> JournalEntry:
    """One audited act."""
    subject = case_id or UUID(int=7)
    return JournalEntry(name, case_id, "task", subject, codes)
