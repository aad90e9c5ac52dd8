"""The case page, and opening what was answered."""

from __future__ import annotations

import pytest
from flask import render_template_string
from sqlalchemy import select

from casework.tables import AuditRow, Case, EntryRead
from tests.webapp.pages import check_page
from tests.webapp.world import words


@pytest.fixture
def basalt(house) -> str:
    with house.sessions() as session:
        return f"/cases/{session.scalars(select(Case.id).where(Case.name == 'Basalt')).one()}"


def observed(reader) -> str:
    """The address of the observation's answers, as the case page links them."""
    found = [
        link.get("href")
        for link in reader.tree.iter("a")
        if "/entries/" in (link.get("href") or "") and "Something worrying" in words(link)
    ]
    return found[0]


@pytest.mark.parametrize("language", ["en", "fr", "sv"])
def test_the_case_page_says_where_the_case_stands_and_which_clocks_run(house, basalt, language):
    coordinator = house.sign_in("coordinator.north", language)
    check_page(coordinator.get("/cases"))
    check_page(coordinator.get(basalt))
    for id_ in ("where", "tasks", "clocks", "timeline"):
        assert coordinator.tree.find(f".//*[@id='{id_}']") is not None


def test_answers_are_opened_outside_a_task_only_with_a_reason(house, basalt):
    coordinator = house.sign_in("coordinator.north", "en")
    coordinator.get(basalt)
    address = observed(coordinator)
    check_page(coordinator.get(address))
    assert coordinator.h1 == "Why do you open these answers?"
    assert _reads(house) == 0
    check_page(coordinator.post(address, reason="curiosity"), 422)
    assert _reads(house) == 0
    check_page(coordinator.post(address, reason="coordination"))
    assert "written into the log" in coordinator.text
    with house.sessions() as session:
        acts = session.scalars(select(AuditRow).where(AuditRow.act == "entry.reason")).all()
    assert [row.codes["reason"] for row in acts] == ["coordination"]


def test_ones_own_answers_are_opened_without_a_question(house, basalt):
    officer = house.sign_in("custody.north", "en")
    coordinator = house.sign_in("coordinator.north", "en")
    coordinator.get(basalt)
    check_page(officer.get(observed(coordinator)))
    assert officer.h1 != "Why do you open these answers?"


def test_answers_that_one_may_not_read_do_not_exist(house, basalt):
    coordinator = house.sign_in("coordinator.north", "en")
    coordinator.get(basalt)
    address = observed(coordinator)
    for login in ("stranger", "custody.south", "governor.south"):
        reader = house.sign_in(login, "en")
        assert reader.get(basalt).status_code == 404
        assert reader.get(address).status_code == 404
        assert reader.post(address, reason="coordination").status_code == 404


def test_the_list_is_filtered_by_name_and_state(house, basalt):
    coordinator = house.sign_in("coordinator.north", "en")
    coordinator.get("/cases?search=basalt")
    assert basalt in coordinator.answer.text
    check_page(coordinator.get("/cases?search=nobody&state=closed&establishment=x"))
    assert basalt not in coordinator.answer.text


def _reads(house) -> int:
    with house.sessions() as session:
        user = house.world.users["coordinator.north"]
        return len(session.scalars(select(EntryRead).where(EntryRead.user_id == user)).all())


@pytest.mark.parametrize(
    ("login", "seen"), [("governor.south", False), ("coordinator.north", True)]
)
def test_a_function_that_sees_no_cases_by_standing_is_told_so(house, login, seen):
    reader = house.sign_in(login, "en")
    check_page(reader.get("/cases?state=open&search="))
    assert ("Basalt" in reader.text) == seen
    told = "see a case only while a step of it waits for you"
    assert (told in reader.text) != seen
    assert "There is no open case" not in reader.text
    if not seen:
        links = {link.get("href") for link in reader.tree.iter("a")}
        assert {"/work", "/oversight"} <= links


def test_raters_who_chose_alike_are_not_said_to_have_seen_the_same(house):
    theme = {"title": "Family", "same": True, "theme": "family", "cells": ()}
    with house.app.test_request_context():
        shown = render_template_string(
            '{% from "components/page.html" import tag with context %}'
            '{% include "work/_concordance.html" %}',
            page={"concordance": [theme]},
        )
    assert "say the same" not in shown
    assert "chose the same answer under every theme; what each of them saw may differ" in shown
