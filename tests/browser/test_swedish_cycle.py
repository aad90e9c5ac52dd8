"""One person through the Swedish cycle, from what was seen to the ruling of the court, in browsers
that speak Swedish: what a reader has to see is read there, the rest is played beneath."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import expect

from casework.database import session_factory
from casework.demo.world import WORLDS
from casework.player import Player
from casework.scenarios import ScenarioStep, read_scenario
from processes.packs import MODELS
from tests.browser import chromium, papers
from tests.browser.conftest import Served
from tests.browser.desk import Desk
from tests.browser.examining import Examiner
from tests.pages import abroad
from tests.pages.conftest import abroad_made  # noqa: F401  the shared database

HASSEL = {
    "number": "B-2599",
    "family_name": "Hassel",
    "given_name": "Love",
    "born_on": date(1991, 4, 2),
    "establishment": "bjork",
}
SEEN = "Sa till två medintagna i verkstaden att en viss tjänsteman ska få betala."
WITNESS = "En kollega i dörren"
NOTES = "Lugn; frågar vad som händer med anteckningarna."
FIRST, SECOND = "Han vill vinna andra för våld.", "Han försvarar sin ställning med stora ord."
WITHHELD = "Det som en medintagen har berättat i förtroende."
STATEMENT = "Jag godtar det inte. Jag har inte bett någon att slå någon."
RULING = "De skäl som klienten har fått läsa bär inte placeringen."


@dataclass
class Cycle:
    """The case, the desks of those who work on it, and whoever plays the steps between."""

    player: Player
    sit_down: Callable[..., Desk]
    answers: Mapping[str, Mapping[str, Any]]
    desks: dict[str, Desk] = field(default_factory=dict)

    @property
    def case(self) -> UUID:
        return self.player.case()

    def at(self, login: str) -> Desk:
        if login not in self.desks:
            desk = self.desks[login] = self.sit_down(login, locale="sv-SE")
            if desk.page.locator("html").get_attribute("lang") != "sv":
                desk.press(desk.page.get_by_role("button", name="Svenska"))
        return self.desks[login]

    def do(self, login: str, task: str, **changed: Any) -> Desk:
        """A step on its pages, answered as told and as `changed`."""
        desk = self.at(login)
        desk.do(self.case, task, {**self.answers[task], **changed})
        return desk

    def beneath(self, login: str, *tasks: str, **more: Any) -> None:
        """Steps that are done without a browser."""
        clock = self.at("officer.bjork").house.clock
        self.player.played.now = clock()
        for task in tasks:
            given = {"task": task, "as": login, "answers": self.answers[task], **more}
            self.player.step(ScenarioStep("complete", given))

    def told(self, task: str) -> None:
        """What was decided is handed over and explained."""
        self.beneath("contact.bjork", task)

    def wait(self, until: str, house: Any) -> None:
        """Days pass; whoever was signed in has been away for too long."""
        self.player.played.now = house.clock()
        self.player.step(ScenarioStep("wait", {"until": until, "hour": 10}))
        house.clock.set(self.player.played.now)
        house.look()
        for desk in self.desks.values():
            desk.context.clear_cookies()
        self.desks.clear()

    def not_found(self, login: str, task: str) -> None:
        """The step is not there for this function."""
        desk = self.at(login)
        answer = desk.context.request.get(f"/tasks/{desk.house.task(self.case, task)}")
        assert answer.status == 404, f"{login}: {task}"


@pytest.fixture(scope="module")
def served(
    abroad_made: Path,  # noqa: F811
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Served]:
    """Both agencies of the demo; the Swedish one is at home."""
    chromium.path()
    folder = tmp_path_factory.mktemp("cycle") / "data"
    with abroad.open_house(abroad_made, folder) as house:
        served = Served(house)
        yield served
        served.close()


@pytest.fixture
def cycle(served, sit_down) -> Cycle:
    """The person, of whom nothing is known yet."""
    house = served.house
    sessions = session_factory(house.engine)
    player = Player(house.platform, sessions, house.north, house.clock())
    with player.hands.writing() as session:
        player.register(session, HASSEL)
    return Cycle(player, sit_down, answered())


def answered() -> dict[str, Mapping[str, Any]]:
    """What staff answer at each step in the pack's own stories; the first time counts."""
    found: dict[str, Mapping[str, Any]] = {}
    for name in ("cycle-of-a-transmitter", "rejected-and-annulled"):
        for step in read_scenario(MODELS / "sweden" / "scenarios" / f"{name}.toml").steps:
            key = step.given.get("task", step.given.get("form"))
            if step.do in {"start", "begin", "complete"} and key not in found:
                found[key] = step.given["answers"]
    return found


