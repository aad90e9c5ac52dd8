"""What somebody typed is set in the minutes, whatever characters are in it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from casework import typesetting
from casework.commission import minutes
from tests.browser.papers import words
from tests.commission.sitting import collective

AT = datetime(2026, 3, 16, tzinfo=UTC)


def paper(said: str) -> bytes:
    """The minutes with one answer in them."""
    content = {
        "lang": "fr",
        "title": "Minutes",
        "number": "2026-001",
        "head": [["Place", "North"]],
        "items_title": "Items",
        "items": [],
        "agreed_title": "Remarks",
        "agreed": [{"label": "Remark", "value": said, "parts": []}],
        "end": "Read and approved.",
        "page": "Page",
        "of": "of",
    }
    return typesetting.pdf("minutes", content, AT)


@pytest.mark.parametrize(
    ("typed", "drawn"),
    [
        ("Before \U0001f600 after", "Before [U+1F600] after"),
        ("Before 你好 after", "Before [U+4F60][U+597D] after"),
        ("Before བོད after", "Before [U+0F56][U+0F7C][U+0F51] after"),
        ("Before \u0378 after", "Before [U+0378] after"),
        ("\ufeffBefore", "Before"),
        ("Be\ufffefore\ufdd0", "Before"),
        ("Be\x07fore\x00", "Before"),
        ("Be\u202efore\ud83d", "Before"),
        ("Before\tafter", "Before after"),
        ("Before\r\nafter", "Before after"),
        ("Élève, œuvre, naïf", "Élève, œuvre, naïf"),
    ],
)
def test_a_character_that_cannot_be_drawn_is_told_by_its_code_or_left_out(typed, drawn):
    assert f"Remark {drawn} Read and approved." in words(paper(typed))


def test_lines_stay_lines():
    assert paper("one\ntwo") == paper("one\r\ntwo\n") != paper("one two")


def test_many_characters_without_a_glyph_are_learnt_at_once(monkeypatch):
    tried = []
    make = typesetting.typst.compile
    monkeypatch.setattr(
        typesetting.typst, "compile", lambda *a, **k: tried.append(a) or make(*a, **k)
    )
    said = words(paper("".join(map(chr, range(0x4E00, 0x4E80)))))
    assert "[U+4E00]" in said
    assert "[U+4E7F]" in said
    assert len(tried) == 2


def test_what_typst_does_not_name_is_told_by_its_code_in_the_end(monkeypatch):
    monkeypatch.setattr(typesetting, "_ROUNDS", 0)
    assert "Remark né [U+4F60] Read" in words(paper("né 你"))


def test_minutes_are_issued_whatever_was_typed(sitting):
    session_id, (case_id,) = sitting.convened("N-1")
    sitting.attend(session_id, case_id)
    sitting.close_opinions(case_id)
    points = [{"point": "He works \U0001f600 and learns 你好."}]
    sitting.complete(
        case_id,
        "commission_collective",
        "secretary.north",
        **{**collective("support_only"), "points": points},
    )
    sitting.hold(session_id)
    sitting.approve(session_id)
    with sitting.writing() as session:
        _, pdf = minutes.read(*sitting.asking(session, "secretary.north"), session_id)
    assert "He works [U+1F600] and learns [U+4F60][U+597D]." in words(pdf)
