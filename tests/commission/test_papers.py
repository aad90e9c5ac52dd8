"""Minutes and the files that papers are kept in."""

from __future__ import annotations

import os
from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from casework import access, catalogues, papers, record, submissions
from casework.commission import minutes
from casework.effects import EFFECTS
from casework.keyring import Unreadable
from casework.tables import AuditRow, Case, Document
from processes.engine import EngineFault
from processes.tables import HumanTask
from tests.browser.papers import words
from tests.commission.sitting import SESSION_DAY


def closed(sitting, number="N-1", day=SESSION_DAY):
    case_id = sitting.refer(number)
    sitting.prepare(case_id)
    session_id = sitting.plan(day)
    sitting.convene(session_id, case_id)
    sitting.go_to(day)
    sitting.give(case_id, "director.north")
    sitting.settled(session_id, case_id)
    sitting.hold(session_id)
    return session_id


def document(sitting):
    with sitting.reading() as session:
        return session.scalars(select(Document)).one()


def test_minutes_are_numbered_from_one_in_each_year_and_place(both):
    numbers = []
    for day in (0, 7):
        session_id = closed(both, f"N-{day}", SESSION_DAY + timedelta(days=day))
        both.approve(session_id)
        with both.reading() as session:
            numbers.append(both.row(session, session_id).minutes_number)
    assert numbers == [1, 2]
    with both.writing() as session:
        place = both.row(session, session_id).establishment_id
        asked = (session, both.acting(None), place, "minutes")
        assert papers.next_number(*asked, 2027) == 1
        assert papers.next_number(*asked, 2026) == 3


def test_minutes_are_a_tagged_pdf_in_the_language_of_the_establishment(sitting):
    session_id = closed(sitting)
    sitting.approve(session_id)
    with sitting.writing() as session:
        number, pdf = minutes.read(*sitting.asking(session, "secretary.north"), session_id)
    assert number == "2026-001"
    assert b"/MarkInfo" in pdf or b"pdfuaid" in pdf
    assert b"fr" in pdf[: len(pdf)]
    with sitting.reading() as session:
        row = sitting.row(session, session_id)
        said = minutes.told(
            sitting.platform,
            session,
            sitting.acting(None),
            row,
            "2026-001",
            catalogues.of_pack("france"),
        )
    assert said["lang"] == "fr"


def test_minutes_name_offices_and_no_member_of_staff(sitting):
    session_id = closed(sitting)
    with sitting.reading() as session:
        row = sitting.row(session, session_id)
        said = minutes.told(
            sitting.platform, session, sitting.acting(None), row, "1", catalogues.speaking("en")
        )
    words = str(said)
    assert "Director of the probation service" in words
    assert "1 of 4 received" in words
    for name in ("Merrow", "Averill", "Hollin", "N-210", "N-300", "Dune"):
        assert name not in words, name


def told(sitting, session_id):
    with sitting.reading() as session:
        row, acting = sitting.row(session, session_id), sitting.acting(None)
        english = catalogues.speaking("en")
        return str(minutes.told(sitting.platform, session, acting, row, "1", english)["items"])


def test_minutes_tell_what_was_said_in_their_session_as_it_was_corrected(sitting):
    first, (case_id,) = sitting.convened("N-1")
    sitting.attend(first)
    sitting.close_opinions(case_id)
    until = SESSION_DAY + timedelta(days=20)
    sitting.opine(case_id, "adjourn", adjourn_question="What did they see?", adjourn_until=until)
    sitting.hold(first)
    assert "0 of 4 received" in told(sitting, first)
    sitting.prepare(case_id)
    second = sitting.plan(SESSION_DAY + timedelta(days=7))
    sitting.convene(second, case_id)
    sitting.go_to(SESSION_DAY + timedelta(days=7))
    sitting.settled(second, case_id)
    assert "What did they see?" in told(sitting, first)
    assert "He works and learns." not in told(sitting, first)
    assert "received" not in told(sitting, first)
    assert "He works and learns." in told(sitting, second)
    assert "0 of 4 received" in told(sitting, second)
    correct(sitting, case_id, "adjourn_question", "What did the school see?")
    assert "What did the school see?" in told(sitting, first)
    assert "What did they see?" not in told(sitting, first)
    assert "What did the school see?" not in told(sitting, second)


def correct(sitting, case_id, question, answer):
    """The first collective opinion of a case is corrected in one answer."""
    with sitting.writing() as session:
        acting = sitting.acting("secretary.north")
        given = next(g for g in submissions.of_case(session, case_id) if g.form == "F-CPU-MIN")
        answers = submissions.read(sitting.platform, session, acting, given)
        definition = submissions.definition_of(sitting.platform.models, session, given)
        record.write_submission(
            sitting.platform,
            session,
            acting,
            case_id,
            given.first.instance_id,
            session.get(HumanTask, given.first.task_id),
            definition,
            definition.split({**answers, question: answer}),
            correcting=given.entries,
        )


