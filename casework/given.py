"""What a scenario takes as given: a decision taken before its story begins, word from elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.measures import deciding, force
from casework.measures.deciding import Signed
from casework.measures.rules import PLACEMENT
from casework.measures.signing import Signature
from casework.scenarios import ScenarioError
from casework.sitting import Sitting, Verb
from casework.tables import Case, Decision, Person, Unit, UserAccount
from processes import delivery, messages, rerouting
from processes.ports import Code
from processes.tables import Message, ProcessInstance

BEGINS: Mapping[str, str] = {
    "qpr_collective": "collectiveDecided",
    "qpr_individual": "individualDecided",
}
"""By the kind of measure: the message that the process before sends when it is decided."""

FACTS: Mapping[str, Code] = {
    "sentence_years": 4,
    "years_left": 3,
    "terrorism": False,
    "special_register": False,
    "central_prison": False,
    "other_region": False,
    "measure_months": 6,
    "renewal": False,
    "measure_decision": "decided",
}
"""What the process before knew, where the step does not say otherwise."""

DAYS = ("effective_on", "review_on", "measure_until")


class Given(Sitting):
    """Stories that begin after a decision, and hear from processes that they do not play."""

    @property
    def more_verbs(self) -> Mapping[str, Verb]:
        """What a step can do here, by its word."""
        return {
            **super().more_verbs,
            "decided": self._decided,
            "message": self._message,
            "units": self._units,
        }

    def _decided(self, session: Session, given: Mapping[str, Any]) -> None:
        """A measure of `kind`, signed by the login `as` in `role`, with its days and `facts`."""
        case = self._case(session)
        kind, days = str(given["kind"]), {name: self._day(given[name]) for name in DAYS}
        payload = {**FACTS, **given.get("facts", {}), **days, "measure_kind": kind}
        case.state, case.closed_at = "open", None
        key = str(self.acting(None).new_id())
        message = self._sent(session, case, BEGINS[kind], payload, key)
        instance = session.get_one(ProcessInstance, self._taken_by(session, message))
        row = self._written(session, case, instance, given, days)
        for code in given.get("measures", [PLACEMENT]):
            measure = deciding.add(session, self.acting(None), row, code)
            force.enter(self.platform, session, self.acting(None), case, measure)

    def _written(
        self,
        session: Session,
        case: Case,
        instance: ProcessInstance,
        given: Mapping[str, Any],
        days: Mapping[str, Any],
    ) -> Decision:
        who = session.get_one(UserAccount, self.who(session, given["as"]))
        signed = Signed(
            str(given["kind"]),
            "decided",
            instance.id,
            Signature(str(given["role"])),
            None,
            effective_on=days["effective_on"],
            review_on=days["review_on"],
            expires_on=days["measure_until"],
            attested="yes",
        )
        acting = self.acting(who.id)
        return deciding.write(self.platform, session, acting, case, instance, signed)

    def _case(self, session: Session) -> Case:
        """The case of the story, opened here where nothing was played before."""
        if self.played.case_id is not None:
            return session.get_one(Case, self.played.case_id)
        person, acting = session.get_one(Person, self.person()), self.acting(None)
        case = Case(
            id=acting.new_id(),
            agency_id=acting.agency_id,
            person_id=person.id,
            establishment_id=person.establishment_id,
            pack="france",
            name=None,
            state="open",
            stage="decided",
            owner_role="fr.mlrv",
            purpose_code="prevent_violence",
            legal_basis="Code pénitentiaire",
            opened_at=acting.now,
            opened_by=None,
            closed_at=None,
            at_end=None,
        )
        session.add(case)
        session.flush()
        self.played.case_id = case.id
        return case

    def _message(self, session: Session, given: Mapping[str, Any]) -> None:
        """Word from a process that is not played: `name` and what it tells; `to` a place first."""
        case = session.get_one(Case, self.case())
        if "to" in given:
            place = self.world.places[given["to"]]
            case.establishment_id = place
            session.get_one(Person, case.person_id).establishment_id = place
            self.played.place_id = place
        payload = dict(given.get("payload", {}))
        key, name = str(self.acting(None).new_id()), str(given["name"])
        if name == rerouting.TRANSFERRED:  # every process of the case hears of it
            asked = (session, self.platform, self.acting(None), case.id)
            rerouting.tell_models(*asked, case.establishment_id, key, payload)
        else:
            self._sent(session, case, name, payload, key)

    def _units(self, session: Session, given: Mapping[str, Any]) -> None:
        """The units of a `kind` take nobody for now, or take people again (`open`)."""
        for unit in session.scalars(select(Unit).where(Unit.kind == given["kind"])):
            unit.active = bool(given["open"])

    def _sent(
        self, session: Session, case: Case, name: str, payload: dict[str, Code], key: str
    ) -> Message:
        acting = self.acting(None)
        message = messages.send(
            session,
            acting,
            name=name,
            case_id=case.id,
            place_id=case.establishment_id,
            sender_key=key,
            payload=payload,
        )
        delivery.deliver(session, self.platform, acting, message)
        return message

    def _taken_by(self, session: Session, message: Message) -> UUID:
        taken = session.scalar(select(Message.consumed_by).where(Message.id == message.id))
        if taken is None:
            raise ScenarioError(f"nobody takes up {message.name}")
        return taken
