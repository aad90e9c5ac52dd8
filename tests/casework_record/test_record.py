"""The record: sealed entries by layer, their keys, their readers."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select, text, update

from casework import record
from casework.audit import verify
from casework.keyring import Unreadable
from casework.record import EntryErased, EntryUnchangeable
from casework.tables import AuditRow, EntryKey, EntryRead, RecordEntry
from tests.casework_record.world import NOW, FormOf, Submitted, World

SECRET = "threatened a named colleague"


class Written:
    """A case with one submission of two layers, written by an author."""

    def __init__(self, world: World) -> None:
        self.world, self.session = world, world.session
        self.case = world.case()
        self.instance = world.instance(self.case)
        self.author = world.user("fr.unit_lead")
        self.task = world.task(self.instance, "fr.unit_lead", holder=self.author)
        self.entries = self.write({"L1": {"what": "é, seen"}, "L2": {"said": SECRET}})

    def write(self, by_layer, **more) -> list[RecordEntry]:
        return record.write_submission(
            self.world.platform,
            self.session,
            self.world.acting(self.author),
            self.case.id,
            self.instance.id,
            more.pop("task", self.task),
            FormOf("F-TRIAGE"),
            Submitted(by_layer),
            **more,
        )

    def read(self, entry: RecordEntry, user=None, **more):
        acting = self.world.acting(user)
        return record.read_entry(self.world.platform, self.session, acting, entry, **more)

    def acts(self) -> list[str]:
        query = select(AuditRow.act).where(AuditRow.chain_id == self.case.id)
        return list(self.session.scalars(query.order_by(AuditRow.position)))


@pytest.fixture
def written(world) -> Written:
    return Written(world)


def test_a_submission_is_split_by_layer_into_entries_of_one_submission(both):
    written = Written(both)
    first, second = written.entries
    assert [entry.layer for entry in written.entries] == ["L1", "L2"]
    assert first.submission_id == second.submission_id
    assert (first.task_id, first.element_id, first.form) == (
        written.task.id,
        "element",
        "F-TRIAGE",
    )
    assert (first.author_id, first.author_role, first.written_at) == (
        written.author.id,
        "fr.unit_lead",
        NOW,
    )
    assert written.read(first, written.author) == {"what": "é, seen"}
    assert written.read(second, written.author) == {"said": SECRET}


def test_each_entry_has_a_key_of_its_own(written):
    keys = written.session.scalars(select(EntryKey.wrapped)).all()
    assert len(set(keys)) == 2


def test_no_text_stands_in_the_database(written):
    written.session.commit()
    everything = ""
    for (table,) in written.session.execute(
        text("SELECT name FROM sqlite_master WHERE type = 'table'")
    ).all():
        everything += str(written.session.execute(text(f'SELECT * FROM "{table}"')).all())
    assert SECRET not in everything


def test_a_layer_without_answers_gets_no_entry(written):
    assert [entry.layer for entry in written.write({"L1": {}, "L2": {"a": 1}})] == ["L2"]


def test_a_start_form_has_no_task(written):
    acting = written.world.acting(written.author, role="fr.custody")
    [entry] = record.write_submission(
        written.world.platform,
        written.session,
        acting,
        written.case.id,
        written.instance.id,
        None,
        FormOf("F-OBS"),
        Submitted({"L2": {"a": 1}}),
    )
    assert (entry.task_id, entry.element_id, entry.author_role) == (None, None, "fr.custody")


def test_an_entry_knows_the_file_of_the_form_that_it_answers(world):
    written = Written(world)
    assert {entry.form_digest for entry in written.entries} == {FormOf("F-TRIAGE").digest}


def test_writing_and_reading_are_audited_with_their_ground(written):
    written.read(written.entries[0], written.author, ground="own")
    assert written.acts() == ["entry.written", "entry.written", "entry.read"]
    row = written.session.scalars(select(AuditRow).where(AuditRow.act == "entry.read")).one()
    assert row.subject_id == written.entries[0].id
    assert row.actor_id == written.author.id
    assert row.codes == {"layer": "L1", "form": "F-TRIAGE", "ground": "own"}
    assert verify(written.session, written.world.keyring).stands


def test_who_reads_what_another_wrote_is_remembered_once(written):
    reader = written.world.user()
    for _ in range(2):
        written.read(written.entries[0], reader)
    [seen] = written.session.scalars(select(EntryRead)).all()
    assert (seen.user_id, seen.entry_id, seen.case_id) == (
        reader.id,
        written.entries[0].id,
        written.case.id,
    )


def test_an_author_is_not_remembered_as_reader_of_the_own_text(written):
    written.read(written.entries[0], written.author)
    assert written.session.scalar(select(func.count()).select_from(EntryRead)) == 0


def test_the_platform_itself_is_nobodys_reader(written):
    written.read(written.entries[0])
    assert written.session.scalar(select(func.count()).select_from(EntryRead)) == 0
    assert written.acts()[-1] == "entry.read"


@pytest.mark.parametrize("column", ["layer", "case_id"])
def test_a_text_moved_to_another_layer_or_case_does_not_open(written, column):
    other = written.world.case()
    moved = {"layer": "L0", "case_id": other.id}[column]
    entry = written.entries[0]
    change = update(RecordEntry).where(RecordEntry.id == entry.id).values({column: moved})
    written.session.execute(change)
    with pytest.raises(Unreadable):
        written.read(entry)


def test_the_text_of_one_entry_does_not_open_in_the_place_of_another(written):
    first, second = written.entries
    change = update(RecordEntry).where(RecordEntry.id == first.id)
    written.session.execute(change.values(ciphertext=second.ciphertext))
    with pytest.raises(Unreadable):
        written.read(first)


def test_an_entry_without_its_key_is_told_as_erased(written):
    written.session.delete(written.session.get_one(EntryKey, written.entries[0].id))
    written.session.flush()
    with pytest.raises(EntryErased):
        written.read(written.entries[0])


@pytest.mark.parametrize(
    "change", [{"ciphertext": b"other"}, {"layer": "L0"}, {"author_role": "fr.mlrv"}]
)
def test_an_entry_is_never_changed(written, change):
    for name, value in change.items():
        setattr(written.entries[0], name, value)
    with pytest.raises(EntryUnchangeable, match="supersede it"):
        written.session.flush()


def test_an_entry_set_to_what_it_was_is_not_a_change(written):
    written.entries[0].layer = "L1"
    written.session.flush()


def test_a_correction_supersedes_and_the_old_text_stays(written):
    old = written.entries[1]
    acting = written.world.acting(written.author)
    new = record.supersede(
        written.world.platform, written.session, acting, old, {"said": "nothing"}
    )
    assert new.supersedes_id == old.id
    assert (new.layer, new.form, new.task_id) == (old.layer, old.form, old.task_id)
    assert written.read(new) == {"said": "nothing"}
    assert written.read(old) == {"said": SECRET}


def test_only_the_newest_version_can_be_corrected(written):
    platform, acting = written.world.platform, written.world.acting(written.author)
    record.supersede(platform, written.session, acting, written.entries[0], {"a": 1})
    with pytest.raises(EntryUnchangeable, match="correct the newest"):
        record.supersede(platform, written.session, acting, written.entries[0], {"a": 2})


def test_an_erased_entry_cannot_be_corrected(written):
    platform, acting = written.world.platform, written.world.acting(written.author)
    record.erase_case(platform, written.session, acting, written.case.id)
    with pytest.raises(EntryErased, match="nothing to correct"):
        record.supersede(platform, written.session, acting, written.entries[0], {"a": 2})


def test_a_corrected_submission_supersedes_every_layer_also_one_now_empty(written):
    later = written.write({"L2": {"said": "mistaken"}}, correcting=written.entries)
    assert {e.supersedes_id for e in later} == {e.id for e in written.entries}
    assert written.read(later[0]) == {}


def test_an_entry_is_described_without_its_text(written):
    words = record.describe(written.entries[1])
    assert str(written.entries[1].id) in words
    assert "L2" in words
    assert SECRET not in words
    assert SECRET not in repr(written.entries[1])


def test_a_text_of_a_seat_belongs_to_its_round(written):
    world = written.world
    rater = world.user("fr.custody")
    seat = world.seat(written.instance, "fr.custody", "G1", rater, number=2, state="given")
    task = world.task(written.instance, "fr.custody", "G1", rater, seat)
    assert written.write({"L2": {"a": 1}}, task=task)[0].round == 2


def test_a_text_written_while_a_round_is_open_belongs_to_it(written):
    assert written.entries[0].round is None
    seat = written.world.seat(written.instance, "fr.custody", "G1", written.world.user())
    assert written.write({"L1": {"a": 1}})[0].round == 1
    seat.state = "given"
    assert written.write({"L1": {"a": 1}})[0].round is None
