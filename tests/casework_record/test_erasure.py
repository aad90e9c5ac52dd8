"""Discarding leaves nothing; erasing leaves rows and proof."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Table, insert, select, update

from casework import audit, record, startdrafts
from casework.audit import seal, verify, write
from casework.database import FORGOTTEN
from casework.record import EntryErased
from casework.tables import (
    AuditRow,
    Case,
    ChainEnd,
    Decision,
    Draft,
    EntryKey,
    Notification,
    NotificationSeen,
    Person,
    RecordEntry,
    Round,
    TaskMove,
)
from processes.tables import (
    Base,
    Clock,
    HistoryEvent,
    HumanTask,
    Incident,
    Message,
    Outbox,
    Subscription,
    Timer,
)
from tests.casework_record.world import NOW, REAL, FormOf, Submitted, World, act

LINKS = {"case_id", "instance_id", "task_id", "entry_id", "clock_id", "notification_id"}
PLAIN = {str: "x", int: 1, bool: False, bytes: b"x", dict: {}, list: [], object: [], datetime: NOW}


def tables_of_a_case() -> list[Table]:
    """All tables, also those made after this test, that can hold a row of a case."""
    tables = Base.metadata.sorted_tables
    return [table for table in tables if LINKS & {column.name for column in table.columns}]


class Full:
    """A case with a row in every table that can hold one of it."""

    def __init__(self, world: World) -> None:
        self.world, self.session = world, world.session
        self.case = world.case()
        self.instance = world.instance(self.case)
        self.user = world.user("fr.custody")
        self.seat = world.seat(self.instance, "fr.custody", "G1", self.user, state="given")
        self.task = world.task(self.instance, "fr.custody", "G1", self.user, self.seat)
        acting = world.acting(self.user)
        self.entries = record.write_submission(
            world.platform,
            self.session,
            acting,
            self.case.id,
            self.instance.id,
            self.task,
            FormOf("G1"),
            Submitted({"L1": {"a": "b"}, "L2": {"c": "d"}}),
        )
        record.read_entry(world.platform, self.session, world.acting(world.user()), self.entries[0])
        record.save_draft(world.platform, self.session, acting, self.task.id, {"a": "b"}, None)
        self.own: dict[str, object] = {"id": None, "agency_id": world.agency.id}
        self.platform_rows()
        self.casework_rows()
        self.other_rows()

    def add(self, table, **fields):
        row = table(id=self.world.new_id(), agency_id=self.world.agency.id, **fields)
        self.session.add(row)
        self.session.flush()
        return row

    def platform_rows(self) -> None:
        case, instance, place = self.case.id, self.instance.id, self.world.north.id
        self.clock = clock = self.add(
            Clock,
            case_id=case,
            instance_id=instance,
            establishment_id=place,
            guards="task",
            guarded_id=self.task.id,
            name="due",
            base_at=NOW,
            zone="Europe/Paris",
            state="running",
        )
        self.add(
            Timer,
            clock_id=clock.id,
            instance_id=instance,
            kind="due",
            expression="P1D",
            due_at=NOW,
            state="pending",
        )
        message = self.add(
            Message,
            name="referred",
            case_id=case,
            key="",
            sender_key="k",
            establishment_id=place,
            payload={},
            state="kept",
            created_at=NOW,
        )
        for subject in (message.id, self.task.id):
            self.add(
                Outbox,
                kind="mail",
                subject_id=subject,
                state="pending",
                created_at=NOW,
                next_attempt_at=NOW,
            )
        self.add(Subscription, name="referred", instance_id=instance, element_id="e", key=str(case))
        self.add(
            HistoryEvent,
            instance_id=instance,
            case_id=case,
            position=1,
            kind="entered",
            element_id="e",
            model="detection",
            at=NOW,
        )
        self.add(
            Incident,
            instance_id=instance,
            case_id=case,
            words="w",
            since=NOW,
            state="open",
            command={},
        )

    def casework_rows(self) -> None:
        case, instance = self.case.id, self.instance.id
        self.add(Round, case_id=case, instance_id=instance, number=1, opened_at=NOW)
        self.decision = self.add(
            Decision,
            case_id=case,
            instance_id=instance,
            task_id=self.task.id,
            kind="detection",
            outcome="support_only",
            decided_by=self.user.id,
            decided_at=NOW,
            until=date(2026, 5, 1),
        )
        told = self.add(
            Notification,
            code="task_due",
            role="fr.custody",
            establishment_id=self.world.north.id,
            case_id=case,
            task_id=self.task.id,
            created_at=NOW,
        )
        seen = NotificationSeen(
            notification_id=told.id,
            user_id=self.user.id,
            agency_id=self.world.agency.id,
            seen_at=NOW,
        )
        self.session.add(seen)

    def other_rows(self) -> None:
        """One row in each table that nobody filled above."""
        self.made: dict[str, object] = {}
        filled = set(rows_naming(self.session, self.ids())) | {"notification_seen", "entry_key"}
        for table in tables_of_a_case():
            if table.name not in filled:
                values = {column.name: self.value(column) for column in table.columns}
                self.session.execute(insert(table).values(**values))
                self.made[table.name] = values.get("id")

    def value(self, column) -> object:
        """Something that the column takes: the case's own ids where it asks for them."""
        targets = {key.column.table.name for key in column.foreign_keys}
        owners = self.made | {
            "agency": self.world.agency.id,
            "establishment": self.world.north.id,
            "user_account": self.user.id,
            "case_file": self.case.id,
            "process_instance": self.instance.id,
            "process_version": self.instance.version_id,
            "human_task": self.task.id,
            "seat": self.seat.id,
            "record_entry": self.entries[0].id,
            "clock": self.clock.id,
            "decision": self.decision.id,
        }
        known = {"case_id": self.case.id, "instance_id": self.instance.id, "task_id": self.task.id}
        if targets:
            (target,) = targets
            return None if column.nullable and target not in owners else owners[target]
        if column.name in known:
            return known[column.name]
        if column.unique:
            return self.world.new_id().hex
        kind = getattr(column.type, "impl_instance", column.type).python_type
        return self.world.new_id() if kind is UUID else {**PLAIN, date: NOW.date()}[kind]

    def ids(self) -> set[str]:
        """Every id of a row of this case."""
        found = {self.case.id, self.instance.id, self.task.id, self.seat.id}
        found |= {entry.id for entry in self.entries}
        return {id_.hex for id_ in found}

    def discard(self) -> None:
        acting = self.world.acting(self.user)
        record.discard_case(self.world.platform, self.session, acting, self.case.id)

    def erase(self) -> None:
        acting = self.world.acting(self.user)
        record.erase_case(self.world.platform, self.session, acting, self.case.id)


