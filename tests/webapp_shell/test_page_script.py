"""The page script in a real browser: drafts are kept, nothing typed is lost, the focus stays."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from flask import Blueprint, jsonify, render_template_string, request
from werkzeug.serving import make_server

from webapp.access import access

sync_api = pytest.importorskip("playwright.sync_api")
expect = sync_api.expect
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium: apt-get install chromium"),
]

PAGE = """
{% extends "layout/page.html" %}
{% from "components/page.html" import csrf, diagram, draft_status with context %}
{% block title %}A trial page{% endblock %}
{% block content %}
<form method="post" id="answers" data-autosave="/trial/draft" data-revision="0">
  {{ csrf() }}<input type="hidden" name="revision" value="0">
  {{ draft_status() }}
  <div id="fields" hx-target="#fields" hx-swap="innerHTML">
    <label for="text">Text</label><textarea id="text" name="text" class="govuk-textarea"></textarea>
    <button type="submit" id="add" name="_add" value="item" hx-post="/trial/fields">Add</button>
  </div>
</form>
{{ diagram("/trial/drawing", ["second"], ["first"]) }}
{% endblock %}
"""
FIELDS = """
<label for="text">Text</label>
<textarea id="text" name="text" class="govuk-textarea">{{ text }}</textarea>
<fieldset id="item-1" tabindex="-1" data-focus><legend>Item 1</legend>
<label for="item">Item</label><input id="item" name="item"></fieldset>
<button type="submit" id="add" name="_add" value="item" hx-post="/trial/fields">Add</button>
"""
DRAWING = """<?xml version="1.0"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="urn:trial"
 xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC">
