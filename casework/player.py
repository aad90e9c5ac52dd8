"""Plays scenarios through the use cases, as staff would, on a clock that the steps move."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from casework import (
    access,
    interruption,
    observations,
    oversight,
    record,
    registering,
    transferring,
    work,
)
from casework.expectations import check_expectation
from casework.given import Given
from casework.pages import FormPage
from casework.scenarios import Scenario, ScenarioError, ScenarioStep
from casework.stage import Played
from processes.deadlines import DeadlineError
from processes.engine import EngineFault
from processes.versions import NotDeployed


class Player(Given):
    """Plays scenarios in one world; each step is one transaction, then what is due is done."""

    @property
    def verbs(self) -> Mapping[str, Callable[[Session, Mapping[str, Any]], None]]:
        """What a step can do, by its word."""
        return {
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
            "transfer": self._transfer,
            **self.more_verbs,
        }

    def play(self, scenario: Scenario) -> Played:
        """Play all steps; ScenarioError says which step did not go as written, and why."""
        with self.hands.writing() as session:
            self.register(session, scenario.person)
        for number, step in enumerate(scenario.steps, 1):
            try:
                self.step(step)
            except (ScenarioError, EngineFault, NotDeployed, DeadlineError) as error:
                raise ScenarioError(_at_step(scenario, number, f"{error}")) from error
            except KeyError as missing:
                words = f"{missing} is missing, or names nothing in this world"
                raise ScenarioError(_at_step(scenario, number, words)) from missing
        return self.played

    def step(self, step: ScenarioStep) -> None:
        """Do one step, then everything that fell due."""
        if step.do == "wait":
            self._wait(step.given)
        else:
            with self.hands.writing() as session:
                self.verbs[step.do](session, step.given)
        self.do_what_is_due()

    def _start(self, session: Session, given: Mapping[str, Any]) -> None:
        who = self.who(session, given["as"])
        viewer = self.viewer(session, who)
        person_id = self.person()
        form = self.posted(given.get("answers", {}))
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
        elif refused_because is not None:
            raise ScenarioError("the form was accepted, but should have been refused")
        else:
            self.played.case_id = started.case_id

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
        self._expect_errors(done.form, given.get("because", ""))

    def _submit(self, session: Session, given: Mapping[str, Any]) -> Any:
        task = self.task(session, given["task"], given.get("as", ""))
        who = self.who(session, given.get("as", task.role), task)
        viewer, acting = self.viewer(session, who), self.acting(who, task.role)
        self.played.last_task = task.id
        given = self.with_items(session, given)
        form = self.posted(self.all_answers(session, task, given))
        try:
            if task.holder_id is None:
                work.claim(self.platform, session, acting, viewer, task.id)
            return work.complete(self.platform, session, acting, viewer, task.id, form)
        except (work.AlreadyDone, work.Refused, access.NotVisible) as error:
            raise ScenarioError(f"{given['task']} by {given.get('as')}: {error}") from error

    def _expect_errors(self, form: Any, because: str | None) -> None:
        keys = {error.key for error in form.errors}
        if because is None:
            raise ScenarioError(f"refused: {[(e.key, e.words) for e in form.errors]}")
        if because and not any(because == key or key.endswith(f"-{because}") for key in keys):
            raise ScenarioError(f"refused because of {sorted(keys)}, not of {because}")

    def _wait(self, given: Mapping[str, Any]) -> None:
        with self.hands.reading() as session:
            target = self.target(session, str(given["until"]))
            target = self.at_hour(session, target, given.get("hour"))
            target = min(target, self.latest or target)
        if target < self.played.now:
            raise ScenarioError(f"{given['until']} lies in the past")
        self.pass_time(target)

    def _expect(self, session: Session, given: Mapping[str, Any]) -> None:
        check_expectation(self.platform, session, self.world, self.played, given)

    def _claim(self, session: Session, given: Mapping[str, Any]) -> None:
        task = self.task(session, given["task"])
        who = self.who(session, given["as"], task)
        work.claim(self.platform, session, self.acting(who), self.viewer(session, who), task.id)

    def _hand_back(self, session: Session, given: Mapping[str, Any]) -> None:
        task = self.task(session, given["task"])
        who = self.who(session, given["as"], task)
        viewer = self.viewer(session, who)
        acting = self.acting(who, task.role)
        if task.holder_id is None:
            work.claim(self.platform, session, acting, viewer, task.id)
        work.hand_back(self.platform, session, acting, viewer, task.id, given["message"])

    def _reassign(self, session: Session, given: Mapping[str, Any]) -> None:
        task = self.task(session, given["task"])
        who = self.who(session, given["as"])
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
        task = self.task(session, given["task"])
        who = self.who(session, given["as"], task)
        viewer, acting = self.viewer(session, who), self.acting(who, task.role)
        if task.holder_id is None:
            work.claim(self.platform, session, acting, viewer, task.id)
        form = self.posted(self.all_answers(session, task, given))
        page = work.open_task(self.platform, session, acting, viewer, task.id, formdata=form)
        record.save_draft(self.platform, session, acting, task.id, page.form.raw(), None)

    def _ordinary(self, session: Session, given: Mapping[str, Any]) -> None:
        who = self.who(session, given["as"])
        observations.ordinary_practice(
            self.platform,
            session,
            self.acting(who),
            self.viewer(session, who),
            self.place(),
            person_id=self.played.person_id,
        )

    def _hidden(self, session: Session, given: Mapping[str, Any]) -> None:
        """The user may not see the task."""
        task = self.task(session, given["task"])
        viewer = self.viewer(session, self.who(session, given["as"]))
        if access.may_see_task(session, viewer, task):
            raise ScenarioError(f"{given['as']} may see {given['task']}, but should not")

    def _late(self, session: Session, given: Mapping[str, Any]) -> None:
        """A second completion of the task done last is told that it came too late."""
        who = self.who(session, given["as"])
        form = self.posted(given.get("answers", {}))
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
        who = self.who(session, given["as"])
        viewer = self.viewer(session, who)
        asking = (self.platform, session, self.acting(who), viewer)
        done: object
        try:
            if registering.may_register(self.platform, session, viewer):
                told = self.posted({**answers, "person_number": self.person_number(session)})
                done = registering.register(*asking, told)
            else:
                done = interruption.interrupt(*asking, self.case(), self.posted(answers))
        except (work.Refused, access.NotVisible) as refused:
            if given.get("refused"):
                return
            raise ScenarioError(f"refused: {refused}") from refused
        if isinstance(done, (FormPage, registering.RegisterPage)):
            self._expect_errors(done.form, given.get("because"))
        elif given.get("refused") or given.get("because"):
            raise ScenarioError("the interruption was accepted, but should have been refused")

    def _transfer(self, session: Session, given: Mapping[str, Any]) -> None:
        """The registry says that the person was moved to another place of the world."""
        who = self.who(session, given["as"])
        place_id = self.world.places[given["to"]]
        told = self.posted(
            {
                "person_number": self.person_number(session),
                "to_prison": str(place_id),
                "to_unit": given.get("unit", ""),
                "moved_on": given.get("on", "@today"),
            }
        )
        asking = (self.platform, session, self.acting(who), self.viewer(session, who))
        done = transferring.transfer(*asking, told)
        if isinstance(done, registering.RegisterPage):
            self._expect_errors(done.form, given.get("because"))
            return
        if given.get("because"):
            raise ScenarioError("the transfer was accepted, but should have been refused")
        self.played.place_id = place_id


def _at_step(scenario: Scenario, number: int, words: str) -> str:
    return f"{scenario.name}, step {number} ({scenario.steps[number - 1].do}): {words}"
