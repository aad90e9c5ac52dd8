"""A small world for the platform's own tests: places, simple ports, and little models."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import Engine

from casework.database import begin_writing, session_factory
from processes import delivery, sweep, versions
from processes.acting import Acting
from processes.advance import Start, start_instance
from processes.packs import Pack, ParameterSeed
from processes.ports import EffectCall, Interruption, JournalEntry, Ports, SeatHolder
from processes.tables import Agency, Establishment, HumanTask, Message, ProcessInstance
from processes.versions import Models

HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns:sv="urn:samverkan:bpmn:1" id="d" targetNamespace="t">'
)
FORM = (Path(__file__).parent / "F-YES.form").read_bytes()
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


def model(process: str, body: str, nodes: str, before: str = "") -> bytes:
    """A one-lane model; `nodes` are the ids in the lane, separated by blanks."""
    refs = "".join(f"<bpmn:flowNodeRef>{node}</bpmn:flowNodeRef>" for node in nodes.split())
    lane = f'<bpmn:lane id="{process}_lane" name="Staff" sv:role="staff">{refs}</bpmn:lane>'
    return (
        f'{HEAD}{before}<bpmn:process id="{process}" name="{process}" isExecutable="true">'
        f'<bpmn:laneSet id="{process}_lanes">{lane}</bpmn:laneSet>{body}</bpmn:process>'
        "</bpmn:definitions>"
    ).encode()


def flow(source: str, target: str, condition: str | None = None) -> str:
    inner = ""
    if condition:
        inner = (
            '<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">'
            f"{condition}</bpmn:conditionExpression>"
        )
    return (
        f'<bpmn:sequenceFlow id="{source}_{target}" name="{condition or ""}" '
        f'sourceRef="{source}" targetRef="{target}">{inner}</bpmn:sequenceFlow>'
    )


def task(name: str, **attributes: str) -> str:
    given = {"form": "F-YES", "layer": "L1", **attributes}
    written = " ".join(f'sv:{key}="{value}"' for key, value in given.items())
    return f'<bpmn:userTask id="{name}" name="{name}" {written}/>'


@dataclass
class RecordingPorts:
    """Ports that remember what they were asked; one user may do everything."""

    journal_rows: list[JournalEntry] = field(default_factory=list)
    called: list[EffectCall] = field(default_factory=list)
    reminded: list[tuple[str, str]] = field(default_factory=list)
    owed: list[str] = field(default_factory=list)
    came: list[tuple[str, UUID, str]] = field(default_factory=list)
    passed: list[str] = field(default_factory=list)
    endings: list[str | None] = field(default_factory=list)
    interruptions: list[Interruption] = field(default_factory=list)
    sets: dict[str, dict[str, object]] = field(default_factory=dict)
    failing: set[str] = field(default_factory=set)
    place_of_role: dict[str, UUID] = field(default_factory=dict)
    seats: dict[UUID, SeatHolder] = field(default_factory=dict)

    def write(self, session, acting, entry):
        self.journal_rows.append(entry)

    def run(self, session, acting, call: EffectCall) -> Mapping[str, object]:
        self.called.append(call)
        if call.name in self.failing:
            raise RuntimeError(f"{call.name} is out of order")
        return self.sets.get(call.name, {})

    def names(self):
        return frozenset(self.sets)

    def remind(self, session, acting, task, moment):
        self.reminded.append((task.element_id, moment))

    def passed_on(self, session, acting, task):
        self.passed.append(task.element_id)

    def answer_owed(self, session, acting, message):
        self.owed.append(message.name)

    def may_begin(self, session, message) -> bool:
        return True

    def came_due(self, session, acting, clock, timer):
        self.came.append((clock.guards, clock.guarded_id, timer.kind))

    def ended(self, session, acting, instance):
        self.endings.append(instance.outcome)

    def interrupted(self, session, acting, interruption):
        self.interruptions.append(interruption)

    def seat(self, session, seat_id):
        return self.seats[seat_id]

    def place_for(self, session, establishment_id, role):
        return self.place_of_role.get(role, establishment_id)

    def may_hold(self, session, user_id, role, establishment_id, on: date):
        return True


@dataclass
class Wired:
    """A platform as `processes` knows it."""

    ports: Ports
    models: Models


class World:
    """A database with one agency and place, a clock to move, and commands to give."""

    def __init__(self, engine: Engine) -> None:
        self.sessions = session_factory(engine)
        self.doubles = RecordingPorts()
        self.platform = Wired(Ports(self.doubles, self.doubles, self.doubles), Models())
        self.now = MONDAY
        self.user_id = uuid4()
        self.agency_id = uuid4()
        self.place_id = uuid4()
        self.case_id = uuid4()
        with self.writing() as session:
            session.add(Agency(id=self.agency_id, name="Test service", country="FR"))
            session.flush()
            session.add(
                Establishment(
                    id=self.place_id,
                    agency_id=self.agency_id,
                    kind="prison",
                    name="Test prison",
                    zone="Europe/Paris",
                    country="FR",
                )
            )

    @contextmanager
    def writing(self):
        with self.sessions() as session, session.begin():
            begin_writing(session)
            yield session

    @contextmanager
    def reading(self):
        with self.sessions() as session:
            yield session
            session.rollback()

    def acting(self, *, system: bool = False) -> Acting:
        user = None if system else self.user_id
        return Acting(self.agency_id, user, self.now, self.now, uuid4)

    def hands(self) -> sweep.Hands:
        def acting_for(_agency: UUID) -> Acting:
            return self.acting(system=True)

        return sweep.Hands(self.reading, self.writing, self.platform, acting_for, lambda: self.now)

    def sweep(self) -> sweep.Sweep:
        return sweep.run_due(self.hands())

    def pack(self, files: Mapping[str, bytes], starts: list[str], **facts) -> Pack:
        empty = Pack("test", "Test", "FR", "en", (), (), {}, {}, {}, {}, (), {})
        return replace(empty, starts=tuple(starts), files={**files, "F-YES.form": FORM}, **facts)

    def deploy(self, files: Mapping[str, bytes], starts: list[str], **facts) -> None:
        with self.writing() as session:
            versions.deploy_pack(session, self.acting(), self.pack(files, starts, **facts))

    def start(self, name: str, start_id: str, variables=None) -> UUID:
        with self.writing() as session:
            version = versions.active_version(session, self.agency_id, name)
            start = Start(version.id, self.case_id, self.place_id, start_id, variables or {})
            return start_instance(session, self.platform, self.acting(), start).instance.id

    def open_tasks(self) -> dict[str, HumanTask]:
        with self.reading() as session:
            rows = session.query(HumanTask).filter_by(state="open").all()
            session.expunge_all()
        return {row.element_id: row for row in rows}

    def instances(self) -> dict[UUID, ProcessInstance]:
        with self.reading() as session:
            rows = session.query(ProcessInstance).all()
            session.expunge_all()
        return {row.id: row for row in rows}

    def rows(self, table):
        with self.reading() as session:
            found = session.query(table).all()
            session.expunge_all()
        return found

    def deliver(self, message_id: UUID):
        with self.writing() as session:
            message = session.get_one(Message, message_id)
            return delivery.deliver(session, self.platform, self.acting(), message)


def parameter(name: str, value: str, valid_from: date = date(2020, 1, 1), valid_to=None):
    return ParameterSeed(name, value, "a source", "D", "FR", valid_from, valid_to, "a lawyer")
