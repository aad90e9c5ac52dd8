"""What a scenario can do beside completing tasks: sessions, processes on a case, delegations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import beginning, submissions
from casework.commission import agenda, attendance, closing, found, opinions, planning
from casework.cycle import evaluating
from casework.demo import files
from casework.measures import contesting, delegating, pausing, standing
from casework.placement import bundle
from casework.refusals import Refused
from casework.scenarios import ScenarioError
from casework.stage import Stage
from casework.tables import Case, CommissionSession, Unit
from casework.units import stays
from casework.unseen import NotVisible
from casework.words import ENGLISH
from forms import BoundForm

Verb = Callable[[Session, Mapping[str, Any]], None]

DECISION = "@decision"
"""In the answers of a remedy: the newest decision that can be contested; with a kind after a colon,
the newest of that kind."""

FIRST = "@first"
"""In the answers of a start form: the first of what it lets one choose from."""

OPEN = "@open"
"""In the documents for a court: every one that has an open part."""

WAITING = "@waiting"
"""In the answers of an agenda: every case that waits for one; of an evaluation: every decision."""


class Sitting(Stage):
    """Sessions of the commission, processes begun on a case, delegations and pauses."""

    @property
    def more_verbs(self) -> Mapping[str, Verb]:
        """What a step can do here, by its word."""
        return {
            "session": self._session,
            "begin": self._begin,
            "delegate": self._delegate,
            "pause": self._pause,
            "places": self._places,
            "file": self._file,
        }

    def with_items(self, session: Session, given: Mapping[str, Any]) -> Mapping[str, Any]:
        """The step with `@waiting` in its items replaced by the cases that wait for an agenda."""
        answers = given.get("answers", {})
        if answers.get("evaluations") == WAITING:
            return {**given, "answers": {**answers, "evaluations": self._evaluated(session, given)}}
        if answers.get("documents") == OPEN:
            return {**given, "answers": {**answers, "documents": self._open_documents(session)}}
        if answers.get("items") != WAITING:
            return given
        waiting = agenda.candidates(session, self.place())
        items = [str(candidate.instance_id) for candidate in waiting]
        return {**given, "answers": {**answers, "items": items}}

    def _evaluated(self, session: Session, given: Mapping[str, Any]) -> list[dict[str, str]]:
        """Every decision that waits for an evaluation, all with the step's `information`."""
        information = str(given.get("information", "confirmed"))
        said = {"expected": "Less pressure.", "seen": "Less of it.", "information": information}
        waiting = evaluating.waiting(session, self.case())
        return [{"decision": str(row.id), **said} for row in waiting]

    def _open_documents(self, session: Session) -> list[str]:
        """Everything that can be chosen for a court."""
        everything = submissions.in_force(submissions.of_case(session, self.case()))
        parts = [bundle.open_part(given) for given in everything if given.form != bundle.FORM]
        return [str(part.first.id) for part in parts if part is not None]

    def _session(self, session: Session, given: Mapping[str, Any]) -> None:
        """`act`: plan, attend, close_opinions, put_off; `because` where it must be refused."""
        acts: Mapping[str, Verb] = {
            "plan": self._plan,
            "attend": self._attend,
            "close_opinions": self._close_opinions,
            "put_off": self._put_off,
        }
        act = acts.get(given.get("act", ""))
        if act is None:
            raise ScenarioError(f"write act as one of {sorted(acts)}")
        self._refusable(given, lambda: act(session, given))

    def _refusable(self, given: Mapping[str, Any], act: Callable[[], object]) -> None:
        try:
            act()
        except (Refused, NotVisible) as refused:
            if given.get("refused"):
                return
            raise ScenarioError(f"refused: {refused}") from refused
        if given.get("refused"):
            raise ScenarioError("this was accepted, but should have been refused")

    def _plan(self, session: Session, given: Mapping[str, Any]) -> None:
        who = self.who(session, given["as"])
        planned = planning.plan(
            self.platform,
            session,
            self.acting(who),
            self.viewer(session, who),
            self.posted(given["answers"]),
            place_id=self.place(),
        )
        if not isinstance(planned, CommissionSession):
            raise ScenarioError(f"the session was not planned: {_errors(planned.form)}")
        self.played.session_id, self.played.file_id = planned.id, planned.case_id

    def _row(self, session: Session) -> CommissionSession:
        if self.played.session_id is None:
            raise ScenarioError("no session was planned yet")
        return session.get_one(CommissionSession, self.played.session_id)

    def _attend(self, session: Session, given: Mapping[str, Any]) -> None:
        row, who = self._row(session), self.who(session, given["as"])
        here = dict.fromkeys(given.get("present", ()), True)
        present = here | dict.fromkeys(given.get("absent", ()), False)
        acting, viewer = self.acting(who), self.viewer(session, who)
        attendance.note(self.platform, session, acting, viewer, row.id, present)

    def _item(self, session: Session) -> Any:
        items = found.items_of(session, self._row(session).id)
        here = next((item for item in items if item.case_id == self.case()), None)
        if here is None:
            raise ScenarioError("the case is not on this agenda")
        return here

    def _close_opinions(self, session: Session, given: Mapping[str, Any]) -> None:
        item, who = self._item(session), self.who(session, given["as"])
        acting, viewer = self.acting(who), self.viewer(session, who)
        opinions.close(self.platform, session, acting, viewer, item.id)

    def _put_off(self, session: Session, given: Mapping[str, Any]) -> None:
        item, who = self._item(session), self.who(session, given["as"])
        acting, viewer = self.acting(who), self.viewer(session, who)
        closing.put_off(self.platform, session, acting, viewer, item.id)

    def _begin(self, session: Session, given: Mapping[str, Any]) -> None:
        """A process with a start form, on the scenario's case; `because` names a refused field."""

        def act() -> None:
            who = self.who(session, given["as"])
            done = beginning.send(
                self.platform,
                session,
                self.acting(who),
                self.viewer(session, who),
                self.case(),
                given["form"],
                self.posted(self._chosen(session, given["form"], given.get("answers", {}))),
            )
            because = given.get("because")
            if isinstance(done, beginning.BeginningPage):
                errors = _errors(done.form)
                if because is None or not any(because in error for error in errors):
                    raise ScenarioError(f"refused: {errors}")
            elif because is not None:
                raise ScenarioError("the form was accepted, but should have been refused")

        self._refusable(given, act)

    def _chosen(self, session: Session, form: str, answers: Mapping[str, Any]) -> Mapping[str, Any]:
        named = [key for key, value in answers.items() if value == FIRST]
        if not named:
            return self._with_decision(session, answers)
        case = session.get_one(Case, self.case())
        found = beginning.CHOSEN_FROM[form](session, case, ENGLISH)
        choices = [choice.value for several in found.values() for choice in several]
        if not choices:
            raise ScenarioError("there is nothing to choose from")
        return {**answers, **dict.fromkeys(named, choices[0])}

    def _with_decision(self, session: Session, answers: Mapping[str, Any]) -> Mapping[str, Any]:
        word, _, kind = str(answers.get(contesting.FIELD, "")).partition(":")
        if word != DECISION:
            return answers
        rows = standing.contestable(session, self.case())
        row = next((row for row in rows if kind in ("", row.kind)), None)
        if row is None:
            raise ScenarioError("no such decision was taken")
        return {**answers, contesting.FIELD: str(row.id)}

    def _file(self, session: Session, given: Mapping[str, Any]) -> None:
        """The person has a file already, in which a process can begin."""
        who = self.who(session, given["as"])
        case = files.open_file(self.platform, session, self.acting(who), self.person())
        self.played.case_id = case.id

    def _delegate(self, session: Session, given: Mapping[str, Any]) -> None:
        """`as` gives the signature of `kind` to `to`, from a day to a day."""

        def act() -> None:
            who = self.who(session, given["as"])
            viewer = self.viewer(session, who)
            held = next((h for h in viewer.holdings if h.role == given["role"]), None)
            if held is None:
                raise ScenarioError(f"{given['as']} does not hold {given['role']}")
            delegating.give(
                self.platform,
                session,
                self.acting(who),
                viewer,
                role_at=f"{held.role}@{held.establishment_id}",
                act=given["kind"],
                to_user=self.world.users[given["to"]],
                valid_from=self._day(given["from"]),
                valid_to=self._day(given["until"]),
            )

        self._refusable(given, act)

    def _day(self, value: Any) -> date:
        found_day = self.dated(value)
        return found_day if isinstance(found_day, date) else date.fromisoformat(str(found_day))

    def _pause(self, session: Session, given: Mapping[str, Any]) -> None:
        """The time to prepare a hearing stands still, on a ground."""
        who = self.who(session, given["as"])
        acting, viewer = self.acting(who), self.viewer(session, who)
        self._refusable(
            given,
            lambda: pausing.pause(
                self.platform, session, acting, viewer, self.case(), given["ground"]
            ),
        )

    def _places(self, session: Session, given: Mapping[str, Any]) -> None:
        """Every unit of a kind has so many places from now on, as after a closure or a renewal."""
        kind, places = str(given["kind"]), int(given["places"])
        wanted = select(Unit).where(Unit.agency_id == self.world.agency_id, Unit.kind == kind)
        for unit in session.scalars(wanted.with_for_update()):
            unit.capacity = places
        session.flush()
        stays.offer(session, self.acting(None), kind)


def _errors(form: BoundForm) -> list[str]:
    return [f"{error.key}: {error.words}" for error in form.errors]
