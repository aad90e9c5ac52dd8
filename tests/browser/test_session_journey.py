"""One session of the commission, from its planning to the answer of the governor, in browsers."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import pytest
from playwright.sync_api import Locator, expect

from casework.demo.world import WORLD
from tests.browser import papers
from tests.browser.desk import Desk
from tests.browser.examining import Examiner
from tests.commission.sitting import Sitting

THE_DAY = datetime(2026, 3, 16, 13, 5, tzinfo=UTC)  # a Monday; the session begins at 14:00 there
REASONS = {
    "director.north": "Nobody who is trained for it has spoken with him.",
    "lead.north": "He keeps to himself on the wing.",
    "support.north": "He came to us of his own accord.",
}
SEATED = 4
HEARD = "He was read the question and said nothing."
POINT = "Two newcomers were asked for addresses."
ANSWER = (
    "Both say that they began to talk about their families themselves, and that he has left them"
    " alone since."
)


@dataclass
class Commission:
    """The session, its two items, and everybody at an own desk."""

    sitting: Sitting
    first: UUID
    second: UUID
    sit_down: Callable[..., Desk]
    desks: dict[str, Desk]
    session_id: UUID | None = None

    def at(self, login: str) -> Desk:
        if login not in self.desks:
            self.desks[login] = self.sit_down(login)
        return self.desks[login]

    @property
    def here(self) -> str:
        return f"/sessions/{self.session_id}"

    def item(self, case_id: UUID) -> UUID:
        with self.sitting.reading() as session:
            return self.sitting.item(session, case_id).id

    def opinion_of(self, login: str, case_id: UUID) -> UUID:
        with self.sitting.reading() as session:
            asked = self.sitting.open_tasks(session, case_id, "commission_opinion")
            return next(t.id for t in asked if t.holder_id == self.sitting.user(login))

    def on_page(self, desk: Desk, case_id: UUID) -> Locator:
        return desk.page.locator(f"#item-{self.item(case_id)}")


@pytest.fixture
def commission(served, sit_down) -> Commission:
    """Two persons whose cases were referred and prepared; nothing is on an agenda yet."""
    house = served.house
    sitting = Sitting(house.platform, house.sessions, house.north)
    sitting.player.played.now = house.clock()
    first, second = sitting.waiting("N-9001", "N-9002")
    return Commission(sitting, first, second, sit_down, {})


def test_a_session_goes_from_its_planning_to_the_answer_of_the_governor(commission, served):
    examiner, found = Examiner(), []

    def look_at(login: str) -> None:
        found.extend(examiner.faults(commission.at(login).page))

    the_secretary_plans_a_session(commission)
    the_secretary_sets_the_agenda_from_what_waits(commission)
    look_at("secretary.north")
    the_members_give_all_their_opinions_on_one_page(commission)
    look_at("lead.north")
    nobody_sees_more_than_how_many_have_come(commission)
    the_day_comes(commission, served.house)
    attendance_and_quorum_are_noted_item_by_item(commission)
    look_at("secretary.north")
    the_chair_closes_the_opinions(commission)
    look_at("governor.north")
    the_secretary_writes_the_collective_opinion(commission)
    one_item_is_not_reached(commission)
    the_session_is_held_and_its_minutes_approved(commission)
    look_at("secretary.north")
    the_minutes_are_a_numbered_tagged_paper_without_names(commission)
    the_governor_does_not_follow_and_answers_each_point(commission)
    the_opinion_stands_among_the_answers_owed_to_the_region(commission)
    look_at("region")
    assert not found


def the_secretary_plans_a_session(commission):
    desk = commission.at("secretary.north")
    desk.press(desk.page.get_by_role("navigation").get_by_role("link", name="Sessions").first)
    desk.press(desk.page.get_by_role("button", name="Plan a session"))
    planned = {"session_on": "2026-03-16", "session_time": "14:00", "place": "Room 3"}
    assert desk.fill(desk.worded({**planned, "chair": "governor"})) == []
    desk.press(desk.page.get_by_role("button", name=re.compile("^Plan")))
    expect(desk.heading()).to_have_text("Session of 16 March 2026")
    waiting = desk.page.locator('section[aria-labelledby="waiting"]')
    expect(waiting).to_contain_text("Juniper")
    expect(waiting).to_contain_text("Larch")
    commission.session_id = UUID(desk.page.url.rsplit("/", 1)[-1])


def the_secretary_sets_the_agenda_from_what_waits(commission):
    desk = commission.at("secretary.north")
    file = commission.sitting.file(commission.session_id)
    cases = (commission.first, commission.second)
    items = [str(commission.sitting.instance(case_id)) for case_id in cases]
    desk.do(file, "commission_session_agenda", {"items": items, "recall": True})
    desk.open(commission.here)
    for case_id in cases:
        expect(commission.on_page(desk, case_id)).to_contain_text(f"0/{SEATED} received")


def the_members_give_all_their_opinions_on_one_page(commission):
    for login, reasons in REASONS.items():
        desk = commission.at(login)
        desk.open("/sessions")
        desk.press(desk.page.get_by_role("link", name="Session of 16 March 2026"))
        desk.press(desk.page.get_by_role("link", name="Give your opinions"))
        begun = f"#form-{commission.opinion_of(login, commission.second)} [name=unknowns]"
        desk.page.locator(begun).fill("Begun before the first is sent.")
        give(desk, commission.opinion_of(login, commission.first), reasons)
        expect(desk.page.locator(begun)).to_have_value("Begun before the first is sent.")
        give(desk, commission.opinion_of(login, commission.second), reasons)
        expect(desk.page.locator("main")).to_contain_text("2 of 2 given")


def give(desk, task_id, reasons):
    form = desk.page.locator(f"#form-{task_id}")
    form.locator('[name="proposed"][value="qer"]').check()
    form.locator('[name="reasons"]').fill(reasons)
    form.locator('[name="unknowns"]').fill("What his family says.")
    desk.press(form.get_by_role("button", name="Send this opinion"))
    expect(desk.page.locator(".app-note--success")).to_contain_text("Your opinion is in")


def nobody_sees_more_than_how_many_have_come(commission):
    """Neither a member nor those who lead: the opinions of others are nowhere on their pages."""
    own_task = commission.opinion_of("governor.north", commission.first)
    for login in ("director.north", "secretary.north", "governor.north"):
        desk = commission.at(login)
        desk.open(commission.here)
        expect(commission.on_page(desk, commission.first)).to_contain_text(f"3/{SEATED} received")
        pages = [commission.here, f"/cases/{commission.first}"]
        pages += [] if login == "secretary.north" else [f"{commission.here}/opinions"]
        pages += [f"/tasks/{own_task}"] if login == "governor.north" else []
        for page in pages:
            shown = desk.context.request.get(page).text()
            assert not [said for said in REASONS.values() if said in shown], f"{login}: {page}"
    answer = commission.at("director.north").page.goto(f"/tasks/{own_task}")
    assert answer is not None
    assert answer.status == 404


def the_day_comes(commission, house):
    """Whoever was signed in has been away for too long."""
    house.clock.set(THE_DAY)
    house.look()
    for login in ("secretary.north", "governor.north"):
        commission.at(login).act_as(login)


def attendance_and_quorum_are_noted_item_by_item(commission):
    """All are there for the first item; for the second nobody of the detention sector."""
    desk = commission.at("secretary.north")
    desk.open(commission.here)
    everybody = desk.page.locator('section[aria-labelledby="attendance"]')
    for box in everybody.get_by_role("checkbox").all():
        box.check()
    desk.press(everybody.get_by_role("button", name="Note for all open items"))
    for case_id in (commission.first, commission.second):
        expect(commission.on_page(desk, case_id).get_by_text("Quorum", exact=True)).to_be_visible()
    second = commission.on_page(desk, commission.second)
    second.locator("summary").click()
    second.get_by_role("checkbox", name="Detention sector").uncheck()
    desk.press(second.get_by_role("button", name="Note for this item"))
    expect(commission.on_page(desk, commission.second)).to_contain_text("No quorum")
    expect(commission.on_page(desk, commission.first)).not_to_contain_text("No quorum")


def the_chair_closes_the_opinions(commission):
    desk = commission.at("governor.north")
    desk.open(commission.here)
    first = commission.on_page(desk, commission.first)
    desk.press(first.get_by_role("button", name="Close the opinions"))
    expect(commission.on_page(desk, commission.first)).to_contain_text("opinions closed")
    desk.open(f"{commission.here}/opinions")
    expect(desk.page.get_by_text("Opinions closed")).to_be_visible()


def the_secretary_writes_the_collective_opinion(commission):
    """With the members' opinions before her now."""
    desk = commission.at("secretary.north")
    desk.open(commission.here)
    first = commission.on_page(desk, commission.first)
    desk.press(first.get_by_role("button", name="Write the collective opinion"))
    for said in REASONS.values():
        expect(desk.page.locator("main")).to_contain_text(said)
    desk.answer(
        {
            "cpu1_outcome": "qer",
            "opinion": "Only trained staff with time can tell.",
            "points": [{"point": POINT}],
            "unknowns": "For whom he speaks.",
            "person_heard": HEARD,
        }
    )
    expect(desk.heading()).to_have_text(re.compile("^Done: "))


