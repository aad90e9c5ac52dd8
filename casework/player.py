"""Plays scenarios through the use cases, as staff would, on a clock that the steps move."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.datastructures import MultiDict

from casework import access, demo_clock, interruption, observations, oversight, record, work
from casework.demo.world import World, register_person
from casework.expectations import check_expectation
from casework.hands import hands
from casework.platform import Platform
from casework.scenarios import Scenario, ScenarioError, ScenarioStep, as_posted
from casework.tables import Person, UserAccount
from processes import calendars
from processes.acting import Acting
from processes.sweep import run_due
from processes.tables import Establishment, HumanTask, ProcessInstance

_RELATIVE = re.compile(r"^@today(?:([+-])(\d+)D)?$")


@dataclass
class Played:
    """Where a scenario stands: its person, its case, the time."""

    now: datetime
    person_id: UUID | None = None
    case_id: UUID | None = None
    place_id: UUID | None = None
    last_task: UUID | None = None
    notes: list[str] = field(default_factory=list)


class Player:
    """Plays scenarios in one world; each step is one transaction, then what is due is done."""

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
        self._today = today or now
        self._latest = latest
        self.played = Played(now)
        self.platform = replace(
            platform, offset=lambda _session: 0, real_now=lambda: self.played.now
        )
        self._wall = platform.real_now
        self._hands = hands(self.platform, sessions)
        self._verbs: Mapping[str, Callable[[Session, Mapping[str, Any]], None]] = {
            "start": self._start,
            "complete": self._complete,
            "refused": self._refused,
            "expect": self._expect,
            "claim": self._claim,
            "handback": self._hand_back,
            "reassign": self._reassign,
            "draft": self._draft,
            "ordinary": self._ordinary,
            "hidden": self._hidden,
            "late": self._late,
            "interrupt": self._interrupt,
        }

    def play(self, scenario: Scenario) -> Played:
        """Play all steps; ScenarioError says which step did not go as written, and why."""
        with self._hands.writing() as session:
            self._register(session, scenario.person)
        for number, step in enumerate(scenario.steps, 1):
            try:
                self.step(step)
            except ScenarioError as error:
                raise ScenarioError(
                    f"{scenario.name}, step {number} ({step.do}): {error}"
                ) from error
        return self.played

    def step(self, step: ScenarioStep) -> None:
        """Do one step, then everything that fell due."""
        if step.do == "wait":
            self._wait(step.given)
        else:
            with self._hands.writing() as session:
                self._verbs[step.do](session, step.given)
        self.do_what_is_due()

    def do_what_is_due(self) -> None:
        """Fire timers and deliver messages up to the scenario's time."""
        swept = run_due(self._hands)
        if swept.failed:
            raise ScenarioError(f"{swept.failed} deadlines or messages failed; see the incidents")

    def pass_time(self, until: datetime) -> None:
        """Let the clock run to a moment, stopping at every deadline on the way."""
        while True:
            with self._hands.reading() as session:
                ahead = demo_clock.next_deadline(session, self.acting(None))
            if ahead is None or ahead >= until:
                break
            self.played.now = ahead + demo_clock.A_MOMENT
            self.do_what_is_due()
        self.played.now = until

    # -- circumstances -------------------------------------------------------------------

    def acting(self, user_id: UUID | None, role: str | None = None) -> Acting:
        """The circumstances of a step; the audit keeps the wall clock beside the moved one."""
        return Acting(
            agency_id=self.world.agency_id,
            user_id=user_id,
            now=self.played.now,
            real_now=self._wall(),
            new_id=self.platform.new_id,
            role=role,
        )

    def viewer(self, session: Session, user_id: UUID) -> access.Viewer:
        """A user as the access policy knows him or her at the scenario's time."""
        account = session.get_one(UserAccount, user_id)
        return access.viewer(session, account, self.played.now.date())

    def _register(self, session: Session, facts: Mapping[str, Any]) -> None:
        if not facts:
            return
        known = session.scalars(
            select(Person).where(
                Person.agency_id == self.world.agency_id, Person.number == facts["number"]
            )
        ).first()
        dated = {key: self._dated(value) for key, value in facts.items()}
        person = known or register_person(session, self.acting(None), self.world, dated)
        self.played.person_id, self.played.place_id = person.id, person.establishment_id

    def _who(self, session: Session, wanted: str, task: HumanTask | None = None) -> UUID:
        """A login, or any holder of a role: the task's holder if there is one."""
        if wanted in self.world.users:
            return self.world.users[wanted]
        if task is not None and task.holder_id is not None:
            return task.holder_id
        place = task.establishment_id if task else self._place()
        for user_id in self.world.users.values():
            viewer = self.viewer(session, user_id)
            if wanted in viewer.roles_at(place) and (
                task is None or access.may_see_task(session, viewer, task)
            ):
                return user_id
        raise ScenarioError(f"nobody here holds {wanted} and may do this")

    def _place(self) -> UUID:
        if self.played.place_id is None:
            raise ScenarioError("the scenario names no [person]")
        return self.played.place_id

    def _task(self, session: Session, element_id: str) -> HumanTask:
        found = session.scalars(
            select(HumanTask)
            .where(
                HumanTask.case_id == self.played.case_id,
                HumanTask.element_id == element_id,
                HumanTask.state == "open",
            )
            .order_by(HumanTask.created_at)
        ).first()
        if found is None:
            here = session.scalars(
                select(HumanTask.element_id).where(
                    HumanTask.case_id == self.played.case_id, HumanTask.state == "open"
                )
            )
            raise ScenarioError(f"no task {element_id} is open; open are: {sorted(here)}")
        return found

    def _posted(self, answers: Mapping[str, Any]) -> MultiDict[str, str]:
        return MultiDict((key, self._worded(value)) for key, value in as_posted(answers))

    def _worded(self, value: str) -> str:
        """Logins become ids, and days relative to the scenario's become dates."""
        if value in self.world.users:
            return str(self.world.users[value])
        return str(self._dated(value))

    def _dated(self, value: Any) -> Any:
        match = _RELATIVE.match(value) if isinstance(value, str) else None
        if match is None:
            return value
        days = int(match[2] or 0) * (-1 if match[1] == "-" else 1)
        return self.played.now.date() + timedelta(days=days)

    # -- verbs ---------------------------------------------------------------------------

    def _start(self, session: Session, given: Mapping[str, Any]) -> None:
        who = self._who(session, given["as"])
        viewer = self.viewer(session, who)
        person_id = self._person()
        form = self._posted(given.get("answers", {}))
        started = observations.submit(
            self.platform,
            session,
            self.acting(who),
            viewer,
            person_id,
            form,
            form_id=given.get("form", observations.FORM),
        )
        refused_because = given.get("because")
        if isinstance(started, observations.ObservationPage):
            self._expect_errors(started.form, refused_because)
        elif refused_because:
            raise ScenarioError("the form was accepted, but should have been refused")
        else:
            self.played.case_id = started.case_id

    def _person(self) -> UUID:
        if self.played.person_id is None:
            raise ScenarioError("the scenario names no [person]")
        return self.played.person_id

    def _complete(self, session: Session, given: Mapping[str, Any]) -> None:
        done = self._submit(session, given)
        if isinstance(done, work.TaskPage):
            words = [f"{e.key}: {e.words}" for e in done.form.errors]
            raise ScenarioError(f"{given['task']} was refused: {words}")

    def _refused(self, session: Session, given: Mapping[str, Any]) -> None:
        if "task" not in given:
            self._start(session, {**given, "because": given.get("because", "")})
            return
        done = self._submit(session, given)
        if not isinstance(done, work.TaskPage):
            raise ScenarioError(f"{given['task']} was accepted, but should have been refused")
        self._expect_errors(done.form, given.get("because"))

    def _submit(self, session: Session, given: Mapping[str, Any]) -> Any:
        task = self._task(session, given["task"])
        who = self._who(session, given.get("as", task.role), task)
        viewer, acting = self.viewer(session, who), self.acting(who, task.role)
        self.played.last_task = task.id
        form = self._posted(self._all_answers(session, task, given))
        try:
            if task.holder_id is None:
                work.claim(self.platform, session, acting, viewer, task.id)
            return work.complete(self.platform, session, acting, viewer, task.id, form)
        except (work.AlreadyDone, work.Refused, access.NotVisible) as error:
            raise ScenarioError(f"{given['task']} by {given.get('as')}: {error}") from error

    def _all_answers(
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

    def _expect_errors(self, form: Any, because: str | None) -> None:
        keys = {error.key for error in form.errors}
        if because is None:
            raise ScenarioError(f"refused: {[(e.key, e.words) for e in form.errors]}")
        if because and not any(because == key or key.endswith(f"-{because}") for key in keys):
            raise ScenarioError(f"refused because of {sorted(keys)}, not of {because}")

    def _wait(self, given: Mapping[str, Any]) -> None:
        with self._hands.reading() as session:
            target = self._target(session, str(given["until"]))
            target = self._at_hour(session, target, given.get("hour"))
            target = min(target, self._latest or target)
        if target < self.played.now:
            raise ScenarioError(f"{given['until']} lies in the past")
        self.pass_time(target)

    def _target(self, session: Session, until: str) -> datetime:
        place = session.get_one(Establishment, self._place())
        dates: dict[str, date | datetime] = {"today": self._today}
        if " due" in until:
            name = until.split(":")[-1] if ":" in until else None
            dates["due"] = self._due(session, name)
            until = until.split(":")[0]
        return calendars.due_at(session, place, until, base=self.played.now, dates=dates)

    def _at_hour(self, session: Session, moment: datetime, hour: int | None) -> datetime:
        if hour is None:
            return moment + timedelta(seconds=1)  # a deadline passes after its instant
        place = session.get_one(Establishment, self._place())
        local = moment.astimezone(ZoneInfo(place.zone))
        return local.replace(hour=hour, minute=0, second=0, microsecond=0).astimezone(UTC)

    def _due(self, session: Session, element_id: str | None) -> datetime:
        wanted = select(HumanTask.due_at).where(
            HumanTask.case_id == self.played.case_id, HumanTask.state == "open"
        )
        if element_id:
            wanted = wanted.where(HumanTask.element_id == element_id)
        found = [due for due in session.scalars(wanted) if due is not None]
        if not found:
            raise ScenarioError("no open task has a due date")
        return min(found)

    def _expect(self, session: Session, given: Mapping[str, Any]) -> None:
        check_expectation(self.platform, session, self.world, self.played, given)

    def _claim(self, session: Session, given: Mapping[str, Any]) -> None:
        task = self._task(session, given["task"])
        who = self._who(session, given["as"], task)
        work.claim(self.platform, session, self.acting(who), self.viewer(session, who), task.id)

    def _hand_back(self, session: Session, given: Mapping[str, Any]) -> None:
        task = self._task(session, given["task"])
        who = self._who(session, given["as"], task)
        viewer = self.viewer(session, who)
        acting = self.acting(who, task.role)
        if task.holder_id is None:
            work.claim(self.platform, session, acting, viewer, task.id)
        work.hand_back(self.platform, session, acting, viewer, task.id, given["message"])

    def _reassign(self, session: Session, given: Mapping[str, Any]) -> None:
        task = self._task(session, given["task"])
        who = self._who(session, given["as"])
        oversight.reassign(
            self.platform,
            session,
            self.acting(who),
            self.viewer(session, who),
            task.id,
            self.world.users[given["to"]],
            given["reason"],
        )

    def _draft(self, session: Session, given: Mapping[str, Any]) -> None:
        task = self._task(session, given["task"])
        who = self._who(session, given["as"], task)
        viewer, acting = self.viewer(session, who), self.acting(who, task.role)
        if task.holder_id is None:
            work.claim(self.platform, session, acting, viewer, task.id)
        form = self._posted(self._all_answers(session, task, given))
        page = work.open_task(self.platform, session, acting, viewer, task.id, formdata=form)
        record.save_draft(self.platform, session, acting, task.id, page.form.raw(), None)

    def _ordinary(self, session: Session, given: Mapping[str, Any]) -> None:
        who = self._who(session, given["as"])
        observations.ordinary_practice(
            self.platform, session, self.acting(who), self.viewer(session, who), self._place()
        )

    def _hidden(self, session: Session, given: Mapping[str, Any]) -> None:
        """The user may not see the task."""
        task = self._task(session, given["task"])
        viewer = self.viewer(session, self._who(session, given["as"]))
        if access.may_see_task(session, viewer, task):
            raise ScenarioError(f"{given['as']} may see {given['task']}, but should not")

    def _late(self, session: Session, given: Mapping[str, Any]) -> None:
        """A second completion of the task done last is told that it came too late."""
        who = self._who(session, given["as"])
        form = self._posted(given.get("answers", {}))
        if self.played.last_task is None:
            raise ScenarioError("no task was completed yet")
        try:
            work.complete(
                self.platform,
                session,
                self.acting(who),
                self.viewer(session, who),
                self.played.last_task,
                form,
            )
        except work.AlreadyDone:
            return
        raise ScenarioError("the second completion was accepted")

    def _interrupt(self, session: Session, given: Mapping[str, Any]) -> None:
        """Something outside ends the case: released, died, found a minor, a court, wrongful."""
        answers = {
            "interruption": given["reason"],
            "interrupted_on": given.get("on", "@today"),
            "known_from": "register",
            "understood": True,
            **given.get("answers", {}),
        }
        who = self._who(session, given["as"])
        viewer = self.viewer(session, who)
        try:
            done = interruption.interrupt(
                self.platform,
                session,
                self.acting(who),
                viewer,
                self._case(),
                self._posted(answers),
            )
        except work.Refused as refused:
            if given.get("refused"):
                return
            raise ScenarioError(f"refused: {refused}") from refused
        if isinstance(done, interruption.InterruptionPage):
            self._expect_errors(done.form, given.get("because"))
        elif given.get("refused") or given.get("because"):
            raise ScenarioError("the interruption was accepted, but should have been refused")

    def _case(self) -> UUID:
        if self.played.case_id is None:
            raise ScenarioError("no case was started yet")
        return self.played.case_id
