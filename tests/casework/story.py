"""Tells a case step by step in the demo world, through the real use cases, models and forms."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from casework import access, work
from casework.access import Viewer
from casework.player import Player
from casework.scenarios import ScenarioStep, as_posted
from casework.tables import Case
from forms import Field, FormDefinition, build
from processes.acting import Acting
from processes.tables import HumanTask, ProcessInstance

PERSON = {
    "number": "N-2041",
    "family_name": "Basalt",
    "given_name": "Noa",
    "born_on": date(1990, 1, 1),
    "establishment": "north",
}
OBSERVATION = {
    "what": "Said that he would set fire to the office for the movement.",
    "when": date(2026, 3, 1),
    "where": "Yard",
    "source": "own",
    "harm": "violence",
    "other_explanation": "provocation",
    "contrary": "He laughed afterwards and walked away.",
}
REASONS = (
    "The statement was made twice before two officers, names a place and a day, and nothing in the"
    " file explains it otherwise."
)
G1 = ("violence", "influence", "influenced", "duties", "preparation", "change", "distress")
G2 = (
    "g2_path",
    "g2_offence",
    "g2_violence",
    "g2_enemy",
    "g2_grievance",
    "g2_pressure_on",
    "g2_pressure_from",
    "g2_plans",
    "g2_home",
    "g2_belonging",
    "g2_strain",
    "g2_agency",
    "g2_protective",
    "g2_support",
)
G3 = (
    "g3_incidents",
    "g3_pressure",
    "g3_contacts",
    "g3_placement",
    "g3_complaints",
    "g3_surroundings",
    "g3_works",
)
ITEMS = {"G1": (*G1, "openness"), "G2": G2, "G3": G3}


MADE = {
    "G2": {
        "made_from": "with_interview",
        "interviews": "Two, on 2 and 9 February",
        "own_account": "He says that he was angry and meant nothing by it.",
        "account_signed": "signed",
    },
    "G3": {"measures": "A talk with the unit lead."},
}


def observed(item: str, **changes: Any) -> dict[str, Any]:
    """One observed item of a grid, with everything that it asks for."""
    statement = {"what": f"What was seen of {item}.", "when": date(2026, 3, 1), "source": "own"}
    return {
        f"{item}_observed": "observed",
        f"{item}_statements": [{**statement, **changes}],
        f"{item}_other_explanation": "provocation",
        f"{item}_contrary": "He said the opposite on another day.",
    }


def grid(form: str, conclusion: str = "no_concern", **answers: Any) -> dict[str, Any]:
    """A whole grid with nothing observed but what is given."""
    return {
        **{f"{item}_observed": "not_observed" for item in ITEMS[form]},
        "confidence": "moderate",
        "reliability": "checked",
        "contact_time": "Daily for four months",
        "interest": "false",
        "conclusion": conclusion,
        "reasons": REASONS,
        **MADE.get(form, {}),
        **answers,
    }


def filled(form: FormDefinition, answers: dict[str, Any]) -> dict[str, Any]:
    """The answers, and something fitting wherever the form still misses one."""
    known = dict(answers)
    for _ in range(5):
        bound = build(form, str, MultiDict(as_posted(known)), today=date(2026, 3, 2))
        bound.validate()
        missing = [e.key for e in bound.errors if e.key in form.fields and e.key not in known]
        if not missing:
            break
        known |= {key: _something(form.fields[key]) for key in missing}
    return known


def _something(field: Field) -> Any:
    if field.kind == "tick":
        return True
    if field.kind == "date":
        return date(2026, 3, 1)
    if field.kind in {"one", "many"}:
        return field.choices[0].value
    return "Words that say enough."


class Story:
    """A case and the people around it; every step is one transaction, as in the product."""

    def __init__(self, player: Player, person: dict[str, Any] | None = None) -> None:
        self.player = player
        self.platform = player.platform
        with self.writing() as session:
            player.register(session, PERSON | (person or {}))

    @contextmanager
    def writing(self) -> Iterator[Session]:
        with self.player.hands.writing() as session:
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with self.player.hands.reading() as session:
            yield session

    @property
    def case_id(self) -> UUID:
        assert self.player.played.case_id is not None
        return self.player.played.case_id

    def user(self, login: str) -> UUID:
        return self.player.world.users[login]

    def viewer(self, session: Session, login: str) -> Viewer:
        return self.player.viewer(session, self.user(login))

    def acting(self, login: str | None) -> Acting:
        return self.player.acting(self.user(login) if login else None)

    def asking(self, session: Session, login: str) -> tuple[Any, Session, Acting, Viewer]:
        """What nearly every use case takes first."""
        return self.platform, session, self.acting(login), self.viewer(session, login)

    def do(self, verb: str, **given: Any) -> None:
        self.player.step(ScenarioStep(verb, {k.rstrip("_"): v for k, v in given.items()}))

    def observe(self, who: str = "custody.north", **answers: Any) -> None:
        self.do("start", as_=who, answers={**OBSERVATION, **answers})

    def complete(self, element: str, who: str | None = None, **answers: Any) -> None:
        """Complete a task; what its form asks beside the answers given is filled in."""
        with self.reading() as session:
            task = self.task(session, element)
            instance = session.get_one(ProcessInstance, task.instance_id)
            form = self.platform.models.form(session, instance.version_id, task.form)
        given: dict[str, Any] = {"task": element, "answers": filled(form, answers)}
        self.do("complete", **(given | ({"as_": who} if who else {})))

    def task(self, session: Session, element: str) -> HumanTask:
        """The newest task at an element."""
        wanted = (
            select(HumanTask)
            .where(HumanTask.case_id == self.case_id, HumanTask.element_id == element)
            .order_by(HumanTask.created_at.desc())
        )
        found = session.scalars(wanted).first()
        assert found is not None, f"no task at {element}"
        return found

    def page(self, session: Session, element: str, login: str) -> work.TaskPage:
        return work.open_task(*self.asking(session, login), self.task(session, element).id)

    def open_elements(self) -> set[str]:
        with self.reading() as session:
            wanted = select(HumanTask.element_id).where(
                HumanTask.case_id == self.case_id, HumanTask.state == "open"
            )
            return set(session.scalars(wanted))

    def case(self, session: Session) -> Case:
        return session.get_one(Case, self.case_id)

    def may_see(self, element: str, login: str) -> bool:
        with self.reading() as session:
            task = self.task(session, element)
            return access.may_see_task(session, self.viewer(session, login), task)

    # -- longer ways -----------------------------------------------------------------------

    def up_to_triage(self, **answers: Any) -> None:
        self.observe(**answers)

    def up_to_raters(self) -> None:
        """Observation, first look, basis, and the person told."""
        self.observe()
        self.complete("detection_first_look", "lead.north", first_look="open", reasons=REASONS)
        self.complete("basis_and_age_ground", **BASIS)
        self.complete("inform_or_defer_notice", **NOTICE)
        self.complete("tell_receive", receipt="signed", handed_on=date(2026, 3, 2))

    def raters(self, **changes: Any) -> dict[str, Any]:
        chosen = {
            "custody_rater": str(self.user("custody2.north")),
            "probation_rater": str(self.user("probation.north")),
            "management_rater": str(self.user("management.north")),
            "period": "January to March 2026",
            "trained": True,
        }
        return {**chosen, **changes}

    def up_to_grids(self) -> None:
        self.up_to_raters()
        self.complete("rate_and_hear_name", **self.raters())

    def grids(self, g1: dict[str, Any], g2: dict[str, Any], g3: dict[str, Any]) -> None:
        self.complete("blind_grids_custody", **g1)
        self.complete("blind_grids_interview", **g2)
        self.complete("blind_grids_management", **g3)
        self.complete("rate_and_hear_statement", how="declined", made_on=date(2026, 3, 2))


BASIS = {
    "basis_ok": "true",
    "legal_basis": "Code pénitentiaire, article L. 6",
    "purpose_code": "prevent_violence",
    "subject_role": "convicted",
    "conflict": "false",
}
NOTICE = {
    "noted": "A statement about violence was noted.",
    "why": "Two officers heard it.",
    "next": "Three people will give their view.",
    "rights": "You can make a statement and ask for correction.",
    "notice_language": "french",
    "notice_choice": "inform",
}