def rows_naming(session, ids: set[str]) -> dict[str, int]:
    """Tables, with how many of their rows hold one of these ids in whatever column."""
    found: dict[str, int] = {}
    for table in Base.metadata.sorted_tables:
        for row in session.execute(select(*table.columns)):
            text = " ".join(v.hex if isinstance(v, UUID) else str(v) for v in row)
            text = text.replace("-", "")
            if any(id_ in text for id_ in ids):
                found[table.name] = found.get(table.name, 0) + 1
    return found


@pytest.fixture
def full(world) -> Full:
    return Full(world)


def test_nothing_remains_of_a_discarded_case_but_the_signed_end(both):
    full = Full(both)
    ids = full.ids()
    before = rows_naming(both.session, ids)
    assert {"case_file", "draft", "timer", "outbox", "subscription", "audit_row"} <= set(before)
    full.discard()
    both.session.commit()
    assert rows_naming(both.session, ids) == {"chain_end": 1}
    end = both.session.get_one(ChainEnd, full.case.id)
    assert (end.reason, end.month) == ("discarded", "2026-02")
    assert verify(both.session, both.keyring).stands


def test_every_table_that_can_hold_a_row_of_a_case_is_tried(full):
    tried = set(rows_naming(full.session, full.ids())) | {"notification_seen", "entry_key"}
    assert {table.name for table in tables_of_a_case()} <= tried


def test_a_discarded_case_takes_nothing_of_another_with_it(full):
    other = Full(full.world)
    before = rows_naming(full.session, other.ids())
    full.discard()
    assert rows_naming(full.session, other.ids()) == before
    assert full.session.scalar(select(Person.id).where(Person.id == full.case.person_id))


def test_the_staff_and_the_person_of_a_discarded_case_stay(full):
    person, user = full.case.person_id, full.user.id
    full.discard()
    assert full.session.get(Person, person) is not None
    assert full.session.get(type(full.user), user) is not None


def test_what_the_last_step_still_audits_leaves_no_row(full):
    full.discard()
    write(full.session, full.world.keyring, full.world.acting(), act(full.case.id, "late"))
    assert full.session.scalar(select(AuditRow.id)) is None


def test_a_case_sealed_and_then_discarded_leaves_the_audit_standing(full):
    seal(full.session, full.world.keyring, REAL)
    full.session.commit()
    full.discard()
    full.session.commit()
    assert verify(full.session, full.world.keyring).stands


def test_discarding_twice_changes_nothing(full):
    full.discard()
    full.discard()
    assert rows_naming(full.session, full.ids()) == {"chain_end": 1}


