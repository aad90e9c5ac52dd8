"""Tells a session step by step in the demo world, through the real use cases, models and forms."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from casework import access, work
from casework.access import Viewer
from casework.commission import attendance, opinions, planning
from casework.demo.world import World, register_person
from casework.player import Player
from casework.scenarios import ScenarioError, as_posted
from casework.tables import AgendaItem, Case, CommissionSession, Person
from casework.trial import BEGIN
from processes import advance, versions
from processes.acting import Acting
from processes.tables import HumanTask, ProcessInstance
from tests.casework.story import filled

SEATS = (
    ("chair", "governor.north", None),
    ("spip_director", "director.north", None),
    ("detention", "lead.north", "management.north"),
    ("support_pair", "support.north", None),
)
EVERYBODY = {office: True for office, _, _ in SEATS}
OPINION = {"proposed": "support_only", "reasons": "He asks for work.", "unknowns": "His family."}
SESSION_DAY = date(2026, 3, 16)  # a Monday, two weeks after everything began


def collective(outcome: str) -> dict[str, Any]:
    """What F-CPU-MIN needs for an outcome."""
    points = {} if outcome == "adjourn" else {"points": [{"point": "He works and learns."}]}
    return {"cpu1_outcome": outcome, "person_heard": "none", **points}


class Sitting:
    """Persons with commissions that wait for an agenda, and the sessions that take them up."""

    def __init__(self, platform, sessions, world: World) -> None:
        self.player = Player(platform, sessions, world, BEGIN)
        self.platform = self.player.platform
        self.world = world
        self.sessions = sessions

    # -- the world -----------------------------------------------------------------------------

    @contextmanager
    def writing(self):
        with self.player.hands.writing() as session:
            yield session

    @contextmanager
    def reading(self):
        with self.player.hands.reading() as session:
            yield session
            session.expunge_all()

    @property
    def now(self):
        return self.player.played.now

    def user(self, login: str) -> UUID:
        return self.world.users[login]

    def acting(self, login: str | None) -> Acting:
        return self.player.acting(self.user(login) if login else None)

    def viewer(self, session, login: str) -> Viewer:
        return self.player.viewer(session, self.user(login))

    def asking(self, session, login: str) -> tuple[Any, ...]:
        """What nearly every use case takes first."""
        return self.platform, session, self.acting(login), self.viewer(session, login)

    def pass_days(self, days: int) -> None:
        self.player.pass_time(self.now + timedelta(days=days))

    def go_to(self, day: date, hour: int = 10) -> None:
        target = BEGIN.replace(year=day.year, month=day.month, day=day.day, hour=hour)
        self.player.pass_time(target)
        self.sweep()

    def sweep(self) -> None:
        self.player.do_what_is_due()

    # -- cases ---------------------------------------------------------------------------------

    def refer(self, number: str, *, place: str = "north") -> UUID:
        """A person whose case was referred: the commission begins. Gives the case."""
        self.player.played.now += timedelta(minutes=1)  # cases that wait have an order
        with self.writing() as session:
            acting = self.acting("coordinator.north")
            person = session.scalars(select(Person).where(Person.number == number)).first()
            person = person or register_person(
                session,
                acting,
                self.world,
                {
                    "number": number,
                    "family_name": f"Dune {number}",
                    "given_name": "Noa",
                    "born_on": date(1990, 1, 1),
                    "establishment": place,
                },
            )
            case = Case(
                id=acting.new_id(),
                agency_id=acting.agency_id,
                person_id=person.id,
                establishment_id=person.establishment_id,
                pack="france",
                state="open",
                stage="referred",
                owner_role="fr.mlrv",
                purpose_code="prevent_violence",
                legal_basis="",
                opened_at=acting.now,
                opened_by=acting.user_id,
            )
            session.add(case)
            session.flush()
            version = versions.active_version(session, acting.agency_id, "commission")
            start = advance.Start(
                version.id, case.id, case.establishment_id, "commission_referred", {}
            )
            advance.start_instance(session, self.platform, acting, start)
            return case.id

    def prepare(self, case_id: UUID, seats=SEATS) -> None:
        """The item is prepared; the person says nothing."""
        self.complete(
            case_id,
            "commission_prepare",
            "secretary.north",
            question="Does anything beyond ordinary work follow from this?",
            seats=[self.seat(*seat) for seat in seats],
            needs_only=True,
        )
        self.complete(
            case_id,
            "commission_observations",
            "registry.north",
            how="none",
            made_on=self.now.date(),
        )

    def seat(self, office: str, member: str, alternate: str | None) -> dict[str, str]:
        row = {"office": office, "member": str(self.user(member))}
        return row | ({"alternate": str(self.user(alternate))} if alternate else {})

    def waiting(self, *numbers: str) -> list[UUID]:
        """Cases that wait for an agenda."""
        cases = [self.refer(number) for number in numbers]
        for case_id in cases:
            self.prepare(case_id)
        return cases

    # -- a session -----------------------------------------------------------------------------

    def plan(self, day: date = SESSION_DAY, **answers: Any) -> UUID:
        posted = {
            "session_on": day,
            "session_time": "14:00",
            "place": "Room 3",
            "chair": "governor",
            **answers,
        }
        with self.writing() as session:
            planned = planning.plan(
                *self.asking(session, "secretary.north"), MultiDict(as_posted(posted))
            )
            assert isinstance(planned, CommissionSession), planned.form.errors
            return planned.id

    def convene(self, session_id: UUID, *cases: UUID) -> None:
        instances = [str(self.instance(case_id)) for case_id in cases]
        self.complete(
            self.file(session_id),
            "commission_session_agenda",
            "secretary.north",
            items=instances,
            recall=True,
        )

    def convened(self, *numbers: str) -> tuple[UUID, list[UUID]]:
        """A session with these cases on its agenda, on its day."""
        cases = self.waiting(*numbers)
        session_id = self.plan()
        self.convene(session_id, *cases)
        self.go_to(SESSION_DAY)
        return session_id, cases

    def give(self, case_id: UUID, login: str, **answers: Any) -> None:
        with self.reading() as session:
            tasks = [
                t.id
                for t in self.open_tasks(session, case_id, "commission_opinion")
                if t.holder_id == self.user(login)
            ]
        assert tasks, f"{login} is asked for no opinion"
        self.answer(tasks[0], login, **{**OPINION, **answers})

    def close_opinions(self, case_id: UUID, login: str = "governor.north") -> None:
        with self.writing() as session:
            item = self.item(session, case_id)
            opinions.close(*self.asking(session, login), item.id)

    def attend(self, session_id: UUID, case_id: UUID | None = None, **present: bool) -> None:
        with self.writing() as session:
            item_id = self.item(session, case_id).id if case_id else None
            attendance.note(
                *self.asking(session, "secretary.north"),
                session_id,
                {**EVERYBODY, **present},
                item_id=item_id,
            )

    def opine(self, case_id: UUID, outcome: str = "support_only", **answers: Any) -> None:
        self.complete(
            case_id, "commission_collective", "secretary.north", **collective(outcome), **answers
        )

    def settled(self, session_id: UUID, case_id: UUID, outcome: str = "support_only") -> None:
        """Attendance, opinions closed, collective opinion."""
        self.attend(session_id, case_id)
        self.close_opinions(case_id)
        self.opine(case_id, outcome)

    def hold(self, session_id: UUID, held: str = "yes", **answers: Any) -> None:
        self.complete(
            self.file(session_id),
            "commission_session_hold",
            "secretary.north",
            session_held=held,
            **answers,
        )

    def approve(self, session_id: UUID, **answers: Any) -> None:
        self.complete(
            self.file(session_id), "commission_session_minutes", "secretary.north", **answers
        )

    # -- looking -------------------------------------------------------------------------------

    def file(self, session_id: UUID) -> UUID:
        with self.reading() as session:
            return session.get_one(CommissionSession, session_id).case_id

    def row(self, session, session_id: UUID) -> CommissionSession:
        return session.get_one(CommissionSession, session_id)

    def instance(self, case_id: UUID) -> UUID:
        with self.reading() as session:
            wanted = select(ProcessInstance.id).where(
                ProcessInstance.case_id == case_id, ProcessInstance.guarded_task_id.is_(None)
            )
            return next(iter(session.scalars(wanted.order_by(ProcessInstance.started_at.desc()))))

    def item(self, session, case_id: UUID) -> AgendaItem:
        """The newest agenda on which the case stands."""
        wanted = (
            select(AgendaItem)
            .join(CommissionSession, CommissionSession.id == AgendaItem.session_id)
            .where(AgendaItem.case_id == case_id)
            .order_by(CommissionSession.planned_at.desc())
        )
        found = session.scalars(wanted).first()
        assert found is not None
        return found

    def state(self, case_id: UUID) -> str:
        with self.reading() as session:
            return self.item(session, case_id).state

    def open_tasks(self, session, case_id: UUID, element: str | None = None) -> list[HumanTask]:
        wanted = select(HumanTask).where(HumanTask.case_id == case_id, HumanTask.state == "open")
        if element:
            wanted = wanted.where(HumanTask.element_id == element)
        return list(session.scalars(wanted.order_by(HumanTask.created_at, HumanTask.id)))

    def elements(self, case_id: UUID) -> set[str]:
        with self.reading() as session:
            return {task.element_id for task in self.open_tasks(session, case_id)}

    def may_see(self, task_id: UUID, login: str) -> bool:
        with self.reading() as session:
            task = session.get_one(HumanTask, task_id)
            return access.may_see_task(session, self.viewer(session, login), task)

    # -- completing ----------------------------------------------------------------------------

    def complete(self, case_id: UUID, element: str, login: str, **answers: Any) -> None:
        with self.reading() as session:
            tasks = self.open_tasks(session, case_id, element)
            assert tasks, f"{element} is not open: {self.elements(case_id)}"
            task_id = tasks[0].id
        self.answer(task_id, login, **answers)

    def answer(self, task_id: UUID, login: str, **answers: Any) -> None:
        done = self.post(task_id, login, **answers)
        if isinstance(done, work.TaskPage):
            raise ScenarioError(str([f"{e.key}: {e.words}" for e in done.form.errors]))

    def refused(self, case_id: UUID, element: str, login: str, **answers: Any) -> dict[str, str]:
        """What the form finds against the answers."""
        with self.reading() as session:
            task_id = self.open_tasks(session, case_id, element)[0].id
        done = self.post(task_id, login, **answers)
        assert isinstance(done, work.TaskPage), "it was accepted"
        return {error.key: error.words for error in done.form.errors}

    def post(self, task_id: UUID, login: str, **answers: Any):
        with self.reading() as session:
            task = session.get_one(HumanTask, task_id)
            version_id = session.get_one(ProcessInstance, task.instance_id).version_id
            form = self.platform.models.form(session, version_id, task.form)
        posted = MultiDict(as_posted(filled(form, answers)))
        with self.writing() as session:
            done = work.complete(*self.asking(session, login), task_id, posted)
        self.sweep()
        return done
