"""Oversight: state without content, and moving a task with a reason; notifications."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from casework.tables import Case, Notification, NotificationSeen
from processes.tables import HumanTask
from tests.webapp.pages import check_page
from tests.webapp.walk import observe
from tests.webapp.world import words


@pytest.fixture
def grid(house):
    """The page that moves the manager's grid, open before the governor."""
    governor = house.sign_in("governor.north", "en")
    check_page(governor.get(f"/oversight/tasks/{house.task('G3')}/reassign"))
    return governor


def test_a_task_is_moved_with_a_reason_that_both_are_told(house, grid):
    other = str(house.world.users["management2.north"])
    task_id = house.task("G3")
    check_page(grid.send({"to_user": other, "reason": "On sick leave until Monday."}))
    assert "has been moved" in grid.text
    with house.sessions() as session:
        assert str(session.get_one(HumanTask, task_id).holder_id) == other
    receiver = house.sign_in("management2.north", "en")
    check_page(receiver.get("/notifications"))
    assert "On sick leave until Monday." in receiver.text


def test_nothing_is_moved_without_a_name_and_a_reason(house, grid):
    before = _holder(house)
    check_page(grid.send({"reason": " "}), 422)
    hrefs = {a.get("href") for a in grid.tree.iter("a")}
    assert {"#to_user", "#reason"} <= hrefs
    grid.send({"to_user": "not an id", "reason": "Kept words"})
    assert grid.answer.status_code == 422
    assert "Kept words" in grid.answer.text
    assert _holder(house) == before


def test_a_task_cannot_be_moved_to_somebody_without_the_function(house, grid):
    before = _holder(house)
    officer = str(house.world.users["custody.north"])
    check_page(grid.send({"to_user": officer, "reason": "Any"}), 409)
    assert _holder(house) == before


def test_whoever_supervises_nobody_moves_nothing(house):
    address = f"/oversight/tasks/{house.task('G3')}/reassign"
    for login in ("custody.north", "stranger", "governor.south"):
        reader = house.sign_in(login, "en")
        assert reader.get(address).status_code == 404
        assert reader.post(address, to_user=str(house.world.users["reader"])).status_code == 404


def test_the_page_shows_state_and_never_what_was_answered(house):
    governor = house.sign_in("governor.north", "fr")
    check_page(governor.get("/oversight"))
    assert "entries/" not in governor.answer.text


def test_the_tally_is_shown_from_five(house):
    officer = house.sign_in("custody.north", "en")
    governor = house.sign_in("governor.north", "en")
    for _ in range(4):
        officer.get("/observations/new")
        officer.post("/observations/ordinary")
    governor.get("/oversight")
    assert "No month reaches 5 yet." in governor.text
    officer.get("/observations/new")
    officer.post("/observations/ordinary")
    check_page(governor.get("/oversight"))
    assert re.search(r"Demo prison North, \w+ \d{4}: 5", governor.text)


def test_a_notification_is_put_away_for_its_reader_alone(house, grid):
    grid.send({"to_user": str(house.world.users["management2.north"]), "reason": "Leave"})
    receiver = house.sign_in("management2.north", "en")
    receiver.get("/work")
    assert "You should know" in receiver.text
    receiver.get("/notifications")
    with house.sessions() as session:
        mine = Notification.user_id == house.world.users["management2.north"]
        notice = session.scalars(select(Notification.id).where(mine)).one()
    stranger = house.sign_in("stranger", "en")
    stranger.get("/work")
    assert stranger.post(f"/notifications/{notice}/put-away").status_code == 404
    check_page(receiver.post(f"/notifications/{notice}/put-away"))
    assert "Leave" not in receiver.text
    with house.sessions() as session:
        assert len(session.scalars(select(NotificationSeen)).all()) == 1


def _holder(house):
    with house.sessions() as session:
        return session.get_one(HumanTask, house.task("G3")).holder_id


def test_the_page_says_whom_one_supervises_and_where(house):
    lead = house.sign_in("lead.north", "en")
    check_page(lead.get("/oversight"))
    assert "You supervise: Custody officer (Demo prison North)." in lead.text
    lead = house.sign_in("lead.north", "fr")
    lead.get("/oversight")
    assert "Vous supervisez : Surveillant" in lead.text


def test_each_row_names_its_case(house):
    observe(house)
    governor = house.sign_in("governor.north", "en")
    check_page(governor.get("/oversight"))
    with house.sessions() as session:
        case_id = session.get_one(HumanTask, house.task("F-TRIAGE")).case_id
        named = {case.id: case.name or str(case.id)[:8] for case in session.scalars(select(Case))}
        tasks = session.scalars(select(HumanTask).where(HumanTask.state == "open"))
        expected = {f"Case {named[task.case_id]}" for task in tasks}
    director = house.sign_in("director.north", "en")
    check_page(director.get("/oversight"))
    shown = governor.text + director.text
    assert f"Case {str(case_id)[:8]}" in shown
    assert not [name for name in expected if name not in shown]


def test_an_empty_list_points_to_what_is_late_below(house):
    observe(house)
    governor = house.sign_in("governor.north", "en")
    check_page(governor.get("/work"))
    assert "you supervise" not in governor.text
    governor.get("/demo/clock")
    governor.post("/demo/clock", by="week")
    check_page(governor.get("/oversight"))
    late = len(re.findall(r"\d+ days? late", _section(governor, "overdue")))
    assert late > 0
    check_page(governor.get("/work"))
    assert re.search(
        rf"{late} steps? of those you supervise (is|are) late: see Oversight", governor.text
    )
    officer = house.sign_in("custody.north", "en")
    officer.get("/work")
    assert "you supervise" not in officer.text


def _section(reader, heading: str) -> str:
    found = (s for s in reader.tree.iter("section") if s.find(f".//*[@id='{heading}']") is not None)
    return words(next(found))


def test_a_finished_task_is_not_moved_but_said_to_be_finished(house, grid):
    address = grid.address
    manager = house.sign_in("management.north", "en")
    with house.sessions() as session:
        task = session.get_one(HumanTask, house.task("G3"))
        task.state, task.ended_by = "completed", manager.house.world.users["management.north"]
        session.commit()
    check_page(grid.get(address), 409)
    assert grid.h1 == "This task is finished"
    assert "(Case Basalt)" in grid.text
    assert not list(next(iter(grid.tree.iter("main"))).iter("form"))


def test_an_overdue_step_is_marked_in_its_row_and_in_that_of_the_superior(house):
    observe(house)
    lead = house.sign_in("lead.north", "en")
    lead.get("/work")
    assert _marks(lead) == [[]]
    lead.get("/demo/clock")
    lead.post("/demo/clock", by="week")
    lead.get("/work")
    assert _marks(lead) == [["Overdue", "Escalated"]]
    superior = house.sign_in("management.north", "en")
    check_page(superior.get("/work?form=F-OVERDUE"))
    assert [marks for marks in _marks(superior) if "Escalated" in marks]


def _marks(reader) -> list[list[str]]:
    rows = next(iter(reader.tree.iter("tbody")))
    return [[words(tag) for tag in row.iter("strong")] for row in rows]
