"""The deployed models as pages: diagrams, words, and who gets the drawing."""

from __future__ import annotations

import re

import pytest

from tests.webapp.pages import check_page


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_process_can_be_read_without_its_diagram(house, language):
    reader = house.sign_in("custody.north", language)
    check_page(reader.get("/models"))
    address = re.search(r"/models/[0-9a-f-]{36}", reader.answer.text).group(0)
    check_page(reader.get(address))
    assert reader.tree.find(".//*[@id='detection_first_look']") is not None