<process id="p"><userTask id="first" name="First"/><userTask id="second" name="Second"/></process>
<di:BPMNDiagram><di:BPMNPlane bpmnElement="p">
<di:BPMNShape bpmnElement="first"><dc:Bounds x="0" y="0" width="100" height="80"/></di:BPMNShape>
<di:BPMNShape bpmnElement="second"><dc:Bounds x="150" y="0" width="100" height="80"/></di:BPMNShape>
</di:BPMNPlane></di:BPMNDiagram></definitions>"""


@dataclass
class Trial:
    """What the server got, and how it is to answer."""

    address: str = ""
    saved: list[dict[str, str]] = field(default_factory=list)
    status: int = 200
    hold: threading.Event = field(default_factory=threading.Event)


@pytest.fixture
def trial(shell) -> Iterator[Trial]:
    state = Trial()
    state.hold.set()
    shell.app.register_blueprint(_pages(state))
    server = make_server("127.0.0.1", 0, shell.app, threaded=True)
    state.address = f"http://127.0.0.1:{server.port}/trial"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield state
    server.shutdown()
    thread.join()


def _pages(state: Trial) -> Blueprint:
    pages = Blueprint("trial", __name__, url_prefix="/trial")

    @pages.get("")
    @access("public")
    def page() -> str:
        return render_template_string(PAGE)

    @pages.post("/draft")
    @access("public")
    def draft():
        if state.status != 200:
            return jsonify(error=state.status), state.status
        state.saved.append(request.form.to_dict())
        return jsonify(revision=len(state.saved), saved="10:42")

    @pages.post("/fields")
    @access("public")
    def fields() -> str:
        state.hold.wait(5)
        return render_template_string(FIELDS, text=request.form["text"])

    @pages.get("/drawing")
    @access("public")
    def drawing():
        return DRAWING, 200, {"Content-Type": "application/xml"}

    return pages


@pytest.fixture
def page(trial: Trial) -> Iterator[sync_api.Page]:
    with sync_api.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        opened = browser.new_context().new_page()
        problems: list[str] = []
        opened.on("pageerror", lambda error: problems.append(str(error)))
        opened.on("console", lambda said: problems.append(said.text) if _is_bad(said) else None)
        opened.goto(trial.address)
        yield opened
        browser.close()
    assert not problems


def _is_bad(said: sync_api.ConsoleMessage) -> bool:
    return said.type == "error" and "Failed to load resource" not in said.text


def test_what_is_typed_is_kept_and_said(page, trial):
    page.fill("#text", "an observation")
    expect(page.locator("[data-draft-status]")).to_have_text("Saved 10:42")
    assert trial.saved[-1]["text"] == "an observation"
    page.fill("#text", "an observation, and more")
    expect(page.locator("#answers")).to_have_attribute("data-revision", "2")
    assert trial.saved[-1]["revision"] == "1"
    assert page.input_value("[name=revision]") == "2"


def test_a_draft_that_cannot_be_kept_is_tried_again_until_it_is(page, trial):
    trial.status = 500
    page.fill("#text", "do not lose me")
    status = page.locator("[data-draft-status]")
    expect(status).to_contain_text("trying again")
    assert page.input_value("#text") == "do not lose me"
    trial.status = 200
    expect(status).to_have_text("Saved 10:42", timeout=10_000)
    assert trial.saved[-1]["text"] == "do not lose me"


def test_who_has_been_signed_out_is_told_and_keeps_the_text(page, trial):
    trial.status = 401
    page.fill("#text", "still here")
    expect(page.locator("[data-draft-status]")).to_contain_text("signed out")
    assert page.input_value("#text") == "still here"


def test_a_draft_changed_elsewhere_is_not_written_over(page, trial):
    trial.status = 409
    page.fill("#text", "mine")
    expect(page.locator("[data-draft-status]")).to_contain_text("another window")
    trial.status = 200
    page.fill("#text", "mine again")
    page.wait_for_timeout(1500)
    assert trial.saved == []


def test_leaving_with_unsaved_text_is_warned_of(page, trial):
    trial.status = 500
    page.click("#text")
    page.keyboard.type("unsaved")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto(trial.address.replace("/trial", "/sign-in"))
    assert asked == ["beforeunload"]


def test_an_added_item_takes_the_focus_and_typing_meanwhile_is_kept(page, trial):
    trial.hold.clear()
    page.fill("#text", "before")
    page.click("#add")
    page.fill("#text", "before, and typed meanwhile")
    trial.hold.set()
    expect(page.locator("#item-1")).to_be_focused()
    assert page.input_value("#text") == "before, and typed meanwhile"


def test_a_diagram_marks_the_step_and_shows_whose_tool_draws_it(page):
    expect(page.locator(".app-diagram__flag")).to_have_text("Here now")
    expect(page.locator('[data-element-id="second"].is-current')).to_have_count(1)
    expect(page.locator('[data-element-id="first"].is-done')).to_have_count(1)
    mark = page.locator(".bjs-powered-by")
    expect(mark).to_be_visible()
    assert mark.evaluate(
        """link => { const r = link.getBoundingClientRect();
        link.scrollIntoView(); const b = link.getBoundingClientRect();
        return link.contains(document.elementFromPoint(b.x + b.width / 2, b.y + b.height / 2)); }"""
    )


def test_a_diagram_moves_by_keyboard_and_by_buttons(page):
    expect(page.locator(".app-diagram__flag")).to_be_visible()
    view = "document.querySelector('.djs-container .viewport').getAttribute('transform')"
    first = page.evaluate(view)
    page.locator("[data-diagram-canvas]").focus()
    page.keyboard.press("ArrowRight")
    moved = page.evaluate(view)
    page.keyboard.press("+")
    zoomed = page.evaluate(view)
    page.get_by_role("button", name="Show all").click()
    assert len({first, moved, zoomed}) == 3
    assert page.evaluate(view) not in {moved, zoomed}


def test_a_page_without_a_diagram_fetches_no_viewer(page, trial):
    fetched: list[str] = []
    other = page.context.new_page()
    other.on("request", lambda asked: fetched.append(asked.url))
    other.goto(trial.address.replace("/trial", "/sign-in"), wait_until="networkidle")
    assert fetched
    assert not [url for url in fetched if "diagram" in url]
