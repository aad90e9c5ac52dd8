"""What notifications say, to whom, and for how long."""

from __future__ import annotations

from datetime import date

from casework import casefile, notifications, notifying
from casework.words import ENGLISH
from tests.casework.story import BASIS, OBSERVATION, REASONS, Story

ANSWERED = {"danger_act": "unit_acted", "acted_on": date(2026, 3, 2), "acted_at": "11:40"}


def told(story: Story, login: str) -> list[notifications.Notice]:
    with story.reading() as session:
        viewer = story.viewer(session, login)
        return list(notifications.visible(story.platform, session, viewer))


def test_a_danger_names_person_place_and_who_asks(story: Story) -> None:
    story.observe()
    story.complete(
        "detection_first_look",
        "lead.north",
        first_look="open",
        reasons=REASONS,
        urgent=True,
        danger="He has named a day.",
    )
    (notice,) = told(story, "governor.north")
    assert "Noa Basalt (N-2041)" in notice.words
    assert "Unit lead" in notice.words
    assert "{" not in notice.words


def test_a_danger_leads_to_the_case_and_to_the_observation_alone(story: Story) -> None:
    story.observe()
    opened = {"first_look": "open", "reasons": REASONS, "urgent": True, "danger": "A day."}
    story.complete("detection_first_look", "lead.north", **opened)
    story.complete("detection_answer_danger", "governor.north", **ANSWERED)
    (notice,) = told(story, "governor.north")
    assert notice.case_id == story.case_id
    with story.writing() as session:
        asking = story.asking(session, "governor.north")
        page = casefile.case_page(*asking, story.case_id)
        assert page.person is not None
        links = {e.title: e.entry_id for e in page.timeline if e.entry_id}
        assert set(links) == {"Something worrying seen or heard", "Answer the danger"}
        read = casefile.entry_page(*asking, links["Something worrying seen or heard"])
        assert OBSERVATION["what"] in dict(read.sections[0][1]).values()


def test_a_reminder_names_the_person_and_goes_with_its_step(story: Story) -> None:
    story.observe()
    story.complete("detection_first_look", "lead.north", first_look="open", reasons=REASONS)
    story.do("wait", until="P5D")
    before = [n for n in told(story, "coordinator.north") if n.code == "task_due"]
    assert before
    assert all(n.words.startswith("Noa Basalt: ") for n in before)
    story.complete("basis_and_age_ground", **BASIS)
    after = {n.code for n in told(story, "coordinator.north")}
    assert not after & {"task_remind", "task_due"}


def test_a_reminder_of_a_late_step_says_since_when_it_is_late(story: Story) -> None:
    story.observe()
    with story.reading() as session:
        due = story.task(session, "detection_first_look").due_at
        assert due is not None
    story.do("wait", until="P7D")
    with story.reading() as session:
        viewer, now = story.viewer(session, "lead.north"), story.player.played.now
        late = notifications.visible(story.platform, session, viewer, now=now)
    words = {notice.words for notice in late if notice.code in notifications.REMINDERS}
    assert words == {f"Noa Basalt: “First look” was due on {ENGLISH.moment(due, 'Europe/Paris')}."}
    soon = [n.words for n in told(story, "lead.north") if n.code == "task_remind"]
    assert soon == ["Noa Basalt: “First look” is due soon."]


def test_a_danger_stands_above_what_came_later(story: Story) -> None:
    story.observe()
    opened = {"first_look": "open", "reasons": REASONS, "urgent": True, "danger": "A day."}
    story.complete("detection_first_look", "lead.north", **opened)
    story.do("wait", until="P1D")
    with story.writing() as session:
        place = story.case(session).establishment_id
        platform, acting = story.platform, story.acting(None)
        notifying.tell_role(
            session,
            acting,
            platform.ports.directory,
            "fr.governor",
            "escalated",
            establishment_id=place,
            case_id=story.case_id,
            level=4,
        )
    first, second, *_ = told(story, "governor.north")
    assert (first.is_danger, second.code) == (True, "escalated")
    assert first.created_at < second.created_at