def one_item_is_not_reached(commission):
    desk = commission.at("secretary.north")
    desk.open(commission.here)
    expect(commission.on_page(desk, commission.first)).to_contain_text("Evaluation unit (QER)")
    second = commission.on_page(desk, commission.second)
    desk.press(second.get_by_role("button", name="Not reached"))
    expect(desk.page.locator(".app-note--success")).to_contain_text("next agenda")


def the_session_is_held_and_its_minutes_approved(commission):
    desk = commission.at("secretary.north")
    file = commission.sitting.file(commission.session_id)
    desk.do(file, "commission_session_hold", {"session_held": "yes"})
    answers = {
        "tasks": [{"task": "Ask the workshop", "by_function": "Unit lead"}],
        "approved": True,
        "no_names": True,
    }
    desk.do(file, "commission_session_minutes", answers)
    desk.open(commission.here)


def the_minutes_are_a_numbered_tagged_paper_without_names(commission):
    desk = commission.at("secretary.north")
    with desk.page.expect_download() as awaited:
        desk.page.get_by_role("link", name="Minutes number 2026-001 (PDF)").click()
    assert awaited.value.suggested_filename == "minutes-2026-001.pdf"
    pdf = awaited.value.path().read_bytes()
    assert b"/StructTreeRoot" in pdf
    assert re.search(rb"/MarkInfo\s*<<[^>]*/Marked true", pdf)
    assert b"pdfuaid" in pdf
    said = papers.words(pdf)
    for word in ("n° 2026-001", "N-9001", "3 reçus sur 4", POINT, HEARD, "Secteur de détention"):
        assert word in said, said
    assert "Quel est ce point" not in said, "a list of one question repeats it at each line"
    staff = tomllib.loads(WORLD.read_text("utf-8"))["user"]
    names = {part for account in staff for part in account["name"].split()}
    assert not [name for name in (*names, "Juniper") if re.search(rf"\b{name}\b", said)], said


def the_governor_does_not_follow_and_answers_each_point(commission):
    desk = commission.at("governor.north")
    answers = {
        "governor_position": "not_follow",
        "answers": [{"point": POINT, "reasons": ANSWER}],
        "instead": "He works apart from newcomers.",
    }
    desk.do(commission.first, "commission_position", answers)


def the_opinion_stands_among_the_answers_owed_to_the_region(commission):
    """Until it is sent, without the person's name: the region is not to know it before."""
    desk = commission.at("region")
    desk.press(desk.page.get_by_role("navigation").get_by_role("link", name="Answers owed").first)
    owed = desk.page.get_by_role("row").filter(has_text="Evaluation unit (QER)")
    expect(owed).to_have_count(1)
    expect(owed).to_contain_text("16 March 2026")
    expect(owed).to_contain_text("Not yet")
    expect(desk.page.locator("main")).not_to_contain_text("Juniper")
    expect(desk.page.locator("main")).not_to_contain_text("Larch")
