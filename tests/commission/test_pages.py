"""The pages of sessions, gone through as a browser without script does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from casework.tables import AgendaItem, Attendance, AuditRow, RecordEntry
from processes.tables import HumanTask
from tests.commission.sitting import SEATS, SESSION_DAY
from tests.webapp.pages import check_page


def post_words(reader, button: str):
    """Press the button of these words: the first form of the page that has it."""
    main = next(reader.tree.iter("main"))
    for form in main.iter("form"):
        for found in form.iter("button"):
            if " ".join("".join(found.itertext()).split()).startswith(button):
                data = {
                    i.get("name"): i.get("value", "")
                    for i in form.iter("input")
                    if i.get("type") == "hidden" and i.get("name") != "asked"
                }
                return reader._take(reader.client.post(form.get("action"), data=data))
    raise AssertionError(f"no button {button}: {reader.text}")


@pytest.fixture
def running(sitting, house):
    """A session with two items, on its day."""
    session_id, cases = sitting.convened("N-1", "N-2")
    return house, session_id, cases


def test_the_secretary_plans_a_session_and_sets_its_agenda(sitting, house):
    sitting.waiting("N-1")
    secretary = house.sign_in("secretary.north", "en")
    check_page(secretary.get("/sessions"))
    check_page(secretary.get("/sessions/plan"))
    check_page(secretary.send({"place": "Room 3"}), 422)
    day = {"session_on-day": "16", "session_on-month": "3", "session_on-year": "2026"}
    secretary.send({**day, "session_time": "14:00", "place": "Room 3", "chair": "governor"})
    check_page(secretary.answer)
    assert secretary.h1 == "Session of 16 March 2026"
    assert "Waiting for an agenda" in secretary.text
    assert "Noa Dune N-1 (N-1)" in secretary.text
    with sitting.reading() as session:
        task = session.scalars(select(HumanTask.id).where(HumanTask.form == "F-AGENDA")).one()
    check_page(secretary.get(f"/tasks/{task}"))
    secretary.send({"items": str(sitting.instance(case_of(sitting))), "recall": "true"})
    assert "Done" in secretary.h1
    with sitting.reading() as session:
        assert session.scalars(select(AgendaItem.state)).all() == ["on_agenda"]
    check_page(secretary.get("/sessions"))
    check_page(secretary.get("/cases"))
    assert "Session of 16 March 2026" in secretary.text


def case_of(sitting):
    with sitting.reading() as session:
        return session.scalars(select(HumanTask.case_id).where(HumanTask.form == "F-ITEM")).first()


def test_a_session_is_held_from_its_page(running, sitting):
    house, session_id, (first, second) = running
    sitting.give(first, "director.north")
    secretary = house.sign_in("secretary.north", "en")
    here = f"/sessions/{session_id}"
    check_page(secretary.get(here))
    assert "1/4 received" in secretary.text
    assert "He asks for work." not in secretary.answer.text
    offices = [office for office, _, _ in SEATS]
    secretary.post(f"{here}/attendance", asked=offices, present=offices)
    check_page(secretary.answer)
    assert "Attendance is noted" in secretary.text
    assert "Close the opinions" not in secretary.answer.text
    chair = house.sign_in("governor.north", "en")
    chair.get(here)
    post_words(chair, "Close the opinions")
    check_page(chair.answer)
    assert "opinions closed" in chair.text
    assert chair.text.count("Read the opinion") == 1
    opened = next(a for a in chair.tree.iter("a") if "/entries/" in (a.get("href") or ""))
    check_page(chair.get(opened.get("href")))
    assert "He asks for work." in chair.text
    secretary = house.sign_in("secretary.north", "en")
    check_page(secretary.get(here))
    assert "Write the collective opinion" in secretary.text
    sitting.opine(first)
    secretary.get(here)
    post_words(secretary, "Not reached")
    assert sitting.state(second) == "not_reached"
    sitting.hold(session_id)
    sitting.approve(session_id)
    check_page(secretary.get(here))
    assert "Minutes number 2026-001" in secretary.text
    answer = secretary.client.get(f"{here}/minutes.pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.data.startswith(b"%PDF")


def test_attendance_is_noted_for_no_item_but_the_one_named(running, sitting):
    house, session_id, _ = running
    (case_id,) = sitting.waiting("N-3")
    other = sitting.plan(SESSION_DAY + timedelta(days=7))
    sitting.convene(other, case_id)
    with sitting.reading() as session:
        elsewhere = sitting.item(session, case_id).id
    secretary = house.sign_in("secretary.north", "en")
    secretary.get(f"/sessions/{session_id}")
    offices = [office for office, _, _ in SEATS]
    for item, status in (("", 400), ("x", 400), (str(elsewhere), 404)):
        sent = {"asked": offices, "present": offices, "item": item}
        secretary.post(f"/sessions/{session_id}/attendance", **sent)
        assert secretary.answer.status_code == status, item
    with sitting.reading() as session:
        assert not session.scalars(select(Attendance)).all()
        assert sitting.row(session, session_id).state == "convened"


def test_the_secretary_notes_what_is_only_spoken(running, sitting):
    house, session_id, (case_id, _) = running
    secretary = house.sign_in("secretary.north", "en")
    check_page(secretary.get(f"/sessions/{session_id}"))
    assert f"/cases/{case_id}/begin/F-ORAL" in secretary.answer.text
    check_page(secretary.get(f"/cases/{case_id}/begin/F-ORAL"))
    day = {"said_on-day": "9", "said_on-month": "3", "said_on-year": "2026"}
    told = {"said_by": "Liaison", "said_to": "Chair", "at_time": "09:20", "purpose": "Opinion"}
    answers = {**day, **told, "recorded": "not_recorded", "why_oral": "It may not be written."}
    check_page(secretary.send(answers))
    with sitting.reading() as session:
        kept = session.scalars(select(RecordEntry).where(RecordEntry.form == "F-ORAL")).one()
    assert (kept.case_id, kept.layer) == (case_id, "L2")
    chair = house.sign_in("governor.north", "en")
    check_page(chair.get(f"/sessions/{session_id}"))
    assert "F-ORAL" not in chair.answer.text


def test_an_act_that_cannot_be_done_is_told_on_the_page(running, sitting):
    house, session_id, (first, _) = running
    with sitting.reading() as session:
        item = sitting.item(session, first).id
    for login, words in (
        ("secretary.north", "The chair closes the opinions"),
        ("governor.north", "The opinions are closed"),
        ("governor.north", "closed already"),
    ):
        reader = house.sign_in(login, "en")
        reader.get(f"/sessions/{session_id}")
        reader.post(f"/sessions/items/{item}/close-opinions")
        assert words in reader.text
    check_page(reader.answer, 409)


def test_a_member_gives_the_opinions_on_all_items_from_one_page(running, sitting):
    house, session_id, (first, second) = running
    member = house.sign_in("director.north", "en")
    here = f"/sessions/{session_id}/opinions"
    check_page(member.get(here))
    assert "0 of 2 given" in member.text
    tasks = own_tasks(sitting, "director.north")
    one, other = f"form-{tasks[first]}", f"form-{tasks[second]}"
    given = {"proposed": "support_only", "reasons": "He works.", "unknowns": "His family."}
    check_page(member.send(given, form=one))
    assert "1 of 2 given" in member.text
    # what is kept for one item leaves the others alone
    member.send({"reasons": "Half a sentence"}, press="_later=1", form=other)
    assert "Half a sentence" in member.answer.text
    check_page(member.send({"reasons": "Half a sentence"}, form=other), 422)
    assert "There is a problem" in member.text
    member.send({**given, "special": "true"}, form=other)
    assert "opened more questions" in member.text
    check_page(member.send({"necessity": "It was said in class."}, form=other))
    assert "2 of 2 given" in member.text
    assert sitting.elements(first) >= {"commission_opinion"}


@pytest.mark.parametrize("press", [{"_later": "1"}, {}])
def test_an_opinion_kept_in_two_windows_is_shown_twice_and_lost_in_none(running, sitting, press):
    house, session_id, (first, _) = running
    member = house.sign_in("director.north", "en")
    here = f"/sessions/{session_id}/opinions"
    task = own_tasks(sitting, "director.north")[first]
    member.get(here)
    given = {"proposed": "support_only", "unknowns": "His family.", "revision": "0"}
    member.post(f"{here}/{task}", **given, _later="1", reasons="First window.")
    member.post(f"{here}/{task}", **given, **press, reasons="Second window.")
    check_page(member.answer, 409)
    assert "Second window." in member.answer.text
    assert "newer answers in another window" in member.text
    check_page(member.get(here))
    assert "First window." in member.answer.text
    assert "Second window." not in member.answer.text
    member.post(f"{here}/{task}", **{**given, "revision": "1"}, reasons="Second window.")
    check_page(member.answer)
    assert "1 of 2 given" in member.text


def own_tasks(sitting, login):
    with sitting.reading() as session:
        wanted = select(HumanTask).where(
            HumanTask.form == "F-CPU-OP",
            HumanTask.state == "open",
            HumanTask.holder_id == sitting.user(login),
        )
        return {task.case_id: task.id for task in session.scalars(wanted)}


def test_an_opinion_sent_after_the_closing_is_told_so(running, sitting):
    house, session_id, (first, _) = running
    member = house.sign_in("director.north", "en")
    member.get(f"/sessions/{session_id}/opinions")
    task = own_tasks(sitting, "director.north")[first]
    sitting.close_opinions(first)
    member.send({"proposed": "qer", "reasons": "x", "unknowns": "y"}, form=f"form-{task}")
    assert "closed, or given" in member.text
    with sitting.reading() as session:
        assert (
            session.scalars(select(RecordEntry).where(RecordEntry.form == "F-CPU-OP")).all() == []
        )


def test_an_alternate_takes_the_seat_from_the_page(running, sitting):
    house, session_id, _ = running
    alternate = house.sign_in("management.north", "en")
    check_page(alternate.get(f"/sessions/{session_id}/opinions"))
    assert "you are the alternate" in alternate.text
    post_words(alternate, "Take the seat")
    check_page(alternate.answer)
    assert "The seat is yours now" in alternate.text


def test_a_member_reads_the_pack_and_its_opening_is_audited(running, sitting):
    house, session_id, (first, second) = running
    member = house.sign_in("director.north", "en")
    check_page(member.get(f"/sessions/{session_id}/pack"))
    assert "recalled when the session is closed" in member.text
    with sitting.reading() as session:
        rows = select(AuditRow).where(AuditRow.act == "pack.read")
        opened = {(row.chain_id, row.actor_id): row.subject_id for row in session.scalars(rows)}
        me = sitting.user("director.north")
        assert opened == {(c, me): sitting.item(session, c).id for c in (first, second)}
    with sitting.reading() as session:
        entry = session.scalars(
            select(RecordEntry).where(RecordEntry.case_id == first, RecordEntry.form == "F-ITEM")
        ).one()
    check_page(member.get(f"/entries/{entry.id}"))
    assert "Does anything beyond" in member.text
    with sitting.reading() as session:
        rows = session.scalars(
            select(AuditRow).where(AuditRow.act == "entry.read", AuditRow.subject_id == entry.id)
        )
        assert "pack" in {row.codes["ground"] for row in rows}


@pytest.mark.parametrize(
    ("login", "pages"),
    [
        ("custody.north", {"/sessions": 404, "": 404, "/opinions": 404, "/pack": 404}),
        ("governor.south", {"/sessions": 200, "": 404, "/opinions": 404, "/pack": 404}),
        ("director.north", {"/sessions": 200, "": 200, "/opinions": 200, "/minutes.pdf": 404}),
        ("secretary.north", {"/sessions": 200, "": 200, "/opinions": 404, "/minutes.pdf": 404}),
        ("oversight", {"/sessions": 200, "": 200, "/opinions": 404, "/minutes.pdf": 404}),
    ],
)
def test_each_page_opens_to_those_who_need_it(running, login, pages):
    house, session_id, _ = running
    reader = house.sign_in(login, "en")
    for page, status in pages.items():
        address = page if page == "/sessions" else f"/sessions/{session_id}{page}"
        assert reader.get(address).status_code == status, address


def test_a_member_sees_the_session_no_more_when_it_is_closed(running, sitting):
    house, session_id, (first, _) = running
    sitting.settled(session_id, first)
    sitting.hold(session_id)
    member = house.sign_in("director.north", "en")
    for page in ("", "/opinions", "/pack"):
        assert member.get(f"/sessions/{session_id}{page}").status_code == 404


def test_the_region_sees_the_answers_owed_oldest_first_and_names_only_what_was_sent(
    running, sitting
):
    house, session_id, (first, second) = running
    for case_id in (first, second):
        sitting.settled(session_id, case_id, "qer")
        sitting.player.played.now += timedelta(minutes=10)
    sitting.hold(session_id)
    region = house.sign_in("region", "en")
    check_page(region.get("/answers-owed"))
    assert "2 answers owed" in region.text
    assert "Dune" not in region.text
    sitting.go_to(SESSION_DAY + timedelta(days=9))
    region = house.sign_in("region", "en")
    check_page(region.get("/answers-owed"))
    assert region.text.index("Dune N-1") < region.text.index("Dune N-2")
    assert "by itself" in region.text
    assert house.sign_in("custody.north").get("/answers-owed").status_code == 404
    south = house.sign_in("governor.south", "en")
    south.get("/answers-owed")
    assert "No answer is owed" in south.text


def test_a_page_of_answers_owed_takes_two_statements(sitting, house):
    from sqlalchemy import event

    from casework.commission import owed
    from tests.commission.many import many_opinions

    many_opinions(sitting, 120)
    with sitting.reading() as session:
        viewer = sitting.viewer(session, "region")
        said = []
        event.listen(session.get_bind(), "before_cursor_execute", lambda *a: said.append(a[2]))
        page = owed.owed_page(session, viewer, sitting.now, 2)
    assert len([s for s in said if s.startswith("SELECT")]) == 2
    assert (len(page.rows), page.total, page.pages) == (50, 120, 3)
    days = [row.issued_at for row in page.rows]
    assert days == sorted(days)
    reader = house.sign_in("region", "en")
    check_page(reader.get("/answers-owed?page=3"))
    assert "page 3 of 3" in reader.text
    check_page(reader.get("/answers-owed?page=99"))