def test_rows_of_a_discarded_case_held_in_the_session_are_not_written_again(full):
    full.discard()
    full.session.commit()
    assert full.session.get(Case, full.case.id) is None
    assert full.session.get(HumanTask, full.task.id) is None


def test_erasing_destroys_keys_and_texts_and_keeps_the_rows(both):
    full = Full(both)
    full.erase()
    both.session.commit()
    entries = both.session.scalars(select(RecordEntry)).all()
    assert len(entries) == 2
    assert {(entry.ciphertext, entry.erased_at) for entry in entries} == {(None, NOW)}
    assert both.session.scalars(select(EntryKey)).all() == []
    with pytest.raises(EntryErased):
        record.read_entry(both.platform, both.session, both.acting(full.user), entries[0])


def test_erasing_cuts_the_link_to_the_person_and_drops_the_drafts(full):
    person = full.case.person_id
    full.erase()
    assert (full.case.person_id, full.case.state, full.case.name) == (None, "erased", None)
    assert full.session.scalars(select(Draft)).all() == []
    assert rows_naming(full.session, {person.hex}) == {"person": 1}


def test_erasing_leaves_its_proof_in_the_audit(full):
    full.erase()
    row = full.session.scalars(select(AuditRow).where(AuditRow.act == "case.erased")).one()
    assert (row.chain_id, row.codes) == (full.case.id, {"entries": 2})
    assert verify(full.session, full.world.keyring).stands


def test_erasing_twice_erases_nothing_twice(full):
    full.erase()
    full.erase()
    codes = full.session.scalars(
        select(AuditRow.codes).where(AuditRow.act == "case.erased").order_by(AuditRow.position)
    ).all()
    assert codes == [{"entries": 2}, {"entries": 0}]


def test_retention_may_end_the_chain_of_an_erased_case(full):
    full.erase()
    audit.end_chain(
        full.session, full.world.keyring, full.world.agency.id, full.case.id, "retention", REAL
    )
    assert verify(full.session, full.world.keyring).stands


def test_no_file_of_the_database_holds_a_discarded_text_or_its_key(full):
    session = full.session
    session.commit()
    draft = session.scalars(select(Draft)).one()
    gone = [entry.ciphertext for entry in full.entries]
    gone += [key.wrapped for key in session.scalars(select(EntryKey))]
    gone += [draft.ciphertext, draft.wrapped]
    assert all(held(session, part) for part in gone)
    full.discard()
    session.commit()
    assert not [part for part in gone if held(session, part)]


def test_no_file_of_the_database_holds_an_erased_text_or_its_key(full):
    session = full.session
    session.commit()
    gone = [entry.ciphertext for entry in full.entries]
    gone += [key.wrapped for key in session.scalars(select(EntryKey))]
    full.erase()
    session.commit()
    assert not [part for part in gone if held(session, part)]


def test_the_log_is_emptied_by_the_commit_and_not_by_a_part_of_it(full):
    session = full.session
    session.commit()
    gone = [entry.ciphertext for entry in full.entries]
    with session.begin_nested():
        full.discard()
    assert session.info[FORGOTTEN]
    session.commit()
    assert not [part for part in gone if held(session, part)]


def held(session, part: bytes) -> bool:
    """Whether a file of the database, its log included, holds these bytes."""
    path = Path(session.get_bind().url.database)
    return any(part in file.read_bytes() for file in path.parent.glob(f"{path.name}*"))


def test_erasing_blanks_the_words_that_stand_in_plain_columns(full):
    session, said = full.session, "He prays"
    full.case.legal_basis = said
    session.execute(update(TaskMove).values(reason=said))
    session.execute(update(Incident).values(words=said))
    session.execute(update(Outbox).values(last_error=said))
    session.commit()
    full.erase()
    session.commit()
    for table in Base.metadata.sorted_tables:
        for row in session.execute(select(*table.columns)):
            assert said not in str(row), table.name


def test_discarding_drops_what_its_author_had_half_typed_about_the_person(full):
    full.case.opened_by = full.user.id
    start_draft(full, full.case.person_id)
    full.discard()
    assert full.session.scalars(select(Draft)).all() == []


def test_discarding_leaves_what_its_author_types_about_another_person(full):
    full.case.opened_by = full.user.id
    start_draft(full, full.world.case().person_id)
    full.discard()
    assert len(full.session.scalars(select(Draft)).all()) == 1


def start_draft(full: Full, person_id: UUID) -> None:
    world = full.world
    startdrafts.save(
        world.platform,
        full.session,
        world.acting(full.user),
        person_id,
        "F-OBS",
        {"what": "half"},
        None,
    )