def test_minutes_are_issued_after_the_closing_and_once(sitting):
    session_id = closed(sitting)
    open_one = sitting.plan(SESSION_DAY + timedelta(days=30))
    acting = sitting.acting("secretary.north")
    with sitting.writing() as session, pytest.raises(EngineFault, match="not closed"):
        minutes.issue(sitting.platform, session, acting, sitting.row(session, open_one))
    sitting.approve(session_id)
    with sitting.writing() as session, pytest.raises(EngineFault, match="already"):
        minutes.issue(sitting.platform, session, acting, sitting.row(session, session_id))


def test_an_erased_case_goes_out_of_minutes_that_were_issued_before(both):
    session_id, (kept, erased) = both.convened("N-1", "N-2")
    for case_id in (kept, erased):
        both.settled(session_id, case_id)
    both.hold(session_id)
    both.approve(session_id)
    before = document(both)
    with both.writing() as session:
        case = session.get_one(Case, erased)
        acting = both.acting(None)
        call = SimpleNamespace(instance_id=both.instance(erased))
        asked = SimpleNamespace(
            platform=both.platform, session=session, acting=acting, case=case, call=call
        )
        EFFECTS["record.erase"](asked)  # as the last step of closing and erasing does
    with both.writing() as session:
        number, pdf = minutes.read(*both.asking(session, "secretary.north"), session_id)
        destroyed = select(AuditRow).where(AuditRow.act == "document.destroyed")
        assert session.scalars(destroyed).one().subject_id == before.id
    assert number == before.number
    assert document(both).id != before.id
    said = words(pdf)
    assert "N-1" in said
    assert "N-2" not in said
    assert said.count("He works and learns.") == 1


@pytest.mark.parametrize("login", ["lead.north", "director.north", "governor.south", "region"])
def test_others_do_not_read_the_minutes(sitting, login):
    session_id = closed(sitting)
    sitting.approve(session_id)
    with sitting.writing() as session, pytest.raises(access.NotVisible):
        minutes.read(*sitting.asking(session, login), session_id)


def test_reading_the_minutes_is_audited(sitting):
    session_id = closed(sitting)
    sitting.approve(session_id)
    with sitting.writing() as session:
        minutes.read(*sitting.asking(session, "oversight"), session_id)
    with sitting.reading() as session:
        rows = select(AuditRow).where(AuditRow.act == "document.read")
        (read,) = session.scalars(rows)
        assert read.actor_id == sitting.user("oversight")
        assert read.codes["ground"] == "oversight"


def test_the_file_is_sealed_and_tells_when_it_was_altered_or_is_gone(sitting):
    session_id = closed(sitting)
    sitting.approve(session_id)
    path = papers.folder(sitting.platform.settings) / document(sitting).file
    sealed = path.read_bytes()
    assert b"%PDF" not in sealed
    path.write_bytes(sealed[:-1] + b"x")
    with sitting.writing() as session, pytest.raises(Unreadable, match="altered"):
        minutes.read(*sitting.asking(session, "secretary.north"), session_id)
    path.unlink()
    with sitting.writing() as session, pytest.raises(Unreadable, match="not there"):
        minutes.read(*sitting.asking(session, "secretary.north"), session_id)


def test_files_without_a_row_are_swept_away_when_no_row_can_come_any_more(sitting):
    session_id = closed(sitting)
    sitting.approve(session_id)
    where = papers.folder(sitting.platform.settings)
    (where / "orphan").write_bytes(b"left by a transaction that failed")
    (where / "young").write_bytes(b"its row may still come")
    now = sitting.now
    old = (now - timedelta(hours=2)).timestamp()
    for name in ("orphan", document(sitting).file):
        os.utime(where / name, (old, old))
    os.utime(where / "young", (now.timestamp(), now.timestamp()))
    with sitting.reading() as session:
        assert papers.sweep(sitting.platform.settings, session, now) == 1
    assert {path.name for path in where.iterdir()} == {"young", document(sitting).file}


def test_a_file_is_there_before_its_row_and_an_undone_row_leaves_an_orphan(sitting):
    where = papers.folder(sitting.platform.settings)
    with sitting.reading() as session:  # rolled back: the row never stands
        papers.store(
            sitting.platform,
            session,
            sitting.acting(None),
            case_id=None,
            kind="minutes",
            number="x",
            content=b"words",
        )
    (orphan,) = where.iterdir()
    later = sitting.now.fromtimestamp(orphan.stat().st_mtime + 7200, tz=sitting.now.tzinfo)
    with sitting.reading() as session:
        assert papers.sweep(sitting.platform.settings, session, later) == 1
