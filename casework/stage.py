"""Where scenarios are played: a world, its people, and a clock that the steps move."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.datastructures import MultiDict

from casework import access, demo_clock
from casework.demo.world import World, register_person
from casework.hands import hands
from casework.platform import Platform
from casework.scenarios import ScenarioError, as_posted
from casework.tables import Person, UserAccount
from processes import calendars
from processes.acting import Acting
from processes.sweep import run_due
from processes.tables import Establishment, HumanTask, Incident, ProcessInstance

_RELATIVE = re.compile(r"^@(today|end)(?:([+-])(\d+)D)?$")


@dataclass
class Played:
    """Where a scenario stands: its person, its case, the time."""

    now: datetime
    person_id: UUID | None = None
    case_id: UUID | None = None
    session_id: UUID | None = None  # of the commission, and the file that it has of its own
    file_id: UUID | None = None
    place_id: UUID | None = None
    last_task: UUID | None = None
    notes: list[str] = field(default_factory=list)


class Stage:
    """A world with one person and one case in it, and the time there."""

    def __init__(
        self,
        platform: Platform,
        sessions: sessionmaker[Session],
        world: World,
        now: datetime,
        today: datetime | None = None,
        latest: datetime | None = None,
    ) -> None:
        """Begin at `now`, which every `wait` moves forward, at most to `latest`.

        Steps may count back from `today`.
        """
        self.world = world
        self.today = today or now
        self.latest = latest
        self.played = Played(now)
        self.platform = replace(
            platform, offset=lambda _session: 0, real_now=lambda: self.played.now
        )
        self.wall = platform.real_now
        self.hands = hands(self.platform, sessions)

    def do_what_is_due(self) -> None:
        """Fire timers and deliver messages up to the scenario's time."""
        swept = run_due(self.hands)
        if swept.failed:
            with self.hands.reading() as session:
                incidents = session.scalars(select(Incident.words).order_by(Incident.since))
                words = "; ".join(dict.fromkeys(incidents))
            raise ScenarioError(f"{swept.failed} deadlines or messages failed: {words}")

    def pass_time(self, until: datetime) -> None:
        """Let the clock run to a moment, stopping at every deadline on the way."""
        while True:
            with self.hands.reading() as session:
                ahead = demo_clock.next_deadline(session, self.acting(None))
            if ahead is None or ahead >= until:
                break
            self.played.now = ahead + demo_clock.A_MOMENT
            self.do_what_is_due()
        self.played.now = until

    def acting(self, user_id: UUID | None, role: str | None = None) -> Acting:
        """The circumstances of a step; the audit keeps the wall clock beside the moved one."""
        return Acting(
            agency_id=self.world.agency_id,
            user_id=user_id,
            now=self.played.now,
            real_now=self.wall(),
            new_id=self.platform.new_id,
            role=role,
        )

    def viewer(self, session: Session, user_id: UUID) -> access.Viewer:
        """A user as the access policy knows him or her at the scenario's time."""
        account = session.get_one(UserAccount, user_id)
        return access.viewer(session, account, self.played.now.date())

    def register(self, session: Session, facts: Mapping[str, Any]) -> None:
        """The scenario's person, entered in the prison's register if not known there."""
        if not facts:
            return
        known = session.scalars(
            select(Person).where(
                Person.agency_id == self.world.agency_id, Person.number == facts["number"]
            )
        ).first()
        dated = {key: self.dated(value) for key, value in facts.items()}
        person = known or register_person(session, self.acting(None), self.world, dated)
        self.played.person_id, self.played.place_id = person.id, person.establishment_id

    def who(self, session: Session, wanted: str, task: HumanTask | None = None) -> UUID:
        """A login, or any holder of a role: the task's holder if there is one."""
        if wanted in self.world.users:
            return self.world.users[wanted]
        if task is not None and task.holder_id is not None:
            return task.holder_id
        place = task.establishment_id if task else self.place()
        for user_id in self.world.users.values():
            viewer = self.viewer(session, user_id)
            if wanted in viewer.roles_at(place) and (
                task is None or access.may_see_task(session, viewer, task)
            ):
                return user_id
        raise ScenarioError(f"nobody here holds {wanted} and may do this")

    def place(self) -> UUID:
        """The person's establishment."""
        if self.played.place_id is None:
            raise ScenarioError("the scenario names no [person]")
        return self.played.place_id

    def person(self) -> UUID:
        """The scenario's person; ScenarioError when the file names none."""
        if self.played.person_id is None:
            raise ScenarioError("the scenario names no [person]")
        return self.played.person_id

    def person_number(self, session: Session) -> str:
        """The number of the scenario's person in the register."""
        return session.get_one(Person, self.person()).number

    def case(self) -> UUID:
        """The scenario's case; ScenarioError before it was started."""
        if self.played.case_id is None:
            raise ScenarioError("no case was started yet")
        return self.played.case_id

    def task(self, session: Session, element_id: str, by: str = "") -> HumanTask:
        """The oldest open task at the element, of several the one that the user `by` holds, else
        one that `by` may open; ScenarioError names what is open instead."""
        files = (self.played.case_id, self.played.file_id)
        standing = session.scalars(
            select(HumanTask)
            .where(
                HumanTask.case_id.in_(files),
                HumanTask.element_id == element_id,
                HumanTask.state == "open",
            )
            .order_by(HumanTask.created_at)
        ).all()
        holder = self.world.users.get(by)
        held = (task for task in standing if holder and task.holder_id == holder)
        found = next(held, None) or self._open_to(session, standing, holder)
        if found is None:
            here = session.scalars(
                select(HumanTask.element_id).where(
                    HumanTask.case_id.in_(files), HumanTask.state == "open"
                )
            )
            raise ScenarioError(f"no task {element_id} is open; open are: {sorted(here)}")
        return found

    def _open_to(
        self, session: Session, standing: Sequence[HumanTask], user_id: UUID | None
    ) -> HumanTask | None:
        if len(standing) > 1 and user_id is not None:
            viewer = self.viewer(session, user_id)
            for task in standing:
                if access.may_see_task(session, viewer, task):
                    return task
        return next(iter(standing), None)

    def posted(self, answers: Mapping[str, Any]) -> MultiDict[str, str]:
        """Answers as a browser would post them."""
        return MultiDict((key, self.worded(value)) for key, value in as_posted(answers))

    def worded(self, value: str) -> str:
        """Logins become ids, and days relative to the scenario's become dates."""
        if value in self.world.users:
            return str(self.world.users[value])
        return str(self.dated(value))

    def dated(self, value: Any) -> Any:
        """`@today`, `@today-3D`: a day relative to the scenario's; `@end+1D`: to the day on which a
        story of the demo stands, from which its waits are counted back."""
        match = _RELATIVE.match(value) if isinstance(value, str) else None
        if match is None:
            return value
        days = int(match[3] or 0) * (-1 if match[2] == "-" else 1)
        base = self.today if match[1] == "end" else self.played.now
        return base.date() + timedelta(days=days)

    def all_answers(
        self, session: Session, task: HumanTask, given: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """The answers of a step; `others` answers every item of a grid not answered there."""
        answers: Mapping[str, Any] = given.get("answers", {})
        if "others" not in given:
            return answers
        instance = session.get_one(ProcessInstance, task.instance_id)
        fields = self.platform.models.form(session, instance.version_id, task.form).fields
        items = {key: given["others"] for key in fields if key.endswith("_observed")}
        return {**items, **answers}

    def target(self, session: Session, until: str) -> datetime:
        """The moment of a `wait`; `due` is the nearest due date, `today` the day to count from."""
        place = session.get_one(Establishment, self.place())
        dates: dict[str, date | datetime] = {"today": self.today}
        if " due" in until:
            name = until.split(":")[-1] if ":" in until else None
            dates["due"] = self.due(session, name)
            until = until.split(":")[0]
        return calendars.due_at(session, place, until, base=self.played.now, dates=dates)

    def at_hour(self, session: Session, moment: datetime, hour: int | None) -> datetime:
        """The hour of that local day, if one is wanted."""
        if hour is None:
            return moment + timedelta(seconds=1)  # a deadline passes after its instant
        place = session.get_one(Establishment, self.place())
        local = moment.astimezone(ZoneInfo(place.zone))
        return local.replace(hour=hour, minute=0, second=0, microsecond=0).astimezone(UTC)

    def due(self, session: Session, element_id: str | None) -> datetime:
        """The nearest due date among the open tasks, or of one element's."""
        wanted = select(HumanTask.due_at).where(
            HumanTask.case_id.in_((self.played.case_id, self.played.file_id)),
            HumanTask.state == "open",
        )
        if element_id:
            wanted = wanted.where(HumanTask.element_id == element_id)
        found = [due for due in session.scalars(wanted) if due is not None]
        if not found:
            raise ScenarioError("no open task has a due date")
        return min(found)
