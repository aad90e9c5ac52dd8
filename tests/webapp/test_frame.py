"""The header leads nobody where there is nothing for him or her to do."""

from __future__ import annotations

import pytest

from tests.webapp.world import words

RECORD = "/observations/new"


@pytest.mark.parametrize(
    ("login", "offered"),
    [
        ("custody.north", True),
        ("chaplaincy.north", False),
        ("coordinator.north", True),
        ("registry.north", False),
        ("governor.north", False),
        ("director.north", False),
        ("stranger", False),
    ],
)
def test_only_who_can_record_an_observation_is_led_to_it(house, login, offered):
    reader = house.sign_in(login, "en")
    for page in ("/work", "/cases"):
        reader.get(page)
        links = {a.get("href"): words(a) for a in reader.tree.iter("a")}
        assert (RECORD in links) is offered, page