@pytest.mark.prove
def test_a_person_goes_from_an_observation_to_the_ruling_of_the_court(cycle, served):
    """In Sweden each step is somebody’s own: nobody confirms or reconsiders what he or she wrote
    or decided, no machine names a category, and the court reads the open file alone."""
    examiner, found = Examiner(), []

    def look_at(login: str) -> None:
        found.extend(examiner.faults(cycle.at(login).page))

    somebody_writes_down_what_was_seen(cycle)
    the_security_department_opens_a_matter(cycle)
    look_at("security.bjork")
    the_assessment_weighs_two_hypotheses_in_words(cycle)
    look_at("psychologist.bjork")
    nothing_proposes_a_category_but_the_psychologist(cycle)
    another_confirms_it(cycle)
    an_action_is_asked_for_and_answered(cycle)
    the_case_is_watched_and_read_afresh(cycle, served.house)
    look_at("security.bjork")
    a_placement_is_proposed_and_the_person_heard(cycle, served.house)
    each_criterion_has_its_reasons(cycle)
    head_office_decides_and_the_decision_is_served(cycle)
    look_at("contact.bjork")
    the_person_rejects_it(cycle)
    somebody_else_reconsiders(cycle)
    look_at("legal.mitt")
    the_file_goes_to_the_court(cycle, served.house)
    the_file_holds_the_open_parts_alone(cycle)
    look_at("placement.mitt")
    the_ruling_is_carried_out(cycle)
    look_at("placement.mitt")
    assert not found


def somebody_writes_down_what_was_seen(cycle):
    desk = cycle.at("officer.bjork")
    desk.press(desk.page.get_by_role("link", name="Anteckna en iakttagelse").first)
    desk.page.get_by_label("Namn eller nummer").fill("hassel")
    desk.press(desk.page.get_by_role("button", name="Sök"))
    desk.press(desk.page.get_by_role("link", name="Hassel"))
    said = {**cycle.answers["F-OBS"], "what": SEEN, "who_heard": WITNESS}
    assert desk.fill(desk.worded(said)) == []
    desk.press_submit()
    expect(desk.heading()).to_have_text("Iakttagelsen är skickad")
    expect(desk.page.locator("main")).to_contain_text("Säkerhetsavdelning")
    cycle.player.played.case_id = desk.house.case(HASSEL["number"])


def the_security_department_opens_a_matter(cycle):
    desk = cycle.at("security.bjork")
    desk.take(cycle.case, "identify_first_look")
    expect(desk.page.locator("main")).to_contain_text(SEEN)
    cycle.do("security.bjork", "identify_first_look", first_look="open")
    cycle.beneath("governor.bjork", "identify_danger")
    cycle.beneath("manager.bjork", "basis_and_age_ground", "inform_or_defer_notice")
    cycle.told("tell_receive")


def the_assessment_weighs_two_hypotheses_in_words(cycle):
    """How likely each is, is chosen from words; there is no number to enter anywhere."""
    cycle.beneath("security.bjork", "assess_expressions", others="not_observed")
    cycle.beneath("manager.bjork", "assess_background")
    talk = {**cycle.answers["assess_interview"], "notes": NOTES}
    cycle.beneath("psychologist.bjork", "assess_interview", answers=talk)
    cycle.beneath("contact.bjork", "assess_account")
    desk = cycle.at("psychologist.bjork")
    desk.take(cycle.case, "assess_open")
    told = cycle.answers["assess_open"]["hypotheses"]
    both = [{**one, "hypothesis": words} for one, words in zip(told, (FIRST, SECOND), strict=True)]
    kept = {**cycle.answers["assess_open"], "hypotheses": both}
    desk.answer(kept)
    expect(desk.heading()).to_have_text("Klart: Skriv den öppna bedömningen")
    cycle.beneath("programme.bjork", "second_look_contrary")
    cycle.beneath("reader.se", "second_look_check")
    decider = cycle.at("security2.bjork")
    decider.take(cycle.case, "assess_decide")
    main = decider.page.locator("main")
    for words in (FIRST, SECOND, "Lika troligt som inte", "Mer troligt"):
        expect(main).to_contain_text(words)
    expect(main.locator('input[type="number"]')).to_have_count(0)
    decider.answer(cycle.answers["assess_decide"])
    cycle.beneath("manager.bjork", "inform_or_defer_notice")
    cycle.told("tell_receive")


