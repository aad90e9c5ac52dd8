"""A fact that the person may not read stands in no open entry; its gist does."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from sqlalchemy import select

from casework import record
from casework.placement import bundle
from casework.tables import Document, RecordEntry
from processes.tables import HumanTask

STORY = "rejected-and-annulled"
SECRET, CONFIDED, GIST = (
    "The name of a source.",
    "Told in confidence.",
    "Somebody is afraid of him.",
)


@pytest.fixture
def laid_open(before):
    """The criteria are answered with one fact told by its gist, and one that is withheld."""
    at = before(STORY, "decide_measure_criteria")
    told = at.rest[0].given["answers"]
    (fact, *others) = told["order_evidence"]
    evidence = [
        fact,
        {**fact, "what": CONFIDED, "open": "gist", "gist": GIST},
        {**fact, "what": SECRET, "where_written": SECRET, "open": "withheld"},
        *others,
    ]
    answers = {**told, "order_evidence": evidence}
    step = {"task": "decide_measure_criteria", "as": "manager.bjork", "answers": answers}
    at.step("complete", **step)
    at.rest = at.rest[1:]
    return at


def written(at, layer: str) -> str:
    with at.sessions() as session:
        acting = replace(at.player.acting(None), user_id=None)
        wanted = select(RecordEntry).where(RecordEntry.form == "F-CRIT", RecordEntry.layer == layer)
        entries = session.scalars(wanted).all()
        read = [record.read_entry(at.player.platform, session, acting, e) for e in entries]
        return json.dumps(read, ensure_ascii=False)


def test_no_open_entry_holds_what_is_withheld(laid_open):
    open_file, restricted = written(laid_open, "L1"), written(laid_open, "L2")
    assert GIST in open_file
    assert SECRET not in open_file
    assert CONFIDED not in open_file
    assert SECRET in restricted
    assert CONFIDED in restricted


def test_who_decides_reads_the_whole_and_the_court_gets_the_gist(laid_open, monkeypatch):
    at = laid_open
    sheets = []
    real = bundle.typesetting.pdf
    monkeypatch.setattr(
        bundle.typesetting,
        "pdf",
        lambda template, content, moment: sheets.append(content) or real(template, content, moment),
    )
    while at.rest[0].given.get("task") != "court_route_bundle":
        at.go_on(1)
    at.go_on(1)
    said = json.dumps(sheets[-1], ensure_ascii=False)
    assert GIST in said
    assert "resten är sekretessbelagd enligt lag" in said
    assert "Uppgifter som klienten inte får läsa" in said
    assert SECRET not in said
    assert CONFIDED not in said
    with at.sessions() as session:
        document = session.scalars(select(Document).where(Document.kind == bundle.KIND)).one()
        assert bundle.why_not_open(session, document) == []


def test_the_second_reader_sees_what_the_criteria_rest_on(laid_open):
    at = laid_open
    with at.sessions() as session:
        task = session.scalars(select(HumanTask).where(HumanTask.form == "F-EYES")).one()
    reader = at.house().sign_in("reader.se")
    reader.get(f"/tasks/{task.id}")
    assert CONFIDED in reader.text
