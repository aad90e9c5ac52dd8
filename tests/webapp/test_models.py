"""The deployed models as pages: diagrams, words, and who gets the drawing."""

from __future__ import annotations

import re

import pytest

from tests.webapp.pages import check_page


@pytest.mark.parametrize("language", ["en", "fr", "sv"])
def test_the_process_can_be_read_without_its_diagram(house, language):
    reader = house.sign_in("custody.north", language)
    check_page(reader.get("/models"))
    addresses = dict.fromkeys(re.findall(r"/models/[0-9a-f-]{36}", reader.answer.text))
    found = []
    for address in addresses:
        check_page(reader.get(address))
        found.append(reader.tree.find(".//*[@id='detection_first_look']") is not None)
    assert found.count(True) == 1