def nothing_proposes_a_category_but_the_psychologist(cycle):
    desk = cycle.at("psychologist.bjork")
    desk.take(cycle.case, "categorise_propose")
    chosen = desk.page.locator('form#answers [name="se_category"]')
    assert chosen.count() == 4
    assert not [one for one in chosen.all() if one.is_checked()]
    assert (
        not desk.page.locator("main").get_by_text(re.compile("[Ff]örslag från|rekommend")).count()
    )
    desk.answer(cycle.answers["categorise_propose"])
    expect(desk.heading()).to_have_text("Klart: Föreslå en kategori")


def another_confirms_it(cycle):
    cycle.not_found("psychologist.bjork", "categorise_confirm")
    cycle.not_found("officer.bjork", "categorise_confirm")
    desk = cycle.at("security2.bjork")
    desk.take(cycle.case, "categorise_confirm")
    reasons = cycle.answers["assess_decide"]["reasons"]
    desk.answer({"category_check": "confirmed", "read_counter": True, "reasons": reasons})
    expect(desk.heading()).to_have_text("Klart: Bekräfta eller återsänd")
    cycle.beneath("manager.bjork", "inform_or_defer_notice")
    cycle.told("tell_receive")


def an_action_is_asked_for_and_answered(cycle):
    cycle.beneath("psychologist.bjork", "categorise_consequence")
    cycle.beneath("manager.bjork", "categorise_words")
    cycle.beneath("security2.bjork", "share_for_action_separation")
    cycle.beneath("manager.bjork", "share_for_action_name")
    cycle.not_found("programme.bjork", "share_for_action_reply")
    desk = cycle.at("officer.bjork")
    desk.take(cycle.case, "share_for_action_reply")
    shown = desk.page.locator("main").text_content() or ""
    assert cycle.answers["share_for_action_name"]["extract"] in shown
    assert NOTES not in shown
    assert FIRST not in shown
    desk.answer({"reply": "taken", "done": "Sitter vid ett annat bord.", "worse": "false"})


def the_case_is_watched_and_read_afresh(cycle, house):
    cycle.wait("P78D", house)
    cycle.beneath("officer.bjork", "monitor_frames")
    cycle.beneath("contact.bjork", "monitor_view")
    cycle.beneath("security.bjork", "monitor_evaluate", information="confirmed")
    desk = cycle.do("security.bjork", "monitor_review")
    desk.open(f"/cases/{cycle.case}")


def a_placement_is_proposed_and_the_person_heard(cycle, house):
    desk = cycle.at("placement.mitt")
    desk.open("/placements")
    desk.press(desk.page.get_by_role("link", name="Föreslå placering"))
    desk.page.locator('main [name="number"]').fill(HASSEL["number"])
    desk.press(desk.page.locator("main form button").first)
    assert desk.fill(desk.worded(cycle.answers["F-PLACE"])) == []
    desk.press_submit()
    desk.open("/placements")
    expect(desk.page.locator("section:has(#way)")).to_contain_text("Love Hassel")
    cycle.beneath("contact.bjork", "contradiction_grounds")
    cycle.wait("P4D", house)
    cycle.beneath("contact.bjork", "contradiction_hearing")
    cycle.beneath("manager.bjork", "contradiction_answer")


def each_criterion_has_its_reasons(cycle):
    """A criterion that is said to hold without a fact is refused by name."""
    desk = cycle.at("manager.bjork")
    desk.take(cycle.case, "decide_measure_criteria")
    told = cycle.answers["decide_measure_criteria"]
    told_in_confidence = {**told["order_evidence"][0], "what": WITHHELD, "open": "withheld"}
    evidence = [*told["order_evidence"], told_in_confidence]
    bare = {key: value for key, value in told.items() if key != "order_evidence"}
    desk.answer(bare)
    missing = desk.page.locator(".govuk-inset-text")
    expect(missing).to_contain_text("Ordningen eller säkerheten i anstalten")
    desk.press(missing.get_by_role("link").first)
    desk.answer({"order_evidence": evidence})
    expect(desk.heading()).to_have_text("Klart: Redovisa kriterierna, ett i taget")
    cycle.beneath("reader.se", "decide_measure_eyes")


def head_office_decides_and_the_decision_is_served(cycle):
    """A day after the last one that the law leaves is refused with the law’s own day."""
    desk = cycle.at("headoffice.se")
    desk.take(cycle.case, "decide_measure_decide")
    told = cycle.answers["decide_measure_decide"]
    left = dict(desk.answer_until_refused({**told, "measure_until": "@today+40D"}))
    faults = desk.page.locator(".govuk-error-summary")
    expect(faults).to_contain_text("gäller högst 1 månad")
    desk.press(faults.get_by_role("link", name=re.compile("gäller högst")))
    desk.answer({**left, "measure_until": told["measure_until"]})
    expect(desk.heading()).to_have_text(re.compile("^Klart: Besluta"))
    served = cycle.do("contact.bjork", "tell_receive", receipt="signed")
    served.open(f"/cases/{cycle.case}")
    force = served.page.locator('section[aria-labelledby="measures"]')
    expect(force).to_contain_text("äkerhetsavdelning")
    cycle.beneath("placement.mitt", "placement_execute")


def the_person_rejects_it(cycle):
    desk = cycle.do("contact.bjork", "rejection_answer", words=STATEMENT)
    desk.open(f"/cases/{cycle.case}")
    remedies = desk.page.locator('section[aria-labelledby="remedies"]')
    expect(remedies).to_contain_text("Begäran om omprövning")


def somebody_else_reconsiders(cycle):
    """Neither who decided nor who wrote the criteria can open the step."""
    for login in ("headoffice.se", "manager.bjork", "placement.mitt"):
        cycle.not_found(login, "reconsideration_test")
    desk = cycle.do("legal.mitt", "reconsideration_test")
    desk.open(f"/cases/{cycle.case}")
    cycle.told("tell_receive")


def the_file_goes_to_the_court(cycle, house):
    """The person stays silent: that is no withdrawal. What has no open part is no choice."""
    cycle.wait("P8D", house)
    desk = cycle.at("legal.mitt")
    desk.take(cycle.case, "court_route_bundle")
    offered = desk.page.locator('form#answers [name="documents"]')
    values = [box.get_attribute("value") for box in offered.all()]
    labels = [desk.page.locator(f'label[for="{box.get_attribute("id")}"]') for box in offered.all()]
    words = " ".join(label.text_content() or "" for label in labels)
    assert "Beslut" in words
    assert "Första granskning" not in words
    assert "Anteckna något oroande" not in words
    told = {**cycle.answers["court_route_bundle"], "documents": values}
    desk.answer(told)
    desk.open("/placements")
    contested = desk.page.locator("section:has(#contested)")
    expect(contested).to_contain_text("Love Hassel")


def the_file_holds_the_open_parts_alone(cycle):
    """What the person may not read is not in it: the observation, the notes of the talk, a fact
    told in confidence that stands beside open ones, and the names of staff."""
    desk = cycle.at("placement.mitt")
    desk.open("/placements")
    row = desk.page.locator("section:has(#contested)").get_by_role("row")
    with desk.page.expect_download() as awaited:
        row.filter(has_text="Love Hassel").get_by_role("link", name="Handlingar").click()
    pdf = awaited.value.path().read_bytes()
    assert b"/StructTreeRoot" in pdf
    said = papers.words(pdf)
    fact = cycle.answers["decide_measure_criteria"]["order_evidence"][0]["what"]
    for word in ("Handlingar till förvaltningsrätten", "Love Hassel, B-2599", fact, STATEMENT):
        assert word in said, said
    assert "Uppgifter som klienten inte får läsa finns inte i dessa handlingar." in said
    staff = tomllib.loads(WORLDS["sweden"].read_text("utf-8"))["user"]
    names = [account["name"] for account in staff]
    for word in (SEEN, WITNESS, NOTES, WITHHELD, *names):
        assert word not in said, word


def the_ruling_is_carried_out(cycle):
    annulled = {"court_ruling": "annulled", "says": RULING}
    desk = cycle.do("legal.mitt", "court_route_ruling", **annulled)
    desk.open(f"/cases/{cycle.case}")
    cycle.do("placement.mitt", "court_route_carry")
    cycle.told("tell_receive")
    desk = cycle.at("placement.mitt")
    desk.open("/placements")
    for section in ("#force", "#contested", "#carry"):
        here = desk.page.locator(f"section:has({section})")
        expect(here).not_to_contain_text("Love Hassel")
